"""What stands in the sample company's tables at a given instant."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from kept.demo.tamarisk.names import MAIL_DOMAINS, PLACES, phone
from kept.demo.tamarisk.people import (
    FOUNDED_AGO,
    Customer,
    Sealer,
    customers,
    duplicate_of,
    likely,
    password_records,
)
from kept.demo.tamarisk.texts import (
    BROWSERS,
    HANDOVER_NOTES,
    ORDER_NOTES,
    PROJECTS,
    TICKETS,
)

Row = tuple[object, ...]
Rows = dict[str, list[Row]]

NADIA, JONAS, CLAIRE, PAUL, BILAL = range(1, 6)
"""Keys of the customers that the demonstration tells of."""

_REGIONS = (("fra1", "Frankfurt am Main", 2), ("ber1", "Berlin", 4), ("par1", "Paris", 7))
_PLANS = (
    ("Reed", 1, 1, 490),
    ("Willow", 2, 4, 1290),
    ("Alder", 4, 8, 2490),
    ("Oak", 8, 32, 6990),
    ("Tamarisk", 16, 64, 12990),
)
_JOBS = (
    "Administrator", "Administrator", "Administrator", "Administrator", "Support agent",
    "Support agent", "Support agent", "Bookkeeper", "Engineer", "Engineer", "Managing director",
    "Apprentice",
)  # fmt: skip
_ADMINISTRATORS = 4
_AGENTS = range(5, 8)
_LOG_DAYS = 88


def rows_at(now: datetime, *, seed: int, count: int = 400) -> Rows:
    """Return every row of every table, parents before children.

    The same instant, seed and count give the same rows.
    """
    random = Random(seed)
    people = customers(count, now=now, random=random, administrators=_ADMINISTRATORS)
    people.append(duplicate_of(people[BILAL - 1], number=count + 1, now=now))
    rows: Rows = {
        "regions": [(code, city, _day(now, years)) for code, city, years in _REGIONS],
        "plans": [(number, *plan) for number, plan in enumerate(_PLANS, 1)],
        "staff": list(_staff(now, random)),
        "customers": list(_customer_rows(people, Sealer(seed=seed, random=random))),
        "accounts": list(_accounts(people, random)),
    }
    rows["subscriptions"] = list(_subscriptions(people, random))
    rows["orders"] = list(_orders(people, now, random))
    rows["invoices"] = list(_invoices(people, now, random))
    rows["tickets"], rows["messages"] = _conversations(people, now, random)
    rows["handovers"] = list(_handovers(people, now, random))
    rows["login_log"] = list(_logins(people, now, random))
    rows["newsletter"] = list(_newsletter(people, now, random))
    return rows


def _staff(now: datetime, random: Random) -> Iterator[Row]:
    place = PLACES[0]
    for number, job in enumerate(_JOBS, 1):
        name = f"{random.choice(place.given)[0]} {random.choice(place.family)[0]}"
        # Apprentices may be seventeen: an age limit for customers is none for staff.
        age = 17 * 365 + 200 if job == "Apprentice" else random.randrange(24, 61) * 365
        hired = now - timedelta(days=90 if job == "Apprentice" else random.randrange(200, 3400))
        yield (
            number,
            name,
            f"desk{number}@tamarisk.example",
            f"+49 30 23125 {900 + number}",
            job,
            (now - timedelta(days=age)).date().isoformat(),
            random.choice(("single", "married", "divorced", "widowed")),
            _iban(random),
            hired.date().isoformat(),
        )


def _iban(random: Random) -> str:
    """Return a German account number with a right check number, at a bank that is none."""
    account = f"00000000{random.randrange(10**10):010}"
    check = 98 - int(f"{account}131400") % 97
    return f"DE{check:02}{account}"


def _customer_rows(people: list[Customer], sealer: Sealer) -> Iterator[Row]:
    for each in people:
        sealed = each.national_id and sealer.seal(each.national_id, row=each.number)
        yield (
            each.id, each.number, each.name, each.email, each.phone, each.born.isoformat(), sealed,
            each.street, each.postal_code, each.city, each.country, each.language,
            _instant(each.created), each.created_by,
        )  # fmt: skip


def _accounts(people: list[Customer], random: Random) -> Iterator[Row]:
    passwords = password_records(random)
    for each in people:
        status = "closed" if each.closed else "suspended" if likely(3, random) else "active"
        yield (
            each.id,
            each.id,
            each.username,
            next(passwords),
            status,
            _instant(each.created),
            each.created_by,
            each.closed and _instant(each.closed),
        )


def _subscriptions(people: list[Customer], random: Random) -> Iterator[Row]:
    number = 0
    for each in people:
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            number += 1
            yield (
                number,
                each.id,
                random.randrange(1, len(_PLANS) + 1),
                random.choice(_REGIONS)[0],
                each.created.date().isoformat(),
                each.closed and each.closed.date().isoformat(),
            )


def _orders(people: list[Customer], now: datetime, random: Random) -> Iterator[Row]:
    number = 0
    for each in people:
        for _ in range(random.choice((1, 2, 2, 3))):
            number += 1
            note = random.choice(ORDER_NOTES) if likely(30, random) else None
            plan = random.randrange(1, len(_PLANS) + 1)
            yield (
                number,
                each.id,
                plan,
                _instant(_between(each.created, each.closed or now, random)),
                _PLANS[plan - 1][3] * 12,
                "EUR",
                f"tok_{''.join(random.choices('abcdefghjkmnpqrstuvwxyz', k=20))}",
                note and note.format(name=_stranger(random)),
            )


def _invoices(people: list[Customer], now: datetime, random: Random) -> Iterator[Row]:
    issued = sorted(
        (day, each.id, each) for each in people for day in _invoice_days(each, now, random)
    )
    for number, (day, _, each) in enumerate(issued, 1):
        net = random.choice(_PLANS)[3] * 12
        yield (
            number,
            f"R{day.year}-{number:06}",
            each.id,
            day.isoformat(),
            each.name,
            f"{each.street}, {each.postal_code} {each.city}, {each.country}",
            net,
            round(net * 0.19) if each.country == "DE" else 0,
            "EUR",
            (day + timedelta(days=random.randrange(1, 40))).isoformat(),
        )


def _invoice_days(person: Customer, now: datetime, random: Random) -> Iterator[date]:
    """Yield one day a year; Jonas has three invoices, of which tax law frees the oldest."""
    first = person.created.date()
    last = (person.closed or now).date()
    years = range(first.year, last.year + 1)
    if person.id == JONAS:
        years = range(0)
        yield first + timedelta(days=30)
        yield date(last.year - 3, 3, 14)
        yield date(last.year - 1, 9, 2)
    for year in years:
        day = date(year, 1, 1) + timedelta(days=random.randrange(365))
        if first <= day <= last:
            yield day


def _conversations(
    people: list[Customer], now: datetime, random: Random
) -> tuple[list[Row], list[Row]]:
    tickets: list[Row] = []
    messages: list[Row] = []
    youngest = now - timedelta(days=1)
    colleague = _colleague(people).name
    for each in people:
        count = 2 if each.id in {NADIA, JONAS} else random.choice((0, 0, 1, 1, 2))
        for turn in range(count):
            subject, question, reply = (
                TICKETS[2 + turn] if each.id == NADIA else random.choice(TICKETS)
            )
            agent = random.choice(_AGENTS)
            opened = _between(
                max(each.created, now - timedelta(days=980)), each.closed or youngest, random
            )
            # Nadia writes of the colleague whom she hands a project over to.
            name = colleague if each.id == NADIA else _stranger(random)
            asked = question.format(name=name, phone=phone(PLACES[0], random))
            closed = opened + timedelta(hours=random.randrange(2, 200))
            tickets.append(
                (len(tickets) + 1, each.id, agent, subject, _instant(opened),
                 _instant(closed) if closed < now else None)
            )  # fmt: skip
            for staff, after, body in ((None, 0, asked), (agent, 90, reply)):
                sent = _instant(opened + timedelta(minutes=after))
                messages.append((len(messages) + 1, len(tickets), staff, sent, body))
    return tickets, messages


def _handovers(people: list[Customer], now: datetime, random: Random) -> Iterator[Row]:
    pairs = [(people[NADIA - 1], _colleague(people)), (people[PAUL - 1], people[JONAS - 1])]
    others = people[BILAL:]
    for _ in range(22):
        giver, taker = random.sample(others, 2)
        pairs.append((giver, taker))
    for number, (giver, taker) in enumerate(pairs, 1):
        since = max(giver.created, taker.created)
        yield (
            number,
            random.choice(PROJECTS),
            giver.id, giver.name, giver.email,
            taker.id, taker.name, taker.email,
            random.choice(HANDOVER_NOTES) or None,
            _instant(_between(since, now, random)),
        )  # fmt: skip


def _colleague(people: list[Customer]) -> Customer:
    """Return the customer in Dubai to whom Nadia hands a project over."""
    return next(each for each in people if each.country == "AE" and each.closed is None)


def _logins(people: list[Customer], now: datetime, random: Random) -> Iterator[Row]:
    number = 0
    for each in people:
        begin = max(each.created, now - timedelta(days=_LOG_DAYS))
        if each.closed and each.closed < begin:
            continue
        address = _address(random)
        for _ in range(random.randrange(2, 14)):
            number += 1
            if likely(10, random):
                address = _address(random)
            yield (
                number,
                each.id,
                _instant(_between(begin, each.closed or now, random)),
                address,
                random.choice(BROWSERS),
                int(likely(94, random)),
            )


def _newsletter(people: list[Customer], now: datetime, random: Random) -> Iterator[Row]:
    seen: set[str] = set()
    for each in people:
        chosen = each.id <= BILAL or likely(45, random)
        if not chosen or each.email in seen:
            continue
        seen.add(each.email)
        since = _between(each.created, now, random)
        # The mailing tool kept addresses as they were typed.
        typed = each.email.title() if likely(4, random) else each.email
        yield (typed, each.language, _instant(since), _instant(since + timedelta(minutes=7)))
    for number in range(60):
        since = now - timedelta(days=random.randrange(5, 1500))
        reader = f"reader{number + 1}@{random.choice(MAIL_DOMAINS)}"
        yield (reader, random.choice(("de", "en", "fr", "ar")), _instant(since), None)


def _stranger(random: Random) -> str:
    place = PLACES[0]
    return f"{random.choice(place.given)[0]} {random.choice(place.family)[0]}"


def _address(random: Random) -> str:
    """Return an address from a block that RFC 5737 or RFC 3849 keeps for documents."""
    if likely(20, random):
        return f"2001:db8:{random.randrange(65536):x}:{random.randrange(65536):x}::1"
    block = random.choice(("192.0.2", "198.51.100", "203.0.113"))
    return f"{block}.{random.randrange(1, 255)}"


def _between(first: datetime, last: datetime, random: Random) -> datetime:
    return first if last <= first else first + (last - first) * random.random()


def _day(now: datetime, years: int) -> str:
    return now.date().replace(year=now.year - FOUNDED_AGO.count + years, day=1).isoformat()


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")

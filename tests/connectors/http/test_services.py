"""What the declared services promise, against servers that follow their published APIs."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import date

import pytest

from kept.connectors.errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreDeniedError,
    StoreTooLargeError,
    StoreUnreachableError,
)
from kept.connectors.http.declaration import DeclarationError, parse_declaration
from kept.connectors.http.line import ServiceRefusedError
from kept.connectors.http.service import HttpService
from kept.errors import KeptError
from kept.inventory.datamap import parse_datamap
from kept.inventory.discovery import inventory_of
from kept.plans.connector import Done, Who
from kept.plans.plan import StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.testing.service_double import Asked, Double, Reply, service_double
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

pytestmark = [pytest.mark.enable_socket]

TODAY = date(2026, 11, 22)
SECRET = "sk_test_planted_secret_value"
ANA = "Ana.Silva@example.com"


def who(value: str = ANA) -> Who:
    return Who((Identifier(IdentifierKind.EMAIL, value),))


def part_of(store: HttpService, text: str) -> StorePart:
    catalog = store.catalog()
    datamap = parse_datamap(text, stores={store.name})
    found = plan(Right.ERASURE, inventory_of([catalog], datamap, {}), [catalog])
    assert not found.obstacles, found.obstacles
    return found.parts[0]


def erased(store: HttpService, part: StorePart) -> Done:
    return store.erase(part, who(), operation="request/1/crm", today=TODAY)


# ── Stripe ───────────────────────────────────────────────────────────────────

STRIPE_MAP = """
[stores.pay.datasets.customers]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.pay.datasets.customers.fields.name]
categories = ["user.name"]
[stores.pay.datasets.invoices]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["customer"], to = "customers(id)", whose = "owned" }]
[stores.pay.datasets.invoices.fields.customer_name]
categories = ["user.name"]
"""


class Stripe:
    """As docs.stripe.com/api says: lists with has_more, a filter that tells capitals apart."""

    def __init__(self) -> None:
        self.customers: dict[str, dict[str, str]] = {
            f"cus_{at}": {"id": f"cus_{at}", "email": f"person{at}@example.com", "name": f"P {at}"}
            for at in range(5)
        }
        self.customers["cus_ana"] = {"id": "cus_ana", "email": ANA, "name": "Ana Silva"}
        self.invoices: list[dict[str, object]] = [
            {"id": f"in_{at}", "customer": "cus_ana", "customer_name": "Ana Silva", "total": at}
            for at in range(250)
        ]
        self.deleted: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {SECRET}":
            return Reply(401, {"error": {"message": "Invalid API Key"}})
        if asked.path == "/v1/customers":
            email = asked.query.get("email")
            found = [each for each in self.customers.values() if email in {None, each["email"]}]
            return Reply(200, {"object": "list", "data": found, "has_more": False})
        if asked.path == "/v1/invoices":
            bills = [each for each in self.invoices if each["customer"] == asked.query["customer"]]
            after = asked.query.get("starting_after")
            start = 0 if after is None else [each["id"] for each in bills].index(after) + 1
            limit = int(asked.query["limit"])
            page = bills[start : start + limit]
            more = start + limit < len(bills)
            return Reply(200, {"object": "list", "data": page, "has_more": more})
        name = asked.path.rpartition("/")[2]
        if asked.path.startswith("/v1/invoices/"):
            return Reply(200, next(each for each in self.invoices if each["id"] == name))
        if asked.method == "DELETE":
            self.customers.pop(name)
            self.deleted.add(name)
        if name in self.deleted:
            return Reply(200, {"id": name, "object": "customer", "deleted": True})
        found_one = self.customers.get(name)
        return Reply(200, found_one) if found_one else Reply(404, {"error": {}})


@pytest.fixture
def stripe() -> Iterator[tuple[HttpService, Double, Stripe]]:
    held = Stripe()
    with service_double(held) as double:
        url = f"service://stripe?base={double.base}&private=yes&secret={SECRET}"
        yield HttpService("pay", url, sleep=lambda _: None), double, held


def test_stripe_shows_every_page_of_a_persons_invoices(
    stripe: tuple[HttpService, Double, Stripe],
) -> None:
    store, _, _ = stripe
    reading = store.read(part_of(store, STRIPE_MAP), who())
    assert {each.dataset.name: each.located for each in reading.counts} == {
        "customers": 1,
        "invoices": 250,
    }


def test_stripe_erases_the_customer_and_says_why_invoices_stay(
    stripe: tuple[HttpService, Double, Stripe],
) -> None:
    store, double, held = stripe
    done = erased(store, part_of(store, STRIPE_MAP))
    counts = {each.dataset.name: each for each in done.counts}
    assert held.deleted == {"cus_ana"}
    assert counts["customers"].erased == 1
    assert counts["invoices"].erased == 0
    (kept,) = counts["invoices"].retained
    assert (kept.count, kept.source) == (250, "https://docs.stripe.com/api/customers/delete")
    assert "invoices" in kept.reason
    sent = [each for each in double.asked if each.method == "DELETE"]
    assert len(sent) == 1
    assert len(sent[0].headers["idempotency-key"]) == 40
    assert "ana" not in sent[0].headers["idempotency-key"]


def test_an_erasure_that_is_repeated_asks_under_the_same_key(
    stripe: tuple[HttpService, Double, Stripe],
) -> None:
    store, double, held = stripe
    part = part_of(store, STRIPE_MAP)
    erased(store, part)
    held.customers["cus_ana"] = {"id": "cus_ana", "email": ANA, "name": "Ana Silva"}
    held.deleted.clear()
    erased(store, part)
    keys = {each.headers["idempotency-key"] for each in double.asked if each.method == "DELETE"}
    assert len(keys) == 1


# ── Zendesk ──────────────────────────────────────────────────────────────────

ZENDESK_MAP = """
[stores.help.datasets.users]
state = "decided"
on_erasure = "delete"
identity = { email = "email" }
[stores.help.datasets.users.fields.name]
categories = ["user.name"]
[stores.help.datasets.tickets]
state = "decided"
on_erasure = "delete"
references = [{ fields = ["requester_id"], to = "users(id)", whose = "owned" }]
[stores.help.datasets.tickets.fields.description]
categories = ["user.content"]
"""


class Zendesk:
    """As developer.zendesk.com says: deleted softly first, then for good; tickets by cursor."""

    def __init__(self) -> None:
        self.active = {7: True, 8: True}
        self.forever: set[int] = set()
        self.tickets = dict.fromkeys(range(130), "open")
        self.purged: set[int] = set()

    def user(self, number: int) -> dict[str, object]:
        email = ANA.lower() if number == 7 else "bo@example.com"
        return {"id": number, "email": email, "name": f"N {number}", "active": self.active[number]}

    def __call__(self, asked: Asked) -> Reply:  # noqa: PLR0911 - one return for each route
        pair = base64.b64encode(f"desk@example.com/token:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return Reply(401)
        if asked.path == "/api/v2/users/search.json":
            wanted = asked.query["query"].partition(":")[2].strip('"').lower()
            users = [self.user(each) for each, on in self.active.items() if on]
            found = [each for each in users if each["email"] == wanted]
            return Reply(200, {"users": found, "next_page": None})
        if asked.path.endswith("/tickets/requested.json"):
            ids = [each for each, state in self.tickets.items() if state == "open"]
            start = int(asked.query.get("page[after]", "0"))
            page: list[dict[str, object]] = [
                {"id": each, "requester_id": 7, "description": "help"}
                for each in ids[start : start + 100]
            ]
            meta = {"has_more": start + 100 < len(ids), "after_cursor": str(start + 100)}
            return Reply(200, {"tickets": page, "meta": meta})
        number = int(asked.path.rpartition("/")[2].removesuffix(".json"))
        if "/deleted_tickets/" in asked.path:
            self.purged.add(number)
            return Reply(200, {"job_status": {"id": "1", "status": "queued"}})
        if "/deleted_users/" in asked.path:
            self.forever.add(number)
            return Reply(200, {"deleted_user": {"id": number}})
        if "/tickets/" in asked.path:
            if asked.method == "DELETE":
                self.tickets[number] = "deleted"
                return Reply(204)
            open_ = self.tickets[number] == "open"
            return Reply(200, {"ticket": {"id": number}}) if open_ else Reply(404)
        if asked.method == "DELETE":
            self.active[number] = False
        return Reply(200, {"user": self.user(number)})


def test_zendesk_deletes_tickets_first_and_everything_for_good() -> None:
    held = Zendesk()
    with service_double(held) as double:
        url = (
            f"service://zendesk?base={double.base}&private=yes&subdomain=acme"
            f"&agent=desk@example.com&secret={SECRET}"
        )
        store = HttpService("help", url, sleep=lambda _: None)
        done = erased(store, part_of(store, ZENDESK_MAP))
        assert {each.dataset.name: each.erased for each in done.counts} == {
            "users": 1,
            "tickets": 130,
        }
        assert held.forever == {7}
        assert held.purged == set(range(130))
        deletes = [each for each in double.said() if each.startswith("DELETE")]
        assert deletes[-1] == "DELETE /api/v2/deleted_users/7.json"


# ── Mailchimp ────────────────────────────────────────────────────────────────

MAILCHIMP_MAP = """
[stores.news.datasets.members]
state = "decided"
on_erasure = "delete"
identity = { email_address = "email" }
[stores.news.datasets.members.fields.full_name]
categories = ["user.name"]
"""


class Mailchimp:
    """As mailchimp.com/developer says: members are named by the MD5 of the address in small letters."""

    def __init__(self) -> None:
        self.members = {
            hashlib.md5(each.lower().encode(), usedforsecurity=False).hexdigest(): each
            for each in (ANA, "bo@example.com")
        }

    def __call__(self, asked: Asked) -> Reply:
        name = asked.path.removeprefix("/lists/a1b2/members/").split("/")[0]
        if name not in self.members:
            return Reply(404, {"title": "Resource Not Found"})
        if asked.path.endswith("/actions/delete-permanent") and asked.method == "POST":
            del self.members[name]
            return Reply(204)
        held = {"id": name, "email_address": self.members[name], "merge_fields": {"FNAME": "A"}}
        return Reply(200, held)


def test_mailchimp_deletes_a_member_for_good_and_no_other() -> None:
    held = Mailchimp()
    with service_double(held) as double:
        url = f"service://mailchimp?base={double.base}&private=yes&dc=us1&list=a1b2&secret={SECRET}"
        store = HttpService("news", url, sleep=lambda _: None)
        done = erased(store, part_of(store, MAILCHIMP_MAP))
        assert done.counts[0].erased == 1
        assert list(held.members.values()) == ["bo@example.com"]
        assert store.left(done.touched) == 0


# ── what goes wrong ──────────────────────────────────────────────────────────


def test_a_busy_service_is_left_alone_for_as_long_as_it_says(
    stripe: tuple[HttpService, Double, Stripe],
) -> None:
    _, double, _ = stripe
    waited: list[float] = []
    url = f"service://stripe?base={double.base}&private=yes&secret={SECRET}"
    store = HttpService("pay", url, sleep=waited.append)
    part = part_of(store, STRIPE_MAP)
    double.first[:] = [
        Reply(429, headers={"Retry-After": "7"}),
        Reply(503, headers={"Retry-After": "Sun, 22 Nov 2026 12:00:09 GMT", "Date": "x"}),
        Reply(500),
    ]
    assert store.sight(part, who()).fitting
    assert waited == [7.0, 1.0, 2.0]


def test_a_service_that_stays_busy_is_said_to_be(
    stripe: tuple[HttpService, Double, Stripe],
) -> None:
    store, double, held = stripe
    part = part_of(store, STRIPE_MAP)
    double.first[:] = [Reply(429)] * 50
    with pytest.raises(StoreUnreachableError):
        erased(store, part)
    assert held.deleted == set()


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(401), StoreDeniedError),
        (Reply(403, {"error": ANA}), StoreDeniedError),
        (Reply(422, {"error": ANA}), ServiceRefusedError),
        (Reply(302, headers={"Location": "https://example.org/"}), ServiceRefusedError),
        (Reply(200, raw=b"<html>" + ANA.encode()), StoreCorruptError),
        (Reply(200, raw=b"[" * 100_000), StoreCorruptError),
        (Reply(200, {"data": ANA}), StoreCorruptError),
        (Reply(200, {"data": [7]}), StoreCorruptError),
        (Reply(200, {"data": [{"email": ANA}]}), StoreCorruptError),
        (Reply(200, raw=b"x" * 11_000_000), StoreTooLargeError),
    ],
)
def test_whatever_a_service_answers_no_secret_and_no_value_is_in_the_error(
    stripe: tuple[HttpService, Double, Stripe], reply: Reply, error: type[KeptError]
) -> None:
    store, double, _ = stripe
    part = part_of(store, STRIPE_MAP)
    double.first[:] = [reply] * 9
    with pytest.raises(error) as caught:
        store.read(part, who())
    told = f"{caught.value} {caught.value.remedy} {store!r} {store.shown} {caught.value.__cause__}"
    assert SECRET not in told
    assert "ana" not in told.lower()


def test_a_half_done_erasure_is_told_by_what_is_left() -> None:
    held = Zendesk()
    with service_double(held) as double:
        url = (
            f"service://zendesk?base={double.base}&private=yes&subdomain=acme"
            f"&agent=desk@example.com&secret={SECRET}"
        )
        store = HttpService("help", url, sleep=lambda _: None)
        part = part_of(store, ZENDESK_MAP)
        notes: list[Done] = []

        def refuses(asked: Asked) -> Reply:
            if asked.method == "DELETE" and asked.path == "/api/v2/tickets/50.json":
                return Reply(422)
            return held(asked)

        double.answers = refuses
        with pytest.raises(ServiceRefusedError):
            store.erase(
                part,
                who(),
                operation="request/1/help",
                today=TODAY,
                before_commit=notes.append,
            )
        assert 0 < store.left(notes[0].touched) < 131


def test_a_private_address_is_refused_unless_the_settings_allow_it() -> None:
    with service_double(lambda _: Reply(200, {"data": []})) as double:
        with pytest.raises(StoreAddressError):
            HttpService("pay", f"service://stripe?base={double.base}&secret={SECRET}")
        port = double.base.rpartition(":")[2]
        url = f"service://stripe?base=https://127.0.0.1:{port}&secret={SECRET}"
        store = HttpService("pay", url)
        with pytest.raises(StoreAddressError):
            store.sight(part_of(store, STRIPE_MAP), who())
        assert not double.asked


def test_a_next_page_on_another_host_gets_no_secret() -> None:
    with service_double(lambda _: Reply(200, {"users": []})) as other:
        page = {"users": [], "next_page": f"{other.base}/api/v2/users.json"}
        with service_double(lambda _: Reply(200, page)) as double:
            url = (
                f"service://zendesk?base={double.base}&private=yes&subdomain=a&agent=d"
                f"&secret={SECRET}"
            )
            store = HttpService("help", url, sleep=lambda _: None)
            with pytest.raises(StoreCorruptError):
                store.sight(part_of(store, ZENDESK_MAP), who())
            assert not other.asked


@pytest.mark.parametrize(
    "value", ["../../v1/charges", "..", "a/b?x=1#y", 'x" OR email:*', "a\r\nX: 1"]
)
def test_an_identifier_stays_one_value_whatever_is_in_it(value: str) -> None:
    with service_double(lambda _: Reply(404)) as double:
        url = (
            f"service://mailchimp?base={double.base}&private=yes&dc=us1&list={'x'}&secret={SECRET}"
        )
        store = HttpService("news", url, sleep=lambda _: None)
        store.sight(part_of(store, MAILCHIMP_MAP), who(value))
        for each in double.said():
            assert len(each.removeprefix("GET /lists/x/members/")) == 32
    with service_double(lambda _: Reply(200, {"data": [], "has_more": False})) as double:
        url = f"service://stripe?base={double.base}&private=yes&secret={SECRET}"
        store = HttpService("pay", url, sleep=lambda _: None)
        store.sight(part_of(store, STRIPE_MAP), who(value))
        assert {each.path for each in double.asked} == {"/v1/customers"}
        assert all("x" not in each.headers for each in double.asked)


def test_pages_that_never_end_are_not_read_for_ever() -> None:
    def more(asked: Asked) -> Reply:
        number = int(asked.query.get("starting_after", "in_0").removeprefix("in_"))
        return Reply(200, {"data": [{"id": f"in_{number + 1}", "email": "x"}], "has_more": True})

    with service_double(more) as double:
        url = f"service://stripe?base={double.base}&private=yes&secret={SECRET}"
        store = HttpService("pay", url, sleep=lambda _: None)
        with pytest.raises(StoreCorruptError):
            store.sight(part_of(store, STRIPE_MAP), who())
        assert len(double.asked) == 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[service",
        '[service]\nname = "x"\n',
        '[service]\nname = "x"\nbase = "https://x.example"\nsurprise = 1\n',
        '[service]\nname = "x"\nbase = "https://x.example"\n[datasets.a]\nkey = "id"\nfields = ["b"]\n',
        '[service]\nname = "x"\nbase = "https://x.example"\n[datasets.a]\nkey = "id"\nfields = ["id"]\n',
        (
            '[service]\nname = "x"\nbase = "https://x.example"\n[datasets.a]\nkey = "id"\nfields = ["id"]\n'
            '[[datasets.a.find]]\nby = "email"\npath = "/x/{secret}"\n'
        ),
        '[service]\nname = "x"\nbase = "https://x.example"\n[limits]\nbytes = -1\n',
        '[service]\nname = "x"\nbase = "https://x.example"\n[limits]\nbytes = true\n',
        (
            '[service]\nname = "x"\nbase = "https://x.example"\n[datasets.a]\nkey = "id"\nfields = ["id"]\n'
            '[[datasets.a.erase]]\nmethod = "DELETE"\npath = "/x/{key}"\n'
        ),
    ],
)
def test_a_declaration_that_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(DeclarationError):
        parse_declaration(text, "x.toml")


def test_what_is_sent_as_a_body_keeps_its_shape() -> None:
    text = """
[service]
name = "x"
base = "https://x.example"
[authentication]
kind = "none"
[datasets.contacts]
key = "id"
fields = ["id", "email"]
[[datasets.contacts.find]]
by = "email"
method = "POST"
path = "/search"
items = "/results"
body = { filters = [{ name = "email", value = "{value}" }], limit = 5 }
[datasets.contacts.get]
path = "/c/{key}"
[[datasets.contacts.erase]]
method = "POST"
path = "/gdpr-delete"
body = { objectId = "{key}" }
"""
    declared = parse_declaration(text, "x.toml")
    with service_double(lambda _: Reply(200, {"results": []})) as double:
        store = HttpService("x", f"service://stripe?base={double.base}&private=yes&secret=s")
        store._declared = declared
        store._line = store._made({"base": double.base, "private": "yes"})
        part = part_of(
            store,
            '[stores.x.datasets.contacts]\nstate = "decided"\non_erasure = "delete"\n'
            'identity = { email = "email" }\n',
        )
        store.sight(part, who('a"b@example.com'))
        assert json.loads(double.asked[0].body) == {
            "filters": [{"name": "email", "value": 'a"b@example.com'}],
            "limit": 5,
        }

"""Which event starts a period, whatever words a policy or a person uses for it."""

import re
from collections.abc import Iterable, Mapping

ACCOUNT_CREATED = "account created"
ACCOUNT_CLOSED = "account closed"
COLLECTED = "collected"

_WORDS: Mapping[str, tuple[str, ...]] = {
    ACCOUNT_CLOSED: (
        "account closure",
        "account close",
        "account deleted",
        "account deletion",
        "account terminated",
        "account termination",
        "account cancelled",
        "account canceled",
        "account ended",
        "end account",
        "closed",
        "closure",
        "termination",
        "deactivated",
    ),
    ACCOUNT_CREATED: (
        "account opened",
        "account opening",
        "account creation",
        "account registered",
        "registration",
        "registered",
        "sign up",
        "signed up",
        "joined",
        "opened",
        "customer since",
    ),
    COLLECTED: (
        "created",
        "creation",
        "collection",
        "recorded",
        "recording",
        "received",
        "receipt",
        "logged",
        "submitted",
        "written",
    ),
    "purchase": (
        "purchased",
        "order",
        "ordered",
        "order placed",
        "transaction",
        "payment",
        "paid",
        "sale",
        "invoice",
        "invoiced",
        "invoice issued",
        "issued",
    ),
    "contract ended": (
        "contract end",
        "end contract",
        "contract terminated",
        "contract expired",
        "contract expiry",
        "subscription ended",
        "end subscription",
        "relationship ended",
        "end relationship",
        "service ended",
        "membership ended",
        "agreement ended",
    ),
    "last activity": (
        "last active",
        "last login",
        "last log in",
        "last sign in",
        "last seen",
        "last used",
        "last contact",
        "last visit",
        "inactivity",
        "inactive",
    ),
    "ticket closed": (
        "ticket resolved",
        "ticket closure",
        "case closed",
        "case resolved",
        "request closed",
        "request answered",
        "request resolved",
        "enquiry closed",
        "inquiry closed",
        "complaint closed",
        "conversation closed",
    ),
    "unsubscribed": ("unsubscribe", "unsubscription", "consent withdrawn", "opted out", "opt out"),
}

GENERAL: frozenset[str] = frozenset(
    {ACCOUNT_CLOSED, ACCOUNT_CREATED, COLLECTED, "contract ended", "last activity", "purchase"}
)
"""Events that happen to every person: a period counted from one speaks of everything held.

An event such as a closed ticket says by itself which rows are meant.
"""

ENDS_ALL: frozenset[str] = frozenset({ACCOUNT_CLOSED, "contract ended", "last activity"})
"""Events after which the person whose accounts or contracts these were is none of ours any more.

A closed ticket ends the ticket: whoever opened it stays a customer.
"""

_LEFT_OUT = re.compile(r"\b(?:the|a|an|of|your|our|their|his|her|date|time|day|was|is|been|at)\b")
_GAPS = re.compile(r"[\W_]+")
_KNOWN: Mapping[str, str] = {
    word: event for event, words in _WORDS.items() for word in (event, *words)
}


def event_of(words: str) -> str:
    """Return the event that `words` name: one way of saying it for all ways.

    Words that are not known stand for themselves.

    Examples:
        >>> event_of("the closure of your account"), event_of("the sign-in")
        ('account closed', 'sign in')
        >>> event_of("The project's end")
        'project s end'
    """
    plain = _plain(words)
    if plain in _KNOWN:
        return _KNOWN[plain]
    turned = " ".join(reversed(plain.split()))
    return _KNOWN.get(turned, plain)


def named_in(quote: str, events: Iterable[str]) -> str:
    """Return the longest of `events`, as a person wrote them, that stands in `quote`, or empty.

    Examples:
        >>> named_in("we delete them 90 days after the sign-in", ["ticket closed", "sign-in"])
        'sign-in'
    """
    text = f" {_plain(quote)} "
    found = [each for each in events if _plain(each) and f" {_plain(each)} " in text]
    return max(found, key=len, default="")


def _plain(words: str) -> str:
    return _GAPS.sub(" ", _LEFT_OUT.sub(" ", words.casefold())).strip()

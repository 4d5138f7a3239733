"""Where the words of one promise differ between two languages, though it is read alike."""

from collections.abc import Iterator

from kept.policy.wording import Wording
from kept.promises.promise import Category, FindingKind, Promise, Severity

BINDS = "It binds otherwise"
_DIFFERS = FindingKind.TRANSLATION_DIFFERS
# In these "may" changes what is promised; elsewhere languages use it as they like.
_BOUND = frozenset(
    {
        Category.SHARE, Category.RETENTION, Category.DELETE, Category.INCIDENT, Category.TRANSFER,
        Category.SECURITY, Category.NO_SALE, Category.COLLECT,
    }
)  # fmt: skip
_LISTS = frozenset(
    {
        Category.COLLECT, Category.SHARE, Category.PURPOSE, Category.TRANSFER, Category.RETENTION,
        Category.DELETE, Category.COOKIES, Category.THIRD_PARTY,
    }
)  # fmt: skip

Found = tuple[FindingKind, Severity, str]


def worded(one: Promise, other: Promise, words: Wording, others: Wording) -> Iterator[Found]:
    """Yield what differs in wording: numbers, "may", "all" and "some", and what lists hold.

    A list is said to differ only where two things speak for it: what was recognised in it,
    and how many things its separators part. Each alone differs between good translations.
    """
    numbers = len(words.numbers) == len(others.numbers) and words.numbers != others.numbers
    # A number that was read as a period, an age or a date is told as what it is.
    if numbers and {**one.terms, "denied": 0} == {**other.terms, "denied": 0}:
        yield _DIFFERS, Severity.HIGH, "Another number is stated"
    if words.may != others.may and one.category in _BOUND and other.category in _BOUND:
        yield _DIFFERS, Severity.MEDIUM, BINDS
    for first, second in ((words.scope, others.scope), (others.scope, words.scope)):
        if first == {"all"} and second == {"some"}:
            yield _DIFFERS, Severity.HIGH, "It speaks of all"
    if {one.category, other.category} <= _LISTS:
        if _narrower(set(words.recipients), set(others.recipients), words.items - others.items):
            yield _DIFFERS, Severity.HIGH, "Other recipients are named"
        if _narrower(set(one.data), set(other.data), words.items - others.items):
            yield _DIFFERS, Severity.HIGH, "Other data is named"


def _narrower(first: set[object], second: set[object], more: int) -> bool:
    """Return whether one set lacks what the other has, and its list is shorter too."""
    return (first > second and more > 0) or (first < second and more < 0)

"""What people decided about the promises that were read, as ``promises.toml`` says it.

Pure: text in, values out. What decisions do to a register is
`kept.promises.review_application`; writing is `kept.promises.review_writing`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kept.jurisdictions.period import Period
from kept.promises.promise import Category, Kind
from kept.promises.review_place import Place
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose
from kept.vocabulary.right import Right

SETTLED = ("at_most", "counted_from", "age")
"""What a person may settle where the words leave it open."""

_READING = ("category", "kind", "duties", "data", "purposes", "rights")
_PROMISE_KEYS = frozenset(
    {"decision", "quote", "read_as", "reason", "terms", "settled", "moved_from", *_READING}
)
_MISSED_KEYS = frozenset({"decision", "document", "quote", "reason", "terms", *_READING})
_PERIODS = ("at_most", "at_least", "within")
_AGES = range(1, 100)


class Verb(StrEnum):
    """What a person said of a reading; `PROPOSED` is ours, and nobody said anything yet."""

    PROPOSED = "proposed"
    ACCEPT = "accept"
    CORRECT = "correct"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How words are to be read. ``None`` leaves what was read as it is.

    Attributes:
        category: What they are about.
        kind: How far they bind.
        duties: What they create.
        data: Categories of data that they name.
        purposes: Purposes that they name.
        rights: Rights that they grant.
        terms: What they state in numbers: each key replaces the one that was read.
    """

    category: Category | None = None
    kind: Kind | None = None
    duties: tuple[Duty, ...] | None = None
    data: tuple[DataCategory, ...] | None = None
    purposes: tuple[Purpose, ...] | None = None
    rights: tuple[Right, ...] | None = None
    terms: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about one promise.

    Attributes:
        promise: Its id.
        verb: Accepted, corrected, refused, or only proposed.
        quote: The words that were decided on; empty where nobody wrote them down.
        read_as: The category that they were read as then, or ``None``.
        reading: How they are to be read.
        settled: What is settled where the words leave it open.
        reason: Why, for a refusal.
        moved_from: Id that the same promise had in an earlier text, or empty.
    """

    promise: str
    verb: Verb
    quote: str = ""
    read_as: Category | None = None
    reading: Reading = field(default_factory=Reading)
    settled: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    moved_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A promise that was not read, and that a person, or a second opinion, points at.

    Attributes:
        document: Name of the document that holds the words.
        quote: The words; white space may differ from the text's.
        reading: How they are to be read: `category` and `kind` at least.
        verb: `ACCEPT`, or `PROPOSED`, which adds nothing.
        reason: Why it is one, or empty.
    """

    document: str
    quote: str
    reading: Reading
    verb: Verb = Verb.ACCEPT
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that ``promises.toml`` says."""

    decisions: tuple[Decision, ...] = ()
    missed: tuple[Missed, ...] = ()


def parse_review(text: str) -> Review:
    """Return what the text of a ``promises.toml`` says, in its order.

    Raises:
        ReviewKeyError: A key is not known; the remedy names the nearest one.
        ReviewError: Not TOML, or a value is not one of those that it may be.
    """
    top = Place.top(text, "promises.toml")
    top.only({"promises", "missed"})
    promises = top.below("promises")
    return Review(
        decisions=tuple(_decision(name, promises.below(name)) for name in promises.table),
        missed=tuple(_missed(place) for place in top.numbered("missed")),
    )


def _decision(name: str, place: Place) -> Decision:
    place.only(_PROMISE_KEYS)
    verb = place.required(Verb, "decision")
    reason = place.text("reason", "")
    if verb is Verb.REFUSE and not reason.strip():
        raise place.wrong("reason", "is missing: a refusal says why")
    settled = place.below("settled")
    settled.only(SETTLED)
    _numbers(settled)
    return Decision(
        promise=name,
        verb=verb,
        quote=place.text("quote", ""),
        read_as=place.optional(Category, "read_as"),
        reading=_reading(place),
        settled=settled.table,
        reason=reason,
        moved_from=place.text("moved_from", ""),
    )


def _missed(place: Place) -> Missed:
    place.only(_MISSED_KEYS)
    verb = place.optional(Verb, "decision") or Verb.ACCEPT
    if verb not in {Verb.ACCEPT, Verb.PROPOSED}:
        raise place.wrong("decision", 'must be "accept" or "proposed"; delete what is wrong')
    for key in ("document", "quote"):
        if not place.text(key, "").strip():
            raise place.wrong(key, "is missing")
    place.required(Category, "category")
    place.required(Kind, "kind")
    return Missed(
        document=place.text("document", ""),
        quote=place.text("quote", ""),
        reading=_reading(place),
        verb=verb,
        reason=place.text("reason", ""),
    )


def _reading(place: Place) -> Reading:
    terms = place.below("terms")
    _numbers(terms)
    return Reading(
        category=place.optional(Category, "category"),
        kind=place.optional(Kind, "kind"),
        duties=place.members(Duty, "duties"),
        data=place.members(DataCategory, "data"),
        purposes=place.members(Purpose, "purposes"),
        rights=place.members(Right, "rights"),
        terms=terms.table,
    )


def _numbers(terms: Place) -> None:
    """Refuse what no check could read: a wrong period here would be a wrong verdict later."""
    for key, value in terms.table.items():
        if isinstance(value, dict) or not _is_json(value):
            raise terms.wrong(key, "must be text, a whole number, true, false, or a list of them")
    for key in _PERIODS:
        if key not in terms.table:
            continue
        try:
            Period.parse(terms.text(key))
        except ValueError as error:
            raise terms.wrong(key, f'must be a period such as "24 months": {error}') from None
    age = terms.table.get("age", 1)
    if isinstance(age, bool) or not isinstance(age, int) or age not in _AGES:
        raise terms.wrong("age", "must be a whole number of years")
    if "counted_from" in terms.table and not terms.text("counted_from").strip():
        raise terms.wrong("counted_from", "must be the event that starts the period")


def _is_json(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_json(each) for each in value)
    return isinstance(value, str | int)

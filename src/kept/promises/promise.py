"""A promise that a published policy makes, in a form that can be kept and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose
from kept.vocabulary.right import Right


class Category(StrEnum):
    """What a clause is about."""

    SCOPE = "scope"
    COLLECT = "collect"
    PURPOSE = "purpose"
    SHARE = "share"
    SECURITY = "security"
    RETENTION = "retention"
    DELETE = "delete"
    RIGHTS = "rights"
    CHOICE = "choice"
    COOKIES = "cookies"
    CHILDREN = "children"
    TRANSFER = "transfer"
    BASIS = "basis"
    CHANGE = "change"
    CONTACT = "contact"
    NO_SALE = "no-sale"
    THIRD_PARTY = "third-party"
    MINIMISE = "minimise"
    INCIDENT = "incident"
    COMPLIANCE = "compliance"
    USER_DUTY = "user-duty"
    DISCLAIMER = "disclaimer"
    GENERAL = "general"


class Kind(StrEnum):
    """How far a clause binds the one who wrote it.

    `FIRM` is enforceable as written, `DISCLOSURE` bounds what may be done, `HEDGED`
    says "may" of itself, `CONDITIONAL` allows only if, `VAGUE` leaves time, amount,
    regularity or quality open, `RIGHT` grants a right; `DISCLAIMER` and `USER_DUTY`
    promise nothing.
    """

    FIRM = "firm"
    DISCLOSURE = "disclosure"
    HEDGED = "hedged"
    CONDITIONAL = "conditional"
    VAGUE = "vague"
    RIGHT = "right"
    DISCLAIMER = "disclaimer"
    USER_DUTY = "user-duty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """The words that a promise was read from.

    Attributes:
        document: Name of the document, unique in its register.
        start: Offset of the first character, in Unicode code points of the file
            as decoded, with no newline translation.
        end: Offset after the last character.
        quote: Exactly ``text[start:end]``.
        language: BCP 47 tag: ``"en"``, ``"fr"`` or ``"ar"``.
    """

    document: str
    start: int
    end: int
    quote: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise, disclosure, right or limit of a policy.

    Attributes:
        id: Twelve hexadecimal digits of a hash of the normalised quote and the
            category, and ``-2`` for a repeat: it survives moves and line wraps.
        clause: The exact words.
        category: What they are about.
        kind: How far they bind.
        duties: What they create. Empty where they promise nothing.
        data: Categories of data that the words name.
        purposes: Purposes that the words name.
        rights: Rights that the words grant.
        terms: What the words state in numbers, JSON values only, for example
            ``{"age": 16}``, ``{"at_most": "24 months", "counted_from": "account closed"}``,
            ``{"date": "2025-01-04"}``, ``{"contact": "privacy@example.com"}``.
        parallel: The same promise in other languages.
        impossible: Why no system can keep the words, empty where one can
            ("absolute security"). Such a promise has at least one duty.
    """

    id: str
    clause: Clause
    category: Category
    kind: Kind
    duties: tuple[Duty, ...]
    data: tuple[DataCategory, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    rights: tuple[Right, ...] = ()
    terms: Mapping[str, object] = field(default_factory=dict)
    parallel: tuple[Clause, ...] = ()
    impossible: str = ""


class FindingKind(StrEnum):
    """What a careful reader reports about a text."""

    UNREAD = "unread"
    OVER_PROMISE = "over-promise"
    VAGUE = "vague"
    CONTRADICTION = "contradiction"
    LOOPHOLE = "loophole"
    INVALID = "invalid"
    GAP = "gap"
    MISSING_TRANSLATION = "missing-translation"
    TRANSLATION_DIFFERS = "translation-differs"
    NOISE = "noise"
    REVIEW = "review"


class Severity(StrEnum):
    """How much a finding about a text matters to the people it speaks to."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFinding:
    """Something about the text that a person should mend or settle.

    Attributes:
        kind: What is wrong.
        clause: The words that it is wrong with.
        note: One sentence: what is wrong, and what would settle it.
        promises: Identifiers of the promises concerned.
        severity: How much it matters.
    """

    kind: FindingKind
    clause: Clause
    note: str
    promises: tuple[str, ...] = ()
    severity: Severity = Severity.MEDIUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy as it was read.

    Attributes:
        name: Base name of the file, with as many parent folders as make it unique.
        sha256: Of the file's bytes, hexadecimal.
        language: Its main language.
        version_date: The date it states, ISO 8601, or ``None``; one of the Islamic calendar is
            ``"1446-09-15 AH"``.
        title: Its first heading, or empty.
        encoding: What its bytes were decoded with.
        format: What the file is written in: ``text``, ``html``, ``pdf`` or ``docx``.
    """

    name: str
    sha256: str
    language: str
    version_date: str | None
    title: str
    encoding: str = "utf-8"
    format: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Whether a document states an item that law makes it state.

    Attributes:
        document: Name of the document.
        language: Language of the part judged.
        item: Key of the item, for example ``"gdpr-13-1-a-identity"``.
        status: ``"present"``, ``"partial"`` or ``"absent"``.
        promises: Where it is stated.
        laws: Laws that demand the item, by the identifiers of ``kept.toml``.
        applies: ``"yes"`` where the text names one of them, else ``"if-applicable"``.
    """

    document: str
    language: str
    item: str
    status: str
    promises: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()
    applies: str = "if-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything that was read from a set of policies, in order of document and offset."""

    documents: tuple[Document, ...]
    promises: tuple[Promise, ...]
    findings: tuple[TextFinding, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()

"""What a dataset is, what it holds, and whose rows it holds."""

from dataclasses import dataclass
from enum import StrEnum

from kept.jurisdictions.period import Period
from kept.vocabulary.data_category import DataCategory, is_personal
from kept.vocabulary.identifier_kind import IdentifierKind


@dataclass(frozen=True, slots=True, order=True)
class DatasetId:
    """Names one dataset: a table, a folder, a collection.

    Attributes:
        store: Name of the store in ``kept.toml``.
        name: Name in the store, with its schema where that is not the default:
            ``"orders"``, ``"archive.orders"``. Exactly as the store spells it.
    """

    store: str
    name: str

    def __str__(self) -> str:
        return f"{self.store}.{self.name}"


class Whose(StrEnum):
    """Whose a row is, seen through one reference.

    `OWNED`: the row is about the person that it refers to. It is followed, disclosed
    and erased. `SHARED`: the row is about several people (a call, a conversation).
    It is followed, others' fields are redacted in a copy and untouched by an erasure.
    `REFERENCED`: the row only mentions (a product, a representative). It is not
    followed, not disclosed, not changed.
    """

    OWNED = "owned"
    SHARED = "shared"
    REFERENCED = "referenced"


class Direction(StrEnum):
    """Which way along a reference `Whose` speaks.

    `BACKWARD`, the usual: a row refers to a person, and the row is the person's
    (an order refers to its customer). `FORWARD`: the row that is referred to is
    the person's who owns the referring row (the address that an order went to);
    it is erased only if no row of another person points to it.
    """

    BACKWARD = "backward"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One reference from a dataset to another, and whose rows it makes them.

    Attributes:
        dataset: The referring dataset.
        fields: Its fields, in order.
        to: The dataset referred to, perhaps in another store.
        to_fields: The fields there, in the same order.
        whose: What the reference means in `direction`.
        direction: Which way `whose` speaks.
        decided: Whether a person decided so. One that nobody decided is treated as
            `REFERENCED`, and the answer says so.
        declared: Whether the store itself enforces it (a foreign key).
    """

    dataset: DatasetId
    fields: tuple[str, ...]
    to: DatasetId
    to_fields: tuple[str, ...]
    whose: Whose = Whose.REFERENCED
    direction: Direction = Direction.BACKWARD
    decided: bool = False
    declared: bool = False


class Erasing(StrEnum):
    """What an erasure does to a person's rows of one dataset."""

    DELETE = "delete"
    BLANK = "blank"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """A period that law makes us keep rows for, whatever the promise says.

    Attributes:
        id: Key in ``jurisdictions/minimums.toml``, or empty where written out.
        keep_for: How long.
        counted_from: Field of the dataset that starts the period (a date or instant).
        from_year_end: Whether the period runs from the end of that calendar year.
        reason: Code of the reason, for example ``"tax"``.
        provision: The provision that says so.
        afterwards: What an erasure does to rows whose period has ended.
    """

    id: str = ""
    keep_for: Period
    counted_from: str
    from_year_end: bool = False
    reason: str
    provision: str
    afterwards: Erasing = Erasing.DELETE


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One term of a classification: what was seen, and what it is worth.

    Attributes:
        evidence: What was seen, in words and rates, never a value.
        weight: Its log-odds; negative speaks against.
    """

    evidence: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """One category that a field holds, and why.

    Attributes:
        category: The category.
        score: Probability between 0 and 1.
        because: Every term that made the score.
    """

    category: DataCategory
    score: float
    because: tuple[Because, ...] = ()


class DecidedBy(StrEnum):
    """Who says what a field holds."""

    PERSON = "person"
    DISCOVERY = "discovery"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a dataset: what the store says of it, and what it holds.

    Attributes:
        name: Exactly as the store spells it.
        type: The store's own type name.
        categories: What it holds, best first. Empty: nothing personal was found, or
            a person decided that there is nothing.
        decided_by: Who says so.
        ambiguous: What discovery cannot tell, for a person to look at, best first.
        source: ``"given"``, ``"observed"``, ``"third party"`` or empty.
        identity: Kind of identifier that the field holds of the row's own person, by
            which a person can be found here.
        of: In a shared dataset, the referring field whose person this field describes.
        author: In a shared dataset, free text is erased only for the person that this
            referring field names.
        protected: Whether the field is declared encrypted (or otherwise protected).
        disclosed: Whether an answer to an access request contains it.
        not_disclosed_because: Reason and provision where it does not.
        anchor: Event whose time the field holds, for example ``"account closed"``.
    """

    name: str
    type: str
    categories: tuple[Classified, ...] = ()
    decided_by: DecidedBy = DecidedBy.NOBODY
    ambiguous: tuple[Classified, ...] = ()
    source: str = ""
    identity: IdentifierKind | None = None
    of: str = ""
    author: str = ""
    protected: bool = False
    disclosed: bool = True
    not_disclosed_because: str = ""
    anchor: str = ""

    @property
    def holds(self) -> frozenset[DataCategory]:
        """The categories alone."""
        return frozenset(each.category for each in self.categories)

    @property
    def personal(self) -> bool:
        """Whether the field holds something about a person."""
        return any(is_personal(each.category) for each in self.categories)


class State(StrEnum):
    """Whether a person has looked at a dataset in ``datamap.toml``."""

    DECIDED = "decided"
    PROPOSED = "proposed"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityPeriod:
    """When the identifier in a field was the row's person's: numbers are given to others.

    Attributes:
        field: The field that holds the identifier.
        since: The field that holds when it became theirs, ``None`` where none does; empty
            there, nobody knows.
        until: The field that holds when it ceased to be, ``None`` where none does; empty
            there, it still is.
    """

    field: str
    since: str | None
    until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset with everything known and decided about it.

    Attributes:
        id: Its name.
        state: `DECIDED` by a person, `PROPOSED` by discovery, or `UNLISTED`: in the
            store and not in ``datamap.toml``.
        about: Whose data it is: ``"customer"``, ``"staff"``, ``"applicant"``, ``"none"`` …
            What a policy promises to customers is not held against staff data.
        held_as: ``"controller"``, ``"joint controller"`` or ``"processor"``.
        client: For whom it is held, where we are a processor.
        rows: How many rows there are, ``None`` where not counted.
        only_sampled: Whether discovery saw a part of its values, or none: then what it
            did not find may be there.
        looked_at: How many of its rows discovery looked at.
        key: Fields of the primary key, or of a unique not-null key; empty where none.
        fields: In the store's order.
        on_erasure: What an erasure does; ``None`` where nobody decided.
        keep_reason: For `KEEP` without a minimum: why, in a word or a sentence.
        keep_provision: Likewise: the provision that says so, or empty.
        keep_until: Likewise: when it ends, or empty.
        reviewed_triggers: Triggers that a person reviewed, by name and SHA-256 of the
            text that was reviewed.
        minimum: Statutory minimum, where one applies.
        references: References *from* this dataset.
        identity_periods: When identifiers in it were a person's, where it says so.
    """

    id: DatasetId
    state: State = State.UNLISTED
    about: str = "customer"
    held_as: str = "controller"
    client: str = ""
    rows: int | None = None
    only_sampled: bool = False
    looked_at: int = 0
    key: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    on_erasure: Erasing | None = None
    keep_reason: str = ""
    keep_provision: str = ""
    keep_until: str = ""
    reviewed_triggers: tuple[tuple[str, str], ...] = ()
    minimum: Minimum | None = None
    references: tuple[Reference, ...] = ()
    identity_periods: tuple[IdentityPeriod, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether any field holds something about a person."""
        return any(field.personal for field in self.fields)

    def field(self, name: str) -> Field:
        """Return the field called `name`.

        Raises:
            KeyError: There is none.
        """
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Every dataset of every store, listed or not, ordered by name.

    Attributes:
        datasets: All that discovery saw, with what people decided merged in.
        absent: Datasets that ``datamap.toml`` lists and no store has.
    """

    datasets: tuple[Dataset, ...]
    absent: tuple[DatasetId, ...] = ()

    def dataset(self, wanted: DatasetId) -> Dataset:
        """Return the dataset called `wanted`.

        Raises:
            KeyError: There is none.
        """
        for each in self.datasets:
            if each.id == wanted:
                return each
        raise KeyError(str(wanted))

"""What must be done, where, to which rows and in which order, to honour a request."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kept.inventory.catalog import Table
from kept.inventory.dataset import DatasetId, Direction, Erasing, Minimum, Reference, Whose
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """One way in which a row tells whose it is.

    Attributes:
        kind: Kind of identifier.
        fields: Fields of which each holds one, so that any may match.
        parts: Fields that hold it together, in order: a given and a family name.
        locates: Whether a match finds rows, or only tells apart those that others found.
    """

    kind: IdentifierKind
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    locates: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way from the rows of one dataset to the rows of another.

    Attributes:
        origin: Dataset whose located rows are followed.
        origin_fields: Fields there, in order.
        fields: Fields of the dataset reached, in the same order.
        whose: Whether what is reached is the person's own, or shared with others.
        direction: `BACKWARD` where the rows reached refer to the origin, `FORWARD`
            where the origin refers to them.
    """

    origin: DatasetId
    origin_fields: tuple[str, ...]
    fields: tuple[str, ...]
    whose: Whose
    direction: Direction


class Hidden(StrEnum):
    """Why a value is not shown, as a stable code."""

    SECRET = "secret"  # noqa: S105 - a reason, not a secret
    DECIDED = "decided"
    ANOTHER_PERSON = "another-person"
    NOBODY_DECIDED = "nobody-decided-whose"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPart:
    """What happens to one field of a person's row.

    Attributes:
        name: The field.
        categories: What it holds.
        text: Whether it is free text, in which other people may appear.
        hidden: Why an answer never shows it; ``None`` where it does.
        because: The reason in words and its provision, where the map states one.
        of: Reference to the person that the field describes: it is shown and erased
            only where that is the one who asks.
        author: Reference to the person who wrote it: erased only for that one.
        erased: Whether blanking a row of the person empties it.
    """

    name: str
    categories: frozenset[DataCategory] = frozenset()
    text: bool = False
    hidden: Hidden | None = None
    because: str = ""
    of: Reference | None = None
    author: Reference | None = None
    erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Why rows stay although an erasure reaches them.

    Attributes:
        reason: In a word or a sentence.
        source: The provision, or empty.
        until: When it ends as the map says, or empty.
    """

    reason: str
    source: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One dataset of a plan: how its rows are found, and what happens to them.

    Attributes:
        dataset: Its name.
        table: Its structure, on which the plan was made.
        sought: How its own fields tell whose a row is.
        root: Whether its rows are people, or about people directly: they belong to no
            other row.
        person: Whether each row is one person, so that two rows behind one identifier
            are two people until something says otherwise.
        links: How its rows are reached from others.
        owners: References from it that say whose a row is: what each refers to must be
            among the rows found, or somebody else owns the row too.
        referrers: Every known reference to it: what points at a row that was reached
            forward keeps it alive.
        fields: In the table's order.
        erasing: What an erasure does with rows that nothing protects.
        minimum: Statutory minimum; rows within it stay.
        kept: Why all rows stay, where the map keeps them.
        reviewed: Triggers that a person reviewed, by name and hash of their text.
    """

    dataset: DatasetId
    table: Table
    sought: tuple[Sought, ...] = ()
    root: bool = False
    person: bool = False
    links: tuple[Link, ...] = ()
    owners: tuple[Reference, ...] = ()
    referrers: tuple[Reference, ...] = ()
    fields: tuple[FieldPart, ...] = ()
    erasing: Erasing = Erasing.KEEP
    minimum: Minimum | None = None
    kept: Kept | None = None
    reviewed: tuple[tuple[str, str], ...] = ()

    @property
    def locates(self) -> bool:
        """Whether an identifier alone can find rows here."""
        return any(sought.locates for sought in self.sought)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A field outside every path, in which an identifier must not be left.

    Attributes:
        dataset: Its dataset.
        field: Its name.
        kind: Kind of identifier that it could hold.
        indexed: Whether it can be searched without reading the whole dataset.
        kept: Whether a person decided that the dataset is kept, with a reason.
    """

    dataset: DatasetId
    field: str
    kind: IdentifierKind
    indexed: bool
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePart:
    """What one store has to do, in one transaction.

    Attributes:
        store: Name of the store.
        engine: Its engine, as the catalog says.
        fingerprint: Of the catalog that the plan was made on.
        groups: Steps in the order in which rows are found; steps that reach each other
            in a circle are one group.
        erasing: The same datasets in the order in which they are written: what refers
            comes before what is referred to.
        searched: Where identifiers are looked for after an erasure.
        tables: Every table of the store, so that no reference is overlooked.
        names: Where people's names are, by dataset: whoever a row mentions is redacted.
    """

    store: str
    engine: str
    fingerprint: str
    groups: tuple[tuple[Step, ...], ...]
    erasing: tuple[DatasetId, ...]
    searched: tuple[Searched, ...] = ()
    tables: tuple[Table, ...] = ()
    names: tuple[tuple[DatasetId, Sought], ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in the order in which rows are found."""
        return tuple(step for group in self.groups for step in group)

    def step(self, dataset: DatasetId) -> Step | None:
        """Return the step of `dataset`, or ``None`` where the plan has none."""
        return next((step for step in self.steps if step.dataset == dataset), None)


class RemarkCode(StrEnum):
    """What an answer says of itself, as a stable code."""

    NOT_SEARCHED = "not-searched"
    REFERENCE_UNDECIDED = "reference-undecided"
    REFERENCE_UNUSABLE = "reference-unusable"
    HELD_FOR_CLIENT = "held-for-client"
    VIEW = "view"
    IDENTIFIER_SHARED = "identifier-shared"
    NOT_LOOKED_AT = "not-looked-at"
    BLANKED_NOT_DELETED = "blanked-not-deleted"
    FIELD_UNDECIDED = "field-undecided"
    OWNED_BY_ANOTHER = "owned-by-another"
    OPERATOR_VOUCHED = "operator-vouched"
    PERIOD_NOT_READ = "period-not-read"
    CONFIRMED_BY_VERIFICATION = "confirmed-by-verification"
    ROWS_LEFT = "rows-left"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Remark:
    """One thing that an answer must say of itself. Never carries a value.

    Attributes:
        code: What kind of thing.
        store: Where, or empty.
        dataset: Where, or empty.
        field: Where, or empty.
        count: How many, where that is known.
        message: One sentence.
    """

    code: RemarkCode
    store: str = ""
    dataset: str = ""
    field: str = ""
    count: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Obstacle:
    """Why an erasure cannot be carried out as things are. Never carries a value.

    Attributes:
        code: What kind of thing, the code of the error that it becomes.
        store: Where.
        dataset: Where.
        field: Where, or empty.
        message: One sentence.
        remedy: What to do.
    """

    code: str
    store: str
    dataset: str
    field: str = ""
    message: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Task:
    """What only a person can do.

    Attributes:
        store: Where.
        dataset: Where.
        action: What.
        message: One sentence.
    """

    store: str
    dataset: str
    action: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that one right calls for.

    Attributes:
        right: What the person exercises.
        parts: One for each store that has anything to do; stores that others are
            reached through come last when something is erased.
        tasks: What only people can do.
        remarks: What the answer must say of itself.
        obstacles: What stands in the way of an erasure; empty for an access.
    """

    right: Right
    parts: tuple[StorePart, ...]
    tasks: tuple[Task, ...] = ()
    remarks: tuple[Remark, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Retained:
    """Rows that stay, and why.

    Attributes:
        count: How many rows.
        reason: Why.
        source: The provision, or empty.
        until: The last day of it, or ``None`` where no day is set.
    """

    count: int
    reason: str
    source: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetCounts:
    """What happened to one dataset, in rows.

    Attributes:
        dataset: Its name.
        located: Rows found.
        erased: Rows deleted.
        blanked: Rows whose personal fields were emptied.
        retained: Rows that stayed, by reason.
    """

    dataset: DatasetId
    located: int = 0
    erased: int = 0
    blanked: int = 0
    retained: tuple[Retained, ...] = ()

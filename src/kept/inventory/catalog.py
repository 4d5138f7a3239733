"""What a store says of its own structure, and what a plan was made on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

_COUNTED = ("rows_estimate", "never_read", "always_null", "unreadable", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column as the store declares it.

    Attributes:
        name: Exactly as spelt.
        type: The store's own type name, with length: ``"NVARCHAR(40)"``.
        nullable: Whether NULL is allowed.
        length: Longest text in characters, where declared.
        default: Whether the store has a default for it.
        generated: Whether the store computes it, so that nobody may write it.
        key: Whether it is part of the primary key.
        json: Whether its values are JSON texts.
        array: Whether a value is a list; it leaves the connector as a JSON text.
        enumerated: Values that its type allows, where the type lists them.
        domain: Name of the domain that its type is taken from, or empty.
        identity: Whether the store numbers it and nobody may write it.
        collation: How the store orders and compares its texts, where it says so.
    """

    name: str
    type: str
    nullable: bool = True
    length: int | None = None
    default: bool = False
    generated: bool = False
    key: bool = False
    json: bool = False
    array: bool = False
    enumerated: tuple[str, ...] = ()
    domain: str = ""
    identity: bool = False
    collation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference that the store enforces.

    Attributes:
        fields: The referring columns.
        to: Name of the table referred to, as in `DatasetId.name`.
        to_fields: The columns there.
        on_delete: ``"NO ACTION"``, ``"RESTRICT"``, ``"CASCADE"``, ``"SET NULL"`` or ``"SET DEFAULT"``.
        on_update: Likewise.
        deferrable: Whether a transaction may put it off until its end.
    """

    fields: tuple[str, ...]
    to: str
    to_fields: tuple[str, ...]
    on_delete: str = "NO ACTION"
    on_update: str = "NO ACTION"
    deferrable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger, by the event that it fires on.

    Attributes:
        name: Its name.
        event: ``"DELETE"``, ``"UPDATE"`` or ``"INSERT"``.
        body: SHA-256 of its text, hexadecimal: what a person reviewed.
    """

    name: str
    event: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table's structure.

    Attributes:
        name: As in `DatasetId.name`.
        columns: In the table's order.
        key: Columns of the primary key; where there is none, of the first unique key
            over columns that are not null; else empty.
        uniques: Every unique key, each a tuple of columns.
        indexes: Leading columns of every index: what can be searched without a scan.
        checks: SQL text of check constraints.
        foreign_keys: What it refers to.
        triggers: What fires on it.
        view: Whether it is a view: read, never written.
        row_number: Name of a hidden column that numbers the rows, where the engine has
            one that can be used (SQLite's ``"rowid"``), else empty. It names a row
            inside one transaction, where there is no key.
        place: Name of a hidden column that tells where a row lies (PostgreSQL's
            ``"ctid"``), where there is neither a key nor a row number, else empty. It
            names a row that is locked, until it is written.
        strict: Whether the engine refuses values of another type than declared.
        virtual: Module that a virtual table is made by (``"fts5"``), else empty. What
            it keeps its rows in is the engine's own and not listed.
        schema: Its schema where that is not the store's default one, else empty.
        own_name: Its name without the schema; empty where that is `name`. Statements
            quote the two one by one: a name may itself contain a dot.
        materialised: Whether it is a view that keeps its rows.
        partitions: Names of what keeps its rows, where it is a partitioned table. They
            are no datasets of their own.
        row_security: Whether the store may hide rows of it from who reads.
        rows_estimate: How many rows the engine believes it has, ``None`` if it does not say.
        never_read: Whether the engine says that nobody reads it, ``None`` if it does not say.
        always_null: Columns that the engine says are always null.
        expires: Whether the store itself erases its rows after a time that each row has:
            all that were looked at have one. ``None`` where the store has no such times.
        unreadable: Columns that the account which reads may not read.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    checks: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    view: bool = False
    row_number: str = ""
    place: str = ""
    strict: bool = False
    virtual: str = ""
    schema: str = ""
    own_name: str = ""
    materialised: bool = False
    partitions: tuple[str, ...] = ()
    row_security: bool = False
    rows_estimate: int | None = None
    never_read: bool | None = None
    always_null: tuple[str, ...] = ()
    expires: bool | None = None
    unreadable: tuple[str, ...] = ()

    @property
    def keeps_rows(self) -> bool:
        """Whether it keeps rows of its own: what a plain view shows is kept elsewhere."""
        return not self.view or self.materialised

    def has(self, names: Iterable[str]) -> bool:
        """Return whether every one of `names` is a column of it."""
        return {each.name for each in self.columns}.issuperset(names)

    def column(self, name: str) -> Column:
        """Return the column called `name`.

        Raises:
            KeyError: There is none.
        """
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The structure of one store, ordered by table name.

    Attributes:
        store: Name of the store in ``kept.toml``.
        engine: ``"sqlite"``, ``"postgresql"`` …
        tables: Every table and view that is not the engine's own.
        unread: What could not be described, each with why: a schema that the account
            may not look into, for example. The rest is there.
    """

    store: str
    engine: str
    tables: tuple[Table, ...]
    unread: tuple[tuple[str, str], ...] = ()

    def table(self, name: str) -> Table:
        """Return the table called `name`.

        Raises:
            KeyError: There is none.
        """
        for each in self.tables:
            if each.name == name:
                return each
        raise KeyError(name)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the whole structure: equal if and only if nothing changed.

        What the engine counts (`Table.rows_estimate`, `never_read`, `always_null`) is no
        structure, nor is what runs out by itself (`expires`) or what one account may read
        (`Table.unreadable`).
        """
        told = asdict(self)
        for table in told["tables"]:
            for counted in _COUNTED:
                del table[counted]
        text = json.dumps(told, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

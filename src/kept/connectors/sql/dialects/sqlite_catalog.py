"""What an SQLite file says of its own structure.

SQLAlchemy's inspector leaves out what a plan must know (hidden columns, generated
ones, triggers, partial indexes, the implicit row number) and guesses check
constraints with a pattern, so the pragmas are asked.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import DBAPIError

from kept.connectors.sql.dialects.sqlite_words import (
    checks,
    names_in,
    trigger_event,
    virtual_module,
)
from kept.inventory.catalog import Column, ForeignKey, Table, Trigger

_ROW_NUMBERS = ("rowid", "_rowid_", "oid")
_LENGTH = re.compile(r"\(\s*(\d{1,9})\s*\)")
_TEXT_TYPES = ("CHAR", "TEXT", "CLOB", "STRING")
_GENERATED = frozenset({2, 3})
_HIDDEN = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """One index as the pragmas tell it."""

    name: str
    unique: bool
    origin: str
    partial: bool
    columns: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The statements that SQLite keeps, by kind and name, lower-case."""

    made_by: Mapping[tuple[str, str], str]
    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return every table and view of the main database, ordered by name."""
    texts = _texts(connection)
    listed = connection.exec_driver_sql(
        "SELECT name, type, wr, strict FROM pragma_table_list"
        " WHERE schema = 'main' AND type <> 'shadow'"
        " AND substr(lower(name), 1, 7) <> 'sqlite_' ORDER BY name"
    ).all()
    found = [_table(connection, row, texts) for row in listed]
    return tuple(_with_parents(found))


def _table(connection: Connection, row: Row[tuple[str, str, int, int]], texts: _Texts) -> Table:
    name, kind, without_row_number, strict = row
    try:
        columns, key = _columns(connection, name, view=kind == "view")
    except DBAPIError as error:
        _only_broken_definitions(error)
        # A view over a table that is gone, or a module that is not loaded: it is
        # there, and nothing can be read from it.
        columns, key = (), ()
    made_by = texts.made_by.get(("table", name.lower()), "")
    table = Table(
        name=name,
        columns=columns,
        key=key,
        triggers=texts.triggers.get(name.lower(), ()),
        view=kind == "view",
        strict=bool(strict),
        virtual=virtual_module(made_by) if kind == "virtual" else "",
    )
    if kind != "table":
        return table
    indexes = _indexes(connection, name)
    uniques = _uniques(table, indexes, texts)
    return replace(
        table,
        key=key or _other_key(table, indexes),
        uniques=uniques,
        indexes=_searchable(indexes, key),
        checks=checks(made_by),
        foreign_keys=_foreign_keys(connection, name),
        row_number="" if without_row_number else _row_number(columns),
    )


def _columns(
    connection: Connection, table: str, *, view: bool
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    rows = connection.exec_driver_sql(
        'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)', (table,)
    ).all()
    numbered = sorted((pk, name) for name, _, _, _, pk, _ in rows if pk)
    key = tuple(name for _, name in numbered)
    # SQLite alone allows NULL in a primary key, except where it is the row number.
    is_row_number = len(key) == 1
    columns = tuple(
        Column(
            name=name,
            type=kind or "",
            nullable=view
            or not (not_null or (pk and is_row_number and (kind or "").upper() == "INTEGER")),
            length=_length(kind or ""),
            default=default is not None,
            generated=hidden in _GENERATED,
            key=bool(pk),
        )
        for name, kind, not_null, default, pk, hidden in rows
        if hidden != _HIDDEN
    )
    return columns, key


def _length(kind: str) -> int | None:
    found = _LENGTH.search(kind)
    if found is None or not any(word in kind.upper() for word in _TEXT_TYPES):
        return None
    return int(found[1])


def _indexes(connection: Connection, table: str) -> list[_Index]:
    listed = connection.exec_driver_sql(
        'SELECT name, "unique", origin, partial FROM pragma_index_list(?) ORDER BY name', (table,)
    ).all()
    return [
        _Index(
            name=name,
            unique=bool(unique),
            origin=origin,
            partial=bool(partial),
            columns=tuple(
                connection.exec_driver_sql(
                    "SELECT name FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno", (name,)
                ).scalars()
            ),
        )
        for name, unique, origin, partial in listed
    ]


def _uniques(table: Table, indexes: Iterable[_Index], texts: _Texts) -> tuple[tuple[str, ...], ...]:
    """Return every unique key, the primary one first.

    A unique index over an expression or over some rows counts with every column that
    it speaks of: a replacement that is unique in them cannot hurt it.
    """
    found = [table.key] if table.key else []
    for index in indexes:
        if not index.unique:
            continue
        plain = tuple(each for each in index.columns if each is not None)
        if len(plain) < len(index.columns) or index.partial:
            spoken = names_in(texts.made_by.get(("index", index.name.lower()), ""))
            plain = tuple(each.name for each in table.columns if each.name.lower() in spoken)
        if plain and plain not in found:
            found.append(plain)
    return tuple(found)


def _searchable(indexes: Iterable[_Index], key: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    found = [key] if key else []
    for index in indexes:
        leading: list[str] = []
        for column in index.columns:
            if column is None:
                break
            leading.append(column)
        # A partial index serves only the rows it covers: others would be missed fast.
        if leading and not index.partial and tuple(leading) not in found:
            found.append(tuple(leading))
    return tuple(found)


def _other_key(table: Table, indexes: Iterable[_Index]) -> tuple[str, ...]:
    """Return the first unique key over columns that are never null, or nothing."""
    never_null = {each.name for each in table.columns if not each.nullable}
    for index in indexes:
        whole = index.unique and not index.partial and None not in index.columns
        if whole and never_null.issuperset(each for each in index.columns if each is not None):
            return tuple(each for each in index.columns if each is not None)
    return ()


def _foreign_keys(connection: Connection, table: str) -> tuple[ForeignKey, ...]:
    rows = connection.exec_driver_sql(
        'SELECT id, "table", "from", "to", on_update, on_delete'
        " FROM pragma_foreign_key_list(?) ORDER BY id, seq",
        (table,),
    ).all()
    found: list[ForeignKey] = []
    for number in sorted({row[0] for row in rows}):
        part = [row for row in rows if row[0] == number]
        _, to, _, _, on_update, on_delete = part[0]
        found.append(
            ForeignKey(
                fields=tuple(row[2] for row in part),
                to=to,
                to_fields=tuple(row[3] for row in part if row[3] is not None),
                on_delete=on_delete.upper(),
                on_update=on_update.upper(),
            )
        )
    # SQLite numbers them from the last declared to the first.
    return tuple(reversed(found))


def _with_parents(found: list[Table]) -> Iterable[Table]:
    """Spell what foreign keys refer to as the parents do, and fill in what was left out.

    SQLite takes names without case and a missing column list for the parent's primary
    key; nobody else does, and a plan compares names exactly.
    """
    by_name = {table.name.lower(): table for table in found}
    for table in found:
        yield replace(
            table,
            foreign_keys=tuple(
                _spelt(each, by_name.get(each.to.lower())) for each in table.foreign_keys
            ),
        )


def _spelt(key: ForeignKey, parent: Table | None) -> ForeignKey:
    if parent is None:
        return key
    spelling = {column.name.lower(): column.name for column in parent.columns}
    declared = tuple(column.name for column in parent.columns if column.key)
    in_order = parent.key if set(parent.key) == set(declared) else declared
    to_fields = tuple(spelling.get(each.lower(), each) for each in key.to_fields) or in_order
    return replace(key, to=parent.name, to_fields=to_fields)


def _row_number(columns: Iterable[Column]) -> str:
    taken = {column.name.lower() for column in columns}
    return next((name for name in _ROW_NUMBERS if name not in taken), "")


def _texts(connection: Connection) -> _Texts:
    rows = connection.exec_driver_sql(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).all()
    triggers: dict[str, list[Trigger]] = {}
    for kind, name, table, sql in rows:
        if kind == "trigger":
            triggers.setdefault(table.lower(), []).append(
                Trigger(
                    name=name,
                    event=trigger_event(sql),
                    body=hashlib.sha256(sql.encode()).hexdigest(),
                )
            )
    return _Texts(
        made_by={(kind, name.lower()): sql for kind, name, _, sql in rows},
        triggers={table: tuple(each) for table, each in triggers.items()},
    )


def _only_broken_definitions(error: DBAPIError) -> None:
    name = getattr(error.orig, "sqlite_errorname", "")
    if name != "SQLITE_ERROR":
        raise error

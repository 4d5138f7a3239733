"""What a PostgreSQL database says of its own structure.

The system catalogs are asked, a statement for each kind of thing and none for each
table: a database of thousands of tables is described in a handful of statements, and
what the inspector of SQLAlchemy leaves out (partitions, row-level security, domains,
the engine's own counts) is there.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Row

from kept.connectors.sql.dialects.dialect import PERMISSION_DENIED
from kept.connectors.sql.dialects.postgresql_statements import (
    ALWAYS_NULL,
    CLOSED,
    COLUMNS,
    CONSTRAINTS,
    INDEXES,
    PARTITIONS,
    RELATIONS,
    TRIGGERS,
)
from kept.connectors.sql.names import shown_name
from kept.inventory.catalog import Column, ForeignKey, Table, Trigger

_ACTIONS = {
    "a": "NO ACTION",
    "r": "RESTRICT",
    "c": "CASCADE",
    "n": "SET NULL",
    "d": "SET DEFAULT",
}
_EVENTS = ((4, "INSERT"), (8, "DELETE"), (16, "UPDATE"), (32, "DELETE"))

_Rows = Mapping[int, list[tuple[Any, ...]]]


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return every table and view that is not the engine's own, ordered by name."""
    relations = connection.exec_driver_sql(RELATIONS).all()
    names = {row[0]: _name(row[1], row[2], default=row[6]) for row in relations}
    nulls: dict[tuple[str, str], list[str]] = defaultdict(list)
    for schema, table, column in connection.exec_driver_sql(ALWAYS_NULL):
        nulls[schema, table].append(column)
    told = _Told(
        names=names,
        columns=_by_table(connection, COLUMNS),
        constraints=_by_table(connection, CONSTRAINTS),
        indexes=_by_table(connection, INDEXES),
        triggers=_by_table(connection, TRIGGERS),
        partitions=_by_table(connection, PARTITIONS),
        nulls=nulls,
    )
    found = [_table(relation, told) for relation in relations]
    return tuple(sorted(found, key=lambda table: table.name))


def unread(connection: Connection, found: Iterable[Table]) -> tuple[tuple[str, str], ...]:
    """Return the schemas that the account may not look into, and the tables it may not read."""
    closed = [name for (name,) in connection.exec_driver_sql(CLOSED)]
    denied = [
        table.name
        for table in found
        if table.columns and len(table.unreadable) == len(table.columns)
    ]
    return tuple((name, PERMISSION_DENIED) for name in closed + denied)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the system catalogs told, by the number of the table."""

    names: Mapping[int, str]
    columns: "_Rows"
    constraints: "_Rows"
    indexes: "_Rows"
    triggers: "_Rows"
    partitions: "_Rows"
    nulls: Mapping[tuple[str, str], list[str]]


def _table(relation: "Row[Any]", told: _Told) -> Table:
    oid, schema, own_name, kind, secured, estimate, default, scans, analysed, inherited = relation
    keys = told.constraints.get(oid, [])
    indexes = told.indexes.get(oid, ())
    key = next((tuple(row[2]) for row in keys if row[1] == "p"), ())
    columns = _columns(told.columns.get(oid, ()), key)
    uniques = _uniques(keys, indexes)
    # What inherits from a table shows its rows there too, under numbers of its own.
    named_by = () if inherited else key or _other_key(columns, uniques)
    return Table(
        name=told.names[oid],
        columns=columns,
        key=named_by,
        # Where a row lies is told apart only inside one table.
        place="ctid" if kind == "r" and not named_by and not inherited else "",
        uniques=uniques,
        indexes=tuple(dict.fromkeys(tuple(row[2][:1]) for row in indexes if row[3])),
        checks=tuple(row[7] for row in keys if row[1] == "c"),
        foreign_keys=_foreign_keys(keys, told.names),
        triggers=_triggers(told.triggers.get(oid, ())),
        # A foreign table is a door to another store: that one is looked at as a store.
        view=kind in "vmf",
        strict=True,
        schema="" if default else schema,
        own_name="" if told.names[oid] == own_name else own_name,
        materialised=kind == "m",
        partitions=tuple(
            _name(row[1], row[2], default=row[3]) for row in told.partitions.get(oid, ())
        ),
        row_security=secured,
        rows_estimate=estimate,
        never_read=scans == 0 if kind == "r" and analysed and estimate else None,
        always_null=tuple(told.nulls.get((schema, own_name), ())),
        unreadable=tuple(row[1] for row in told.columns.get(oid, ()) if not row[12]),
    )


def _name(schema: str, own_name: str, *, default: bool) -> str:
    return shown_name("" if default else schema, own_name)


def _by_table(connection: Connection, statement: str) -> _Rows:
    rows: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in connection.exec_driver_sql(statement):
        rows[row[0]].append(tuple(row))
    return rows


def _columns(rows: Iterable[tuple[Any, ...]], key: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=name,
            type=kind,
            nullable=nullable,
            length=length,
            default=default and not generated,
            generated=generated,
            key=name in key,
            json=json,
            array=array,
            enumerated=tuple(values or ()),
            domain=domain,
            identity=identity,
            collation=collation,
        )
        for (
            _, name, kind, nullable, length, default, generated, identity, json, array, domain,
            values, _, collation,
        ) in rows
    )  # fmt: skip


def _uniques(
    constraints: Iterable[tuple[Any, ...]], indexes: Iterable[tuple[Any, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Return unique keys, those that only an index makes too; the primary one is apart."""
    primary = {tuple(row[2]) for row in constraints if row[1] == "p"}
    found = dict.fromkeys(tuple(row[2]) for row in constraints if row[1] == "u")
    found |= dict.fromkeys(tuple(row[2]) for row in indexes if row[1] and row[2])
    return tuple(each for each in found if each not in primary)


def _other_key(
    columns: tuple[Column, ...], uniques: tuple[tuple[str, ...], ...]
) -> tuple[str, ...]:
    filled = {column.name for column in columns if not column.nullable}
    return next((each for each in uniques if filled.issuperset(each)), ())


def _foreign_keys(
    constraints: Iterable[tuple[Any, ...]], names: Mapping[int, str]
) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(
            fields=tuple(fields),
            to=names[to],
            to_fields=tuple(to_fields),
            on_delete=_ACTIONS[on_delete],
            on_update=_ACTIONS[on_update],
            deferrable=deferrable,
        )
        for _, kind, fields, to, to_fields, on_delete, on_update, _, deferrable in constraints
        if kind == "f" and to in names
    )


def _triggers(rows: Iterable[tuple[Any, ...]]) -> tuple[Trigger, ...]:
    found = [
        Trigger(name=name, event=event, body=hashlib.sha256(body.encode()).hexdigest())
        for _, name, when, body in rows
        for bit, event in _EVENTS
        if when & bit
    ]
    return tuple(dict.fromkeys(found))

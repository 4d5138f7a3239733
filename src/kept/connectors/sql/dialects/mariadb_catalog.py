"""What a MariaDB or MySQL database says of its own structure.

``information_schema`` is asked for the one database that the address names, a statement
for each kind of thing and none for each table.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from kept.connectors.sql.dialects.dialect import PERMISSION_DENIED
from kept.inventory.catalog import Column, ForeignKey, Table, Trigger

_TABLES = """
SELECT TABLE_NAME, TABLE_TYPE, TABLE_ROWS FROM information_schema.TABLES
WHERE TABLE_SCHEMA = database() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')
"""

_COLUMNS = """
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH,
       COLUMN_DEFAULT, EXTRA, DATA_TYPE, PRIVILEGES, COLLATION_NAME
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = database()
ORDER BY TABLE_NAME, ORDINAL_POSITION
"""

_INDEXES = """
SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, INDEX_TYPE
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = database()
ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX
"""

_REFERENCES = """
SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME,
       k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
 AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = database() AND k.REFERENCED_TABLE_SCHEMA = database()
ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION
"""

_TRIGGERS = """
SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, EVENT_MANIPULATION, ACTION_TIMING, ACTION_STATEMENT
FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = database()
ORDER BY 1, 2
"""

_PARTITIONS = """
SELECT TABLE_NAME, coalesce(SUBPARTITION_NAME, PARTITION_NAME)
FROM information_schema.PARTITIONS
WHERE TABLE_SCHEMA = database() AND PARTITION_NAME IS NOT NULL
ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION
"""

# MySQL names each check once in a database, MariaDB once in a table.
_CHECKS_MARIADB = """
SELECT TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE CONSTRAINT_SCHEMA = database() ORDER BY TABLE_NAME, CONSTRAINT_NAME
"""
_CHECKS_MYSQL = """
SELECT t.TABLE_NAME, c.CHECK_CLAUSE
FROM information_schema.CHECK_CONSTRAINTS c
JOIN information_schema.TABLE_CONSTRAINTS t
  ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME
WHERE c.CONSTRAINT_SCHEMA = database() AND t.CONSTRAINT_TYPE = 'CHECK'
ORDER BY t.TABLE_NAME, c.CONSTRAINT_NAME
"""

_JSON_CHECK = re.compile(r"json_valid\(`((?:[^`]|``)*)`\)", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_WITH_LENGTH = frozenset({"char", "varchar"})

_Rows = Mapping[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the server told, by the name of the table."""

    columns: _Rows
    indexes: _Rows
    references: _Rows
    triggers: _Rows
    partitions: _Rows
    checks: _Rows


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return every table and view of the database, ordered by name."""
    mariadb = "mariadb" in str(connection.exec_driver_sql("SELECT version()").scalar_one()).lower()
    told = _Told(
        columns=_by_table(connection, _COLUMNS),
        indexes=_by_table(connection, _INDEXES),
        references=_by_table(connection, _REFERENCES),
        triggers=_by_table(connection, _TRIGGERS),
        partitions=_by_table(connection, _PARTITIONS),
        checks=_by_table(connection, _CHECKS_MARIADB if mariadb else _CHECKS_MYSQL),
    )
    found = [
        _table(name, kind, rows, told)
        for name, kind, rows in connection.exec_driver_sql(_TABLES).all()
    ]
    return tuple(sorted(found, key=lambda table: table.name))


def unread(found: Iterable[Table]) -> tuple[tuple[str, str], ...]:
    """Return the tables that are shown to the account and may not be read by it."""
    return tuple(
        (table.name, PERMISSION_DENIED)
        for table in found
        if table.columns and len(table.unreadable) == len(table.columns)
    )


def _by_table(connection: Connection, statement: str) -> _Rows:
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in connection.exec_driver_sql(statement):
        rows[row[0]].append(tuple(row))
    return rows


def _table(name: str, kind: str, rows: int | None, told: _Told) -> Table:
    indexes = _indexes(told.indexes.get(name, ()))
    checks = tuple(row[1] for row in told.checks.get(name, ()))
    key = next((fields for index, _, fields, _ in indexes if index == "PRIMARY"), ())
    columns = _columns(told.columns.get(name, ()), key, _json_columns(checks))
    uniques = tuple(
        dict.fromkeys(
            fields for index, unique, fields, _ in indexes if unique and index != "PRIMARY"
        )
    )
    filled = {column.name for column in columns if not column.nullable}
    return Table(
        name=name,
        columns=columns,
        key=key or next((each for each in uniques if filled.issuperset(each)), ()),
        uniques=uniques,
        indexes=tuple(dict.fromkeys(leading for *_, leading in indexes if leading)),
        checks=checks,
        foreign_keys=_foreign_keys(told.references.get(name, ())),
        triggers=tuple(
            Trigger(
                name=trigger,
                event=event,
                body=hashlib.sha256(f"{timing} {event} {body}".encode()).hexdigest(),
            )
            for _, trigger, event, timing, body in told.triggers.get(name, ())
        ),
        view=kind == "VIEW",
        strict=True,
        partitions=tuple(row[1] for row in told.partitions.get(name, ())),
        rows_estimate=None if rows is None else int(rows),
        unreadable=tuple(
            row[1] for row in told.columns.get(name, ()) if "select" not in str(row[8]).lower()
        ),
    )


def _columns(
    rows: Iterable[tuple[Any, ...]], key: tuple[str, ...], json: frozenset[str]
) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=name,
            type=kind,
            nullable=nullable == "YES",
            length=int(length) if length and bare in _WITH_LENGTH else None,
            default=default not in {None, "NULL"} or "auto_increment" in extra.lower(),
            generated="GENERATED" in extra.upper() and "DEFAULT_GENERATED" not in extra.upper(),
            key=name in key,
            json=bare == "json" or name in json,
            enumerated=_listed(kind) if bare in {"enum", "set"} else (),
            collation=collation or "",
        )
        for _, name, kind, nullable, length, default, extra, bare, _, collation in rows
    )


def _listed(kind: str) -> tuple[str, ...]:
    return tuple(each.replace("''", "'") for each in _QUOTED.findall(kind))


def _json_columns(checks: Sequence[str]) -> frozenset[str]:
    """Return the columns that MariaDB made of the type JSON: texts with a check."""
    found = (_JSON_CHECK.fullmatch(check.strip()) for check in checks)
    return frozenset(each.group(1).replace("``", "`") for each in found if each)


def _indexes(
    rows: Iterable[tuple[Any, ...]],
) -> list[tuple[str, bool, tuple[str, ...], tuple[str, ...]]]:
    """Return of each index its name, whether it is a unique key, its columns, and the first.

    An index over a part of a text, or over an expression, makes no column unique.
    """
    grouped: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[1]].append(row)
    found = []
    for name, parts in grouped.items():
        whole = all(part[3] is not None and part[4] is None for part in parts)
        searched = parts[0][5] in {"BTREE", "HASH"} and parts[0][3] is not None
        fields = tuple(part[3] for part in parts if part[3] is not None)
        found.append((name, whole and not parts[0][2], fields, fields[:1] if searched else ()))
    return found


def _foreign_keys(rows: Iterable[tuple[Any, ...]]) -> tuple[ForeignKey, ...]:
    grouped: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        grouped[row[1]].append(row)
    return tuple(
        ForeignKey(
            fields=tuple(part[2] for part in parts),
            to=parts[0][3],
            to_fields=tuple(part[4] for part in parts),
            on_delete=parts[0][5],
            on_update=parts[0][6],
        )
        for parts in grouped.values()
    )

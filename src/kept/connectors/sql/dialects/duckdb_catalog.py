"""What a DuckDB file says of its own structure, a statement for each kind of thing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from kept.connectors.sql.names import shown_name
from kept.inventory.catalog import Column, ForeignKey, Table

_OURS = "database_name = current_database() AND NOT internal"

_TABLES = f"""
SELECT schema_name, table_name, estimated_size FROM duckdb_tables()
WHERE {_OURS} AND NOT temporary
UNION ALL
SELECT schema_name, view_name, NULL FROM duckdb_views() WHERE {_OURS} AND NOT temporary
"""

_COLUMNS = f"""
SELECT schema_name, table_name, column_name, data_type, is_nullable, column_default, {{generated}}
FROM duckdb_columns() WHERE {_OURS} ORDER BY schema_name, table_name, column_index
"""

_CONSTRAINTS = """
SELECT schema_name, table_name, constraint_type, constraint_column_names, expression,
       constraint_text, referenced_table, referenced_column_names
FROM duckdb_constraints() WHERE database_name = current_database()
ORDER BY schema_name, table_name, constraint_index
"""

_INDEXES = """
SELECT schema_name, table_name, expressions FROM duckdb_indexes()
WHERE database_name = current_database() ORDER BY schema_name, table_name, index_name
"""

_ENUM = re.compile(r"'((?:[^']|'')*)'")
_INDEX_COLUMN = re.compile(r'\[\s*\'?"?([^\]"\',]+)')
_Name = tuple[str, str]
_Rows = Mapping[_Name, list[tuple[Any, ...]]]


def tables(connection: Connection) -> tuple[Table, ...]:
    """Return every table and view of the file, ordered by name."""
    columns = _by_table(connection, _COLUMNS.format(generated=_if_there(connection)))
    constraints = _by_table(connection, _CONSTRAINTS)
    indexes = _by_table(connection, _INDEXES)
    relations = connection.exec_driver_sql(_TABLES).all()
    found = []
    for schema, own_name, rows in relations:
        keys = constraints.get((schema, own_name), [])
        key = next((tuple(row[3]) for row in keys if row[2] == "PRIMARY KEY"), ())
        uniques = tuple(dict.fromkeys(tuple(row[3]) for row in keys if row[2] == "UNIQUE"))
        told = _columns(columns.get((schema, own_name), ()), key)
        filled = {column.name for column in told if not column.nullable}
        name = _name(schema, own_name)
        leading = [*([key] if key else []), *uniques]
        found.append(
            Table(
                name=name,
                columns=told,
                key=key or next((each for each in uniques if filled.issuperset(each)), ()),
                uniques=uniques,
                indexes=tuple(
                    dict.fromkeys(
                        [each[:1] for each in leading]
                        + _indexed(indexes.get((schema, own_name), ()))
                    )
                ),
                checks=tuple(row[4] or row[5] for row in keys if row[2] == "CHECK"),
                foreign_keys=_foreign_keys(keys, schema),
                view=rows is None,
                strict=True,
                schema="" if schema == "main" else schema,
                own_name="" if name == own_name else own_name,
                rows_estimate=None if rows is None else int(rows),
            )
        )
    return tuple(sorted(found, key=lambda table: table.name))


def _if_there(connection: Connection) -> str:
    """Return how a generated column is told; older engines do not say it."""
    told = connection.exec_driver_sql("SELECT * FROM duckdb_columns() LIMIT 0").keys()
    return "is_generated" if "is_generated" in told else "false"


def _name(schema: str, own_name: str) -> str:
    return shown_name("" if schema == "main" else schema, own_name)


def _by_table(connection: Connection, statement: str) -> _Rows:
    rows: dict[_Name, list[tuple[Any, ...]]] = defaultdict(list)
    for row in connection.exec_driver_sql(statement).all():
        rows[row[0], row[1]].append(tuple(row))
    return rows


def _columns(rows: Iterable[tuple[Any, ...]], key: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=name,
            type=kind,
            nullable=bool(nullable),
            default=default is not None and not generated,
            generated=bool(generated),
            key=name in key,
            json=kind == "JSON" or is_nested(kind),
            array=kind.endswith("]"),
            enumerated=tuple(each.replace("''", "'") for each in _ENUM.findall(kind))
            if kind.startswith("ENUM(")
            else (),
        )
        for _, _, name, kind, nullable, default, generated in rows
    )


def is_nested(kind: str) -> bool:
    """Return whether a value of this type has parts, and leaves as JSON text."""
    return kind.endswith("]") or kind.startswith(("STRUCT(", "MAP(", "UNION(", "VARIANT"))


def _foreign_keys(rows: Iterable[tuple[Any, ...]], schema: str) -> tuple[ForeignKey, ...]:
    return tuple(
        ForeignKey(fields=tuple(row[3]), to=_name(schema, row[6]), to_fields=tuple(row[7]))
        for row in rows
        if row[2] == "FOREIGN KEY" and row[6]
    )


def _indexed(rows: Iterable[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    found = (_INDEX_COLUMN.match(str(row[2])) for row in rows)
    return [(each.group(1).strip(),) for each in found if each]

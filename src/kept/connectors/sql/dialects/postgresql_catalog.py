"""What a PostgreSQL database says of its own structure.

The system catalogs are asked, a statement for each kind of thing and none for each
table: a database of thousands of tables is described in a handful of statements, and
what the inspector of SQLAlchemy leaves out (partitions, row-level security, domains,
the engine's own counts) is there.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from kept.inventory.catalog import Column, ForeignKey, Table, Trigger

_OURS = "n.nspname !~ '^pg_(toast|temp)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"

_RELATIONS = f"""
SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relrowsecurity,
       c.reltuples::bigint, n.nspname = current_schema(),
       coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0),
       coalesce(s.last_analyze, s.last_autoanalyze) IS NOT NULL
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND {_OURS} AND has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""

_COLUMNS = f"""
SELECT a.attrelid, a.attname,
       CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
            ELSE format_type(a.atttypid, a.atttypmod) END,
       NOT (a.attnotnull OR t.typnotnull),
       CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4
            WHEN t.typtype = 'd' AND b.typname IN ('varchar', 'bpchar') AND t.typtypmod > 4
            THEN t.typtypmod - 4 END,
       a.atthasdef, a.attgenerated <> '', a.attidentity = 'a', b.typname IN ('json', 'jsonb'),
       b.typcategory = 'A', CASE WHEN t.typtype = 'd' THEN t.typname ELSE '' END,
       CASE WHEN b.typtype = 'e'
            THEN array(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = b.oid
                       ORDER BY enumsortorder)
       END
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition AND {_OURS}
ORDER BY a.attrelid, a.attnum
"""

_CONSTRAINTS = f"""
SELECT k.conrelid, k.contype::text,
       array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, at)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY at),
       k.confrelid,
       array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, at)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY at),
       k.confdeltype::text, k.confupdtype::text,
       CASE WHEN k.contype = 'c' THEN pg_get_constraintdef(k.oid) END
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 AND {_OURS}
ORDER BY k.conrelid, k.conname
"""

_INDEXES = f"""
SELECT i.indrelid, i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL,
       array(SELECT a.attname::text
             FROM unnest(i.indkey::int2[]) WITH ORDINALITY u(n, at)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.n
             WHERE at <= i.indnkeyatts ORDER BY at),
       i.indkey[0] > 0 AND i.indpred IS NULL AND m.amname IN ('btree', 'hash')
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
WHERE i.indisvalid AND NOT c.relispartition AND {_OURS}
ORDER BY i.indrelid, x.relname
"""

_TRIGGERS = f"""
SELECT g.tgrelid, g.tgname, g.tgtype::int,
       pg_get_triggerdef(g.oid) || coalesce(p.prosrc, '')
FROM pg_trigger g
JOIN pg_class c ON c.oid = g.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = g.tgfoid
WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND NOT c.relispartition AND {_OURS}
UNION ALL
SELECT r.ev_class, r.rulename, CASE r.ev_type WHEN '2' THEN 16 WHEN '3' THEN 4 ELSE 8 END,
       pg_get_ruledef(r.oid)
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND {_OURS}
ORDER BY 1, 2
"""

_PARTITIONS = f"""
SELECT p.inhparent, n.nspname, c.relname, n.nspname = current_schema()
FROM pg_inherits p
JOIN pg_class c ON c.oid = p.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relispartition AND {_OURS}
ORDER BY 1, 2, 3
"""

_ALWAYS_NULL = f"""
SELECT s.schemaname, s.tablename, s.attname
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
WHERE s.null_frac = 1 AND NOT s.inherited AND {_OURS}
"""

_CLOSED = f"""
SELECT n.nspname FROM pg_namespace n
WHERE {_OURS} AND NOT has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""

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
    relations = connection.exec_driver_sql(_RELATIONS).all()
    names = {row[0]: _name(row[1], row[2], default=row[6]) for row in relations}
    columns = _by_table(connection, _COLUMNS)
    constraints = _by_table(connection, _CONSTRAINTS)
    indexes = _by_table(connection, _INDEXES)
    triggers = _by_table(connection, _TRIGGERS)
    partitions = _by_table(connection, _PARTITIONS)
    nulls: dict[tuple[str, str], list[str]] = defaultdict(list)
    for schema, table, column in connection.exec_driver_sql(_ALWAYS_NULL):
        nulls[schema, table].append(column)
    found = []
    for oid, schema, own_name, kind, secured, estimate, default, scans, analysed in relations:
        keys = constraints.get(oid, [])
        key = next((tuple(row[2]) for row in keys if row[1] == "p"), ())
        told = _columns(columns.get(oid, ()), key)
        uniques = _uniques(keys, indexes.get(oid, ()))
        found.append(
            Table(
                name=names[oid],
                columns=told,
                key=key or _other_key(told, uniques),
                uniques=uniques,
                indexes=tuple(dict.fromkeys(tuple(r[2][:1]) for r in indexes.get(oid, ()) if r[3])),
                checks=tuple(row[7] for row in keys if row[1] == "c"),
                foreign_keys=_foreign_keys(keys, names),
                triggers=_triggers(triggers.get(oid, ())),
                view=kind in "vm",
                strict=True,
                schema="" if default else schema,
                own_name="" if names[oid] == own_name else own_name,
                materialised=kind == "m",
                partitions=tuple(
                    _name(row[1], row[2], default=row[3]) for row in partitions.get(oid, ())
                ),
                row_security=secured,
                rows_estimate=estimate if estimate >= 0 and kind in "rmp" else None,
                never_read=scans == 0 if kind == "r" and analysed and estimate > 0 else None,
                always_null=tuple(nulls.get((schema, own_name), ())),
            )
        )
    return tuple(sorted(found, key=lambda table: table.name))


def unread(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Return the schemas that the account may not look into."""
    return tuple((name, "permission denied") for (name,) in connection.exec_driver_sql(_CLOSED))


def _name(schema: str, own_name: str, *, default: bool) -> str:
    return own_name if default else f"{schema}.{own_name}"


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
        )
        for (
            _, name, kind, nullable, length, default, generated, identity, json, array, domain,
            values,
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
        )
        for _, kind, fields, to, to_fields, on_delete, on_update, _ in constraints
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

"""What PostgreSQL is asked of its own structure: one statement for each kind of thing."""

_OURS = "n.nspname !~ '^pg_(toast|temp)' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"

RELATIONS = f"""
SELECT c.oid, n.nspname, c.relname, c.relkind::text, c.relrowsecurity,
       CASE WHEN c.relkind IN ('r', 'm', 'p') THEN (
           SELECT sum(CASE WHEN l.reltuples >= 0 THEN l.reltuples::bigint
                           -- Never analysed: what the statistics collector counted, or what
                           -- would fit where rows are of a hundred bytes.
                           -- Whoever asks for the size of a table waits until it may be read.
                           WHEN l.oid = ANY (ARRAY(
                               SELECT relation FROM pg_locks
                               WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL
                           )) THEN t.n_live_tup
                           ELSE greatest(t.n_live_tup, pg_relation_size(l.oid) / 100) END)
           FROM (SELECT c.oid WHERE c.relkind <> 'p'
                 UNION ALL
                 SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) p
           JOIN pg_class l ON l.oid = p.oid AND l.relkind IN ('r', 'm')
           LEFT JOIN pg_stat_all_tables t ON t.relid = l.oid)
       END::bigint,
       n.nspname = current_schema(),
       coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0),
       coalesce(s.last_analyze, s.last_autoanalyze) IS NOT NULL,
       c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND {_OURS} AND has_schema_privilege(n.oid, 'USAGE')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""

COLUMNS = f"""
WITH RECURSIVE root AS (
    SELECT oid AS domain, typbasetype AS type, typtypmod AS modifier, typnotnull AS filled
    FROM pg_type WHERE typtype = 'd'
    UNION ALL
    SELECT r.domain, t.typbasetype, t.typtypmod, r.filled OR t.typnotnull
    FROM root r JOIN pg_type t ON t.oid = r.type AND t.typtype = 'd'
), plain AS (
    SELECT r.domain, r.type, r.modifier,
           (SELECT bool_or(f.filled) FROM root f WHERE f.domain = r.domain) AS filled
    FROM root r JOIN pg_type t ON t.oid = r.type AND t.typtype <> 'd'
), database AS (
    -- Older servers know no other provider of collations than the system.
    SELECT CASE WHEN coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
                THEN d.datcollate::text ELSE 'icu' END AS ordering,
           pg_encoding_to_char(d.encoding) = 'UTF8' AS ordered
    FROM pg_database d WHERE d.datname = current_database()
)
SELECT a.attrelid, a.attname,
       format_type(b.oid, coalesce(d.modifier, a.atttypmod)),
       NOT (a.attnotnull OR coalesce(d.filled, false)),
       CASE WHEN b.typname IN ('varchar', 'bpchar') AND coalesce(d.modifier, a.atttypmod) > 4
            THEN coalesce(d.modifier, a.atttypmod) - 4 END,
       a.atthasdef, a.attgenerated <> '', a.attidentity = 'a', b.typname IN ('json', 'jsonb'),
       b.typcategory = 'A', CASE WHEN t.typtype = 'd' THEN t.typname ELSE '' END,
       CASE WHEN b.typtype = 'e'
            THEN array(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = b.oid
                       ORDER BY enumsortorder)
       END,
       has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
       CASE WHEN a.attcollation = 0 OR NOT (SELECT ordered FROM database) THEN ''
            WHEN o.collname = 'default' THEN (SELECT ordering FROM database)
            WHEN o.collprovider = 'c' THEN o.collcollate::text
            ELSE o.collname::text END
FROM pg_attribute a
LEFT JOIN pg_collation o ON o.oid = a.attcollation
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN plain d ON d.domain = t.oid
JOIN pg_type b ON b.oid = coalesce(d.type, t.oid)
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition AND {_OURS}
ORDER BY a.attrelid, a.attnum
"""

CONSTRAINTS = f"""
SELECT k.conrelid, k.contype::text,
       array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(n, at)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n ORDER BY at),
       k.confrelid,
       array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(n, at)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n ORDER BY at),
       k.confdeltype::text, k.confupdtype::text,
       CASE WHEN k.contype = 'c' THEN pg_get_constraintdef(k.oid) END, k.condeferrable
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conparentid = 0 AND {_OURS}
ORDER BY k.conrelid, k.conname
"""

INDEXES = f"""
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

TRIGGERS = f"""
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

PARTITIONS = f"""
SELECT pg_partition_root(c.oid)::oid, n.nspname, c.relname, n.nspname = current_schema()
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relispartition AND c.relkind <> 'p' AND {_OURS}
ORDER BY 1, 2, 3
"""

ALWAYS_NULL = f"""
SELECT s.schemaname, s.tablename, s.attname
FROM pg_stats s
JOIN pg_namespace n ON n.nspname = s.schemaname
WHERE s.null_frac = 1 AND NOT s.inherited AND {_OURS}
"""

CLOSED = f"""
SELECT n.nspname FROM pg_namespace n
WHERE {_OURS} AND NOT has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""

# Whatever changes the structure writes rows of these catalogs, and a row tells which
# transaction wrote it. What vacuuming and analysing count is written in place.
STRUCTURE = """
WITH ours AS (
    SELECT oid, xmin FROM pg_class
    WHERE oid >= 16384 AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relpersistence <> 't'
), told AS (
    SELECT 1 AS kind, oid, 0 AS at, xmin FROM ours
    UNION ALL
    SELECT 2, a.attrelid, a.attnum, a.xmin FROM pg_attribute a JOIN ours o ON o.oid = a.attrelid
    WHERE a.attnum > 0
    UNION ALL
    SELECT 3, k.oid, 0, k.xmin FROM pg_constraint k JOIN ours o ON o.oid = k.conrelid
    UNION ALL
    SELECT 4, i.indexrelid, 0, i.xmin FROM pg_index i JOIN ours o ON o.oid = i.indrelid
    UNION ALL
    SELECT 5, g.oid, 0, g.xmin FROM pg_trigger g JOIN ours o ON o.oid = g.tgrelid
    UNION ALL
    SELECT 6, p.oid, 0, p.xmin FROM pg_proc p
    WHERE p.oid IN (SELECT g.tgfoid FROM pg_trigger g JOIN ours o ON o.oid = g.tgrelid
                    WHERE NOT g.tgisinternal)
    UNION ALL
    SELECT 7, r.oid, 0, r.xmin FROM pg_rewrite r JOIN ours o ON o.oid = r.ev_class
    UNION ALL
    SELECT 8, t.oid, 0, t.xmin FROM pg_type t WHERE t.oid >= 16384 AND t.typtype IN ('d', 'e')
    UNION ALL
    SELECT 9, e.oid, 0, e.xmin FROM pg_enum e
    UNION ALL
    SELECT 10, n.oid, 0, n.xmin FROM pg_namespace n WHERE n.oid >= 16384
    UNION ALL
    SELECT 11, h.inhrelid, h.inhseqno, h.xmin FROM pg_inherits h
)
SELECT count(*) || ':' || coalesce(sum(hashtextextended(
    concat_ws(':', kind, oid, at, xmin), 0)::numeric), 0) FROM told
"""

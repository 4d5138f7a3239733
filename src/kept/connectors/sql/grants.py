"""What the accounts of one SQL database must be granted, spelt for its engine.

The database itself is asked: which schemas are there, who makes tables in them, and
what the account that asks may do already. A default privilege of PostgreSQL holds for
what one role makes, so it is printed for each role that does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

READER = "kept_reader"
ERASER = "kept_eraser"

_READS = "SELECT"
_ERASES = "SELECT, UPDATE, DELETE"

_MARIADB_ERASES = "SELECT, SHOW VIEW, UPDATE, DELETE, TRIGGER"

_POSTGRESQL_ASKED = """
SELECT current_database(), current_user, r.rolsuper, r.rolbypassrls,
       array(SELECT rolname::text FROM pg_roles WHERE rolname IN ('kept_reader', 'kept_eraser'))
FROM pg_roles r WHERE r.rolname = current_user
"""

_OURS = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"

_POSTGRESQL_SCHEMAS = f"""
SELECT n.nspname::text,
       array(SELECT DISTINCT pg_get_userbyid(c.relowner)::text FROM pg_class c
             WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1),
       pg_get_userbyid(CASE n.nspowner WHEN to_regrole('pg_database_owner')
                       THEN d.datdba ELSE n.nspowner END)::text
FROM pg_namespace n, pg_database d
WHERE d.datname = current_database() AND {_OURS} ORDER BY 1
"""

_POSTGRESQL_TABLES = f"""
SELECT bool_or(has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')),
       bool_or(c.relrowsecurity)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND {_OURS}
"""

_MARIADB_WRITES = r"""
SELECT count(*) FROM (
  SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
  UNION ALL
  SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES
  WHERE database() LIKE TABLE_SCHEMA
  UNION ALL
  SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.TABLE_PRIVILEGES
  WHERE TABLE_SCHEMA = database()
) granted
WHERE GRANTEE = concat('\'', replace(current_user(), '@', '\'@\''), '\'') AND PRIVILEGE_TYPE IN
  ('INSERT', 'UPDATE', 'DELETE', 'CREATE', 'DROP', 'ALTER', 'TRIGGER', 'SUPER', 'FILE')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grants:
    """What is to be granted, as text that can be handed to whoever may grant it.

    Attributes:
        reading: What the account of ``url`` needs, and no more.
        erasing: What the account of ``write_url`` needs, and no more.
        notes: What else whoever grants should know.
        writes: Whether the account that reads now may write too; ``None`` where
            nothing tells.
    """

    reading: tuple[str, ...]
    erasing: tuple[str, ...]
    notes: tuple[str, ...] = ()
    writes: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schema:
    name: str
    makers: tuple[str, ...]


def postgresql_asked(connection: Connection) -> Grants:
    """Return the grants of the PostgreSQL database at the other end of `connection`."""
    database, account, superuser, sees_all, known = connection.exec_driver_sql(
        _POSTGRESQL_ASKED
    ).one()
    schemas = [
        _Schema(name=name, makers=tuple(makers) or (owner,))
        for name, makers, owner in connection.exec_driver_sql(_POSTGRESQL_SCHEMAS)
    ]
    changes, hides = connection.exec_driver_sql(_POSTGRESQL_TABLES).one()
    writes = bool(superuser or changes)
    reader = READER if writes or account == ERASER else account
    there = frozenset({*known, account})
    hidden = (
        f"rows are hidden by row-level security: ALTER ROLE {quoted(each)} BYPASSRLS;"
        for each in (reader, ERASER)
    )
    return Grants(
        reading=tuple(_postgresql(database, schemas, reader, _READS, there)),
        erasing=tuple(_postgresql(database, schemas, ERASER, _ERASES, there)),
        notes=tuple(hidden) if hides and not (sees_all and not writes) else (),
        writes=writes,
    )


def postgresql_unasked(database: str, account: str) -> Grants:
    """Return the grants of a PostgreSQL database that could not be asked: of its usual schema."""
    schemas = [_Schema(name="public", makers=())]
    there = frozenset({account})
    reader = account or READER
    return Grants(
        reading=tuple(_postgresql(database, schemas, reader, _READS, there)),
        erasing=tuple(_postgresql(database, schemas, ERASER, _ERASES, there)),
        notes=("the database did not answer: run kept init again for its own schemas",),
    )


def mariadb_asked(connection: Connection) -> Grants:
    """Return the grants of the MariaDB or MySQL database at the other end of `connection`."""
    database, granted, seen = connection.exec_driver_sql(
        "SELECT database(), current_user(), user()"
    ).one()
    writes = bool(connection.exec_driver_sql(_MARIADB_WRITES).scalar_one())
    account, _, host = granted.rpartition("@")
    if writes:
        account, host = READER, seen.rpartition("@")[2]
    return _mariadb_both(database, account, host, made=writes, writes=writes)


def mariadb_unasked(database: str, account: str) -> Grants:
    """Return the grants of a MariaDB or MySQL database that could not be asked."""
    return _mariadb_both(database, account or READER, "%", made=not account, writes=None)


def _postgresql(
    database: str, schemas: Sequence[_Schema], account: str, rights: str, there: frozenset[str]
) -> Iterator[str]:
    to = quoted(account)
    if account not in there:
        # Without a password it cannot log in, wherever one is asked for.
        yield f"CREATE ROLE {to} LOGIN;"
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {to};"
    for schema in schemas:
        name = quoted(schema.name)
        yield f"GRANT USAGE ON SCHEMA {name} TO {to};"
        yield f"GRANT {rights} ON ALL TABLES IN SCHEMA {name} TO {to};"
        for maker in schema.makers or ("",):
            role = f" FOR ROLE {quoted(maker)}" if maker else ""
            yield (
                f"ALTER DEFAULT PRIVILEGES{role} IN SCHEMA {name} GRANT {rights} ON TABLES TO {to};"
            )


def _mariadb_both(
    database: str, account: str, host: str, *, made: bool, writes: bool | None
) -> Grants:
    return Grants(
        reading=tuple(_mariadb(database, account, host, "SELECT, SHOW VIEW", made=made)),
        erasing=tuple(_mariadb(database, ERASER, host, _MARIADB_ERASES, made=True)),
        notes=(
            "an account made here is locked until: ALTER USER … IDENTIFIED BY '…' ACCOUNT UNLOCK;",
            (
                "triggers are shown only to accounts that may make them: whoever erases is granted"
                " TRIGGER, makes none, and erases nothing without it"
            ),
        ),
        writes=writes,
    )


def _mariadb(database: str, account: str, host: str, rights: str, *, made: bool) -> Iterator[str]:
    to = f"{_text(account)}@{_text(host)}"
    if made:
        yield f"CREATE USER IF NOT EXISTS {to} ACCOUNT LOCK;"
    # In the name of a database, these two stand for anything unless they are escaped.
    name = database.replace("_", "\\_").replace("%", "\\%").replace("`", "``")
    yield f"GRANT {rights} ON `{name}`.* TO {to};"


def quoted(name: str) -> str:
    """Return a name as PostgreSQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"

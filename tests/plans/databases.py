"""One text of SQL, spoken to several engines: what a test writes for SQLite, others are told."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

SERVERS = tuple(
    pytest.param(engine, marks=(pytest.mark.service, pytest.mark.enable_socket))
    for engine in ("postgresql", "mariadb")
)
ENGINES = ("sqlite", *SERVERS)

Row = tuple[object, ...]

_NUMBERS = count()
_TOKEN = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")""")
_REFERENCE = re.compile(
    r'(?P<column>"(?:[^"]|"")*"|\w+)(?P<rest>[^,()]*?)\s+REFERENCES\s+(?P<to>"(?:[^"]|"")*"|\w+)\s*'
    r"\((?P<fields>[^()]*)\)(?P<action>(?:\s+ON\s+\w+\s+(?:SET\s+NULL|\w+))*)",
    re.DOTALL,
)
_KINDS = {
    "postgresql": {"BLOB": "BYTEA", "REAL": "DOUBLE PRECISION", "DATETIME": "TIMESTAMP"},
    "mariadb": {"TEXT": "VARCHAR(190)", "BLOB": "VARBINARY(64)", "REAL": "DOUBLE"},
    "duckdb": {"TEXT": "VARCHAR"},
}
_RESERVED = re.compile(r"\b(call|leave)\b")


class Database:
    """A database of one test's own."""

    engine: str
    url: str

    def run(self, sql: str) -> None:
        """Run statements, spoken as the engine wants them, and commit."""
        raise NotImplementedError

    def raw(self, sql: str) -> None:
        """Run one text as it stands."""
        raise NotImplementedError

    def fresh(self, sql: str) -> None:
        """Run one statement in a connection of its own, as another program would."""
        raise NotImplementedError

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement with ``?`` for each of many rows."""
        raise NotImplementedError

    def query(self, sql: str) -> list[Row]:
        """Return the rows of a query."""
        raise NotImplementedError

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns."""
        raise NotImplementedError

    def tables(self) -> list[str]:
        """Return the names of all tables."""
        raise NotImplementedError

    def empty(self) -> None:
        """Drop everything."""
        raise NotImplementedError

    def close(self) -> None:
        """Close what is open."""
        if "_here" in vars(self):
            vars(self)["_here"].close()

    def broken_references(self) -> list[Row]:
        """Return rows that refer to nothing, where the engine lets there be any."""
        return []


class Sqlite(Database):
    engine = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"made{next(_NUMBERS)}.sqlite"
        self.url = f"sqlite:///{self.path}"
        self.run("")

    def run(self, sql: str) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.executescript(f"PRAGMA synchronous = OFF; {sql}")
            connection.commit()

    raw = run

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.executemany(sql, rows)
            connection.commit()

    def query(self, sql: str) -> list[Row]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()

    def columns(self, table: str) -> list[str]:
        name = table.replace("'", "''")
        return [str(row[0]) for row in self.query(f"SELECT name FROM pragma_table_info('{name}')")]

    def tables(self) -> list[str]:
        wanted = "type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [str(row[0]) for row in self.query(f"SELECT name FROM sqlite_master WHERE {wanted}")]

    def empty(self) -> None:
        self.path.unlink()
        self.run("")

    def broken_references(self) -> list[Row]:
        return self.query("PRAGMA foreign_key_check")


class Postgresql(Database):
    engine = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server
        name = f"made{next(_NUMBERS)}"
        with self._at(server) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        self.name = name
        self.url = self.home = server.rpartition("/")[0] + "/" + name

    @contextlib.contextmanager
    def _at(self, url: str) -> Iterator[Any]:
        import psycopg

        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    @cached_property
    def _here(self) -> Any:  # noqa: ANN401 - the driver's own
        import psycopg

        return psycopg.connect(self.home, autocommit=True)

    def run(self, sql: str) -> None:
        for statement in spoken(sql, self.engine):
            self._here.execute(statement)

    def raw(self, sql: str) -> None:
        self._here.execute(sql)

    def fresh(self, sql: str) -> None:
        with self._at(self.home) as connection:
            connection.execute(sql)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._here.transaction():
            self._here.cursor().executemany(sql.replace("%", "%%").replace("?", "%s"), list(rows))

    def query(self, sql: str) -> list[Row]:
        return list(self._here.execute(sql).fetchall())

    def columns(self, table: str) -> list[str]:
        name = table.replace("'", "''")
        return [
            str(row[0])
            for row in self.query(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
                f" AND table_name = '{name}' ORDER BY ordinal_position"
            )
        ]

    def tables(self) -> list[str]:
        wanted = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return [str(row[0]) for row in self.query(wanted)]

    def empty(self) -> None:
        self._here.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def drop(self) -> None:
        with self._at(self.server) as connection:
            connection.execute(f"DROP DATABASE {self.name} WITH (FORCE)")


class Mariadb(Database):
    engine = "mariadb"

    def __init__(self, server: str) -> None:
        self.name = f"made{next(_NUMBERS)}"
        self.address = make_url(server)
        self.url = server.rpartition("/")[0] + "/" + self.name
        self._make()

    def _make(self) -> None:
        with self._cursor("") as cursor:
            cursor.execute(f"CREATE DATABASE {self.name} CHARACTER SET utf8mb4")

    @cached_property
    def _here(self) -> Any:  # noqa: ANN401 - the driver's own
        return self._connected()

    def _connected(self) -> Any:  # noqa: ANN401 - the driver's own
        import pymysql

        connection = pymysql.connect(
            host=self.address.host,
            port=self.address.port or 0,
            user=self.address.username,
            charset="utf8mb4",
            autocommit=True,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'")
        return connection

    @contextlib.contextmanager
    def _cursor(self, database: str) -> Iterator[Any]:
        with self._here.cursor() as cursor:
            if database:
                cursor.execute(f"USE {database}")
            yield cursor

    def run(self, sql: str) -> None:
        with self._cursor(self.name) as cursor:
            for statement in spoken(sql, self.engine):
                cursor.execute(statement)

    def raw(self, sql: str) -> None:
        with self._cursor(self.name) as cursor:
            cursor.execute(sql)

    def fresh(self, sql: str) -> None:
        with closing(self._connected()) as connection, connection.cursor() as cursor:
            cursor.execute(f"USE {self.name}")
            cursor.execute(sql)

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._cursor(self.name) as cursor:
            for row in rows:
                cursor.execute(sql.replace("%", "%%").replace("?", "%s"), row)

    def query(self, sql: str) -> list[Row]:
        with self._cursor(self.name) as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def columns(self, table: str) -> list[str]:
        name = table.replace("'", "''")
        return [
            str(row[0])
            for row in self.query(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = database()"
                f" AND table_name = '{name}' ORDER BY ordinal_position"
            )
        ]

    def tables(self) -> list[str]:
        return [str(row[0]) for row in self.query("SHOW TABLES")]

    def empty(self) -> None:
        self.drop()
        self._make()

    def drop(self) -> None:
        with self._cursor("") as cursor:
            cursor.execute(f"DROP DATABASE {self.name}")


@contextlib.contextmanager
def database(engine: str, folder: Path, server: Callable[[str], str]) -> Iterator[Database]:
    """Make a database, and drop it where it is on a server.

    Args:
        engine: Which engine.
        folder: Where files may be.
        server: Returns what a fixture of a server returns.
    """
    if engine == "sqlite":
        yield Sqlite(folder)
        return
    made: Postgresql | Mariadb
    made = (
        Postgresql(server("postgres_url"))
        if engine == "postgresql"
        else Mariadb(server("mariadb_url"))
    )
    try:
        yield made
    finally:
        made.drop()
        made.close()


def spoken(sql: str, engine: str) -> Iterator[str]:
    """Yield the statements of a text, as an engine takes them."""
    made: set[str] = set()
    later: list[str] = []
    for statement in _statements(sql):
        if not re.match(r"\s*CREATE TABLE", statement, re.IGNORECASE):
            if not re.match(r"\s*CREATE", statement, re.IGNORECASE):
                yield from later
                later = []
            yield _reserved(statement, engine)
            continue
        name = re.match(r'\s*CREATE TABLE\s+("(?:[^"]|"")*"|\w+)', statement, re.IGNORECASE)[1]  # type: ignore[index]  # it was just matched
        made.add(name)
        yield _reserved(_kinds(_without_unknown(statement, name, made, later), engine), engine)
    yield from later


def _statements(sql: str) -> Iterator[str]:
    statement = ""
    for piece in sql.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement.strip().rstrip(";")
            statement = ""


def _without_unknown(statement: str, name: str, made: set[str], later: list[str]) -> str:
    """Take out references to tables that come later, and note them."""

    def one(found: re.Match[str]) -> str:
        if found["to"] in made:
            return found[0]
        later.append(
            f"ALTER TABLE {name} ADD FOREIGN KEY ({found['column']})"
            f" REFERENCES {found['to']} ({found['fields']}){found['action']}"
        )
        return f"{found['column']}{found['rest']}"

    return _REFERENCE.sub(one, statement)


def _kinds(statement: str, engine: str) -> str:
    def one(text: str) -> str:
        for word, other in _KINDS[engine].items():
            text = re.sub(rf"\b{word}\b", other, text)
        text = text.replace(" WITHOUT ROWID", "")
        if engine == "postgresql":
            text = re.sub(r"\bAS (\(upper\(\w+\)\))", r"GENERATED ALWAYS AS \1 STORED", text)
        return text

    return "".join(
        part if part[:1] in {"'", '"'} else one(part) for part in _TOKEN.split(statement)
    )


def _reserved(statement: str, engine: str) -> str:
    if engine != "mariadb":
        return statement
    return "".join(
        part if part[:1] in {"'", '"'} else _RESERVED.sub(r'"\1"', part)
        for part in _TOKEN.split(statement)
    )

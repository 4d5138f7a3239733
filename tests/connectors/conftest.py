import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

Made = Callable[[str], str]
"""Makes a database of its own by these statements, and returns its address."""

_numbers = count()


@pytest.fixture
def postgres(postgres_url: str) -> Made:
    import psycopg

    def make(statements: str) -> str:
        name = f"made_{next(_numbers)}"
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}".encode())
        url = f"{postgres_url.rpartition('/')[0]}/{name}"
        with psycopg.connect(url, autocommit=True) as filling:
            filling.execute(statements.encode())
        return url

    return make


@pytest.fixture
def mariadb(mariadb_url: str) -> Made:
    import pymysql
    from pymysql.constants import CLIENT
    from sqlalchemy import make_url

    def make(statements: str) -> str:
        name = f"made_{next(_numbers)}"
        address = make_url(mariadb_url)
        with pymysql.connect(
            host=str(address.host),
            port=address.port or 0,
            user=address.username,
            charset="utf8mb4",
            client_flag=CLIENT.MULTI_STATEMENTS,
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(
                f"CREATE DATABASE {name} CHARACTER SET utf8mb4; USE {name}; {statements}"
            )
            while cursor.nextset():
                pass
            connection.commit()
        return mariadb_url.rpartition("/")[0] + f"/{name}"

    return make


@pytest.fixture
def duckdb_file(tmp_path: Path) -> Made:
    import duckdb

    def make(statements: str) -> str:
        path = tmp_path / f"made {next(_numbers)}.duckdb"
        with duckdb.connect(path) as connection:
            connection.execute(statements)
        return f"duckdb:///{path}"

    return make


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Made:
    def make(statements: str) -> str:
        path = tmp_path / f"made_{next(_numbers)}.sqlite"
        connection = sqlite3.connect(path)
        connection.executescript(statements)
        connection.close()
        return f"sqlite:///{path}"

    return make

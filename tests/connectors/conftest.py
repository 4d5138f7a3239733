from collections.abc import Callable
from itertools import count

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

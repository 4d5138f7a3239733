from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from kept.storage.database import Database
from kept.storage.setup import open_database
from kept.vaults.file import FileVault

_numbers = count(1)


def random_bytes(size: int) -> bytes:
    """Bytes that never repeat: what keys and nonces need of randomness in a test."""
    return next(_numbers).to_bytes(size, "big")


@pytest.fixture
def randomness() -> Callable[[int], bytes]:
    return random_bytes


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / ".kept" / "kept.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / ".kept" / "keys", random_bytes)

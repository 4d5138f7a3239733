"""What the tests of the reader share."""

from collections.abc import Callable

import pytest

from kept.policy.reader import read
from kept.policy.source import Source
from kept.promises.promise import Register


@pytest.fixture
def read_text() -> Callable[[str], Register]:
    def read_one(text: str) -> Register:
        return read([Source("policy.txt", text.encode())])

    return read_one

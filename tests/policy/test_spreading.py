"""Many policies may be read by several processes, and nobody can tell."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kept.cli.spreading import MANY, spreading
from kept.policy.alone import Alone
from kept.policy.errors import BinaryPolicyError
from kept.policy.reader import read
from kept.policy.source import Source

GOLD = Path(__file__).parent / "gold"


def elsewhere(call: Callable[[Source], Alone], sources: Sequence[Source]) -> Iterator[Alone]:
    """Do as processes do: whatever comes back has been written and read again."""
    there = pickle.loads(pickle.dumps(call))  # noqa: S301 - our own bytes
    for source in sources:
        yield pickle.loads(pickle.dumps(there(source)))  # noqa: S301 - our own bytes


def sources() -> list[Source]:
    return [
        Source(path.name, path.read_bytes())
        for path in sorted(GOLD.iterdir())
        if path.suffix in {".md", ".txt"}
    ]


def test_the_register_is_the_same_wherever_its_texts_were_read() -> None:
    given = sources()
    assert len(given) > 1
    assert read(given, spread=elsewhere) == read(given)


def test_many_policies_are_read_by_processes_in_order() -> None:
    few = sources()
    given = [Source(f"{number:02}", few[number % len(few)].content) for number in range(MANY)]
    with spreading(len(given)) as spread:
        assert read(given, spread=spread) == read(given)


def test_a_refusal_comes_back_from_a_process_as_it_is() -> None:
    given = [Source(f"{number:02}", b"\x00\x01\x02") for number in range(MANY)]
    with spreading(len(given)) as spread, pytest.raises(BinaryPolicyError):
        read(given, spread=spread)

"""How erased people are recognised in a batch of values."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from kept.checks.port import Erasure
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.subjects.suppression import Digest, Suppression
from kept.vocabulary.identifier_kind import IdentifierKind

AT_ONCE = 200_000
"""Up to this many hashes are held in memory; more are asked for batch by batch."""


class Remembered(Protocol):
    """What is known of one hash."""

    @property
    def request(self) -> str:
        """Id of the request."""
        ...

    @property
    def erased_at(self) -> datetime:
        """When it was carried out (UTC)."""
        ...


class Remembers(Protocol):
    """Where the hashes of erased people are kept."""

    def count(self) -> int:
        """Return how many hashes there are."""
        ...

    def known(self, digests: Iterable[Digest]) -> Mapping[Digest, Remembered]:
        """Return which of `digests` were erased, and by what."""
        ...

    def everything(self) -> Mapping[Digest, Remembered]:
        """Return every hash, and by what it was erased."""
        ...


class ErasedPeople:
    """Recognises identifiers and rows of erased people by their keyed hashes.

    Args:
        suppression: Makes the hashes.
        memory: Where they are kept.
    """

    def __init__(self, suppression: Suppression, memory: Remembers) -> None:
        self._suppression = suppression
        self._memory = memory
        self._count = memory.count()
        self._held = memory.everything() if 0 < self._count <= AT_ONCE else None

    @property
    def any(self) -> bool:
        """Whether anybody was erased."""
        return self._count > 0

    def identifiers(
        self, kind: IdentifierKind, values: Sequence[Value]
    ) -> dict[int, tuple[Erasure, ...]]:
        """Return, by place, the erasures of the people that `values` name."""
        named = [
            (place, text)
            for place, value in enumerate(values)
            if value not in (None, "", b"")
            for text in _texts(value)
        ]
        digests = self._suppression.identifiers(kind, [text for _, text in named])
        return self._met([place for place, _ in named], digests)

    def rows(
        self, dataset: DatasetId, keys: Sequence[tuple[Value, ...]]
    ) -> dict[int, tuple[Erasure, ...]]:
        """Return, by place, the erasures that removed or blanked the rows with `keys`."""
        digests = [self._suppression.row(dataset.store, dataset.name, key) for key in keys]
        return self._met(range(len(keys)), digests)

    def _met(
        self, places: Iterable[int], digests: Sequence[Digest]
    ) -> dict[int, tuple[Erasure, ...]]:
        known = self._memory.known(digests) if self._held is None else self._held
        return {
            place: (Erasure(request=found.request, erased_at=found.erased_at),)
            for place, digest in zip(places, digests, strict=True)
            if (found := known.get(digest)) is not None
        }


def _texts(value: Value) -> Iterator[str]:
    """Yield what a cell can hold an identifier as: itself, and each value of JSON in it."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    yield text
    if text.lstrip()[:1] in {"{", "["}:
        try:
            yield from _leaves(json.loads(text))
        except (ValueError, RecursionError):
            return


def _leaves(found: object) -> Iterator[str]:
    match found:
        case dict():
            for each in found.values():
                yield from _leaves(each)
        case list():
            for each in found:
                yield from _leaves(each)
        case str() | int() if found != "":
            yield str(found)

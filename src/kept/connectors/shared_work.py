"""Sharing the classification of a large survey out over processes."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from kept.inventory.classification.classify import FieldClassification, Looked, Spread
from kept.inventory.connector import Sample

_ENOUGH = 2_000
"""Fields with values, from which on starting processes costs less than it saves."""

_MOST = 4
"""Processes at most: the machine has other work too."""

_PARTS = 8
"""Parts that each process gets, so that none waits long for the others."""

Held = dict[str, FieldClassification]


def spread_for(
    samples: Iterable[Sample], *, processes: int | None = None, enough: int = _ENOUGH
) -> Spread:
    """Return what shares the classification of `samples` out: processes, if there is much to do.

    Results come in the order of what is given, whoever made them. Where processes cannot
    be started or one dies, the work is done here.

    Args:
        samples: What is to be looked at.
        processes: How many to start; as many as may run at once where ``None``.
        enough: From how many fields with values on it is worth it.
    """
    fields = sum(bool(seen) for each in samples for seen in each.values.values())
    wanted = min(processes or _available(), _MOST)
    if fields < enough or wanted < 2:  # noqa: PLR2004 - one process is no sharing
        return map
    return _Pool(wanted)


class _Pool:
    """Shares work out over processes that start clean: no connection is inherited."""

    def __init__(self, processes: int) -> None:
        self._processes = processes

    def __call__(
        self, classify: Callable[[Looked], Held], looked: Iterable[Looked]
    ) -> Iterator[Held]:
        looked = list(looked)
        size = max(1, len(looked) // (self._processes * _PARTS))
        clean = multiprocessing.get_context("spawn")
        try:
            with ProcessPoolExecutor(self._processes, mp_context=clean) as pool:
                found = list(pool.map(classify, looked, chunksize=size))
        except (BrokenProcessPool, OSError):
            # No room for processes here, as in a narrow container: slower, and the same.
            found = [classify(each) for each in looked]
        return iter(found)


def _available() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

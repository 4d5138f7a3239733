"""How many policies are read at once: one after the other, or on all processors."""

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kept.policy.reader import Spread

MANY = 24
"""Below this, processes take longer to start than one takes to read."""


@contextmanager
def spreading(count: int) -> "Iterator[Spread]":
    """Give what reads `count` policies, in order; all processors share them if they are many.

    The register is the same either way.
    """
    if count < MANY:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor() as pool:
        yield partial(pool.map, chunksize=8)

"""How a list of entries becomes one hash, and how one entry proves that it is in it.

Source: RFC 6962, section 2.1; verification as in RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NewType

Hash = NewType("Hash", bytes)
"""SHA-256, 32 bytes."""

EMPTY_ROOT = Hash(hashlib.sha256().digest())
"""Root of the tree that has no leaves."""

HASH_SIZE = 32

Range = tuple[int, int]
"""Leaves from the first, inclusive, to the second, exclusive; a subtree of the tree."""


def leaf_hash(leaf: bytes) -> Hash:
    """Return the hash of one leaf's content."""
    return Hash(hashlib.sha256(b"\x00" + leaf).digest())


def node_hash(left: Hash, right: Hash) -> Hash:
    """Return the hash of the node above `left` and `right`."""
    return Hash(hashlib.sha256(b"\x01" + left + right).digest())


def position(level: int, index: int) -> int:
    """Return where the `index`-th complete subtree of ``2**level`` leaves is stored.

    Hashes are stored in the order in which appending makes them: a leaf, then each
    subtree that it completes. So storing is appending, and a subtree is found by
    arithmetic alone.

    Examples:
        >>> [position(0, 0), position(0, 1), position(1, 0), position(0, 2)]
        [0, 1, 2, 3]
    """
    leaf = ((index + 1) << level) - 1
    return stored(leaf) + level


def stored(size: int) -> int:
    """Return how many hashes are stored for a tree of `size` leaves."""
    return 2 * size - size.bit_count()


class Frontier:
    """The right edge of a growing tree: what must be known to append and to give the root.

    Appending costs one hash per leaf and, over many, one more per leaf. It holds one hash per
    binary digit of its size.
    """

    __slots__ = ("_peaks", "_size")

    def __init__(self, size: int = 0, peaks: Sequence[Hash] = ()) -> None:
        if size < 0 or len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has not {len(peaks)} peaks")
        self._size = size
        self._peaks = list(peaks)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._size

    @property
    def peaks(self) -> tuple[Hash, ...]:
        """Hashes of the complete subtrees that make up the tree, from the left."""
        return tuple(self._peaks)

    def append(self, leaf: Hash) -> list[Hash]:
        """Append one leaf's hash; return all hashes to store, in order of `position`."""
        created = [leaf]
        size = self._size
        while size & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            created.append(leaf)
            size >>= 1
        self._peaks.append(leaf)
        self._size += 1
        return created

    def root(self) -> Hash:
        """Return the root of the tree as it is now."""
        return _joined(self._peaks)


def peaks(size: int) -> tuple[int, ...]:
    """Return the positions of the hashes that a `Frontier` of `size` starts from."""
    return _subtrees((0, size))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the subtrees whose hashes prove that leaf `index` is in a tree of `size` leaves.

    From the leaf upwards, in the order of the proof.

    Raises:
        ValueError: There is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    start, end = 0, size
    siblings: list[Range] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            siblings.append((middle, end))
            end = middle
        else:
            siblings.append((start, middle))
            start = middle
    siblings.reverse()
    return siblings


def consistency_ranges(old: int, new: int) -> list[Range]:
    """Return the subtrees whose hashes prove that a tree of `new` leaves extends one of `old`.

    Raises:
        ValueError: `old` is none, or is larger than `new`.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not extend one of {old}")
    start, end = 0, new
    ranges: list[Range] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:
        ranges.append((start, end))
    ranges.reverse()
    return ranges


def needed(ranges: Sequence[Range]) -> list[int]:
    """Return the positions of all stored hashes that `proof` will look up for `ranges`."""
    return [place for each in ranges for place in _subtrees(each)]


def proof(ranges: Sequence[Range], look_up: Callable[[int], Hash]) -> tuple[Hash, ...]:
    """Return the hash of each range, from stored hashes by their position."""
    return tuple(
        look_up(_single(start, end))
        # Nearly every range is one complete subtree, and so one stored hash.
        if (end - start) & (end - start - 1) == 0
        else _joined([look_up(place) for place in _subtrees((start, end))])
        for start, end in ranges
    )


def root_from_inclusion(leaf: Hash, index: int, size: int, path: Sequence[Hash]) -> Hash | None:
    """Return the root that follows if `leaf` is leaf `index` of `size`, by `path`.

    Returns:
        ``None`` where a tree of `size` leaves has no such leaf, or `path` has not
        the length that it must have there.
    """
    if not 0 <= index < size:
        return None
    node, last = index, size - 1
    result = leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            result = node_hash(result, sibling)
        node >>= 1
        last >>= 1
    return result if last == 0 else None


def extends(
    old_size: int, old_root: Hash, new_size: int, new_root: Hash, path: Sequence[Hash]
) -> bool:
    """Return whether `path` proves that the new tree begins with the whole old tree."""
    if old_size == new_size:
        return old_root == new_root and not path
    if not 0 < old_size < new_size:
        return old_size == 0 and old_root == EMPTY_ROOT and not path and new_size > 0
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            new = node_hash(new, sibling)
        node >>= 1
        last >>= 1
    return last == 0 and old == old_root and new == new_root


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _single(start: int, end: int) -> int:
    """Return the position of a range that is one complete subtree: where its last leaf made it."""
    return stored(end - 1) + (end - start).bit_length() - 1


def _subtrees(leaves: Range) -> tuple[int, ...]:
    """Return the positions of the complete subtrees that make up a range, from the left."""
    start, end = leaves
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append(position(level, start >> level))
        start += 1 << level
    return tuple(places)


def _joined(hashes: Sequence[Hash]) -> Hash:
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result

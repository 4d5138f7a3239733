"""The tree is the one that RFC 6962 defines, however it is computed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.tree import (
    EMPTY_ROOT,
    Frontier,
    Hash,
    consistency_ranges,
    extends,
    inclusion_ranges,
    leaf_hash,
    needed,
    node_hash,
    peaks,
    position,
    proof,
    root_from_inclusion,
    stored,
)

# The leaves and roots that the reference implementation of Certificate Transparency publishes.
REFERENCE_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]

sizes = st.integers(min_value=1, max_value=130)


def leaves(count: int) -> list[bytes]:
    return [f"entry {index}".encode() for index in range(count)]


def grown(content: list[bytes]) -> tuple[Frontier, list[Hash]]:
    frontier = Frontier()
    kept = [each for leaf in content for each in frontier.append(leaf_hash(leaf))]
    return frontier, kept


# The definitions of RFC 6962, section 2.1, word for word.


def split(n: int) -> int:
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return hashlib.sha256(b"\x00" + d[0]).digest()
    k = split(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], whole: bool) -> list[bytes]:
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_that_certificate_transparency_publishes(size: int) -> None:
    frontier, _ = grown(REFERENCE_LEAVES[:size])
    assert frontier.root().hex() == REFERENCE_ROOTS[size]


def test_proofs_are_those_that_certificate_transparency_publishes() -> None:
    _, kept = grown(REFERENCE_LEAVES)
    found = proof(inclusion_ranges(5, 8), kept.__getitem__)
    assert [each.hex() for each in found] == INCLUSION_5_OF_8
    found = proof(consistency_ranges(6, 8), kept.__getitem__)
    assert [each.hex() for each in found] == CONSISTENCY_6_TO_8


@given(sizes)
def test_the_root_is_the_one_of_the_definition(size: int) -> None:
    frontier, _ = grown(leaves(size))
    assert frontier.root() == mth(leaves(size))


@given(st.data())
def test_a_proof_is_the_one_of_the_definition_and_leads_to_the_root(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    content = leaves(size)
    _, kept = grown(content)
    found = proof(inclusion_ranges(index, size), kept.__getitem__)
    assert list(found) == path(index, content)
    assert root_from_inclusion(leaf_hash(content[index]), index, size, found) == mth(content)


@given(st.data())
def test_a_tree_proves_that_it_extends_each_earlier_one(data: st.DataObject) -> None:
    new = data.draw(sizes)
    old = data.draw(st.integers(1, new))
    content = leaves(new)
    _, kept = grown(content)
    found = proof(consistency_ranges(old, new), kept.__getitem__)
    assert list(found) == subproof(old, content, True)
    assert extends(old, Hash(mth(content[:old])), new, Hash(mth(content)), found)


@given(st.data())
def test_a_tree_that_was_rewritten_does_not_extend_the_earlier_one(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, 130))
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    honest = leaves(new)
    rewritten = [b"other" if place == changed else leaf for place, leaf in enumerate(honest)]
    _, kept = grown(rewritten)
    found = proof(consistency_ranges(old, new), kept.__getitem__)
    assert not extends(old, Hash(mth(honest[:old])), new, Hash(mth(rewritten)), found)


@given(st.data())
def test_a_proof_proves_nothing_else(data: st.DataObject) -> None:
    size = data.draw(sizes)
    index = data.draw(st.integers(0, size - 1))
    content = leaves(size)
    _, kept = grown(content)
    found = list(proof(inclusion_ranges(index, size), kept.__getitem__))
    root = mth(content)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index) | st.none())
    if other is not None:
        assert root_from_inclusion(leaf_hash(content[other]), index, size, found) != root
        assert root_from_inclusion(leaf_hash(content[index]), other, size, found) != root
    assert root_from_inclusion(leaf_hash(b"other"), index, size, found) != root
    too_long = [*found, leaf_hash(b"other")]
    assert root_from_inclusion(leaf_hash(content[index]), index, size, too_long) != root
    if found:
        assert root_from_inclusion(leaf_hash(content[index]), index, size, found[:-1]) != root


@pytest.mark.parametrize("index", [-1, 3, 2**63])
def test_a_leaf_outside_the_tree_has_no_root_and_no_proof(index: int) -> None:
    assert root_from_inclusion(leaf_hash(b""), index, 3, []) is None
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_ranges(index, 3)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_there_is_no_consistency_proof_from_nothing_or_from_later(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not extend"):
        consistency_ranges(old, new)


def test_every_tree_extends_the_empty_one_and_itself_and_nothing_is_taken_for_a_proof() -> None:
    content = leaves(5)
    root = Hash(mth(content))
    assert extends(0, EMPTY_ROOT, 5, root, [])
    assert extends(5, root, 5, root, [])
    assert not extends(0, root, 5, root, [])
    assert not extends(5, root, 5, root, [root])
    assert not extends(5, root, 5, EMPTY_ROOT, [])
    assert not extends(3, Hash(mth(content[:3])), 5, root, [])
    assert not extends(6, root, 5, root, [])
    assert not extends(4, Hash(mth(content[:4])), 5, root, [root] * 9)


@given(st.integers(0, 300))
def test_hashes_are_stored_in_the_order_in_which_they_are_made(size: int) -> None:
    _, kept = grown(leaves(size))
    assert len(kept) == stored(size)
    for level in range(size.bit_length()):
        for index in range(size >> level):
            start = index << level
            expected = mth(leaves(size)[start : start + (1 << level)])
            assert kept[position(level, index)] == expected


@given(st.integers(0, 300), st.integers(0, 50))
def test_a_tree_goes_on_from_what_is_stored(size: int, more: int) -> None:
    _, kept = grown(leaves(size))
    frontier = Frontier(size, [kept[place] for place in peaks(size)])
    for leaf in leaves(size + more)[size:]:
        frontier.append(leaf_hash(leaf))
    assert frontier.root() == mth(leaves(size + more))


@given(st.integers(1, 2**40))
def test_a_proof_in_a_huge_tree_needs_few_hashes(size: int) -> None:
    ranges = inclusion_ranges(size // 3, size)
    assert len(ranges) <= size.bit_length()
    assert len(needed(ranges)) <= 2 * size.bit_length()
    assert max(needed(ranges), default=0) < stored(size)


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(3, [leaf_hash(b"")])


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)

"""Whatever is done to a log afterwards, its verification finds it and says where."""

import base64
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, signed
from kept.evidence.entry import Entry
from kept.evidence.errors import EntryRefusedError
from kept.evidence.key import SigningKey
from kept.evidence.log import Flaw, LogVerification, Stored, verify_log
from kept.evidence.tree import EMPTY_ROOT, Frontier, leaf_hash

KEY = SigningKey("example.com/log-1", bytes(range(32)))
OTHER = SigningKey("example.com/log-1", bytes(32))
AT = datetime(2026, 5, 1, tzinfo=UTC)


@dataclasses.dataclass
class Written:
    """A log as it lies on disk, to be tampered with."""

    entries: list[Stored]
    checkpoints: list[str]
    nodes: list[bytes]

    def verified(self, key: SigningKey | None = KEY, *, by_nodes: bool = True) -> LogVerification:
        return verify_log(
            self.entries,
            self.checkpoints,
            key and key.public,
            nodes=self.nodes if by_nodes else None,
        )


def entry(index: int) -> Entry:
    return Entry(type="check.run", at=AT, operation=f"op-{index}", body={"count": index})


def log(*groups: int, key: SigningKey = KEY) -> Written:
    frontier = Frontier()
    written = Written([], [], [])
    for group in groups:
        size = frontier.size + group
        for index in range(frontier.size, size):
            leaf = entry(index).leaf
            written.entries.append(Stored(index, f"op-{index}", leaf, size))
            written.nodes += frontier.append(leaf_hash(leaf))
        written.checkpoints.append(signed(Checkpoint(key.name, size, frontier.root()), key))
    return written


def altered(stored: Stored) -> Stored:
    return dataclasses.replace(stored, leaf=stored.leaf.replace(b'"count":', b'"count":1'))


@given(st.lists(st.integers(1, 9), max_size=8))
def test_a_log_that_nobody_touched_verifies(groups: list[int]) -> None:
    found = log(*groups).verified()
    assert (found.ok, found.first_bad, found.flaw) == (True, None, Flaw.NONE)
    assert found.entries == sum(groups)
    assert found.checkpoints == len(groups)
    assert found.to_json() == {
        "ok": True,
        "entries": sum(groups),
        "root": found.root,
        "first_bad": None,
        "checkpoints": len(groups),
        "flaw": "",
        "signer": "example.com/log-1" if groups else "unverified",
        "outside": None,
        "truncation": "cannot-tell",
    }


def test_an_empty_log_has_the_root_of_nothing_and_no_signer() -> None:
    found = log().verified()
    assert found.ok
    assert found.root == base64.b64encode(EMPTY_ROOT).decode()
    assert found.signer == "unverified"


def test_without_a_key_the_log_is_recomputed_and_not_called_verified() -> None:
    found = log(3, 2).verified(None)
    assert (found.ok, found.flaw, found.signer) == (False, Flaw.NONE, "unverified")


def test_a_log_under_another_key_is_not_ours() -> None:
    found = log(3, 2, key=OTHER).verified()
    assert (found.ok, found.first_bad, found.flaw) == (False, 0, Flaw.CHECKPOINT_UNSIGNED)


@pytest.mark.parametrize("index", range(13))
def test_an_altered_entry_is_named(index: int) -> None:
    written = log(5, 1, 7)
    written.entries[index] = altered(written.entries[index])
    found = written.verified()
    assert (found.ok, found.first_bad, found.flaw) == (False, index, Flaw.ENTRY_CHANGED)


@pytest.mark.parametrize(("index", "first"), [(0, 0), (4, 0), (5, 5), (6, 6), (12, 6)])
def test_an_entry_altered_with_its_hashes_is_found_between_two_checkpoints(
    index: int, first: int
) -> None:
    written = log(5, 1, 7)
    written.entries[index] = altered(written.entries[index])
    frontier = Frontier()
    written.nodes = [
        node for each in written.entries for node in frontier.append(leaf_hash(each.leaf))
    ]
    found = written.verified()
    assert (found.ok, found.first_bad, found.flaw) == (False, first, Flaw.ROOT_DIFFERS)
    assert written.verified(by_nodes=False).first_bad == first


@pytest.mark.parametrize("index", range(13))
def test_a_deleted_entry_is_named(index: int) -> None:
    written = log(5, 1, 7)
    del written.entries[index]
    found = written.verified()
    assert (found.ok, found.first_bad, found.flaw) == (False, index, Flaw.ENTRY_MISSING)


@pytest.mark.parametrize("index", range(12))
def test_two_entries_in_each_others_place_are_named(index: int) -> None:
    written = log(5, 1, 7)
    one, two = written.entries[index : index + 2]
    written.entries[index] = dataclasses.replace(one, leaf=two.leaf, operation=two.operation)
    written.entries[index + 1] = dataclasses.replace(two, leaf=one.leaf, operation=one.operation)
    assert written.verified().first_bad == index
    assert not written.verified(by_nodes=False).ok
    written = log(5, 1, 7)
    written.entries[index : index + 2] = reversed(written.entries[index : index + 2])
    assert written.verified().first_bad == index


@pytest.mark.parametrize("index", range(14))
def test_an_entry_that_nobody_signed_is_named(index: int) -> None:
    written = log(5, 1, 7)
    extra = Stored(index, "extra", entry(99).leaf, 14)
    written.entries.insert(index, extra)
    found = written.verified()
    assert (found.ok, found.first_bad) == (False, index)


def test_an_entry_filed_under_another_operation_is_named() -> None:
    written = log(5)
    written.entries[2] = dataclasses.replace(written.entries[2], operation="op-9")
    found = written.verified()
    assert (found.first_bad, found.flaw) == (2, Flaw.ENTRY_MISFILED)


def test_an_entry_that_points_to_another_checkpoint_is_named() -> None:
    written = log(5, 3)
    written.entries[2] = dataclasses.replace(written.entries[2], tree_size=8)
    assert written.verified().first_bad == 2


@pytest.mark.parametrize("place", range(22))
def test_every_changed_hash_is_found(place: int) -> None:
    written = log(5, 1, 6)
    assert len(written.nodes) == 22
    written.nodes[place] = bytes(32)
    found = written.verified()
    assert not found.ok
    assert found.flaw in {Flaw.ENTRY_CHANGED, Flaw.NODE_CHANGED}
    del written.nodes[place]
    assert not written.verified().ok
    written = log(5, 1, 6)
    written.nodes.insert(place, bytes(32))
    assert not written.verified().ok


def test_hashes_of_entries_that_are_gone_are_found() -> None:
    written = log(5)
    written.nodes.append(bytes(32))
    assert written.verified().flaw is Flaw.NODE_EXTRA


TAMPERED: dict[str, Callable[[str], str]] = {
    "emptied": lambda _: "",
    "cut": lambda note: note[:-1],
    "size": lambda note: note.replace("\n6\n", "\n7\n"),
    "root": lambda note: note.replace(note.split("\n")[2], base64.b64encode(bytes(32)).decode()),
    "origin": lambda note: note.replace("example", "sample"),
    "signature": lambda note: note.replace(note[-20:-10], "AAAAAAAAAA"),
    "other key": lambda _: log(5, 1, key=OTHER).checkpoints[-1],
    "other history": lambda _: signed(Checkpoint(KEY.name, 6, leaf_hash(b"")), KEY),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_tampered_checkpoint_is_found_and_the_entries_under_it_are_not_believed(
    tamper: Callable[[str], str],
) -> None:
    written = log(5, 1, 7)
    written.checkpoints[1] = tamper(written.checkpoints[1])
    found = written.verified()
    assert (found.ok, found.first_bad, found.checkpoints) == (False, 5, 1)


@pytest.mark.parametrize(("gone", "first"), [(0, 0), (1, 5), (2, 6)])
def test_a_checkpoint_that_is_gone_is_missed(gone: int, first: int) -> None:
    written = log(5, 1, 7)
    del written.checkpoints[gone]
    found = written.verified()
    assert (found.ok, found.first_bad) == (False, first)


def test_a_log_without_any_checkpoint_is_not_believed() -> None:
    written = log(3)
    written.checkpoints.clear()
    assert written.verified().flaw is Flaw.CHECKPOINT_MISSING


def test_a_log_cut_short_with_its_heads_is_caught_by_a_checkpoint_kept_elsewhere() -> None:
    elsewhere = log(5, 1, 7).checkpoints[-1]
    cut = log(5, 1)
    assert cut.verified().ok
    cut.checkpoints.append(elsewhere)
    found = cut.verified()
    assert (found.ok, found.first_bad, found.flaw) == (False, 6, Flaw.ENTRY_MISSING)


def test_checkpoints_out_of_order_or_twice_are_no_history() -> None:
    written = log(5, 1)
    written.checkpoints.reverse()
    assert not written.verified().ok
    written = log(5, 1)
    written.checkpoints.insert(0, written.checkpoints[0])
    assert written.verified().ok


@given(st.data())
def test_every_single_byte_of_an_entry_counts(data: st.DataObject) -> None:
    written = log(3, 4)
    index = data.draw(st.integers(0, 6))
    raw = bytearray(written.entries[index].leaf)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    written.entries[index] = dataclasses.replace(written.entries[index], leaf=bytes(raw))
    assert written.verified().first_bad == index
    assert not written.verified(by_nodes=False).ok


def test_a_stored_entry_is_read_back_or_refused() -> None:
    assert log(1).entries[0].entry == entry(0)
    with pytest.raises(EntryRefusedError):
        _ = Stored(0, "op", b"{", 1).entry
    with pytest.raises(EntryRefusedError):
        _ = Stored(0, "op", b"[" * 100_000, 1).entry

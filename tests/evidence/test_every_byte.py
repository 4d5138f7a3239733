"""In a log of a thousand entries no byte, entry, hash, signature or head changes unseen."""

import base64
import dataclasses
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest

from kept.evidence.checkpoint import Checkpoint, read_note, signed
from kept.evidence.entry import Entry
from kept.evidence.errors import MalformedCheckpointError
from kept.evidence.key import SigningKey
from kept.evidence.log import Flaw, LogVerification, Stored, verify_log
from kept.evidence.tree import Frontier, leaf_hash, peaks, stored

KEY = SigningKey("example.com/log-1", bytes(range(32)))
AT = datetime(2026, 5, 1, tzinfo=UTC)
SIZE, GROUP = 1_000, 4


@dataclasses.dataclass(frozen=True)
class Part:
    """Four entries under one checkpoint, and the right edge of all that came before.

    Verification is one pass from the left: what a change makes of it is decided by where
    it stood when it reached the change, so that a part shows what the whole would.
    """

    begin: Frontier
    entries: tuple[Stored, ...]
    checkpoint: str
    nodes: tuple[bytes, ...]

    def verified(
        self,
        *,
        entries: tuple[Stored, ...] | None = None,
        checkpoint: str | None = None,
        nodes: tuple[bytes, ...] | None = None,
    ) -> LogVerification:
        return verify_log(
            self.entries if entries is None else entries,
            [self.checkpoint if checkpoint is None else checkpoint],
            KEY.public,
            nodes=self.nodes if nodes is None else nodes,
            begin=Frontier(self.begin.size, self.begin.peaks),
        )


def parts() -> Iterator[Part]:
    frontier = Frontier()
    for first in range(0, SIZE, GROUP):
        begin = Frontier(frontier.size, frontier.peaks)
        entries, nodes = [], []
        for index in range(first, first + GROUP):
            leaf = Entry(type="sweep", at=AT, operation=f"op-{index}", body={"n": index}).leaf
            entries.append(Stored(index, f"op-{index}", leaf, first + GROUP))
            nodes += frontier.append(leaf_hash(leaf))
        note = signed(Checkpoint(KEY.name, frontier.size, frontier.root()), KEY)
        yield Part(begin, tuple(entries), note, tuple(nodes))


PARTS = list(parts())


def bent(content: bytes, place: int) -> bytes:
    """Change one byte, into each other value at one place or another."""
    return content[:place] + bytes([content[place] ^ (place * 37 % 255 + 1)]) + content[place + 1 :]


def test_the_parts_are_the_whole_log() -> None:
    assert all(each.verified().ok for each in PARTS)
    found = verify_log(
        [stored for part in PARTS for stored in part.entries],
        [part.checkpoint for part in PARTS],
        KEY.public,
        nodes=[node for part in PARTS for node in part.nodes],
    )
    assert (found.ok, found.entries) == (True, SIZE)


def test_every_byte_of_every_entry_counts_and_the_entry_is_named() -> None:
    tried = 0
    for part in PARTS:
        for at, each in enumerate(part.entries):
            for place in range(len(each.leaf)):
                changed = dataclasses.replace(each, leaf=bent(each.leaf, place))
                entries = (*part.entries[:at], changed, *part.entries[at + 1 :])
                found = part.verified(entries=entries)
                assert (found.ok, found.first_bad) == (False, each.index)
                assert found.flaw is Flaw.ENTRY_CHANGED
                tried += 1
    assert tried == sum(len(each.leaf) for part in PARTS for each in part.entries)


def test_every_byte_of_every_stored_hash_counts() -> None:
    for part in PARTS:
        for at, node in enumerate(part.nodes):
            for place in range(len(node)):
                nodes = (*part.nodes[:at], bent(node, place), *part.nodes[at + 1 :])
                found = part.verified(nodes=nodes)
                assert not found.ok
                assert found.first_bad is not None
                assert part.begin.size <= found.first_bad < part.begin.size + GROUP


def test_every_byte_of_every_checkpoint_and_its_signature_counts() -> None:
    for part in PARTS:
        content = part.checkpoint.encode()
        for place in range(len(content)):
            try:
                changed = bent(content, place).decode()
            except UnicodeDecodeError:
                # What is no text does not even come out of the database.
                continue
            assert not part.verified(checkpoint=changed).ok


def test_every_value_of_every_byte_of_one_signature_counts() -> None:
    note = read_note(PARTS[-1].checkpoint)
    head = PARTS[-1].checkpoint.rpartition(" ")[0]
    raw = note.signatures[0].key + note.signatures[0].raw
    for place in range(len(raw)):
        for value in range(1, 256):
            other = raw[:place] + bytes([raw[place] ^ value]) + raw[place + 1 :]
            line = base64.b64encode(other).decode()
            assert not read_note(f"{head} {line}\n").signed_by(KEY.public)


def test_every_entry_that_is_removed_is_missed() -> None:
    for part in PARTS:
        for at, each in enumerate(part.entries):
            found = part.verified(entries=part.entries[:at] + part.entries[at + 1 :])
            assert (found.ok, found.first_bad) == (False, each.index)


@pytest.mark.parametrize("numbered_anew", [False, True])
def test_every_two_entries_in_each_others_place_are_found(numbered_anew: bool) -> None:
    for part in PARTS:
        for one in range(GROUP):
            for other in range(one + 1, GROUP):
                entries = list(part.entries)
                entries[one], entries[other] = entries[other], entries[one]
                if numbered_anew:
                    entries = renumbered(entries, part.begin.size)
                found = part.verified(entries=tuple(entries))
                assert (found.ok, found.first_bad) == (False, part.begin.size + one)


@pytest.mark.parametrize("numbered_anew", [False, True])
def test_an_entry_put_in_anywhere_is_found(numbered_anew: bool) -> None:
    for part in PARTS:
        for at in range(GROUP + 1):
            leaf = Entry(type="sweep", at=AT, operation="put-in").leaf
            index = part.begin.size + at
            entries = list(part.entries)
            entries.insert(at, Stored(index, "put-in", leaf, part.entries[0].tree_size))
            if numbered_anew:
                entries = renumbered(entries, part.begin.size)
            found = part.verified(entries=tuple(entries))
            assert (found.ok, found.first_bad) == (False, index)


def test_a_log_cut_back_anywhere_is_caught_by_any_later_checkpoint() -> None:
    for cut in range(0, len(PARTS), 10):
        left = PARTS[:cut]
        later = random.Random(cut).choice(PARTS[cut:])  # noqa: S311 - a sample, no secret
        entries = [each for part in left for each in part.entries]
        notes = [part.checkpoint for part in left]
        nodes = [node for part in left for node in part.nodes]
        alone = verify_log(entries, notes, KEY.public, nodes=nodes)
        assert (alone.ok, alone.truncation) == (True, "cannot-tell")
        found = verify_log(entries, notes, KEY.public, nodes=nodes, elsewhere=[later.checkpoint])
        assert (found.ok, found.first_bad) == (False, cut * GROUP)
        assert (found.flaw, found.truncation) == (Flaw.HISTORY_CUT, "detected")


def test_a_history_written_anew_under_the_same_key_is_caught() -> None:
    frontier = Frontier()
    entries = []
    for index in range(SIZE):
        leaf = Entry(type="sweep", at=AT, operation=f"op-{index}", body={"n": 7}).leaf
        entries.append(Stored(index, f"op-{index}", leaf, SIZE))
        frontier.append(leaf_hash(leaf))
    note = signed(Checkpoint(KEY.name, SIZE, frontier.root()), KEY)
    assert verify_log(entries, [note], KEY.public).ok
    for part in islice(PARTS, 0, None, 50):
        found = verify_log(entries, [note], KEY.public, elsewhere=[part.checkpoint])
        assert (found.ok, found.flaw) == (False, Flaw.HISTORY_DIFFERS)


def test_a_checkpoint_from_elsewhere_that_another_key_signed_is_not_taken_for_ours() -> None:
    other = SigningKey("example.com/log-1", bytes(32))
    note = read_note(PARTS[0].checkpoint).checkpoint
    for text in (signed(note, other), "no checkpoint"):
        found = verify_log(PARTS[0].entries, [PARTS[0].checkpoint], KEY.public, elsewhere=[text])
        assert (found.ok, found.flaw) == (False, Flaw.ELSEWHERE_UNSIGNED)


def test_a_part_begins_where_the_stored_hashes_say() -> None:
    nodes = [node for part in PARTS for node in part.nodes]
    for part in PARTS:
        assert [nodes[each] for each in peaks(part.begin.size)] == list(part.begin.peaks)
        assert nodes[stored(part.begin.size)] == part.nodes[0]


def renumbered(entries: list[Stored], first: int) -> list[Stored]:
    return [dataclasses.replace(each, index=at) for at, each in enumerate(entries, first)]


def test_a_note_with_a_changed_byte_is_refused_or_unsigned() -> None:
    content = PARTS[0].checkpoint.encode()
    for place in range(len(content)):
        for value in range(1, 256):
            changed = content[:place] + bytes([content[place] ^ value]) + content[place + 1 :]
            try:
                note = read_note(changed.decode())
            except (MalformedCheckpointError, UnicodeDecodeError):
                continue
            assert not note.signed_by(KEY.public)

"""A receipt convinces a stranger, and nobody can change a word of it."""

import base64
import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, signed
from kept.evidence.entry import Entry
from kept.evidence.errors import MalformedReceiptError
from kept.evidence.key import SigningKey
from kept.evidence.receipt import LONGEST, Reason, Receipt, read_receipt, verify
from kept.evidence.tree import Frontier, inclusion_ranges, leaf_hash, proof

KEY = SigningKey("example.com/log-1", bytes(range(32)))
OTHER = SigningKey("example.com/log-1", bytes(32))
AT = datetime(2026, 5, 1, tzinfo=UTC)


def entry(index: int) -> Entry:
    return Entry(
        type="request.erasure",
        at=AT,
        operation=f"rq-{index}/app",
        body={"erased": index, "datasets": [{"name": "orders", "retained": 2}]},
    )


def receipt(index: int = 5, size: int = 11, key: SigningKey = KEY) -> Receipt:
    frontier = Frontier()
    kept = [each for at in range(size) for each in frontier.append(leaf_hash(entry(at).leaf))]
    return Receipt(
        entry=entry(index),
        leaf_index=index,
        tree_size=size,
        proof=proof(inclusion_ranges(index, size), kept.__getitem__),
        checkpoint=signed(Checkpoint(key.name, size, frontier.root()), key),
        key_id=key.public.fingerprint,
    )


@given(st.integers(1, 40), st.data())
def test_a_receipt_is_verified_by_the_key_alone(size: int, data: st.DataObject) -> None:
    given_out = receipt(data.draw(st.integers(0, size - 1)), size)
    found = verify(read_receipt(given_out.to_text()), KEY.public)
    assert (found.ok, found.intact, found.reason) == (True, True, Reason.VERIFIED)
    assert found.signer == KEY.name
    assert found.entry == given_out.entry
    assert found.root == given_out.checkpoint.split("\n")[2]


def test_a_receipt_means_the_same_however_its_json_is_laid_out() -> None:
    packed = json.dumps(receipt().to_json(), separators=(",", ":"), sort_keys=True)
    assert verify(read_receipt(packed), KEY.public).ok
    assert verify(read_receipt(b"\n" + packed.encode() + b"\n"), KEY.public).ok


def test_without_a_key_nothing_is_verified_and_the_fingerprint_is_shown() -> None:
    found = verify(receipt(), None)
    assert (found.ok, found.intact, found.signer) == (False, True, "unverified")
    assert found.fingerprint == KEY.public.fingerprint
    assert found.reason is Reason.SIGNER_UNVERIFIED


def test_a_receipt_of_another_log_is_not_verified_by_our_key() -> None:
    found = verify(receipt(key=OTHER), KEY.public)
    assert (found.ok, found.intact, found.signer) == (False, False, "unverified")
    assert found.reason is Reason.WRONG_KEY


def test_whoever_signs_a_receipt_and_names_our_key_is_found_out() -> None:
    forged = receipt(key=OTHER)
    named = Receipt(
        entry=forged.entry,
        leaf_index=forged.leaf_index,
        tree_size=forged.tree_size,
        proof=forged.proof,
        checkpoint=forged.checkpoint,
        key_id=KEY.public.fingerprint,
    )
    assert not verify(named, KEY.public).ok
    assert not verify(named, None).intact
    line = base64.b64encode(KEY.public.id + bytes(64)).decode()
    text = forged.checkpoint.split("\n\n")[0]
    relabelled = Receipt(
        entry=forged.entry,
        leaf_index=forged.leaf_index,
        tree_size=forged.tree_size,
        proof=forged.proof,
        checkpoint=f"{text}\n\n— {KEY.name} {line}\n",
        key_id=KEY.public.fingerprint,
    )
    assert verify(relabelled, KEY.public).reason is Reason.WRONG_SIGNATURE


Change = Callable[[dict[str, Any]], object]

CHANGES: dict[str, Change] = {
    "type": lambda it: it["entry"].update(type="request.access"),
    "version": lambda it: it["entry"].update(version=2),
    "at": lambda it: it["entry"].update(at="2026-05-02T00:00:00.000000Z"),
    "operation": lambda it: it["entry"].update(operation="rq-6/app"),
    "body": lambda it: it["entry"]["body"].update(erased=6),
    "body added": lambda it: it["entry"]["body"].update(more=None),
    "deep body": lambda it: it["entry"]["body"]["datasets"][0].update(retained=0),
    "leaf_index": lambda it: it.update(leaf_index=4),
    "leaf_index outside": lambda it: it.update(leaf_index=11),
    "tree_size": lambda it: it.update(tree_size=12),
    "tree_size and checkpoint": lambda it: it.update(
        tree_size=12, checkpoint=it["checkpoint"].replace("\n11\n", "\n12\n")
    ),
    "proof shortened": lambda it: it["proof"].pop(),
    "proof emptied": lambda it: it["proof"].clear(),
    "proof lengthened": lambda it: it["proof"].append(it["proof"][0]),
    "proof reordered": lambda it: it["proof"].reverse(),
    "proof changed": lambda it: it["proof"].__setitem__(0, it["proof"][1]),
    "key_id": lambda it: it.update(key_id=OTHER.public.fingerprint),
    "checkpoint's origin": lambda it: it.update(
        checkpoint=it["checkpoint"].replace("example.com", "example.org")
    ),
    "checkpoint's root": lambda it: it.update(
        checkpoint=it["checkpoint"].replace(
            it["checkpoint"].split("\n")[2], base64.b64encode(bytes(32)).decode()
        )
    ),
    "checkpoint's signature": lambda it: it.update(
        checkpoint=it["checkpoint"].split("— ")[0]
        + f"— {KEY.name} {base64.b64encode(KEY.public.id + bytes(64)).decode()}\n"
    ),
    "checkpoint's signer": lambda it: it.update(
        checkpoint=it["checkpoint"].replace("— example.com", "— example.net")
    ),
    "checkpoint emptied": lambda it: it.update(checkpoint=""),
    "checkpoint of another size": lambda it: it.update(checkpoint=receipt(5, 12).checkpoint),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_receipt_with_anything_changed_is_not_verified(change: Change) -> None:
    value = copy.deepcopy(receipt().to_json())
    change(value)
    found = verify(read_receipt(json.dumps(value)), KEY.public)
    assert not found.ok
    assert not found.intact
    assert found.signer == "unverified"


MALFORMED: dict[str, Change] = {
    "no format": lambda it: it.pop("kept_receipt"),
    "later format": lambda it: it.update(kept_receipt=2),
    "true as format": lambda it: it.update(kept_receipt=True),
    "own key": lambda it: it.update(key=str(KEY.public)),
    "no proof": lambda it: it.pop("proof"),
    "negative index": lambda it: it.update(leaf_index=-1),
    "index as text": lambda it: it.update(leaf_index="5"),
    "index true": lambda it: it.update(leaf_index=True),
    "index null": lambda it: it.update(leaf_index=None),
    "enormous size": lambda it: it.update(tree_size=2**64),
    "proof as text": lambda it: it.update(proof="AAAA"),
    "huge proof": lambda it: it.update(proof=[base64.b64encode(bytes(32)).decode()] * 64),
    "short hash": lambda it: it["proof"].__setitem__(0, "AAAA"),
    "number as hash": lambda it: it["proof"].__setitem__(0, 1),
    "no base64": lambda it: it["proof"].__setitem__(0, "é" * 44),
    "stray bits": lambda it: it["proof"].__setitem__(0, "A" * 42 + "B="),
    "checkpoint null": lambda it: it.update(checkpoint=None),
    "key id short": lambda it: it.update(key_id="abcd"),
    "key id upper": lambda it: it.update(key_id=it["key_id"].upper()),
    "entry list": lambda it: it.update(entry=[]),
    "entry with more": lambda it: it["entry"].update(note="more"),
    "entry with less": lambda it: it["entry"].pop("version"),
    "entry with a name": lambda it: it["entry"]["body"].update(who="ana@example.com"),
    "entry at no time": lambda it: it["entry"].update(at="yesterday"),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_receipt_is_refused(change: Change) -> None:
    value = copy.deepcopy(receipt().to_json())
    change(value)
    with pytest.raises(MalformedReceiptError) as refused:
        read_receipt(json.dumps(value))
    assert "ana@" not in str(refused.value)


def test_a_receipt_cut_short_anywhere_is_refused() -> None:
    whole = receipt().to_text().rstrip()
    for length in range(len(whole)):
        with pytest.raises(MalformedReceiptError):
            read_receipt(whole[:length])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b"not json",
        b'{"kept_receipt": 1.0}',
        b'{"kept_receipt": NaN}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b" " * (LONGEST + 1),
        b'{"kept_receipt": ' + b"9" * 10_000 + b"}",
        b'{"kept_receipt": 1, "kept_receipt": 1}',
    ],
)
def test_hostile_files_are_refused(content: bytes) -> None:
    with pytest.raises(MalformedReceiptError):
        read_receipt(content)


def test_a_receipt_that_says_one_thing_twice_is_refused() -> None:
    text = receipt().to_text().replace('"erased": 5', '"erased": 0, "erased": 5')
    with pytest.raises(MalformedReceiptError, match="twice"):
        read_receipt(text)


def test_half_a_character_in_an_entry_is_refused() -> None:
    text = receipt().to_text().replace('"orders"', '"\\ud800"')
    with pytest.raises(MalformedReceiptError):
        read_receipt(text)


@given(st.data())
def test_no_single_byte_of_a_receipt_can_be_changed_to_say_something_else(
    data: st.DataObject,
) -> None:
    original = receipt()
    raw = bytearray(original.to_text().encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        read = read_receipt(bytes(raw))
    except MalformedReceiptError:
        return
    # White space between values is not part of what a receipt says.
    assert read == original or not verify(read, KEY.public).ok

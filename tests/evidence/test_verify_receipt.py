"""The verifier of one file says of every receipt what Kept says of it."""

import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, signed
from kept.evidence.entry import Entry
from kept.evidence.errors import MalformedReceiptError
from kept.evidence.key import SigningKey
from kept.evidence.keyring import Keyring
from kept.evidence.receipt import Receipt, read_receipt, verify
from kept.evidence.tree import Frontier, inclusion_ranges, leaf_hash, proof

TOOL = Path(__file__).resolve().parents[2] / "tools" / "verify_receipt.py"
KEY = SigningKey("example.com/log-1", bytes(range(32)))
NEXT = SigningKey("example.com/log-1", bytes([9]) * 32)
AT = datetime(2026, 5, 1, tzinfo=UTC)


def loaded() -> ModuleType:
    found = importlib.util.spec_from_file_location("verify_receipt", TOOL)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


ALONE = loaded()


def receipt(index: int = 5, size: int = 11, key: SigningKey = KEY) -> Receipt:
    frontier = Frontier()
    entries = [
        Entry(type="sweep", at=AT, operation=f"op-{at}", body={"n": at, "wörter": "é\u2028"})
        for at in range(size)
    ]
    kept = [node for each in entries for node in frontier.append(leaf_hash(each.leaf))]
    return Receipt(
        entry=entries[index],
        leaf_index=index,
        tree_size=size,
        proof=proof(inclusion_ranges(index, size), kept.__getitem__),
        checkpoint=signed(Checkpoint(key.name, size, frontier.root()), key),
        key_id=key.public.fingerprint,
    )


def alone(text: str, page: str) -> bool:
    try:
        ALONE.verify(text, page)
    except (ALONE.NotVerified, ValueError, RecursionError):
        return False
    return True


def ours(text: str, page: str) -> bool:
    try:
        return verify(read_receipt(text), Keyring.parse(page)).ok
    except MalformedReceiptError:
        return False


@pytest.mark.parametrize(
    ("secret", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "",
            (
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39"
                "701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "72",
            (
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f36"
                "13d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ),
    ],
)
def test_its_signatures_are_those_of_rfc_8032(secret: str, message: str, signature: str) -> None:
    key = SigningKey("x", bytes.fromhex(secret)).public.raw
    assert ALONE.signed(key, bytes.fromhex(signature), bytes.fromhex(message))
    assert not ALONE.signed(key, bytes.fromhex(signature), bytes.fromhex(message) + b"x")


def test_a_signature_with_its_number_made_larger_is_none() -> None:
    good = KEY.sign(b"x")
    larger = int.from_bytes(good[32:], "little") + ALONE.L
    assert ALONE.signed(KEY.public.raw, good, b"x")
    assert not ALONE.signed(KEY.public.raw, good[:32] + larger.to_bytes(32, "little"), b"x")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 11])
def test_every_receipt_that_holds_is_verified(size: int) -> None:
    for index in range(size):
        text = receipt(index, size).to_text()
        assert ALONE.verify(text, str(KEY.public)) == receipt(index, size).entry.to_json()


def test_a_key_is_believed_for_the_sizes_in_which_it_was_the_logs() -> None:
    ring = Keyring.of(KEY.public)
    assert ring is not None
    for last, good in ((11, True), (10, False)):
        page = str(ring.followed_by(NEXT.public, last))
        for key, expected in ((KEY, good), (NEXT, not good)):
            text = receipt(key=key).to_text()
            assert alone(text, page) == ours(text, page) == expected


@given(st.data())
def test_it_says_of_every_changed_byte_what_kept_says(data: st.DataObject) -> None:
    content = receipt().to_text().encode()
    place = data.draw(st.integers(0, len(content) - 1))
    value = data.draw(st.integers(0, 255))
    changed = content[:place] + bytes([value]) + content[place + 1 :]
    try:
        text = changed.decode()
    except UnicodeDecodeError:
        return
    assert alone(text, str(KEY.public)) == ours(text, str(KEY.public))


CHANGES: list[Callable[[dict[str, object]], object]] = [
    lambda value: value.update(leaf_index=True),
    lambda value: value.update(leaf_index=4),
    lambda value: value.update(leaf_index=-1),
    lambda value: value.update(tree_size=12),
    lambda value: value.update(tree_size=11.0),
    lambda value: value.update(kept_receipt=2),
    lambda value: value.update(kept_receipt=True),
    lambda value: value.update(more=1),
    lambda value: value.pop("proof"),
    lambda value: value.update(proof=[]),
    lambda value: value.update(proof="x"),
    lambda value: value.update(proof=[1]),
    lambda value: value.update(key_id=""),
    lambda value: value.update(key_id=NEXT.public.fingerprint),
    lambda value: value.update(checkpoint=""),
    lambda value: value.update(checkpoint=f"{value['checkpoint']}\n"),
    lambda value: value.update(checkpoint=str(value["checkpoint"]).rstrip()),
    lambda value: value.update(checkpoint=receipt(key=NEXT).checkpoint),
    lambda value: value.update(entry=[]),
    lambda value: value.update(entry={}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_receipt_with_anything_changed_is_refused_by_both(
    change: Callable[[dict[str, object]], object],
) -> None:
    value = receipt().to_json()
    change(value)
    text = json.dumps(value)
    assert not alone(text, str(KEY.public))
    assert not ours(text, str(KEY.public))


def test_its_command_says_in_its_status_whether_a_receipt_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, good, bad = (tmp_path / each for each in ("keys", "good", "bad"))
    page.write_text(f"{KEY.public}\n", encoding="utf-8")
    good.write_text(receipt().to_text(), encoding="utf-8")
    bad.write_text(receipt().to_text().replace('"n": 5', '"n": 6'), encoding="utf-8")
    assert ALONE.main([str(good), str(page)]) == 0
    assert ALONE.main([str(bad), str(page)]) == 1
    assert ALONE.main([]) == 2
    assert "NOT VERIFIED" in capsys.readouterr().out

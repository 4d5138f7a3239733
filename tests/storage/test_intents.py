from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from kept.storage.errors import PackageNameRefusedError
from kept.storage.intents import Intents
from kept.vaults.file import FileVault

_NUMBERS = count()


def counted(size: int) -> bytes:
    return next(_NUMBERS).to_bytes(size, "big")


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], Intents]:
    def made() -> Intents:
        return Intents(tmp_path / "intents", FileVault(tmp_path / "keys", counted), counted)

    return made


def test_notes_are_read_again_in_order_and_hold_nothing_clear(
    opened: Callable[[], Intents], tmp_path: Path
) -> None:
    intent = opened().begun("r1")
    intent.note(b"first ana@example.com")
    intent.note(b"second", durable=False)
    intent.close()
    path = tmp_path / "intents" / "r1.intent"
    assert b"ana@" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert opened().waiting() == ("r1",)
    taken = opened().taken("r1")
    assert taken is not None
    assert taken.notes() == (b"first ana@example.com", b"second")
    taken.drop()
    assert opened().waiting() == ()
    assert opened().taken("r1") is None


def test_of_two_only_one_holds_the_notes(opened: Callable[[], Intents]) -> None:
    intent = opened().begun("r1")
    intent.note(b"x")
    assert opened().taken("r1") is None
    intent.close()
    first = opened().taken("r1")
    assert first is not None
    assert opened().taken("r1") is None
    first.close()


def test_a_note_cut_short_at_any_byte_is_left_out_and_the_others_stay(
    opened: Callable[[], Intents], tmp_path: Path
) -> None:
    intent = opened().begun("r1")
    intent.note(b"first")
    path = tmp_path / "intents" / "r1.intent"
    whole = path.stat().st_size
    intent.note(b"second")
    intent.close()
    content = path.read_bytes()
    for end in range(len(content)):
        path.write_bytes(content[:end])
        taken = opened().taken("r1")
        assert taken is not None
        assert taken.notes() == ((b"first",) if end >= whole else ())
        taken.close()


def test_notes_that_were_changed_or_whose_key_is_gone_are_said_to_be_unreadable(
    opened: Callable[[], Intents], tmp_path: Path
) -> None:
    intent = opened().begun("r1")
    intent.note(b"first")
    intent.close()
    path = tmp_path / "intents" / "r1.intent"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    taken = opened().taken("r1")
    assert taken is not None
    assert taken.notes() is None
    content[-1] ^= 1
    path.write_bytes(content)
    assert taken.notes() == (b"first",)
    FileVault(tmp_path / "keys", counted).destroy("intent/r1")
    assert taken.notes() is None
    taken.drop()


def test_a_name_that_leads_elsewhere_is_refused(opened: Callable[[], Intents]) -> None:
    with pytest.raises(PackageNameRefusedError):
        opened().begun("../keys")

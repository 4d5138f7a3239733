"""A witness says when it had seen what, in the format that others' witnesses speak."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, read_note, signed
from kept.evidence.errors import MalformedCheckpointError, MalformedKeyError
from kept.evidence.key import SigningKey
from kept.evidence.tree import EMPTY_ROOT
from kept.evidence.witness import (
    WitnessKey,
    cosignature_message,
    with_signatures_of,
    witnessed,
)

LOG = SigningKey("example.com/log-1", bytes(range(32)))
SECRET = SigningKey("witness.example.com/w1", bytes([7]) * 32)
WITNESS = WitnessKey("witness.example.com/w1", SECRET.public.raw)
NOTE = signed(Checkpoint(LOG.name, 0, EMPTY_ROOT), LOG)
AT = 1_679_315_147


def line(at: int = AT, *, name: str = WITNESS.name, text: str | None = None) -> str:
    own = read_note(NOTE).text
    message = cosignature_message(own if text is None else text, at)
    raw = WITNESS.id + at.to_bytes(8, "big") + SECRET.sign(message)
    return f"\u2014 {name} {base64.b64encode(raw).decode()}\n"


def test_the_message_is_the_one_of_the_specification() -> None:
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert cosignature_message(text, AT) == f"cosignature/v1\ntime 1679315147\n{text}".encode()


def test_a_cosigned_checkpoint_says_who_had_seen_it_and_when() -> None:
    seen = witnessed(read_note(NOTE + line()), WITNESS)
    assert seen is not None
    assert (seen.name, seen.at) == (WITNESS.name, datetime.fromtimestamp(AT, UTC))
    assert read_note(NOTE + line()).signed_by(LOG.public)


def test_the_earliest_of_several_counts_and_a_bad_one_for_nothing() -> None:
    bad = line(AT - 9, text="another\n1\n" + "A" * 43 + "=\n")
    seen = witnessed(read_note(NOTE + line(AT + 5) + bad + line()), WITNESS)
    assert seen is not None
    assert seen.at == datetime.fromtimestamp(AT, UTC)


def test_without_a_good_cosignature_nobody_has_seen_anything() -> None:
    assert witnessed(read_note(NOTE), WITNESS) is None
    assert witnessed(read_note(NOTE + line(name="somebody-else")), WITNESS) is None
    assert witnessed(read_note(NOTE + line(2**63)), WITNESS) is None
    other = WitnessKey(WITNESS.name, LOG.public.raw)
    assert witnessed(read_note(NOTE + line()), other) is None


def test_the_logs_own_signature_is_no_witness() -> None:
    assert witnessed(read_note(NOTE), WitnessKey(LOG.name, LOG.public.raw)) is None


@given(st.integers(0, 75), st.integers(1, 255))
def test_no_byte_of_a_cosignature_can_be_changed(place: int, change: int) -> None:
    own = read_note(NOTE + line()).signatures[1]
    raw = own.key + own.raw
    bent = raw[:place] + bytes([raw[place] ^ change]) + raw[place + 1 :]
    text = f"{NOTE}\u2014 {WITNESS.name} {base64.b64encode(bent).decode()}\n"
    assert witnessed(read_note(text), WITNESS) is None


def test_signatures_are_added_to_our_note_and_to_no_other() -> None:
    assert with_signatures_of(NOTE, NOTE + line()) == NOTE + line()
    assert with_signatures_of(NOTE, line()) == NOTE + line()
    assert with_signatures_of(NOTE + line(), NOTE) == NOTE + line()
    other = signed(Checkpoint("other", 0, EMPTY_ROOT), SigningKey("other", bytes(32)))
    with pytest.raises(MalformedCheckpointError):
        with_signatures_of(NOTE, other)
    with pytest.raises(MalformedCheckpointError):
        with_signatures_of(NOTE, "rubbish")


def test_a_witness_key_survives_its_file() -> None:
    assert WitnessKey.parse(f"{WITNESS}\n") == WITNESS


@pytest.mark.parametrize(
    "text", ["", "w+00000000+", str(LOG.public), str(WITNESS)[:-1], f"x{WITNESS}", f"{WITNESS}=="]
)
def test_what_is_no_witness_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedKeyError):
        WitnessKey.parse(text)

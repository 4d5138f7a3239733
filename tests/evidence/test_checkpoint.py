"""Checkpoints and keys are in the formats that others have tools for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.evidence.checkpoint import Checkpoint, origin_for, read_note, signed
from kept.evidence.errors import MalformedCheckpointError, MalformedKeyError
from kept.evidence.key import PublicKey, SigningKey
from kept.evidence.tree import Hash

KEY = SigningKey("example.com/log-1", bytes(range(32)))
OTHER = SigningKey("example.com/log-1", bytes(32))
CHECKPOINT = Checkpoint("example.com/log-1", 7, Hash(bytes(range(32))))

# The example of the specification of signed notes, and of Go's note package.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_key_that_others_made_is_read_and_checks_what_they_signed() -> None:
    key = PublicKey.parse(GO_KEY)
    assert key.name == "PeterNeumann"
    assert key.id.hex() == "c74f20a3"
    text, _, line = GO_NOTE.rpartition("\n\n")
    import base64

    raw = base64.b64decode(line.split()[2])
    assert raw[:4] == key.id
    assert key.verifies(raw[4:], f"{text}\n".encode())
    assert not key.verifies(raw[4:], text.encode())


def test_a_checkpoint_is_three_lines_a_blank_one_and_a_signature() -> None:
    lines = signed(CHECKPOINT, KEY).split("\n")
    assert lines[:4] == [
        "example.com/log-1",
        "7",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "",
    ]
    assert lines[4].startswith("— example.com/log-1 ")
    assert lines[5:] == [""]


def test_a_checkpoint_is_read_as_it_was_signed_and_is_its_signers() -> None:
    note = read_note(signed(CHECKPOINT, KEY))
    assert note.checkpoint == CHECKPOINT
    assert note.signed_by(KEY.public)
    assert not note.signed_by(OTHER.public)


def test_the_same_checkpoint_is_the_same_text() -> None:
    assert signed(CHECKPOINT, KEY) == signed(CHECKPOINT, KEY)


def test_a_witness_may_sign_below_and_is_not_taken_for_the_log() -> None:
    witness = SigningKey("witness.example/w", bytes(range(1, 33)))
    own = signed(CHECKPOINT, KEY)
    line = signed(CHECKPOINT, witness).split("\n\n")[1]
    note = read_note(own + line)
    assert len(note.signatures) == 2
    assert note.signed_by(KEY.public)
    assert not note.signed_by(witness.public)


def test_one_bad_signature_in_the_logs_name_spoils_the_note() -> None:
    note = signed(CHECKPOINT, KEY)
    line = signed(Checkpoint("example.com/log-1", 8, CHECKPOINT.root), KEY).split("\n\n")[1]
    assert not read_note(note + line).signed_by(KEY.public)


def test_a_log_cannot_speak_for_another_log() -> None:
    foreign = Checkpoint("example.com/log-2", 7, CHECKPOINT.root)
    assert not read_note(signed(foreign, KEY)).signed_by(KEY.public)


@given(st.data())
def test_every_single_byte_changed_is_noticed(data: st.DataObject) -> None:
    raw = bytearray(signed(CHECKPOINT, KEY).encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        text = raw.decode()
        assert not read_note(text).signed_by(KEY.public)
    except (UnicodeDecodeError, MalformedCheckpointError):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "a\n1\n",
        "a\n01\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAAAAA=\n",
        "a\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAAAAA=\n",
        "a\n9999999999999999999\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAAAAA=\n",
        "a\n1\nAAEC\n\n— a AAAAAAA=\n",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n\n— a AAAAAAA=\n",
        "a\n1\nnot base64!\n\n— a AAAAAAA=\n",
        "\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAAAAA=\n",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n- a AAAAAAA=\n",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAA\n",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a AAAAAAA=",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n— a\tAAAAAAA=\n",
        "a\n1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n" + "— a AAAAAAA=\n" * 33,
        "x" * 70_000,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(MalformedCheckpointError):
        read_note(text)


@given(st.text(max_size=300))
def test_any_text_is_a_checkpoint_or_refused(text: str) -> None:
    try:
        read_note(text)
    except MalformedCheckpointError:
        return


def test_keys_survive_their_files() -> None:
    assert PublicKey.parse(f"{KEY.public}\n") == KEY.public
    assert SigningKey.parse(f"{KEY.secret_text}\n") == KEY
    assert SigningKey.parse(KEY.secret_text).public == KEY.public


def test_a_secret_is_not_in_the_words_of_its_key() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        str(KEY.public).replace("log-1", "log-2"),
        str(KEY.public)[:-8],
        "name+00000000+AAAA",
        "na me+00000000+" + str(KEY.public).rpartition("+")[2],
        KEY.secret_text,
        "x" * 10_000,
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedKeyError):
        PublicKey.parse(text)


@pytest.mark.parametrize(
    "text", ["", str(KEY.public), KEY.secret_text[:-4], KEY.secret_text.replace("log-1", "log-2")]
)
def test_what_is_no_signing_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(MalformedKeyError) as refused:
        SigningKey.parse(text)
    assert KEY.secret_text.rpartition("+")[2][:8] not in str(refused.value)


@given(st.text(max_size=100))
def test_every_controller_gets_a_name_that_a_log_can_have(controller: str) -> None:
    assert PublicKey(origin_for(controller, b"abcd"), bytes(32)).name.endswith("/log-61626364")

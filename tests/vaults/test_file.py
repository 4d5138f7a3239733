"""Keys are made once, reachable by one user, and never replaced in silence."""

import os
import stat
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from kept.evidence.errors import KeyMismatchError, KeyMissingError, MalformedKeyError
from kept.evidence.key import PublicKey, SigningKey
from kept.vaults.errors import (
    KeyDamagedError,
    KeyExposedError,
    KeyNameRefusedError,
    VaultUnavailableError,
)
from kept.vaults.file import FileVault

NUMBERS = count(1)


def randomness() -> Callable[[int], bytes]:
    return lambda size: next(NUMBERS).to_bytes(4, "big") * (size // 4)


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "state" / "keys", randomness())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_made_once_and_stays(vault: FileVault, tmp_path: Path) -> None:
    first = vault.secret("pseudonyms")
    assert len(first) == 32
    assert vault.secret("pseudonyms") == first
    assert FileVault(tmp_path / "state" / "keys", randomness()).secret("pseudonyms") == first
    assert vault.secret("suppression") != first


def test_asking_whether_a_secret_is_known_makes_none(vault: FileVault, tmp_path: Path) -> None:
    assert vault.known_secret("suppression") is None
    assert vault.signing_key() is None
    assert vault.public_key() is None
    assert not (tmp_path / "state").exists()


def test_only_the_owner_can_reach_keys(vault: FileVault, tmp_path: Path) -> None:
    vault.secret("package/rq-1")
    key = vault.propose_signing_key("example/log").public
    vault.adopt_signing_key(key)
    keys = tmp_path / "state" / "keys"
    assert mode(keys) == 0o700
    assert mode(keys / "secrets" / "package") == 0o700
    for path in keys.rglob("*"):
        if path.is_file() and path.name != "log.pub":
            assert mode(path) == 0o600
    assert not list(keys.rglob("*.partial"))


def test_a_destroyed_secret_is_gone_and_the_next_one_is_new(vault: FileVault) -> None:
    first = vault.secret("package/rq-1")
    assert vault.destroy("package/rq-1")
    assert vault.known_secret("package/rq-1") is None
    assert not vault.destroy("package/rq-1")
    assert vault.secret("package/rq-1") != first


def test_a_destroyed_secret_is_overwritten_before_its_file_goes(
    vault: FileVault, tmp_path: Path
) -> None:
    vault.secret("package/rq-1")
    link = tmp_path / "link"
    link.hardlink_to(tmp_path / "state" / "keys" / "secrets" / "package" / "rq-1.bin")
    vault.destroy("package/rq-1")
    assert link.read_bytes() == bytes(32)


def test_threads_that_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "keys", randomness())
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(vault.secret("pseudonyms"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "../log",
        "a/../b",
        "a//b",
        "/etc",
        "A",
        "a b",
        "a/",
        ".a",
        "a/b/c/d/e",
        "é",
        "a" * 300,
        "a\0",
    ],
)
def test_a_name_that_could_leave_the_directory_is_refused(vault: FileVault, name: str) -> None:
    for ask in (vault.secret, vault.known_secret, vault.destroy):
        with pytest.raises(KeyNameRefusedError):
            ask(name)


@pytest.mark.parametrize("loosened", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_that_others_can_reach_is_refused(
    vault: FileVault, tmp_path: Path, loosened: int
) -> None:
    vault.secret("suppression")
    (tmp_path / "state/keys/secrets/suppression.bin").chmod(loosened)
    with pytest.raises(KeyExposedError) as refused:
        vault.secret("suppression")
    assert "0600" in refused.value.remedy


@pytest.mark.parametrize("loosened", [0o750, 0o705, 0o777])
def test_a_directory_that_others_can_reach_is_refused(
    vault: FileVault, tmp_path: Path, loosened: int
) -> None:
    vault.secret("suppression")
    (tmp_path / "state/keys").chmod(loosened)
    for ask in (
        lambda: vault.secret("suppression"),
        lambda: vault.secret("new"),
        vault.signing_key,
    ):
        with pytest.raises(KeyExposedError):
            ask()


def test_a_link_in_place_of_a_key_is_refused(vault: FileVault, tmp_path: Path) -> None:
    vault.secret("suppression")
    path = tmp_path / "state/keys/secrets/suppression.bin"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    for ask in (vault.secret, vault.known_secret, vault.destroy):
        with pytest.raises(KeyExposedError):
            ask("suppression")
    assert (tmp_path / "elsewhere").read_bytes() != bytes(32)


def test_a_link_in_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    FileVault(tmp_path / "real", randomness()).secret("suppression")
    (tmp_path / "keys").symlink_to(tmp_path / "real")
    with pytest.raises(KeyExposedError):
        FileVault(tmp_path / "keys", randomness()).secret("suppression")


def test_a_folder_or_a_pipe_in_place_of_a_key_is_refused(vault: FileVault, tmp_path: Path) -> None:
    vault.secret("one")
    (tmp_path / "state/keys/secrets/two.bin").mkdir(mode=0o700)
    os.mkfifo(tmp_path / "state/keys/secrets/three.bin", 0o600)
    for name in ("two", "three"):
        with pytest.raises(KeyExposedError):
            vault.known_secret(name)


@pytest.mark.parametrize("content", [b"", b"short", bytes(31), bytes(33), bytes(10_000)])
def test_a_secret_of_another_size_is_refused(
    vault: FileVault, tmp_path: Path, content: bytes
) -> None:
    vault.secret("suppression")
    (tmp_path / "state/keys/secrets/suppression.bin").write_bytes(content)
    with pytest.raises(KeyDamagedError):
        vault.secret("suppression")


@pytest.mark.parametrize("content", [b"", b"\xff" * 90, b"PRIVATE+KEY+a+b+c", b"x" * 10_000])
def test_a_signing_key_that_is_none_is_refused(
    vault: FileVault, tmp_path: Path, content: bytes
) -> None:
    key = vault.propose_signing_key("example/log").public
    vault.adopt_signing_key(key)
    (tmp_path / "state/keys/log.key").write_bytes(content)
    with pytest.raises(KeyDamagedError):
        vault.signing_key()
    with pytest.raises(KeyDamagedError):
        vault.adopt_signing_key(key)


def test_a_key_is_proposed_once_and_then_adopted(vault: FileVault) -> None:
    proposed = vault.propose_signing_key("example/log")
    assert vault.signing_key() is None
    assert vault.propose_signing_key("another/name") == proposed
    assert vault.adopt_signing_key(proposed.public) == proposed
    assert vault.signing_key() == proposed
    assert vault.adopt_signing_key(proposed.public) == proposed


def test_the_public_key_is_a_file_that_others_can_verify_with(vault: FileVault) -> None:
    key = vault.propose_signing_key("example/log").public
    vault.adopt_signing_key(key)
    assert PublicKey.parse(vault.public_file.read_text()) == key
    assert vault.public_key() == key


def test_a_log_can_be_verified_after_its_signing_key_is_gone(
    vault: FileVault, tmp_path: Path
) -> None:
    key = vault.propose_signing_key("example/log").public
    vault.adopt_signing_key(key)
    (tmp_path / "state/keys/log.key").unlink()
    assert vault.public_key() == key
    vault.public_file.write_text("nonsense")
    with pytest.raises(MalformedKeyError):
        vault.public_key()


def test_a_public_key_that_was_deleted_is_written_again(vault: FileVault) -> None:
    key = vault.propose_signing_key("example/log").public
    vault.adopt_signing_key(key)
    vault.public_file.unlink()
    vault.adopt_signing_key(key)
    assert PublicKey.parse(vault.public_file.read_text()) == key


def test_a_lost_signing_key_is_an_error(vault: FileVault) -> None:
    with pytest.raises(KeyMissingError) as refused:
        vault.adopt_signing_key(SigningKey("example/log", bytes(32)).public)
    assert "backup" in refused.value.remedy
    assert vault.signing_key() is None


def test_another_logs_signing_key_is_an_error(vault: FileVault) -> None:
    vault.adopt_signing_key(vault.propose_signing_key("example/log").public)
    with pytest.raises(KeyMismatchError):
        vault.adopt_signing_key(SigningKey("example/log", bytes(32)).public)


def test_a_vault_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VaultUnavailableError):
        FileVault(tmp_path / "file" / "keys", randomness()).secret("suppression")

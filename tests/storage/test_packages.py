"""A package is read by nobody without its key, and by nobody at all after its time."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kept.storage.errors import (
    DatabaseFaultError,
    NothingStoredError,
    PackageDamagedError,
    PackageExpiredError,
    PackageNameRefusedError,
)
from kept.storage.packages import Packages
from kept.vaults.file import FileVault

AT = datetime(2026, 5, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
CONTENT = b"ana@example.com and all that is known of her" * 50


@pytest.fixture
def packages(tmp_path: Path, vault: FileVault, randomness: Callable[[int], bytes]) -> Packages:
    return Packages(tmp_path / ".kept" / "packages", vault, randomness)


def test_a_package_comes_back_as_it_was(packages: Packages) -> None:
    packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    packages.store("rq-2", b"", expires_at=AT + WEEK)
    assert packages.load("rq-1", at=AT) == CONTENT
    assert packages.load("rq-2", at=AT) == b""


def test_nothing_readable_lies_on_the_disk(packages: Packages, tmp_path: Path) -> None:
    path = packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    for each in (tmp_path / ".kept").rglob("*"):
        if each.is_file():
            assert b"ana@" not in each.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["rq-1.package"]


def test_a_package_ends_with_its_time_and_its_key_with_it(
    packages: Packages, vault: FileVault
) -> None:
    path = packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    assert packages.load("rq-1", at=AT + WEEK - timedelta(seconds=1)) == CONTENT
    with pytest.raises(PackageExpiredError):
        packages.load("rq-1", at=AT + WEEK)
    assert not path.exists()
    assert vault.known_secret("package/rq-1") is None
    with pytest.raises(NothingStoredError):
        packages.load("rq-1", at=AT)


def test_a_copy_of_a_package_is_worth_nothing_once_its_key_is_gone(packages: Packages) -> None:
    path = packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    copy = path.read_bytes()
    assert packages.delete("rq-1")
    assert not packages.delete("rq-1")
    path.write_bytes(copy)
    with pytest.raises(NothingStoredError):
        packages.load("rq-1", at=AT)


def test_a_package_that_is_made_again_has_a_new_key(packages: Packages, vault: FileVault) -> None:
    packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    first = vault.known_secret("package/rq-1")
    packages.store("rq-1", b"later", expires_at=AT + WEEK)
    assert packages.load("rq-1", at=AT) == b"later"
    assert vault.known_secret("package/rq-1") != first


def test_every_changed_byte_is_noticed(packages: Packages) -> None:
    path = packages.store("rq-1", b"short", expires_at=AT + WEEK)
    whole = path.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(PackageDamagedError):
            packages.load("rq-1", at=AT)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(PackageDamagedError):
            packages.load("rq-1", at=AT)


def test_one_persons_package_is_not_given_to_another(packages: Packages) -> None:
    first = packages.store("rq-1", CONTENT, expires_at=AT + WEEK)
    second = packages.store("rq-2", b"other", expires_at=AT + WEEK)
    second.write_bytes(first.read_bytes())
    with pytest.raises(PackageDamagedError):
        packages.load("rq-2", at=AT)


def test_what_is_over_is_swept_and_what_is_not_stays(packages: Packages) -> None:
    directory = packages.store("rq-1", CONTENT, expires_at=AT + WEEK).parent
    packages.store("rq-2", CONTENT, expires_at=AT + 2 * WEEK)
    (directory / "rq-3.package").write_bytes(b"half")
    (directory / "rq-2.77.partial").write_bytes((directory / "rq-1.package").read_bytes())
    (directory / "rq-4.77.partial").write_bytes(b"being wr")
    assert packages.delete_expired(AT + WEEK) == 3
    assert sorted(each.name for each in directory.iterdir()) == [
        "rq-2.package",
        "rq-4.77.partial",
    ]
    assert packages.load("rq-2", at=AT + WEEK) == CONTENT
    assert packages.delete_expired(AT + WEEK) == 0


def test_sweeping_where_nothing_ever_was_is_fine(packages: Packages) -> None:
    assert packages.delete_expired(AT) == 0


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "A", ".x", "a.b", "x" * 101, "a\0"])
def test_a_name_that_could_leave_the_directory_is_refused(packages: Packages, name: str) -> None:
    with pytest.raises(PackageNameRefusedError):
        packages.store(name, CONTENT, expires_at=AT)


def test_a_directory_that_cannot_be_used_is_said(
    tmp_path: Path, vault: FileVault, randomness: Callable[[int], bytes]
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseFaultError):
        Packages(tmp_path / "file", vault, randomness).store("rq-1", b"", expires_at=AT)

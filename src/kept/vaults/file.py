"""Where keys live when there is no key service: a directory that only one user can read.

    keys/             0700
      log.key         0600  the log's signing key
      log.key.new     0600  a key proposed for a log that no database remembers yet
      log.pub         0644  what outsiders verify with, one line for each key the log had
      secrets/…       0600  32 bytes each

The directory is not part of the database, and must not be part of its backup.
"""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident

from kept.evidence.errors import KeyMismatchError, KeyMissingError, MalformedKeyError
from kept.evidence.key import KEY_SIZE, PublicKey, SigningKey
from kept.evidence.keyring import LONGEST, Keyring
from kept.vaults.errors import (
    KeyDamagedError,
    KeyExposedError,
    KeyNameRefusedError,
    VaultUnavailableError,
)

SIGNING = "log.key"
PROPOSED = "log.key.new"
PUBLIC = "log.pub"
SECRETS = "secrets"
SECRET_SIZE = 32

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?){0,3}")
_LONGEST_NAME = 200
_LONGEST_KEY = 4096
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class FileVault:
    """Keys as files. Every write is atomic and synced.

    Nothing is ever overwritten, but by a rotation of the log's key.

    Args:
        directory: Where the keys are. Made on the first write, its parents too.
        random_bytes: Returns so many bytes fit for keys.
    """

    def __init__(self, directory: Path, random_bytes: Callable[[int], bytes]) -> None:
        self._directory = directory
        self._random_bytes = random_bytes

    @property
    def public_file(self) -> Path:
        """Where the log's public key is, for those who verify."""
        return self._directory / PUBLIC

    def public_key(self) -> PublicKey | None:
        """Return the log's public key, or ``None`` where no key was adopted.

        Raises:
            MalformedKeyError: The signing key is gone, and ``log.pub`` is no key.
        """
        key = self.signing_key()
        if key is not None:
            return key.public
        # A log can be verified after its signing key was destroyed or moved away.
        keys = self._published()
        return None if keys is None else keys.current

    def published_keys(self) -> Keyring | None:
        """Return all keys that the log had, or ``None`` where no key was adopted.

        Raises:
            MalformedKeyError: ``log.pub`` is no page of keys.
        """
        keys = self._published()
        if keys is None:
            return Keyring.of(self.public_key())
        return keys

    def signing_key(self) -> SigningKey | None:
        """Return the adopted key of the log, or ``None`` where there is none.

        Raises:
            KeyExposedError: Others can reach it.
            KeyDamagedError: It is no key.
        """
        return self._key(SIGNING)

    def propose_signing_key(self, origin: str) -> SigningKey:
        """Return the key proposed for a new log, or for a rotation, made on the first call.

        Raises:
            MalformedKeyError: The page of keys, to which it would be added, is none.
        """
        # Found out before anything is changed anywhere.
        self._published()
        proposed = self._key(PROPOSED)
        if proposed is None:
            key = SigningKey(origin, self._random_bytes(KEY_SIZE))
            self._write(PROPOSED, f"{key.secret_text}\n".encode())
            proposed = self._key(PROPOSED)
        if proposed is None:
            raise VaultUnavailableError("A key that was just written is not there.")
        return proposed

    def adopt_signing_key(self, key: PublicKey) -> SigningKey:
        """Make the proposed key the log's own, and export its public half as ``log.pub``.

        Raises:
            KeyMissingError: `key` was neither proposed nor adopted.
            KeyMismatchError: Another key was adopted.
        """
        adopted = self.signing_key() or self._adopted(key)
        if adopted.public != key:
            raise KeyMismatchError(
                f"The log is signed with the key {key.id.hex()}, "
                f"the vault holds {adopted.public.id.hex()}."
            )
        if not self.public_file.exists():
            self._write(PUBLIC, f"{key}\n".encode(), mode=0o644)
        return adopted

    def replace_signing_key(self, key: PublicKey, last: int) -> SigningKey:
        """Make the proposed key the log's own, and destroy the secret of the one before.

        Raises:
            KeyMissingError: `key` was neither proposed nor adopted, or none was before it.
        """
        adopted, keys = self.signing_key(), self.published_keys()
        if adopted is not None and adopted.public == key:
            return adopted
        proposed = self._key(PROPOSED)
        if proposed is None or proposed.public != key or adopted is None or keys is None:
            raise KeyMissingError(f"The key {key.id.hex()} of the log is not in the vault.")
        if keys.named(key.fingerprint) is None:
            # First published: a key that signs and that nobody knows would be worse.
            page = f"{keys.followed_by(key, last)}\n"
            self._replace(PUBLIC, page.encode(), mode=0o644)
        path = self._directory / SIGNING
        with _available(path):
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(descriptor, "wb", closefd=True) as old:
                size = os.fstat(descriptor).st_size
                (self._directory / PROPOSED).replace(path)
                _sync(self._directory)
                old.write(bytes(size))
                old.flush()
                os.fsync(descriptor)
        return proposed

    def secret(self, name: str) -> bytes:
        """Return 32 random bytes that belong to `name`, made on the first call.

        Of two processes that ask first at the same time, both get the same bytes.

        Raises:
            KeyNameRefusedError: The name is no safe name for a file.
            KeyExposedError: Others can reach it.
            KeyDamagedError: It has another size.
            VaultUnavailableError: It cannot be read or written.
        """
        found = self.known_secret(name)
        if found is None:
            self._write(_path(name), self._random_bytes(SECRET_SIZE))
            found = self.known_secret(name)
        if found is None:
            raise VaultUnavailableError("A secret that was just written is not there.")
        return found

    def known_secret(self, name: str) -> bytes | None:
        """Return the secret called `name`, or ``None`` where it was not made or is destroyed."""
        content = self._read(_path(name))
        if content is not None and len(content) != SECRET_SIZE:
            raise KeyDamagedError(f"The secret {name} has not {SECRET_SIZE} bytes.")
        return content

    def destroy(self, name: str) -> bool:
        """Destroy the secret called `name` for good; return whether there was one.

        The bytes are overwritten first. A disk or file system that keeps old blocks may
        keep them all the same: there, put the directory on a volume that does not.
        """
        path = self._directory / _path(name)
        with _available(path):
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                return False
            with os.fdopen(descriptor, "wb") as file:
                file.write(bytes(max(SECRET_SIZE, os.fstat(descriptor).st_size)))
                file.flush()
                os.fsync(descriptor)
            path.unlink()
            _sync(path.parent)
        return True

    def _adopted(self, key: PublicKey) -> SigningKey:
        proposed = self._key(PROPOSED)
        if proposed is not None and proposed.public == key:
            with _available(self._directory), suppress(FileNotFoundError):
                (self._directory / PROPOSED).rename(self._directory / SIGNING)
                _sync(self._directory)
        # Another process may have been faster.
        adopted = self.signing_key()
        if adopted is None:
            raise KeyMissingError(f"The key {key.id.hex()} of the log is not in the vault.")
        return adopted

    def _published(self) -> Keyring | None:
        with _available(self.public_file):
            try:
                with self.public_file.open(encoding="utf-8", errors="replace") as file:
                    return Keyring.parse(file.read(LONGEST))
            except FileNotFoundError:
                return None

    def _key(self, name: str) -> SigningKey | None:
        content = self._read(name)
        if content is None:
            return None
        try:
            return SigningKey.parse(content.decode("ascii"))
        except (UnicodeDecodeError, MalformedKeyError):
            raise KeyDamagedError(f"The file {name} of the vault is no signing key.") from None

    def _read(self, name: str) -> bytes | None:
        """Return a file's bytes, ``None`` if it is missing; refuse what others can reach."""
        path = self._directory / name
        with _available(path):
            try:
                _refuse_exposed(os.lstat(self._directory), directory=True)
                # Opened without following links and judged by what was opened, so that
                # nobody can put another file there between looking and reading.
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except FileNotFoundError:
                return None
            try:
                _refuse_exposed(os.fstat(descriptor), directory=False)
                content = os.read(descriptor, _LONGEST_KEY + 1)
            finally:
                os.close(descriptor)
        if len(content) > _LONGEST_KEY:
            raise KeyDamagedError(f"The file {path.name} of the vault is too large for a key.")
        return content

    def _write(self, name: str, content: bytes, mode: int = 0o600) -> None:
        """Write a file that is not there yet; where another process was first, its file stays."""
        path = self._directory / name
        with _available(path):
            self._make_directories(path.parent)
            partial = _partial(path, content, mode)
            with suppress(FileExistsError):
                path.hardlink_to(partial)
            partial.unlink()
            _sync(path.parent)

    def _replace(self, name: str, content: bytes, *, mode: int) -> None:
        """Put a file in place of another: a reader sees the old one or the new one, whole."""
        path = self._directory / name
        with _available(path):
            _partial(path, content, mode).replace(path)
            _sync(path.parent)

    def _make_directories(self, innermost: Path) -> None:
        self._directory.parent.mkdir(parents=True, exist_ok=True)
        missing = [self._directory]
        missing += [
            self._directory / parent
            for parent in reversed(innermost.relative_to(self._directory).parents)
            if parent != Path()
        ]
        missing.append(innermost)
        for directory in missing:
            directory.mkdir(mode=0o700, exist_ok=True)
        _refuse_exposed(os.lstat(self._directory), directory=True)


def _partial(path: Path, content: bytes, mode: int) -> Path:
    """Write what a file shall hold beside it, synced; return where."""
    partial = path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.partial")
    partial.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(partial, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return partial


def _path(name: str) -> str:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or ".." in name:
        raise KeyNameRefusedError("A secret's name is one to four short parts, with slashes.")
    return f"{SECRETS}/{name}.bin"


def _refuse_exposed(status: os.stat_result, *, directory: bool) -> None:
    what = "The directory of keys" if directory else "A file of the vault"
    expected = stat.S_ISDIR if directory else stat.S_ISREG
    if not expected(status.st_mode):
        raise KeyExposedError(f"{what} is a link or something else than it must be.")
    if status.st_uid != os.geteuid():
        raise KeyExposedError(f"{what} belongs to another user.")
    if status.st_mode & _OTHERS:
        raise KeyExposedError(
            f"{what} can be reached by others: mode {status.st_mode & 0o777:04o}."
        )


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _available(path: Path) -> Iterator[None]:
    """Turn the system's errors into ours; a link where a key should be is an exposed key."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise KeyExposedError(f"The file {path.name} of the vault is a link.") from None
        raise VaultUnavailableError(
            f"The file {path.name} of the vault cannot be used: {error.strerror}."
        ) from None

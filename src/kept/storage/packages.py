"""Where the answers to access requests wait for the person: encrypted, and not for long.

One file per request, under a key of the request's own that lives in the vault. Whoever has
the files has nothing; destroying the key ends the package, wherever a copy of it is.

    magic 8 · expiry 8, seconds since 1970 · nonce 12 · AES-256-GCM over the content,
    which binds the request's id and all that stands before
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.evidence.vault import Vault
from kept.storage.directory import sync
from kept.storage.errors import (
    DatabaseFaultError,
    NothingStoredError,
    PackageDamagedError,
    PackageExpiredError,
    PackageNameRefusedError,
)

SUFFIX = ".package"
_MAGIC = b"KEPTPKG1"
_NONCE = 12
_HEADER = len(_MAGIC) + 8 + _NONCE
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


class Packages:
    """Encrypted packages as files of mode 0600.

    Args:
        directory: Where the files are. Made on the first write, with mode 0700.
        vault: Where each package's key is, as the secret ``package/<request id>``.
        random_bytes: Returns so many bytes fit for nonces.
    """

    def __init__(self, directory: Path, vault: Vault, random_bytes: Callable[[int], bytes]) -> None:
        self._directory = directory
        self._vault = vault
        self._random_bytes = random_bytes

    def store(self, request: str, content: bytes, *, expires_at: datetime) -> Path:
        """Encrypt and keep the package of `request`, durably; return its file.

        A package that the request had before is replaced, under a new key.

        Raises:
            PackageNameRefusedError: The id is no safe name for a file.
            UnavailableError: The disk or the vault does not answer; calling again is safe.
        """
        path = self._path(request)
        self.delete(request)
        key = self._vault.secret(_secret(request))
        seconds = int(expires_at.timestamp())
        header = _MAGIC + seconds.to_bytes(8, "big") + self._random_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(header[-_NONCE:], content, _bound(header, request))
        with _available():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = path.with_suffix(f".{os.getpid()}.partial")
            partial.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(partial, flags, 0o600), "wb") as file:
                file.write(header)
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
            sync(self._directory)
        return path

    def load(self, request: str, *, at: datetime) -> bytes:
        """Return the package of `request`, decrypted. Nothing clear touches the disk.

        Raises:
            NothingStoredError: There is none, or its key was destroyed.
            PackageExpiredError: Its time is over. It is deleted.
            PackageDamagedError: Its file was changed, or is another request's.
        """
        path = self._path(request)
        with _available():
            try:
                raw = path.read_bytes()
            except FileNotFoundError:
                raise NothingStoredError("There is no package for this request.") from None
        key = self._vault.known_secret(_secret(request))
        if key is None:
            raise NothingStoredError("The key of this request's package was destroyed.")
        header = raw[:_HEADER]
        if len(raw) < _HEADER or not header.startswith(_MAGIC):
            raise PackageDamagedError("The file is no package.")
        try:
            content = AESGCM(key).decrypt(header[-_NONCE:], raw[_HEADER:], _bound(header, request))
        except InvalidTag:
            raise PackageDamagedError("The package was changed, or is another request's.") from None
        # Judged only now: before, the expiry may be anybody's.
        if _expires(header) <= at:
            self.delete(request)
            raise PackageExpiredError("The package's time is over; it was deleted.")
        return content

    def delete(self, request: str) -> bool:
        """Destroy the key of a package, then its file; return whether there was either."""
        path = self._path(request)
        destroyed = self._vault.destroy(_secret(request))
        with _available():
            try:
                path.unlink()
            except FileNotFoundError:
                return destroyed
            sync(self._directory)
        return True

    def delete_expired(self, at: datetime) -> int:
        """Delete every package whose time is over, and files that are none; say how many.

        What a crash left half written goes with them, once its time is over too.
        """
        deleted = 0
        with _available():
            for path in sorted(self._directory.glob("*")) if self._directory.exists() else []:
                with path.open("rb") as file:
                    header = file.read(_HEADER)
                whole = len(header) == _HEADER and header.startswith(_MAGIC)
                # A partial file without its header is being written at this moment.
                over = _expires(header) <= at if whole else path.suffix == SUFFIX
                deleted += over and self._deleted(path)
        return deleted

    def _deleted(self, path: Path) -> bool:
        request = path.name.removesuffix(SUFFIX)
        # A partial file's name has a dot, which no id has: its key may be another's by now.
        if _ID.fullmatch(request):
            return self.delete(request)
        path.unlink()
        return True

    def _path(self, request: str) -> Path:
        if not _ID.fullmatch(request):
            raise PackageNameRefusedError("A request's id is no safe name for a file.")
        return self._directory / f"{request}{SUFFIX}"


def _secret(request: str) -> str:
    return f"package/{request}"


def _bound(header: bytes, request: str) -> bytes:
    return header + request.encode()


def _expires(header: bytes) -> datetime:
    seconds = int.from_bytes(header[len(_MAGIC) : len(_MAGIC) + 8], "big")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatabaseFaultError(
            f"The directory of packages cannot be used: {error.strerror}."
        ) from None

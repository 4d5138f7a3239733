"""Where it is noted what an erasure is about to do, so that a crash leaves no doubt about it.

One file per request, under a key of the request's own, the secret ``intent/<request id>``.
Notes are appended and synced; the file is locked for as long as the process that writes it
lives, so that nobody takes an erasure that is running for one that was interrupted.

    note: length 4 · nonce 12 · AES-256-GCM over the content, bound to the id and the place
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kept.evidence.vault import Vault
from kept.storage.directory import sync
from kept.storage.errors import DatabaseFaultError, PackageNameRefusedError

SUFFIX = ".intent"
_LENGTH = 4
_NONCE = 12
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")


class Intent:
    """The notes of one request, held by this process alone until `close` or `drop`."""

    def __init__(
        self,
        path: Path,
        descriptor: int,
        vault: Vault,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._path = path
        self._descriptor = descriptor
        self._vault = vault
        self._random_bytes = random_bytes
        self._request = path.name.removesuffix(SUFFIX)
        self._count = 0
        self._open = True

    def note(self, content: bytes, *, durable: bool = True) -> None:
        """Append one note, encrypted; it is on disk when this returns, if it must be.

        Raises:
            UnavailableError: The disk or the vault does not answer.
        """
        key = self._vault.secret(_secret(self._request))
        nonce = self._random_bytes(_NONCE)
        sealed = AESGCM(key).encrypt(nonce, content, _bound(self._request, self._count))
        raw = (_NONCE + len(sealed)).to_bytes(_LENGTH, "big") + nonce + sealed
        with _available():
            view = memoryview(raw)
            while view:
                view = view[os.write(self._descriptor, view) :]
            if durable:
                os.fsync(self._descriptor)
        self._count += 1

    def notes(self) -> tuple[bytes, ...] | None:
        """Return the notes in order, or ``None`` where they cannot be read any more.

        A note that a crash cut short was never acted upon, and is left out.
        """
        with _available():
            raw = self._path.read_bytes()
        key = self._vault.known_secret(_secret(self._request))
        found: list[bytes] = []
        while len(raw) >= _LENGTH:
            size = int.from_bytes(raw[:_LENGTH], "big")
            sealed, raw = raw[_LENGTH : _LENGTH + size], raw[_LENGTH + size :]
            if len(sealed) < max(size, _NONCE + 1):
                break
            if key is None:
                return None
            try:
                opened = AESGCM(key).decrypt(
                    sealed[:_NONCE], sealed[_NONCE:], _bound(self._request, len(found))
                )
            except InvalidTag:
                return None
            found.append(opened)
        return tuple(found)

    def drop(self) -> None:
        """Destroy the key, then the file: the request has ended, or has never begun."""
        self._vault.destroy(_secret(self._request))
        with _available():
            # Unsynced: a file that a power cut brings back has no key, and is dropped again.
            self._path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let others have it."""
        if self._open:
            self._open = False
            os.close(self._descriptor)


class Intents:
    """What erasures are about to do, as encrypted files of mode 0600.

    Args:
        directory: Where the files are. Made on the first write, with mode 0700.
        vault: Where each request's key is.
        random_bytes: Returns so many bytes fit for nonces.
    """

    def __init__(self, directory: Path, vault: Vault, random_bytes: Callable[[int], bytes]) -> None:
        self._directory = directory
        self._vault = vault
        self._random_bytes = random_bytes

    def begun(self, request: str) -> Intent:
        """Return new, empty notes of `request`, held by this process.

        Raises:
            PackageNameRefusedError: The id is no safe name for a file.
            UnavailableError: The disk does not answer; calling again is safe.
        """
        path = self._path(request)
        with _available():
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            held = self._held(path, os.O_CREAT, fcntl.LOCK_EX)
            if held is not None:
                with _available():
                    sync(self._directory)
                return held

    def waiting(self) -> tuple[str, ...]:
        """Return the requests that have notes: under way now, or interrupted."""
        with _available():
            if not self._directory.exists():
                return ()
            return tuple(
                sorted(
                    each.name.removesuffix(SUFFIX) for each in self._directory.glob(f"*{SUFFIX}")
                )
            )

    def taken(self, request: str) -> Intent | None:
        """Return the notes of an interrupted request, held by this process from now on.

        ``None`` where there are none any more, or another process that lives holds them.
        """
        with suppress(FileNotFoundError, BlockingIOError):
            return self._held(self._path(request), 0, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return None

    def _held(self, path: Path, flags: int, lock: int) -> Intent | None:
        with _available():
            descriptor = os.open(
                path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | flags, 0o600
            )
            try:
                fcntl.flock(descriptor, lock)
                # Whoever held it before may have dropped it: then this is nobody's file.
                gone = os.fstat(descriptor).st_nlink == 0
            except BaseException:
                os.close(descriptor)
                raise
        if gone:
            os.close(descriptor)
            return None
        return Intent(path, descriptor, self._vault, self._random_bytes)

    def _path(self, request: str) -> Path:
        if not _ID.fullmatch(request):
            raise PackageNameRefusedError("A request's id is no safe name for a file.")
        return self._directory / f"{request}{SUFFIX}"


def _secret(request: str) -> str:
    return f"intent/{request}"


def _bound(request: str, place: int) -> bytes:
    return f"{request}/{place}".encode()


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, BlockingIOError):
        raise
    except OSError as error:
        raise DatabaseFaultError(
            f"The directory of intents cannot be used: {error.strerror}."
        ) from None

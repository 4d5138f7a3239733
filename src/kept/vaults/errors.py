"""What can go wrong with keys."""

from typing import ClassVar

from kept.errors import RefusedError, UnavailableError


class KeyExposedError(RefusedError):
    """A key, or the directory of keys, can be reached by others."""

    code: ClassVar[str] = "vaults.key-exposed"
    remedy: str = (
        "Give the directory of keys mode 0700 and its files mode 0600, owned by the user that "
        "runs Kept; if others could read a key, treat it as known to them."
    )


class KeyDamagedError(RefusedError):
    """A file of the vault does not hold what its name says."""

    code: ClassVar[str] = "vaults.key-damaged"
    remedy: str = "Restore this file from the backup of the directory of keys."


class KeyNameRefusedError(RefusedError):
    """A secret was asked for under a name that no file can safely have."""

    code: ClassVar[str] = "vaults.name-refused"
    remedy: str = "Use names of lower-case letters, digits, dots, dashes and slashes."


class VaultUnavailableError(UnavailableError):
    """The directory of keys cannot be read or written."""

    code: ClassVar[str] = "vaults.unavailable"
    remedy: str = "Check that the disk is there, is not full, and may be written by this user."

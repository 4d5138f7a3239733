"""What can go wrong while a sample company is written."""

from typing import ClassVar

from kept.errors import RefusedError


class UnknownCompanyError(RefusedError):
    """There is no sample company of that name."""

    code: ClassVar[str] = "demo.unknown-company"


class FolderInUseError(RefusedError):
    """The folder holds a configuration that the demonstration did not write."""

    code: ClassVar[str] = "demo.folder-in-use"
    remedy: str = "Name an empty folder with --dir."


class UnknownViolationError(RefusedError):
    """No violation can be planted for that duty."""

    code: ClassVar[str] = "demo.unknown-violation"

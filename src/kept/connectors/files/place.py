"""What a place must do that files are kept in: list them, and open one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol

MOST_FILES = 200_000
"""Files of one store that are looked at."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Entry:
    """One file.

    Attributes:
        path: From the place's root, segments joined by ``/``.
        size: In bytes.
        changed: What changes when its content does: a time or a tag.
    """

    path: str
    size: int
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What is in a place.

    Attributes:
        entries: Its files, ordered by path.
        unread: What could not be listed, each with why.
    """

    entries: tuple[Entry, ...]
    unread: tuple[tuple[str, str], ...] = ()


class Place(Protocol):
    """A folder, or what looks like one."""

    @property
    def shown(self) -> str:
        """Its address without anything secret."""
        ...

    @property
    def title(self) -> str:
        """The last part of its address: what it is called."""
        ...

    @property
    def options(self) -> Mapping[str, str] | None:
        """What libraries need to read it by address; ``None`` where files are opened here."""
        ...

    def entries(self) -> Listing:
        """Return the files in it, at any depth.

        Raises:
            KeptError: The place is not there, or may not be read.
        """
        ...

    def open(self, path: str) -> BinaryIO:
        """Open one of its files. It can be sought in.

        Raises:
            KeptError: The file is gone, or may not be read.
        """
        ...

    def address(self, path: str) -> str:
        """Return the address of a file or folder in it, for libraries."""
        ...

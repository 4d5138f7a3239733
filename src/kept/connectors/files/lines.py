"""How a file's lines are read: unpacked and recoded on the way, in bounded memory.

What leaves here is UTF-8 in nearly every case, one line at a time. A line that is
longer than `LONGEST` comes in several pieces. A packed file that unpacks to far more than
anything real would is read to a bound.
"""

import bz2
import codecs
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

LONGEST = 1 << 20
"""Bytes of one line that are handed out at once."""

HEAD = 1 << 16
"""Bytes at the beginning of a file that tell what it is."""

_LEAST_UNPACKED = 64 << 20
_MOST_RATIO = 250
_PACKED: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_NOT_TEXT = 0.02


class DamagedError(OSError):
    """A packed file ends too early, is damaged, or unpacks to too much."""


class Line(NamedTuple):
    """One line, without what ends it.

    Attributes:
        content: Its bytes.
        end: Where the next one begins, counted in what was unpacked.
        whole: Whether it ends here; if not, the next is its continuation.
    """

    content: bytes
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A file that is text.

    Attributes:
        stream: Its content, unpacked; recoded to UTF-8 if it was UTF-16.
        head: Its beginning.
        seekable: Whether going to any place in it costs nothing.
        start: Where its content begins, after a byte order mark.
    """

    stream: BinaryIO
    head: bytes
    seekable: bool
    start: int

    @property
    def whole(self) -> bool:
        """Whether the head is all there is."""
        return len(self.head) < HEAD


def text_of(raw: BinaryIO, size: int) -> Text | None:
    """Return the text that a file holds, or ``None`` where it holds none.

    Raises:
        DamagedError: It is packed, and not even its beginning can be unpacked.
    """
    magic = raw.read(6)
    raw.seek(0)
    stream, seekable = raw, True
    for mark, opener in _PACKED.items():
        if magic.startswith(mark):
            bound = max(_LEAST_UNPACKED, size * _MOST_RATIO)
            stream, seekable = _buffered(_Unpacked(opener(raw), bound)), False
    head = _read(stream, HEAD)
    stream.seek(0)
    wide = _WIDE.get(head[:2])
    if wide:
        stream, seekable = _buffered(_Recoded(stream, wide)), False
        head = _read(stream, HEAD)
        stream.seek(0)
    elif _is_binary(head):
        return None
    start = 3 if head.startswith(codecs.BOM_UTF8) else 0
    return Text(stream=stream, head=head, seekable=seekable, start=start)


def go_to(text: Text, offset: int) -> None:
    """Make the next line be the one at `offset`."""
    text.stream.seek(max(offset, text.start))


def lines(stream: BinaryIO, at: int, longest: int = LONGEST) -> Iterator[Line]:
    """Yield the lines of `stream`, which stands at the offset `at`.

    Raises:
        DamagedError: It cannot be unpacked any further.
    """
    read = stream.readline
    while content := read(longest):
        at += len(content)
        if content.endswith(b"\n"):
            yield Line(content[:-2] if content.endswith(b"\r\n") else content[:-1], at, True)  # noqa: FBT003 - a NamedTuple's field
        else:
            yield Line(content, at, len(content) < longest)


def decoded(content: bytes, encoding: str = "utf-8") -> str:
    """Return a line as text: where it is not in the file's encoding, in the commonest other."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _read(stream: BinaryIO, size: int) -> bytes:
    """Read up to `size` bytes: what is damaged later on is not damaged here."""
    parts: list[bytes] = []
    left = size
    while left > 0:
        try:
            part = stream.read(min(left, 8_192))
        except DamagedError:
            if not parts:
                raise
            break
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _is_binary(head: bytes) -> bool:
    strange = head.count(b"\0") + sum(head.count(bytes((code,))) for code in range(1, 7))
    return b"\0" in head[:1024] or strange > len(head) * _NOT_TEXT


def _buffered(raw: io.RawIOBase) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(raw, HEAD))


class _Unpacked(io.RawIOBase):
    """What a packed file holds, up to a bound."""

    def __init__(self, packed: BinaryIO, bound: int) -> None:
        super().__init__()
        self._packed = packed
        self._bound = bound

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return self._packed.seek(offset, whence)
        except (OSError, EOFError, zlib.error, lzma.LZMAError):
            raise DamagedError from None

    def tell(self) -> int:
        return self._packed.tell()

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - any writable buffer
        if self._packed.tell() > self._bound:
            raise DamagedError
        try:
            part = self._packed.read(len(into))
        except (OSError, EOFError, zlib.error, lzma.LZMAError):
            raise DamagedError from None
        into[: len(part)] = part
        return len(part)


class _Recoded(io.RawIOBase):
    """A text of another encoding as UTF-8. It goes back to its beginning, and forward."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._encoding = encoding
        self._begin()

    def _begin(self) -> None:
        self._stream.seek(2)
        self._decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        self._left = b""
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        wanted = offset + (self._at if whence == io.SEEK_CUR else 0)
        if wanted < self._at:
            self._begin()
        while self._at < wanted:
            if not self.readinto(bytearray(min(HEAD, wanted - self._at))):
                break
        return self._at

    def readinto(self, into: Any) -> int:  # noqa: ANN401 - any writable buffer
        while not self._left:
            part = self._stream.read(HEAD)
            self._left = self._decoder.decode(part, final=not part).encode("utf-8", "replace")
            if not part:
                break
        part, self._left = self._left[: len(into)], self._left[len(into) :]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)

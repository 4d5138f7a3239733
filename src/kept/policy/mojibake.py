"""Which characters of a text are UTF-8 that somebody read in another encoding."""

import re
import unicodedata
from collections.abc import Iterator

_LEADS = "ÂÃÅâïðØÙโ๏๐"
# A run of characters outside ASCII that begins like a wrongly read sequence. Bounded,
# so that a text of nothing else costs no more than its length.
_RUN = re.compile(rf"[{_LEADS}][^\x00-\x7f]{{1,64}}")


def _bytes_of(*encodings: str) -> dict[str, int]:
    """Return which byte each character stood for, the first encoding before the next."""
    table: dict[str, int] = {}
    for encoding in encodings:
        for byte in range(0x80, 0x100):
            character = bytes([byte]).decode(encoding, errors="ignore")
            if character:
                table.setdefault(character, byte)
    return table


# Windows-874 leaves most of 80-9F undefined, and readers fall back to windows-1252 there.
_TABLES = (_bytes_of("cp1252", "latin_1"), _bytes_of("cp874", "cp1252", "latin_1"))
_CONTINUATION = range(0x80, 0xC0)
# Which first bytes begin a UTF-8 sequence of which size (RFC 3629).
_SIZES = ((range(0xC2, 0xE0), 2), (range(0xE0, 0xF0), 3), (range(0xF0, 0xF5), 4))
_SYMBOL_LEAD = 0xE2
_BEFORE_LETTERS = 0xA0
_VARIATION = "\ufe0f\u200d"


def repairs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield `(start, end, replacement)` for each wrongly read run, in order.

    A run that stood for an emoji, or that lost bytes on its way, is replaced by
    nothing: it was decoration, and what it was cannot be told. Text that is right is
    never touched: a run counts only if its bytes are well-formed UTF-8, or begin as an
    emoji does.
    """
    for run in _RUN.finditer(text):
        for table in _TABLES:
            found = list(_sequences(run[0], table))
            if found:
                for start, end, replacement in found:
                    yield run.start() + start, run.start() + end, replacement
                break


def _sequences(run: str, table: dict[str, int]) -> Iterator[tuple[int, int, str]]:
    at = 0
    while at < len(run):
        lead = table.get(run[at], 0)
        size = _size(lead)
        if not size:
            at += 1
            continue
        end = at + 1
        while end < min(at + size, len(run)) and table.get(run[end], 0) in _CONTINUATION:
            end += 1
        replacement = _replacement(bytes(table[each] for each in run[at:end]), size)
        if replacement is not None:
            yield at, end, replacement
        at = end


def _size(lead: int) -> int:
    """Return how many bytes a UTF-8 sequence with this first byte has, 0 if it is none."""
    return next((size for leads, size in _SIZES if lead in leads), 0)


def _replacement(octets: bytes, size: int) -> str | None:
    if len(octets) == size:
        try:
            meant = octets.decode("utf-8")
        except UnicodeDecodeError:
            return None
        return "" if meant in _VARIATION or unicodedata.category(meant) == "So" else meant
    damaged_emoji = octets[:2] == b"\xf0\x9f"
    # The rest of a symbol whose last byte had no character: its second one tells it
    # from a letter of a script.
    damaged_symbol = len(octets) > 1 and octets[0] == _SYMBOL_LEAD and octets[1] < _BEFORE_LETTERS
    damaged_mark = octets[:2] == b"\xef\xb8"
    return "" if damaged_emoji or damaged_symbol or damaged_mark else None

"""Which characters of a text are UTF-8 that somebody read in another encoding."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

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
# Other encodings are believed where a whole text looks so. In the Arabic one, the letters of
# a wrongly read text are letters of right ones too.
_WHOLE = ("cp1256", "cp1250", "mac_roman", "cp437", "cp850")
_OUTSIDE = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 20_000
_LEAST_OUTSIDE = 6
_NEARLY_ALL = 0.9
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
    whole = _misread(text)
    if whole is not None:
        yield from whole
        return
    for run in _RUN.finditer(text):
        for table in _TABLES:
            found = list(_sequences(run[0], table))
            if found:
                for start, end, replacement in found:
                    yield run.start() + start, run.start() + end, replacement
                break


def _misread(text: str) -> list[tuple[int, int, str]] | None:
    """Return the repairs of a text that was read in another encoding from end to end.

    What one word alone could not show, all of them together do: nearly every character
    outside ASCII belongs to a well-formed sequence.
    """
    sample = text[:_SAMPLE]
    outside = len(_OUTSIDE.findall(sample))
    if outside < _LEAST_OUTSIDE:
        return None
    for table, wanted in _whole_tables():
        met = sum(map(len, wanted.findall(sample)))
        if met >= _NEARLY_ALL * outside:
            found = ((each, each[0].translate(table)) for each in wanted.finditer(text))
            meant = ((each, _meant(octets)) for each, octets in found)
            return [(each.start(), each.end(), plain) for each, plain in meant if plain is not None]
    return None


def _meant(octets: str) -> str | None:
    try:
        meant = octets.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None
    return "" if meant in _VARIATION or unicodedata.category(meant) == "So" else meant


@cache
def _whole_tables() -> tuple[tuple[dict[int, str], re.Pattern[str]], ...]:
    """Return for each encoding which byte its characters stand for, and what sequences look like."""
    tables = []
    for encoding in _WHOLE:
        table = {ord(key): chr(byte) for key, byte in _bytes_of(encoding).items()}

        def some(first: int, last: int, table: dict[int, str] = table) -> str:
            held = (chr(key) for key, byte in table.items() if first <= ord(byte) <= last)
            return f"[{re.escape(''.join(held))}]"

        rest = some(0x80, 0xBF)
        sequences = "|".join(
            some(*leads) + rest + f"{{{count}}}"
            for leads, count in (((0xC2, 0xDF), 1), ((0xE0, 0xEF), 2), ((0xF0, 0xF4), 3))
        )
        tables.append((table, re.compile(sequences)))
    return tuple(tables)


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

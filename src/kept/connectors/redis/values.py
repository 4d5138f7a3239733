"""What stands at a key, as rows: one for a hash or a text, one for each item of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kept.connectors.redis.server import Server
from kept.inventory.connector import Value

PIECE = 1 << 20
"""Bytes of a text that are fetched at once; a longer one makes several rows."""

_FIRST = 1 << 16
_ITEMS = 1_000

VALUE, ITEM, SCORE, ENTRY, FIELD = "value", "item", "score", "entry id", "field"

Row = dict[str, Value]

_SIZES = {
    "string": "STRLEN", "hash": "HLEN", "list": "LLEN", "set": "SCARD", "zset": "ZCARD",
    "stream": "XLEN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What one key holds.

    Attributes:
        rows: Its rows, without what the key itself says.
        expires: Whether it will vanish by itself.
        unread: Why it could not be read, or empty.
    """

    rows: list[Row]
    expires: bool = False
    unread: str = ""


def look(server: Server, keys: Sequence[bytes], most: int) -> list[Found]:
    """Return the first `most` rows of each key, in two trips."""
    told = server.ask([part for key in keys for part in (("TYPE", key), ("PTTL", key))])
    kinds = [_kind(each) for each in told[::2]]
    commands = [_first(kind, key, most) for kind, key in zip(kinds, keys, strict=True)]
    answers = iter(server.ask([each for each in commands if each]))
    return [
        _found(kind, next(answers) if command else told[at * 2], told[at * 2 + 1], most)
        for at, (kind, command) in enumerate(zip(kinds, commands, strict=True))
    ]


def whole(server: Server, keys: Sequence[bytes]) -> Iterator[tuple[bytes, Row]]:
    """Yield every row of many keys, each with its key: the small ones in three trips, each large one alone.

    Raises:
        KeptError: The server did not answer, or the account may not read one of them.
    """
    kinds = [_kind(each) for each in _denied(server, server.ask([("TYPE", key) for key in keys]))]
    known = [(key, kind) for key, kind in zip(keys, kinds, strict=True) if kind in _SIZES]
    sizes = server.ask([(_SIZES[kind], key) for key, kind in known])
    small = [
        (key, kind)
        for (key, kind), size in zip(known, sizes, strict=True)
        if isinstance(size, int) and size <= (_FIRST if kind == "string" else _ITEMS)
    ]
    answers = server.ask([_all(kind, key) for key, kind in small])
    read = {key: rows(kind, held) for (key, kind), held in zip(small, answers, strict=True)
            if not isinstance(held, Exception)}  # fmt: skip
    for key in keys:
        for row in read[key] if key in read else every(server, key):
            yield key, row


def _found(kind: str, answer: object, expiry: object, most: int) -> Found:
    expires = isinstance(expiry, int) and expiry >= 0
    if isinstance(answer, Exception):
        return Found([], expires, _why(answer))
    return Found(rows(kind, answer)[:most], expires)


def every(server: Server, key: bytes) -> Iterator[Row]:
    """Yield every row of a key, some at a time.

    Raises:
        KeptError: The server did not answer, or the account may not read the key.
    """
    (told,) = server.ask([("TYPE", key)])
    kind = _kind(told)
    match kind:
        case "string":
            yield from _text_pieces(server, key)
        case "list" | "zset":
            yield from _ranged(server, key, kind)
        case "hash" | "set":
            yield from _scanned(server, key, kind)
        case "stream":
            yield from _streamed(server, key)
        case "none":
            return
        case _:
            yield from _asked(server, kind, _first(kind, key, _ITEMS))


def _text_pieces(server: Server, key: bytes) -> Iterator[Row]:
    start = 0
    while True:
        with server.translated():
            (piece,) = _raised(server.ask([("GETRANGE", key, start, start + PIECE - 1)]))
        if piece or not start:
            yield {VALUE: text(piece)}
        if len(piece) < PIECE:
            return
        start += PIECE


def _ranged(server: Server, key: bytes, kind: str) -> Iterator[Row]:
    start = 0
    while True:
        end = start + _ITEMS - 1
        command = ("LRANGE", key, start, end)
        if kind == "zset":
            command = ("ZRANGE", key, start, end, "WITHSCORES")  # type: ignore[assignment]  # one word more
        found = _asked(server, kind, command)
        yield from found
        if len(found) < _ITEMS:
            return
        start += _ITEMS


def _scanned(server: Server, key: bytes, kind: str) -> Iterator[Row]:
    """Yield a hash as one row where it is small, and what a set holds, step by step."""
    if kind == "hash":
        with server.translated():
            (size,) = _raised(server.ask([("HLEN", key)]))
        if size <= _ITEMS:
            yield from _asked(server, kind, ("HGETALL", key))
            return
    cursor = 0
    while True:
        word = "HSCAN" if kind == "hash" else "SSCAN"
        with server.translated():
            (answer,) = _raised(server.ask([(word, key, cursor, "COUNT", _ITEMS)]))
        cursor = int(answer[0])
        yield from rows(kind, answer[1])
        if not cursor:
            return


def _streamed(server: Server, key: bytes) -> Iterator[Row]:
    start = "-"
    while True:
        found = _asked(server, "stream", ("XRANGE", key, start, "+", "COUNT", _ITEMS))
        yield from found
        if len(found) < _ITEMS:
            return
        start = f"({found[-1][ENTRY]!s}"


def _asked(server: Server, kind: str, command: tuple[object, ...]) -> list[Row]:
    if not command:
        return []
    with server.translated():
        (answer,) = _raised(server.ask([command]))
    return rows(kind, answer)


def _raised(answers: list[Any]) -> list[Any]:
    for each in answers:
        if isinstance(each, Exception):
            raise each
    return answers


def _all(kind: str, key: bytes) -> tuple[object, ...]:
    """Return the command that reads all rows of a small key."""
    return {
        "string": ("GET", key),
        "hash": ("HGETALL", key),
        "list": ("LRANGE", key, 0, -1),
        "set": ("SMEMBERS", key),
        "zset": ("ZRANGE", key, 0, -1, "WITHSCORES"),
        "stream": ("XRANGE", key, "-", "+"),
    }[kind]


def _denied(server: Server, answers: list[Any]) -> list[Any]:
    with server.translated():
        return _raised(answers)


def _first(kind: str, key: bytes, most: int) -> tuple[object, ...]:
    """Return the command that reads the first rows of a key."""
    commands: dict[str, tuple[object, ...]] = {
        "string": ("GETRANGE", key, 0, _FIRST - 1),
        "hash": ("HSCAN", key, 0, "COUNT", _ITEMS),
        "list": ("LRANGE", key, 0, most - 1),
        "set": ("SSCAN", key, 0, "COUNT", most),
        "zset": ("ZRANGE", key, 0, most - 1, "WITHSCORES"),
        "stream": ("XRANGE", key, "-", "+", "COUNT", most),
        "ReJSON-RL": ("JSON.GET", key),
    }
    return commands.get(kind, ())


def rows(kind: str, answer: Any) -> list[Row]:  # noqa: ANN401 - the driver's answers have no type
    """Return the rows that an answer holds."""
    found: list[Row] = []
    match kind:
        case "string" | "ReJSON-RL":
            found = [{VALUE: text(answer)}]
        case "hash":
            found = [_fields(_pairs(_scanned_part(answer)))]
        case "set":
            found = [{ITEM: text(each)} for each in sorted(_scanned_part(answer))]
        case "list":
            found = [{ITEM: text(each)} for each in answer]
        case "zset":
            found = [{ITEM: text(item), SCORE: float(score)} for item, score in _scored(answer)]
        case "stream":
            found = [{ENTRY: text(entry), **_fields(_pairs(held or {}))} for entry, held in answer]
    return found


def _scanned_part(answer: Any) -> Any:  # noqa: ANN401 - likewise
    """Return what a step of a scan brought, without where the next one begins."""
    stepped = isinstance(answer, list | tuple) and len(answer) == 2  # noqa: PLR2004 - cursor and content
    return answer[1] if stepped and isinstance(answer[1], list | set | dict) else answer


def _scored(answer: Sequence[Any]) -> list[tuple[bytes, Any]]:
    if answer and isinstance(answer[0], list | tuple):
        return [(each[0], each[1]) for each in answer]
    return list(zip(answer[::2], answer[1::2], strict=False))


def _pairs(held: Any) -> Mapping[bytes, bytes]:  # noqa: ANN401 - a mapping, or a flat list
    if isinstance(held, Mapping):
        return held
    return dict(zip(held[::2], held[1::2], strict=False))


def _fields(held: Mapping[bytes, bytes]) -> Row:
    return {str(text(key)): text(value) for key, value in held.items()}


def text(value: object) -> Value:
    """Return what a value says: text where it is text, else bytes."""
    if not isinstance(value, bytes):
        return value if isinstance(value, str | int | float) or value is None else str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _kind(told: object) -> str:
    return told.decode() if isinstance(told, bytes) else str(told) if isinstance(told, str) else ""


def _why(error: Exception) -> str:
    said = str(error)
    if "NOPERM" in said or "permission" in said:
        return "permission denied"
    return "did not answer" if "WRONGTYPE" not in said else "changed meanwhile"

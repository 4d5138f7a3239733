"""Which commands take rows out of keys, and empty fields there, whatever kind each key is.

What a key expires by stays as it was. A key whose last row goes is gone itself.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kept.connectors.errors import StoreChangedError
from kept.connectors.open_rows import row_of
from kept.connectors.redis.index import KeyGroup
from kept.connectors.redis.server import Server
from kept.connectors.redis.values import ENTRY, FIELD, ITEM, VALUE, whole
from kept.connectors.staged.held import Change, Held
from kept.inventory.connector import Value
from kept.plans.errors import PlanRefusedError

KEY = "key"
"""By what a row is known: the key that it stands under, and its number there."""

Command = tuple[object, ...]


def held_rows(server: Server, group: KeyGroup, keys: Sequence[bytes]) -> Iterator[Held]:
    """Yield every row of some keys of a dataset."""
    names = [each.name for each in group.columns]
    known = frozenset(names)
    counts: dict[bytes, int] = defaultdict(int)
    for key, read in whole(server, keys):
        for row in group.rows(key, [read]):
            values = dict(zip(names, row_of(row, names, {}, known), strict=True))
            yield Held((key, counts[key]), values, row)
            counts[key] += 1


def commands_for(
    server: Server, store: str, changes: Sequence[Change], *, still: bool = False
) -> list[Command]:
    """Return what carries the changes out.

    Args:
        server: Where the keys are.
        store: Its name.
        changes: What becomes of which rows.
        still: Whether to refuse where a key does not hold what it held.

    Raises:
        PlanRefusedError: Fields were to be emptied in a key that has none.
        StoreChangedError: A key holds something else.
    """
    commands: list[Command] = []
    for change in changes:
        delete = _by_key(change.delete)
        blank: dict[bytes, list[tuple[Held, Mapping[str, Value]]]] = defaultdict(list)
        for row, after in change.blank:
            blank[_key(row)].append((row, after))
        keys = sorted({*delete, *blank})
        kinds = dict(zip(keys, server.ask([("TYPE", key) for key in keys]), strict=True))
        for key in keys:
            kind = bytes(kinds[key]).decode() if isinstance(kinds[key], bytes) else str(kinds[key])
            if kind == "none":
                continue  # It ran out by itself.
            rows = [*delete.get(key, ()), *(row for row, _ in blank[key])]
            left = _left(server, key, rows, store, still=still)
            commands += _deleting(kind, key, delete.get(key, []), left)
            for row, after in blank[key]:
                commands += _blanking(kind, key, row, after, change.dataset)
    return commands


def _left(server: Server, key: bytes, rows: Sequence[Held], store: str, *, still: bool) -> int:
    """Return how many rows of a key stay, once `rows` are gone."""
    now = [row for _, row in whole(server, [key])]
    if any(FIELD in (each.content or {}) for each in rows):
        now = [{FIELD: name, VALUE: value} for row in now for name, value in row.items()]
    if still and not all(any(_holds(each, row) for row in now) for each in rows):
        raise StoreChangedError(
            f"a key of the store {store!r} was changed by another program meanwhile",
            remedy="Try again when whoever writes the keys has finished.",
        )
    return len(now) - len(rows)


def _holds(held: Held, row: Mapping[str, Value]) -> bool:
    """Return whether a row is what was held; what the key itself says stands before it."""
    content = {name: value for name, value in (held.content or {}).items() if name in row}
    own = {name for name in held.content or {} if not name.startswith("key:")}
    return content == row and own <= row.keys()


def _deleting(kind: str, key: bytes, rows: Sequence[Held], left: int) -> Iterator[Command]:
    if not rows:
        return
    if left <= 0 or kind == "string":
        yield ("DEL", key)
        return
    for row in rows:
        content = row.content or {}
        match kind:
            case "hash" if FIELD in content:
                yield ("HDEL", key, content[FIELD])
            case "hash":
                yield ("DEL", key)
            case "set":
                yield ("SREM", key, content[ITEM])
            case "zset":
                yield ("ZREM", key, content[ITEM])
            case "list":
                yield ("LREM", key, 1, content[ITEM])
            case "stream":
                yield ("XDEL", key, content[ENTRY])
            case _:
                yield ("DEL", key)


def _blanking(
    kind: str, key: bytes, row: Held, after: Mapping[str, Value], dataset: str
) -> Iterator[Command]:
    content = row.content or {}
    if kind == "hash" and FIELD not in content:
        for name, value in after.items():
            if name in content:
                yield ("HDEL", key, name) if value is None else ("HSET", key, name, value)
    elif kind == "hash":
        yield ("HSET", key, content[FIELD], _text(after.get(VALUE)))
    elif kind == "string":
        yield ("SET", key, _text(after.get(VALUE)), "KEEPTTL")
    else:
        raise PlanRefusedError(
            f"{dataset} has keys of the kind {kind}, in which no field can be emptied",
            remedy="Set on_erasure of the dataset to delete.",
        )


def _by_key(rows: Sequence[Held]) -> dict[bytes, list[Held]]:
    found: dict[bytes, list[Held]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(row)
    return found


def _key(row: Held) -> bytes:
    key = row.place[0]
    return key if isinstance(key, bytes) else str(key).encode()


def _text(value: Value) -> Value:
    return "" if value is None else value

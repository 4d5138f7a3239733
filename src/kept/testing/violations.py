"""How each duty is broken on purpose, so that its check can be shown to notice.

Each function breaks one promise in one place and changes nothing else: a check that
stays silent afterwards is blind, and a second check that speaks up is confused. They
work on any SQLite store, policy or ``datamap.toml``; what to break is an argument.
Public: a plug-in's check is tested with the same functions.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import tomlkit

from kept.errors import RefusedError
from kept.vocabulary.duty import Duty


class NothingToBreakError(RefusedError):
    """The place that the violation was to be planted in is not there."""

    code: ClassVar[str] = "testing.nothing-to-break"
    remedy: str = "Name a table, a field or words that exist."


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What was planted, in the words of the finding that is expected.

    Attributes:
        duty: The duty that is broken now, and no other.
        dataset: The dataset where, or empty.
        field: The field where, or empty.
        count: How many rows or places.
    """

    duty: Duty
    dataset: str = ""
    field: str = ""
    count: int = 1


def unstated_category(
    store: Path, *, table: str, column: str, values: Sequence[str], rows: int
) -> Planted:
    """Add `column` to a listed `table` and fill it for `rows` rows: data nobody declared.

    Breaks ``declared-data`` where the policy does not state what `column` holds.
    """
    with _changing(store) as connection:
        connection.execute(f"ALTER TABLE {_quoted(table)} ADD COLUMN {_quoted(column)} TEXT")
        for position, row in enumerate(_some_rows(connection, table, rows)):
            connection.execute(
                f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?",
                (values[position % len(values)], row),
            )
    return Planted(duty=Duty.DECLARED_DATA, dataset=table, field=column, count=rows)


def unlisted_table(
    store: Path, *, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> Planted:
    """Create a `table` that ``datamap.toml`` does not list, with people in it.

    Breaks ``covered-systems``, and no other duty where `columns` hold declared categories.
    """
    spelt = ", ".join(f"{_quoted(column)} TEXT" for column in columns)
    marks = ", ".join("?" * len(columns))
    with _changing(store) as connection:
        connection.execute(f"CREATE TABLE {_quoted(table)} (id INTEGER PRIMARY KEY, {spelt})")
        connection.executemany(
            f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, columns))}) VALUES ({marks})",
            rows,
        )
    return Planted(duty=Duty.COVERED_SYSTEMS, dataset=table, count=len(rows))


def card_number(store: Path, *, table: str, column: str, text: str) -> Planted:
    """Write `text`, which holds a card number, into the first row of `column`.

    Breaks ``card-tokenisation``.
    """
    with _changing(store) as connection:
        (row,) = _some_rows(connection, table, 1)
        connection.execute(
            f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?", (text, row)
        )
    return Planted(duty=Duty.CARD_TOKENISATION, dataset=table, field=column)


def kept_too_long(store: Path, *, table: str, column: str, moments: Sequence[str]) -> Planted:
    """Move the date in `column` back to `moments` in rows that have one.

    Breaks ``retention`` where `column` starts a promised period that `moments` exceed.
    """
    with _changing(store) as connection:
        where = f"{_quoted(column)} IS NOT NULL"
        for row, moment in zip(
            _some_rows(connection, table, len(moments), where=where), moments, strict=True
        ):
            connection.execute(
                f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?", (moment, row)
            )
    return Planted(duty=Duty.RETENTION, dataset=table, field=column, count=len(moments))


def new_row(
    store: Path, *, table: str, values: Mapping[str, object], duty: Duty, field: str
) -> Planted:
    """Insert one row, which breaks `duty` by what its `field` holds.

    For an account made by somebody under the limit (``age-limit``), or for a row that
    comes back after an erasure (``right-erasure``).
    """
    marks = ", ".join("?" * len(values))
    with _changing(store) as connection:
        connection.execute(
            f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, values))}) VALUES ({marks})",
            tuple(values.values()),
        )
    return Planted(duty=duty, dataset=table, field=field)


def left_out_of_answers(
    datamap: Path, *, name: str, store: Path, table: str, column: str
) -> Planted:
    """Declare in ``datamap.toml`` that answers leave `column` out, with no reason.

    Breaks ``right-access``. The store, called `name` in the map, is only counted.
    """
    document = tomlkit.parse(datamap.read_text(encoding="utf-8"))
    entry = document
    for key in ("stores", name, "datasets", table, "fields", column):
        if key not in entry:
            raise NothingToBreakError(f"{datamap.name} lists no {name}.{table}.{column}")
        entry = entry[key]
    entry["disclosed"] = False
    datamap.write_text(tomlkit.dumps(document), encoding="utf-8", newline="\n")
    with _changing(store) as connection:
        (count,) = connection.execute(
            f"SELECT count({_quoted(column)}) FROM {_quoted(table)}"
        ).fetchone()
    return Planted(duty=Duty.RIGHT_ACCESS, dataset=table, field=column, count=count)


def weak_hashes(store: Path, *, table: str, column: str, rows: int) -> Planted:
    """Replace `rows` password records with MD5 digests, which break in seconds.

    Breaks ``authentication``.
    """
    with _changing(store) as connection:
        for row in _some_rows(connection, table, rows):
            digest = hashlib.md5(f"password {row}".encode(), usedforsecurity=False).hexdigest()
            connection.execute(
                f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?", (digest, row)
            )
    return Planted(duty=Duty.AUTHENTICATION, dataset=table, field=column, count=rows)


def silent_edit(policy: Path, *, old: str, new: str) -> Planted:
    """Put `new` for `old` in a policy and leave its date as it was.

    Breaks ``policy-version``.
    """
    text = policy.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise NothingToBreakError(f"{policy.name} does not say those words exactly once")
    policy.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    return Planted(duty=Duty.POLICY_VERSION, dataset="", field="")


def clear_values(store: Path, *, table: str, column: str, values: Sequence[str]) -> Planted:
    """Put `values` in clear where protected ones stand.

    Breaks ``encryption-at-rest`` where the map declares `column` protected.
    """
    with _changing(store) as connection:
        where = f"{_quoted(column)} IS NOT NULL"
        for row, value in zip(
            _some_rows(connection, table, len(values), where=where), values, strict=True
        ):
            connection.execute(
                f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?", (value, row)
            )
    return Planted(duty=Duty.ENCRYPTION_AT_REST, dataset=table, field=column, count=len(values))


def _some_rows(
    connection: sqlite3.Connection, table: str, count: int, *, where: str = "1"
) -> list[int]:
    """Return the row ids of the first `count` rows of `table`."""
    rows = connection.execute(
        f"SELECT rowid FROM {_quoted(table)} WHERE {where} ORDER BY rowid LIMIT ?", (count,)
    ).fetchall()
    if len(rows) < count:
        raise NothingToBreakError(f"{table} has fewer than {count} rows to break")
    return [row for (row,) in rows]


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


@contextmanager
def _changing(store: Path) -> Iterator[sqlite3.Connection]:
    """Open the SQLite file `store`, commit at the end, and change nothing on an error."""
    if not store.is_file():
        raise NothingToBreakError(f"there is no store {store.name}")
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

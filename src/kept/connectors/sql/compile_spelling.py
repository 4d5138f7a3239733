"""How every spelling of an identifier is found through an index that knows only one order.

An index on stored text finds what is spelt exactly so. Walking down it letter by letter,
and going on only where some row still begins so, finds every row that differs in letter
case, outer space or separators, in as many look-ups as the identifier has letters at the
most: where only a few rows begin so, they are read and compared by the caller. Where a
row leaves ASCII nothing is guessed: all that begin so far and go on with such a character
are taken, and compared by the caller. So what this finds is never too little.
"""

import json
import string
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kept.connectors.sql.dialects.request_words import RequestWords
from kept.inventory.catalog import Table
from kept.vocabulary.identifier_kind import IdentifierKind

_LAST = 0x10FFFF
_FEW = 8
"""So few rows that begin alike are read, and not walked any further."""

_SEPARATORS = string.punctuation + " "
_LETTERS = string.ascii_letters


def can_walk(table: Table, column: str, kind: IdentifierKind, value: str) -> bool:
    """Return whether spellings of `value` can be found in `column` by walking an index.

    An index must begin with the column, and the value be written in printable ASCII.
    """
    leading = {names[0] for names in (*table.indexes, *table.uniques, table.key) if names}
    return (
        column in leading
        and kind not in {IdentifierKind.NAME, IdentifierKind.DATE_OF_BIRTH}
        and value.isascii()
        and value.isprintable()
        and " " not in value
    )


def spellings(
    words: RequestWords,
    source: sa.TableClause,
    column: str,
    kind: IdentifierKind,
    values: Sequence[str],
) -> sa.Select[Any]:
    """Return the statement that lists stored texts among which all spellings of `values` are."""
    steps = [_steps(kind, letters) for value in values for letters in _beginnings(kind, value)]
    parts = _walk(words, source, column, steps)
    return sa.select(sa.union(*parts).subquery().c.text)


def _beginnings(kind: IdentifierKind, value: str) -> tuple[str, ...]:
    """Return the letters that must follow each other, in every way to write the value."""
    if kind is not IdentifierKind.PHONE or not value.startswith("+"):
        return (value,)
    digits = value[1:]
    return (digits, f"00{digits}")


def _steps(kind: IdentifierKind, letters: str) -> list[list[str]]:
    """Return, for each count of letters seen, what may come next: ``"1x"`` counts, ``"0-"`` not."""
    between = {
        IdentifierKind.PHONE: _SEPARATORS + _LETTERS,
        IdentifierKind.NATIONAL_ID: _SEPARATORS,
    }.get(kind, "")
    exact = kind in {IdentifierKind.ACCOUNT_ID, IdentifierKind.DEVICE_ID}
    steps = []
    for at in range(len(letters) + 1):
        outside = " " if at in {0, len(letters)} else ""
        ignored = sorted(set(between + outside) - set(letters[at : at + 1]))
        counted: set[str] = set()
        if at < len(letters):
            counted = {letters[at]} if exact else {letters[at].lower(), letters[at].upper()}
        steps.append([*(f"1{each}" for each in sorted(counted)), *(f"0{each}" for each in ignored)])
    return steps


def _walk(
    words: RequestWords, source: sa.TableClause, column: str, steps: list[list[list[str]]]
) -> list[sa.Select[Any]]:
    """Return what lists the rows at the end of the walks, and those that leave ASCII on them.

    All walks go on together. Each counts down the letters that it has yet to see.
    """
    starts = words.numbered([len(each) - 1 for each in steps])
    # Without names: one statement may walk down several columns.
    begins = sa.select(
        starts.c.key.label("walk"),
        starts.c.value.label("unseen"),
        sa.cast(sa.literal_column("''"), sa.Text).label("text"),
        sa.literal_column(str(_FEW + 1), sa.Integer).label("rows"),
    ).cte(recursive=True)
    told = json.dumps([each[::-1] for each in steps], separators=(",", ":"))
    following = words.following(told, begins.c.walk, begins.c.unseen)
    longer = begins.c.text.concat(sa.func.substr(following.c.value, 2))
    counted = sa.cast(sa.func.substr(following.c.value, 1, 1), sa.Integer)
    last = words.character(_LAST)
    some = source.alias()
    # One look-up tells whether any row begins so, and whether only a few do.
    there: sa.Select[Any] = (
        sa.select(sa.literal_column("1").label("one"))
        .select_from(some)
        .where(some.c[column] >= longer, some.c[column] < longer.concat(last))
        .limit(sa.literal_column(str(_FEW + 1)))
        .correlate(begins, following)
    )
    rows = sa.select(sa.func.count()).select_from(there.subquery()).scalar_subquery()
    many: sa.ColumnElement[int] = sa.literal_column(str(_FEW))
    walk = begins.union_all(
        sa.select(begins.c.walk, begins.c.unseen - counted, longer, sa.cast(rows, sa.Integer))
        .select_from(begins.join(following, sa.true()))
        .where(begins.c.rows > many)
    )
    row = source.alias()
    text = row.c[column]
    all_ = sa.and_(
        walk.c.rows <= many,
        text >= walk.c.text,
        text < walk.c.text.concat(last),
    )
    goes_on = walk.c.rows > many
    ends = sa.and_(goes_on, walk.c.unseen == sa.literal_column("0"), text == walk.c.text)
    beyond = sa.and_(
        goes_on, text >= walk.c.text.concat(words.character(127)), text <= walk.c.text.concat(last)
    )
    control = sa.and_(
        goes_on, text > walk.c.text, text < walk.c.text.concat(sa.literal_column("' '"))
    )
    return [
        sa.select(text.label("text")).select_from(walk.join(row, condition))
        for condition in (all_, ends, beyond, control)
    ]

"""How personal fields of rows that stay are emptied, whatever their columns insist on."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kept.connectors.sql.erase_fate import Fate
from kept.connectors.sql.transaction import Transaction, source_of
from kept.plans.connector import Key
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import Step
from kept.plans.replacement import Replacement, replacements

_MOST_TRIES = 400

Chosen = Mapping[str, Replacement]


def blank(
    transaction: Transaction,
    fate: Fate,
    *,
    seed: str,
    only: sa.ColumnElement[bool] | None = None,
    careful: bool = True,
) -> Chosen:
    """Empty the fields of each row that stays, and return what stands there now.

    What a column's constraints refuse is tried otherwise; nothing of a failed try is left.

    Args:
        transaction: One that writes.
        fate: The dataset's rows, and which fields of each are emptied.
        seed: Names the erasure.
        only: A further condition that a row must fulfil as it is written.
        careful: Whether to try otherwise at all: a refusal may end the transaction.

    Raises:
        PlanRefusedError: No replacement fits a column; the message names it.
    """
    step, rows = fate.rows.step, fate.blank
    fields = [part for part in step.fields if any(part.name in names for names in rows.values())]
    writable = [part for part in fields if not step.table.column(part.name).generated]
    ladders = {
        part.name: list(
            replacements(
                step.table,
                step.table.column(part.name),
                part.categories,
                f"{seed}\x00{step.dataset}\x00{part.name}",
            )
        )
        for part in writable
    }
    if not ladders:
        return {}
    for name, ladder in ladders.items():
        if not ladder:
            raise _refused(step, {name})
    trying = _Trying(transaction, fate, only, ladders)
    return trying.run() if careful else trying.first()


class _Trying:
    """The search for values that a table's constraints let stand."""

    def __init__(
        self,
        transaction: Transaction,
        fate: Fate,
        only: sa.ColumnElement[bool] | None,
        ladders: Mapping[str, Sequence[Replacement]],
    ) -> None:
        self._transaction = transaction
        self._fate = fate
        self._step = fate.rows.step
        self._only = only
        self._ladders = ladders
        self._left = _MOST_TRIES

    def first(self) -> Chosen:
        """Write what is best, whatever becomes of it."""
        chosen = self._at(dict.fromkeys(self._ladders, 0))
        _write(self._transaction, self._fate, chosen, self._only)
        return chosen

    def run(self) -> Chosen:
        levels = dict.fromkeys(self._ladders, 0)
        suspects: set[str] = set()
        while True:
            blamed = self._try(levels)
            if not blamed:
                return self._at(levels)
            suspects |= blamed
            if len(blamed) > 1:
                return self._together(levels, suspects)
            name = next(iter(blamed))
            levels[name] += 1
            if levels[name] == len(self._ladders[name]):
                raise _refused(self._step, blamed)

    def _together(self, levels: dict[str, int], suspects: set[str]) -> Chosen:
        """Try every combination of columns of which no single one is to blame."""
        names = sorted(suspects)
        tries = itertools.product(*(range(len(self._ladders[name])) for name in names))
        for each in tries:
            blamed = self._try({**levels, **dict(zip(names, each, strict=True))})
            if not blamed:
                return self._at({**levels, **dict(zip(names, each, strict=True))})
            if not blamed <= suspects:
                return self._together(levels, suspects | blamed)
            if self._left <= 0:
                break
        raise _refused(self._step, suspects)

    def _try(self, levels: Mapping[str, int]) -> set[str]:
        """Write what stands at `levels`; return which columns are to blame if it fails."""
        self._left -= 1
        before = self._transaction.connection.begin_nested()
        try:
            _write(self._transaction, self._fate, self._at(levels), self._only)
        except DBAPIError as error:
            cause = error.orig or error
            if not self._transaction.words.refused(cause):
                # The server may have taken back more than this: nobody asks it to do so here.
                raise
            before.rollback()
            said = self._transaction.words.said(cause)
            return _suspects(self._step, said, set(self._ladders))
        before.commit()
        return set()

    def _at(self, levels: Mapping[str, int]) -> Chosen:
        return {name: self._ladders[name][level] for name, level in levels.items()}


def _refused(step: Step, blamed: set[str]) -> PlanRefusedError:
    named = ", ".join(repr(name) for name in sorted(blamed))
    return PlanRefusedError(
        f"{step.dataset} cannot be blanked: no replacement value fits {named}",
        remedy="Relax the column's constraint, or set on_erasure to delete, or keep with a reason.",
    )


def written_otherwise(
    transaction: Transaction, fate: Fate, chosen: Chosen
) -> Iterator[sa.Select[tuple[int]]]:
    """Yield statements that count the rows which do not hold what was written into them."""
    words, table = transaction.words, fate.rows.step.table
    source = source_of(table)
    together: dict[frozenset[Key], list[sa.ColumnElement[bool]]] = {}
    for field, replacement in chosen.items():
        keys = [key for key, fields in fate.blank.items() if field in fields]
        column = source.c[field]
        if not replacement.per_row:
            new = words.bound(column, replacement.value(()))
            together.setdefault(frozenset(keys), []).append(words.differs(column, new))
            continue
        values = {fate.place(key): (replacement.value(key),) for key in keys}
        for part in words.paired(transaction.handle(source, table), [column], values):
            yield _count(source, part.condition, words.differs(column, part.values[0]))
    for some, conditions in together.items():
        named = transaction.named(source, table, map(fate.place, some))
        yield _count(source, named, sa.or_(*conditions))


def _count(source: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count()).select_from(source).where(*conditions)


def _suspects(step: Step, message: str, names: set[str]) -> set[str]:
    """Return the columns that a failed constraint speaks of; the message itself goes nowhere."""
    named = {name for name in names if _speaks_of(message, name)}
    if named:
        return named
    told = {name: step.table.column(name) for name in names}
    typed = {
        name
        for name, column in told.items()
        if any(_speaks_of(message, kind) for kind in (column.domain, column.type) if kind)
    }
    if typed:
        return typed
    # A constraint with a name of its own tells no column.
    checked = {name for name in names if any(_speaks_of(text, name) for text in step.table.checks)}
    return checked or names


def _speaks_of(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _write(
    transaction: Transaction,
    fate: Fate,
    chosen: Chosen,
    only: sa.ColumnElement[bool] | None,
) -> None:
    table = fate.rows.step.table
    source = source_of(table)
    names = transaction.handle(source, table)
    per_row = [name for name, each in chosen.items() if each.per_row]
    rows = fate.blank
    fate.moved = dict(_renamed(transaction, fate, chosen))
    if not per_row and not table.place:
        condition = transaction.named(source, table, rows)
        transaction.connection.execute(_update(transaction, fate, condition, chosen, {}, only))
        return
    values = {key: tuple(chosen[name].value(key) for name in per_row) for key in rows}
    groups = [values] if not table.place else [{key: value} for key, value in values.items()]
    for group in groups:
        for part in transaction.words.paired(names, [source.c[name] for name in per_row], group):
            news = dict(zip(per_row, part.values, strict=True))
            statement = _update(transaction, fate, part.condition, chosen, news, only)
            if not table.place:
                transaction.connection.execute(statement)
                continue
            # A row that is written lies elsewhere then.
            (old,) = group
            read = transaction.read(source, [table.place])
            for now in transaction.rows(statement.returning(*read)):
                fate.moved[old] = now


def _renamed(transaction: Transaction, fate: Fate, chosen: Chosen) -> Iterator[tuple[Key, Key]]:
    """Yield the rows whose very name is replaced, with the new one."""
    names = transaction.words.handle(fate.rows.step.table)
    if not any(name in chosen for name in names):
        return
    for key, fields in fate.blank.items():
        new = tuple(
            chosen[name].value(key) if name in fields and name in chosen else value
            for name, value in zip(names, key, strict=True)
        )
        if new != key:
            yield key, new


def _update(
    transaction: Transaction,
    fate: Fate,
    condition: sa.ColumnElement[bool],
    chosen: Chosen,
    news: Mapping[str, sa.ColumnElement[Any]],
    only: sa.ColumnElement[bool] | None,
) -> sa.Update:
    table = fate.rows.step.table
    source = source_of(table)
    # A conflict clause of the table could delete another row, or skip ours, in silence.
    statement = sa.update(source).prefix_with("OR ABORT", dialect="sqlite").where(condition)
    if only is not None:
        statement = statement.where(only)
    values: dict[sa.ColumnElement[Any], sa.ColumnElement[Any]] = {}
    for name, replacement in chosen.items():
        column = source.c[name]
        new = news.get(name)
        if new is None:
            new = transaction.words.bound(column, replacement.value(()))
        keys = [key for key, fields in fate.blank.items() if name in fields]
        if len(keys) < len(fate.blank):
            new = sa.case((transaction.named(source, table, keys), new), else_=column)
        values[column] = new
    return statement.values(values)

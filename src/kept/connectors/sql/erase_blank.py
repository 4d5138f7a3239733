"""How personal fields of rows that stay are emptied, whatever their columns insist on."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from kept.connectors.sql.compile import among, fits_json, handle, listed
from kept.connectors.sql.names import table_of
from kept.inventory.connector import Value
from kept.plans.connector import Key
from kept.plans.errors import PlanRefusedError
from kept.plans.plan import Step
from kept.plans.replacement import Replacement, replacements

_MOST_TRIES = 400

Chosen = Mapping[str, Replacement]


def blank(
    connection: Connection,
    step: Step,
    rows: Mapping[Key, frozenset[str]],
    *,
    seed: str,
    only: sa.ColumnElement[bool] | None = None,
) -> Chosen:
    """Empty the fields of each row, and return what stands there now.

    What a column's constraints refuse is tried otherwise; nothing of a failed try is left.

    Args:
        connection: In a transaction that writes.
        step: The dataset's step.
        rows: The rows, and which fields of each.
        seed: Names the erasure.
        only: A further condition that a row must fulfil as it is written.

    Raises:
        PlanRefusedError: No replacement fits a column; the message names it.
    """
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
    return _Trying(connection, step, rows, only, ladders).run()


class _Trying:
    """The search for values that a table's constraints let stand."""

    def __init__(
        self,
        connection: Connection,
        step: Step,
        rows: Mapping[Key, frozenset[str]],
        only: sa.ColumnElement[bool] | None,
        ladders: Mapping[str, Sequence[Replacement]],
    ) -> None:
        self._connection = connection
        self._step = step
        self._rows = rows
        self._only = only
        self._ladders = ladders
        self._left = _MOST_TRIES

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
                raise self._refused(blamed)

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
        raise self._refused(suspects)

    def _try(self, levels: Mapping[str, int]) -> set[str]:
        """Write what stands at `levels`; return which columns are to blame if it fails."""
        self._left -= 1
        try:
            with self._connection.begin_nested():
                _write(self._connection, self._step, self._rows, self._at(levels), self._only)
        except IntegrityError as error:
            return _suspects(self._step, str(error.orig), set(self._ladders))
        return set()

    def _at(self, levels: Mapping[str, int]) -> Chosen:
        return {name: self._ladders[name][level] for name, level in levels.items()}

    def _refused(self, blamed: set[str]) -> PlanRefusedError:
        named = ", ".join(repr(name) for name in sorted(blamed))
        return PlanRefusedError(
            f"{self._step.dataset} cannot be blanked: no replacement value fits {named}",
            remedy="Relax the column's constraint, or set on_erasure to delete, or keep with a reason.",
        )


def written_otherwise(
    step: Step, rows: Mapping[Key, frozenset[str]], chosen: Chosen
) -> Iterator[sa.Select[tuple[int]]]:
    """Yield statements that count the rows which do not hold what was written into them."""
    source = table_of(step.table)
    names = [source.c[name] for name in handle(step.table)]
    together: dict[frozenset[Key], list[sa.ColumnElement[bool]]] = {}
    for field, replacement in chosen.items():
        keys = frozenset(key for key, fields in rows.items() if field in fields)
        column = source.c[field]
        if not replacement.per_row:
            same = column.is_distinct_from(_bound(replacement.value(())))
            together.setdefault(keys, []).append(same)
        elif fits_json([(replacement.value(key),) for key in keys]) and fits_json(keys):
            made = _listed(keys, names, chosen, [field])
            joined = sa.and_(*(name == made.c[f"key{at}"] for at, name in enumerate(names)))
            yield _count(made.join(source, joined), column.is_distinct_from(made.c.new0))
        else:
            for key in keys:
                new = column.is_distinct_from(_bound(replacement.value(key)))
                yield _count(source, sa.and_(among(names, [key]), new))
    for keys, conditions in together.items():
        yield _count(source, sa.and_(among(names, keys), sa.or_(*conditions)))


def _count(source: sa.FromClause, condition: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    return sa.select(sa.func.count()).select_from(source).where(condition)


def _bound(value: Value) -> sa.ColumnElement[Any]:
    return sa.null() if value is None else sa.literal(value)


def _suspects(step: Step, message: str, names: set[str]) -> set[str]:
    """Return the columns that a failed constraint speaks of; the message itself goes nowhere."""
    named = {name for name in names if _speaks_of(message, name)}
    if named:
        return named
    # A constraint with a name of its own tells no column.
    checked = {name for name in names if any(_speaks_of(text, name) for text in step.table.checks)}
    return checked or names


def _speaks_of(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _write(
    connection: Connection,
    step: Step,
    rows: Mapping[Key, frozenset[str]],
    chosen: Chosen,
    only: sa.ColumnElement[bool] | None,
) -> None:
    if not chosen:
        return
    per_row = {name: each for name, each in chosen.items() if each.per_row}
    values = [
        each.value(key)
        for name, each in per_row.items()
        for key, fields in rows.items()
        if name in fields
    ]
    if fits_json(rows) and fits_json([tuple(values)]):
        _write_at_once(connection, step, rows, chosen, only)
        return
    for key, fields in rows.items():
        _write_at_once(
            connection,
            step,
            {key: fields},
            {
                name: Replacement(each.value(key), "") if each.per_row else each
                for name, each in chosen.items()
            },
            only,
        )


def _write_at_once(
    connection: Connection,
    step: Step,
    rows: Mapping[Key, frozenset[str]],
    chosen: Chosen,
    only: sa.ColumnElement[bool] | None,
) -> None:
    source = table_of(step.table)
    names = [source.c[name] for name in handle(step.table)]
    per_row = [name for name, each in chosen.items() if each.per_row]
    # A conflict clause of the table could delete another row, or skip ours, in silence.
    statement = sa.update(source).prefix_with("OR ABORT", dialect="sqlite")
    made: sa.Subquery | None = None
    if per_row:
        made = _listed(rows, names, chosen, per_row)
        statement = statement.where(*(name == made.c[f"key{at}"] for at, name in enumerate(names)))
    else:
        statement = statement.where(among(names, rows))
    if only is not None:
        statement = statement.where(only)
    values: dict[sa.ColumnClause[object], object] = {}
    for name, replacement in chosen.items():
        new: sa.ColumnElement[Any] = (
            made.c[f"new{per_row.index(name)}"]
            if made is not None and replacement.per_row
            else _bound(replacement.value(()))
        )
        keys = [key for key, fields in rows.items() if name in fields]
        if len(keys) < len(rows):
            new = sa.case((among(names, keys), new), else_=source.c[name])
        values[source.c[name]] = new
    connection.execute(statement.values(values))


def _listed(
    rows: Iterable[Key],
    names: Sequence[sa.ColumnClause[object]],
    chosen: Chosen,
    per_row: Sequence[str],
) -> sa.Subquery:
    """Return a table of keys and the values that each row gets, sent as one value."""
    each = listed([[*key, *(chosen[name].value(key) for name in per_row)] for key in rows])

    def part(at: int) -> sa.Function[object]:
        return sa.func.json_extract(each.c.value, f"$[{at}]")

    return sa.select(
        *(part(at).label(f"key{at}") for at in range(len(names))),
        *(part(len(names) + at).label(f"new{at}") for at in range(len(per_row))),
    ).subquery("made")

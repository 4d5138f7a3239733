"""How one store's part of an answer is read: in one snapshot, one statement a dataset."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kept.connectors.sql.engine import SqlEngine
from kept.connectors.sql.erase_check import require_unchanged
from kept.connectors.sql.erase_one import shared_remarks
from kept.connectors.sql.locate import locate
from kept.connectors.sql.locate_all import can_be_shared, locate_all
from kept.connectors.sql.locate_owner import Owners
from kept.connectors.sql.locate_person import Seeing
from kept.connectors.sql.located import Located, Rows
from kept.connectors.sql.transaction import Transaction, many_rows, source_of
from kept.errors import RefusedError
from kept.inventory.catalog import Catalog, Table
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId, Reference
from kept.plans.connector import Key, Reading, Record, Sight, Who
from kept.plans.identity import marks_of
from kept.plans.plan import (
    DatasetCounts,
    FieldPart,
    Hidden,
    Remark,
    RemarkCode,
    Step,
    StorePart,
)


class SqlReads:
    """What makes an SQL store answer an access request."""

    sql: SqlEngine

    def _as_it_is(self, connection: Connection) -> Catalog:
        raise NotImplementedError

    def sight(self, part: StorePart, who: Who) -> Sight:
        """Return which rows fit the identifiers, before anything is followed."""
        with self.sql.snapshot() as connection:
            transaction = self._looking(connection, part)
            seeing = Seeing(transaction, part, marks_of(who.given), thorough=True)
            seeing.look(who)
            return Sight(tuple(seeing.fitting), tuple(seeing.others))

    def read(self, part: StorePart, who: Who) -> Reading:
        """Return every record of the person: one statement per dataset, in one snapshot.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
            CatalogChangedError: The structure is not what the plan was made on.
            UnavailableError: The store did not answer; calling again is safe.
        """
        with self.sql.snapshot() as connection:
            transaction = self._looking(connection, part)
            located = locate(transaction, part, who)
            return _Answering(transaction, part, located, who).reading()

    def read_all(
        self, part: StorePart, people: Sequence[Who]
    ) -> tuple[Reading | RefusedError, ...]:
        """Return every record of many people, in one snapshot, or why one cannot be told.

        One statement a dataset for all of them, where the plan lets statements be shared.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on.
            UnavailableError: The store did not answer; calling again is safe.
        """
        with many_rows(), self.sql.snapshot() as connection:
            transaction = self._looking(connection, part)
            located: Iterable[Located | RefusedError]
            if len(people) > 1 and can_be_shared(part):
                located = locate_all(transaction, part, people)
            else:
                located = (_located(transaction, part, who) for who in people)
            return tuple(
                each
                if isinstance(each, RefusedError)
                else _Answering(transaction, part, each, who).reading()
                for who, each in zip(people, located, strict=True)
            )

    def _looking(self, connection: Connection, part: StorePart) -> Transaction:
        """Return a transaction that reads, once the structure is what the plan was made on."""
        transaction = Transaction(connection, self.sql.dialect.words)
        transaction.words.prepare(connection)
        require_unchanged(self._as_it_is(connection), part, transaction.words)
        return transaction


def _located(transaction: Transaction, part: StorePart, who: Who) -> Located | RefusedError:
    try:
        return locate(transaction, part, who)
    except RefusedError as refused:
        return refused


class _Answering:
    """One answer: a value of one snapshot."""

    def __init__(
        self, transaction: Transaction, part: StorePart, located: Located, who: Who
    ) -> None:
        self._transaction = transaction
        self._part = part
        self._located = located
        self._owners = Owners(transaction, part, located.rows, who)
        self._strangers: dict[tuple[Reference, Step], set[Key]] = {}

    def reading(self) -> Reading:
        records = tuple(
            record for rows in self._located.rows.values() for record in self._records(rows)
        )
        return Reading(
            records=records,
            counts=tuple(
                DatasetCounts(dataset=dataset, located=len(rows.found))
                for dataset, rows in self._located.rows.items()
            ),
            remarks=tuple(sorted({*self._withheld(), *shared_remarks(self._located)})),
            marks=self._located.marks | (self._located.given - self._located.shared),
            others=frozenset(self._names_of_others()),
            reached=self._reached(),
        )

    def _records(self, rows: Rows) -> Iterator[Record]:
        step = rows.step
        found = rows.found
        keys = [key for key in rows.values if key in found]
        hidden: dict[Key, dict[str, Hidden]] = {key: {} for key in keys}
        shared = rows.shared - rows.own
        for part in step.fields:
            if part.name not in rows.columns:
                continue
            for key, why in self._hidden(rows, part, keys, shared):
                hidden[key][part.name] = why
        for key in keys:
            yield Record(
                dataset=step.dataset,
                values={
                    name: _written(value)
                    for name, value in zip(rows.columns, rows.values[key], strict=True)
                },
                hidden=hidden[key],
                shared=key in shared,
            )

    def _hidden(
        self, rows: Rows, part: FieldPart, keys: list[Key], shared: set[Key]
    ) -> Iterator[tuple[Key, Hidden]]:
        if part.hidden is not None:
            yield from ((key, part.hidden) for key in keys)
            return
        reference = part.of or part.author
        if reference is None:
            # In a row about several people, what nobody assigned to one is nobody's to see,
            # unless it is text: then the others in it are redacted.
            if part.erased and not part.text:
                yield from ((key, Hidden.NOBODY_DECIDED) for key in keys if key in shared)
            return
        if part.of is None and part.text:
            return
        values = dict(rows.of(keys, reference.fields))
        known = tuple(dict.fromkeys(value for value in values.values() if None not in value))
        mine = self._owners.mine(reference, known)
        theirs = {value for value in known if value not in mine}
        self._strangers.setdefault((reference, rows.step), set()).update(theirs)
        for key, value in values.items():
            if value in theirs:
                yield key, Hidden.ANOTHER_PERSON
            elif None in value and key in shared:
                yield key, Hidden.NOBODY_DECIDED

    def _withheld(self) -> Iterator[Remark]:
        for dataset, rows in self._located.rows.items():
            if rows.foreign:
                yield Remark(
                    code=RemarkCode.OWNED_BY_ANOTHER,
                    store=dataset.store,
                    dataset=dataset.name,
                    count=len(rows.foreign),
                    message=f"rows of {dataset} belong to another person too, and were withheld",
                )

    def _names_of_others(self) -> Iterator[str]:
        """Yield the names of people whom the rows refer to and who are not the person."""
        wanted: dict[tuple[DatasetId, tuple[str, ...]], set[Key]] = {}
        for (reference, _), values in self._strangers.items():
            wanted.setdefault((reference.to, reference.to_fields), set()).update(values)
        tables = {table.name: table for table in self._part.tables}
        for (dataset, fields), values in sorted(wanted.items(), key=lambda each: each[0]):
            for named, way in self._part.names:
                if named == dataset and values:
                    table = tables[dataset.name]
                    yield from self._names(table, fields, values, (*way.fields, *way.parts))

    def _names(
        self, table: Table, fields: tuple[str, ...], values: Iterable[Key], names: tuple[str, ...]
    ) -> Iterator[str]:
        source = source_of(table)
        condition = self._transaction.among(source, fields, values)
        statement = sa.select(*self._transaction.read(source, names)).where(condition)
        for row in self._transaction.rows(statement):
            held = [str(each).strip() for each in row if isinstance(each, str) and each.strip()]
            yield from held
            # In a text somebody is as often called by one of their names alone.
            yield from (word for each in held for word in each.split())
            if len(held) > 1:
                yield " ".join(held)

    def _reached(self) -> dict[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]]:
        """Return what rows of other stores may refer to."""
        found: dict[tuple[DatasetId, tuple[str, ...]], tuple[Key, ...]] = {}
        for dataset, rows in self._located.rows.items():
            for reference in rows.step.referrers:
                if reference.dataset.store != dataset.store:
                    found[dataset, reference.to_fields] = rows.distinct(
                        rows.own - rows.foreign, reference.to_fields
                    )
        return found


def _written(value: object) -> Value:
    """Return a value as it leaves a connector: dates and decimals as ISO text."""
    match value:
        case None | bool() | int() | float() | str() | bytes():
            return value
        case datetime() | date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return str(value)

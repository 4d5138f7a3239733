"""In which rows identifiers are left after an erasure: looked up for many people at once."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from kept.connectors.sql.dialects.request_words import told_of
from kept.connectors.sql.transaction import Transaction, source_of
from kept.connectors.sql.verify import Search
from kept.inventory.catalog import Table
from kept.plans.connector import Key
from kept.plans.plan import Searched, StorePart
from kept.subjects.identifier import normalise

Hits = dict[Searched, set[Key]]
_AT_ONCE = 100


def hits_of_all(
    transaction: Transaction, part: StorePart, searches: Mapping[int, Search]
) -> dict[int, Hits]:
    """Return, for each search, the rows in which an identifier of its person is left.

    One statement for all fields whose rows are named by values of the same types.

    Args:
        transaction: The transaction.
        part: The plan's part.
        searches: By whom they are for.
    """
    tables = {table.name: table for table in part.tables}
    wanted: dict[Searched, set[int]] = {}
    for at, search in searches.items():
        for each in search.looked():
            wanted.setdefault(each, set()).add(at)
    looked = list(wanted)
    alike: dict[tuple[str, ...], list[sa.Select[Any]]] = {}
    for place, each in enumerate(looked):
        table = tables[each.dataset.name]
        spelt = {text for at in wanted[each] for text in searches[at].spelt(each.kind)}
        told, select = _select(transaction, table, place, each, sorted(spelt))
        alike.setdefault(told, []).append(select)
    found: dict[int, Hits] = {at: {} for at in searches}
    for selects in alike.values():
        for start in range(0, len(selects), _AT_ONCE):
            some = selects[start : start + _AT_ONCE]
            rows = transaction.rows(sa.union_all(*some) if len(some) > 1 else some[0])
            for number, text, *key in rows:
                each = looked[int(str(number))]
                for at in _whose(searches, wanted[each], each, str(text)):
                    before = searches[at].before(each.dataset, tuple(key))
                    found[at].setdefault(each, set()).add(before)
    return found


def _select(
    transaction: Transaction, table: Table, place: int, each: Searched, spelt: Iterable[str]
) -> tuple[tuple[str, ...], "sa.Select[Any]"]:
    """Return the statement for one field, and of which types its answer is."""
    source = source_of(table)
    # A row without a name of its own is still one in which something is left.
    names = (each.field, *transaction.words.handle(table))
    told = tuple(transaction.words.alike(told_of(source.c[name])) for name in names)
    condition = transaction.among(source, [each.field], [(text,) for text in spelt])
    read = transaction.read(source, names)
    return told, sa.select(sa.literal_column(str(place)), *read).where(condition)


def _whose(
    searches: Mapping[int, Search], people: set[int], each: Searched, text: str
) -> Iterable[int]:
    """Return for whom a text was looked for; for all, where the store alone finds it equal."""
    mark = each.kind, normalise(each.kind, text)
    return [at for at in people if mark in searches[at].mine] or people

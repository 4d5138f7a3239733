"""From an identifier to the rows that may carry it: which condition an engine can test by itself.

What an engine tests is necessary and need not be sufficient: it never leaves out a row in
whatever spelling, and whoever reads the rows compares them exactly.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from kept.connectors.sql.compile_spelling import can_walk, spellings
from kept.connectors.sql.dialects.request_words import BIGINT, Condition
from kept.connectors.sql.transaction import Transaction, source_of
from kept.inventory.catalog import Table
from kept.plans.identity import Mark
from kept.plans.plan import Sought
from kept.vocabulary.identifier_kind import IdentifierKind

_CASELESS = frozenset({IdentifierKind.EMAIL, IdentifierKind.USERNAME})
_AT_ONCE = 100
"""How many identifiers are walked for together: their letters are one text."""

_NUMBERS = frozenset({IdentifierKind.ACCOUNT_ID, IdentifierKind.DEVICE_ID})


def may_carry(
    transaction: Transaction, table: Table, way: Sought, wanted: Iterable[Mark]
) -> Condition:
    """Return a condition that is true of every row which carries one of the identifiers.

    Where an index begins with the field, and is ordered by characters, it is used.

    Args:
        transaction: The transaction.
        table: The table that is read.
        way: Which fields hold which kind.
        wanted: The identifiers; those of other kinds are left out.
    """
    can_hold = transaction.words.can_hold
    values = sorted(
        {value for kind, value in wanted if kind is way.kind and value and can_hold(value)}
    )
    if not values:
        return sa.false()
    tests = (_test(transaction, table, name, way.kind, values) for name in way.fields)
    return sa.or_(sa.false(), *tests)


def _test(
    transaction: Transaction, table: Table, name: str, kind: IdentifierKind, values: list[str]
) -> Condition:
    words, source = transaction.words, source_of(table)
    column, told = source.c[name], table.column(name)
    if kind in _NUMBERS and words.is_number(told):
        # A number is written in one way, with zeros before it at the most.
        numbers = {int(each) for each in values if _is_integer(each)}
        return words.among((column,), ((each,) for each in sorted(numbers)))
    text = words.text(column, told)
    ascii_ = [each for each in values if each.isascii()]
    # No text in ASCII alone is equal to one with other letters.
    likely = sa.or_(words.beyond(text), *_plain(text, kind, ascii_))
    if words.walks(transaction.connection, told) and all(
        can_walk(table, name, kind, value) for value in values
    ):
        lists = (
            spellings(words, source, name, kind, values[start : start + _AT_ONCE])
            for start in range(0, len(values), _AT_ONCE)
        )
        # What a walk read besides is nobody's to lock.
        return sa.and_(sa.or_(*(words.is_listed(column, each) for each in lists)), likely)
    return likely


def _plain(text: sa.ColumnElement[str], kind: IdentifierKind, values: list[str]) -> list[Condition]:
    """Return conditions for texts of printable ASCII alone."""
    if not values:
        return []
    if kind in _CASELESS and not any(" " in each for each in values):
        return [sa.func.lower(sa.func.trim(text)).in_(values)]
    # The same letters and digits in the same order, whatever stands between them.
    lower = sa.func.lower(text)
    return [
        lower.like("%" + "%".join(each.lower() for each in value if each.isalnum()) + "%")
        for value in values
    ]


def _is_integer(text: str) -> bool:
    return text.lstrip("-").isdigit() and text.isascii() and int(text) in BIGINT

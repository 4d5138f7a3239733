"""How tables and columns are named in a statement, so that each name means exactly itself."""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.sql import quoted_name

from kept.inventory.catalog import Table


@lru_cache(maxsize=2_000)
def table_of(table: Table) -> sa.TableClause:
    """Return `table` with every column, each name quoted and meant exactly.

    The same table gives the same object: two would be two tables in one statement.
    """
    names = [column.name for column in table.columns]
    if table.row_number:
        names.append(table.row_number)
    return sa.table(
        exact(table.own_name or table.name),
        *(sa.column(exact(name)) for name in names),
        schema=exact(table.schema) if table.schema else None,
    )


def exact(name: str) -> quoted_name:
    """Return `name` as one that is always quoted, whatever letters it has.

    Raises:
        ValueError: It contains a null character, which no identifier can.
    """
    if "\x00" in name:
        raise ValueError("an identifier cannot contain a null character")
    return quoted_name(name, quote=True)


def shown_name(schema: str, own_name: str) -> str:
    """Return how people name a table; no two tables of a store are named alike.

    A part that itself holds a dot or a quote is quoted: ``"a.b"`` is no ``b`` of ``a``.

    Examples:
        >>> shown_name("", "person"), shown_name("crm", "person"), shown_name("", "a.b")
        ('person', 'crm.person', '"a.b"')
    """
    return ".".join(_marked(part) for part in (schema, own_name) if part)


def _marked(part: str) -> str:
    return '"{}"'.format(part.replace('"', '""')) if "." in part or '"' in part else part

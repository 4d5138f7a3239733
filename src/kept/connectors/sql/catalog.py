"""What an SQL store says of its own structure."""

from sqlalchemy.engine import Connection

from kept.connectors.sql.engine import SqlEngine
from kept.inventory.catalog import Catalog


def read_catalog(engine: SqlEngine, connection: Connection) -> Catalog:
    """Return the structure as `connection` sees it, inside its transaction.

    What this returns inside the transaction that erases is what the plan is checked
    against: nobody can change the structure between the two.
    """
    tables = engine.dialect.tables(connection)
    return Catalog(
        store=engine.store,
        engine=engine.dialect.engine,
        tables=tables,
        unread=engine.dialect.unread(connection, tables),
    )

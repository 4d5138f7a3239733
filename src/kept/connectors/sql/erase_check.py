"""Whether a store still is what a plan was made on, asked inside the transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kept.connectors.sql.dialects.request_words import RequestWords
from kept.inventory.catalog import Catalog, Table, Trigger
from kept.plans.catalog_check import obstacles_in
from kept.plans.errors import CatalogChangedError, PlanRefusedError, refusal
from kept.plans.plan import StorePart


def require_unchanged(catalog: Catalog, part: StorePart, words: RequestWords) -> None:
    """Refuse to go on where the structure is not what the plan was made on.

    Raises:
        CatalogChangedError: It is not.
    """
    # The very object that the plan was made on needs no comparison.
    if catalog.tables is part.tables or catalog.fingerprint == part.fingerprint:
        return
    if words.hides_triggers and _bare(catalog.tables) == _bare(part.tables):
        return
    raise CatalogChangedError(
        f"the structure of the store {part.store!r} changed since the plan was made"
    )


def unchanged_part(catalog: Catalog, part: StorePart, words: RequestWords) -> StorePart:
    """Return `part` with the triggers that the account which writes is told of.

    Where accounts that only read are told of none, the plan was made without them: they
    are judged here, before anything is written.

    Raises:
        CatalogChangedError: The structure is not what the plan was made on.
        RefusedError: A trigger fires that nobody reviewed.
    """
    require_unchanged(catalog, part, words)
    if not words.hides_triggers:
        return part
    told = {table.name: table.triggers for table in catalog.tables}
    seen = replace(
        part,
        tables=tuple(_firing(table, told) for table in part.tables),
        groups=tuple(
            tuple(replace(step, table=_firing(step.table, told)) for step in group)
            for group in part.groups
        ),
    )
    obstacles = list(obstacles_in(seen))
    if obstacles:
        raise refusal(obstacles)
    return seen


def require_named(part: StorePart, words: RequestWords) -> None:
    """Refuse to write rows that could not be found again one by one.

    Raises:
        PlanRefusedError: A dataset has no key, or one that the engine compares inexactly.
    """
    for step in part.steps:
        if step.kept is None and not words.handle(step.table):
            raise PlanRefusedError(
                f"{step.dataset} has no key by which a row could be named exactly",
                remedy="Give the table a primary key of whole numbers or texts, or set on_erasure"
                " to keep with a reason and erase by hand.",
            )


def _firing(table: Table, told: Mapping[str, tuple[Trigger, ...]]) -> Table:
    return (
        table if table.triggers == told[table.name] else replace(table, triggers=told[table.name])
    )


def _bare(tables: Iterable[Table]) -> str:
    """Return a hash over a structure without its triggers."""
    untriggered = tuple(replace(table, triggers=()) for table in tables)
    return Catalog(store="", engine="", tables=untriggered).fingerprint

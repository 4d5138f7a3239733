"""From an inventory and a right to a plan: pure, total, and the same every time."""

import re
from collections.abc import Iterable, Mapping

from kept.inventory.catalog import Catalog, Table
from kept.inventory.dataset import (
    Dataset,
    DatasetId,
    Direction,
    Erasing,
    Inventory,
    Reference,
    State,
    Whose,
)
from kept.plans import sought
from kept.plans.candour import (
    PROCESSOR,
    by_hand,
    tasks,
    undecided,
    unfollowed,
    unsearched,
    unsure,
)
from kept.plans.catalog_check import obstacles_in
from kept.plans.field_part import field_parts
from kept.plans.graph import ordered_groups
from kept.plans.plan import (
    Kept,
    Link,
    Obstacle,
    Plan,
    Searched,
    Sought,
    Step,
    StorePart,
)
from kept.vocabulary.identifier_kind import CATEGORY_OF, IdentifierKind
from kept.vocabulary.right import Right

_KEEP = re.compile(r"(?P<reason>.+?); (?P<source>.+); until (?P<until>.+)", re.DOTALL)
"""How a map's one line says why something is kept, under which provision, and until when."""


def plan(right: Right, inventory: Inventory, catalogs: Iterable[Catalog]) -> Plan:
    """Return everything that `right` calls for.

    Nothing is left out: what cannot be searched is a remark, what stands in the way of an
    erasure an obstacle, what only a person can do a task. The result depends on the
    arguments alone.

    Args:
        right: What the person exercises.
        inventory: Every dataset, with what people decided.
        catalogs: The structure of every store, as the inventory was made on.
    """
    return _Planning(right, inventory, catalogs).plan()


class _Planning:
    """One planning: a value that lives as long as one call of `plan`."""

    def __init__(self, right: Right, inventory: Inventory, catalogs: Iterable[Catalog]) -> None:
        self.right = right
        self.catalogs = {catalog.store: catalog for catalog in catalogs}
        self.all = {dataset.id: dataset for dataset in inventory.datasets}
        self.absent = inventory.absent
        self.tables = {
            DatasetId(catalog.store, table.name): table
            for catalog in self.catalogs.values()
            for table in catalog.tables
        }
        self.usable = {
            each.id: each
            for each in sorted(inventory.datasets, key=lambda each: each.id)
            if each.state is State.DECIDED and each.held_as != PROCESSOR and each.id in self.tables
        }
        self.references = tuple(
            reference for dataset in inventory.datasets for reference in dataset.references
        )
        self.links = self._links()

    def plan(self) -> Plan:
        steps = {step.dataset: step for step in self._steps()}
        parts = tuple(self._part(store, steps) for store in sorted({each.store for each in steps}))
        obstacles: tuple[Obstacle, ...] = ()
        if self.right is Right.ERASURE:
            obstacles = (
                *undecided(self.all, self.tables, steps),
                *(each for part in parts for each in obstacles_in(part)),
            )
        kept = unsure(self.all, steps.values()) if self.right is Right.ERASURE else ()
        return Plan(
            right=self.right,
            parts=self._store_order(parts),
            tasks=tuple(
                sorted(
                    {
                        *tasks(self.all),
                        *by_hand(self.all, self.tables, steps.values(), self.right),
                    }
                )
            ),
            remarks=tuple(
                sorted(
                    {
                        *unsearched(self.all, self.absent, self.tables, steps),
                        *unfollowed(self.references, self.all, steps, self._exists),
                        *kept,
                    }
                )
            ),
            obstacles=tuple(sorted(set(obstacles))),
        )

    # ── who is reached ───────────────────────────────────────────────────────

    def _links(self) -> dict[DatasetId, tuple[Link, ...]]:
        """Return, for each dataset, every decided way to its rows."""
        links: dict[DatasetId, list[Link]] = {}
        for reference in self.references:
            if not self._followed(reference):
                continue
            forward = reference.direction is Direction.FORWARD
            reached = reference.to if forward else reference.dataset
            links.setdefault(reached, []).append(
                Link(
                    origin=reference.dataset if forward else reference.to,
                    origin_fields=reference.fields if forward else reference.to_fields,
                    fields=reference.to_fields if forward else reference.fields,
                    whose=reference.whose,
                    direction=reference.direction,
                )
            )
        return {
            dataset: tuple(
                sorted(
                    each,
                    key=lambda link: (link.direction, link.whose, link.origin, link.fields),
                )
            )
            for dataset, each in links.items()
        }

    def _followed(self, reference: Reference) -> bool:
        return (
            reference.decided
            and reference.whose is not Whose.REFERENCED
            and reference.dataset in self.usable
            and reference.to in self.usable
            and self._exists(reference)
        )

    def _exists(self, reference: Reference) -> bool:
        return _has(self.tables.get(reference.dataset), reference.fields) and _has(
            self.tables.get(reference.to), reference.to_fields
        )

    def _reached(self) -> list[DatasetId]:
        """Return every dataset in which an identifier, or a path from one, finds rows."""
        reached = [each for each, dataset in self.usable.items() if sought.locating(dataset)]
        open_ = list(reached)
        while open_:
            origin = open_.pop()
            for dataset, links in self.links.items():
                if dataset not in reached and any(link.origin == origin for link in links):
                    reached.append(dataset)
                    open_.append(dataset)
        return sorted(reached)

    def _steps(self) -> list[Step]:
        reached = self._reached()
        roots = [each for each in reached if self._is_root(each)]
        pointed = [each for each in roots if self._is_pointed_at(each)]
        people = {each.id: each.personal for each in self.all.values()}
        steps = []
        for each in reached:
            dataset, table = self.usable[each], self.tables[each]
            ways: tuple[Sought, ...] = sought.locating(dataset)
            person = each in roots and (not pointed or each in pointed or _alone(table, ways))
            if each in roots:
                ways += sought.telling_apart(dataset, person=person)
            steps.append(
                Step(
                    dataset=each,
                    table=table,
                    sought=ways,
                    root=each in roots,
                    person=person,
                    links=tuple(
                        link for link in self.links.get(each, ()) if link.origin in reached
                    ),
                    owners=tuple(
                        reference for reference in dataset.references if self._owns(reference)
                    ),
                    referrers=self._referrers(each),
                    fields=field_parts(dataset, table, people),
                    erasing=_erasing(dataset),
                    minimum=dataset.minimum,
                    kept=_kept(dataset),
                    reviewed=dataset.reviewed_triggers,
                )
            )
        return steps

    def _owns(self, reference: Reference) -> bool:
        return (
            self._followed(reference)
            and reference.whose is Whose.OWNED
            and reference.direction is Direction.BACKWARD
        )

    def _is_root(self, dataset: DatasetId) -> bool:
        return bool(sought.locating(self.usable[dataset])) and not any(
            self._owns(reference) and reference.to != dataset
            for reference in self.usable[dataset].references
        )

    def _is_pointed_at(self, dataset: DatasetId) -> bool:
        return any(
            self._followed(reference)
            and reference.to == dataset != reference.dataset
            and reference.direction is Direction.BACKWARD
            for reference in self.references
        )

    def _referrers(self, dataset: DatasetId) -> tuple[Reference, ...]:
        known = [
            reference
            for reference in self.references
            if reference.to == dataset and self._exists(reference)
        ]
        seen = {(each.dataset, each.fields, each.to_fields) for each in known}
        for catalog in self.catalogs.values():
            if catalog.store != dataset.store:
                continue
            for table in catalog.tables:
                for key in table.foreign_keys:
                    here = DatasetId(catalog.store, table.name)
                    reference = Reference(
                        dataset=here,
                        fields=key.fields,
                        to=dataset,
                        to_fields=key.to_fields,
                        declared=True,
                    )
                    fresh = (here, key.fields, key.to_fields) not in seen
                    if key.to == dataset.name and fresh and self._exists(reference):
                        known.append(reference)
        return tuple(sorted(known, key=lambda each: (each.dataset, each.fields, each.to_fields)))

    # ── one part for each store ──────────────────────────────────────────────

    def _part(self, store: str, steps: Mapping[DatasetId, Step]) -> StorePart:
        here = {name: step for name, step in steps.items() if name.store == store}
        catalog = self.catalogs[store]
        groups = ordered_groups(
            {name: tuple(link.origin for link in step.links) for name, step in here.items()}
        )
        # Roots stand last in the mapping, so that they come last wherever they may.
        late = sorted(here, key=lambda name: (here[name].root, name))
        writing = ordered_groups(
            {name: tuple(each.dataset for each in here[name].referrers) for name in late}
        )
        return StorePart(
            store=store,
            engine=catalog.engine,
            fingerprint=catalog.fingerprint,
            groups=tuple(tuple(here[name] for name in group) for group in groups),
            erasing=tuple(name for group in writing for name in group),
            searched=self._searched(store),
            tables=catalog.tables,
            names=tuple(
                (each, way)
                for each, dataset in sorted(self.all.items())
                if each.store == store
                for way in sought.telling_apart(dataset)
                if way.kind is IdentifierKind.NAME
            ),
        )

    def _searched(self, store: str) -> tuple[Searched, ...]:
        found = []
        for each, dataset in sorted(self.all.items()):
            table = self.tables.get(each)
            if each.store != store or table is None or table.view:
                continue
            if dataset.held_as == PROCESSOR:
                continue
            leading = {names[0] for names in (*table.indexes, *table.uniques, table.key) if names}
            for field in dataset.fields:
                for kind in IdentifierKind:
                    if not kind.locates or kind is IdentifierKind.ACCOUNT_ID:
                        continue
                    if field.identity is kind or CATEGORY_OF[kind] in field.holds:
                        found.append(
                            Searched(
                                dataset=each,
                                field=field.name,
                                kind=kind,
                                indexed=field.name in leading,
                                kept=dataset.on_erasure is Erasing.KEEP,
                            )
                        )
        return tuple(found)

    def _store_order(self, parts: tuple[StorePart, ...]) -> tuple[StorePart, ...]:
        """Order the stores: those that others are reached through come last when erasing."""
        by_name = {part.store: part for part in parts}
        through: dict[str, tuple[str, ...]] = {
            part.store: tuple(
                sorted(
                    {
                        link.origin.store
                        for step in part.steps
                        for link in step.links
                        if link.origin.store != part.store
                    }
                )
            )
            for part in parts
        }
        order = [name for group in ordered_groups(through) for name in group]
        if self.right is Right.ERASURE:
            order.reverse()
        return tuple(by_name[name] for name in order)


def _has(table: Table | None, fields: tuple[str, ...]) -> bool:
    if table is None or not fields:
        return False
    columns = {column.name for column in table.columns}
    return columns.issuperset(fields)


def _alone(table: Table, ways: tuple[Sought, ...]) -> bool:
    """Return whether an identifying field is unique: then a row is one person."""
    unique = {names[0] for names in (*table.uniques, table.key) if len(names) == 1}
    return any(field in unique for way in ways if way.locates for field in way.fields)


def _erasing(dataset: Dataset) -> Erasing:
    if dataset.on_erasure is Erasing.KEEP and dataset.minimum is not None:
        return dataset.minimum.afterwards
    return dataset.on_erasure or Erasing.KEEP


def _kept(dataset: Dataset) -> Kept | None:
    if dataset.on_erasure is not Erasing.KEEP or dataset.minimum is not None:
        return None
    reason, source, until = dataset.keep_reason, dataset.keep_provision, dataset.keep_until
    written = _KEEP.fullmatch(reason)
    if written is not None and not source:
        reason, source, until = written["reason"], written["source"], written["until"]
    return Kept(reason=reason or "decided", source=source, until=until)

"""How a store that speaks no SQL answers a person's request: gathered, judged, written, looked at."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kept.connectors.errors import StoreChangedError
from kept.connectors.staged.gather import gather
from kept.connectors.staged.held import Change, Held, Holds
from kept.connectors.staged.stage import Stage, as_shown, key_of, staged
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import DatasetId, Erasing
from kept.plans.connector import Done, Reading, Record, Sight, Touched, Who
from kept.plans.errors import CatalogChangedError, NotErasedError
from kept.plans.plan import Kept, Remark, RemarkCode, Step, StorePart, Task
from kept.vocabulary.identifier_kind import IdentifierKind

if TYPE_CHECKING:
    from kept.inventory.connector import Value

ROW = "row"
"""Under which name the digest of a row is noted."""


class _TakenBackError(Exception):
    """A rehearsal came to its end."""


class StagedRequests:
    """What makes a store that hands out rows read and erase people.

    Whoever inherits implements `Holds`.
    """

    name: str
    engine: str

    def sight(self, part: StorePart, who: Who) -> Sight:
        """Return which rows fit the identifiers, before anything is followed."""
        with self._staged(part, who) as stage:
            return stage.sql.sight(stage.part, who)

    def read(self, part: StorePart, who: Who) -> Reading:
        """Return every record of the person.

        Raises:
            IdentityAmbiguousError: The identifiers fit more than one person.
            CatalogChangedError: The structure is not what the plan was made on.
            UnavailableError: The store did not answer; calling again is safe.
        """
        tables = {DatasetId(part.store, table.name): table for table in part.tables}
        with self._staged(part, who) as stage:
            reading = stage.sql.read(stage.part, who)
        records = (
            Record(
                each.dataset, as_shown(each.values, tables[each.dataset]), each.hidden, each.shared
            )
            for each in reading.records
        )
        remarks = sorted({*reading.remarks, *self._unseen(part)})
        return replace(reading, records=tuple(records), remarks=tuple(remarks))

    def rehearse(self, part: StorePart, who: Who, *, operation: str, today: date) -> Done:
        """Do everything that `erase` does in memory, and write nothing."""
        found: list[Done] = []

        def take_back(done: Done) -> None:
            found.append(done)
            raise _TakenBackError

        try:
            return self.erase(part, who, operation=operation, today=today, before_commit=take_back)
        except _TakenBackError:
            return found[0]

    def erase(
        self,
        part: StorePart,
        who: Who,
        *,
        operation: str,
        today: date,
        before_commit: Callable[[Done], None] | None = None,
    ) -> Done:
        """Find, judge, write, and look again whether the rows are gone.

        Raises:
            CatalogChangedError: The structure is not what the plan was made on; nothing
                changed. Plan again.
            RefusedError: Something forbids it; what was written before that is told by `left`.
            UnavailableError: The store did not answer; likewise.
        """
        holds = self._holds()
        able, tasks = self._what_can_be_done(part)
        with self._staged(able, who) as stage:
            changes: list[Change] = []
            told: list[Done] = []

            def judged(done: Done) -> None:
                changes.extend(_changes(stage, done))
                told.append(self._as_known_here(stage, done, tasks))

            stage.sql.erase(stage.part, who, operation=operation, today=today, before_commit=judged)
        done = told[-1]
        order = [each.name for each in part.erasing]
        changes.sort(key=lambda each: order.index(each.dataset))
        holds.prepare(changes)
        if before_commit is not None:
            before_commit(done)
        if changes:
            holds.write(changes, operation=operation)
            if self.left(done.touched):
                raise NotErasedError(
                    f"rows that were erased are still in the store {self.name!r}",
                    remedy="See whether another program writes them back, and try again.",
                )
        return done

    def left(self, touched: Sequence[Touched]) -> int:
        """Return how many rows are still as they were before an erasure wrote them.

        Raises:
            RefusedError: The rows cannot be asked for any more.
            UnavailableError: The store did not answer; calling again is safe.
        """
        found = 0
        by_dataset: dict[str, list[Mapping[str, Value]]] = {}
        for each in touched:
            by_dataset.setdefault(each.dataset.name, []).append(dict(each.key))
        for dataset, keys in by_dataset.items():
            digests = Counter(str(each.get(ROW, "")) for each in keys)
            try:
                now = Counter(row.digest for row in self._holds().held_again(dataset, keys))
            except StoreChangedError:
                continue  # The dataset went with its last row.
            found += sum(min(count, now[digest]) for digest, count in digests.items())
        return found

    def blind(
        self,
        dataset: str,  # noqa: ARG002 - a store that reads everything finds by anything
        kinds: tuple[IdentifierKind, ...],  # noqa: ARG002 - likewise
    ) -> tuple[IdentifierKind, ...]:
        """Return by which kinds of identifier rows of a dataset cannot be looked for."""
        return ()

    # ── inside ───────────────────────────────────────────────────────────────

    def _holds(self) -> Holds:
        return self  # type: ignore[return-value]  # whoever inherits implements it

    @contextmanager
    def _staged(self, part: StorePart, who: Who) -> Iterator[Stage]:
        require_planned(self._holds().catalog(), part)
        stage = staged(part, gather(self._holds(), part, who))
        try:
            yield stage
        finally:
            stage.close()

    def _unseen(self, part: StorePart) -> Iterator[Remark]:
        """Yield what the store did not show, or cannot be asked by."""
        for step in part.steps:
            blind = self._holds().blind(
                step.dataset.name, tuple(way.kind for way in step.sought if way.locates)
            )
            for kind in blind:
                yield Remark(
                    code=RemarkCode.NOT_LOOKED_AT,
                    store=step.dataset.store,
                    dataset=step.dataset.name,
                    message=f"{step.dataset} cannot be searched by {kind.value}",
                )
        unread = len(self._holds().catalog().unread)
        if unread:
            yield Remark(
                code=RemarkCode.NOT_SEARCHED,
                store=part.store,
                count=unread,
                message=f"{unread} parts of the store {part.store!r} cannot be read, and were not"
                " searched: `kept map` names them",
            )

    def _what_can_be_done(self, part: StorePart) -> tuple[StorePart, tuple[Task, ...]]:
        """Return the part without what the store cannot do, and what people do instead."""
        refused: dict[DatasetId, Kept] = {}
        tasks: dict[DatasetId, Task] = {}
        for step in part.steps:
            if step.kept is not None or step.erasing is Erasing.KEEP:
                continue
            why = self._holds().refusal(step.dataset.name, blank=step.erasing is Erasing.BLANK)
            if why is None:
                continue
            if why.task is not None:
                tasks[step.dataset] = why.task
                refused[step.dataset] = Kept(reason=_BY_HAND)
            elif why.retained is not None:
                refused[step.dataset] = Kept(
                    reason=why.retained.reason,
                    source=why.retained.source,
                )
        groups = tuple(
            tuple(_keeping(step, refused.get(step.dataset)) for step in group)
            for group in part.groups
        )
        searched = tuple(
            replace(each, kept=each.kept or each.dataset in refused) for each in part.searched
        )
        able = replace(part, groups=groups, searched=searched)
        return able, tuple(tasks[each] for each in sorted(tasks))

    def _as_known_here(self, stage: Stage, done: Done, tasks: tuple[Task, ...]) -> Done:
        """Return what was done, its rows named as this store names them."""
        touched = []
        for each in done.touched:
            row = stage.row(each)
            named = self._holds().named(each.dataset.name, row)
            touched.append(replace(each, key=key_of(row, named)))
        located = {each.dataset: each.located for each in done.counts}
        # A person is asked only where there is something for them to do.
        asked = tuple(each for each in tasks if located.get(DatasetId(each.store, each.dataset), 0))
        remarks = tuple(sorted({*done.remarks, *self._unseen(stage.part)}))
        return replace(done, touched=tuple(touched), tasks=asked, remarks=remarks)


_BY_HAND = "a person has to erase it"


def _keeping(step: Step, kept: Kept | None) -> Step:
    return step if kept is None else replace(step, kept=kept, erasing=Erasing.KEEP)


def _changes(stage: Stage, done: Done) -> Iterator[Change]:
    delete: dict[str, list[Held]] = {}
    blank: dict[str, list[tuple[Held, Mapping[str, Value]]]] = {}
    for each in done.touched:
        row = stage.row(each)
        if each.after is None:
            delete.setdefault(each.dataset.name, []).append(row)
        else:
            blank.setdefault(each.dataset.name, []).append((row, each.after))
    for dataset in dict.fromkeys((*delete, *blank)):
        yield Change(dataset, tuple(delete.get(dataset, ())), tuple(blank.get(dataset, ())))


def require_planned(catalog: Catalog, part: StorePart) -> None:
    """Refuse to go on where a store shows what the plan did not know.

    A dataset that is gone holds nothing. One that is new, or lost a field that is planned
    with, has to be planned anew.

    Raises:
        CatalogChangedError: It does.
    """
    if catalog.fingerprint == part.fingerprint:
        return
    planned = {table.name: table for table in part.tables}
    for table in catalog.tables:
        before = planned.get(table.name)
        if before is None or {each.name for each in table.columns} != {
            each.name for each in before.columns
        }:
            raise CatalogChangedError(
                f"the structure of the store {part.store!r} changed since the plan was made"
            )

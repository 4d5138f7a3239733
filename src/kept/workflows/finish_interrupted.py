"""How erasures that a crash interrupted are finished: from their notes, and from the stores."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kept.errors import KeptError
from kept.plans.connector import Done
from kept.plans.plan import Remark, RemarkCode
from kept.rights.request import RequestState
from kept.subjects.identifier import Identifier
from kept.workflows.request_closing import (
    Case,
    ErasureInterruptedError,
    close,
    entry_of,
    remember,
    sorted_remarks,
    witness_store,
)
from kept.workflows.request_intent import Noted, noted
from kept.workflows.request_ports import Intent, Ports
from kept.workflows.request_progress import is_written
from kept.workflows.request_stores import Failure


class Ending(StrEnum):
    """What became of an interrupted erasure."""

    FINISHED = "finished"
    PARTIAL = "partial"
    NOT_STARTED = "not-started"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Finished:
    """One interrupted erasure, and what became of it.

    Attributes:
        request: Id of the request.
        ending: What.
        message: One sentence, without personal data.
    """

    request: str
    ending: Ending
    message: str


def finish_interrupted(ports: Ports, at: datetime) -> tuple[Finished, ...]:
    """Finish every erasure that a crash interrupted, as far as it can be.

    Each store is asked, by reading alone, whether the rows that were about to be erased are
    gone. An erasure that runs in another process is left alone. Idempotent, and safe to run
    in any number of processes at once.

    Args:
        ports: Everything outside; no plan is made.
        at: Now (UTC).
    """
    found = []
    for request in ports.intents.waiting():
        intent = ports.intents.taken(request)
        if intent is None:
            continue
        try:
            settled = _settled(ports, request, intent, at)
        except KeptError as error:
            settled = Finished(
                request,
                Ending.WAITING,
                f"an erasure was interrupted and cannot be settled yet ({error.code})",
            )
        finally:
            intent.close()
        if settled is not None:
            found.append(settled)
    return tuple(found)


def _settled(ports: Ports, request: str, intent: Intent, at: datetime) -> Finished | None:
    notes = intent.notes()
    stored = ports.requests.load(request)
    # Ended before, and cut off while the notes were dropped.
    if stored.receipt is not None or stored.result.get("refused") == ErasureInterruptedError.code:
        intent.drop()
        return None
    if notes is None:
        return Finished(
            request,
            Ending.WAITING,
            "an erasure was interrupted, and its notes cannot be read: their key is gone",
        )
    found = noted(notes)
    if found is None or not any(is_written(each) for each in found.done.values()):
        return _not_started(ports, Case(stored, found.subject) if found else None, intent, at)
    marks = {mark for each in found.done.values() for mark in each.marks}
    person = tuple(Identifier(kind, value) for kind, value in sorted(marks))
    return _Settling(ports, Case(stored, found.subject, person), found, intent, at).run()


def _not_started(ports: Ports, case: Case | None, intent: Intent, at: datetime) -> Finished | None:
    """Note that no store committed: the request can be run again as if it had never been."""
    if case is None:
        intent.drop()
        return None
    moved = replace(
        case.request.moved(RequestState.ACTION_DELAYED, at),
        result={"refused": ErasureInterruptedError.code},
    )
    body = {"code": ErasureInterruptedError.code}
    entry = entry_of(ports, case, "request.refused", "interrupted", body, at)
    ports.log.append([entry], at)
    ports.requests.save(moved)
    intent.drop()
    return Finished(
        case.request.id,
        Ending.NOT_STARTED,
        "an erasure was interrupted before anything was erased: run it again",
    )


class _Settling:
    """One interrupted erasure on its way to its end."""

    def __init__(
        self, ports: Ports, case: Case, found: Noted, intent: Intent, at: datetime
    ) -> None:
        self._ports = ports
        self._case = case
        self._noted = found
        self._intent = intent
        self._at = at
        self._remarks: list[Remark] = []
        self._failures: list[Failure] = []

    def run(self) -> Finished | None:
        # Every store is asked before anything is written: half a look settles nothing.
        done = list(self._done())
        if not any(is_written(each) for _, each in done):
            return _not_started(self._ports, self._case, self._intent, self._at)
        for store, each in done:
            remember(self._ports, self._case.request, each)
            if len(self._noted.stores) > 1:
                witness_store(self._ports, self._case, store, each, self._at)
        closed = close(
            self._ports,
            self._case,
            [count for _, each in done for count in each.counts],
            sorted_remarks(self._noted.remarks, self._remarks, *(each.remarks for _, each in done)),
            tuple(sorted({*self._noted.tasks, *(task for _, each in done for task in each.tasks)})),
            tuple(self._failures),
            self._at,
        )
        self._intent.drop()
        if self._failures:
            stores = ", ".join(each.store for each in self._failures)
            message = f"an interrupted erasure is done in part, not in {stores}: run it again"
            return Finished(closed.id, Ending.PARTIAL, message)
        return Finished(
            closed.id, Ending.FINISHED, "an interrupted erasure is finished, with its receipt"
        )

    def _done(self) -> Iterator[tuple[str, Done]]:
        """Yield what each store did; note those that did not do their part."""
        for store in self._noted.stores:
            done = self._noted.done.get(store)
            if done is None:
                self._failed(store)
                continue
            sure = store in self._noted.committed or not is_written(done)
            if sure or self._is_done(store, done):
                yield store, done

    def _is_done(self, store: str, done: Done) -> bool:
        if store not in self._ports.stores or not done.touched:
            raise ErasureInterruptedError(
                f"the store {store!r} cannot be asked whether it was erased from",
                remedy="Name the store in kept.toml again, then run `kept request list`.",
            )
        left = self._ports.stores[store].left(done.touched)
        if left == 0:
            self._remarks.append(
                Remark(
                    code=RemarkCode.CONFIRMED_BY_VERIFICATION,
                    store=store,
                    count=len(done.touched),
                    message=f"the erasure from {store} was interrupted after it was done; that "
                    "its rows are gone or blanked was confirmed by verification",
                )
            )
            return True
        self._failed(store)
        if left == len(done.touched):
            return False
        # One transaction leaves all or none: somebody else wrote here since. Whom it was
        # about is remembered, so that the checks find what is left.
        self._remarks.append(
            Remark(
                code=RemarkCode.ROWS_LEFT,
                store=store,
                count=left,
                message=f"after an interruption, some rows in {store} are as they were before",
            )
        )
        return True

    def _failed(self, store: str) -> None:
        error = ErasureInterruptedError(f"the erasure was interrupted in the store {store!r}")
        self._failures.append(Failure(store, error))

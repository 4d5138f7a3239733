"""From a person's request to its receipt: opened, planned, carried out, proved."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from kept.errors import KeptError, RefusedError
from kept.jurisdictions.response_time import response_times
from kept.plans.connector import Done, Reading
from kept.plans.errors import (
    CatalogChangedError,
    IdentityAmbiguousError,
    IdentityUnknownError,
    IdentityUnusableError,
    refusal,
)
from kept.plans.plan import DatasetCounts, Plan, Remark, RemarkCode, Task
from kept.plans.planner import plan
from kept.rights.answer import AnswerHead, answer
from kept.rights.deadline import Clock, strictest
from kept.rights.request import RequestState, RightsRequest
from kept.subjects.identifier import Identifier
from kept.vocabulary.right import Right
from kept.workflows.guarded_store import Guarded
from kept.workflows.request_closing import (
    Case,
    ErasureUnfinishedError,
    close,
    entry_of,
    sorted_remarks,
    subject_of,
)
from kept.workflows.request_holds import HeldMeanwhileError, Holding
from kept.workflows.request_ports import Desk, Mapped, Ports
from kept.workflows.request_progress import Progress, is_written
from kept.workflows.request_report import result_json
from kept.workflows.request_stores import Failure, erase_everywhere, read_everywhere

PACKAGE_KEPT_FOR = timedelta(days=30)
"""How long an answer waits to be fetched."""

SUPPORTED = (Right.ACCESS, Right.ERASURE)

_PLANS = 5
"""How often a request is planned while structures and holds change under it."""

_OPERATOR = Remark(
    code=RemarkCode.OPERATOR_VOUCHED,
    message="the operator who ran the request vouched for the person's identity",
)


class RightNotSupportedError(RefusedError):
    """No workflow exists yet for this right."""

    code: ClassVar[str] = "rights.not-supported"
    remedy: str = "Carry it out by hand; access and erase are carried out by Kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for, and when.

    Attributes:
        id: Id of the request to be.
        right: What the person exercises.
        identifiers: Who the person is.
        received_at: When it reached the controller (UTC).
        opened_by: Who opened it.
    """

    id: str
    right: Right
    identifiers: tuple[Identifier, ...]
    received_at: datetime
    opened_by: str = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a request.

    Attributes:
        request: The request, with its result and receipt.
        counts: What happened, by dataset.
        remarks: What the answer says of itself.
        tasks: What people still have to do.
        failures: Stores that did not do their part.
    """

    request: RightsRequest
    counts: tuple[DatasetCounts, ...]
    remarks: tuple[Remark, ...] = ()
    tasks: tuple[Task, ...] = ()
    failures: tuple[Failure, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the contract of ``kept request --json``."""
        return result_json(self.request)


def answer_request(ports: Ports, desk: Desk, asked: Asked) -> Outcome:
    """Carry out one request and return what became of it.

    The request's row exists before anything else happens, so that nothing that was
    received is lost. A store that fails after others are done is said in the outcome, and
    the request stays open.

    Args:
        ports: Everything outside.
        desk: Who answers.
        asked: The request.

    Raises:
        RightNotSupportedError: The right is none that is carried out yet; no row is made.
        IdentityUnusableError: An identifier is empty; no row is made.
        RefusedError: Something must be changed first; nothing was read out or changed, and
            the request waits.
        UnavailableError: A store did not answer; nothing was changed, and the request waits.
    """
    require_supported(asked.right)
    require_usable(asked.identifiers)
    return _Answering(ports, desk, asked).run()


def require_supported(right: Right) -> None:
    """Refuse a right that no workflow carries out yet.

    Raises:
        RightNotSupportedError: It is none of `SUPPORTED`.
    """
    if right not in SUPPORTED:
        raise RightNotSupportedError(f"the right {right.value!r} is not carried out yet")


def require_usable(identifiers: tuple[Identifier, ...]) -> None:
    """Refuse a request that names nobody.

    Raises:
        IdentityUnusableError: There is no identifier, or one is empty.
    """
    if not identifiers:
        raise IdentityUnusableError("no identifier was given")
    for each in identifiers:
        if not each.normalised:
            raise IdentityUnusableError(f"the identifier {each.kind.value} is empty")
    if not any(each.kind.locates for each in identifiers):
        kinds = ", ".join(sorted({each.kind.value for each in identifiers}))
        raise IdentityUnusableError(f"{kinds} alone cannot find anybody")


def plan_for(right: Right, mapped: Mapped) -> Plan:
    """Return the plan for a right over what the stores hold now."""
    return plan(right, mapped.inventory, mapped.catalogs)


class _Answering:
    """One request on its way: a value that lives as long as one call."""

    def __init__(self, ports: Ports, desk: Desk, asked: Asked) -> None:
        self._ports = ports
        self._desk = desk
        self._asked = asked
        self._at = asked.received_at
        self._today: date = asked.received_at.astimezone(ZoneInfo(desk.timezone)).date()
        self._clock = clock_of(desk, self._today)
        self._request = self._opened()
        self._progress = Progress(self._ports, self._case)
        self._holding = Holding(ports.holds, asked.identifiers, self._at)

    def run(self) -> Outcome:
        try:
            return self._carried_out()
        except KeptError as error:
            if self._progress.written:
                # Rows are gone: whatever failed after that, the request was not refused.
                raise ErasureUnfinishedError(
                    f"rows were erased, and the receipt could not be written ({error.code})"
                ) from error
            self._refused(error)
            raise
        finally:
            self._progress.close()

    # ── opening ──────────────────────────────────────────────────────────────

    def _opened(self) -> RightsRequest:
        request = RightsRequest(
            id=self._asked.id,
            right=self._asked.right,
            law=self._clock.law,
            identity_kinds=tuple(dict.fromkeys(each.kind for each in self._asked.identifiers)),
            opened_by=self._asked.opened_by,
            operation=f"request/{self._asked.id}",
            received_at=self._at,
            due=self._clock.due,
            clock=self._clock.source,
            opened_at=self._at,
            changed_at=self._at,
        )
        # Nobody is told that it was received before this row is on disk.
        return self._ports.requests.add(request.moved(RequestState.ACKNOWLEDGED, self._at))

    def _moved(self, request: RightsRequest, state: RequestState) -> RightsRequest:
        moved = request.moved(state, self._at)
        self._ports.requests.save(moved)
        return moved

    def _refused(self, error: KeptError) -> None:
        """Note that the request waits, and what for; what is done stays open until then."""
        asks_the_person = isinstance(
            error, IdentityAmbiguousError | IdentityUnknownError | IdentityUnusableError
        )
        state = RequestState.REQUIRES_ACTION if asks_the_person else RequestState.ACTION_DELAYED
        request = replace(self._request, result={"refused": error.code})
        self._request = self._moved(request, state)
        entry = entry_of(
            self._ports, self._case, "request.refused", "refused", {"code": error.code}, self._at
        )
        self._ports.log.append([entry], self._at)

    # ── carrying out ─────────────────────────────────────────────────────────

    def _carried_out(self) -> Outcome:
        structures = 0
        for _ in range(_PLANS):
            try:
                return self._done(self._planned())
            except CatalogChangedError:
                # The structure changed between looking and locking: look again, once.
                structures += 1
                if structures > 1:
                    raise
            except HeldMeanwhileError:
                # What is held is kept in the next plan, and the rest goes.
                continue
        raise HeldMeanwhileError("holds kept changing while the erasure was planned")

    def _planned(self) -> Plan:
        mapped = self._ports.mapped()
        if self._asked.right is Right.ERASURE:
            mapped = self._holding.applied(mapped)
        planned = plan_for(self._asked.right, mapped)
        if planned.obstacles:
            raise refusal(planned.obstacles)
        kinds = {each.kind for each in self._asked.identifiers if each.kind.locates}
        searched = {
            way.kind
            for part in planned.parts
            for step in part.steps
            for way in step.sought
            if way.locates
        }
        if not kinds & searched:
            raise IdentityUnusableError(
                f"no dataset is searched by {', '.join(sorted(kind.value for kind in kinds))}"
            )
        return planned

    def _done(self, planned: Plan) -> Outcome:
        if self._asked.right is Right.ACCESS:
            return self._access(planned)
        return self._erasure(planned)

    def _access(self, planned: Plan) -> Outcome:
        readings = read_everywhere(self._ports.stores, planned, self._asked.identifiers)
        counts = tuple(each for reading in readings for each in reading.counts)
        self._require_known(counts, planned, readings)
        remarks = sorted_remarks(
            planned.remarks, (_OPERATOR,), *(reading.remarks for reading in readings)
        )
        self._keep_package(planned, readings, remarks)
        tasks = tuple(each for reading in readings for each in reading.tasks)
        return self._closed(planned, counts, remarks, tasks)

    def _keep_package(
        self, planned: Plan, readings: tuple[Reading, ...], remarks: tuple[Remark, ...]
    ) -> None:
        made = answer(
            AnswerHead(
                request=self._request.id,
                controller=self._desk.controller,
                contact=self._desk.contact,
                made_at=self._at,
                law=self._clock.law,
            ),
            planned,
            (record for reading in readings for record in reading.records),
            others=frozenset(name for reading in readings for name in reading.others),
            marks=frozenset(value for reading in readings for _, value in reading.marks),
            remarks=remarks,
        )
        content = json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        self._ports.packages.store(
            self._request.id, content, expires_at=self._at + PACKAGE_KEPT_FOR
        )

    def _erasure(self, planned: Plan) -> Outcome:
        self._holding.look(
            planned,
            lambda: read_everywhere(self._ports.stores, planned, self._asked.identifiers),
        )
        # What an earlier try noted was taken back: nothing has committed yet.
        self._progress.ended()
        foreseen = replace(planned, tasks=(*planned.tasks, *self._holding.expected(planned)))
        self._progress = Progress(self._ports, self._case, foreseen, (_OPERATOR,))
        erased = erase_everywhere(
            {
                name: Guarded(store, self._holding.check, self._ports.holds.committing)
                for name, store in self._ports.stores.items()
            },
            planned,
            self._asked.identifiers,
            operation=self._request.operation,
            today=self._today,
            before_commit=self._before_commit,
            done=self._progress.committed,
        )
        counts = tuple(each for done in erased.done for each in done.counts)
        if not erased.failures:
            self._require_known(counts, planned)
        remarks = sorted_remarks(
            planned.remarks, (_OPERATOR,), *(done.remarks for done in erased.done)
        )
        tasks = tuple(each for done in erased.done for each in done.tasks)
        return self._closed(planned, counts, remarks, tasks, erased.failures)

    def _before_commit(self, store: str, done: Done) -> None:
        if is_written(done):
            self._request = self._moved(self._request, RequestState.ACCEPTED)
        self._progress.about_to(store, done)

    def _require_known(
        self,
        counts: tuple[DatasetCounts, ...],
        planned: Plan,
        readings: tuple[Reading, ...] = (),
    ) -> None:
        withheld = any(
            remark.code is RemarkCode.OWNED_BY_ANOTHER
            for reading in readings
            for remark in reading.remarks
        )
        if any(each.located for each in counts) or withheld:
            return
        unsearched = any(
            remark.code in {RemarkCode.NOT_SEARCHED, RemarkCode.HELD_FOR_CLIENT}
            for remark in planned.remarks
        )
        kinds = ", ".join(sorted({each.kind.value for each in self._asked.identifiers}))
        raise IdentityUnknownError(
            f"nobody is found by {kinds}"
            + (", and some datasets were not searched" if unsearched else "")
        )

    # ── closing ──────────────────────────────────────────────────────────────

    def _closed(
        self,
        planned: Plan,
        counts: tuple[DatasetCounts, ...],
        remarks: tuple[Remark, ...],
        tasks: tuple[Task, ...],
        failures: tuple[Failure, ...] = (),
    ) -> Outcome:
        tasks = (*planned.tasks, *tasks, *self._holding.tasks(counts))
        self._request = close(self._ports, self._case, counts, remarks, tasks, failures, self._at)
        self._progress.ended()
        return Outcome(
            request=self._request,
            counts=counts,
            remarks=remarks,
            tasks=tasks,
            failures=failures,
        )

    @property
    def _case(self) -> Case:
        person = self._asked.identifiers
        return Case(self._request, subject_of(self._ports.suppression, person), person)


def clock_of(desk: Desk, received: date) -> Clock:
    """Return until when an answer is in time: the strictest of the laws that apply."""
    known = response_times()
    rules = [known[law] for law in desk.laws if law in known] or list(known.values())
    clock = strictest(received, rules, is_working_day=desk.is_working_day)
    if clock is None:  # pragma: no cover - the package has response times
        raise LookupError("no response time is known")
    return clock

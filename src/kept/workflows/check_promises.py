"""From a policy and its stores to a verdict for each promise, with the evidence kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from kept.checks.port import Check, Erased, Reach, Read, Run, View
from kept.checks.registry import CHECKS
from kept.checks.ruling import unchecked
from kept.checks.scan import Progress, Scan
from kept.evidence.entry import Entry
from kept.evidence.receipt import Receipt
from kept.inventory.catalog import Catalog
from kept.inventory.connector import Scans
from kept.inventory.dataset import Dataset, DatasetId, Inventory
from kept.inventory.scanned import Scanned
from kept.promises.promise import Document, Promise, Register
from kept.promises.scoreboard import Scoreboard, scoreboard
from kept.promises.verdict import DutyVerdict, PromiseVerdict, Verdict
from kept.promises.version import PolicyVersion
from kept.vocabulary.duty import Duty

if TYPE_CHECKING:
    from kept.evidence.body import Json

_MOST_ROUNDS = 100


class Policies(Protocol):
    """Remembers which texts of the policies were seen."""

    def seen(self, document: str) -> Sequence[PolicyVersion]:
        """Return every version of `document` that was seen, oldest first."""
        ...

    def record_seen(
        self, document: str, *, sha256: str, version_date: str | None, at: datetime
    ) -> PolicyVersion:
        """Remember that `document` was this text at `at`."""
        ...


class Said(Protocol):
    """What one check said of one duty of one promise, once."""

    @property
    def verdict(self) -> Verdict:
        """What was said."""
        ...


class History(Protocol):
    """Remembers what the checks said, run after run."""

    def history(self, promise: str, duty: Duty, *, limit: int) -> Sequence[Said]:
        """Return the latest runs for one duty of one promise, newest first."""
        ...

    def since(self, promise: str, duty: Duty) -> datetime | None:
        """Return since when the latest verdict has been said without a break."""
        ...

    def record(self, verdicts: Iterable[PromiseVerdict]) -> int:
        """Keep what one run of the checks said."""
        ...


class Log(Protocol):
    """Takes entries for good."""

    def append(self, entries: Sequence[Entry], at: datetime) -> Sequence[Receipt]:
        """Append what is new among `entries`, durably."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked.

    Attributes:
        register: What the policies promise.
        inventory: What the stores that answered hold.
        catalogs: Their structure.
        unanswered: Stores that did not answer, and why.
        terms: What ``[terms]`` settles, by promise id.
        laws: Identifiers of the laws that apply.
        texts: Hash of each document's text, by name; else that of its bytes.
        scans: The last full scan of each dataset that has one.
    """

    register: Register
    inventory: Inventory
    catalogs: Mapping[str, Catalog]
    unanswered: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    laws: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    scans: Mapping[DatasetId, Scanned] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the checks are carried out with.

    Attributes:
        stores: Where rows are read, with reading credentials.
        policies: Which texts were seen.
        history: What earlier runs said.
        log: Where the run is witnessed.
        erased: Who was erased; ``None`` where that is not known.
        unsettled: Says how many erasures are under way or were interrupted.
        unconfirmed: Says how many processors have not confirmed an erasure in time.
        reach: Says what answers contain; asked only where a check needs it.
        progress: Told how far the reading is.
    """

    stores: Mapping[str, Scans]
    policies: Policies
    history: History
    log: Log
    erased: Callable[[], Erased | None] = lambda: None
    unsettled: Callable[[], int] = lambda: 0
    unconfirmed: Callable[[], int] = lambda: 0
    reach: Callable[[], Reach | None] = lambda: None
    progress: Progress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When and how one run takes place.

    Attributes:
        now: The instant (UTC).
        today: Its day in the controller's time zone.
        id: Names the run in the log.
        row_budget: The most rows to read of one dataset; ``None`` reads all.
    """

    now: datetime
    today: date
    id: str
    row_budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one run said.

    Attributes:
        at: When (UTC).
        scoreboard: The verdict of each promise, in the order of the text.
        unanswered: Stores that did not answer, and why.
    """

    at: datetime
    scoreboard: Scoreboard
    unanswered: Mapping[str, str]


def check_promises(
    subject: Subject,
    ports: Ports,
    occasion: Occasion,
    *,
    checks: Mapping[Duty, Check] = CHECKS,
) -> Checked:
    """Check every promise, keep what was said, and return it.

    Every dataset is read once for all checks. A finding whose rows do not tell since when
    they break a promise is dated by the run that saw it first. Nothing is changed in a store. What is
    kept holds ids and counts: the texts seen, the verdicts, and one entry of the log.

    Args:
        subject: What is checked.
        ports: What with.
        occasion: When.
        checks: The check of each duty; a duty without one is unproven.
    """
    made = {duty for promise in subject.register.promises for duty in promise.duties}
    used = {duty: check for duty, check in checks.items() if duty in made}
    view = _view(subject, ports, occasion, frozenset(used))
    runs = {duty: check.begin(view) for duty, check in used.items()}
    read = _read(runs, ports, occasion, subject.inventory.datasets)
    verdicts = {
        promise.id: [
            _dated(_judged(duty, promise, view, runs, read), promise, ports.history)
            for duty in promise.duties
        ]
        for promise in subject.register.promises
    }
    board = scoreboard(subject.register.promises, verdicts)
    _keep(board, subject, ports, occasion)
    return Checked(at=occasion.now, scoreboard=board, unanswered=subject.unanswered)


def _view(subject: Subject, ports: Ports, occasion: Occasion, checked: frozenset[Duty]) -> View:
    return View(
        now=occasion.now,
        today=occasion.today,
        register=subject.register,
        inventory=subject.inventory,
        catalogs=subject.catalogs,
        unanswered=subject.unanswered,
        terms=subject.terms,
        laws=subject.laws,
        versions=[
            version
            for document in subject.register.documents
            for version in ports.policies.seen(document.name)
        ],
        texts=subject.texts,
        erased=ports.erased() if Duty.RIGHT_ERASURE in checked else None,
        unsettled=ports.unsettled() if Duty.RIGHT_ERASURE in checked else 0,
        unconfirmed=ports.unconfirmed() if Duty.RIGHT_ERASURE in checked else 0,
        reach=ports.reach() if Duty.RIGHT_ACCESS in checked else None,
        checked=checked,
        row_budget=occasion.row_budget,
        scans=subject.scans,
    )


def _read(
    runs: Mapping[Duty, Run], ports: Ports, occasion: Occasion, datasets: Iterable[Dataset]
) -> dict[DatasetId, Read]:
    """Show the rows to the runs, round after round, until none wants to see more."""
    scan = Scan(
        stores=ports.stores,
        row_budget=occasion.row_budget,
        progress=ports.progress,
        rows={each.id: each.rows or 0 for each in datasets},
    )
    read: dict[DatasetId, Read] = {}
    for _ in range(_MOST_ROUNDS):
        observers = [each for run in runs.values() for each in run.observers(read)]
        if not observers:
            break
        for dataset, how in scan.show(observers).items():
            before = read.get(dataset)
            read[dataset] = _joined(before, how)
    return read


def _joined(before: Read | None, how: Read) -> Read:
    """Return how far a dataset was read: what one round could not read stays unread."""
    if before is None or before.gap is not None:
        return before or how
    # A later round, of which nobody wanted a part, says nothing of the part that was read.
    part = before.part if how.part is None else how.part
    return how if how.gap is not None else replace(how, part=part, cut=max(before.cut, how.cut))


def _judged(
    duty: Duty,
    promise: Promise,
    view: View,
    runs: Mapping[Duty, Run],
    read: Mapping[DatasetId, Read],
) -> DutyVerdict:
    run = runs.get(duty)
    return unchecked(view, duty) if run is None else run.judge(promise, read)


def _dated(said: DutyVerdict, promise: Promise, history: History) -> DutyVerdict:
    """Return `said`, its findings dated by the first run in a row that found the duty broken.

    Where the rows themselves tell since when, that stands.
    """
    if said.verdict is not Verdict.BROKEN:
        return said
    before = history.history(promise.id, said.duty, limit=1)
    known = history.since(promise.id, said.duty) if before else None
    since = known if known is not None and before[0].verdict is Verdict.BROKEN else said.at
    findings = tuple(
        each if each.since is not None else replace(each, since=since) for each in said.findings
    )
    return replace(said, findings=findings)


def _keep(board: Scoreboard, subject: Subject, ports: Ports, occasion: Occasion) -> None:
    for document in subject.register.documents:
        ports.policies.record_seen(
            document.name,
            sha256=_text_of(document, subject),
            version_date=document.version_date,
            at=occasion.now,
        )
    ports.history.record(board.verdicts)
    ports.log.append([_entry(board, subject, occasion)], occasion.now)


def _text_of(document: Document, subject: Subject) -> str:
    return subject.texts.get(document.name, document.sha256)


def _entry(board: Scoreboard, subject: Subject, occasion: Occasion) -> Entry:
    broken: list[Json] = [
        {
            "promise": each.promise,
            "duty": duty.duty.value,
            "check": duty.check,
            "codes": sorted({finding.code for finding in duty.findings}),
            "count": sum(finding.count for finding in duty.findings),
        }
        for each in board.verdicts
        for duty in each.duties
        if duty.verdict is Verdict.BROKEN
    ]
    summary: dict[str, Json] = dict(board.summary)
    return Entry(
        type="check.run",
        at=occasion.now,
        operation=f"check/{occasion.id}",
        body={
            "summary": summary,
            "policies": [document.sha256 for document in subject.register.documents],
            "broken": broken,
            "stores": len(subject.catalogs),
            "stores_unanswered": len(subject.unanswered),
        },
    )

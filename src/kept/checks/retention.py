"""Whether nothing is kept longer than the policy says, but for what law makes us keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from kept.checks.governed import Governed, Node, Way, governed_by, names_data, rows_of
from kept.checks.overdue import AtClock, BelowClock, Key, StillLive, Tally
from kept.checks.port import (
    Check,
    Cost,
    Observer,
    Privilege,
    Read,
    Sees,
    SettledTerms,
    View,
)
from kept.checks.ruling import coverage_of, ruled
from kept.checks.ruling import rows_of as rows_in
from kept.checks.terms import days_in, terms_of
from kept.inventory.dataset import Dataset, DatasetId
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Promise
from kept.promises.verdict import DutyVerdict, Finding
from kept.vocabulary.duty import Duty

NAME = "retention/1"
TOO_LONG = "retention.kept-too-long"
MINIMUM_LONGER = "retention.minimum-longer-than-promise"

_SPELL_OUT = (
    'Settle it in kept.toml: [terms]."{id}" = {{ at_most = "24 months", '
    'counted_from = "account closed" }}.'
)


@dataclass(slots=True)
class _Watch:
    """Follows one promise through the datasets that it governs."""

    promise: Promise
    terms: SettledTerms
    governed: Governed
    keep_for: Period
    view: View
    tallies: dict[DatasetId, Tally] = field(default_factory=dict)
    shown: set[DatasetId] = field(default_factory=set)
    finished: set[DatasetId] = field(default_factory=set)
    rescued: dict[DatasetId, set[Key]] = field(default_factory=dict)

    def next_observers(self) -> list[Observer]:
        """Return observers for every node whose turn has come."""
        observers: list[Observer] = []
        # What was shown in the round before has been read; what is shown now has not.
        self.finished = set(self.shown)
        for node in self.governed.nodes:
            if node.dataset.id in self.shown:
                continue
            observers += self._observe(node)
        return observers

    def _observe(self, node: Node) -> list[Observer]:
        if node.way is Way.OWN:
            return [self._shown(node, self._at_clock(node))]
        if node.by not in self.finished or node.reference is None or node.by is None:
            return []
        reference = node.reference
        if node.way is Way.BELOW:
            past = self.tallies[node.by].keys.get(reference.to_fields, set())
            return self._below(node, past, reference.fields)
        past = self.tallies[node.by].keys.get(reference.fields, set())
        if past and node.dataset.id not in self.rescued:
            # Rows of which one refers here and is not past the promise: a person with two
            # accounts, of which one is open. Their keys are taken off in a round of its own.
            self.rescued[node.dataset.id] = past
            below = next(each for each in self.governed.nodes if each.dataset.id == node.by)
            return [
                StillLive(
                    dataset=node.by,
                    clock=below.clock,
                    refer=reference.fields,
                    keep_for=self.keep_for,
                    today=self.view.today,
                    past=past,
                )
            ]
        return self._below(node, past, reference.to_fields)

    def _at_clock(self, node: Node) -> AtClock:
        return AtClock(
            rows=rows_of(node.dataset, self.view),
            clock=node.clock,
            keep_for=self.keep_for,
            today=self.view.today,
            wanted=self._wanted(node),
        )

    def _below(self, node: Node, past: set[Key], refer: tuple[str, ...]) -> list[Observer]:
        if not past:
            # Nothing that it hangs on is past the promise, so neither is it.
            self.shown.add(node.dataset.id)
            self.tallies[node.dataset.id] = Tally()
            return []
        below = BelowClock(
            rows=rows_of(node.dataset, self.view),
            refer=refer,
            past=frozenset(past),
            today=self.view.today,
            since=self.tallies[node.by].since if node.by else None,
            wanted=self._wanted(node),
        )
        return [self._shown(node, below)]

    def _shown(self, node: Node, observer: AtClock | BelowClock) -> Observer:
        self.shown.add(node.dataset.id)
        self.tallies[node.dataset.id] = observer.tally
        return observer

    def _wanted(self, node: Node) -> tuple[tuple[str, ...], ...]:
        """Return the fields whose values others need to find what hangs on a row."""
        wanted: dict[tuple[str, ...], None] = {}
        for other in self.governed.nodes:
            if other.by == node.dataset.id and other.reference is not None:
                above = other.way is Way.ABOVE
                wanted[other.reference.fields if above else other.reference.to_fields] = None
        return tuple(wanted)

    def findings(self) -> list[Finding]:
        """Return one finding for each dataset with rows kept too long."""
        return [
            self._finding(node, tally)
            for node in self.governed.nodes
            if node.counted and (tally := self.tallies[node.dataset.id]).overdue
        ]

    def _finding(self, node: Node, tally: Tally) -> Finding:
        reference = node.reference
        return Finding(
            code=TOO_LONG,
            store=node.dataset.id.store,
            dataset=node.dataset.id.name,
            field=node.clock or (reference.fields[0] if reference and not node.clock else ""),
            count=tally.overdue,
            since=_instant(tally.since),
            message=f"{rows_in(tally.overdue)} stayed longer than {self.keep_for} after "
            f"“{self.terms.counted_from}”, and no law, hold or reason covers that.",
            remedy="Delete or anonymise them with a sweep, or record the hold or the statutory "
            "minimum that keeps them.",
        )


@dataclass(slots=True)
class _Run:
    """One run: every promise on storage periods whose terms are known is followed."""

    view: View
    watches: dict[str, _Watch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for promise in self.view.register.promises:
            if Duty.RETENTION not in promise.duties:
                continue
            terms = terms_of(promise, self.view)
            if terms.at_most is not None and terms.counted_from:
                self.watches[promise.id] = _Watch(
                    promise,
                    terms,
                    governed_by(promise, terms, self.view),
                    terms.at_most,
                    self.view,
                )

    def observers(self, read: Mapping[DatasetId, Read]) -> Sequence[Observer]:
        """Return what comes next: first the clocks, then what hangs on rows past them."""
        del read
        for _ in range(len(self.view.inventory.datasets) + 1):
            observers = [each for watch in self.watches.values() for each in watch.next_observers()]
            if observers or not self._waiting():
                return observers
        return ()

    def judge(self, promise: Promise, read: Mapping[DatasetId, Read]) -> DutyVerdict:
        """Return the verdict for the words of `promise` and the terms that settle them."""
        watch = self.watches.get(promise.id)
        if watch is None:
            return ruled(
                self.view,
                Duty.RETENTION,
                NAME,
                coverage=coverage_of(self.view, (), read),
                doubts=[_unsettled(promise, terms_of(promise, self.view))],
            )
        tallies = watch.tallies
        counted = [each.dataset for each in watch.governed.nodes if each.counted]
        looked_at = [each.id for each in counted if each.id in read]
        return ruled(
            self.view,
            Duty.RETENTION,
            NAME,
            coverage=coverage_of(
                self.view,
                looked_at,
                read,
                measures={
                    "datasets_governed": len(counted) + len(watch.governed.unclocked),
                    "datasets_kept_for_a_reason": len(watch.governed.kept),
                },
            ),
            findings=[*watch.findings(), *_minimums(watch)],
            doubts=_doubts(watch),
            evidence={
                "at_most": str(watch.keep_for),
                "counted_from": watch.terms.counted_from,
                "settled_by_a_person": watch.terms.settled,
                "overdue": sum(tallies[each.id].overdue for each in counted),
                "kept_by_law": sum(tallies[each.id].excused for each in counted),
                "running": sum(tallies[each.id].running for each in counted),
                "not_started": sum(tallies[each.id].waiting for each in counted),
            },
        )

    def _waiting(self) -> bool:
        return any(
            node.dataset.id not in watch.shown
            for watch in self.watches.values()
            for node in watch.governed.nodes
        )


def _unsettled(promise: Promise, terms: SettledTerms) -> str:
    spell_out = _SPELL_OUT.format(id=promise.id)
    if terms.invalid:
        return f"The settled terms cannot be used: {terms.invalid}. {spell_out}"
    if terms.at_most is None:
        return f"The words state no period. {spell_out}"
    return f"The words do not say from when the period is counted. {spell_out}"


def _doubts(watch: _Watch) -> list[str]:
    doubts = []
    governed, event = watch.governed, watch.terms.counted_from
    if governed.unclocked:
        first = governed.unclocked[0].id
        doubts.append(
            f"{len(governed.unclocked)} datasets hold this data and no field tells when "
            f"“{event}” was, first {first}: name one in datamap.toml under {first.name}.anchors."
        )
    elif not any(each.counted for each in governed.nodes):
        doubts.append(
            f"No dataset of the map holds this data with a field for “{event}”: name one in "
            "datamap.toml under anchors."
        )
    unreadable = sum(each.unreadable for each in watch.tallies.values())
    if unreadable:
        doubts.append(f"In {unreadable} rows “{event}” holds something that is no time.")
    if any(each.full for each in watch.tallies.values()):
        doubts.append("More rows are past the period than what hangs on them could be looked at.")
    return doubts


def _minimums(watch: _Watch) -> list[Finding]:
    """Return a finding for each dataset that law keeps longer than the words say.

    None where the policy says somewhere that law may keep data longer.
    """
    promises = watch.view.register.promises
    if any(Duty.LEGAL_HOLD in each.duties for each in promises):
        return []
    return [
        Finding(
            code=MINIMUM_LONGER,
            store=node.dataset.id.store,
            dataset=node.dataset.id.name,
            field=node.dataset.minimum.counted_from,
            count=node.dataset.rows or 0,
            message=f"The words say {watch.keep_for}, and {node.dataset.minimum.provision} makes "
            f"us keep these rows {node.dataset.minimum.keep_for}: the words cannot be true.",
            remedy="Say in the policy that records are kept as long as law requires.",
        )
        for node in watch.governed.nodes
        if node.counted
        and node.dataset.minimum is not None
        and days_in(node.dataset.minimum.keep_for) > days_in(watch.keep_for)
        and not _named_elsewhere(watch, node.dataset)
    ]


def _named_elsewhere(watch: _Watch, dataset: Dataset) -> bool:
    """Return whether another promise names what the dataset holds, and so its period."""
    return any(
        each is not watch.promise
        and Duty.RETENTION in each.duties
        and names_data(each)
        and any(
            stated.covers(held) for stated in each.data for f in dataset.fields for held in f.holds
        )
        for each in watch.view.register.promises
    )


def _instant(last_good: date | None) -> datetime | None:
    if last_good is None:
        return None
    return datetime.combine(last_good + timedelta(days=1), time(), UTC)


CHECK = Check(
    duty=Duty.RETENTION,
    version=1,
    cadence=Period(1, Unit.DAY),
    cost=Cost.FULL_SCAN,
    sees=frozenset({Sees.REGISTER, Sees.INVENTORY, Sees.ROWS}),
    privileges=frozenset({Privilege.READ_CATALOG, Privilege.READ_ROWS}),
    proves="No row is past the promised period and past every statutory minimum, counted from "
    "the event that the words or the settled terms name.",
    begin=_Run,
)

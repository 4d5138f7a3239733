"""How a verdict follows from what was found, what was left out and what is in doubt."""

from collections.abc import Iterable, Mapping, Sequence

from kept.checks.port import Read, View
from kept.inventory.dataset import Dataset, DatasetId, State
from kept.inventory.scanned import Scanned
from kept.promises.coverage import Coverage, Gap
from kept.promises.verdict import Basis, DutyVerdict, Finding, Verdict
from kept.vocabulary.duty import Duty


def ruled(
    view: View,
    duty: Duty,
    check: str,
    *,
    coverage: Coverage,
    findings: Iterable[Finding] = (),
    doubts: Sequence[str] = (),
    evidence: Mapping[str, object] | None = None,
) -> DutyVerdict:
    """Return the verdict that follows.

    A finding that contradicts the words and has not ended breaks the duty, however
    little was looked at. Else anything left out and any doubt leaves it unproven.
    Only what was wholly looked at and found without fault is kept.

    Args:
        view: What the check was given.
        duty: The duty judged.
        check: Name of the check.
        coverage: What was looked at.
        findings: What was found.
        doubts: Sentences that each say what is missing for a proof.
        evidence: What the verdict rests on, JSON values.
    """
    found = tuple(sorted(findings, key=lambda each: (each.store, each.dataset, each.field)))
    if any(each.basis is Basis.PROMISE and each.until is None for each in found):
        verdict, reason = Verdict.BROKEN, ""
    elif doubts or not coverage.complete:
        verdict, reason = Verdict.UNPROVEN, " ".join([*doubts, *_left_out(coverage)])
    else:
        verdict, reason = Verdict.KEPT, ""
    return DutyVerdict(
        duty=duty,
        verdict=verdict,
        check=check,
        at=view.now,
        coverage=coverage.as_json(),
        evidence=evidence or {},
        findings=found,
        reason=reason,
    )


def unchecked(view: View, duty: Duty) -> DutyVerdict:
    """Return the verdict of a duty that no check exists for: never kept."""
    return DutyVerdict(
        duty=duty,
        verdict=Verdict.UNPROVEN,
        check="",
        at=view.now,
        reason=f"No check for {duty} exists yet, so nothing proves it.",
    )


def coverage_of(
    view: View,
    datasets: Iterable[DatasetId],
    read: Mapping[DatasetId, Read],
    *,
    measures: Mapping[str, int] | None = None,
    compared: Iterable[Dataset] = (),
) -> Coverage:
    """Return how far the rows of `datasets` were read.

    A store that did not answer is a gap: nobody knows what it holds.

    Args:
        view: What the check was given.
        datasets: Those whose rows the verdict rests on.
        read: How far each was read.
        measures: Further counts of what was looked at.
        compared: Datasets of which the verdict takes for true what they are said to hold.
            Where a row budget is smaller than one of them, that is a gap: whoever reads
            less than all proves nothing.
    """
    wanted = sorted(set(datasets))
    rows = [read[each] for each in wanted if each in read]
    gaps = [*silent_stores(view), *(each.gap for each in rows if each.gap is not None)]
    gaps += [
        Gap(store=each.store, dataset=each.name, reason="its rows were not read")
        for each in wanted
        if each not in read
    ]
    known = {each.where for each in gaps}
    gaps += [each for each in _over_budget(view, compared) if each.where not in known]
    return Coverage(
        stores=tuple(sorted(view.catalogs)),
        datasets=len(wanted),
        rows_read=sum(each.read for each in rows),
        rows=sum(each.rows for each in rows),
        gaps=tuple(gaps),
        measures=measures or {},
    )


def unseen(view: View, datasets: Iterable[Dataset]) -> list[str]:
    """Return what is in doubt of `datasets` that nobody decided about, beyond what was found.

    A sample leaves the rest unseen, unless the dataset is so small that the sample is all
    of it. What a dataset holds that a person decided about, that person looked at. A full
    scan looks for what has a form: that names and words are not there, it cannot say.
    """
    left = [each for each in datasets if each.state is not State.DECIDED and each.only_sampled]
    if not left:
        return []
    return [
        (
            f"Of {len(left)} datasets that nobody decided about only a sample was looked at, first "
            f"{left[0].id} ({_share(left[0], view.scans.get(left[0].id))}): run `kept map --write`, look at them, and decide."
        )
    ]


def _share(dataset: Dataset, scanned: Scanned | None) -> str:
    """Return how much of a dataset was read, never rounded up to all of it."""
    rows = dataset.rows or 0
    share = int(1_000 * min(dataset.looked_at, rows) / rows) / 10 if rows else 0
    said = f"{share:g} % read" if dataset.looked_at < rows or not rows else "not every value read"
    return said if scanned is None else f"{said}, {scanned.percent} % by the full scan"


def rows_of(count: int) -> str:
    """Return a number of rows in words: ``"1 row"``, ``"3 rows"``."""
    return f"{count} row" if count == 1 else f"{count} rows"


def silent_stores(view: View) -> list[Gap]:
    """Return a gap for every store that did not answer."""
    return [Gap(store=store, reason=reason) for store, reason in sorted(view.unanswered.items())]


def _over_budget(view: View, compared: Iterable[Dataset]) -> list[Gap]:
    budget = view.row_budget
    if budget is None:
        return []
    reason = f"no more than {rows_of(budget)} may be read, as the row budget says"
    return [
        Gap(store=each.id.store, dataset=each.id.name, reason=reason)
        for each in compared
        if each.rows is None or each.rows > budget
    ]


def _left_out(coverage: Coverage) -> list[str]:
    if not coverage.gaps:
        return [] if coverage.complete else [f"Only {coverage.percent} % of the rows were read."]
    first = coverage.gaps[0]
    more = len(coverage.gaps) - 1
    others = f", and {more} more" if more else ""
    return [f"Not everything was looked at: {first.where}, where {first.reason}{others}."]

"""How a verdict follows from what was found, what was left out and what is in doubt."""

from collections.abc import Iterable, Mapping, Sequence

from kept.checks.form_watch import Looked
from kept.checks.port import Read, View
from kept.checks.proof import Proof
from kept.checks.scope import sure
from kept.inventory.dataset import Dataset, DatasetId, State
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
    gaps += [each for each in over_budget(view, compared) if each.where not in known]
    return Coverage(
        stores=tuple(sorted(view.catalogs)),
        datasets=len(wanted),
        rows_read=sum(each.read for each in rows),
        rows=sum(each.rows for each in rows),
        gaps=tuple(gaps),
        measures=measures or {},
    )


def unseen(looked: Iterable[Looked], proofs: Mapping[DatasetId, Proof]) -> list[str]:
    """Return what is in doubt of datasets that nobody decided about, beyond what was found.

    Whoever reads every row finds what has a form. Whether a word is a name or a street no
    form can tell: discovery tells from what many values of a field have in common, in a
    sample. So fields with words have to be decided by a person, unless the dataset is so
    small that the sample is all of it. What a person decided about, that person looked at.

    Args:
        looked: The datasets, with the fields that no person decided about.
        proofs: How far each was looked at: what was left out is said there.
    """
    left = [
        (each.dataset.id, worded)
        for each in looked
        if each.dataset.state is not State.DECIDED and each.dataset.only_sampled
        if (worded := _unlabelled(each, each.worded(proofs[each.dataset.id])))
    ]
    if not left:
        return []
    (dataset, fields) = left[0]
    said = (
        f"In {len(left)} datasets that nobody decided about stand words of which only a sample "
        f"was judged, first in {dataset}.{fields[0]}: run `kept map --write`, look at them, and "
        "decide."
    )
    return [said]


def _unlabelled(looked: Looked, names: Iterable[str]) -> list[str]:
    return [name for name in names if not sure(looked.dataset.field(name))]


def rows_of(count: int, *, of: Proof | None = None) -> str:
    """Return a number of rows in words: ``"1 row"``, ``"3 rows"``.

    Where not all rows `of` a dataset were looked at, there are at least so many.
    """
    said = f"{count} row" if count == 1 else f"{count} rows"
    return f"at least {said}" if of is not None and of.gap is not None else said


def silent_stores(view: View) -> list[Gap]:
    """Return a gap for every store that did not answer."""
    return [Gap(store=store, reason=reason) for store, reason in sorted(view.unanswered.items())]


def left_out(view: View) -> list[Gap]:
    """Return a gap for every store that did not answer, and for what the others do not show.

    What is in a schema that may not be read, or in a damaged file, nobody knows.
    """
    hidden = [
        Gap(store=store, dataset=name, reason=f"it was not read ({why})")
        for store, catalog in sorted(view.catalogs.items())
        for name, why in catalog.unread
    ]
    return [*silent_stores(view), *hidden]


def over_budget(view: View, compared: Iterable[Dataset]) -> list[Gap]:
    """Return a gap for each dataset that is larger than the row budget: less proves nothing."""
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
    said = first.reason if first.reason[:1].isdigit() else f"where {first.reason}"
    return [f"Not everything was looked at: {first.where}, {said}{others}."]

"""How the verdicts are told: to a program as JSON, to a person as a scoreboard."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from kept.promises.promise import Clause, Promise, Register
from kept.promises.scoreboard import NO_PROMISE, Scoreboard
from kept.promises.verdict import DutyVerdict, Finding, PromiseVerdict, Verdict

_SHOWN = 88
_TITLES: Mapping[Verdict, str] = {
    Verdict.BROKEN: "Broken",
    Verdict.IMPOSSIBLE: "Impossible: nothing can keep these words",
    Verdict.UNPROVEN: "Unproven",
    Verdict.AT_RISK: "At risk",
    Verdict.KEPT: "Kept",
}


def as_json(board: Scoreboard, at: datetime) -> dict[str, object]:
    """Return the contract of ``kept check --json``.

    A clause that promises nothing has no verdict: it is counted, and not listed.
    """
    return {
        "at": written(at),
        "verdicts": [_promise(each) for each in board.verdicts if each.verdict is not None],
        "summary": board.summary,
    }


def written(at: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC, to the second."""
    if at is None:
        return None
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _promise(each: PromiseVerdict) -> dict[str, object]:
    return {
        "promise": each.promise,
        "quote": each.quote,
        "verdict": each.verdict,
        "duties": [_duty(duty) for duty in each.duties],
    }


def _duty(duty: DutyVerdict) -> dict[str, object]:
    return {
        "duty": duty.duty,
        "verdict": duty.verdict,
        "check": duty.check,
        "at": written(duty.at),
        "reason": duty.reason,
        "coverage": dict(duty.coverage),
        "evidence": dict(duty.evidence),
        "findings": [_finding(each) for each in duty.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "basis": finding.basis,
        "store": finding.store,
        "dataset": finding.dataset,
        "field": finding.field,
        "count": finding.count,
        "since": written(finding.since),
        "until": written(finding.until),
        "message": finding.message,
        "remedy": finding.remedy,
    }


def lines(board: Scoreboard, register: Register) -> Iterator[tuple[str, Verdict | None]]:
    """Yield the scoreboard line by line, each with the verdict that it speaks of, if any.

    Worst first; a program may rely on the last line, which says how many are unproven.
    """
    promises = {each.id: each for each in register.promises}
    for verdict, group in board.worst_first:
        yield f"{_TITLES[verdict]} ({len(group)})", verdict
        for each in group:
            yield from ((line, None) for line in _told(each, promises[each.promise]))
        yield "", None
    yield ", ".join(_tallies(board)), None
    yield _unproven(board.summary["unproven"]), None


def brief(board: Scoreboard, most: int = 5) -> Iterator[str]:
    """Yield the scoreboard in a few lines: what is broken or impossible, and the counts."""
    worst = [
        each
        for verdict, group in board.worst_first
        if verdict in {Verdict.BROKEN, Verdict.IMPOSSIBLE}
        for each in group
    ]
    for each in worst[:most]:
        yield f"  {each.verdict}: “{_short(each.quote)}”"
        found = [finding for duty in each.duties for finding in duty.findings]
        if found:
            where = ".".join(part for part in (found[0].store, found[0].dataset) if part)
            yield f"    {where or 'the text'}: {found[0].message}"
    if len(worst) > most:
        yield f"  … and {len(worst) - most} more: kept check shows them"
    yield ", ".join(_tallies(board))
    yield _unproven(board.summary["unproven"])


def _tallies(board: Scoreboard) -> Iterator[str]:
    summary = board.summary
    yield f"{summary['kept']} kept"
    yield f"{summary['at_risk']} at risk"
    yield f"{summary['broken']} broken"
    yield f"{summary['impossible']} impossible; {summary[NO_PROMISE]} clauses promise nothing"


def _told(each: PromiseVerdict, promise: Promise) -> Iterator[str]:
    yield f"  {each.promise}  “{_short(each.quote)}”{_place(promise.clause)}"
    if promise.impossible:
        yield f"    {promise.impossible}"
    if each.verdict is Verdict.KEPT:
        yield f"    {', '.join(duty.duty for duty in each.duties)}"
        return
    unchecked = [duty.duty for duty in each.duties if not duty.check]
    for duty in each.duties:
        if not duty.check or (duty.verdict is Verdict.KEPT and not duty.findings):
            continue
        reason = f": {duty.reason}" if duty.reason else ""
        yield f"    {duty.duty}: {duty.verdict.replace('_', ' ')}{reason}"
        for finding in duty.findings:
            yield from _found(finding)
    if unchecked:
        yield f"    no check yet: {', '.join(unchecked)}"


def _found(finding: Finding) -> Iterator[str]:
    where = ".".join(each for each in (finding.store, finding.dataset, finding.field) if each)
    facts = [_counted(finding)]
    if finding.since is not None:
        facts.append(f"since {finding.since:%Y-%m-%d}")
    if finding.basis != "promise":
        facts.append("against the law, not against these words")
    yield f"      {where or 'the text'} ({', '.join(facts)}): {finding.message}"
    yield f"      what to do: {finding.remedy}"


def _counted(finding: Finding) -> str:
    unit = "row" if finding.store else "text"
    return f"{finding.count} {unit}" if finding.count == 1 else f"{finding.count} {unit}s"


def _place(clause: Clause) -> str:
    return f"  [{clause.document}]"


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def _unproven(count: int) -> str:
    if count == 1:
        return "1 promise is unproven: nothing shows that it is kept."
    return f"{count} promises are unproven: nothing shows that they are kept."

"""What the demonstration says of each step, in few lines, from what was really done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kept.evidence.receipt import Verification
from kept.inventory.catalog import Catalog
from kept.inventory.dataset import Dataset, Inventory
from kept.plans.plan import DatasetCounts
from kept.promises.promise import Register, Severity
from kept.promises.scoreboard import NO_PROMISE, Scoreboard
from kept.promises.verdict import PromiseVerdict, Verdict
from kept.testing.violations import Planted

Lines = Iterator[str]

_QUOTED = 76
_BAR = 48
_ORDER = (
    Verdict.KEPT, Verdict.AT_RISK, Verdict.BROKEN, Verdict.IMPOSSIBLE, Verdict.UNPROVEN
)  # fmt: skip


def reading(register: Register) -> Lines:
    """Tell what was read from the policy."""
    kinds = Counter(str(each.kind) for each in register.promises)
    told = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    yield f"{len(register.promises)} clauses with exact offsets: {told}"
    for finding in register.findings:
        if finding.severity in {Severity.HIGH, Severity.CRITICAL}:
            yield f"{finding.kind}: “{_short(finding.clause.quote)}”"
            yield f"  {finding.note}"


def mapping(inventory: Inventory, catalogs: Iterable[Catalog]) -> Lines:
    """Tell what the stores hold, and what an erasure does to it."""
    for catalog in catalogs:
        held = [each for each in inventory.datasets if each.id.store == catalog.store]
        fields = [field for each in held for field in each.fields]
        personal = sum(field.personal for field in fields)
        rows = sum(each.rows or 0 for each in held)
        yield (
            f"store {catalog.store} ({catalog.engine}): {len(held)} tables, {rows} rows, "
            f"{len(fields)} fields, {personal} of them personal"
        )
        wide = max((len(each.id.name) for each in held), default=0)
        for each in held:
            if each.personal:
                yield f"{each.id.name.ljust(wide)}  {each.rows or 0:>5} rows  {_decided(each)}"


def _decided(dataset: Dataset) -> str:
    personal = sum(field.personal for field in dataset.fields)
    about = "" if dataset.about == "customer" else f", about {dataset.about}"
    if dataset.minimum is not None:
        erasing = f"kept {dataset.minimum.keep_for} by law, then {dataset.minimum.afterwards}"
    else:
        erasing = str(dataset.on_erasure or "nobody decided")
    return f"{personal:>2} personal fields, on erasure: {erasing}{about}"


def checking(board: Scoreboard) -> Lines:
    """Tell how the promises stand, what proves it, and every violation once."""
    yield summary(board)
    said = [duty for each in board.verdicts for duty in each.duties]
    proving = sorted({duty.duty.value for duty in said if duty.check})
    missing = {duty.duty for duty in said if not duty.check}
    yield f"looked at by {len(proving)} checks: {', '.join(proving)}"
    yield f"no check exists yet for {len(missing)} other duties: what rests on them is unproven"
    seen: set[tuple[str, str, str, str]] = set()
    for each in board.verdicts:
        for duty in each.duties:
            for finding in duty.findings:
                key = (finding.code, finding.store, finding.dataset, finding.field)
                if key in seen:
                    continue
                seen.add(key)
                where = ".".join(part for part in key[1:] if part)
                yield f"{duty.duty} is broken: “{_short(each.quote)}”"
                yield f"  {where}: {finding.message}" if where else f"  {finding.message}"
                yield f"  what to do: {finding.remedy}"


def accessing(counts: Sequence[DatasetCounts], answer: Mapping[str, object]) -> Lines:
    """Tell what was found of a person, and what of it is not theirs to see."""
    found = [each for each in counts if each.located]
    rows = sum(each.located for each in found)
    yield f"{rows} rows in {len(found)} tables: " + ", ".join(
        f"{each.dataset.name} {each.located}" for each in found
    )
    withheld: dict[str, list[str]] = {}
    for dataset, datum in _data(answer):
        where = f"{dataset}.{datum.get('name')}"
        why = datum.get("withheld")
        if datum.get("redacted"):
            yield f"redacted in {where}: “{datum.get('value')}”"
        elif isinstance(why, Mapping):
            places = withheld.setdefault(str(why.get("because")), [])
            if where not in places:
                places.append(where)
    for because, places in withheld.items():
        yield f"withheld: {', '.join(places)}"
        yield f"  {because}"


def _data(answer: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for group in _maps(answer.get("groups")):
        for item in _maps(group.get("items")):
            for datum in _maps(item.get("data")):
                yield str(group.get("dataset")), datum


def erasing(counts: Sequence[DatasetCounts]) -> Lines:
    """Tell what was deleted and emptied, and what stays and why."""
    deleted = [f"{each.dataset.name} {each.erased}" for each in counts if each.erased]
    emptied = [f"{each.dataset.name} {each.blanked}" for each in counts if each.blanked]
    yield f"deleted: {', '.join(deleted) or 'nothing'}"
    yield f"emptied: {', '.join(emptied) or 'nothing'}"
    for each in counts:
        for kept in each.retained:
            until = f", until {kept.until}" if kept.until else ""
            yield f"kept: {each.dataset.name} {kept.count}, {kept.reason}: {kept.source}{until}"


def verifying(verified: Verification, *, entries: int) -> Lines:
    """Tell whether the receipt and the log hold."""
    if verified.ok:
        yield f"the receipt holds: signed by {verified.signer}, one of {entries} log entries"
        yield f"root {verified.root}"
    else:
        yield f"the receipt does NOT hold: {verified.reason.value}"


def breaking(planted: Planted) -> Lines:
    """Tell what was broken on purpose."""
    where = ".".join(part for part in (planted.dataset, planted.field) if part)
    yield f"{planted.duty}: {planted.count} in {where or 'the text of the policy'}"


def scoreboard(board: Scoreboard) -> Lines:
    """Draw the promises as bars, and say which of them no system can keep."""
    counts = board.summary
    most = max(counts.values(), default=0)
    for verdict in _ORDER:
        count = counts[verdict]
        bar = "█" * (-(-count * _BAR // most) if most else 0)
        yield f"{verdict.replace('_', ' ').ljust(10)} {count:>3} {bar}".rstrip()
    for each in board.verdicts:
        if each.verdict in {Verdict.BROKEN, Verdict.IMPOSSIBLE}:
            yield _line(each)
    yield f"{counts[NO_PROMISE]} clauses promise nothing; {counts['unproven']} promises are unproven"


def summary(board: Scoreboard) -> str:
    """Return the counts in one line."""
    counts = board.summary
    return ", ".join(f"{counts[verdict]} {verdict.replace('_', ' ')}" for verdict in _ORDER)


def _line(each: PromiseVerdict) -> str:
    return f"{each.verdict}: “{_short(each.quote)}”"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _QUOTED else f"{words[: _QUOTED - 1]}…"


def _maps(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        yield from (each for each in value if isinstance(each, Mapping))

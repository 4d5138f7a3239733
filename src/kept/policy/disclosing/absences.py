"""Which statements that law demands are missing, as findings that a reader of the text sees."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kept.jurisdictions.disclosure_item import disclosure_items
from kept.policy.gaps import FEWEST
from kept.promises.promise import Clause, FindingKind, Register, Severity, TextFinding

_NOTE = "{provision}: not stated. {title}."
_DUE = "yes"


def with_absences(register: Register) -> Register:
    """Return `register` with a gap for each item that is due and absent.

    Due is what a law demands that the controller is under, or that the text itself names;
    what may apply says so among the disclosures and is no finding. A finding stands at the
    first words of the text in its language: what is missing has no words of its own.
    """
    order = {document.name: index for index, document in enumerate(register.documents)}
    gaps = list(_absences(register))
    if not gaps:
        return register
    findings = sorted(
        (*register.findings, *gaps),
        key=lambda each: (
            order[each.clause.document],
            each.clause.start,
            each.clause.end,
            each.kind,
        ),
    )
    return replace(register, findings=tuple(findings))


def _absences(register: Register) -> Iterator[TextFinding]:
    items = disclosure_items()
    said: dict[tuple[str, str], list[Clause]] = {}
    for promise in register.promises:
        for clause in (promise.clause, *promise.parallel):
            said.setdefault((clause.document, clause.language), []).append(clause)
    for each in register.disclosures:
        clauses: Sequence[Clause] = said.get((each.document, each.language), ())
        if each.status != "absent" or each.applies != _DUE or len(clauses) < FEWEST:
            continue
        item = items[each.item]
        yield TextFinding(
            kind=FindingKind.GAP,
            clause=min(clauses, key=lambda clause: (clause.start, clause.end)),
            note=_NOTE.format(provision=item.provision, title=item.title),
            severity=Severity.MEDIUM,
        )

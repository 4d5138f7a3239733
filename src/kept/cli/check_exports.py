"""How the verdicts are told to other tools: SARIF 2.1.0 and JUnit XML."""

import re
import xml.etree.ElementTree as ET
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from kept.cli.check_report import written
from kept.promises.promise import Clause, Register
from kept.promises.scoreboard import Scoreboard
from kept.promises.verdict import Basis, DutyVerdict, Finding, PromiseVerdict, Verdict

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = 80


@dataclass(frozen=True, slots=True)
class Text:
    """One policy's file, so that offsets become lines and columns.

    Attributes:
        path: Where the file is, relative to what reads the export.
        text: Its text, with no newline translation.
        starts: Offsets at which lines start.
    """

    path: str
    text: str
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = (0, *(each.end() for each in re.finditer(r"\r\n|\n|\r", self.text)))
        object.__setattr__(self, "starts", starts)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of `offset`, both counted from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1


def sarif(
    board: Scoreboard,
    register: Register,
    texts: Mapping[str, Text],
    *,
    version: str,
    at: datetime,
) -> dict[str, object]:
    """Return the findings as one SARIF run: a rule for each duty, a result for each finding."""
    clauses = {each.id: each.clause for each in register.promises}
    results = [
        (verdict, duty, finding)
        for verdict in board.verdicts
        for duty in verdict.duties
        for finding in duty.findings
    ]
    rules = list(dict.fromkeys(duty.duty for _, duty, _ in results))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "kept",
                        "version": version,
                        "rules": [
                            {
                                "id": str(rule),
                                "name": "".join(word.capitalize() for word in rule.split("-")),
                                "shortDescription": {"text": f"The duty {rule} is kept."},
                            }
                            for rule in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {"executionSuccessful": True, "endTimeUtc": written(at)},
                ],
                "results": [
                    _result(finding, duty, rules.index(duty.duty), clauses[verdict.promise], texts)
                    for verdict, duty, finding in results
                ],
            }
        ],
    }


def _result(
    finding: Finding,
    duty: DutyVerdict,
    rule: int,
    clause: Clause,
    texts: Mapping[str, Text],
) -> dict[str, object]:
    location: dict[str, object] = {}
    text = texts.get(clause.document)
    if text is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(text.path)},
            "region": _region(clause, text),
        }
    where = [each for each in (finding.store, finding.dataset, finding.field) if each]
    if where:
        location["logicalLocations"] = [
            {
                "name": where[-1],
                "fullyQualifiedName": "/".join(where),
                "kind": "member" if finding.field else "object",
            }
        ]
    return {
        "ruleId": str(duty.duty),
        "ruleIndex": rule,
        "kind": "fail",
        "level": "error" if finding.basis is Basis.PROMISE else "warning",
        "message": {"text": f"{finding.message} {finding.remedy}"},
        "locations": [location] if location else [],
        "partialFingerprints": {"kept/v1": "/".join([finding.code, *where, clause.document])},
        "properties": {
            "code": finding.code,
            "basis": str(finding.basis),
            "count": finding.count,
            "since": written(finding.since),
        },
    }


def _region(clause: Clause, text: Text) -> dict[str, int]:
    line, column = text.place(clause.start)
    last_line, last_column = text.place(clause.end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": last_line,
        "endColumn": last_column,
        "charOffset": clause.start,
        "charLength": clause.end - clause.start,
    }


def junit(board: Scoreboard, *, at: datetime) -> str:
    """Return the verdicts as JUnit XML: a case for each duty of each promise.

    Broken is a failure; unproven and impossible are skipped, with the reason: a report
    that counted them as passed would claim a proof.
    """
    cases = [(verdict, duty) for verdict in board.verdicts for duty in verdict.duties]
    failed = sum(duty.verdict is Verdict.BROKEN for _, duty in cases)
    skipped = sum(
        duty.verdict is Verdict.UNPROVEN or _impossible(verdict, duty) for verdict, duty in cases
    )
    totals = {
        "name": "kept check",
        "tests": str(len(cases)),
        "failures": str(failed),
        "errors": "0",
        "skipped": str(skipped),
        "time": "0",
    }
    suites = ET.Element("testsuites", totals)
    suite = ET.SubElement(suites, "testsuite", {**totals, "timestamp": (written(at) or "")[:19]})
    for verdict, duty in cases:
        suite.append(_case(verdict, duty))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, "unicode") + "\n"


def _case(verdict: PromiseVerdict, duty: DutyVerdict) -> ET.Element:
    words = " ".join(verdict.quote.split())[:_NAME]
    case = ET.Element(
        "testcase",
        {
            "classname": str(duty.duty),
            "name": _xml(f"{verdict.promise} {words}"),
            "time": "0",
        },
    )
    if duty.verdict is Verdict.BROKEN:
        told = list(_told(duty))
        failure = ET.SubElement(case, "failure", {"type": "broken", "message": _xml(told[0])})
        failure.text = _xml("\n".join(told))
    elif duty.verdict is Verdict.UNPROVEN:
        ET.SubElement(case, "skipped", {"message": _xml(f"unproven: {duty.reason}")})
    elif _impossible(verdict, duty):
        ET.SubElement(case, "skipped", {"message": "impossible: nothing can keep these words"})
    return case


def _impossible(verdict: PromiseVerdict, duty: DutyVerdict) -> bool:
    return verdict.verdict is Verdict.IMPOSSIBLE and duty.verdict is not Verdict.UNPROVEN


def _told(duty: DutyVerdict) -> Iterator[str]:
    for finding in duty.findings:
        where = ".".join(each for each in (finding.store, finding.dataset, finding.field) if each)
        yield f"{where or 'the text'}: {finding.message} {finding.remedy}"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)

"""What a register looks like to another program."""

from typing import Any

from kept.promises.promise import Clause, Disclosure, Document, Promise, Register, TextFinding


def as_json(register: Register) -> dict[str, Any]:
    """Return `register` in the shape of ``kept read --json``: JSON values only."""
    return {
        "documents": [_document(each) for each in register.documents],
        "promises": [_promise(each) for each in register.promises],
        "findings": [_finding(each) for each in register.findings],
        "disclosures": [_disclosure(each) for each in register.disclosures],
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "sha256": document.sha256,
        "language": document.language,
        "version_date": document.version_date,
        "title": document.title,
        "encoding": document.encoding,
        "format": document.format,
    }


def _place(clause: Clause) -> dict[str, Any]:
    return {
        "document": clause.document,
        "start": clause.start,
        "end": clause.end,
        "quote": clause.quote,
    }


def _promise(promise: Promise) -> dict[str, Any]:
    return {
        "id": promise.id,
        **_place(promise.clause),
        "language": promise.clause.language,
        "category": promise.category.value,
        "kind": promise.kind.value,
        "duties": [each.value for each in promise.duties],
        "data": [each.value for each in promise.data],
        "purposes": [each.value for each in promise.purposes],
        "rights": [each.value for each in promise.rights],
        "terms": dict(promise.terms),
        "impossible": promise.impossible,
        "parallel": [{**_place(each), "language": each.language} for each in promise.parallel],
    }


def _finding(finding: TextFinding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        **_place(finding.clause),
        "note": finding.note,
        "promises": list(finding.promises),
        "severity": finding.severity.value,
    }


def _disclosure(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "document": disclosure.document,
        "language": disclosure.language,
        "item": disclosure.item,
        "status": disclosure.status,
        "promises": list(disclosure.promises),
        "laws": list(disclosure.laws),
        "applies": disclosure.applies,
    }

"""A page with one promise for each verdict, in two languages."""

from datetime import UTC, datetime

import pytest

from kept.promises.promise import Category, Clause, Document, Kind, Promise, Register
from kept.promises.scoreboard import scoreboard
from kept.promises.verdict import DutyVerdict, Finding, Verdict
from kept.vocabulary.duty import Duty
from kept.web.page import Page

AT = datetime(2026, 11, 22, 4, 0, 5, tzinfo=UTC)


def promise(
    number: int, quote: str, category: Category, *duties: Duty, impossible: str = ""
) -> Promise:
    return Promise(
        id=f"{number:012x}",
        clause=Clause(
            document="policy.en.md",
            start=number,
            end=number + len(quote),
            quote=quote,
            language="en",
        ),
        category=category,
        kind=Kind.FIRM,
        duties=duties,
        impossible=impossible,
    )


def said(duty: Duty, verdict: Verdict, *findings: Finding, reason: str = "") -> DutyVerdict:
    return DutyVerdict(
        duty=duty,
        verdict=verdict,
        check=f"{duty}/1" if verdict is not Verdict.UNPROVEN else "",
        at=AT,
        coverage={"stores": ["app"], "datasets": 3, "rows_read": 4213, "rows": 4213},
        findings=findings,
        reason=reason,
    )


def make_page(**changes: object) -> Page:
    promises = (
        promise(1, "We collect your name, your e-mail address <b>and</b> your telephone number.",
                Category.COLLECT, Duty.DECLARED_DATA, Duty.DATA_SOURCE),
        promise(2, "We guarantee the absolute security of your data.", Category.SECURITY,
                Duty.SECURITY_MEASURES, impossible="No system is secure against everything."),
        promise(3, "Accounts: we erase your account within 24 months after it is closed.",
                Category.RETENTION, Duty.RETENTION),
        promise(4, "Everybody who works here is trained in data protection.", Category.SECURITY,
                Duty.STAFF_TRAINING),
        promise(5, "We answer every request within one month.", Category.RIGHTS, Duty.RIGHTS_DESK),
        promise(6, "We value your trust.", Category.GENERAL),
    )  # fmt: skip
    unlisted = Finding(
        code="declared-data.unstated-category",
        store="app",
        dataset="customers",
        field="marital_status",
        count=1804,
        since=AT,
        message="1804 rows hold user.demographic.marital_status, which the policy does not state.",
        remedy="Stop collecting it, or state it in the policy.",
    )
    verdicts = {
        promises[0].id: [said(Duty.DECLARED_DATA, Verdict.BROKEN, unlisted),
                         said(Duty.DATA_SOURCE, Verdict.UNPROVEN, reason="No check exists yet.")],
        promises[1].id: [said(Duty.SECURITY_MEASURES, Verdict.UNPROVEN)],
        promises[2].id: [said(Duty.RETENTION, Verdict.KEPT)],
        promises[3].id: [said(Duty.STAFF_TRAINING, Verdict.UNPROVEN)],
        promises[4].id: [said(Duty.RIGHTS_DESK, Verdict.AT_RISK, reason="One is due in two days.")],
    }  # fmt: skip
    document = Document(
        name="policy.en.md", sha256="ab" * 32, language="en", version_date="2026-10-13",
        title="Privacy Policy of Example Cloud",
    )  # fmt: skip
    values: dict[str, object] = {
        "controller": "Example Cloud GmbH",
        "at": AT,
        "register": Register(documents=(document,), promises=promises),
        "scoreboard": scoreboard(promises, verdicts),
        "requests": (ERASURE,),
    }
    return Page(**{**values, **changes})  # type: ignore[arg-type]


ERASURE = {
    "id": "9f2c51d0aa34be17",
    "right": "erasure",
    "state": "fulfilled",
    "received_at": "2026-11-22T04:00:05+00:00",
    "due": "2026-12-22",
    "datasets": [
        {"store": "app", "dataset": "customers", "located": 1, "erased": 0, "blanked": 1, "retained": []},
        {"store": "app", "dataset": "invoices", "located": 3, "erased": 1, "blanked": 0, "retained": [
            {"count": 2, "reason": "tax", "source": "§ 147 AO", "until": "2033-12-31"}]},
        {"store": "app", "dataset": "plans", "located": 0, "erased": 0, "blanked": 0, "retained": []},
    ],
    "tasks": [],
    "receipt": {
        "entry": {"type": "request.erasure", "operation": "request/9f2c51d0aa34be17"},
        "leaf_index": 2,
        "tree_size": 3,
        "checkpoint": "example-cloud/log-1\n3\nm4qNxN/MhEBkxF5y3U2nKNoN3B7SSaUvq3jRMTmdFkk=\n\n— sig",
        "key_id": "ef41206e04e1f871",
    },
}  # fmt: skip


@pytest.fixture
def page() -> Page:
    return make_page()

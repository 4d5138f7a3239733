import pytest

from kept.checks.authentication import CHECK, CLEAR, WEAK
from kept.inventory.connector import Value
from kept.inventory.dataset import State
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

ARGON2 = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b7dWRWJTmaaJObG"
BCRYPT = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"
MD5 = "5f4dcc3b5aa765d61d8327deb882cf99"


def said(*values: Value, **more: object) -> DutyVerdict:
    bench = CheckBench()
    bench.promise(Duty.AUTHENTICATION)
    fields = [held("id"), held("password", DataCategory.USER_AUTHORIZATION_PASSWORD)]
    bench.dataset("accounts", fields, list(enumerate(values)), **more)  # type: ignore[arg-type]
    return bench.said(CHECK)


def test_unsalted_hashes_are_named_with_their_scheme_and_never_shown() -> None:
    verdict = said(ARGON2, MD5, MD5)
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert (finding.code, finding.dataset, finding.field) == (WEAK, "accounts", "password")
    assert finding.count == 2
    assert "md5" in finding.message
    assert MD5 not in repr(verdict)


def test_one_clear_password_among_hashes_breaks_the_promise() -> None:
    verdict = said(BCRYPT, "correct horse battery staple", None)
    assert [(each.code, each.count) for each in verdict.findings] == [(CLEAR, 1)]
    assert "horse" not in repr(verdict)


def test_strong_hashes_and_accounts_without_a_password_are_kept() -> None:
    verdict = said(ARGON2, BCRYPT, None, "", "!", "LDAP", "erased", "erased-0123456789abcdef")
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["strong"] == 2


@pytest.mark.parametrize("more", [{"about": "staff"}, {"state": State.UNLISTED}])
def test_passwords_are_looked_at_in_every_table(more: dict[str, object]) -> None:
    assert said(MD5, **more).verdict is Verdict.BROKEN


def test_where_no_password_is_stored_nothing_is_proved() -> None:
    bench = CheckBench()
    bench.promise(Duty.AUTHENTICATION)
    bench.dataset("customers", [held("name", DataCategory.USER_NAME)], [("Ana",)])
    assert bench.said(CHECK).verdict is Verdict.UNPROVEN


def test_a_form_that_nobody_knows_is_asked_about() -> None:
    verdict = said(ARGON2, "x7Kq0ZpL2mVb9TnR4sWd")
    assert verdict.verdict is Verdict.UNPROVEN
    assert "1 stored passwords" in verdict.reason

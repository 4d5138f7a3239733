import hashlib
import random
import string

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


SHA1 = hashlib.sha1(b"x", usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(b"x").hexdigest()
MD5_CRYPT = "$1$abcdefgh$0123456789abcdefghijkl"
LDAP = "{MD5}X03MO1qnZdYdgyfeuILPmQ=="


def said_of(name: str, *values: Value, table: str = "accounts", sure: bool = False) -> DutyVerdict:
    bench = CheckBench()
    bench.promise(Duty.AUTHENTICATION)
    good = held("password", DataCategory.USER_AUTHORIZATION_PASSWORD)
    bench.dataset("members", [good], [(ARGON2,)])
    labels = [DataCategory.USER_AUTHORIZATION_CREDENTIALS] if sure else []
    bench.dataset(table, [held(name, *labels, score=0.9)], [(each,) for each in values])
    return bench.said(CHECK)


@pytest.mark.parametrize("name", ["secret", "credential", "passwd_digest", "userSecret", "pw"])
@pytest.mark.parametrize("value", [MD5_CRYPT, LDAP, "{SHA}" + LDAP[5:], "*" + SHA1.upper()])
def test_weak_hashes_are_named_whatever_their_field_of_credentials_is_called(
    name: str, value: str
) -> None:
    verdict = said_of(name, value)
    assert verdict.verdict is Verdict.BROKEN
    assert [(each.code, each.field) for each in verdict.findings] == [(WEAK, name)]


@pytest.mark.parametrize("value", [SHA1, SHA256, MD5])
def test_a_bare_digest_among_credentials_is_asked_about_and_accuses_nobody(value: str) -> None:
    for name, table in (("secret", "accounts"), ("hash", "credentials"), ("cred_hash", "users")):
        verdict = said_of(name, value, value, table=table)
        assert verdict.verdict is Verdict.UNPROVEN
        assert f"2 values of app.{table}.{name}" in verdict.reason
    assert said_of("credential", value, sure=True).verdict is Verdict.UNPROVEN


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("file_hash", SHA256),
        ("checksum", MD5),
        ("refresh_token_hash", SHA256),
        ("client_secret", SHA256),
        ("totp_secret", "JBSWY3DPEHPK3PXP"),
        ("secret", "sk_live_0123456789abcdefghijklmn"),
        ("secret", "rosebud"),
        ("secret", BCRYPT),
        ("secretary", "Ana Example"),
        ("commit", SHA1),
    ],
)
def test_hashes_and_secrets_of_other_things_stay_silent(name: str, value: str) -> None:
    assert said_of(name, value).verdict is Verdict.KEPT


def test_a_field_full_of_des_crypt_is_told_from_words_of_thirteen_letters() -> None:
    generator = random.Random(3)  # noqa: S311 - reproducible, not secret
    alphabet = "./" + string.ascii_letters + string.digits
    hashes = ["".join(generator.choices(alphabet, k=13)) for _ in range(40)]
    verdict = said(*hashes)
    assert [each.code for each in verdict.findings] == [WEAK]
    assert "40 des-crypt" in verdict.findings[0].message
    assert said_of("secret", *hashes).verdict is Verdict.UNPROVEN
    clear = said("correct horse", "battery", "staple")
    assert [each.code for each in clear.findings] == [CLEAR]


def test_a_person_who_says_that_a_field_holds_no_credentials_is_believed() -> None:
    bench = CheckBench()
    bench.promise(Duty.AUTHENTICATION)
    good = held("password", DataCategory.USER_AUTHORIZATION_PASSWORD)
    bench.dataset("members", [good, held("secret")], [(ARGON2, SHA1)])
    assert bench.said(CHECK).verdict is Verdict.KEPT

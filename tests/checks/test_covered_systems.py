from kept.checks.covered_systems import CHECK, UNLISTED
from kept.inventory.dataset import State
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import CheckBench, held, owned
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

C = DataCategory

LISTED = [held("id"), held("name", C.USER_NAME)]


def said(bench: CheckBench) -> DutyVerdict:
    bench.promise(Duty.COVERED_SYSTEMS)
    return bench.said(CHECK)


def test_an_unlisted_table_with_personal_data_is_named_with_its_rows() -> None:
    bench = CheckBench()
    bench.dataset("customers", LISTED, [(1, "Ana")])
    fields = [
        held("city", C.USER_CONTACT_ADDRESS_CITY, score=0.9),
        held("mail", C.USER_CONTACT_EMAIL, score=0.99),
    ]
    rows = [("Bonn", "a@example.com"), (None, "b@example.com"), (None, None)]
    bench.dataset("guests", fields, rows, state=State.UNLISTED)
    verdict = said(bench)
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert finding.code == UNLISTED
    assert (finding.dataset, finding.field, finding.count) == ("guests", "mail", 2)


def test_a_company_whose_tables_are_all_listed_keeps_its_word() -> None:
    bench = CheckBench()
    bench.dataset("customers", LISTED, [(1, "Ana")])
    assert said(bench).verdict is Verdict.KEPT


def test_an_empty_unlisted_table_holds_nothing() -> None:
    bench = CheckBench()
    fields = [held("mail", C.USER_CONTACT_EMAIL, score=0.99)]
    bench.dataset("guests", fields, [(None,)], state=State.UNLISTED)
    assert said(bench).verdict is Verdict.KEPT


def test_a_table_of_countries_and_languages_is_about_nobody() -> None:
    bench = CheckBench()
    fields = [
        held("country", C.USER_CONTACT_ADDRESS_COUNTRY, score=0.99),
        held("language", C.USER_DEMOGRAPHIC_LANGUAGE, score=0.99),
    ]
    bench.dataset("countries", fields, [("DE", "de")], state=State.UNLISTED)
    assert said(bench).verdict is Verdict.KEPT


def test_a_table_that_describes_the_rows_of_people_is_about_them() -> None:
    bench = CheckBench()
    bench.dataset("customers", LISTED, [(1, "Ana")])
    fields = [held("customer_id"), held("gender", C.USER_DEMOGRAPHIC_GENDER, score=0.95)]
    bench.dataset(
        "traits",
        fields,
        [(1, "f")],
        state=State.UNLISTED,
        references=(owned("traits", "customer_id", "customers"),),
    )
    assert said(bench).verdict is Verdict.BROKEN


def test_what_may_be_personal_is_asked_and_what_nobody_decided_is_unproven() -> None:
    bench = CheckBench()
    fields = [held("x", C.USER_NAME, score=0.6)]
    bench.dataset("guests", fields, [("Ana",)], state=State.UNLISTED)
    verdict = said(bench)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "app.guests" in verdict.reason
    bench = CheckBench()
    bench.dataset("customers", LISTED, [(1, "Ana")], state=State.PROPOSED)
    assert said(bench).verdict is Verdict.UNPROVEN

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks.declared_data import CHECK, UNSTATED, undeclared
from kept.checks.stating import stated_by, states
from kept.inventory.dataset import State
from kept.promises.promise import Category
from kept.promises.verdict import Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import SPECIAL, DataCategory
from kept.vocabulary.duty import Duty

C = DataCategory

NAME = held("name", C.USER_NAME)
EMAIL = held("email", C.USER_CONTACT_EMAIL)
MARITAL = held("marital_status", C.USER_DEMOGRAPHIC_MARITAL_STATUS)


def company(**more: object) -> CheckBench:
    made = CheckBench(**more)  # type: ignore[arg-type]
    made.promise(Duty.DECLARED_DATA, data=[C.USER_NAME])
    made.promise(Duty.DECLARED_DATA, data=[C.USER_CONTACT])
    return made


def test_marital_status_that_no_clause_states_breaks_the_list_once() -> None:
    bench = company()
    rows = [(1, "Ana", "a@example.com", "single"), (2, "Bo", "b@example.com", None)]
    bench.dataset("customers", [held("id"), NAME, EMAIL, MARITAL], rows)
    first, second = (bench.said(CHECK, each) for each in bench.promises)
    assert first.verdict is Verdict.BROKEN
    (finding,) = first.findings
    assert (finding.code, finding.field, finding.count) == (UNSTATED, "marital_status", 1)
    assert second.verdict is Verdict.KEPT


def test_a_company_that_holds_what_it_states_keeps_its_word() -> None:
    bench = company()
    bench.dataset("customers", [held("id"), NAME, EMAIL], [(1, "Ana", "a@example.com")])
    assert all(bench.said(CHECK, each).verdict is Verdict.KEPT for each in bench.promises)


def test_an_empty_field_is_no_finding() -> None:
    bench = company()
    rows = [(1, None), (2, ""), (3, "erased-00ff00ff00ff00ff")]
    bench.dataset("customers", [held("id"), MARITAL], rows)
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_what_is_held_on_staff_or_for_a_client_is_not_held_against_the_policy() -> None:
    bench = company()
    bench.dataset("staff", [MARITAL], [("single",)], about="staff")
    bench.dataset("leads", [MARITAL], [("single",)], held_as="processor")
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_what_came_into_a_table_that_is_about_nobody_is_asked_about() -> None:
    bench = company()
    found = held("status", C.USER_DEMOGRAPHIC_MARITAL_STATUS, score=0.95)
    bench.dataset("plans", [held("price"), found], [(3, "single")], about="none")
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "app.plans.status" in verdict.reason
    bench = company()
    bench.dataset("plans", [held("price")], [(3,)], about="none")
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_what_discovery_finds_in_a_listed_table_counts_and_what_it_suspects_is_asked() -> None:
    bench = company()
    found = held("status", C.USER_DEMOGRAPHIC_MARITAL_STATUS, score=0.95)
    bench.dataset("customers", [found], [("single",)])
    assert bench.said(CHECK).verdict is Verdict.BROKEN
    bench = company()
    suspected = held("status", C.USER_DEMOGRAPHIC_MARITAL_STATUS, score=0.6)
    bench.dataset("customers", [suspected], [("single",)])
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "app.customers.status" in verdict.reason


def test_a_label_that_a_person_gave_beats_discovery() -> None:
    bench = company()
    bench.dataset("customers", [held("status")], [("single",)])
    assert bench.said(CHECK).verdict is Verdict.KEPT


def test_free_text_that_nobody_decided_about_is_asked_and_not_accused() -> None:
    bench = company()
    bench.dataset("customers", [held("remark", C.USER_CONTENT, score=0.99)], [("hello",)])
    assert bench.said(CHECK).verdict is Verdict.UNPROVEN


def test_an_undecided_dataset_leaves_the_list_unproven() -> None:
    bench = company()
    bench.dataset("customers", [NAME], [("Ana",)], state=State.PROPOSED)
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "kept map --accept" in verdict.reason


def test_an_unlisted_table_is_left_to_the_check_of_covered_systems() -> None:
    bench = company(claimed=frozenset({Duty.COVERED_SYSTEMS}))
    bench.dataset("copy", [MARITAL], [("single",)], state=State.UNLISTED)
    assert bench.said(CHECK).verdict is Verdict.KEPT
    bench = company()
    bench.dataset("copy", [MARITAL], [("single",)], state=State.UNLISTED)
    assert bench.said(CHECK).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    ("category", "duty"),
    [
        (C.USER_FINANCIAL_CREDIT_CARD, Duty.CARD_TOKENISATION),
        (C.USER_AUTHORIZATION_PASSWORD, Duty.AUTHENTICATION),
        (C.USER_HEALTH_CONDITION, Duty.SENSITIVE_DATA_INTAKE),
    ],
)
def test_a_cause_that_another_check_names_is_not_named_twice(
    category: DataCategory, duty: Duty
) -> None:
    for claimed, verdict in (({duty}, Verdict.KEPT), (set(), Verdict.BROKEN)):
        bench = company(claimed=frozenset(claimed))
        bench.dataset("customers", [held("x", category)], [("value",)])
        assert bench.said(CHECK).verdict is verdict


def test_words_that_name_no_category_prove_nothing() -> None:
    bench = CheckBench()
    bench.promise(Duty.DECLARED_DATA, data=[C.USER])
    bench.dataset("customers", [MARITAL], [("single",)])
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert verdict.findings == ()


def test_the_clause_that_denies_a_category_is_the_one_that_breaks() -> None:
    bench = company()
    denial = bench.promise(Duty.DECLARED_DATA, terms={"denied": ["user.demographic"]})
    bench.dataset("customers", [MARITAL], [("single",)])
    assert bench.said(CHECK, denial).verdict is Verdict.BROKEN
    assert bench.said(CHECK, bench.promises[0]).verdict is Verdict.KEPT


def test_a_store_that_did_not_answer_leaves_the_list_unproven() -> None:
    bench = company(unanswered={"crm": "it did not answer (stores.unreachable)"})
    bench.dataset("customers", [NAME], [("Ana",)])
    verdict = bench.said(CHECK)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "crm" in verdict.reason


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (C.USER_CONTACT, C.USER_CONTACT_ADDRESS_STREET),
        (C.USER_CONTACT_PHONE_NUMBER, C.USER_CONTACT_FAX_NUMBER),
        (C.USER_CONTACT_EMAIL, C.USER_CONTACT),
        (C.USER_NAME_FIRST, C.USER_NAME_LAST),
        (C.USER_ACCOUNT, C.USER_AUTHORIZATION_PASSWORD),
        (C.USER_ACCOUNT, C.USER_UNIQUE_ID),
        (C.USER_PAYMENT, C.USER_FINANCIAL_BANK_ACCOUNT),
        (C.USER_FINANCIAL, C.USER_BEHAVIOR_PURCHASE_HISTORY),
        (C.USER_LOCATION, C.USER_CONTACT_ADDRESS_CITY),
        (C.USER_DEVICE, C.USER_DEVICE_IP_ADDRESS),
        (C.USER_DEMOGRAPHIC_DATE_OF_BIRTH, C.USER_DEMOGRAPHIC_AGE_RANGE),
        (C.USER_HEALTH, C.USER_HEALTH_CONDITION),
        (C.USER_NAME, C.USER_UNIQUE_ID),
        (C.USER_NAME, C.USER_DEVICE_TELEMETRY),
    ],
)
def test_words_for_one_category_state_another(stated: DataCategory, found: DataCategory) -> None:
    assert states([stated], found)


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        (C.USER_CONTACT_EMAIL, C.USER_CONTACT_PHONE_NUMBER),
        (C.USER_DEMOGRAPHIC, C.USER_DEMOGRAPHIC_RELIGIOUS_BELIEF),
        (C.USER_AUTHORIZATION, C.USER_AUTHORIZATION_BIOMETRICS),
        (C.USER_DEMOGRAPHIC_AGE_RANGE, C.USER_DEMOGRAPHIC_DATE_OF_BIRTH),
        (C.USER_LOCATION_COARSE, C.USER_LOCATION_PRECISE),
        (C.USER_FINANCIAL_CREDIT_CARD, C.USER_FINANCIAL_BANK_ACCOUNT),
        (C.USER_NAME, C.USER_DEMOGRAPHIC_GENDER),
        (C.USER_DEVICE_IP_ADDRESS, C.USER_DEVICE_DEVICE_ID),
        (C.USER_ACCOUNT, C.USER_DEMOGRAPHIC_MARITAL_STATUS),
    ],
)
def test_words_for_one_category_do_not_state_another(
    stated: DataCategory, found: DataCategory
) -> None:
    assert not states([stated], found)


@given(st.sampled_from(DataCategory), st.sampled_from(DataCategory))
def test_stating_a_category_states_it_and_no_special_one_beside_it(
    stated: DataCategory, found: DataCategory
) -> None:
    assert states([stated], stated)
    special = any(each.covers(found) for each in SPECIAL)
    if special and not stated.covers(found) and not found.covers(stated):
        assert not states([stated], found)


@given(st.sets(st.sampled_from(DataCategory), max_size=4), st.sampled_from(DataCategory))
def test_stating_more_never_states_less(stated: set[DataCategory], more: DataCategory) -> None:
    for found in DataCategory:
        assert not states(stated, found) or states({*stated, more}, found)


def test_our_own_address_and_what_people_must_not_send_are_stated_by_nobody() -> None:
    bench = CheckBench()
    bench.promise(Duty.CONTACT_CHANNEL, data=[C.USER_CONTACT_EMAIL], category=Category.CONTACT)
    bench.promise(data=[C.USER_HEALTH], category=Category.USER_DUTY)
    bench.promise(Duty.SENSITIVE_DATA_INTAKE, data=[C.USER_HEALTH])
    bench.promise(Duty.DECLARED_DATA, data=[C.USER, C.USER_NAME])
    assert stated_by(bench.view().register) == {C.USER_NAME}


def test_the_map_names_what_the_check_names_and_nothing_more() -> None:
    bench = company(documents=())
    bench.promise(Duty.DECLARED_DATA, data=[C.USER_CONTACT_ADDRESS])
    fields = [held("id"), NAME, EMAIL, MARITAL]
    fields += [
        held("cell_id", C.USER_LOCATION),  # addresses are stated, and say roughly where
        held("place", C.USER_LOCATION_PRECISE),
        held("either", C.USER_HEALTH, C.USER_NAME, score=0.9),
        held("remark", C.USER_CONTENT, score=0.99),
        held("agent", C.USER_DEVICE_TELEMETRY),
    ]
    row = [f"value {number}" for number in range(len(fields))]
    bench.dataset("customers", fields, [tuple(row)])
    bench.dataset("staff", [MARITAL], [("single",)], about="staff")
    bench.dataset("plans", [MARITAL], [("single",)], about="none")
    bench.dataset("leads", [MARITAL], [("single",)], held_as="processor")
    named = [(each.dataset, each.field) for each in bench.said(CHECK).findings]
    view = bench.view()
    mapped = undeclared(view.inventory, stated_by(view.register))
    assert sorted(named) == sorted((dataset.name, field) for _, dataset, field in mapped)
    assert [field for _, field in named] == ["either", "marital_status", "place"]


def test_where_no_policy_names_a_category_the_map_compares_nothing() -> None:
    bench = company()
    bench.dataset("customers", [MARITAL], [("single",)])
    inventory = bench.view().inventory
    assert undeclared(inventory, None) == []
    assert undeclared(inventory, frozenset()) == []
    for stated in (C.USER_DEMOGRAPHIC, C.USER_DEMOGRAPHIC_MARITAL_STATUS):
        assert undeclared(inventory, frozenset({stated})) == []

from kept.checks.port import Located, Reach
from kept.checks.right_access import CHECK, LEFT_OUT, NOT_LOCATED
from kept.inventory.dataset import DatasetId, State
from kept.promises.promise import Category
from kept.promises.verdict import DutyVerdict, Verdict
from kept.subjects.identifier import Identifier
from kept.testing.check_bench import STORE, CheckBench, held, owned
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.identifier_kind import IdentifierKind

C = DataCategory
MAIL = held("email", C.USER_CONTACT_EMAIL, identity=IdentifierKind.EMAIL)
PHONE = held("phone", C.USER_CONTACT_PHONE_NUMBER)


def reach(*datasets: str, rows: dict[str, set[tuple[object, ...]]] | None = None) -> Reach:
    ana = Located(
        identifiers=frozenset(
            {
                Identifier(IdentifierKind.EMAIL, "ana@example.com"),
                Identifier(IdentifierKind.PHONE, "+49301234567"),
            }
        ),
        rows={
            DatasetId(STORE, name): frozenset(keys)  # type: ignore[arg-type]
            for name, keys in (rows or {}).items()
        },
    )
    return Reach(
        fields={DatasetId(STORE, name): frozenset({"id"}) for name in datasets},
        people=(ana,),
        population=2,
    )


def shop(answer: Reach | None = None, **more: object) -> CheckBench:
    if answer is None:
        answer = reach("customers", rows={"customers": {(1,)}})
    bench = CheckBench(reach=answer, **more)  # type: ignore[arg-type]
    bench.dataset(
        "customers",
        [held("id"), MAIL, PHONE],
        [(1, "Ana@example.com", "+49 30 123 4567"), (2, "bo@example.com", None)],
    )
    return bench


def said(bench: CheckBench) -> DutyVerdict:
    bench.promise(Duty.RIGHT_ACCESS, category=Category.RIGHTS)
    return bench.said(CHECK)


def test_a_person_whose_every_row_is_located_is_kept() -> None:
    verdict = said(shop())
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["rows_found_and_located"] == 1
    assert verdict.coverage["people"] == 1


def test_a_mapped_field_that_answers_leave_out_breaks_the_promise_unless_a_reason_is_named() -> (
    None
):
    for because, expected in (("", Verdict.BROKEN), ("GDPR Art. 15(4)", Verdict.KEPT)):
        bench = shop(reach("customers", "logins", rows={"customers": {(1,)}}))
        hidden = held(
            "ip", C.USER_DEVICE_IP_ADDRESS, disclosed=False, not_disclosed_because=because
        )
        bench.dataset("logins", [held("id"), hidden], [(1, "192.0.2.1"), (2, None)])
        verdict = said(bench)
        assert verdict.verdict is expected
        assert [(each.code, each.field, each.count) for each in verdict.findings] == (
            [(LEFT_OUT, "ip", 1)] if expected is Verdict.BROKEN else []
        )


def test_rows_of_a_real_person_in_a_table_that_no_answer_reaches_are_found() -> None:
    bench = shop()
    bench.dataset("orders", [held("id"), held("contact")], [(1, "ana@example.com"), (2, "x")])
    verdict = said(bench)
    assert [(each.code, each.dataset, each.field, each.count) for each in verdict.findings] == [
        (NOT_LOCATED, "orders", "contact", 1)
    ]
    assert "ana" not in repr(verdict).lower()


def test_a_row_of_somebody_else_that_mentions_the_person_is_no_violation() -> None:
    bench = shop(reach("customers", "orders", rows={"customers": {(1,)}}))
    fields = [held("id"), held("customer_id"), held("contact", C.USER_CONTACT_EMAIL)]
    bench.dataset(
        "orders",
        fields,
        [(1, 2, "ana@example.com")],
        references=(owned("orders", "customer_id", "customers"),),
    )
    verdict = said(bench)
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["rows_of_others_that_mention"] == 1
    bench.content["orders"] = [(1, None, "ana@example.com")]
    assert bench.said(CHECK).verdict is Verdict.BROKEN


def test_a_mention_in_a_text_that_answers_reach_is_theirs_who_wrote_it() -> None:
    bench = shop(reach("customers", "tickets", rows={"customers": {(1,)}}))
    fields = [held("id"), held("customer_id"), held("body", C.USER_CONTENT)]
    bench.dataset(
        "tickets",
        fields,
        [(1, 2, "ana@example.com said so")],
        references=(owned("tickets", "customer_id", "customers"),),
    )
    assert said(bench).verdict is Verdict.KEPT


def test_a_mention_in_a_text_that_nothing_reaches_is_a_question() -> None:
    bench = shop()
    text = held("line", C.USER_CONTENT)
    bench.dataset("notes", [held("id"), text], [(1, "call Ana, +49 (30) 1234567, soon")])
    verdict = said(bench)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "1 texts in app.notes" in verdict.reason


def test_a_personal_table_that_nothing_leads_to_is_a_question() -> None:
    bench = shop()
    bench.dataset("leads", [held("id"), held("name", C.USER_NAME)], [(1, "Zoe")])
    verdict = said(bench)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "app.leads" in verdict.reason


def test_files_on_staff_and_tables_for_clients_are_not_in_a_customers_answer() -> None:
    bench = shop()
    bench.dataset("staff", [held("id"), MAIL], [(1, "ana@example.com")], about="staff")
    bench.dataset("leads", [held("id"), MAIL], [(1, "ana@example.com")], held_as="processor")
    assert said(bench).verdict is Verdict.KEPT


def test_an_unlisted_table_is_left_to_the_check_of_covered_systems() -> None:
    bench = shop(claimed=frozenset({Duty.COVERED_SYSTEMS}))
    bench.dataset("copy", [held("id"), MAIL], [(1, "ana@example.com")], state=State.UNLISTED)
    assert said(bench).verdict is Verdict.KEPT


def test_without_a_plan_or_people_nothing_is_proved() -> None:
    bench = CheckBench()
    bench.dataset("customers", [held("id"), MAIL], [(1, "ana@example.com")])
    assert said(bench).verdict is Verdict.UNPROVEN
    bench = CheckBench(reach=Reach(missing="no dataset says by which field people are found"))
    bench.dataset("customers", [held("id"), MAIL], [(1, "ana@example.com")])
    assert "by which field" in said(bench).reason

from kept.checks.encryption_at_rest import CHECK, CLEAR
from kept.inventory.connector import Value
from kept.promises.promise import Category, Promise
from kept.promises.verdict import Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

C = DataCategory
NATIONAL = C.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER
SEALED = "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w=="


def bench_with(*values: Value) -> tuple[CheckBench, Promise, Promise]:
    bench = CheckBench()
    named = bench.promise(Duty.ENCRYPTION_AT_REST, data=[NATIONAL], category=Category.SECURITY)
    general = bench.promise(Duty.ENCRYPTION_AT_REST, category=Category.SECURITY)
    fields = [held("id"), held("name", C.USER_NAME), held("national_id", NATIONAL, protected=True)]
    bench.dataset("customers", fields, [(n, "Ana", each) for n, each in enumerate(values)])
    return bench, named, general


def test_a_clear_value_in_a_protected_field_breaks_the_promise() -> None:
    bench, named, general = bench_with(SEALED, "35202-1234567-1", None)
    for promise in (named, general):
        verdict = bench.said(CHECK, promise)
        assert verdict.verdict is Verdict.BROKEN
        (finding,) = verdict.findings
        assert (finding.code, finding.field, finding.count) == (CLEAR, "national_id", 1)
        assert "35202" not in repr(verdict)


def test_words_about_one_kind_of_data_are_kept_and_words_about_all_of_it_are_unproven() -> None:
    bench, named, general = bench_with(SEALED, SEALED, None)
    assert bench.said(CHECK, named).verdict is Verdict.KEPT
    verdict = bench.said(CHECK, general)
    assert verdict.verdict is Verdict.UNPROVEN
    assert "1 of 2 fields" in verdict.reason
    assert verdict.coverage["fields_declared_encrypted"] == 1


def test_a_field_with_the_data_that_nobody_declared_encrypted_is_unproven() -> None:
    bench, named, _ = bench_with(SEALED)
    bench.dataset("copies", [held("id"), held("cnic", NATIONAL)], [(1, "35202-1234567-1")])
    verdict = bench.said(CHECK, named)
    assert verdict.verdict is Verdict.UNPROVEN
    assert verdict.findings == ()


def test_an_empty_field_and_an_empty_map_show_nothing() -> None:
    bench, named, _ = bench_with(None, "")
    assert "empty" in bench.said(CHECK, named).reason
    bench = CheckBench()
    bench.promise(Duty.ENCRYPTION_AT_REST, data=[NATIONAL])
    assert bench.said(CHECK).verdict is Verdict.UNPROVEN


def test_what_an_erasure_wrote_is_not_clear_data() -> None:
    bench, named, _ = bench_with(SEALED, "erased-0123456789abcdef")
    assert bench.said(CHECK, named).verdict is Verdict.KEPT

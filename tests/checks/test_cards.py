import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.checks.card_number import Lean, candidates, lean_of_name, unescaped
from kept.checks.card_tokenisation import CARD_NUMBER, CHECK
from kept.checks.chance import at_most, made_to_pass, odds_of_design
from kept.inventory.classification.cards import passes_luhn
from kept.promises.verdict import DutyVerdict, Verdict
from kept.testing.check_bench import CheckBench, held
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

CARD = "4111111111111111"


def luhn(body: str) -> str:
    return next(body + last for last in "0123456789" if passes_luhn(body + last))


def said_of(texts: list[object], *, name: str = "note", **bench: object) -> DutyVerdict:
    company = CheckBench(**bench)  # type: ignore[arg-type]
    company.promise(Duty.CARD_TOKENISATION)
    rows = [(number, text) for number, text in enumerate(texts)]
    company.dataset("orders", [held("id"), held(name, DataCategory.USER_CONTENT)], rows)
    return company.said(CHECK)


def test_one_card_in_one_note_breaks_the_promise_and_its_number_is_never_said() -> None:
    verdict = said_of(["leave at the door", f"please charge {CARD}, thanks", None])
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert (finding.code, finding.store, finding.dataset) == (CARD_NUMBER, "app", "orders")
    assert (finding.field, finding.count) == ("note", 1)
    assert "1111" not in repr(verdict)


def test_notes_without_cards_are_kept() -> None:
    verdict = said_of(["leave at the door", "call 030 1234567", None, ""])
    assert verdict.verdict is Verdict.KEPT
    assert verdict.findings == ()


@pytest.mark.parametrize(
    "text",
    [
        f"card {CARD}",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111 exp 08/29",
        "my amex is 3782 822463 10005",
        "please use 5555555555554444 instead",
        "بطاقة ٤١١١١١١١١١١١١١١١",
        "carte 4111 1111 1111 1111 svp",
        "4111\u00a01111\u00a01111\u00a01111",
        f"my order failed, so charge {CARD}",
        f"Visa{CARD}",
        "card 4111 1111 1111 1111 2029",
        '{"card_number": "4111111111111111", "name": "A"}',
        "4111\n1111\n1111\n1111",
        "4111\t1111\t1111\t1111",
        "card 4111\r\n1111\r\n1111\r\n1111",
        r'{"pay": "4111\u00201111\u00201111\u00201111"}',
        r'{"pay": "4111\u00a01111\u00a01111\u00a01111"}',
        r'{"pay": "4111\t1111\t1111\t1111"}',
        r'{"pay": "\u0034111111111111111"}',
        '{"parts": ["4111", "1111", "1111", "1111"]}',
        "[4111,1111,1111,1111]",
        '["3782","822463","10005"]',
        "4111&nbsp;1111&nbsp;1111&nbsp;1111",
        "card4111111111111111x",
        "my card: x4111111111111111x",
        "visa4111111111111111visa",
        "４１１１ １１１１ １１１１ １１１１",
        "４１１１\u3000１１１１\u3000１１１１\u3000１１１１",
        "۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱",
        "4111\u20091111\u20091111\u20091111",
    ],
)
def test_a_single_card_is_found_however_it_is_written(text: str) -> None:
    assert said_of(["nothing", text]).verdict is Verdict.BROKEN


@pytest.mark.parametrize(
    "text",
    [
        f"order no. {CARD} has not arrived",
        f"tracking number: {CARD}",
        "IMEI 357805023984942",
        "DE89 3704 0044 0532 0130 00",
        "0.4532015112830366",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "2026-11-22 09:00:00",
        "+49 30 1234 5678 90",
        "SIRET 732 829 320 00074",
        "FR76 3000 6000 0112 3456 7890 189",
        "IBAN GB29 4111 1111 1111 1111 1111",
        "ean 4006381333931",
        "a4111111111111111b",
        "4111111111111111x",
        "order4111111111111111x",
        "card ref 9f4111111111111111ab12",
        r'{"a": "4111\u00201111", "b": 1111}',
        "[4111, 1112, 1111, 1111, 1111, 1111]",
        "2024\n2025\n2026\n2027",
        "9999999999999999",
        "4111111111111112",
        "1700000000000000",
    ],
)
def test_other_numbers_stay_silent(text: str) -> None:
    assert said_of(["nothing", text]).verdict is Verdict.KEPT


def test_order_numbers_that_pass_the_check_digit_by_accident_stay_silent() -> None:
    generator = random.Random(7)  # noqa: S311 - reproducible, not secret
    numbers = [str(4 * 10**15 + generator.randrange(10**15)) for _ in range(3_000)]
    assert sum(passes_luhn(each) for each in numbers) > 200
    for name in ("number", "order_number", "note"):
        assert said_of(list(numbers), name=name).verdict is Verdict.KEPT, name
    assert said_of([int(each) for each in numbers], name="serial").verdict is Verdict.KEPT


def test_lists_of_counts_that_pass_by_accident_stay_silent() -> None:
    generator = random.Random(9)  # noqa: S311 - reproducible, not secret
    for joined in ("[{}, {}, {}, {}]", "{}\n{}\n{}\n{}", "a{}{}{}{}b"):
        texts = [
            joined.format(*(generator.randrange(4_000, 6_000) for _ in range(4)))
            for _ in range(500)
        ]
        assert said_of(list(texts), name="counts").verdict is Verdict.KEPT, joined


def test_codes_with_letters_in_a_field_of_cards_are_no_cards_by_accident() -> None:
    generator = random.Random(10)  # noqa: S311 - reproducible, not secret
    codes = [f"{generator.getrandbits(128):032x}" for _ in range(2_000)]
    assert said_of(list(codes), name="card_token").verdict is Verdict.KEPT


def test_a_column_in_which_most_numbers_are_cards_is_found_and_accident_is_taken_off() -> None:
    generator = random.Random(8)  # noqa: S311 - reproducible, not secret
    cards = [luhn(f"4{generator.randrange(10**14):014}") for _ in range(40)]
    others = [f"4{generator.randrange(10**15):015}" for _ in range(20)]
    verdict = said_of([*cards, *others], name="number")
    assert verdict.verdict is Verdict.BROKEN
    assert 37 <= verdict.findings[0].count <= 43


def test_the_same_card_in_many_rows_counts_every_row() -> None:
    assert said_of([f"card {CARD}"] * 25).findings[0].count == 25


def test_a_card_in_a_number_column_or_in_bytes_is_found() -> None:
    assert said_of([int(CARD)], name="card_number").verdict is Verdict.BROKEN
    assert said_of([f"card {CARD}".encode()], name="payload").verdict is Verdict.BROKEN


def test_one_card_in_very_many_rows_is_found_by_a_full_scan_and_unproven_by_a_part_of_it() -> None:
    texts: list[object] = [f"order {number} left at the door" for number in range(30_000)]
    texts[27_000] = f"charge {CARD} please"
    partly = said_of(texts, row_budget=10_000)
    assert partly.verdict is Verdict.UNPROVEN
    assert "app.orders, 33.3 % read" in partly.reason
    assert partly.coverage["rows_read"] == 10_000
    wholly = said_of(texts)
    assert wholly.verdict is Verdict.BROKEN
    assert wholly.findings[0].count == 1


def test_staff_tables_and_unlisted_tables_are_looked_at_too() -> None:
    company = CheckBench()
    company.promise(Duty.CARD_TOKENISATION)
    company.dataset("staff", [held("id"), held("memo")], [(1, f"card {CARD}")], about="staff")
    assert company.said(CHECK).verdict is Verdict.BROKEN


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert all(len(each.digits) >= 13 for each in candidates(text))


@given(st.integers(0, 10**15 - 1), st.sampled_from(["{}", "card {}", "pay {} now", "({})"]))
def test_a_candidate_passes_exactly_when_its_check_digit_is_right(body: int, around: str) -> None:
    number = f"4{body:015}"
    for each in candidates(around.format(number)):
        assert each.passes is passes_luhn(number)
        assert number not in repr(each)


def test_the_name_of_a_field_speaks_for_the_numbers_in_it() -> None:
    assert lean_of_name("CardNo") is Lean.CARD
    assert lean_of_name("order_ref") is Lean.OTHER
    assert lean_of_name("body") is Lean.NOTHING


@given(st.integers(1, 300), st.integers(0, 300))
def test_more_passing_numbers_never_make_cards_less_likely(tried: int, passed: int) -> None:
    passed = min(passed, tried - 1)
    fewer = odds_of_design(tried, passed, prior=1.0)
    assert odds_of_design(tried, passed + 1, prior=1.0) >= fewer * 0.999 or passed < tried * 0.1


@given(st.integers(1, 5_000), st.integers(0, 5_000))
def test_no_more_cards_are_claimed_than_numbers_pass(tried: int, passed: int) -> None:
    passed = min(passed, tried)
    assert 0 <= made_to_pass(tried, passed) <= passed


def test_the_normal_curve_continues_the_exact_sum() -> None:
    assert at_most(5_000, 520, 0.1) == pytest.approx(at_most(5_001, 520, 0.1), abs=0.01)
    assert at_most(10, 10, 0.1) == 1.0


@pytest.mark.parametrize(
    "text", ["1" * 300_000, "1 " * 150_000, "4111 " * 60_000, "4111-" * 60_000, "4111\n" * 60_000]
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    assert list(candidates(unescaped(text))) == []
    assert list(candidates(unescaped("[" + text.replace(" ", ",") + "]"))) == []

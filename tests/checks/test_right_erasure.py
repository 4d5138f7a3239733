from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kept.checks.erased import AT_ONCE, ErasedPeople
from kept.checks.right_erasure import CHECK, STILL_THERE
from kept.inventory.dataset import Erasing, Field, Minimum
from kept.jurisdictions.period import Period, Unit
from kept.promises.promise import Category
from kept.promises.verdict import DutyVerdict, Verdict
from kept.subjects.identifier import Identifier
from kept.subjects.suppression import Digest, Suppression
from kept.testing.check_bench import NOW, STORE, CheckBench, held, owned
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.identifier_kind import IdentifierKind

C = DataCategory
KEY = Suppression(b"k" * 32)
ERASED_AT = NOW - timedelta(days=100)
MAIL = held("email", C.USER_CONTACT_EMAIL, identity=IdentifierKind.EMAIL)


@dataclass(frozen=True)
class Known:
    request: str
    erased_at: datetime


@dataclass
class Memory:
    held: dict[Digest, Known] = field(default_factory=dict)
    large: bool = False

    def count(self) -> int:
        return AT_ONCE + 1 if self.large else len(self.held)

    def known(self, digests: Iterable[Digest]) -> Mapping[Digest, Known]:
        return {each: self.held[each] for each in digests if each in self.held}

    def everything(self) -> Mapping[Digest, Known]:
        assert not self.large
        return self.held


def erased(*mails: str, rows: Iterable[tuple[str, int]] = (), large: bool = False) -> ErasedPeople:
    known = Known("r1", ERASED_AT)
    digests = [KEY.identifier(Identifier(IdentifierKind.EMAIL, mail)) for mail in mails]
    digests += [KEY.row(STORE, dataset, [key]) for dataset, key in rows]
    return ErasedPeople(KEY, Memory(dict.fromkeys(digests, known), large=large))


def said(bench: CheckBench) -> DutyVerdict:
    bench.promise(Duty.RIGHT_ERASURE, category=Category.RIGHTS)
    return bench.said(CHECK)


def shop(people: ErasedPeople | None, *rows: tuple[object, ...]) -> CheckBench:
    bench = CheckBench(erased=people)
    fields: list[Field] = [held("id"), MAIL, held("created_at")]
    bench.dataset("customers", fields, rows)  # type: ignore[arg-type]
    return bench


BEFORE, AFTER = "2020-01-01", (NOW - timedelta(days=3)).isoformat()


def test_a_row_that_came_back_under_its_old_key_breaks_the_promise() -> None:
    people = erased("ana@example.com", rows=[("customers", 7)])
    verdict = said(shop(people, (7, "Ana@Example.com", AFTER), (8, "bo@example.com", AFTER)))
    assert verdict.verdict is Verdict.BROKEN
    (finding,) = verdict.findings
    assert (finding.code, finding.field, finding.count) == (STILL_THERE, "email", 1)
    assert verdict.evidence["requests"] == ["r1"]
    assert "ana" not in repr(verdict).lower()


def test_somebody_who_signed_up_again_is_a_question_and_no_violation() -> None:
    people = erased("ana@example.com", rows=[("customers", 7)])
    verdict = said(shop(people, (9, "ana@example.com", AFTER)))
    assert verdict.verdict is Verdict.UNPROVEN
    assert "by choice" in verdict.reason
    assert verdict.findings == ()


def test_a_copy_from_before_the_erasure_breaks_the_promise() -> None:
    assert said(shop(erased("ana@example.com"), (9, "ana@example.com", BEFORE))).findings


def test_a_row_that_does_not_tell_its_age_breaks_the_promise() -> None:
    bench = CheckBench(erased=erased("ana@example.com"))
    bench.dataset("newsletter", [MAIL], [("ana@example.com",)], key=("email",))
    assert said(bench).verdict is Verdict.BROKEN


def test_people_who_were_not_erased_stay_and_nobody_is_mistaken_for_another() -> None:
    people = erased("ana@example.com", rows=[("customers", 7)])
    verdict = said(shop(people, (7, "zoe@example.com", BEFORE), (8, None, BEFORE)))
    assert verdict.verdict is Verdict.KEPT


def test_before_anybody_was_erased_nothing_is_proved() -> None:
    assert said(shop(erased())).verdict is Verdict.UNPROVEN
    assert said(shop(None)).verdict is Verdict.UNPROVEN


def test_a_mention_in_free_text_by_somebody_else_is_no_violation() -> None:
    bench = shop(erased("ana@example.com"), (1, "bo@example.com", BEFORE))
    text = held("body", C.USER_CONTENT)
    bench.dataset("tickets", [held("id"), text], [(1, "ana@example.com told me to write")])
    assert said(bench).verdict is Verdict.KEPT


def test_rows_that_law_or_a_reason_keeps_and_other_peoples_files_are_no_violation() -> None:
    bench = shop(erased("ana@example.com"), (1, "bo@example.com", BEFORE))
    minimum = Minimum(
        keep_for=Period(8, Unit.YEAR), counted_from="issued", reason="tax", provision="§ 147 AO"
    )
    fields = [held("id"), MAIL, held("issued")]
    row = (1, "ana@example.com", "2024-01-01")
    bench.dataset("invoices", fields, [row], on_erasure=Erasing.KEEP, minimum=minimum)
    bench.dataset("claims", fields, [row], on_erasure=Erasing.KEEP, keep_reason="claims")
    bench.dataset("staff", fields, [row], about="staff")
    bench.dataset("clients", fields, [row], held_as="processor")
    verdict = said(bench)
    assert verdict.verdict is Verdict.KEPT
    assert verdict.evidence["rows_kept_by_law"] == 1
    bench.content["invoices"] = [(1, "ana@example.com", "2010-01-01")]
    assert bench.said(CHECK).verdict is Verdict.BROKEN


def test_a_field_that_only_a_label_tells_is_searched_and_a_row_counts_once() -> None:
    bench = CheckBench(erased=erased("ana@example.com"))
    fields = [
        held("id"),
        held("a", C.USER_CONTACT_EMAIL, score=0.95),
        held("b", C.USER_CONTACT_EMAIL),
    ]
    bench.dataset("copies", fields, [(1, "ana@example.com", "ana@example.com")])
    assert [(each.field, each.count) for each in said(bench).findings] == [("a", 1)]


def test_more_hashes_than_fit_into_memory_are_asked_for_batch_by_batch() -> None:
    people = erased("ana@example.com", rows=[("customers", 7)], large=True)
    assert said(shop(people, (7, "ana@example.com", AFTER))).verdict is Verdict.BROKEN


def test_an_address_inside_json_is_found_as_one_that_stands_alone() -> None:
    people = erased("ana@example.com")
    bench = CheckBench(erased=people)
    bench.dataset(
        "settings",
        [held("id"), held("payload", C.USER_CONTACT_EMAIL)],
        [
            (1, '{"theme": "dark", "reach": [{"mail": "Ana@Example.com"}, 7, null]}'),
            (2, '{"mail": "bo@example.com"}'),
            (3, "{broken ana@example.com"),
            (4, "[" * 100_000),
        ],
    )
    (finding,) = said(bench).findings
    assert (finding.field, finding.count) == ("payload", 1)


def test_rows_that_came_back_to_a_person_whose_own_row_stays_empty_break_the_promise() -> None:
    bench = CheckBench(erased=erased(rows=[("customers", 7)]))
    bench.dataset("customers", [held("id"), MAIL], [(7, None)], on_erasure=Erasing.BLANK)
    post = [held("id"), held("customer_id"), held("body", C.USER_CONTENT)]
    for name, erasing in (("posts", Erasing.DELETE), ("emptied", Erasing.BLANK)):
        bench.dataset(
            name,
            post,
            [(1, 7, "back again"), (2, 8, "mine")],
            on_erasure=erasing,
            references=(owned(name, "customer_id", "customers"),),
        )
    (finding,) = said(bench).findings
    assert (finding.dataset, finding.field, finding.count) == ("posts", "customer_id", 1)


def test_a_number_that_was_given_out_again_accuses_nobody() -> None:
    bench = CheckBench(erased=erased(rows=[("customers", 7)]))
    row = (7, "new@example.com")
    bench.dataset("customers", [held("id"), MAIL], [row], on_erasure=Erasing.DELETE)
    bench.dataset(
        "posts",
        [held("id"), held("customer_id")],
        [(1, 7)],
        on_erasure=Erasing.DELETE,
        references=(owned("posts", "customer_id", "customers"),),
    )
    assert said(bench).verdict is Verdict.KEPT

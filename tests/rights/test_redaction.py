from hypothesis import given
from hypothesis import strategies as st

from kept.rights.page import page
from kept.rights.redaction import Redactor

OWN = frozenset({"ana@example.com", "+49 30 1234567", "Ana", "Silva"})
NAMES = frozenset({"Ana", "Silva"})
OTHERS = frozenset({"Jane Peacock", "Jane", "Peacock", "Ana Conda", "Ana"})


def redacted(text: str) -> str:
    return Redactor(own=OWN, names=NAMES, others=OTHERS).redact(text)[0]


def test_what_is_the_person_s_own_stays() -> None:
    for text in (
        "write to ANA@example.com please",
        "call 030 1234567 or +49 (30) 123-4567",
        "Ana Silva is here",
    ):
        assert redacted(text) == text


def test_others_go_and_leave_a_mark_that_says_what_stood_there() -> None:
    assert redacted("cc bo@example.com") == "cc [another person: email]"
    assert redacted("tell jane  PEACOCK now") == "tell [another person: name] now"
    assert redacted("call Bo at +49 30 7654321.") == "call Bo at [another person: phone number]."


def test_a_name_inside_a_word_is_a_word() -> None:
    assert redacted("a janet and peacocking") == "a janet and peacocking"


def test_a_person_who_shares_a_first_name_keeps_it_and_the_other_loses_both() -> None:
    assert redacted("Ana met Ana Conda") == "Ana met [another person: name]"


def test_people_whom_no_store_knows_go_from_free_text_too() -> None:
    text = "Dear Ms Ana Silva Lopez, Mr. Thomas Weber of 14 High Street wrote"
    shown = "Dear Ms Ana Silva Lopez, Mr. [another person: name] of [another person: street] wrote"
    assert redacted(text) == shown


def test_the_person_s_own_street_stays_however_it_goes_on() -> None:
    own = Redactor(own=frozenset({"14 High Street"}))
    text = "send it to 14 High Street, London NW1 6XE"
    assert own.redact(text) == (text, ())


def test_a_card_number_is_nobody_s_to_copy() -> None:
    own = Redactor(own=frozenset({"4111 1111 1111 1111"}))
    assert own.redact("card 4111 1111 1111 1111 ok")[0] == "card [credit card] ok"


def test_numbers_are_counted_by_kind() -> None:
    _, counts = Redactor().redact("a@example.com b@example.com")
    assert [(each.kind, each.count) for each in counts] == [("email", 2)]


@given(st.text(max_size=200))
def test_text_without_anybody_in_it_is_left_as_it_is(text: str) -> None:
    assert Redactor(finds=lambda _: ()).redact(text) == (text, ())


@given(st.text(max_size=40))
def test_a_page_escapes_everything(text: str) -> None:
    shown = page(
        {
            "request": text,
            "made_at": text,
            "law": text,
            "controller": {"name": text, "contact": text},
            "groups": [
                {
                    "store": text,
                    "dataset": text,
                    "items": [
                        {
                            "data": [
                                {"name": text, "value": f"<script>{text}"},
                                {"name": text, "withheld": {"because": f'"{text}'}},
                                {"name": text, "value": None},
                            ]
                        }
                    ],
                }
            ],
            "remarks": [{"message": text}],
            "tasks": [],
        }
    )
    assert "<script" not in shown
    assert shown.count("<h1>") == 1

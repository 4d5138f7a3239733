"""Constructs of English policies that have to be read whatever the words around them are."""

from collections.abc import Callable

import pytest

from kept.policy.languages.loading import load
from kept.policy.languages.speaker import names_in
from kept.promises.promise import FindingKind, Promise, Register
from kept.vocabulary.duty import Duty

Read = Callable[[str], Register]


def shown(register: Register) -> list[tuple[str, str, str]]:
    return [(each.clause.quote, each.category.value, each.kind.value) for each in register.promises]


def only(register: Register) -> Promise:
    assert len(register.promises) == 1, shown(register)
    return register.promises[0]


@pytest.mark.parametrize(
    ("sentence", "age"),
    [
        ("You must be 18 or older to open an account.", 18),
        ("You need to be at least sixteen to join.", 16),
        ("Only people aged 21 and over may register.", 21),
        ("Nobody under 13 may play.", 13),
        ("Under-14s need a guardian's signature.", 14),
    ],
)
def test_an_age_is_a_limit_and_no_duty_of_the_user(
    read_text: Read, sentence: str, age: int
) -> None:
    promise = only(read_text(f"Our privacy policy for you and your data\n\n{sentence}\n"))
    assert (promise.category, promise.terms.get("age")) == ("children", age)
    assert Duty.AGE_LIMIT in promise.duties


@pytest.mark.parametrize(
    "sentence",
    [
        "We answer your request in under 5 minutes.",
        "We retain records under clause 3.1(a) of the agreement.",
        "We keep invoices for at least 10 years.",
        "We collect your nickname, the child's age range and the country you live in.",
        "We collect your age and your gender.",
    ],
)
def test_a_number_or_an_age_that_is_data_is_no_limit(read_text: Read, sentence: str) -> None:
    register = read_text(f"Our privacy policy for you and your data\n\n{sentence}\n")
    assert register.promises
    assert all(each.category != "children" for each in register.promises), shown(register)
    assert all(Duty.AGE_LIMIT not in each.duties for each in register.promises)


def test_an_app_for_children_of_some_ages_names_no_single_limit(read_text: Read) -> None:
    promise = only(read_text("Privacy policy\n\nThe game is made for children aged 6 to 12.\n"))
    assert promise.category == "children"
    assert "age" not in promise.terms


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [
        ("# Tidewell privacy policy", "Tidewell collects your name and your address."),
        ('Wickham Ltd ("Wickham", "we") runs a shop.', "Wickham collects your name and address."),
        ('Orbit Telecom plc (the "Operator") runs a network.', "The Operator shall collect names."),
        ("Policy of the Society", "The Society collects your name and your address."),
    ],
)
def test_a_company_may_call_itself_by_its_name(
    read_text: Read, beginning: str, sentence: str
) -> None:
    register = read_text(f"{beginning}\n\nThis notice is for our members.\n\n{sentence}\n")
    assert (sentence.rstrip("."), "collect", "disclosure") in shown(register)


@pytest.mark.parametrize(
    "text",
    [
        "Privacy policy\n\nGoogle may use cookies. Providers may keep logs.",
        "Users may write to us. The user shall keep the password secret.",
        "When You collect points, This will be shown. Cookies may expire.",
        "",
    ],
)
def test_others_who_act_are_not_the_one_who_speaks(text: str) -> None:
    speaker = load("en").speaker
    assert speaker is not None
    assert names_in(text, speaker) == ()


def test_a_name_may_end_one_line_and_act_on_the_next() -> None:
    speaker = load("en").speaker
    assert speaker is not None
    text = "Privacy policy of Tidewell\n\nWhen you write to us, Tidewell\nkeeps your letter.\n"
    assert names_in(text, speaker) == (("tidewell",),)


def test_names_are_found_in_a_text_without_an_end_in_little_time() -> None:
    speaker = load("en").speaker
    assert speaker is not None
    assert names_in("Tidewell may collect. " * 20_000, speaker) == (("tidewell",),)
    assert names_in("A " * 100_000, speaker) == ()
    assert names_in('("' * 50_000, speaker) == ()


def test_a_month_is_a_date_that_names_no_day(read_text: Read) -> None:
    register = read_text("Privacy policy\n\nLast revised: June 2025\n\nWe collect your name.\n")
    dated = next(each for each in register.promises if each.category == "change")
    assert dated.clause.quote == "Last revised: June 2025"
    assert Duty.POLICY_VERSION in dated.duties
    assert "date" not in dated.terms
    assert any("no day" in each.note for each in register.findings)


TABLE = """# Privacy notice

## What we process

| What | Why | Basis | How long | Source |
|---|---|---|---|---|
| Name and email | To open your account | Contract | Two years after closure | You |

| Category | Data | Kept for |
|---|---|---|
| Log data | IP address and time | 30 days |

## Cookies

| Name | Purpose | Duration |
|---|---|---|
| sid | Keeps you signed in | One session |
"""


def test_a_cell_says_what_the_head_of_its_column_says(read_text: Read) -> None:
    told = {quote: category for quote, category, _ in shown(read_text(TABLE))}
    assert told == {
        "Name and email": "collect",
        "To open your account": "purpose",
        "Contract": "basis",
        "Two years after closure": "retention",
        "IP address and time": "collect",
        "30 days": "retention",
        "sid | Keeps you signed in | One session": "cookies",
    }


def test_the_heads_of_a_second_table_are_no_promises(read_text: Read) -> None:
    quotes = [each[0] for each in shown(read_text(TABLE))]
    assert not {"Category", "Data", "Kept for", "Name", "Purpose", "Duration"} & set(quotes)


def test_a_bold_line_that_closes_on_the_next_one_is_a_heading(read_text: Read) -> None:
    text = (
        "# Privacy statement\n\n**Security  \n** We train our staff.\n\n"
        "**Links  \n** Our site contains links to other web sites.\n"
    )
    assert [each[1] for each in shown(read_text(text))] == ["security", "third-party"]


def test_a_number_may_be_escaped(read_text: Read) -> None:
    text = "1\\. How your data is used\n\nWe use it to:\n\n- Process orders\n- Send invoices\n"
    assert [each[1] for each in shown(read_text(text))] == ["purpose", "purpose"]


def test_semicolons_part_a_list_and_not_its_meaning(read_text: Read) -> None:
    text = (
        "Privacy policy\n\n## Information we collect\n\nWe collect your name; your e-mail address; "
        "cookie numbers; the pages you visit; and your payment details.\n"
    )
    assert only(read_text(text)).category == "collect"


@pytest.mark.parametrize(
    ("sentence", "category", "kind"),
    [
        ("Ask us for a copy at any time.", "rights", "right"),
        ("Object to the way we use your details.", "rights", "right"),
        ("Your details stay in the United Kingdom.", "transfer", "firm"),
        ("Personal data are disclosed to other operators to the extent necessary for billing.",
         "share", "conditional"),
        ("Your name shall be entered in the public directory only with your consent.", "share",
         "conditional"),
        ("Health data is processed only with your explicit consent.", "purpose", "conditional"),
        ("You do not have to tell us your date of birth.", "minimise", "firm"),
        ("By visiting our site you are accepting the practices described here.", "basis",
         "disclaimer"),
        ("Our site does not react to Do Not Track signals.", "cookies", "disclaimer"),
        ("Your browser can be set to refuse cookies.", "cookies", "right"),
        ("It is up to you to choose a good password.", "user-duty", "user-duty"),
        ("The Subscriber shall inform us of any change of address.", "user-duty", "user-duty"),
        ("If your details are lost or stolen, we will tell you within 24 hours.", "incident", "firm"),
        ("We never use your details for anything other than the service.", "purpose", "firm"),
        ("The calls may be recorded if you agree at the start.", "collect", "conditional"),
        ("Requests shall be sent to privacy@example.com.", "contact", "firm"),
        ("If any of your details are wrong, let us know.", "rights", "right"),
    ],
)  # fmt: skip
def test_a_sentence_is_read_by_what_its_verb_does(
    read_text: Read, sentence: str, category: str, kind: str
) -> None:
    promise = only(read_text(f"Our policy for you and your data\n\n{sentence}\n"))
    assert (promise.category, promise.kind) == (category, kind)


@pytest.mark.parametrize(
    "sentence",
    [
        "We are mindful of the concerns of parents.",
        "As a parent, you have probably thought about the privacy of your family.",
        "It is a good idea to come back from time to time.",
        "For additional information, please see the section below.",
        "To find out more, click here.",
    ],
)
def test_talk_promises_nothing(read_text: Read, sentence: str) -> None:
    register = read_text(f"Our policy for you and your data\n\n{sentence}\n")
    assert register.promises == ()
    assert not [each for each in register.findings if each.kind is FindingKind.UNREAD]

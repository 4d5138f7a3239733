import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Field,
    Inventory,
    State,
)
from kept.inventory.promised import Promised, Words
from kept.inventory.record import Facts, Record
from kept.inventory.record_making import record_of
from kept.inventory.record_page import page
from kept.inventory.record_table import as_csv, as_json
from kept.inventory.record_words import LANGUAGES, _texts
from kept.settings import (
    ActivitySettings,
    Client,
    Controller,
    Party,
    Recipient,
    StoreSettings,
    Wording,
)
from kept.vocabulary.data_category import DataCategory as C
from kept.vocabulary.data_category import is_personal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def words(quote: str, *data: C, promise: str = "a1", **more: str) -> Words:
    return Words(
        promise=promise,
        document="policy.md",
        language="en",
        quote=quote,
        data=frozenset(data),
        **more,  # type: ignore[arg-type] # what a test says
    )


PROMISED = Promised(
    purposes=(words("We answer your questions", C.USER_CONTACT),),
    recipients=(words("The firm that delivers our e-mail"),),
    transfers=(words("We rely on the standard contractual clauses"),),
    periods=(words("We delete it after two years", C.USER_CONTACT, at_most="2 years"),),
    measures=(words("Connections are encrypted in transit"),),
)


def dataset(
    name: str, *held: C, about: str = "customer", role: str = "controller", client: str = ""
) -> Dataset:
    return Dataset(
        id=DatasetId("app", name),
        state=State.DECIDED,
        about=about,
        held_as=role,
        client=client,
        rows=3,
        fields=tuple(
            Field(
                name=f"f{at}",
                type="TEXT",
                decided_by=DecidedBy.PERSON,
                categories=(Classified(category=each, score=1.0),),
            )
            for at, each in enumerate(held)
        ),
    )


def facts(*datasets: Dataset, promised: Promised | None = PROMISED, region: str = "DE") -> Facts:
    return Facts(
        made_at=NOON,
        controller=Controller(name="Example GmbH", contact="dpo@example.com", establishment="DE"),
        stores={"app": StoreSettings(name="app", url="sqlite://", region=region, system="Shop")},
        inventory=Inventory(datasets=datasets),
        promised=promised,
        speaks_of=lambda each: each.about != "staff",
    )


PEOPLE = dataset("people", C.USER_CONTACT_EMAIL, C.USER_HEALTH)


def item(record: Record, key: str, at: int = 0) -> tuple[list[str], tuple[str, ...]]:
    (found,) = [each for each in record.activities[at].items if each.key == key]
    return [each.text for each in found.lines], found.missing


def test_a_controllers_activity_has_every_point_of_article_30_1() -> None:
    record = record_of(facts(PEOPLE), "en")
    (activity,) = record.activities
    provisions = [each.provision for each in activity.items]
    assert provisions == [f"Art. 30(1)({point})" for point in "bccdefg"]
    assert record.who.provision == "Art. 30(1)(a)"
    assert item(record, "1b") == (["We answer your questions"], ())
    assert item(record, "1f") == (["We delete it after two years"], ())


def test_a_processors_activity_has_every_point_of_article_30_2_for_each_client() -> None:
    record = record_of(
        facts(
            PEOPLE,
            dataset("a", C.USER_NAME, role="processor", client="Alpha Ltd"),
            dataset("b", C.USER_NAME, role="processor", client="Beta Ltd"),
        ),
        "en",
    )
    assert [(each.role, each.client) for each in record.activities] == [
        ("controller", ""),
        ("processor", "Alpha Ltd"),
        ("processor", "Beta Ltd"),
    ]
    assert [each.provision for each in record.activities[1].items] == [
        f"Art. 30(2)({point})" for point in "abcd"
    ]


def test_what_is_not_known_is_said_to_be_missing_and_nothing_is_invented() -> None:
    record = record_of(facts(PEOPLE, promised=None, region=""), "en")
    for key in ("1b", "1d", "1e", "1f", "1g"):
        known, missing = item(record, key)
        assert known == []
        assert missing, key
    assert record.missing == ("No policy was read",)


def test_words_for_customers_are_not_said_of_staff() -> None:
    record = record_of(facts(dataset("staff", C.USER_CONTACT_EMAIL, about="staff")), "en")
    assert item(record, "1b")[0] == []
    assert item(record, "1b")[1]


def test_a_transfer_out_of_the_area_without_a_safeguard_is_missing_one() -> None:
    bare = Promised()
    assert "US" in item(record_of(facts(PEOPLE, promised=bare, region="US"), "en"), "1e")[1][0]
    assert item(record_of(facts(PEOPLE, promised=bare, region="FR"), "en"), "1e")[1] == ()
    assert item(record_of(facts(PEOPLE, region="US"), "en"), "1e")[1] == ()


def test_special_categories_are_marked() -> None:
    (data,) = [
        each for each in record_of(facts(PEOPLE), "en").activities[0].items if each.key == "1c-data"
    ]
    assert {each.key: bool(each.marks) for each in data.lines} == {
        "user.contact.email": False,
        "user.health": True,
    }


def test_every_text_of_the_record_stands_in_three_languages() -> None:
    for section, texts in _texts().items():
        for key, said in texts.items():
            assert len(said) == len(LANGUAGES), (section, key)
            holes = [set(re.findall(r"\{\w+\}", each)) for each in said]
            assert holes[0] == holes[1] == holes[2], (section, key)
            if re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", said[0])):
                assert re.search(r"[\u0600-\u06ff]", said[2]), (section, key)


def test_every_personal_category_has_a_name_in_every_language() -> None:
    assert {each.value for each in C if is_personal(each)} == set(_texts()["category"])


def plain(*texts: str) -> tuple[Wording, ...]:
    return tuple(Wording((("", each),)) for each in texts)


WHOLE_CONTROLLER = Controller(
    name="Example GmbH",
    contact="office@example.com",
    establishment="DE",
    officer=Party(name="The officer", contact="dpo@example.com"),
    representative=Party(not_needed=plain("established in the Union")[0]),
)
MAILER = Recipient(
    name="Example Mailings",
    role="processor",
    kind=Wording((("en", "Mailing service"), ("fr", "Service de courriels"))),
    country="US",
    safeguard=plain("standard contractual clauses")[0],
)
ALPHA = Client(
    name="Alpha Ltd",
    contact="privacy@alpha.example",
    officer=Party(contact="dpo@alpha.example"),
    processing=plain("hosting their tickets"),
)
NOTHING_SAID = Promised()
STATED = ActivitySettings(
    purposes=plain("billing"), storage_periods=plain("ten years"), measures=plain("a locked door")
)


def whole(*datasets: Dataset, promised: Promised | None = NOTHING_SAID) -> Facts:
    return replace(
        facts(*datasets, promised=promised),
        controller=WHOLE_CONTROLLER,
        recipients=(MAILER,),
        clients=(ALPHA,),
        activities=(STATED,),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_settings_alone_can_complete_a_controllers_and_a_processors_record(language: str) -> None:
    held = dataset("tickets", C.USER_NAME, role="processor", client="Alpha Ltd")
    record = record_of(whole(PEOPLE, held), language)
    assert record.lacks == 0
    assert [each.role for each in record.activities] == ["controller", "processor"]


def test_each_statement_of_the_settings_that_is_taken_away_is_missed() -> None:
    held = dataset("tickets", C.USER_NAME, role="processor", client="Alpha Ltd")
    joint = dataset("panel", C.USER_NAME, role="joint controller")
    full = whole(PEOPLE, held)
    for poorer in (
        replace(full, controller=replace(WHOLE_CONTROLLER, officer=None)),
        replace(full, controller=replace(WHOLE_CONTROLLER, officer=Party(name="Somebody"))),
        replace(
            full, controller=replace(WHOLE_CONTROLLER, establishment="CH", representative=None)
        ),
        replace(full, inventory=Inventory(datasets=(PEOPLE, held, joint))),
        replace(full, recipients=()),
        replace(full, recipients=(replace(MAILER, country=""),)),
        replace(full, recipients=(replace(MAILER, safeguard=Wording()),)),
        replace(full, clients=()),
        replace(full, clients=(replace(ALPHA, contact=""),)),
        replace(full, clients=(replace(ALPHA, officer=None),)),
        replace(full, clients=(replace(ALPHA, processing=()),)),
        replace(full, activities=(replace(STATED, purposes=()),)),
        replace(full, activities=(replace(STATED, storage_periods=()),)),
        replace(full, activities=(replace(STATED, measures=()),)),
        replace(full, activities=(replace(STATED, about="staff"),)),
        replace(full, promised=None),
    ):
        assert record_of(poorer, "en").lacks > 0


def test_a_client_whom_the_settings_name_and_no_dataset_does_is_missed() -> None:
    (missing,) = record_of(whole(PEOPLE), "en").missing
    assert "Alpha Ltd" in missing


def test_a_recipient_is_listed_for_the_systems_and_people_that_it_gets_data_of() -> None:
    staff = dataset("staff", C.USER_NAME, about="staff")
    for recipient, wanted in (
        (MAILER, [True, True]),
        (replace(MAILER, about=("customer",)), [True, False]),
        (replace(MAILER, systems=("Shop",), about=("staff",)), [False, True]),
        (replace(MAILER, systems=("Elsewhere",)), [False, False]),
    ):
        record = record_of(replace(whole(PEOPLE, staff), recipients=(recipient,)), "en")
        assert [each.about for each in record.activities] == ["customer", "staff"]
        listed = [any("Mailings" in text for text in item(record, "1d", at)[0]) for at in (0, 1)]
        assert listed == wanted


def test_a_statement_in_several_languages_is_given_in_the_readers() -> None:
    for language, wanted in (("en", ": Mailing service"), ("fr", " : Service de courriels")):
        assert item(record_of(whole(PEOPLE), language), "1d")[0] == [f"Example Mailings{wanted}"]
    text = page(record_of(whole(PEOPLE), "ar"))
    assert "<bdi>Example Mailings: Mailing service</bdi>" in text


def test_one_dataset_that_is_kept_says_nothing_of_how_long_the_others_are() -> None:
    kept = replace(dataset("invoices", C.USER_NAME), keep_reason="tax")
    record = record_of(facts(PEOPLE, kept, promised=Promised()), "en")
    known, missing = item(record, "1f")
    assert known == ["invoices: kept: tax"]
    assert "people" in missing[0]
    assert "invoices" not in missing[0]


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_with_no_network_and_says_its_language_and_direction(language: str) -> None:
    text = page(record_of(facts(PEOPLE), language))
    outline = _Outline()
    outline.feed(text)
    tags = [tag for tag, _ in outline.tags]
    (root,) = [attributes for tag, attributes in outline.tags if tag == "html"]
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert "http" not in text
    assert "@import" not in text
    quotes = [attributes for tag, attributes in outline.tags if tag == "q"]
    assert quotes
    assert all((each["lang"], each["dir"]) == ("en", "ltr") for each in quotes)
    assert all(("class" in each) == (language == "ar") for each in quotes)
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align: (left|right)", style)


def test_a_promise_in_the_readers_language_is_quoted_in_it() -> None:
    both = Words(
        promise="a1",
        document="policy.md",
        language="en",
        quote="We answer your questions",
        parallel=(("fr", "Nous répondons à vos questions"),),
    )
    promised = Promised(measures=(both,))
    assert item(record_of(facts(PEOPLE, promised=promised), "fr"), "1g")[0] == [
        "Nous répondons à vos questions"
    ]


HOSTILE = ["<script>alert(1)</script>", "=HYPERLINK(1)", "@x", '"; DROP', "\u202eevil", "{name}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_a_store_is_text_in_every_form(name: str) -> None:
    record = record_of(facts(dataset(name, C.USER_NAME, about=name)), "en")
    assert "<script" not in page(record)
    rows = list(csv.reader(io.StringIO(as_csv(record).removeprefix("\ufeff"))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert name in json.dumps(as_json(record), ensure_ascii=False) or '"' in name


@given(st.lists(st.sampled_from(sorted(C)), min_size=1, max_size=6), st.sampled_from(LANGUAGES))
def test_the_table_and_the_json_say_the_same_in_every_language(
    held: list[C], language: str
) -> None:
    record = record_of(facts(dataset("people", *held)), language)
    rows = list(csv.DictReader(io.StringIO(as_csv(record).removeprefix("\ufeff"))))
    told = as_json(record)
    assert told["statements_missing"] == record.lacks
    assert sum(each["state"] == "missing" for each in rows) == record.lacks
    assert json.loads(json.dumps(told)) == told


def test_the_style_sheet_prints_and_follows_light_and_dark() -> None:
    style = page(record_of(facts(PEOPLE), "en"))
    for part in ("@media print", "prefers-color-scheme: dark", "max-width"):
        assert part in style

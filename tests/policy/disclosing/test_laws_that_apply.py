"""Under which laws a policy's disclosures are due."""

from collections.abc import Callable

from kept.jurisdictions.disclosure_item import disclosure_items
from kept.jurisdictions.law import laws
from kept.policy.disclosing.applying import for_laws
from kept.policy.disclosing.judging import JUDGES
from kept.policy.disclosing.signals import signals
from kept.policy.languages.loading import available
from kept.policy.report import as_json
from kept.promises.promise import Register

TEXT = "# Privacy policy\n\nWe collect your name and your email address.\n"


def test_every_item_of_the_law_has_a_judge_and_every_judge_an_item() -> None:
    assert JUDGES.keys() == disclosure_items().keys()
    assert len(JUDGES) == 39


def test_every_item_is_demanded_by_laws_that_there_are() -> None:
    for item in disclosure_items().values():
        assert item.laws <= laws().keys(), item.id
        assert item.provision, item.id
        assert item.address.startswith("https://"), item.id


def test_every_language_has_words_for_the_same_signals() -> None:
    known = {tag: signals(tag) for tag in available()}
    names = {tag: each.names if each else None for tag, each in known.items()}
    assert len(set(names.values())) == 1, names


def test_a_text_that_names_no_law_is_under_each_if_applicable(
    read_text: Callable[[str], Register],
) -> None:
    assert {each.applies for each in read_text(TEXT).disclosures} == {"if-applicable"}


def test_a_text_is_under_the_law_that_it_names(read_text: Callable[[str], Register]) -> None:
    found = read_text(TEXT + "\nCalifornia residents have rights under the CCPA.\n").disclosures
    due = {each.item for each in found if each.applies == "yes"}
    assert "ccpa-right-to-know" in due
    assert "gdpr-13-2-b-access" not in due


def test_configured_laws_leave_only_what_they_demand(read_text: Callable[[str], Register]) -> None:
    found = read_text(TEXT).disclosures
    due = for_laws(found, {"us-ca-ccpa"})
    assert due
    assert all(each.applies == "yes" and "us-ca-ccpa" in each.laws for each in due)
    assert for_laws(found, ()) == found


def test_disclosures_name_promises_of_the_register(read_text: Callable[[str], Register]) -> None:
    register = read_text(TEXT)
    names = {each.id for each in register.promises}
    assert all(set(each.promises) <= names for each in register.disclosures)
    shown = as_json(register)["disclosures"]
    assert len(shown) == 39
    assert {"document", "language", "item", "status", "promises"} <= shown[0].keys()


def test_a_language_that_is_not_read_is_not_judged(read_text: Callable[[str], Register]) -> None:
    assert {each.language for each in read_text(TEXT).disclosures} == {"en"}

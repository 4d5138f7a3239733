"""What every lexicon of a language must hold, so that a lawyer who edits one is told of a slip."""

import tomllib
from importlib.resources import files

import pytest

from kept.policy.languages.lexicon import Lexicon, Rule
from kept.policy.languages.loading import available, load
from kept.policy.languages.pattern import PatternSyntaxError, parse, phrases_of
from kept.policy.words import read_words
from kept.promises.promise import Category, Kind
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty
from kept.vocabulary.purpose import Purpose
from kept.vocabulary.right import Right

VALUES = {
    "category": {each.value for each in Category},
    "heading": {each.value for each in Category},
    "duty": {each.value for each in Duty},
    "data": {each.value for each in DataCategory},
    "purposes": {each.value for each in Purpose},
}
CATEGORIES = {each.value for each in Category}
KINDS = {each.value for each in Kind}


def test_english_can_be_read() -> None:
    assert "en" in available()


@pytest.mark.parametrize("tag", available())
def test_a_lexicon_speaks_only_of_what_there_is(tag: str) -> None:
    language = load(tag)
    for entry in language.lexicon.entries:
        rule = entry.rule
        assert rule.value in VALUES.get(rule.list, {rule.value}), rule
        assert rule.within <= CATEGORIES, rule
        if rule.list == "kind":
            assert rule.value.partition(",")[0] in KINDS, rule
            assert rule.value in language.kind_order, rule
    assert set(language.kind_default) == CATEGORIES
    assert set(language.kind_default.values()) <= KINDS
    assert set(language.duty_fallback) | {"purpose", "contact"} >= CATEGORIES - {
        "user-duty", "disclaimer", "general",
    }  # fmt: skip
    named = {each for duties in language.duty_fallback.values() for each in duties}
    assert named <= VALUES["duty"]
    assert set(language.right_of_duty.values()) == {each.value for each in Right}


@pytest.mark.parametrize("tag", available())
def test_every_duty_can_be_read_from_some_words(tag: str) -> None:
    language = load(tag)
    said = {entry.rule.value for entry in language.lexicon.entries if entry.rule.list == "duty"}
    fallen_back = {
        each
        for table in (language.duty_fallback, language.duty_always)
        for duties in table.values()
        for each in duties
    }
    assert said | fallen_back == VALUES["duty"]


def test_english_words_for_data_name_no_category_twice() -> None:
    table = tomllib.loads((files("kept.policy.languages") / "en" / "data.toml").read_text("utf-8"))
    words = [word for listed in table.values() for word in listed]
    assert sorted({word for word in words if words.count(word) > 1}) == []


GROUPS = {"we": phrases_of("we|our company", {})}


def found(pattern: str, text: str) -> bool:
    lexicon = Lexicon([(Rule("test", "x"), 1.0, pattern)], GROUPS, ("two",))
    words = read_words(text, 0, len(text), {"don't": ("do", "not")})
    return bool(lexicon.find(words)["test"])


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("data", "the Data", True),
        ("data", "database", False),
        ("collect*", "collecting", True),
        ("third party", "a third-party site", True),
        ("(sell|rent out) data", "we rent out data", True),
        ("{we} collect", "Our company collect", True),
        ("{we} may? collect", "we collect", True),
        ("{we} may? collect", "we may collect", True),
        ("{we} ...2 collect", "we do also collect", True),
        ("{we} ...2 collect", "we do also always collect", False),
        ("not sell", "we don't sell", True),
        ("# days", "30 days", True),
        ("# days", "two days", True),
        ("^ we", "we sell", True),
        ("^ we", "and we sell", False),
        ("sell $", "we sell", True),
        ("sell $", "we sell data", False),
        (", unless", "yes, unless no", True),
        (", unless", "yes unless no", False),
    ],
)
def test_a_phrase_stands_where_it_says(pattern: str, text: str, expected: bool) -> None:
    assert found(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["", "...", "may?", "{nobody} sells", "(a (b|c))", "we, sell", "(a|b", "a|b"]
)
def test_a_phrase_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(PatternSyntaxError):
        parse(pattern, GROUPS)

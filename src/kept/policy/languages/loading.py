"""Which languages can be read, and how the files of one become a `Language`.

A language is a folder named by its tag, with the TOML files that `_FILES` lists; adding
one adds a folder and changes nothing here.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from kept.policy.languages.affixes import Affixes
from kept.policy.languages.language import Dates, Language
from kept.policy.languages.lexicon import Lexicon, Rule
from kept.policy.languages.pattern import Phrase, phrases_of
from kept.policy.languages.persons import Person, Persons
from kept.policy.languages.speaker import speaker_of
from kept.policy.languages.spelling import spelling_of
from kept.policy.languages.voice import Voice
from kept.policy.likelihood import Taught, parse_learned
from kept.policy.words import bare

_FILES = (
    "words", "categories", "kinds", "vague", "duties", "data", "purposes", "clauses", "terms", "findings",
)  # fmt: skip
# Lists that weigh a text as a whole: a language may do without any of them.
_OF_TEXTS = (
    "claims", "counters", "excuses", "allows", "unsettled", "wants", "offers", "speech", "recipient",
    "joiner", "law",
)  # fmt: skip
_WEIGHTS = {"decisive": 10.0, "clear": 6.0, "likely": 3.0, "faint": 1.0}
_PLAIN = re.compile(r"@\w+|[^\W_][\w' -]*")
_Table = Mapping[str, Any]
_Phrase = tuple[Rule, float, str]


@cache
def available() -> tuple[str, ...]:
    """Return the tags of the languages whose folder is complete, in order."""
    here = files("kept.policy.languages")
    return tuple(
        sorted(
            folder.name
            for folder in here.iterdir()
            if folder.is_dir() and all((folder / f"{name}.toml").is_file() for name in _FILES)
        )
    )


@cache
def load(tag: str) -> Language:
    """Return the language with this tag, compiled; loaded once.

    Raises:
        PatternSyntaxError: A phrase in one of its files is not written as phrases are.
        KeyError: A file lacks a table.
    """
    folder = files("kept.policy.languages") / tag
    tables = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in _FILES}
    spelling = spelling_of(tables["words"])
    tables = {name: spelling.table(table) for name, table in tables.items()}
    words, kinds, clauses = tables["words"], tables["kinds"], tables["clauses"]
    duties, terms = tables["duties"], tables["terms"]
    groups = _groups(words["groups"]) | {"named": _named(tables["data"])}
    affixes = _affixes(words["affixes"]) if "affixes" in words else None
    return Language(
        tag=tag,
        lexicon=Lexicon(_phrases(tables), groups, terms["counting"], affixes),
        contractions={key: tuple(value) for key, value in words["contractions"].items()},
        abbreviations=frozenset(words["abbreviations"]),
        chrome=_sequences(words["chrome"]),
        precedence=tables["categories"]["precedence"],
        sticky=tables["categories"]["sticky"],
        kind_order=tuple(kinds["order"]),
        kind_default=kinds["default"],
        duty_always=_lists(duties["always"]),
        duty_fallback=_lists(duties["fallback"]),
        right_of_duty=duties["rights"],
        notes=tables["findings"]["notes"],
        dates=Dates(
            terms["numbers"],
            terms["units"],
            terms["months"],
            frozenset(terms["fillers"]),
            frozenset(terms["before"]),
            terms.get("pairs", {}),
            terms.get("hijri", {}),
            bool(terms.get("day_first", False)),
            frozenset(terms.get("joins", ())),
        ),
        trim_start=_sequences(clauses["trim"]["start"]),
        trim_end=_sequences(clauses["trim"]["end"]),
        affixes=affixes,
        voice=_voice(words["voice"], groups) if "voice" in words else None,
        inline_headings=bool(words.get("inline_headings", False)),
        letters=spelling.letters,
        speaker=speaker_of(words["speaker"]) if "speaker" in words else None,
        persons=_persons(words["persons"]) if "persons" in words else None,
        taught=_taught(folder / "learned", words["rules_stand"]),
    )


def _taught(folder: Traversable, alike: float) -> Taught | None:
    if not folder.is_dir():
        return None
    category, kind, duty = (
        parse_learned((folder / f"{each}.tsv").read_text("utf-8"))
        for each in ("category", "kind", "duty")
    )
    return Taught(category, kind, duty, alike)


def _persons(table: _Table) -> Persons:
    return Persons(
        words=table["words"],
        between=frozenset(table["between"]),
        people=tuple(
            Person(
                frozenset(each["subjects"]),
                each["verbs"],
                tuple(sorted(each["endings"].items(), key=lambda pair: -len(pair[0]))),
            )
            for each in table["people"]
        ),
        orders=table["orders"],
    )


def _affixes(table: _Table) -> Affixes:
    return Affixes(
        conjunctions=tuple(table["conjunctions"]),
        joining=tuple(table["joining"]),
        prefixes=table["prefixes"],
        suffixes=table["suffixes"],
        same=table["same"],
        endings=table["endings"],
    )


def _voice(table: _Table, groups: Mapping[str, frozenset[Phrase]]) -> Voice:
    named = phrases_of("|".join(table["beside"]), groups)
    return Voice(
        first=table["first"],
        third=tuple(table["third"]),
        future=table["future"],
        beside=frozenset(phrase[0] for phrase in named if len(phrase) == 1),
        between=frozenset(map(bare, table["between"])),
        not_after=frozenset(map(bare, table["not_after"])),
        not_before=frozenset(map(bare, table["not_before"])),
        not_ending=tuple(table["not_ending"]),
        spoken={bare(key): value for key, value in table["spoken"].items()},
        denial=table["denial"],
        denies=table["denies"],
        relative=tuple(table["relative"]),
    )


def _groups(tables: Mapping[str, str]) -> dict[str, frozenset[Phrase]]:
    """Return the named groups; a group may name those above it."""
    groups: dict[str, frozenset[Phrase]] = {}
    for name, text in tables.items():
        groups[name] = phrases_of(text, groups)
    return groups


def _named(table: Mapping[str, list[str]]) -> frozenset[Phrase]:
    """Return the phrases that name a kind of data, as far as they are words alone."""
    plain = [each for phrases in table.values() for each in phrases if _PLAIN.fullmatch(each)]
    return phrases_of("|".join(plain), {})


def _sequences(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    """Return phrases as words, the longest first."""
    return tuple(
        sorted((tuple(re.split(r"[\s\-]+", line)) for line in lines), key=len, reverse=True)
    )


def _lists(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) for key, value in table.items()}


def _phrases(tables: Mapping[str, _Table]) -> Iterator[_Phrase]:
    yield from _of_categories(tables["categories"])
    for table in (tables["kinds"]["kind"], tables["clauses"]["cut"], tables["clauses"]["role"]):
        list_ = "kind" if table is tables["kinds"]["kind"] else "cut"
        list_ = "role" if table is tables["clauses"]["role"] else list_
        yield from _of_rules(list_, table)
    leading = tables["clauses"]["leading"]
    yield from _of_rules("leading", [{"is": key, "says": says} for key, says in leading.items()])
    yield from _of_rules("vague", tables["vague"]["vague"])
    yield from _of_rules("duty", tables["duties"]["duty"])
    for list_ in ("data", "purposes"):
        yield from _of_rules(
            list_, [{"is": key, "says": says} for key, says in tables[list_].items()]
        )
    yield from _of_rules("term", tables["terms"]["term"])
    anchors = tables["terms"]["anchors"]
    yield from _of_rules("anchor", [{"is": key, "says": says} for key, says in anchors.items()])
    for list_ in ("absolute", "denies", "loophole", "invalid"):
        yield from _of_rules(list_, tables["findings"][list_])
    for list_ in _OF_TEXTS:
        yield from _of_rules(list_, tables["findings"].get(list_, []))


def _of_categories(table: _Table) -> Iterator[_Phrase]:
    for category, lists in table.items():
        if category in {"precedence", "sticky"}:
            continue
        for strength, weight in _WEIGHTS.items():
            rule = Rule("category", category)
            yield from ((rule, weight, text) for text in lists.get(strength, ()))
        yield from ((Rule("heading", category), 1.0, text) for text in lists.get("heading", ()))


def _of_rules(list_: str, tables: list[_Table]) -> Iterator[_Phrase]:
    """Yield the phrases of a list of rules, and those that they need or shun."""
    for number, table in enumerate(tables):
        rule = Rule(
            list_,
            str(table.get("is", table.get("impossible", ""))),
            frozenset(table.get("in", ())),
            frozenset(key for key, value in table.items() if value is True or key == "needs"),
            str(table.get("note", "")),
            number,
        )
        yield from ((rule, 1.0, text) for text in table["says"])
        for side in ("needs", "unless_says"):
            beside = Rule(f"{list_}-{side}", str(number), number=number)
            yield from ((beside, 1.0, text) for text in table.get(side, ()))

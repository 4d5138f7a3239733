"""What the record of processing says in the reader's language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "fr", "ar")
"""Of the page; the order of the texts in ``record_words.toml``."""


@cache
def _texts() -> Mapping[str, Mapping[str, list[str]]]:
    text = files(__package__).joinpath("record_words.toml").read_text("utf-8")
    return tomllib.loads(text)


def said(section: str, key: str, language: str, **values: object) -> str:
    """Return one text in `language`, with `values` put in.

    Raises:
        KeyError: There is no such text.
    """
    text = _texts()[section][key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def counted(key: str, count: int, language: str) -> str:
    """Return how many there are of something, in the words of one, of many, or of none."""
    one = {0: f"{key}_none", 1: f"{key}_one"}.get(count, key)
    return said("text", one if one in _texts()["text"] else key, language, count=count)


def labelled(name: str, text: str, language: str) -> str:
    """Return `text` behind the `name` of what it is, with the colon of the language."""
    return said("text", "label", language, name=name, text=text)


def named(section: str, key: str, language: str) -> str:
    """Return what something is called in `language`; the key itself where nobody named it."""
    found = _texts()[section].get(key)
    return key if found is None else found[LANGUAGES.index(language)]


def is_right_to_left(language: str) -> bool:
    """Return whether `language` is written from right to left."""
    return language.partition("-")[0] in {"ar", "fa", "he", "ur"}

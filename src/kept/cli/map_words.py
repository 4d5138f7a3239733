"""What the map of the stores says in the reader's language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from kept.checks.stating import plain
from kept.inventory.record_words import LANGUAGES
from kept.inventory.record_words import named as named_in_record
from kept.vocabulary.data_category import DataCategory

ENGLISH = LANGUAGES[0]


@cache
def _texts() -> Mapping[str, Mapping[str, list[str]]]:
    text = files(__package__).joinpath("map_words.toml").read_text("utf-8")
    return tomllib.loads(text)


def said(key: str, language: str, *, of: str = "text", **values: object) -> str:
    """Return one text in `language`, with `values` put in: of the section that is called `of`.

    Raises:
        KeyError: There is no such text.
    """
    text = _texts()[of][key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def named(section: str, key: str, language: str) -> str:
    """Return what something is called in `language`; the key itself where nobody named it."""
    found = _texts()[section].get(key)
    return key if found is None else found[LANGUAGES.index(language)]


def category(each: DataCategory, language: str) -> str:
    """Return what a category is called, with the key that ``datamap.toml`` has for it.

    In English the key says it.

    Examples:
        >>> category(DataCategory.USER_CONTACT_EMAIL, "en")
        'user.contact.email'
        >>> category(DataCategory.USER_CONTACT_EMAIL, "fr")
        'adresse électronique (user.contact.email)'
    """
    if language == ENGLISH:
        return each.value
    return f"{named_in_record('category', each.value, language)} ({each.value})"


def plainly(each: DataCategory, language: str) -> str:
    """Return what a category is called in plain words, without its key.

    Examples:
        >>> plainly(DataCategory.USER_DEMOGRAPHIC_MARITAL_STATUS, "en")
        'marital status'
    """
    if language == ENGLISH:
        return plain(each)
    return named_in_record("category", each.value, language)


def about_whom(kind: str, language: str) -> str:
    """Return what the people are called whose data a dataset holds; in English as it stands there.

    Examples:
        >>> about_whom("staff", "fr")
        'personnel'
    """
    if language == ENGLISH:
        return kind
    own = _texts()["about"].get(kind)
    if own is not None:
        return own[LANGUAGES.index(language)]
    return named_in_record("people", kind, language).lower()

"""Identity numbers of many states: validated, and weighed against chance."""

import random
import re._constants as parts
import re._parser as parser
from collections.abc import Iterable
from typing import Any

import pytest

from kept.inventory.classification.identity_numbers import (
    ae_identity,
    eg_national,
    kw_civil,
    sa_identity,
)
from kept.inventory.classification.national_ids import (
    IdentityNumber,
    identity_numbers_known,
    telling,
)

KINDS = identity_numbers_known()
TRIED = 1_500


def made(source: random.Random, tree: Iterable[Any]) -> str:
    """Make a random text of a shape: the shapes use a small part of the language."""
    text = ""
    for kind, argument in tree:
        if kind is parts.LITERAL:
            text += chr(argument)
        elif kind is parts.IN:
            text += source.choice(letters(argument))
        elif kind is parts.MAX_REPEAT:
            low, high, inner = argument
            text += "".join(made(source, inner) for _ in range(source.randint(low, high)))
        elif kind is parts.SUBPATTERN:
            text += made(source, argument[3])
        else:
            assert kind is parts.BRANCH
            text += made(source, source.choice(argument[1]))
    return text


def letters(members: Iterable[Any]) -> list[str]:
    found = []
    for kind, argument in members:
        if kind is parts.RANGE:
            found += [chr(each) for each in range(argument[0], argument[1] + 1)]
        elif kind is parts.LITERAL:
            found.append(chr(argument))
        else:
            found += "0123456789"
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_chance_that_is_stated_is_the_chance_that_is_measured(kind: IdentityNumber) -> None:
    source = random.Random(11)  # noqa: S311 - reproducible, not secret
    tree = parser.parse(kind.source)
    values = [made(source, tree) for _ in range(TRIED)]
    assert all(kind.shape.fullmatch(each) for each in values)
    measured = sum(map(kind.is_valid, values)) / TRIED
    assert measured == pytest.approx(kind.chance, rel=0.45, abs=0.006)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("42201-0397640-8", "PK"),
        ("078-05-1121", "US"),
        ("AB123456C", "GB"),
        ("RSSMRA85T10A562S", "IT"),
        ("756.9217.0769.85", "CH"),
        ("390.533.447-05", "BR"),
        ("112-233-445 95", "RU"),
    ],
)
def test_a_telling_form_names_its_country(text: str, country: str) -> None:
    assert country in {each.country for each in telling(text)}


def test_bare_digits_tell_nothing() -> None:
    assert list(telling("4220103976408")) == []
    assert list(telling("123456789")) == []


def test_numbers_of_arab_states_are_checked() -> None:
    assert eg_national("29001011234567")
    assert not eg_national("29001010934567")
    assert sa_identity("1000000008")
    assert not sa_identity("1000000009")
    assert sum(ae_identity(f"784-1979-1234567-{last}") for last in range(10)) == 1
    assert not kw_civil("299999999999")


def test_many_countries_are_known() -> None:
    assert len({kind.country for kind in KINDS}) >= 40

"""Which numbers that states give to people a value can be, and how likely by chance."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from kept.inventory.classification import identity_numbers
from kept.inventory.classification.lexicon import read_toml
from kept.vocabulary.data_category import DataCategory

_OWN = f"{identity_numbers.__name__}."


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """One kind of number, as ``lexicon/national_ids.toml`` describes it.

    Attributes:
        name: What people call it.
        country: ISO 3166 code.
        category: What a field of them holds.
        shape: Matches a whole value.
        source: The shape's pattern, for use inside others.
        is_valid: Whether a value of the shape passes.
        chance: Share of random values of the shape that pass.
        rare: Log-odds that the shape alone gives.
        letters: Whether the shape has letters.
        ambiguous: Whether values alone cannot tell it from a serial number.
    """

    name: str
    country: str
    category: DataCategory
    shape: re.Pattern[str]
    source: str
    is_valid: Callable[[str], bool]
    chance: float
    rare: float
    letters: bool
    ambiguous: bool


@cache
def identity_numbers_known() -> tuple[IdentityNumber, ...]:
    """Return every kind of number that is known, in the file's order."""
    usual = DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER
    return tuple(
        IdentityNumber(
            name=entry["name"],
            country=entry["country"],
            category=DataCategory(entry.get("category", usual)),
            shape=re.compile(f"^(?:{entry['shape']})$", re.MULTILINE | re.ASCII),
            source=entry["shape"],
            is_valid=_validator(entry["module"]),
            chance=entry["chance"],
            rare=entry["rare"],
            letters=entry.get("letters", False),
            ambiguous=entry.get("ambiguous", False),
        )
        for entry in read_toml("national_ids.toml")["id"]
    )


def telling(text: str) -> Iterator[IdentityNumber]:
    """Yield the numbers that `text` as a whole is, where its shape is hardly anything else.

    Examples:
        >>> [each.country for each in telling("42201-0397640-8")]
        ['PK']
        >>> list(telling("4220103976408"))
        []
    """
    for kind in identity_numbers_known():
        if kind.rare >= _TELLING and kind.shape.fullmatch(text) and kind.is_valid(text):
            yield kind


def telling_numbers(text: str) -> IdentityNumber | None:
    """Return the first of `telling`, found with one look where there is none.

    What few values pass by chance and has a form of its own counts too.
    """
    if _any_form().fullmatch(text) is None:
        return None
    for kind in _with_form():
        if kind.shape.fullmatch(text) and kind.is_valid(text):
            return kind
    return None


@cache
def _with_form() -> tuple[IdentityNumber, ...]:
    return tuple(
        each
        for each in identity_numbers_known()
        if each.rare >= _TELLING or (each.rare >= 1 and each.chance <= _BY_CHANCE)
    )


@cache
def _any_form() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each.source})" for each in _with_form()), re.ASCII)


def may_be_telling(shape: bytes) -> bool:
    """Return whether any of `telling_numbers` has this shape: noughts for digits, a for letters."""
    return _any_shape().fullmatch(shape) is not None


@cache
def _any_shape() -> re.Pattern[bytes]:
    return re.compile("|".join(f"(?:{_shape(each.source)})" for each in _with_form()).encode())


def _shape(source: str) -> str:
    """Return `source` with noughts for digits and a for letters, and nothing looked at ahead."""
    bare = re.sub(r"\(\?[=!][^()]*\)", "", source)
    return re.sub(r"\[[^\]]*\]|\{[^}]*\}|\(\?[a-zA-Z]*:|\\.|[A-Za-z0-9]", _shaped, bare)


def _shaped(found: re.Match[str]) -> str:
    piece = found[0]
    if piece[0] in "{(":
        return piece
    if piece[0] == "\\":
        return {"\\d": "0", "\\w": "[0a_]"}.get(piece, piece)
    if piece[0] != "[":
        return "0" if piece.isdigit() else "a"
    inside = piece.replace("\\d", "0").replace("-", "") if piece != "[ -]" else piece
    signs = "".join(re.escape(each) for each in piece[1:-1] if not each.isalnum() and each != "\\")
    digits = "0" if any(map(str.isdigit, inside)) else ""
    letters = "a" if any(each.isalpha() for each in inside.replace("\\", "")) else ""
    return f"[{digits}{letters}{signs}]"


_TELLING = 4.0
_BY_CHANCE = 0.02


def _validator(module: str) -> Callable[[str], bool]:
    """Return the check called `module`; python-stdnum's modules are loaded on first use."""
    if module.startswith(_OWN):
        own: Callable[[str], bool] = getattr(identity_numbers, module.removeprefix(_OWN))
        return own

    @cache
    def loaded() -> Callable[[str], bool]:
        found: Callable[[str], bool] = import_module(module).is_valid
        return found

    def check(value: str) -> bool:
        try:
            return bool(loaded()(value))
        except (LookupError, ValueError):
            # Some of the library's validators trip over places they have no entry for.
            return False

    return check

"""What the law says, as it is packaged: TOML that a lawyer can edit, read once."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files


class LawDataError(ValueError):
    """A packaged entry is not what its loader expects: a defect of the package."""


@cache
def packaged(name: str) -> Mapping[str, Mapping[str, object]]:
    """Return the tables of a packaged TOML file, by key.

    Args:
        name: File name beside this module, for example ``"minimums.toml"``.

    Raises:
        LawDataError: Something at the top of the file is no table.
    """
    document = tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    for key, entry in document.items():
        if not isinstance(entry, dict):
            raise LawDataError(f"{name}: {key} is no table")
    return document


def text_of(
    entry: Mapping[str, object], key: str, where: str, *, default: str | None = None
) -> str:
    """Return the text under `key`.

    Raises:
        LawDataError: There is none, or it is no text.
    """
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise LawDataError(f"{where}: {key} must be text")
    return value


def day_of(entry: Mapping[str, object], key: str, where: str) -> date:
    """Return the day under `key`.

    Raises:
        LawDataError: There is none, or it is no day.
    """
    value = entry.get(key)
    if type(value) is not date:
        raise LawDataError(f"{where}: {key} must be a day such as 2026-11-22")
    return value


def only(entry: Mapping[str, object], known: frozenset[str], where: str) -> None:
    """Refuse a key that nothing reads: a misspelt provision would otherwise be lost.

    Raises:
        LawDataError: There is such a key.
    """
    unknown = sorted(entry.keys() - known)
    if unknown:
        raise LawDataError(f"{where}: {unknown[0]} is read by nobody")

"""Where the data is, and where the policies are."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from kept.settings.errors import SettingsError
from kept.settings.section import Section
from kept.settings.wording import Wording

_DATABASES = ("sqlite+pysqlite:///", "sqlite:///", "duckdb:///")
"""Addresses that are paths of a file, relative to ``kept.toml`` unless they begin with ``/``."""

_SERVICE = "service://"

FOLDERS = ("file:///", "logs:///")
"""Addresses that are paths of a folder: absolute, or of one that is beside ``kept.toml``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySource:
    """One published text of the policy.

    Attributes:
        path: File, absolute.
        language: Its language where the settings say, else empty.
        published: Address at which people read it, or empty.
    """

    path: Path
    language: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """One data store.

    Attributes:
        name: Its key under ``[stores]``.
        url: Address that reads; a relative path of a file or folder is made absolute.
            It may hold a password, so it never shows in ``repr``.
        write_url: Address that requests and sweeps write with; falls back to `url`.
        region: ISO 3166-1 code of where it stands.
        system: The application or site that it belongs to.
        canary: Whether canaries may be planted in it.
        safeguard: On what data may stand there, where it is a third country.
    """

    name: str
    url: str = field(repr=False)
    write_url: str = field(default="", repr=False)
    region: str = ""
    system: str = ""
    canary: bool = False
    safeguard: Wording = field(default_factory=Wording)


def policy_of(section: Section, path: Path) -> PolicySource:
    """Return what one ``[[policies]]`` says, with its file beside `path`.

    Raises:
        SettingsError: A value is not what it should be.
    """
    section.of("policies")
    where = section.text("path", "")
    if not where:
        raise SettingsError(f"{path.name}: every [[policies]] needs a path")
    return PolicySource(
        path=(path.parent / where).resolve(),
        language=section.text("language", ""),
        published=section.text("published", ""),
    )


def stores_of(
    section: Section, *, path: Path, environment: Mapping[str, str]
) -> dict[str, StoreSettings]:
    """Return what ``[stores]`` says, by name.

    Raises:
        SettingsError: A value is not what it should be.
    """
    found = {}
    for name, entry in section.table.items():
        if not isinstance(entry, dict):
            raise section.wrong(name, "must be a table with a url")
        found[name] = _store(name, section.below(name), path, environment)
    return found


def _store(
    name: str, section: Section, path: Path, environment: Mapping[str, str]
) -> StoreSettings:
    section.of("stores")

    def address(key: str, default: str | None) -> str:
        text = section.text(key, default)
        return _address(text, shown=section.at(key), path=path, environment=environment)

    return StoreSettings(
        name=name,
        url=address("url", None),
        write_url=address("write_url", ""),
        region=section.text("region", ""),
        system=section.text("system", ""),
        canary=section.flag("canary", default=False),
        safeguard=section.said("safeguard"),
    )


def _address(text: str, *, shown: str, path: Path, environment: Mapping[str, str]) -> str:
    """Resolve ``env:NAME`` and make a relative path absolute."""
    if text.startswith("env:"):
        name = text.removeprefix("env:")
        if name not in environment:
            raise SettingsError(
                f"{path.name}: {shown} comes from the environment variable {name}, which is not set",
                remedy=f"Set {name} and run the command again.",
            )
        text = environment[name]
    if text.startswith(_SERVICE):
        return _service(text, shown=shown, path=path, environment=environment)
    for scheme in (*_DATABASES, *FOLDERS):
        if text.startswith(scheme):
            return scheme + _absolute(text.removeprefix(scheme), scheme in FOLDERS, path.parent)
    return text


def _service(text: str, *, shown: str, path: Path, environment: Mapping[str, str]) -> str:
    """Fill in what an address of a service refers to, and make its own file absolute."""
    where, _, query = text.removeprefix(_SERVICE).partition("?")
    if where.startswith("/"):
        where = (
            str((path.parent / where.lstrip("/")).resolve()) if not Path(where).exists() else where
        )
    given = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if value.startswith("env:"):
            variable = value.removeprefix("env:")
            if variable not in environment:
                raise SettingsError(
                    f"{path.name}: {name} in {shown} comes from the environment variable"
                    f" {variable}, which is not set",
                    remedy=f"Set {variable} and run the command again.",
                )
            given.append((name, environment[variable]))
        elif name == "secret":
            raise SettingsError(
                f"{path.name}: {shown} holds a secret",
                remedy="Put it into an environment variable, and write secret=env:NAME.",
            )
        else:
            given.append((name, value))
    return f"{_SERVICE}{where}?{urlencode(given)}" if given else f"{_SERVICE}{where}"


def _absolute(where: str, folder: bool, beside: Path) -> str:  # noqa: FBT001 - private, and named
    """Return the absolute path that an address means."""
    if not where or where == ":memory:":
        return where
    if not folder:
        return str((beside / where).resolve())
    near = Path(os.path.normpath(beside.absolute() / where))
    # The strokes of the scheme are its own and the path's: an absolute path loses none.
    return (str(near) if near.is_dir() else where).lstrip("/")

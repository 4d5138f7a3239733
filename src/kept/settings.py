"""What ``kept.toml`` says, checked key by key.

Pure: text in, values out. The one who reads the file and the environment is
`kept.runtime`.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from kept.errors import RefusedError

OPERATOR = "operator"
VERIFIED = "verified"
SECOND_PERSON = "second person"

KNOWN_LAWS = ("eu-gdpr", "uk-gdpr", "us-ca-ccpa")

_KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {
            "controller",
            "policies",
            "stores",
            "terms",
            "state",
            "requests",
            "languages",
            "cadence",
            "recipients",
            "people",
            "reading",
        }
    ),
    "controller": frozenset({"name", "contact", "establishment", "laws", "timezone"}),
    "policies": frozenset({"path", "address", "language", "published"}),
    "stores": frozenset({"url", "write_url", "region", "system", "canary"}),
    "state": frozenset({"path"}),
    "requests": frozenset({"identity", "approval"}),
    "languages": frozenset({"prevailing"}),
    "reading": frozenset({"second_opinion"}),
    "reading.second_opinion": frozenset({"url", "model", "key", "seconds"}),
}

_LONGEST_WAIT = 3_600

_DATABASES = ("sqlite+pysqlite:///", "sqlite:///", "duckdb:///")
"""Addresses that are paths of a file, relative to ``kept.toml`` unless they begin with ``/``."""

FOLDERS = ("file:///", "logs:///")
"""Addresses that are paths of a folder: absolute, or of one that is beside ``kept.toml``."""


class SettingsError(RefusedError):
    """``kept.toml`` is not what it should be."""

    code: ClassVar[str] = "settings.invalid"
    remedy: str = "Correct kept.toml; docs/reference/settings.md lists every key."


class UnknownKeyError(SettingsError):
    """``kept.toml`` has a key that nothing reads."""

    code: ClassVar[str] = "settings.unknown-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """Who answers for the data (GDPR Art. 4(7)).

    Attributes:
        name: Name of the company.
        contact: Address that people write to.
        establishment: ISO 3166-1 code, with a subdivision where holidays differ.
        laws: Identifiers of the laws that apply, for example ``"eu-gdpr"``.
        timezone: IANA zone in which days are counted.
    """

    name: str
    contact: str = ""
    establishment: str = ""
    laws: tuple[str, ...] = ()
    timezone: str = "UTC"


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
    """

    name: str
    url: str = field(repr=False)
    write_url: str = field(default="", repr=False)
    region: str = ""
    system: str = ""
    canary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinionSettings:
    """Which language model may be asked about a policy, where somebody asks.

    Attributes:
        url: What ``/chat/completions`` is put behind.
        model: Its name there.
        key: Name of the environment variable that holds its key, or empty: the key itself
            never stands in the settings.
        seconds: How long one policy may take.
    """

    url: str
    model: str
    key: str = ""
    seconds: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that ``kept.toml`` says.

    Attributes:
        path: The file itself, absolute. ``datamap.toml`` stands beside it.
        controller: Who answers.
        policies: The published texts, in order.
        stores: The stores, by name, in order.
        terms: What settles a vague promise, by promise id.
        state: Folder of our own state.
        identity: What a request needs as proof: ``"operator"`` or ``"verified"``.
        approval: Who approves an erasure: ``"operator"`` or ``"second person"``.
        prevailing: Language that local law lets prevail, or empty.
        second_opinion: Which model may be asked, or ``None``: nothing is ever sent then.
    """

    path: Path
    controller: Controller
    policies: tuple[PolicySource, ...]
    stores: Mapping[str, StoreSettings]
    terms: Mapping[str, Mapping[str, object]]
    state: Path
    identity: str = OPERATOR
    approval: str = OPERATOR
    prevailing: str = ""
    second_opinion: SecondOpinionSettings | None = None

    @property
    def datamap(self) -> Path:
        """Where ``datamap.toml`` is."""
        return self.path.with_name("datamap.toml")

    @property
    def promises(self) -> Path:
        """Where ``promises.toml`` is: what people decided about what was read."""
        return self.path.with_name("promises.toml")


def parse_settings(text: str, *, path: Path, environment: Mapping[str, str]) -> Settings:
    """Return what the text of a ``kept.toml`` says.

    Args:
        text: The file's text.
        path: Where the file is, absolute: relative paths start there.
        environment: Where ``env:NAME`` values are looked up.

    Raises:
        UnknownKeyError: A key is not known; the message names the nearest one.
        SettingsError: Not TOML, or a value has the wrong type or is missing.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not valid TOML: {error}") from None
    _known(document, "", path)
    controller = _table(document, "controller", path)
    _known(controller, "controller", path)
    stores = {
        name: _store(name, entry, path=path, environment=environment)
        for name, entry in _table(document, "stores", path).items()
    }
    requests = _table(document, "requests", path)
    _known(requests, "requests", path)
    languages = _table(document, "languages", path)
    _known(languages, "languages", path)
    state = _table(document, "state", path)
    _known(state, "state", path)
    reading = _table(document, "reading", path)
    _known(reading, "reading", path)
    return Settings(
        path=path,
        controller=_controller(controller, path),
        policies=tuple(_policy(entry, path) for entry in _tables(document, "policies", path)),
        stores=stores,
        terms=_terms(_table(document, "terms", path), path),
        state=(path.parent / _text(state, "path", path, default=".kept")).resolve(),
        identity=_one_of(requests, "identity", (OPERATOR, VERIFIED), path),
        approval=_one_of(requests, "approval", (OPERATOR, SECOND_PERSON), path),
        prevailing=_text(languages, "prevailing", path, default=""),
        second_opinion=_second_opinion(reading, path),
    )


def _second_opinion(reading: Mapping[str, object], path: Path) -> SecondOpinionSettings | None:
    section = "reading.second_opinion"
    if "second_opinion" not in reading:
        return None
    table = reading["second_opinion"]
    if not isinstance(table, dict):
        raise SettingsError(f"{path.name}: {section} must be a table with a url and a model")
    _known(table, section, path)
    key = _text(table, "key", path, default="", shown=section)
    if key and not (key.startswith("env:") and key.removeprefix("env:").isidentifier()):
        # The message does not repeat what stands there: it may be the key itself.
        raise SettingsError(
            f"{path.name}: {section}.key must name an environment variable, as in "
            '"env:KEPT_MODEL_KEY"',
            remedy="Put the key into the environment and its name into kept.toml.",
        )
    seconds = table.get("seconds", 120)
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise SettingsError(f"{path.name}: {section}.seconds must be a whole number")
    if not 1 <= seconds <= _LONGEST_WAIT:
        raise SettingsError(f"{path.name}: {section}.seconds must be from 1 to {_LONGEST_WAIT}")
    return SecondOpinionSettings(
        url=_text(table, "url", path, default=None, shown=section),
        model=_text(table, "model", path, default=None, shown=section),
        key=key.removeprefix("env:"),
        seconds=seconds,
    )


def _controller(table: Mapping[str, object], path: Path) -> Controller:
    laws = table.get("laws", [])
    if not isinstance(laws, list) or not all(isinstance(law, str) for law in laws):
        raise SettingsError(f'{path.name}: controller.laws must be a list such as ["eu-gdpr"]')
    for law in laws:
        if law not in KNOWN_LAWS:
            raise SettingsError(
                f"{path.name}: controller.laws names {law!r}, which is not known; "
                f"{_nearest(law, KNOWN_LAWS)}"
            )
    return Controller(
        name=_text(table, "name", path, default=""),
        contact=_text(table, "contact", path, default=""),
        establishment=_text(table, "establishment", path, default=""),
        laws=tuple(laws),
        timezone=_text(table, "timezone", path, default="UTC"),
    )


def _policy(entry: Mapping[str, object], path: Path) -> PolicySource:
    _known(entry, "policies", path)
    where = _text(entry, "path", path, default="")
    if not where:
        raise SettingsError(f"{path.name}: every [[policies]] needs a path")
    return PolicySource(
        path=(path.parent / where).resolve(),
        language=_text(entry, "language", path, default=""),
        published=_text(entry, "published", path, default=""),
    )


def _store(
    name: str, entry: object, *, path: Path, environment: Mapping[str, str]
) -> StoreSettings:
    if not isinstance(entry, dict):
        raise SettingsError(f"{path.name}: stores.{name} must be a table with a url")
    _known(entry, "stores", path, shown=f"stores.{name}")
    canary = entry.get("canary", False)
    if not isinstance(canary, bool):
        raise SettingsError(f"{path.name}: stores.{name}.canary must be true or false")

    def address(key: str, default: str | None) -> str:
        return _address(
            _text(entry, key, path, default=default, shown=f"stores.{name}"),
            shown=f"stores.{name}.{key}",
            path=path,
            environment=environment,
        )

    return StoreSettings(
        name=name,
        url=address("url", None),
        write_url=address("write_url", ""),
        region=_text(entry, "region", path, default=""),
        system=_text(entry, "system", path, default=""),
        canary=canary,
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
    for scheme in (*_DATABASES, *FOLDERS):
        if text.startswith(scheme):
            return scheme + _absolute(text.removeprefix(scheme), scheme in FOLDERS, path.parent)
    return text


def _absolute(where: str, folder: bool, beside: Path) -> str:  # noqa: FBT001 - private, and named
    """Return the absolute path that an address means."""
    if not where or where == ":memory:":
        return where
    if not folder:
        return str((beside / where).resolve())
    near = Path(os.path.normpath(beside.absolute() / where))
    # The strokes of the scheme are its own and the path's: an absolute path loses none.
    return (str(near) if near.is_dir() else where).lstrip("/")


def _terms(table: Mapping[str, object], path: Path) -> dict[str, Mapping[str, object]]:
    terms: dict[str, Mapping[str, object]] = {}
    for promise, entry in table.items():
        if not isinstance(entry, dict):
            raise SettingsError(f'{path.name}: terms."{promise}" must be a table')
        terms[promise] = entry
    return terms


def _known(
    table: Mapping[str, object], section: str, path: Path, *, shown: str | None = None
) -> None:
    known = _KEYS[section]
    for key in table:
        if key not in known:
            where = section if shown is None else shown
            full = f"{where}.{key}" if where else key
            raise UnknownKeyError(
                f"{path.name}: the key {full!r} is not known",
                remedy=f"{_nearest(key, sorted(known))} docs/reference/settings.md lists every key.",
            )


def _nearest(word: str, known: tuple[str, ...] | list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.0)
    return f"The nearest known one is {close[0]!r}."


def _table(document: Mapping[str, object], key: str, path: Path) -> dict[str, object]:
    value = document.get(key, {})
    if not isinstance(value, dict):
        raise SettingsError(f"{path.name}: {key} must be a table")
    return value


def _tables(document: Mapping[str, object], key: str, path: Path) -> list[dict[str, object]]:
    value = document.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise SettingsError(f"{path.name}: write [[{key}]] once for each")
    return value


def _text(
    table: Mapping[str, object],
    key: str,
    path: Path,
    *,
    default: str | None,
    shown: str = "",
) -> str:
    value = table.get(key, default)
    full = f"{shown}.{key}" if shown else key
    if value is None:
        raise SettingsError(f"{path.name}: {full} is missing")
    if not isinstance(value, str):
        raise SettingsError(f"{path.name}: {full} must be text in quotes")
    return value


def _one_of(table: Mapping[str, object], key: str, allowed: tuple[str, ...], path: Path) -> str:
    value = _text(table, key, path, default=allowed[0])
    if value not in allowed:
        raise SettingsError(f"{path.name}: requests.{key} must be one of {', '.join(allowed)}")
    return value

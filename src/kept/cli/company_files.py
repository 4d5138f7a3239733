"""What goes into a company's first files, and what its accounts must be granted."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from kept.cli.mapping import read_text
from kept.connectors.shared_work import spread_for
from kept.connectors.survey import evidence_of
from kept.errors import KeptError, RefusedError, UnavailableError
from kept.inventory.change import SeenStore
from kept.inventory.change_seen import seen_stores
from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_writing import key, string, write_proposals
from kept.inventory.dataset import DatasetId
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import propose
from kept.jurisdictions.economic_area import is_in_economic_area
from kept.settings import FOLDERS, KNOWN_LAWS, parse_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kept.inventory.connector import Store
    from kept.runtime import Company
    from kept.settings import Settings

_FILES = ("sqlite+pysqlite:///", "sqlite:///", "duckdb:///")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_EMPTY_MAP = "# What people decided about each dataset: `kept map --write` adds what it proposes.\n"
_COMMENTS = {"postgresql": "-- ", "mariadb": "-- "}
# A password may hold strokes, and options may hold one, or an address that does.
_PASSWORD = re.compile(
    r"^(?!(?:file|logs|sqlite|duckdb)\b)[^/]+://(?:.*:[^@]+@|.*[?&]\w*(?:passw|pwd|secret|token)\w*=)",
    re.IGNORECASE | re.DOTALL,
)


class InitError(RefusedError):
    """The first files cannot be made from what was given."""

    code: ClassVar[str] = "init.invalid"
    remedy: str = "See kept init --help for what each option takes."


class ExistsError(RefusedError):
    """A ``kept.toml`` is there already."""

    code: ClassVar[str] = "init.exists"
    remedy: str = "Edit it, choose another --dir, or say --overwrite."


class FolderError(RefusedError):
    """The folder cannot be made."""

    code: ClassVar[str] = "init.folder"
    remedy: str = "Choose another --dir, or mend the folder's permissions."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the files should say.

    Attributes:
        directory: Where they go.
        policies: Paths of the policies, from there.
        stores: Addresses by name; SQLite paths from there.
        name: Of the company.
        contact: Address that people write to.
        country: Where it is established, by its ISO 3166-1 code.
        laws: Those that apply.
    """

    directory: Path
    policies: tuple[str, ...] = ()
    stores: dict[str, str] = field(default_factory=dict)
    name: str = ""
    contact: str = ""
    country: str = ""
    laws: tuple[str, ...] = ()

    @classmethod
    def of(cls, policies: Sequence[Path], stores: Sequence[str], directory: Path) -> "Wanted":
        """Return what the options say.

        Raises:
            InitError: A policy is not there, or a store is not NAME=URL.
        """
        wanted = cls(directory=directory)
        for path in policies:
            wanted = wanted.with_policy(path)
        for each in stores:
            wanted = wanted.with_store(each)
        return wanted

    def with_country(self, text: str) -> "Wanted":
        """Return it with a country of establishment.

        Raises:
            InitError: It is no code of a country.
        """
        country = text.strip().upper()
        if country and not _COUNTRY.fullmatch(country):
            raise InitError(
                f"{text!r} is no code of a country",
                remedy="Write two letters, as in DE, or with a subdivision, as in DE-BE.",
            )
        return replace(self, country=country)

    def with_laws(self, texts: Iterable[str]) -> "Wanted":
        """Return it with the laws that apply, given one by one or with commas between.

        Raises:
            InitError: A law is not known.
        """
        named = [law.strip().lower() for text in texts for law in text.split(",")]
        if named == ["none"]:
            return replace(self, laws=())
        for law in filter(None, named):
            if law not in KNOWN_LAWS:
                raise InitError(
                    f"{law!r} is no law that is known", remedy=f"Name of {', '.join(KNOWN_LAWS)}."
                )
        return replace(self, laws=tuple(dict.fromkeys(filter(None, named))))

    @property
    def likely_laws(self) -> tuple[str, ...]:
        """Which law applies where the company is established, as far as that alone tells."""
        if is_in_economic_area(self.country):
            return ("eu-gdpr",)
        return ("uk-gdpr",) if self.country.partition("-")[0] == "GB" else ()

    def with_policy(self, path: Path) -> "Wanted":
        """Return it with one policy more."""
        if path.parts[:1] in {("http:",), ("https:",)}:
            raise InitError(
                "a policy is given as a file, not as an address",
                remedy="Save the page beside kept.toml, and name the file.",
            )
        if not path.is_file():
            raise InitError(f"there is no policy at {path}", remedy="Name a file that is there.")
        return replace(self, policies=(*self.policies, self._from_here(path)))

    def with_store(self, text: str) -> "Wanted":
        """Return it with one store more, given as NAME=URL."""
        name, equals, url = text.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_-]+", name) or not url:
            raise InitError(
                "a store is NAME=URL, with letters, digits, - and _ in its name",
                remedy="Write for example shop=sqlite:///shop.sqlite",
            )
        if name in self.stores:
            raise InitError(f"the store {name!r} is given twice")
        if "://" not in url and not url.startswith("env:"):
            # What stands there is not repeated: it may be anything, a password too.
            raise InitError(
                f"the store {name!r} is given without its kind", remedy=_with_kind(name, url)
            )
        if _PASSWORD.match(url):
            raise InitError(
                f"the url of the store {name!r} holds a password",
                remedy=f"Put the url into an environment variable, and say {name}=env:VARIABLE.",
            )
        return replace(self, stores={**self.stores, name: self._address(url)})

    def _address(self, url: str) -> str:
        prefix, path, options = _taken_apart(url)
        if not prefix or path.is_absolute():
            return url
        # Given from where the command runs, or from where the file will be.
        from_here = path.is_dir() if prefix in FOLDERS else path.exists()
        if from_here or (prefix in _FILES and not (self.directory / path).exists()):
            return f"{prefix}{self._from_here(path)}{options}"
        return url

    def is_there(self, url: str) -> bool:
        """Return whether the file or folder of an address exists; others are taken to."""
        prefix, path, _ = _taken_apart(url)
        if not prefix:
            return True
        places = [path, self.directory / path]
        if prefix in FOLDERS:
            return any(each.is_dir() for each in [*places, Path("/") / path])
        return any(each.is_file() for each in places)

    def _from_here(self, path: Path) -> str:
        """Return a path as seen from the folder of the files; far ones stay absolute."""
        if path.is_absolute():
            return str(path)
        return Path(os.path.relpath(path.absolute(), self.directory.absolute())).as_posix()


def _with_kind(name: str, where: str) -> str:
    """Return what to write for a store that was given as a path, or as nothing known."""
    path = Path(where)
    kind = _kind_of(path)
    if kind:
        return f"Write {name}={kind}{path}"
    return (
        f"Write {name}=KIND://…, for example {name}=postgresql://reader@host/database,"
        f" {name}=sqlite:///FILE or {name}=file:///FOLDER"
    )


def _kind_of(path: Path) -> str:
    try:
        if path.is_dir():
            return "file:///"
        with path.open("rb") as file:
            first = file.read(16)
    except (OSError, ValueError):
        return ""
    if first.startswith(b"SQLite format 3"):
        return "sqlite:///"
    return "duckdb:///" if first[8:12] == b"DUCK" else ""


def _taken_apart(url: str) -> tuple[str, Path, str]:
    """Return the scheme, path and options of an address that is a path; no scheme for others."""
    for prefix in (*_FILES, *FOLDERS):
        if url.startswith(prefix):
            path, mark, options = url.removeprefix(prefix).partition("?")
            return prefix, Path(path), f"{mark}{options}"
    return "", Path(), ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMap:
    """The first ``datamap.toml``, and the stores that could not be looked at.

    Attributes:
        text: Of the file.
        added: Datasets that it proposes.
        open: What a person is asked of each.
        failures: Why stores could not be looked at.
        seen: What the others showed, for a later `kept map --diff`.
    """

    text: str
    added: tuple[DatasetId, ...]
    open: tuple[tuple[DatasetId, tuple[str, ...]], ...]
    failures: tuple[KeptError, ...]
    seen: tuple[SeenStore, ...]


def kept_toml(wanted: Wanted) -> str:
    """Return the text of a first ``kept.toml``."""
    laws = ", ".join(map(string, wanted.laws))
    known = ", ".join(map(string, KNOWN_LAWS))
    lines = [
        "# Who answers for the data, what was promised, and where the data is.",
        '# Paths are relative to this file. Secrets never stand here: write url = "env:NAME".',
        "",
        "[controller]",
        f"name = {string(wanted.name)}",
        f"contact = {string(wanted.contact)}",
        f'establishment = {string(wanted.country)}  # ISO 3166, for example "DE"',
        f"laws = [{laws}]  # of {known}",
    ]
    for path in wanted.policies:
        lines += ["", "[[policies]]", f"path = {string(path)}"]
    for store, url in wanted.stores.items():
        lines += [
            "",
            f"[stores.{key(store)}]",
            f"url = {string(url)}  # reads",
            '# write_url = "env:NAME"  # requests and sweeps write with it',
            '# system = "Web shop"  # the application that it belongs to',
            '# region = "DE"  # where it stands, ISO 3166',
        ]
    lines += [
        "",
        '# What a request needs: "operator" (whoever runs the command vouches), or',
        '# "verified" and "second person".',
        "[requests]",
        'identity = "operator"',
        'approval = "operator"',
        "",
    ]
    return "\n".join(lines)


def company_of(text: str, directory: Path) -> "Company":
    """Return the company that `text` describes, as it will be in `directory`.

    Raises:
        SettingsError: A store's address comes from a variable that is not set, say.
    """
    from kept.runtime import Company, environment, now

    path = (directory / "kept.toml").absolute()
    return Company(parse_settings(text, path=path, environment=environment()), now())


def first_map(company: "Company") -> FirstMap:
    """Look at the stores, and return a ``datamap.toml`` with what they seem to hold.

    A ``datamap.toml`` that is there already is added to.

    Raises:
        RefusedError: A store is not what its address says.
    """
    there = read_text(company.settings.datamap)
    datamap = parse_datamap(there, stores=company.settings.stores)
    seen = company.seen
    failures: list[KeptError] = []
    for failure in seen.failures.values():
        # What the asker must mend is mended first; what is only away can come back.
        if not isinstance(failure, UnavailableError):
            raise failure
        failures.append(failure)
    catalogs = tuple(seen.catalogs.values())
    inventory = inventory_of(
        catalogs, datamap, seen.samples, spread=spread_for(seen.samples.values())
    )
    evidence = evidence_of(seen, company.stores)
    proposals = propose(
        inventory, catalogs, evidence, establishment=company.settings.controller.establishment
    )
    written = write_proposals(there, proposals)
    return FirstMap(
        text=written.text or _EMPTY_MAP,
        added=written.added,
        open=written.open,
        failures=tuple(failures),
        seen=seen_stores(inventory, catalogs, seen.samples),
    )


def permissions(stores: "Mapping[str, Store]", settings: "Settings") -> Iterator[str]:
    """Yield what must be granted so that the stores can be read, and erased from."""
    from kept.connectors.grants import grants_of

    for name, store in stores.items():
        grants = grants_of(store, settings.stores[name].url)
        mark = _COMMENTS.get(store.engine, "# ")
        yield ""
        yield f"{mark}{name}: reading (url)"
        yield from grants.reading
        yield f"{mark}{name}: erasing (write_url)"
        yield from grants.erasing
        for note in grants.notes:
            yield f"{mark}{name}: {note}"
        if grants.writes:
            yield f"{mark}{name}: the account in url may write; give url one that only reads"

"""What goes into a company's first files, and what its accounts must be granted."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import typer

from kept.cli.mapping import read_text
from kept.connectors.survey import evidence_of
from kept.errors import KeptError, RefusedError, UnavailableError
from kept.inventory.datamap import parse_datamap
from kept.inventory.datamap_writing import key, string, write_proposals
from kept.inventory.dataset import DatasetId
from kept.inventory.discovery import inventory_of
from kept.inventory.proposals import propose
from kept.settings import FOLDERS, KNOWN_LAWS, parse_settings

if TYPE_CHECKING:
    from kept.runtime import Company

_FILES = ("sqlite+pysqlite:///", "sqlite:///", "duckdb:///")
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
        controller: Name, contact and country of the controller, as far as given.
    """

    directory: Path
    policies: tuple[str, ...] = ()
    stores: dict[str, str] = field(default_factory=dict)
    controller: tuple[str, str, str] = ("", "", "")

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

    def with_policy(self, path: Path) -> "Wanted":
        """Return it with one policy more."""
        if not path.is_file():
            raise InitError(f"there is no policy at {path}", remedy="Correct --policy.")
        return replace(self, policies=(*self.policies, self._from_here(path)))

    def with_store(self, text: str) -> "Wanted":
        """Return it with one store more, given as NAME=URL."""
        name, equals, url = text.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_-]+", name) or not url:
            raise InitError(
                "a store is NAME=URL, with letters, digits, - and _ in its name",
                remedy="Write for example --store shop=sqlite:///shop.sqlite",
            )
        if name in self.stores:
            raise InitError(f"the store {name!r} is given twice")
        if _PASSWORD.match(url):
            raise InitError(
                f"the url of the store {name!r} holds a password",
                remedy=f"Put the url into an environment variable, and say {name}=env:VARIABLE.",
            )
        return replace(self, stores={**self.stores, name: self._address(url)})

    def _address(self, url: str) -> str:
        for prefix in _FILES:
            if url.startswith(prefix):
                path = Path(url.removeprefix(prefix))
                # Given from where the command runs, or from where the file will be.
                if (
                    not path.is_absolute()
                    and not path.exists()
                    and (self.directory / path).exists()
                ):
                    return url
                return f"{prefix}{self._from_here(path)}"
        for prefix in FOLDERS:
            path = Path(url.removeprefix(prefix))
            if url.startswith(prefix) and not path.is_absolute() and path.is_dir():
                return f"{prefix}{self._from_here(path)}"
        return url

    def _from_here(self, path: Path) -> str:
        """Return a path as seen from the folder of the files; far ones stay absolute."""
        if path.is_absolute():
            return str(path)
        return Path(os.path.relpath(path.absolute(), self.directory.absolute())).as_posix()


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMap:
    """The first ``datamap.toml``, and the stores that could not be looked at."""

    text: str
    added: tuple[DatasetId, ...]
    open: tuple[tuple[DatasetId, tuple[str, ...]], ...]
    failures: tuple[KeptError, ...]


def ask(wanted: Wanted) -> Wanted:
    """Ask at the terminal for what the options did not say."""
    name = typer.prompt("Name of the company", default="", show_default=False)
    contact = typer.prompt("Address for privacy requests", default="", show_default=False)
    country = typer.prompt("Country of establishment (ISO 3166)", default="", show_default=False)
    wanted = replace(wanted, controller=(name, contact, country))
    if not wanted.policies:
        wanted = _asked_for("Path of a published policy", wanted, _with_policy)
    if not wanted.stores:
        wanted = _asked_for("A data store, as NAME=URL", wanted, Wanted.with_store)
    return wanted


def _with_policy(wanted: Wanted, text: str) -> Wanted:
    return wanted.with_policy(Path(text))


def _asked_for(what: str, wanted: Wanted, add: Callable[[Wanted, str], Wanted]) -> Wanted:
    """Ask for one after the other until nothing is given; what cannot be taken is asked again."""
    while given := typer.prompt(f"{what} (none: Enter)", default="", show_default=False):
        try:
            wanted = add(wanted, given)
        except InitError as error:
            typer.echo(f"{error}. {error.remedy}", err=True)
    return wanted


def must_not_exist(path: Path, *, overwrite: bool, asks: bool) -> None:
    """Refuse to replace a file, unless told so.

    Raises:
        ExistsError: It is there, and nobody said to replace it.
    """
    if not path.exists() or overwrite:
        return
    if not (asks and typer.confirm(f"{path} is there already. Replace it?", default=False)):
        raise ExistsError(f"{path} is there already")


def kept_toml(wanted: Wanted) -> str:
    """Return the text of a first ``kept.toml``."""
    name, contact, country = wanted.controller
    laws = ", ".join(f'"{law}"' for law in KNOWN_LAWS)
    lines = [
        "# Who answers for the data, what was promised, and where the data is.",
        '# Paths are relative to this file. Secrets never stand here: write url = "env:NAME".',
        "",
        "[controller]",
        f"name = {string(name)}",
        f"contact = {string(contact)}",
        f'establishment = {string(country)}  # ISO 3166, for example "DE"',
        f"laws = []  # of {laws}",
    ]
    for path in wanted.policies:
        lines += ["", "[[policies]]", f"path = {string(path)}"]
    for store, url in wanted.stores.items():
        lines += [
            "",
            f"[stores.{key(store)}]",
            f"url = {string(url)}  # reads",
            '# write_url = "env:NAME"  # requests and sweeps write with it',
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
    inventory = inventory_of(catalogs, datamap, seen.samples)
    evidence = evidence_of(seen, company.stores)
    proposals = propose(
        inventory, catalogs, evidence, establishment=company.settings.controller.establishment
    )
    written = write_proposals(there, proposals)
    return FirstMap(
        text=written.text, added=written.added, open=written.open, failures=tuple(failures)
    )


def permissions(company: "Company") -> Iterator[str]:
    """Yield what must be granted so that the stores can be read, and erased from."""
    from kept.connectors.grants import grants_of

    for name, store in company.stores.items():
        grants = grants_of(store, company.settings.stores[name].url)
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

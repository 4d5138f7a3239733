"""Looking at a company's stores for a command: what was seen, decided and proposed."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from kept.checks.comparison import Comparison, Looked, compare
from kept.checks.stating import stated_by
from kept.cli.output import progress_line
from kept.connectors.shared_work import spread_for
from kept.connectors.survey import Survey, evidence_of, survey, unread_in
from kept.errors import KeptError, RefusedError
from kept.inventory.catalog import Catalog
from kept.inventory.datamap import DataMap, parse_datamap
from kept.inventory.datamap_standing import standing
from kept.inventory.dataset import Inventory
from kept.inventory.discovery import inventory_of
from kept.inventory.errors import DataMapError, DataMapReferenceError
from kept.inventory.proposals import Proposal, propose
from kept.promises.promise import Register
from kept.runtime import Company, open_company
from kept.vocabulary.data_category import DataCategory


class FileNotWritableError(RefusedError):
    """A file of ours cannot be written."""

    code: ClassVar[str] = "files.not-writable"
    remedy: str = "Give the account that runs this command permission to write the folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at every store showed.

    Attributes:
        company: Whose stores they are.
        seen: What the stores showed.
        inventory: That, with what people decided.
        proposals: What discovery would decide.
        register: What the policy says; ``None`` where no policy was read.
        unread: Why the policy could not be read, or decisions lead nowhere.
    """

    company: Company
    seen: Survey
    inventory: Inventory
    proposals: tuple[Proposal, ...]
    register: Register | None
    unread: tuple[KeptError, ...] = ()

    @property
    def declared(self) -> frozenset[DataCategory] | None:
        """Categories that the policy states; ``None`` where no policy was read."""
        return None if self.register is None else stated_by(self.register)

    @property
    def comparison(self) -> Comparison:
        """What the stores hold, held against what the policy declares."""
        stores = self.company.settings.stores
        looked = Looked(
            inventory=self.inventory,
            catalogs=self.catalogs,
            samples=self.seen.samples,
            silent=tuple(self.seen.failures),
            systems={name: each.system for name, each in stores.items()},
            regions={name: each.region for name, each in stores.items()},
        )
        return compare(looked, self.register)

    @property
    def path(self) -> Path:
        """Where ``datamap.toml`` is."""
        return self.company.settings.datamap

    @property
    def catalogs(self) -> tuple[Catalog, ...]:
        """Structures of the stores that answered, with everything in them that was not read."""
        return tuple(
            replace(catalog, unread=unread_in(catalog, self.seen))
            for catalog in self.seen.catalogs.values()
        )

    @property
    def urls(self) -> Mapping[str, str]:
        """Addresses of the stores without secrets."""
        return {name: store.shown for name, store in self.company.stores.items()}

    @property
    def failures(self) -> tuple[KeptError, ...]:
        """Why stores could not be looked at, and policies could not be read."""
        return (*self.seen.failures.values(), *self.unread)

    def read_datamap(self) -> str:
        """Return the text of ``datamap.toml`` as it is; empty where there is none."""
        return read_text(self.path)

    def again(self, text: str) -> "Look":
        """Return the same look with another ``datamap.toml``; no store is asked again."""
        datamap = parse_datamap(text, stores=self.company.settings.stores)
        inventory, proposals = _understood(self.company, self.seen, datamap)
        return replace(self, inventory=inventory, proposals=proposals)


def look(config: Path, *, tolerant: bool = False) -> Look:
    """Look at every store of the company that `config` describes.

    Args:
        config: The company's ``kept.toml``.
        tolerant: Whether to look although decisions name what is not there any more; it
            is then among the failures.

    Raises:
        RefusedError: The settings or the map are not what they should be.
    """
    company = open_company(config)
    datamap = parse_datamap(read_text(company.settings.datamap), stores=company.settings.stores)
    with progress_line() as say:
        seen = survey(
            company.stores.values(), tell=lambda dataset: say(f"looking at {dataset[:60]}")
        )
    unread: tuple[KeptError, ...] = ()
    try:
        inventory, proposals = _understood(company, seen, datamap)
    except DataMapReferenceError as error:
        if not tolerant:
            raise
        unread = (error,)
        left = standing(datamap, seen.catalogs.values())
        inventory, proposals = _understood(company, seen, left)
    register: Register | None = None
    try:
        register = company.register if company.settings.policies else None
    except KeptError as error:
        # The map needs no policy: what it cannot say without one is left out, and said.
        unread = (*unread, error)
    return Look(
        company=company,
        seen=seen,
        inventory=inventory,
        proposals=proposals,
        register=register,
        unread=unread,
    )


def read_text(path: Path) -> str:
    """Return a file's text with its line ends as they are; empty where there is no file."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise DataMapError(f"{path.name} is not UTF-8") from None
    except OSError as error:
        raise DataMapError(f"{path.name} cannot be read: {error.strerror}") from None


def _understood(
    company: Company, seen: Survey, datamap: DataMap
) -> tuple[Inventory, tuple[Proposal, ...]]:
    catalogs = tuple(seen.catalogs.values())
    inventory = inventory_of(
        catalogs, datamap, seen.samples, spread=spread_for(seen.samples.values())
    )
    evidence = evidence_of(seen, company.stores)
    establishment = company.settings.controller.establishment
    return inventory, propose(inventory, catalogs, evidence, establishment=establishment)


def replace_file(path: Path, text: str) -> None:
    """Put `text` in place of a file, so that a reader sees the old one or the new one."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileNotWritableError(f"{path.name} cannot be written: {error.strerror}") from None

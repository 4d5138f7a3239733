"""A lake: CSV, JSON Lines, Parquet and Delta in a folder or an object store."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice

from kept.connectors.errors import StoreAddressError, StoreCorruptError, StoreReadOnlyError
from kept.connectors.extras import extra_missing
from kept.connectors.files.bucket import Bucket
from kept.connectors.files.folder import Folder
from kept.connectors.files.lines import DamagedError, text_of
from kept.connectors.files.place import Listing, Place
from kept.connectors.files.replacing import may_replace, replaced
from kept.connectors.files.store import FileStore, Unread
from kept.connectors.files.table import Format, Table, TextTable, spread_over
from kept.connectors.lake.csv_rows import CsvRows
from kept.connectors.lake.delta import delta
from kept.connectors.lake.failures import translated
from kept.connectors.lake.frame_table import FrameTable
from kept.connectors.lake.frames import columns_of, parquet
from kept.connectors.lake.grouping import Group, groups
from kept.connectors.lake.json_lines import JsonLines
from kept.connectors.lake.rewriting import Edit, rewrite
from kept.connectors.lake.verifying import require_gone
from kept.connectors.staged.held import Change, Refusal, handed_over
from kept.errors import KeptError
from kept.inventory.connector import Value

_FORMS: dict[str, type[Format]] = {"csv": CsvRows, "json": JsonLines}
_COMPARED = 8
_MOST_ROWS = 2_000_000


class LakeStore(FileStore):
    """Files that hold tables, each file or each folder of like files a dataset."""

    def __init__(self, name: str, url: str, write_url: str = "") -> None:
        scheme = url.partition("://")[0].lower()
        if write_url and write_url.partition("://")[0].lower() != scheme:
            raise StoreAddressError(
                f"the write_url of the store {name!r} is of another kind",
                remedy="Name the same folder or bucket with both, or leave write_url out.",
            )
        place: Place = Bucket(name, url) if scheme == "s3" else Folder(name, url)
        super().__init__(name, "lake", place, _tables)

    def _look(self, *, again: bool = True) -> tuple[dict[str, Table], Unread]:
        try:
            return super()._look(again=again)
        except ModuleNotFoundError as error:
            raise extra_missing(self.name, error) from None

    def refusal(self, dataset: str, *, blank: bool) -> Refusal | None:  # noqa: ARG002 - both are one rewriting
        """Return the task for what is not rewritten in place: object stores, and Delta tables."""
        if not isinstance(self._place, Folder):
            return handed_over(
                self.name, dataset, "is in an object store, which may keep old versions of a file"
            )
        if self._kinds().get(dataset) == "delta":
            return handed_over(
                self.name, dataset, "is a Delta table, whose log keeps values of erased rows"
            )
        return None

    def prepare(self, changes: Sequence[Change]) -> None:
        """Refuse files that this account may not replace.

        Raises:
            StoreReadOnlyError: There is one.
        """
        for path in self._edits(changes):
            if not may_replace(self._writable(), path):
                raise StoreReadOnlyError(
                    f"files of the store {self.name!r} may not be replaced by this account",
                    remedy="Run kept as the owner of the files, with write permission on"
                    " their folder, and give no file a second name (a hard link).",
                )

    def write(self, changes: Sequence[Change], *, operation: str) -> None:  # noqa: ARG002 - content tells what is done
        """Write every file that changes anew, look at each, and only then replace them."""
        with ExitStack() as stack:
            fresh = []
            for path, (kind, edit) in self._edits(changes).items():
                gone = [row for each in changes for row in each.delete if row.place[0] == path]
                made = replaced(self._writable(), self.name, path, partial(rewrite, kind, edit))
                stack.callback(made.close)
                with made.reading() as file:
                    require_gone(self.name, kind, file, gone)
                fresh.append(made)
            for made in fresh:
                made.still_fits()
            for made in fresh:
                made.take_place()
        self._known = None

    def _edits(self, changes: Sequence[Change]) -> dict[str, tuple[str, Edit]]:
        """Return what becomes of each file, once its rows are known to stand where they stood."""
        kinds = self._kinds()
        delete: dict[str, set[int]] = defaultdict(set)
        blank: dict[str, dict[int, Mapping[str, Value]]] = defaultdict(dict)
        kind: dict[str, str] = {}
        for change in changes:
            rows = [*change.delete, *(row for row, _ in change.blank)]
            kind.update((str(row.place[0]), kinds[change.dataset]) for row in rows)
            for row in change.delete:
                delete[str(row.place[0])].add(int(str(row.place[1])))
            for row, after in change.blank:
                blank[str(row.place[0])][int(str(row.place[1]))] = after
        return {
            path: (kind[path], Edit(frozenset(delete[path]), blank[path])) for path in sorted(kind)
        }

    def _kinds(self) -> dict[str, str]:
        found, _ = groups(
            self._place.entries().entries,
            lambda group: _columns(self.name, self._place, group),
            self._place.title,
        )
        return {each.name: each.kind for each in found}

    def _writable(self) -> Folder:
        if not isinstance(self._place, Folder):
            raise StoreReadOnlyError(f"the files of the store {self.name!r} are not rewritten")
        return self._place

    def contained(self, dataset: str, field: str, values: Sequence[Value]) -> int:
        """Return how many of `values` occur in a field of `dataset`, compared as texts.

        Of text files the first two million rows are looked through: what stands after
        them counts as absent.
        """
        table = self._table(dataset, (field,), again=False)
        if isinstance(table, FrameTable):
            return table.contained(field, values)
        left = {str(each) for each in values if each is not None}
        sought, batch = len(left), 5_000
        for rows, _ in islice(table.scan((field,), "", batch), _MOST_ROWS // batch):
            left.difference_update(str(row[0]) for row in rows)
            if not left:
                break
        return sought - len(left)


def _tables(store: str, place: Place, listing: Listing) -> tuple[Sequence[Table], Unread]:
    """Return the datasets in a place. One that cannot be read leaves the others alone."""
    found, unread = groups(
        listing.entries, lambda group: _columns(store, place, group), place.title
    )
    tables: list[Table] = []
    there = {each.path for each in listing.entries}
    for group in found:
        try:
            tables.append(_table(store, place, group, there))
        except KeptError as error:
            unread.append((group.name, _why(error)))
    return tables, tuple(unread)


def _table(store: str, place: Place, group: Group, there: Collection[str]) -> Table:
    if group.kind in _FORMS:
        return TextTable(store, group.name, place, _FORMS[group.kind](), group.parts)
    if group.kind == "delta":
        with translated(store, group.name):
            return FrameTable(store, group.name, *delta(store, place, group.folder, there))
    return FrameTable(store, group.name, [parquet(place, part) for part in group.parts])


def _columns(store: str, place: Place, group: Group) -> list[tuple[str, ...]]:
    """Return the names of the fields of some files of a group, where their beginning names them.

    A file that cannot be read says nothing: what is wrong with it is told later.
    """
    told: list[tuple[str, ...]] = []
    for part in spread_over(group.parts, _COMPARED, 0):
        try:
            with translated(store, group.name):
                if group.kind == "parquet":
                    with parquet(place, part).open() as lazy:
                        found = columns_of(lazy)
                elif group.kind == "csv":
                    with place.open(part.entry.path) as raw:
                        text = text_of(raw, part.entry.size)
                        found = CsvRows().columns(text) if text else ()
                else:
                    return []
        except (KeptError, DamagedError):
            continue
        names = tuple(each.name for each in found)
        if names and not names[0].startswith("column 1"):
            told.append(names)
    return told


def _why(error: KeptError) -> str:
    if isinstance(error, StoreCorruptError):
        return "is damaged, or leads out of its folder"
    return "permission denied" if error.code == "stores.denied" else "did not answer"

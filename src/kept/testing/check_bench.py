"""A company made of values, on which one check is tried: for tests, and for authors of checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kept.checks.port import Check, Erased, Reach, Read, View
from kept.checks.scan import PART, Scan
from kept.inventory.catalog import Catalog, Column, Table
from kept.inventory.connector import Scans, Value
from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Field,
    Inventory,
    Reference,
    State,
    Whose,
)
from kept.inventory.scanned import Scanned
from kept.promises.promise import Category, Clause, Document, Kind, Promise, Register
from kept.promises.verdict import DutyVerdict
from kept.promises.version import PolicyVersion
from kept.testing.memory_store import MemoryStore
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.duty import Duty

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
STORE = "app"
DOCUMENT = "policy.en.md"


def held(name: str, *categories: DataCategory, score: float | None = None, **more: Any) -> Field:  # noqa: ANN401 - fields of Field
    """Return a field that a person labelled, or that discovery did where a score is given."""
    by = DecidedBy.DISCOVERY if score is not None else DecidedBy.PERSON
    labels = tuple(
        Classified(category=each, score=1.0 if score is None else score) for each in categories
    )
    return Field(name=name, type="TEXT", categories=labels, decided_by=by, **more)


def owned(dataset: str, fields: str, to: str, to_fields: str = "id") -> Reference:
    """Return a decided reference that makes rows of `dataset` those of rows of `to`."""
    return Reference(
        dataset=DatasetId(STORE, dataset),
        fields=(fields,),
        to=DatasetId(STORE, to),
        to_fields=(to_fields,),
        whose=Whose.OWNED,
        decided=True,
    )


@dataclass
class CheckBench:
    """Puts datasets and promises together, and asks a check what it says.

    Attributes:
        now: The instant of the run.
        reads: What rows are read from, where not from the rows given.
        part: How many rows of a dataset are shown to checks that want no more than a part.
        unread: What the store does not show, each with why.
    """

    now: datetime = NOW
    reads: Mapping[str, Scans] | None = None
    row_budget: int | None = None
    part: int = PART
    unread: tuple[tuple[str, str], ...] = ()
    unanswered: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    versions: Sequence[PolicyVersion] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    erased: Erased | None = None
    reach: Reach | None = None
    claimed: frozenset[Duty] = frozenset()
    documents: tuple[Document, ...] = (
        Document(name=DOCUMENT, sha256="0" * 64, language="en", version_date=None, title="Policy"),
    )
    promises: list[Promise] = field(default_factory=list)
    datasets: list[Dataset] = field(default_factory=list)
    content: dict[str, list[tuple[Value, ...]]] = field(default_factory=dict)
    required: dict[str, frozenset[str]] = field(default_factory=dict)
    scans: dict[DatasetId, Scanned] = field(default_factory=dict)

    def dataset(
        self,
        name: str,
        fields: Sequence[Field],
        rows: Sequence[tuple[Value, ...]] = (),
        *,
        required: Sequence[str] = (),
        **more: Any,  # noqa: ANN401 - fields of Dataset
    ) -> Dataset:
        """Add a dataset that a person decided about; `required` fields may not be null."""
        more.setdefault("state", State.DECIDED)
        more.setdefault("key", ("id",) if any(each.name == "id" for each in fields) else ())
        made = Dataset(id=DatasetId(STORE, name), fields=tuple(fields), rows=len(rows), **more)
        self.datasets.append(made)
        self.content[name] = list(rows)
        self.required[name] = frozenset(required)
        return made

    def promise(
        self,
        *duties: Duty,
        data: Sequence[DataCategory] = (),
        category: Category = Category.COLLECT,
        quote: str = "",
        **more: Any,  # noqa: ANN401 - fields of Promise
    ) -> Promise:
        """Add a promise that makes `duties`."""
        number = len(self.promises)
        words = quote or f"Promise {number}"
        made = Promise(
            id=f"{number:012x}",
            clause=Clause(document=DOCUMENT, start=0, end=len(words), quote=words, language="en"),
            category=category,
            kind=more.pop("kind", Kind.FIRM),
            duties=duties,
            data=tuple(data),
            **more,
        )
        self.promises.append(made)
        return made

    def view(self, duty: Duty | None = None) -> View:
        """Return what a check of `duty` is given."""
        return View(
            now=self.now,
            today=self.now.date(),
            register=Register(documents=self.documents, promises=tuple(self.promises)),
            inventory=Inventory(datasets=tuple(sorted(self.datasets, key=lambda each: each.id))),
            catalogs={STORE: self._catalog()},
            unanswered=self.unanswered,
            terms=self.terms,
            versions=self.versions,
            texts=self.texts,
            erased=self.erased,
            reach=self.reach,
            checked=self.claimed if duty is None else self.claimed | {duty},
            row_budget=self.row_budget,
            scans=self.scans,
        )

    def said(self, check: Check, promise: Promise | None = None) -> DutyVerdict:
        """Return what `check` says of `promise`, or of the first that makes its duty."""
        run = check.begin(self.view(check.duty))
        fields = {each.id.name: [one.name for one in each.fields] for each in self.datasets}
        stores = self.reads or {STORE: MemoryStore(STORE, fields, self.content)}
        scan = Scan(
            stores=stores,
            row_budget=self.row_budget,
            rows={each.id: each.rows or 0 for each in self.datasets},
            part=self.part,
        )
        read: dict[DatasetId, Read] = {}
        while observers := run.observers(read):
            read.update(scan.show(observers))
        asked = promise or next(each for each in self.promises if check.duty in each.duties)
        return run.judge(asked, read)

    def _catalog(self) -> Catalog:
        return Catalog(
            store=STORE,
            engine="memory",
            unread=self.unread,
            tables=tuple(
                Table(
                    name=each.id.name,
                    columns=tuple(
                        Column(
                            name=one.name,
                            type=one.type,
                            nullable=one.name not in self.required[each.id.name],
                            key=one.name in each.key,
                        )
                        for one in each.fields
                    ),
                    key=each.key,
                )
                for each in sorted(self.datasets, key=lambda each: each.id)
            ),
        )

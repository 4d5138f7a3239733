"""What Fides manifests decide about datasets, for ``datamap.toml``.

A manifest is what people annotated elsewhere: it counts as a proposal that somebody still
looks at, and is weighed above what discovery would propose. Nothing is guessed: a dataset
that is in no store and a field that its table lacks are left out, and said.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kept.inventory.catalog import Catalog, Table
from kept.inventory.datamap import DatasetDecision, FieldDecision, ReferenceDecision
from kept.inventory.dataset import DatasetId, Direction, Whose
from kept.inventory.exchange_errors import ExchangeError
from kept.inventory.exchange_fides import SUBJECTS, fides_key
from kept.inventory.proposals import Proposal
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.fideslang import category_of_fides, fides_category
from kept.vocabulary.identifier_kind import IdentifierKind

_IDENTITIES: Mapping[str, IdentifierKind] = {
    "phone_number": IdentifierKind.PHONE,
    "user_id": IdentifierKind.ACCOUNT_ID,
    "external_id": IdentifierKind.ACCOUNT_ID,
    "fides_user_device_id": IdentifierKind.DEVICE_ID,
    **{each.value: each for each in IdentifierKind},
}

_ABOUT = {key: about for about, key in reversed(list(SUBJECTS.items()))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken over from manifests.

    Attributes:
        decisions: By dataset, in the files' order.
        left: What was not taken over, each with why, in one sentence. Never a value.
    """

    decisions: Mapping[DatasetId, DatasetDecision]
    left: tuple[str, ...]


def taken_from(
    documents: Iterable[tuple[str, Mapping[str, object]]], catalogs: Sequence[Catalog]
) -> Taken:
    """Return what Fides manifests say about the datasets that the stores have.

    Args:
        documents: Each file's name and what it holds.
        catalogs: Of the stores that answered.

    Raises:
        ExchangeError: A manifest is not what it should be, or speaks of a store that
            cannot be told.
    """
    reading = _Reading(catalogs)
    everything = list(documents)
    for name, document in everything:
        for place, each in _entries(document, "dataset", name):
            reading.dataset(each, place)
    for name, document in everything:
        for place, each in _entries(document, "system", name):
            reading.system(each, place)
    if not reading.decisions and not reading.left:
        raise ExchangeError("no dataset and no system of Fides is in the files")
    return Taken(decisions=reading.decisions, left=tuple(dict.fromkeys(reading.left)))


def merged(proposals: Iterable[Proposal], taken: Taken) -> tuple[Proposal, ...]:
    """Return proposals in which what was taken over stands in place of what was discovered.

    What manifests do not say (what an erasure does, whose the rows are) stays as proposed.
    """
    return tuple(
        each if each.id not in taken.decisions else _merged(each, taken.decisions[each.id])
        for each in proposals
    )


def _merged(proposal: Proposal, taken: DatasetDecision) -> Proposal:
    there = proposal.decision
    spoken = {(each.fields, each.to) for each in taken.references}
    rest = [each for each in there.references if (each.fields, each.to) not in spoken]
    # Fides cannot say that a row is several people's: what discovery saw of that stays.
    shared = {(each.fields, each.to) for each in there.references if each.whose is Whose.SHARED}
    told = [
        replace(each, whose=Whose.SHARED) if (each.fields, each.to) in shared else each
        for each in taken.references
    ]
    return replace(
        proposal,
        decision=replace(
            there,
            about=taken.about or there.about,
            identity={**there.identity, **taken.identity},
            references=(*told, *rest),
            fields={
                **there.fields,
                **{
                    name: replace(there.fields.get(name, each), categories=each.categories)
                    for name, each in taken.fields.items()
                },
            },
        ),
        reasons={**proposal.reasons, **dict.fromkeys(taken.fields, "as the Fides dataset says")},
    )


def _entries(
    document: Mapping[str, object], kind: str, name: str
) -> Iterator[tuple[str, Mapping[str, object]]]:
    for number, each in enumerate(_list(document, kind, name), 1):
        yield f"{name}: {kind} {number}", _table(each, f"{name}: {kind} {number}")


def _list(table: Mapping[str, object], key: str, place: str) -> Sequence[object]:
    value = table.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ExchangeError(f"{place}: {key} must be a list")
    return value


def _table(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ExchangeError(f"{place} must be a mapping")
    return value


def _text(table: Mapping[str, object], key: str, place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ExchangeError(f"{place}: {key} must be text")
    return value


class _Reading:
    """Manifests while they are read."""

    def __init__(self, catalogs: Sequence[Catalog]) -> None:
        self.tables = {
            catalog.store: {table.name: table for table in catalog.tables} for catalog in catalogs
        }
        self.decisions: dict[DatasetId, DatasetDecision] = {}
        self.left: list[str] = []

    # ── datasets ─────────────────────────────────────────────────────────────

    def dataset(self, entry: Mapping[str, object], place: str) -> None:
        """Take one dataset manifest over."""
        collections = [
            _table(each, f"{place}, collection {number}")
            for number, each in enumerate(_list(entry, "collections", place), 1)
        ]
        store = self._store(entry, collections, place)
        inherited = self._categories(entry, place)
        about = _told_by_us(entry, "about")
        finer = _told_by_us(entry, "categories")
        for number, each in enumerate(collections, 1):
            at = f"{place}, collection {number}"
            name = _text(each, "name", at)
            table = self.tables[store].get(name)
            if table is None:
                self.left.append(f"{at}: the store {store!r} has no dataset {name!r}")
                continue
            own = self._categories(each, at) or inherited
            self._collection(DatasetId(store, name), table, each, own, at, finer.get(name))
            told = about.get(name)
            if isinstance(told, str) and told:
                taken = self.decisions[DatasetId(store, name)]
                self.decisions[taken.id] = replace(taken, about=told)

    def _store(
        self,
        entry: Mapping[str, object],
        collections: Sequence[Mapping[str, object]],
        place: str,
    ) -> str:
        """Return which store a manifest speaks of: by its key or name, else by its content."""
        known = {_text(entry, "fides_key", place), str(entry.get("name"))}
        named = [each for each in self.tables if each in known or fides_key(each) in known]
        if len(named) == 1:
            return named[0]
        wanted = {str(each.get("name")) for each in collections}
        holding = [name for name, tables in self.tables.items() if wanted & set(tables)]
        if not named and len(holding) == 1:
            return holding[0]
        raise ExchangeError(
            f"{place} names no store of kept.toml that answered",
            remedy="Give the dataset the store's name as its fides_key or name.",
        )

    def _collection(
        self,
        dataset: DatasetId,
        table: Table,
        entry: Mapping[str, object],
        inherited: tuple[DataCategory, ...] | None,
        place: str,
        finer: object,
    ) -> None:
        fields: dict[str, FieldDecision] = {}
        identity: dict[str, IdentifierKind] = {}
        references: list[ReferenceDecision] = []
        for number, each in enumerate(_list(entry, "fields", place), 1):
            at = f"{place}, field {number}"
            field = _table(each, at)
            name = _text(field, "name", at)
            if not table.has([name]):
                self.left.append(f"{at}: {dataset} has no field {name!r}")
                continue
            held = self._held(field, at)
            held = inherited if held is None else _finer(held, finer, name)
            if held is not None:
                fields[name] = FieldDecision(categories=held)
            meta = field.get("fides_meta", field.get("fidesops_meta"))
            if meta is not None:
                told = _table(meta, f"{at}: fides_meta")
                identity.update(self._identity(name, told, at))
                references += self._references(name, told, dataset.store, at)
        before = self.decisions.get(dataset, DatasetDecision(id=dataset, about=""))
        self.decisions[dataset] = replace(
            before,
            fields={**before.fields, **fields},
            identity={**before.identity, **identity},
            references=tuple(dict.fromkeys((*before.references, *references))),
        )

    def _held(
        self, field: Mapping[str, object], place: str, depth: int = 0
    ) -> tuple[DataCategory, ...] | None:
        """Return what a field holds; what stands inside an object counts for the whole."""
        found = self._categories(field, place)
        inside: list[DataCategory] = list(found or ())
        for number, each in enumerate(_list(field, "fields", place), 1):
            below = _table(each, f"{place}, field {number}")
            inside += self._held(below, f"{place}, field {number}", depth + 1) or ()
        return tuple(dict.fromkeys(inside)) if inside or found is not None else None

    def _categories(
        self, table: Mapping[str, object], place: str
    ) -> tuple[DataCategory, ...] | None:
        if table.get("data_categories") is None:
            return None
        found: list[DataCategory] = []
        for each in _list(table, "data_categories", place):
            category = category_of_fides(each) if isinstance(each, str) else None
            if category is None:
                self.left.append(f"{place}: a category that Kept does not know")
            else:
                found.append(category)
        return tuple(dict.fromkeys(found))

    def _identity(
        self, name: str, meta: Mapping[str, object], place: str
    ) -> Iterator[tuple[str, IdentifierKind]]:
        identity = meta.get("identity")
        if identity is None:
            return
        kind = _IDENTITIES.get(identity) if isinstance(identity, str) else None
        if kind is None:
            self.left.append(f"{place}: an identity that Kept does not know")
        else:
            yield name, kind

    def _references(
        self, name: str, meta: Mapping[str, object], store: str, place: str
    ) -> Iterator[ReferenceDecision]:
        for number, each in enumerate(_list(meta, "references", place), 1):
            at = f"{place}, reference {number}"
            reference = _table(each, at)
            target = self._target(
                _text(reference, "dataset", at), _text(reference, "field", at), store
            )
            direction = reference.get("direction")
            if target is not None and target[0].store != store:
                self.left.append(f"{at} leads to another store: write it into datamap.toml")
            elif target is None:
                self.left.append(f"{at} leads to nothing that the stores have")
            elif direction not in {"from", "to"}:
                self.left.append(f"{at} says no direction: whose the rows are is left open")
            else:
                yield ReferenceDecision(
                    fields=(name,),
                    to=target[0],
                    to_fields=(target[1],),
                    whose=Whose.OWNED,
                    direction=Direction.BACKWARD if direction == "from" else Direction.FORWARD,
                )

    def _target(self, dataset: str, path: str, own: str) -> tuple[DatasetId, str] | None:
        """Return what ``collection.field`` means: both may hold dots themselves."""
        stores = [each for each in self.tables if dataset in {each, fides_key(each)}]
        for store in stores or ([own] if dataset == fides_key(own) else []):
            for name in sorted(self.tables[store], key=len, reverse=True):
                field = path.removeprefix(f"{name}.")
                if field != path and self.tables[store][name].has([field]):
                    return DatasetId(store, name), field
        return None

    # ── systems ──────────────────────────────────────────────────────────────

    def system(self, entry: Mapping[str, object], place: str) -> None:
        """Take over whose data a system's datasets hold, where it names one kind of people."""
        subjects: set[str] = set()
        referenced = set(_texts(entry, "dataset_references", place))
        for number, each in enumerate(_list(entry, "privacy_declarations", place), 1):
            declaration = _table(each, f"{place}, declaration {number}")
            subjects.update(_texts(declaration, "data_subjects", place))
            referenced.update(_texts(declaration, "dataset_references", place))
        about = {_ABOUT.get(each) for each in subjects}
        concerned = [each for each in self.decisions if fides_key(each.store) in referenced]
        if len(about) != 1 or None in about:
            self.left.append(f"{place}: whose data it holds is left open")
            return
        for dataset in concerned:
            decision = self.decisions[dataset]
            if not decision.about and any(each.categories for each in decision.fields.values()):
                self.decisions[dataset] = replace(decision, about=next(iter(about)) or "")


def _told_by_us(entry: Mapping[str, object], what: str) -> Mapping[str, object]:
    """Return what a manifest of ours says beyond Fides' own words, by collection."""
    found: object = entry
    for key in ("meta", "kept", what):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _finer(held: tuple[DataCategory, ...], told: object, field: str) -> tuple[DataCategory, ...]:
    """Return what a manifest of ours says of a field more exactly than Fides' keys can.

    Where somebody has changed those keys since, they count.
    """
    keys = told.get(field) if isinstance(told, dict) else None
    known = {each.value: each for each in DataCategory}
    listed = keys if isinstance(keys, list) else []
    ours = [known[each] for each in listed if isinstance(each, str) and each in known]
    same = {category_of_fides(fides_category(each)) for each in ours} == set(held)
    return tuple(dict.fromkeys(ours)) if ours and same else held


def _texts(table: Mapping[str, object], key: str, place: str) -> list[str]:
    found = _list(table, key, place)
    return [each for each in found if isinstance(each, str)]

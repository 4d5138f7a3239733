"""What every connector must do that carries out requests, whatever its store is.

For authors of connectors too. Fill a store with `PEOPLE` and `NOTES`, under whatever names
it gives them, and call `keeps_the_request_contract` with a function that makes such a store
anew each time: what is erased is really erased.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from kept.errors import KeptError
from kept.inventory.connector import Describes, Value
from kept.inventory.dataset import (
    Classified,
    Dataset,
    DatasetId,
    DecidedBy,
    Erasing,
    Field,
    Inventory,
    Reference,
    State,
    Whose,
)
from kept.plans.connector import Done, Erases, Reads, Who
from kept.plans.errors import CatalogChangedError, IdentityAmbiguousError
from kept.plans.plan import Plan, StorePart
from kept.plans.planner import plan
from kept.subjects.identifier import Identifier
from kept.testing.store_contract import ContractBrokenError
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right

Row = Mapping[str, Value]


def _person(number: int, email: str, name: str) -> Row:
    return {"id": number, "email": email, "name": name}


PEOPLE: Sequence[Row] = (
    *(_person(at, f"person{at}@example.com", f"Name {at}x") for at in range(9)),
    _person(9, "Ana.Silva@Example.com", "Ana Silva"),
    _person(10, "twice@example.com", "Uma Unger"),
    _person(11, "twice@example.com", "Vic Voss"),
)
"""Ten people, one of them in capital letters, and two who share an address. Keys begin at 0."""

NOTES: Sequence[Row] = tuple(
    {"id": at, "person_id": at % 10, "text": f"a note, number {at}"} for at in range(30)
)
"""Three notes of each of the first ten people."""

_HIS_ROWS = 4

OPERATION = "request/contract/store"
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the store calls the two datasets, and their fields.

    Attributes:
        people: Dataset of `PEOPLE`.
        notes: Dataset of `NOTES`.
        fields: What a field is called, where the store calls it otherwise.
    """

    people: str = "people"
    notes: str = "notes"
    fields: Mapping[str, str] = ()  # type: ignore[assignment]  # an empty mapping

    def of(self, name: str) -> str:
        """Return what the store calls a field."""
        return dict(self.fields).get(name, name)


@dataclass(frozen=True, slots=True)
class _Case:
    store: object
    names: Names

    @property
    def name(self) -> str:
        return self.store.name if isinstance(self.store, Describes) else ""

    def plan(self, right: Right) -> Plan:
        _must(isinstance(self.store, Describes), "a store that answers requests describes itself")
        catalog = self.store.catalog()  # type: ignore[attr-defined]  # it describes
        people = DatasetId(self.name, self.names.people)
        notes = DatasetId(self.name, self.names.notes)
        tables = {table.name: table for table in catalog.tables}
        for each in (people, notes):
            _must(each.name in tables, f"the catalog lists {each.name!r}")
        reference = Reference(
            dataset=notes,
            fields=(self.names.of("person_id"),),
            to=people,
            to_fields=(self.names.of("id"),),
            whose=Whose.OWNED,
            decided=True,
        )
        datasets = [
            Dataset(
                id=each,
                state=State.DECIDED,
                key=tables[each.name].key,
                on_erasure=Erasing.DELETE,
                fields=tuple(
                    self._field(column.name, column.type) for column in tables[each.name].columns
                ),
                references=(reference,) if each == notes else (),
            )
            for each in (people, notes)
        ]
        found = plan(
            right, Inventory(datasets=tuple(sorted(datasets, key=lambda one: one.id))), [catalog]
        )
        _must(not found.obstacles, "the structure lets people be erased")
        return found

    def part(self, right: Right = Right.ERASURE) -> StorePart:
        return self.plan(right).parts[0]

    def _field(self, name: str, kind: str) -> Field:
        category = {
            self.names.of("email"): DataCategory.USER_CONTACT_EMAIL,
            self.names.of("name"): DataCategory.USER_NAME,
            self.names.of("text"): DataCategory.USER_CONTENT,
        }.get(name)
        email = name == self.names.of("email")
        return Field(
            name=name,
            type=kind,
            categories=(Classified(category=category, score=1.0),) if category else (),
            decided_by=DecidedBy.PERSON,
            identity=IdentifierKind.EMAIL if email else None,
        )


def keeps_the_request_contract(
    fresh: Callable[[], object],
    names: Names = Names(),
) -> tuple[str, ...]:
    """Put what a store does for requests to the test, and return which of it was tested.

    Args:
        fresh: Makes the store anew, filled with `PEOPLE` and `NOTES`.
        names: What it calls them.

    Raises:
        ContractBrokenError: Something is not kept; the message says what.
    """
    kept = []
    if isinstance(fresh(), Reads):
        _reads(_Case(fresh(), names))
        kept.append("reads")
    if isinstance(fresh(), Erases):
        for promise in (_rehearses, _erases, _notes_first, _takes_back, _is_idempotent, _refuses):
            promise(_Case(fresh(), names))
        kept.append("erases")
    _must(bool(kept), "the connector carries out no request")
    return tuple(kept)


def _who(email: str = "ana.silva@example.com") -> Who:
    return Who((Identifier(IdentifierKind.EMAIL, email),))


def _located(case: _Case, who: Who) -> dict[str, int]:
    store = case.store
    _must(isinstance(store, Reads), "a store that erases reads as well")
    reading = store.read(case.part(Right.ACCESS), who)  # type: ignore[attr-defined]  # it reads
    return {each.dataset.name: each.located for each in reading.counts}


def _reads(case: _Case) -> None:
    store, names = case.store, case.names
    _must(isinstance(store, Reads), "reads")
    part = case.part(Right.ACCESS)
    reading = store.read(part, _who())  # type: ignore[attr-defined]  # it reads
    counts = {each.dataset.name: each.located for each in reading.counts}
    _must(counts == {names.people: 1, names.notes: 3}, "a person is found in whatever letter case")
    texts = {each.values.get(names.of("text")) for each in reading.records}
    _must({"a note, number 9", "a note, number 29"} <= texts, "rows are followed along references")
    first = _located(case, _who("person0@example.com"))
    _must(first == {names.people: 1, names.notes: 3}, "a key of 0 is followed too")
    nobody = _located(case, _who("nobody@example.com"))
    _must(set(nobody.values()) == {0}, "of nobody nothing is found, and 0 is an answer")
    for hostile in ("' OR '1'='1", '%"*', "../x", "a@b.example\r\nX: y", "\x00", "数@例え.example"):
        with suppress(KeptError):
            found = _located(case, _who(hostile))
            _must(set(found.values()) == {0}, "an identifier is a value and nothing else")
    _is_ambiguous(lambda: store.read(part, _who("twice@example.com")))  # type: ignore[attr-defined]  # it reads
    told = f"{reading!r} {reading.records!r} {store!r} {_who()!r}"
    _must("ana" not in told.casefold(), "no value shows in a repr")
    sight = store.sight(part, _who())  # type: ignore[attr-defined]  # it reads
    _must(len(sight.fitting) == 1, "who fits is told before anything is followed")


def _rehearses(case: _Case) -> None:
    done = _rehearsed(case)
    _must(_erased(done) == {case.names.people: 1, case.names.notes: 3}, "a rehearsal counts")
    _must(sum(_located(case, _who()).values()) == _HIS_ROWS, "a rehearsal changes nothing")
    _must(case.store.left(done.touched) == len(done.touched), "rows not written yet are left")  # type: ignore[attr-defined]  # it erases


def _erases(case: _Case) -> None:
    others = {each["email"]: _located(case, _who(str(each["email"]))) for each in PEOPLE[:9]}
    done = _done(case)
    _must(_erased(done) == {case.names.people: 1, case.names.notes: 3}, "an erasure counts")
    _must(set(_located(case, _who()).values()) == {0}, "what was erased is not found again")
    _must(case.store.left(done.touched) == 0, "nothing is left of what was written")  # type: ignore[attr-defined]  # it erases
    after = {each["email"]: _located(case, _who(str(each["email"]))) for each in PEOPLE[:9]}
    _must(after == others, "nobody else's rows change")
    _must("ana" not in repr(done).casefold(), "no value shows in a repr")


def _notes_first(case: _Case) -> None:
    left: list[int] = []

    def told(done: Done) -> None:
        left.append(case.store.left(done.touched))  # type: ignore[attr-defined]  # it erases

    with suppress(KeptError):
        _done(case, told)
    _must(len(left) == 1, "who notes is told exactly once, before anybody sees a change")


def _takes_back(case: _Case) -> None:
    class StopError(Exception):
        pass

    def stop(_: Done) -> None:
        raise StopError

    with suppress(StopError):
        _done(case, stop)
        raise ContractBrokenError("what is raised before the commit leaves the store")
    _must(
        sum(_located(case, _who()).values()) == _HIS_ROWS,
        "what is raised before the commit takes all back",
    )


def _is_idempotent(case: _Case) -> None:
    _done(case)
    again = _done(case)
    _must(not any(_erased(again).values()), "a second run changes nothing")


def _refuses(case: _Case) -> None:
    store = case.store
    part = case.part()
    _is_ambiguous(
        lambda: store.erase(part, _who("twice@example.com"), operation=OPERATION, today=TODAY)  # type: ignore[attr-defined]  # it erases
    )
    tables = tuple(replace(each, columns=each.columns[:1]) for each in part.tables)
    strange = replace(part, tables=tables, fingerprint="another structure")
    try:
        store.erase(strange, _who(), operation=OPERATION, today=TODAY)  # type: ignore[attr-defined]  # it erases
    except CatalogChangedError:
        pass
    else:
        raise ContractBrokenError("a plan that was made on another structure is not carried out")
    _must(sum(_located(case, _who()).values()) == _HIS_ROWS, "a refusal changes nothing")


def _rehearsed(case: _Case) -> Done:
    found: Done = case.store.rehearse(case.part(), _who(), operation=OPERATION, today=TODAY)  # type: ignore[attr-defined]  # it erases
    return found


def _done(case: _Case, before_commit: Callable[[Done], None] | None = None) -> Done:
    found: Done = case.store.erase(  # type: ignore[attr-defined]  # it erases
        case.part(), _who(), operation=OPERATION, today=TODAY, before_commit=before_commit
    )
    return found


def _erased(done: Done) -> dict[str, int]:
    return {each.dataset.name: each.erased for each in done.counts}


def _is_ambiguous(act: Callable[[], object]) -> None:
    try:
        act()
    except IdentityAmbiguousError:
        return
    raise ContractBrokenError("two people behind one identifier are refused")


def _must(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ContractBrokenError(what)

"""What people decided about datasets and fields, as ``datamap.toml`` says it.

Pure: text in, values out. Whether the names exist in a store is told by
`kept.inventory.discovery`, which has the catalogs; writing is
`kept.inventory.datamap_writing`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from kept.inventory.datamap_place import Place
from kept.inventory.dataset import (
    DatasetId,
    Direction,
    Erasing,
    IdentityPeriod,
    Minimum,
    State,
    Whose,
)
from kept.inventory.errors import DataMapReferenceError
from kept.jurisdictions.period import Period
from kept.settings.place import nearest
from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.identifier_kind import IdentifierKind

SOURCES = ("given", "observed", "third party")
HELD_AS = ("controller", "joint controller", "processor")

_DATASET_KEYS = frozenset(
    {
        "state",
        "about",
        "held_as",
        "client",
        "on_erasure",
        "identity",
        "identity_period",
        "references",
        "anchors",
        "keep",
        "minimum",
        "reviewed_triggers",
        "fields",
    }
)
_FIELD_KEYS = frozenset(
    {"categories", "source", "of", "author", "protected", "disclosed", "because"}
)
_REFERENCE_KEYS = frozenset({"fields", "to", "whose", "direction"})
_MINIMUM_KEYS = frozenset(
    {"law", "keep_for", "counted_from", "from_year_end", "reason", "provision", "afterwards"}
)
_TO = re.compile(r"(?:(?P<store>[^:()]+):)?(?P<name>[^:()]+)\((?P<fields>[^()]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDecision:
    """What is written about one field.

    Attributes:
        categories: What it holds; ``None`` where nothing is said, so that discovery looks.
        source: Where it comes from, or empty.
        of: Referring field whose person it describes, or empty.
        author: Referring field whose person wrote it, or empty.
        protected: Whether it is declared encrypted.
        disclosed: Whether an access answer contains it.
        because: Reason and provision where it does not.
    """

    categories: tuple[DataCategory, ...] | None = None
    source: str = ""
    of: str = ""
    author: str = ""
    protected: bool = False
    disclosed: bool = True
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceDecision:
    """What is written about one reference."""

    fields: tuple[str, ...]
    to: DatasetId
    to_fields: tuple[str, ...]
    whose: Whose
    direction: Direction = Direction.BACKWARD


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumDecision:
    """What is written about a statutory minimum: a law's key, or the period itself.

    Attributes:
        law: Key in ``jurisdictions/minimums.toml``, or empty where written out.
        counted_from: Field that starts the period.
        afterwards: What an erasure does once the period has ended.
        written: The whole minimum where it is written out, else ``None``.
    """

    law: str = ""
    counted_from: str
    afterwards: Erasing = Erasing.DELETE
    written: Minimum | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetDecision:
    """What is written about one dataset; see `kept.inventory.dataset.Dataset`.

    Attributes:
        client: For whom it is held, where we are a processor.
        reviewed_triggers: SHA-256 of the body of each trigger that a person reviewed.
    """

    id: DatasetId
    state: State = State.PROPOSED
    about: str = "customer"
    held_as: str = "controller"
    client: str = ""
    on_erasure: Erasing | None = None
    keep_reason: str = ""
    minimum: MinimumDecision | None = None
    identity: Mapping[str, IdentifierKind] = field(default_factory=dict)
    references: tuple[ReferenceDecision, ...] = ()
    anchors: Mapping[str, str] = field(default_factory=dict)
    reviewed_triggers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, FieldDecision] = field(default_factory=dict)
    identity_periods: tuple[IdentityPeriod, ...] = ()

    @property
    def period_fields(self) -> tuple[str, ...]:
        """Every field that is named to say when an identifier was a person's."""
        return tuple(
            name
            for each in self.identity_periods
            for name in (each.field, each.since, each.until)
            if name is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMap:
    """Everything that ``datamap.toml`` says, by dataset, in the file's order."""

    datasets: Mapping[DatasetId, DatasetDecision] = field(default_factory=dict)

    def of(self, dataset: DatasetId) -> DatasetDecision | None:
        """Return what is written about `dataset`, or ``None``."""
        return self.datasets.get(dataset)


def parse_datamap(text: str, *, stores: Collection[str] | None = None) -> DataMap:
    """Return what the text of a ``datamap.toml`` says.

    Args:
        text: The file's text. An empty one says nothing.
        stores: Names of the stores in ``kept.toml``, where they are known.

    Raises:
        DataMapKeyError: A key is not known; the remedy names the nearest one.
        DataMapReferenceError: A store is not known.
        DataMapError: Not TOML, or a value is not what it should be.
    """
    top = Place.top(text, "datamap.toml")
    top.only({"stores"})
    return DataMap(datasets={each.id: each for each in _datasets(top, stores)})


def _datasets(top: Place, stores: Collection[str] | None) -> Iterator[DatasetDecision]:
    for store, place in top.each("stores"):
        if stores is not None and store not in stores:
            raise DataMapReferenceError(
                f"datamap.toml speaks of the store {store!r}, which kept.toml does not have",
                remedy=f"{nearest(store, stores)} Correct one of the two files.".strip(),
            )
        place.only({"datasets"})
        for name, below in place.each("datasets"):
            yield _dataset(below, DatasetId(store, name), stores)


def _dataset(place: Place, dataset: DatasetId, stores: Collection[str] | None) -> DatasetDecision:
    place.only(_DATASET_KEYS)
    state = place.member("state", State, State.PROPOSED)
    if state is State.UNLISTED:
        raise place.wrong("state", "must be 'decided' or 'proposed'")
    on_erasure = (
        place.member("on_erasure", Erasing, Erasing.KEEP) if "on_erasure" in place.table else None
    )
    decision = DatasetDecision(
        id=dataset,
        state=state,
        about=place.text("about", "customer") or "customer",
        held_as=place.one_of("held_as", HELD_AS, "controller"),
        client=place.text("client", ""),
        on_erasure=on_erasure,
        keep_reason=_keep_reason(place),
        minimum=_minimum(place),
        identity={
            name: place.below("identity").member(name, IdentifierKind, IdentifierKind.EMAIL)
            for name in place.below("identity").table
        },
        references=tuple(
            _reference(each, dataset.store, stores) for each in place.list("references")
        ),
        anchors=place.pairs("anchors"),
        reviewed_triggers=place.pairs("reviewed_triggers"),
        fields={name: _field(below) for name, below in place.each("fields")},
        identity_periods=tuple(_periods(place.below("identity_period"))),
    )
    _consistent(place, decision)
    return decision


def _periods(place: Place) -> Iterator[IdentityPeriod]:
    for name in place.table:
        match place.texts(name):
            case (since, until) if since or until:
                yield IdentityPeriod(field=name, since=since or None, until=until or None)
            case _:
                raise place.wrong(
                    name,
                    'must be two fields, like ["assigned_at", "released_at"]; "" where there is none',
                )


def _consistent(place: Place, decision: DatasetDecision) -> None:
    """Refuse what can be read and cannot be meant."""
    keeps = decision.on_erasure is Erasing.KEEP
    if decision.held_as == "processor" and not decision.client:
        raise place.wrong("client", "is missing: a processor holds the dataset for somebody")
    if decision.minimum is not None and not keeps:
        raise place.wrong("minimum", 'needs on_erasure = "keep"; afterwards says what comes then')
    if decision.keep_reason and not keeps:
        raise place.wrong("keep", 'needs on_erasure = "keep"')
    if keeps and decision.minimum is None and not decision.keep_reason:
        raise place.wrong(
            "on_erasure",
            'is "keep", and nothing says why',
            remedy="Add keep = { reason, provision, until } or minimum = { law, counted_from }.",
        )


def _field(place: Place) -> FieldDecision:
    place.only(_FIELD_KEYS)
    return FieldDecision(
        categories=_categories(place) if "categories" in place.table else None,
        source=place.one_of("source", SOURCES, ""),
        of=place.text("of", ""),
        author=place.text("author", ""),
        protected=place.flag("protected", default=False),
        disclosed=place.flag("disclosed", default=True),
        because=place.text("because", ""),
    )


def _categories(place: Place) -> tuple[DataCategory, ...]:
    found: list[DataCategory] = []
    for key in place.texts("categories"):
        try:
            found.append(DataCategory(key))
        except ValueError:
            raise place.wrong(
                "categories",
                f"names {key!r}, which is no category",
                remedy=nearest(key, [each.value for each in DataCategory])
                or "docs/reference/datamap.md lists every category.",
            ) from None
    return tuple(dict.fromkeys(found))


def _reference(place: Place, store: str, stores: Collection[str] | None) -> ReferenceDecision:
    place.only(_REFERENCE_KEYS)
    fields = place.texts("fields")
    if not fields:
        raise place.wrong("fields", "names no field")
    to, to_fields = _target(place, store)
    if len(to_fields) != len(fields):
        raise place.wrong("to", f"names {len(to_fields)} fields for {len(fields)}")
    if stores is not None and to.store not in stores:
        raise DataMapReferenceError(
            f"datamap.toml: {place.at('to')} names the store {to.store!r},"
            " which kept.toml does not have"
        )
    if "whose" not in place.table:
        raise place.wrong("whose", "is missing: owned, shared or referenced")
    return ReferenceDecision(
        fields=fields,
        to=to,
        to_fields=to_fields,
        whose=place.member("whose", Whose, Whose.REFERENCED),
        direction=place.member("direction", Direction, Direction.BACKWARD),
    )


def _target(place: Place, store: str) -> tuple[DatasetId, tuple[str, ...]]:
    """Read ``"orders(id)"``, ``"crm:people(id)"`` or, for odd names, a table of the three."""
    if isinstance(place.table.get("to"), dict):
        target = place.below("to")
        target.only({"store", "dataset", "fields"})
        fields = target.texts("fields")
        return DatasetId(target.text("store", store) or store, target.text("dataset")), fields
    found = _TO.fullmatch(place.text("to").strip())
    if found is None:
        raise place.wrong("to", 'must be like "orders(id)" or "shop:orders(id)"')
    fields = tuple(each.strip() for each in found["fields"].split(","))
    return DatasetId((found["store"] or store).strip(), found["name"].strip()), fields


def _keep_reason(place: Place) -> str:
    if "keep" not in place.table:
        return ""
    keep = place.below("keep")
    keep.only({"reason", "provision", "until"})
    return f"{keep.text('reason')}; {keep.text('provision')}; until {keep.text('until')}"


def _minimum(place: Place) -> MinimumDecision | None:
    if "minimum" not in place.table:
        return None
    minimum = place.below("minimum")
    minimum.only(_MINIMUM_KEYS)
    counted_from = minimum.text("counted_from")
    afterwards = minimum.member("afterwards", Erasing, Erasing.DELETE)
    if "law" in minimum.table:
        minimum.only({"law", "counted_from", "afterwards"})
        return MinimumDecision(
            law=minimum.text("law"), counted_from=counted_from, afterwards=afterwards
        )
    try:
        keep_for = Period.parse(minimum.text("keep_for"))
    except ValueError:
        raise minimum.wrong("keep_for", 'must be like "8 years" or "24 months"') from None
    written = Minimum(
        keep_for=keep_for,
        counted_from=counted_from,
        from_year_end=minimum.flag("from_year_end", default=False),
        reason=minimum.text("reason"),
        provision=minimum.text("provision"),
        afterwards=afterwards,
    )
    return MinimumDecision(counted_from=counted_from, afterwards=afterwards, written=written)

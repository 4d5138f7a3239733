"""How the record of processing is made from what is known; nothing in it is invented."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kept.inventory.dataset import Dataset, DecidedBy, State
from kept.inventory.promised import Words
from kept.inventory.record import (
    JOINT,
    PROCESSOR,
    Activity,
    Facts,
    HeldDataset,
    Item,
    Line,
    Record,
)
from kept.inventory.record_words import named, said
from kept.jurisdictions.economic_area import is_in_economic_area
from kept.vocabulary.data_category import DataCategory, is_personal, is_special

_Key = tuple[str, str, str, str]


def record_of(facts: Facts, language: str) -> Record:
    """Return the record of processing activities in `language`.

    One activity is the data of one kind of people in one system, in one role. What nobody
    wrote down and no store shows is listed as missing.

    Source: GDPR Art. 30(1) and (2).
    """
    return Record(
        language=language,
        made_at=facts.made_at,
        name=facts.controller.name,
        who=_who(facts, language),
        activities=tuple(
            _Making(facts, language, key, datasets).activity()
            for key, datasets in sorted(
                _grouped(facts).items(), key=lambda each: (each[0][0] == PROCESSOR, each[0])
            )
        ),
        missing=(
            *(said("missing", "silent", language, store=each) for each in facts.silent),
            *(() if facts.promised is not None else (said("missing", "policy", language),)),
        ),
    )


def _grouped(facts: Facts) -> Mapping[_Key, list[Dataset]]:
    groups: dict[_Key, list[Dataset]] = defaultdict(list)
    for each in facts.inventory.datasets:
        if each.personal:
            store = facts.stores.get(each.id.store)
            system = (store.system if store is not None else "") or each.id.store
            client = each.client if each.held_as == PROCESSOR else ""
            about = "" if each.state is State.UNLISTED else each.about
            groups[each.held_as, client, system, about].append(each)
    return groups


def _who(facts: Facts, language: str) -> Item:
    controller = facts.controller
    origin = said("text", "from_settings", language)
    lines = [
        Line(text=each, language="", source=origin)
        for each in (controller.name, controller.contact)
        if each
    ]
    if controller.establishment:
        place = said("text", "established", language, place=controller.establishment)
        lines.append(Line(text=place, language=language, source=origin))
    lines += _quotes(facts.promised.contacts if facts.promised else (), language)
    absent = [
        key
        for key, lacks in (
            ("name", not controller.name),
            ("contact", not controller.contact),
            ("joint", any(each.held_as == JOINT for each in facts.inventory.datasets)),
            ("representative", not is_in_economic_area(controller.establishment)),
            ("officer", True),
        )
        if lacks
    ]
    return _item("1a", language, lines, absent)


def _item(
    key: str,
    language: str,
    lines: Iterable[Line],
    absent: Iterable[str] = (),
    *,
    caution: str = "",
) -> Item:
    found = tuple(lines)
    return Item(
        key=key,
        title=said("item", key, language),
        lines=found,
        missing=tuple(said("missing", each, language) for each in absent),
        caution=said("caution", caution, language) if caution and found else "",
    )


def _quotes(words: Iterable[Words], language: str) -> list[Line]:
    lines = []
    for each in words:
        spoken, quote = each.read_in(language)
        text = " ".join(quote.split())
        lines.append(
            Line(
                text=text,
                language=spoken,
                source=each.document,
                key=each.promise,
                quoted=True,
            )
        )
    return lines


class _Making:
    """One activity while it is made."""

    def __init__(self, facts: Facts, language: str, key: _Key, datasets: Sequence[Dataset]) -> None:
        self.facts = facts
        self.language = language
        self.role, self.client, self.system, self.about = key
        self.datasets = datasets
        self.held = sorted(
            {held for each in datasets for field in each.fields for held in field.holds}
        )
        self.spoken_of = facts.promised is not None and any(map(facts.speaks_of, datasets))

    def activity(self) -> Activity:
        people = named("people", self.about, self.language) if self.about else "?"
        return Activity(
            system=self.system,
            about=self.about,
            role=self.role,
            client=self.client,
            title=f"{self.system} · {people}",
            role_named=said("role", self.role, self.language, client=self.client),
            items=self._as_processor() if self.role == PROCESSOR else self._as_controller(),
            datasets=tuple(
                HeldDataset(store=each.id.store, name=each.id.name, rows=each.rows)
                for each in self.datasets
            ),
        )

    def _as_controller(self) -> tuple[Item, ...]:
        promised = self.facts.promised if self.spoken_of else None
        purposes = self._words(
            each for each in (promised.purposes if promised else ()) if each.data or each.purposes
        )
        recipients = self._words(promised.recipients if promised else ())
        return (
            _item("1b", self.language, purposes, () if purposes else ("purpose",)),
            self._people(),
            self._data("1c-data"),
            _item(
                "1d",
                self.language,
                recipients,
                () if recipients else ("recipient",),
                caution="recipients",
            ),
            self._transfers("1e"),
            self._periods(),
            self._measures("1g"),
        )

    def _as_processor(self) -> tuple[Item, ...]:
        who = [Line(text=self.client, language="", source=self._from("datamap"))]
        data = self._data("2b")
        return (
            _item("2a", self.language, who, ("client",)),
            Item(
                key="2b",
                title=data.title,
                lines=data.lines,
                missing=(said("missing", "processing", self.language),),
            ),
            self._transfers("2c"),
            self._measures("2d"),
        )

    def _from(self, origin: str) -> str:
        return said("text", f"from_{origin}", self.language)

    def _words(self, words: Iterable[Words]) -> list[Line]:
        concerned = (each for each in words if each.general or each.name(self.held))
        return _quotes(concerned, self.language)

    def _people(self) -> Item:
        if not self.about:
            return _item("1c-people", self.language, (), ("people",))
        undecided = all(each.state is not State.DECIDED for each in self.datasets)
        line = Line(
            text=named("people", self.about, self.language),
            language=self.language,
            source=self._from("datamap"),
            key=self.about,
            marks=(said("text", "undecided", self.language),) if undecided else (),
        )
        return _item("1c-people", self.language, (line,))

    def _data(self, key: str) -> Item:
        lines = [self._category(each) for each in self.held if is_personal(each)]
        return _item(key, self.language, lines)

    def _category(self, category: DataCategory) -> Line:
        language = self.language
        holding = [
            (dataset, field)
            for dataset in self.datasets
            for field in dataset.fields
            if category in field.holds
        ]
        marks = [said("text", "special", language)] if is_special(category) else []
        if all(field.decided_by is not DecidedBy.PERSON for _, field in holding):
            marks.append(said("text", "undecided", language))
            if any(dataset.only_sampled for dataset, _ in holding):
                marks.append(said("text", "sampled", language))
        count = len(holding)
        where = "where_one" if count == 1 else "where"
        return Line(
            text=f"{named('category', category.value, language)}"
            f" ({said('text', where, language, count=count)})",
            language=language,
            source=self._from("stores"),
            key=category.value,
            marks=tuple(marks),
        )

    def _transfers(self, key: str) -> Item:
        language = self.language
        lines: list[Line] = []
        missing: list[str] = []
        told = self._words(self.facts.promised.transfers) if self.facts.promised else []
        for store in sorted({each.id.store for each in self.datasets}):
            settings = self.facts.stores.get(store)
            region = settings.region if settings is not None else ""
            if not region:
                missing.append(said("missing", "region", language, store=store))
                continue
            inside = is_in_economic_area(region)
            where = "stored_in" if inside else "outside"
            text = said("text", where, language, store=store, region=region)
            lines.append(
                Line(text=text, language=language, source=self._from("settings"), key=region)
            )
            if not inside and not told:
                missing.append(said("missing", "safeguard", language, region=region))
        item = _item(key, language, [*lines, *told], caution="access")
        return Item(
            key=key,
            title=item.title,
            lines=item.lines,
            missing=tuple(missing),
            caution=item.caution,
        )

    def _periods(self) -> Item:
        promised = self.facts.promised if self.spoken_of else None
        named_periods = [
            each for each in (promised.periods if promised else ()) if each.name(self.held)
        ]
        general = [each for each in (promised.periods if promised else ()) if each.general]
        lines = _quotes([*named_periods, *general], self.language)
        lines += [line for each in self.datasets for line in self._kept(each)]
        return _item("1f", self.language, lines, () if lines else ("period",))

    def _kept(self, dataset: Dataset) -> list[Line]:
        language = self.language
        lines = []
        if dataset.minimum is not None:
            minimum = dataset.minimum
            count, unit = minimum.keep_for.count, minimum.keep_for.unit.value
            period = said("period", unit if count > 1 else f"{unit}_one", language, count=count)
            text = said(
                "text", "legal_minimum", language, period=period, provision=minimum.provision
            )
            lines.append(f"{dataset.id.name}: {text}")
        elif dataset.keep_reason:
            text = said("text", "kept_because", language, reason=dataset.keep_reason)
            lines.append(f"{dataset.id.name}: {text}")
        return [Line(text=each, language=language, source=self._from("datamap")) for each in lines]

    def _measures(self, key: str) -> Item:
        measures = self.facts.promised.measures if self.facts.promised else ()
        lines = _quotes(measures, self.language)
        return _item(key, self.language, lines, () if lines else ("measure",), caution="measures")

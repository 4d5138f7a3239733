"""What the record says of one activity: the data of one kind of people, in one system."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kept.inventory.dataset import Dataset, DecidedBy, State
from kept.inventory.promised import Promised, Words
from kept.inventory.record import PROCESSOR, Activity, Facts, HeldDataset, Item, Line
from kept.inventory.record_lines import item, origin, quotes, stated
from kept.inventory.record_parties import whose
from kept.inventory.record_transfers import recipient_line, transfers
from kept.inventory.record_words import counted, labelled, named, said
from kept.settings import ActivitySettings, Recipient, Wording
from kept.vocabulary.data_category import DataCategory, is_personal, is_special


@dataclass(frozen=True, slots=True, order=True)
class ActivityKey:
    """What makes an activity one of its own.

    Attributes:
        role: ``"controller"``, ``"joint controller"`` or ``"processor"``.
        client: For whom, where we are a processor.
        system: Application or site; the store's name where the settings name none.
        about: Whose data; empty where nobody decided.
    """

    role: str
    client: str
    system: str
    about: str


def activity_of(
    facts: Facts, language: str, key: ActivityKey, datasets: Sequence[Dataset]
) -> Activity:
    """Return what the record says of one activity."""
    making = _Making(facts, language, key, datasets)
    people = named("people", key.about, language) if key.about else "?"
    return Activity(
        system=key.system,
        about=key.about,
        role=key.role,
        client=key.client,
        title=f"{key.system} · {people}",
        role_named=said("role", key.role, language, client=key.client),
        items=making.as_processor() if key.role == PROCESSOR else making.as_controller(),
        datasets=tuple(
            HeldDataset(store=each.id.store, name=each.id.name, rows=each.rows) for each in datasets
        ),
    )


class _Making:
    """One activity while it is made."""

    def __init__(
        self, facts: Facts, language: str, key: ActivityKey, datasets: Sequence[Dataset]
    ) -> None:
        self.facts = facts
        self.language = language
        self.key = key
        self.datasets = datasets
        self.held = sorted(
            {held for each in datasets for field in each.fields for held in field.holds}
        )
        self.spoken_of = facts.promised is not None and any(map(facts.speaks_of, datasets))

    @property
    def promised(self) -> Promised:
        """What the policy says, where it speaks of these people."""
        promised = self.facts.promised
        return promised if promised is not None and self.spoken_of else Promised()

    @property
    def settings(self) -> Sequence[ActivitySettings]:
        """What the settings say of this activity."""
        key = self.key
        return [
            each
            for each in self.facts.activities
            if each.concern(key.system, key.about, key.client)
        ]

    @property
    def recipients(self) -> Sequence[Recipient]:
        """Who gets its data."""
        key = self.key
        return [each for each in self.facts.recipients if each.concern(key.system, key.about)]

    def as_controller(self) -> tuple[Item, ...]:
        """Return what Art. 30(1)(b) to (g) ask for."""
        purposes = self._words(
            each for each in self.promised.purposes if each.data or each.purposes
        )
        return (
            self._said("1b", "purpose", purposes, (each.purposes for each in self.settings)),
            self._people(),
            self._data("1c-data"),
            self._recipients(),
            transfers(
                "1e", self.facts, self.language, self.datasets, self.recipients, self._moved()
            ),
            self._periods(),
            self._measures("1g"),
        )

    def as_processor(self) -> tuple[Item, ...]:
        """Return what Art. 30(2)(a) to (d) ask for."""
        return (
            whose(self.facts, self.key.client, self.language),
            self._processing(),
            transfers(
                "2c", self.facts, self.language, self.datasets, self.recipients, self._moved()
            ),
            self._measures("2d"),
        )

    def _words(self, words: Iterable[Words]) -> list[Line]:
        concerned = (each for each in words if each.general or each.name(self.held))
        return quotes(concerned, self.language)

    def _moved(self) -> list[Line]:
        return self._words(self.facts.promised.transfers) if self.facts.promised else []

    def _said(
        self, key: str, lacking: str, words: list[Line], own: Iterable[Iterable[Wording]]
    ) -> Item:
        """Return what the policy and the settings say, and that nothing does where none says it."""
        lines = [*words, *stated((each for some in own for each in some), self.language)]
        return item(key, self.language, lines, () if lines else (self._lack(lacking),))

    def _lack(self, key: str, **values: object) -> str:
        return said("missing", key, self.language, **values)

    def _people(self) -> Item:
        about = self.key.about
        if not about:
            return item("1c-people", self.language, (), (self._lack("people"),))
        undecided = all(each.state is not State.DECIDED for each in self.datasets)
        line = Line(
            text=named("people", about, self.language),
            language=self.language,
            source=origin("datamap", self.language),
            key=about,
            marks=(said("text", "undecided", self.language),) if undecided else (),
        )
        return item("1c-people", self.language, (line,))

    def _data(self, key: str, missing: Iterable[str] = ()) -> Item:
        lines = [self._category(each) for each in self.held if is_personal(each)]
        return item(key, self.language, lines, missing)

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
        return Line(
            text=f"{named('category', category.value, language)}"
            f" ({counted('where', len(holding), language)})",
            language=language,
            source=origin("stores", language),
            key=category.value,
            marks=tuple(marks),
        )

    def _processing(self) -> Item:
        clients = [each for each in self.facts.clients if each.name == self.key.client]
        lines = stated((each for one in clients for each in one.processing), self.language)
        data = self._data("2b", () if lines else (self._lack("processing"),))
        return item("2b", self.language, [*lines, *data.lines], data.missing)

    def _recipients(self) -> Item:
        words = self._words(self.promised.recipients)
        lines = [recipient_line(each, self.language) for each in self.recipients]
        return item(
            "1d",
            self.language,
            [*lines, *words],
            () if lines or words else (self._lack("recipient"),),
            caution="" if lines else "recipients",
        )

    def _periods(self) -> Item:
        promised = self.promised.periods
        named_periods = [each for each in promised if each.name(self.held)]
        general = [each for each in promised if each.general]
        stating = (each for one in self.settings for each in one.storage_periods)
        lines = [
            *quotes([*named_periods, *general], self.language),
            *stated(stating, self.language),
        ]
        kept = [(each, self._kept(each)) for each in self.datasets]
        open_ = [each.id.name for each, line in kept if line is None]
        missing: list[str] = []
        if not lines and open_:
            some = len(open_) < len(kept)
            missing.append(
                self._lack("period_of", datasets=", ".join(open_)) if some else self._lack("period")
            )
        found = [line for _, line in kept if line is not None]
        return item("1f", self.language, [*lines, *found], missing)

    def _kept(self, dataset: Dataset) -> Line | None:
        language = self.language
        if dataset.minimum is not None:
            minimum = dataset.minimum
            count, unit = minimum.keep_for.count, minimum.keep_for.unit.value
            period = said("period", unit if count > 1 else f"{unit}_one", language, count=count)
            text = said(
                "text", "legal_minimum", language, period=period, provision=minimum.provision
            )
        elif dataset.keep_reason:
            text = said("text", "kept_because", language, reason=dataset.keep_reason)
        else:
            return None
        return Line(
            text=labelled(dataset.id.name, text, language),
            language=language,
            source=origin("datamap", language),
        )

    def _measures(self, key: str) -> Item:
        words = self.facts.promised.measures if self.facts.promised else ()
        told = self._said(
            key, "measure", quotes(words, self.language), (each.measures for each in self.settings)
        )
        caution = "measures" if words else ""
        return item(key, self.language, told.lines, told.missing, caution=caution)

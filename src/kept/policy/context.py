"""What the headings, the lead-in and the label around a clause say of it."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from kept.policy.languages.language import Language, Reading
from kept.policy.likelihood import Seen, Taught, above_features
from kept.policy.meaning import (
    CLEAR,
    DECISIVE,
    LIKELY,
    Context,
    Lead,
    heading_categories,
    own_scores,
    understand,
)
from kept.policy.neighbours import Neighbours
from kept.policy.outline import Place
from kept.policy.sentences import split_sentences
from kept.policy.settling import Tally
from kept.policy.structure import Part

_HEADINGS_SEEN = ("heading", "heading above")
_ABOVE = 0.5
_BESIDE = 0.7
_MOST = 1.5
_DENIABLE = frozenset({"collect", "share", "purpose", "no-sale"})
# A lead-in of these is a promise of its own, whatever follows.
_WHOLE = frozenset({"contact"})
# What may end in a colon before an address alone.
_ALONE = "authority-complaint"
_ITEMS_OF = {"minimise": "collect"}

_NOTHING = Seen({})
_NO_LEAD = -1


def _section(place: Place) -> int:
    """Return the nearest heading of a place, -1 before the first."""
    return place.headings[0] if place.headings else -1


def _leading(place: Place) -> int:
    """Return the lead-in of a place."""
    return _NO_LEAD if place.lead is None else place.lead


class Surroundings:
    """The headings and lead-ins of one text, read once.

    Attributes:
        text: The view that is read.
        places: Its blocks.
        language: The language that they are read in.
        neighbours: Where it is noted what the rules find in each clause, if it is asked for.
        taught: What was learned of the language, where it decides.
        tally: How far what was learned doubts the rules so far.
    """

    def __init__(
        self,
        text: str,
        places: Sequence[Place],
        language: Language,
        neighbours: Neighbours | None = None,
        taught: Taught | None = None,
    ) -> None:
        self.text = text
        self.neighbours = neighbours
        self.taught = taught
        self.tally = Tally()
        self.places = places
        self.language = language
        self._headings: dict[int, Reading] = {}
        self._leads: dict[int, Lead] = {}
        self._contexts: dict[int, Context] = {}
        self._seen: dict[tuple[str, int, int], Seen] = {}
        self._sections: dict[int, Seen] = {}
        self._lists: dict[int, Seen] = {}
        self._first = next(
            (at for at, place in enumerate(places) if place.block.part is Part.HEADING), -1
        )

    def deciding(self, taught: Taught) -> "Surroundings":
        """Return the same, where what was learned decides; what is seen is not looked at again."""
        other = Surroundings(self.text, self.places, self.language, self.neighbours, taught)
        other._headings, other._seen = self._headings, self._seen
        other._sections, other._lists = self._sections, self._lists
        return other

    def of(self, index: int) -> Context:
        """Return what surrounds the clauses of the block at a position."""
        known = self._contexts.get(index)
        if known is None:
            known = self._context(self.places[index])
            self._contexts[index] = known
        return known

    def _context(self, place: Place) -> Context:
        lead = self._lead_of(place) if not self._column(place) else None
        if lead is None and place.block.part is Part.ITEM:
            lead = self._denial_of(place)
        return Context(
            headings=self._weights(place),
            lead=lead,
            is_item=place.block.part is Part.ITEM,
            sources=() if lead is not None and lead.stated else self._sources(place),
            above=self._above(place),
            neighbours=self.neighbours,
            taught=self.taught,
            tally=self.tally,
        )

    def _above(self, place: Place) -> tuple[Seen, ...]:
        """Return what is seen of the words of the column, the headings and the lead-in."""
        if self.taught is None:
            return ()
        stretches = [
            (where, (block.start, block.end))
            for where, index in zip(_HEADINGS_SEEN, place.headings, strict=False)
            for block in (self.places[index].block,)
        ]
        if place.lead is not None:
            block = self.places[place.lead].block
            stretches.append(("after", (block.start, block.end)))
        if place.block.column is not None:
            stretches.append(("column", place.block.column))
        seen = [self._seen_of(*each) for each in stretches]
        seen.append(self._of_section(place))
        if place.lead is not None:
            seen.append(self._of_list(place.lead))
        return tuple(seen)

    def _seen_of(self, where: str, span: tuple[int, int]) -> Seen:
        """Return what is seen of a heading, a lead-in or a column, once for all under it."""
        known = self._seen.get((where, *span))
        if known is None:
            words = self.language.words(self.text, *span)
            known = self._seen[where, *span] = Seen(above_features(where, words.words))
        return known

    def _of_section(self, place: Place) -> Seen:
        """Return what the clauses under the same heading are about, by their own words."""
        if not self._sections:
            self._sections = self._shares("section", _section)
        return self._sections.get(_section(place), _NOTHING)

    def _of_list(self, lead: int) -> Seen:
        """Return what the items after a lead-in are about, by their own words."""
        if not self._lists:
            self._lists = self._shares("list", _leading)
        return self._lists.get(lead, _NOTHING)

    def _shares(self, where: str, group_of: Callable[[Place], int]) -> dict[int, Seen]:
        """Return by group which share of its clauses speaks most for each category."""
        votes: dict[int, Counter[str]] = defaultdict(Counter)
        starts = [each.block.start for each in self.places]
        for at, spoken in self.neighbours.spoken() if self.neighbours is not None else ():
            group = group_of(self.places[bisect_right(starts, at) - 1])
            votes[group][spoken or "nothing"] += 1
        return {
            group: Seen({f"{where}:{each}": n / counted.total() for each, n in counted.items()})
            for group, counted in votes.items()
        }

    def lead(self, index: int) -> Lead:
        """Return what the lead-in at a position says for its items."""
        known = self._leads.get(index)
        if known is None:
            known = self._read_lead(index)
            self._leads[index] = known
        return known

    def _heading(self, index: int) -> Reading:
        known = self._headings.get(index)
        if known is None:
            block = self.places[index].block
            known = self.language.read(self.text, block.start, block.end)
            self._headings[index] = known
        return known

    def _column(self, place: Place) -> dict[str, float]:
        """Return what the head of its column says of a cell."""
        if place.block.column is None:
            return {}
        return heading_categories(self.language.read(self.text, *place.block.column))

    def _weights(self, place: Place) -> dict[str, float]:
        """Return how much each category is in the air: the nearest heading counts most."""
        weights: dict[str, float] = {}
        factor = 1.0
        column = self._column(place)
        if column:
            factor = self._add(weights, column, factor)
        for index in place.headings:
            factor = self._add(weights, self._named(index), factor)
        beside = self._beside(place)
        if not weights and beside is not None:
            self._add(weights, self._named(beside), _BESIDE)
        return weights

    def _named(self, index: int) -> dict[str, float]:
        """Return the categories of a heading; the name of the whole text has none."""
        reading = self._heading(index)
        if index == self._first and reading.does("title"):
            return {}
        return heading_categories(reading)

    def _beside(self, place: Place) -> int | None:
        """Return the heading before the nearest one, as its outline knows it."""
        return self.places[place.headings[0]].before if place.headings else None

    @staticmethod
    def _add(weights: dict[str, float], found: dict[str, float], factor: float) -> float:
        for category, weight in found.items():
            weights[category] = max(weights.get(category, 0.0), min(_MOST, weight) * factor)
        return factor * _ABOVE if found else factor

    def _sources(self, place: Place) -> tuple[str, ...]:
        """Return the duties that lead-in or heading state for what stands under them."""
        readings = [self._heading(place.headings[0])] if place.headings else []
        if place.lead is not None and place.block.part is Part.ITEM:
            readings.append(self._last_sentence(place.lead))
        return tuple(
            dict.fromkeys(
                hit.rule.value
                for reading in readings
                for hit in reading.of("duty")
                if "heading" in hit.rule.flags
            )
        )

    def _lead_of(self, place: Place) -> Lead | None:
        if place.lead is None:
            return None
        block = self.places[place.lead].block
        if block.part is Part.PARAGRAPH and self.text[block.end - 1] in ".!?":
            reading = self._last_sentence(place.lead)
            if not reading.does("announces"):
                return None
        return self.lead(place.lead)

    def _denial_of(self, place: Place) -> Lead | None:
        """Return what "What we don't save" says for the list under it, if it denies at all."""
        if not place.headings or self._column(place):
            return None
        reading = self._heading(place.headings[0])
        named = self._named(place.headings[0])
        denied = [each for each in sorted(named) if each in _DENIABLE]
        denies = any(True for _ in reading.of("denies")) and not reading.does("excepts")
        if len(named) != 1 or not denied or not denies:
            return None
        return Lead(category=denied[0], denies=True)

    def _last_sentence(self, index: int) -> Reading:
        block = self.places[index].block
        sentences = list(
            split_sentences(self.text, block.start, block.end, self.language.abbreviations)
        )
        return self.language.read(self.text, *sentences[-1])

    def _read_lead(self, index: int) -> Lead:
        place = self.places[index]
        reading = self._last_sentence(index)
        # What surrounds a lead-in that is itself an item is read first; lists are as deep
        # as their indents, so this ends.
        around = Context(
            headings=self._weights(place),
            lead=self._lead_of(place),
            taught=self.taught,
        )
        meaning = understand(reading, around, self.language)
        own = own_scores(reading)
        strong = {key: value for key, value in own.items() if value >= LIKELY}
        category = meaning.category if meaning else ""
        if not category:
            near = {each: weight for each, weight in around.headings.items() if weight >= 1}
            named = {**near, **heading_categories(reading)}
            category = max(
                sorted(named), key=lambda each: named[each] + strong.get(each, 0.0), default=""
            )
        # "We collect no more than we need, that is:" limits the amount; its items are what is taken.
        items = _ITEMS_OF.get(category, category)
        if category == "purpose" and reading.does("lists-data"):
            # "We use the following to bill you:" says what for, its items what is used.
            items = "collect"
        aim = reading.does("aim") and own.get(category, 0.0) < CLEAR
        limit = reading.does("limit")
        kind = meaning.kind if meaning else ""
        return Lead(
            category=items,
            kind=kind if items == category else "",
            is_aim=aim,
            is_limit=limit,
            to_whom=reading.does("to-whom"),
            denies=category in _DENIABLE
            and any(True for _ in reading.of("denies"))
            and not reading.does("excepts"),
            stated=meaning is not None
            and not aim
            and (
                limit
                or items != category
                or (category in _WHOLE and own.get(category, 0.0) >= DECISIVE)
                or (not place.items and _ALONE in meaning.duties)
            ),
        )

"""What a clause means: its category, its kind and its duties, from its words and its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kept.policy.languages.language import Language, Reading
from kept.policy.likelihood import NONE, Seen, Taught, length_feature
from kept.policy.neighbours import Neighbours
from kept.policy.settling import Tally, settled_category, settled_duties, settled_kind

DECISIVE = 10.0
CLEAR = 6.0
LIKELY = 3.0
_BINDS_NOBODY = frozenset({"disclaimer", "user-duty"})
# Lists whose phrases earn trust one by one: some say more than others of their list.
_TRUSTED_EACH = ("category", "heading", "role", "kind", "vague", "duty")
_TELLING = ("role", "kind", "vague", "duty", "data", "purposes", "cut", "leading", "absolute")
_TOLD_NEIGHBOURS = ("role", "data", "duty")
_EACH_MORE = 0.4
_MOST_MORE = 3
_HEADING = 2.2
_NEIGHBOUR = 1.5
_LEAD_OF_FRAGMENT = 8.0
_LEAD_OF_CHOICES = 5.0
_HEADING_OF_FRAGMENT = 4.0
_LEAD_OF_SENTENCE = 3.0
_LABEL = 2.5
# What a person may do comes in mixed lists: rights, choices and ways to ask.
_CHOICES = frozenset({"choice", "contact"})
_OFFERS = _CHOICES | {"rights"}
# Categories whose words settle the matter even against a courteous tone.
_DESPITE_COURTESY = frozenset({"contact", "cookies"})
# Categories in which a list under the heading alone is a list of promises.
LISTED = frozenset(
    {
        "collect", "purpose", "share", "security", "rights", "choice", "cookies", "retention",
        "delete", "transfer", "basis", "minimise", "incident", "compliance", "user-duty", "children",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lead:
    """What a lead-in says for its items.

    Attributes:
        category: What it is about, or empty.
        kind: How far it binds.
        is_aim: Whether it only says what the text is for.
        is_limit: Whether its own words limit or hedge.
        to_whom: Whether its items are recipients, and not cases.
        denies: Whether its items are what is not done.
        stated: Whether the lead-in is an entry of its own, which carries its own duties.
    """

    category: str = ""
    kind: str = ""
    is_aim: bool = False
    is_limit: bool = False
    to_whom: bool = False
    denies: bool = False
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What the place of a clause says of it.

    Attributes:
        headings: Categories of the headings above, and how much they weigh.
        label: Categories of an item's own label.
        lead: The lead-in of an item.
        is_item: Whether the clause is an item or a cell.
        previous: The category of the clause before it in the same sentence or block.
        sources: Duties that the headings state for the items under them.
        above: What is seen of the words of the headings and the lead-in.
        neighbours: Where it is noted what the rules find in each clause.
        taught: What was learned of the language, where it decides.
        tally: Is told how far what was learned doubts what the rules say.
    """

    headings: Mapping[str, float] = field(default_factory=dict)
    label: frozenset[str] = frozenset()
    lead: Lead | None = None
    is_item: bool = False
    previous: str = ""
    sources: tuple[str, ...] = ()
    above: tuple[Seen, ...] = ()
    neighbours: Neighbours | None = None
    taught: Taught | None = None
    tally: Tally = field(default_factory=Tally, compare=False)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a clause means.

    Attributes:
        category: What it is about.
        kind: How far it binds.
        duties: What it creates, in a fixed order.
        own: How strongly its own words say so.
    """

    category: str
    kind: str
    duties: tuple[str, ...]
    own: float


def own_scores(reading: Reading) -> dict[str, float]:
    """Return how strongly the words alone speak for each category."""
    best: dict[str, float] = {}
    count: dict[str, int] = {}
    for hit in reading.of("category"):
        category = hit.rule.value
        best[category] = max(best.get(category, 0.0), hit.entry.weight)
        count[category] = count.get(category, 0) + 1
    return {
        category: weight + _EACH_MORE * min(_MOST_MORE, count[category] - 1)
        for category, weight in best.items()
    }


def heading_categories(reading: Reading) -> dict[str, float]:
    """Return the categories that a heading, a label or a lead-in names."""
    found: dict[str, float] = {}
    for hit in reading.of("heading"):
        found[hit.rule.value] = found.get(hit.rule.value, 0.75) + 0.25
    return found


def understand(reading: Reading, context: Context, language: Language) -> Meaning | None:
    """Return what a clause means, or ``None`` where it promises and discloses nothing."""
    own = own_scores(reading)
    category = _category(reading, own, context, language)
    words, taught = reading.words.words, context.taught
    if not words or context.tally.full or reading.does("question"):
        taught = None
    elif taught is None and context.neighbours is not None:
        context.tally.note()
        found = seen_by_neighbours(reading, own, category)
        context.neighbours.note(words[0].start, words[-1].end, found)
    features: dict[str, float] = {}
    if taught is not None:
        features = _features_here(reading, own, context)
        around = (*context.above, beside(reading, context))
        category = settled_category(category, reading, features, around, taught, context.tally)
    if not category:
        return None
    kind = kind_of(reading, category, context, language)
    if taught is not None:
        kind = settled_kind(kind, category, reading, features, context.above, taught)
    duties: tuple[str, ...] = ()
    if kind not in _BINDS_NOBODY:
        duties = duties_of(reading, category, context, language)
        if taught is not None:
            duties = settled_duties(duties, reading, features, context.above, taught)
    return Meaning(category, kind, duties, own.get(category, 0.0))


def beside(reading: Reading, context: Context) -> Seen:
    """Return what is seen of the clauses before and after one that has words."""
    words = reading.words.words
    if context.neighbours is None:
        return Seen({})
    return context.neighbours.beside(words[0].start, words[-1].end)


def seen_by_neighbours(
    reading: Reading, own: Mapping[str, float], category: str
) -> dict[str, float]:
    """Return what the rules find in a clause, for those beside it."""
    found = {f"ruled:{category or NONE}": 1.0}
    _tell_found(found, reading, own, _TOLD_NEIGHBOURS)
    return found


def _tell_found(
    found: dict[str, float], reading: Reading, own: Mapping[str, float], lists: tuple[str, ...]
) -> None:
    """Add what a clause's own words speak for, and what of some lists stands in it."""
    for category, weight in own.items():
        found[f"own:{category}"] = weight / DECISIVE
    hits = reading.hits
    for list_ in lists:
        for hit in hits[list_]:
            found[f"{list_}:{hit.entry.rule.value}"] = 1.0


def features_of(reading: Reading, own: Mapping[str, float], context: Context) -> dict[str, float]:
    """Return what is seen of a clause beside its words: its place, and what the rules found."""
    found = _features_here(reading, own, context)
    for seen in context.above:
        found.update(seen.features)
    return found


def _features_here(
    reading: Reading, own: Mapping[str, float], context: Context
) -> dict[str, float]:
    """Return the same without what is seen of the words above, which many clauses share."""
    found = {length_feature(reading.words): 1.0}
    _tell_found(found, reading, own, _TELLING)
    found.update(_of_place(context, fragment=not is_sentence(reading)))
    hits = reading.hits
    for list_ in _TRUSTED_EACH:
        for hit in hits[list_]:
            found[f"phrase:{hit.entry.phrase}"] = 1.0
    return found


def _of_place(context: Context, *, fragment: bool) -> Iterator[tuple[str, float]]:
    """Yield what is seen of the place of a clause, as far as the rules know it."""
    for category, weight in context.headings.items():
        yield f"under:{category}", weight
    for category in context.label:
        yield f"label:{category}", 1.0
    yield "fragment" if fragment else "sentence", 1.0
    if context.is_item:
        yield "item", 1.0
    lead = context.lead
    if lead is not None:
        yield f"lead:{lead.category}{'/fragment' if fragment else ''}", 1.0
        if lead.is_aim:
            yield "lead/aim", 1.0
        if lead.denies:
            yield "lead/denies", 1.0
    if context.previous:
        yield f"previous:{context.previous}", 1.0


def _category(
    reading: Reading, own: Mapping[str, float], context: Context, language: Language
) -> str:
    """Return the best category, or empty where the clause is none of an entry."""
    if not reading.words.words or reading.does("question") or reading.does("definition"):
        return ""
    scores = _scores(reading, own, context, language)
    best = max(sorted(scores), key=lambda each: scores[each], default="")
    if reading.does("courtesy") and not (best in _DESPITE_COURTESY and own.get(best, 0.0) >= CLEAR):
        return ""
    if context.is_item and _listed(context):
        return best
    if _evident(best, reading, own, context):
        return best
    # What speaks loudest may have no ground of its own, and the next one have some.
    scores.pop(best, None)
    second = max(sorted(scores), key=lambda each: scores[each], default="")
    placed = second in context.headings or second in context.label
    return second if placed and _evident(second, reading, own, context) else ""


def _evident(category: str, reading: Reading, own: Mapping[str, float], context: Context) -> bool:
    """Return whether a category has grounds: its own words, or its place and some words."""
    evidence = own.get(category, 0.0)
    if evidence >= CLEAR:
        return True
    placed = (
        category in context.headings or category == context.previous or category in context.label
    )
    spoken = reading.does("actor") and category in LISTED
    # What is clear of anything is clear of what its heading is about.
    clear = max(own.values(), default=0.0) >= CLEAR
    return placed and (evidence >= LIKELY or spoken or clear)


def _listed(context: Context) -> bool:
    """Return whether a clause is an entry because it stands in a list of entries."""
    if context.lead is not None:
        return bool(context.lead.category) and not context.lead.is_aim
    return bool(LISTED & (context.headings.keys() | context.label))


def _scores(
    reading: Reading, own: Mapping[str, float], context: Context, language: Language
) -> dict[str, float]:
    precedence = language.precedence
    scores = {each: value + precedence.get(each, 0.0) for each, value in own.items()}
    for category, weight in context.headings.items():
        held = _HEADING * weight * language.sticky.get(category, 1.0)
        scores[category] = scores.get(category, 0.0) + held
    for category in context.label:
        scores[category] = scores.get(category, 0.0) + _LABEL
    if context.previous:
        scores[context.previous] = scores.get(context.previous, 0.0) + _NEIGHBOUR
    for category, weight in _of_list(reading, context, precedence).items():
        scores[category] = scores.get(category, 0.0) + weight
    return scores


def _of_list(
    reading: Reading, context: Context, precedence: Mapping[str, float]
) -> dict[str, float]:
    """Return what a list says for its item: the less the item says itself, the more."""
    lead, fragment = context.lead, not is_sentence(reading)
    if lead is not None:
        if not lead.category or lead.is_aim:
            return {}
        of_fragment = _LEAD_OF_CHOICES if lead.category in _CHOICES else _LEAD_OF_FRAGMENT
        return {lead.category: of_fragment if fragment else _LEAD_OF_SENTENCE}
    if context.is_item and fragment and context.headings:
        # "Personal data is processed for the purposes of": what it names besides data counts.
        nearest = max(
            sorted(context.headings),
            key=lambda each: (context.headings[each], precedence.get(each, 0.0)),
        )
        return {nearest: _HEADING_OF_FRAGMENT} if nearest in LISTED else {}
    return {}


def is_sentence(reading: Reading) -> bool:
    """Return whether a clause has a subject of its own, so that it speaks for itself."""
    return reading.does("sentence") and not reading.does("fragment")


def kind_of(reading: Reading, category: str, context: Context, language: Language) -> str:
    """Return how far a clause binds the one who wrote it."""
    if category in {"disclaimer", "user-duty"}:
        return category
    said = {hit.rule.value for hit in reading.of("kind", category)}
    if any(True for _ in reading.of("vague", category)):
        said.add("vague")
    inherited = _inherited(category, context, reading)
    if category == "collect" and context.lead is not None and reading.does("names-data"):
        # "Information that we may receive from banks", in a list, bounds what is collected.
        said.discard("hedged")
    for kind in language.kind_order:
        if kind in said or kind == inherited:
            return kind.partition(",")[0]
    return language.kind_default[category]


def _inherited(category: str, context: Context, reading: Reading) -> str:
    """Return the kind that a lead-in gives to its item, or empty."""
    lead = context.lead
    if lead is None or is_sentence(reading):
        return ""
    if lead.category in _OFFERS and category in _OFFERS:
        return "right"
    if lead.category != category:
        return ""
    if lead.denies:
        return "firm"
    limited = (lead.is_limit or lead.kind == "hedged") and not lead.to_whom
    if category in {"share", "delete"} and limited:
        return "conditional"
    return "hedged" if category == "compliance" and lead.is_limit else ""


def duties_of(
    reading: Reading, category: str, context: Context, language: Language
) -> tuple[str, ...]:
    """Return the duties that the words state, or those of the category where they name none."""
    found: dict[str, None] = dict.fromkeys(language.duty_always.get(category, ()))
    needed = {hit.rule.value for hit in reading.of("duty-needs")}
    shunned = {hit.rule.value for hit in reading.of("duty-unless_says")}
    settled = False
    alone: set[str] = set()
    despite: set[str] = set()
    for hit in reading.of("duty", category):
        rule, number = hit.rule, str(hit.rule.number)
        if "heading" in rule.flags or number in shunned:
            continue
        if "needs" in rule.flags and number not in needed:
            continue
        found[rule.value] = None
        settled = settled or "with_fallback" not in rule.flags
        if "alone" in rule.flags:
            alone.add(rule.value)
        if "despite" in rule.flags:
            despite.add(rule.value)
    if alone:
        return tuple(sorted(alone | despite))
    if category == "collect" and context.is_item:
        found.update(dict.fromkeys(context.sources))
    if not settled:
        found.update(dict.fromkeys(language.duty_fallback.get(category, ())))
    return tuple(sorted(found))

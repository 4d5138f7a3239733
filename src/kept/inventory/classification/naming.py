"""What a field's name says that it holds, and which of its words say otherwise."""

from dataclasses import dataclass, field
from functools import lru_cache

from kept.inventory.classification.lexicon import (
    Meaning,
    Phrase,
    Role,
    Strength,
    known_words,
    lexicon,
)
from kept.vocabulary.data_category import DataCategory

_SHORTEST_TELLING = 3
_PLACEHOLDERS = frozenset(
    [
        "col",
        "fld",
        "prop",
        "property",
        "coluna",
        "alan",
        "sutun",
        "veld",
        "kolom",
        "حقل",
        "عمود",
        "column",
        "field",
        "var",
        "variable",
        "val",
        "value",
        "values",
        "attr",
        "attribute",
        "data",
        "item",
        "unnamed",
        "string",
        "str",
        "text",
        "txt",
        "char",
        "varchar",
        "raw",
        "key",
        "feature",
        "input",
        "output",
        "tmp",
        "temp",
        "misc",
        "extra",
        "custom",
        "info",
        "param",
        "arg",
        "element",
        "entry",
        "cell",
        "colonne",
        "champ",
        "spalte",
        "feld",
        "campo",
        "columna",
        "valeur",
        "wert",
    ]
)
_REFERENCE_WORDS = frozenset({"id", "ids", "fk", "uuid", "guid", "key", "ref"})
_PREPOSITIONS = frozenset({("at",), ("on",), ("in",), ("out",), ("since",), ("until",)})
"""They turn a meaning at the end of a name: ``email_changed_on``, not ``party_at_election``."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One phrase of a name, and the category that it means.

    Attributes:
        meaning: The category, how surely, and in which language.
        phrase: The words.
        turned_by: A word of the name that says that the field tells something about
            it and does not hold it (``"verified"``); empty where there is none.
    """

    meaning: Meaning
    phrase: Phrase
    turned_by: str = ""

    @property
    def category(self) -> DataCategory:
        """The category."""
        return self.meaning.category


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name says.

    Attributes:
        claims: Per category the phrase that means it, in the name's order.
        person: A word for people that stands in the name (``"customer"``), or empty.
        thing: A word for things that stands in the name (``"product"``), or empty.
        reference: Whether the name is a person's word and ``id``: a reference to one.
        silent: Whether a phrase says that the field holds nothing of the kind.
        machine: Whether it claims nothing and has a word for machines: ``node_ip``.
        unread: Words that mean nothing known.
        roles: What its phrases say where they are no meanings.
    """

    claims: tuple[Claim, ...] = ()
    person: str = ""
    thing: str = ""
    reference: bool = False
    silent: bool = False
    machine: bool = False
    unread: Phrase = ()
    roles: frozenset[Role] = frozenset()

    @property
    def tells(self) -> bool:
        """Whether the name has a word that means something, known or not: ``col_7`` has none."""
        return bool(self.claims or self.silent or self.thing or self.person) or any(
            len(word) >= _SHORTEST_TELLING and word not in _PLACEHOLDERS for word in self.unread
        )

    def claim(self, category: DataCategory) -> Claim | None:
        """Return what is claimed of `category`."""
        return next((each for each in self.claims if each.category is category), None)


@dataclass(slots=True)
class _Pieces:
    """The words of a name, cut into the longest known phrases, in order."""

    meanings: list[tuple[int, int, Phrase]] = field(default_factory=list)
    roles: list[tuple[int, int, Phrase]] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)


@lru_cache(maxsize=100_000)
def read_name(name: str) -> Reading:
    """Return what `name` says that its field holds.

    A longer phrase wins over a shorter one inside it, so that ``company name`` is no
    person's name; words that stand after a meaning can turn it, so that
    ``email_verified`` is no mail address.
    """
    words = known_words(name)
    pieces = _cut(words)
    claims: dict[DataCategory, Claim] = {}
    claimed = {at for start, end, _ in pieces.meanings for at in range(start, end)}
    heads = _heads(pieces, words)
    for start, end, phrase in heads:
        for meaning in lexicon().meanings[phrase]:
            turned = _turned_by(words, start, end, claimed, lexicon().spared_of(meaning.category))
            claim = Claim(meaning, phrase, turned)
            known = claims.get(meaning.category)
            if known is None or _surer(claim, known):
                claims[meaning.category] = claim
    return Reading(
        claims=tuple(claims.values()),
        person=_word_with(
            pieces, Role.PEOPLE, [each for each in pieces.meanings if not _only_says_whose(each[2])]
        ),
        thing=_word_with(pieces, Role.THINGS, heads),
        reference=not claims and _refers(words),
        silent=any(
            Role.NEUTRAL in lexicon().roles.get(phrase, frozenset())
            for _, _, phrase in pieces.roles
        ),
        machine=not any(not claim.turned_by for claim in claims.values()) and _of_machines(words),
        unread=tuple(words[index] for index in pieces.unread),
        roles=frozenset(
            role
            for _, _, phrase in pieces.roles
            for role in lexicon().roles.get(phrase, frozenset())
        ),
    )


def _cut(words: Phrase) -> _Pieces:
    """Cut `words` into the longest known phrases; ties go to the one further right.

    Further right, because the last noun of an English compound is what it is.
    """
    known = lexicon()
    pieces, taken = _Pieces(), [False] * len(words)
    for length in range(min(known.longest, len(words)), 0, -1):
        for start in range(len(words) - length, -1, -1):
            if any(taken[start : start + length]):
                continue
            phrase = _spelling(words[start : start + length])
            if phrase in known.meanings and not _neutral(phrase):
                pieces.meanings.append((start, start + length, phrase))
            if phrase in known.roles:
                pieces.roles.append((start, start + length, phrase))
            if phrase in known.meanings or _neutral(phrase):
                taken[start : start + length] = [True] * length
    pieces.meanings.sort()
    pieces.unread = [
        index
        for index, word in enumerate(words)
        if not taken[index] and not word.isdigit() and (word,) not in known.roles
    ]
    return pieces


_CONJUNCTIONS = frozenset({"and", "or", "et", "ou", "und", "oder", "y", "o", "و"})
_HEAD_FIRST = frozenset({"fr", "es", "ar", "latn"})
_Piece = tuple[int, int, Phrase]


def _heads(pieces: _Pieces, words: Phrase) -> list[_Piece]:
    """Return the pieces that say what the field is; others say whose or of what it is.

    ``comment_author_email`` is a mail address. In a compound of English or German the
    last noun is the head, in French, Spanish and Arabic the first. Parts of an address
    or of a name stand side by side, and so does what a conjunction joins.
    """
    found = [each for each in pieces.meanings if not _only_says_whose(each[2])]
    if not found:
        told = bool(pieces.unread)
        return [each for each in pieces.meanings if not (told and _is_people(each[2]))]
    last = pieces.meanings[-1]
    if last not in found and all(_is_text(phrase) for _, _, phrase in found):
        return [last]  # the author of a comment is a person
    if len(found) == 1 or _CONJUNCTIONS.intersection(words):
        return found
    known = lexicon().meanings
    families = {
        tuple(meaning.category.split(".")[:3])
        for _, _, phrase in found
        for meaning in known[phrase]
    }
    if len(families) == 1 or {family[:2] for family in families} == {("user", "name")}:
        return found
    first = any(
        all(meaning.language in _HEAD_FIRST for meaning in known[phrase]) for _, _, phrase in found
    )
    return [found[0] if first else found[-1]]


def _is_text(phrase: Phrase) -> bool:
    content = DataCategory.USER_CONTENT
    return all(content.covers(each.category) for each in lexicon().meanings[phrase])


def _is_people(phrase: Phrase) -> bool:
    return Role.PEOPLE in lexicon().roles.get(phrase, frozenset())


def _spelling(words: Phrase) -> Phrase:
    """Return `words` as the lexicon has them: apart, or written in one."""
    known = lexicon()
    if len(words) > 1 and words not in known.meanings and words not in known.roles:
        glued = ("".join(words),)
        if glued in known.meanings:
            return glued
    return words


def _only_says_whose(phrase: Phrase) -> bool:
    """Whether `phrase` beside another meaning tells whose it is: ``author`` in author_email."""
    return all(
        each.strength is Strength.WEAK and each.category is DataCategory.USER_NAME
        for each in lexicon().meanings[phrase]
    )


def _neutral(phrase: Phrase) -> bool:
    return Role.NEUTRAL in lexicon().roles.get(phrase, frozenset())


def _turned_by(
    words: Phrase, start: int, end: int, claimed: set[int], spared: frozenset[Phrase]
) -> str:
    """Return the word that turns the meaning at `start`…`end`, or an empty text.

    Words that are `claimed` by another meaning turn none, nor do those that it `spared`.
    """
    known = lexicon()
    free = {
        at: word for at, word in enumerate(words) if at not in claimed and (word,) not in spared
    }
    for word in free.values():
        if (word,) in known.anywhere:
            return word
    for length in (2, 1):
        following = words[end : end + length]
        if len(following) == length and end in free and following in known.after:
            if following in _PREPOSITIONS and end + length < len(words):
                continue
            return " ".join(following)
    last = len(words) - 1
    if last >= end and last in free and words[last:] in known.after:
        return words[last]
    for length in (3, 2, 1):
        preceding = words[max(0, start - length) : start]
        if len(preceding) == length and start - 1 in free and preceding in known.before:
            return " ".join(preceding)
    return words[0] if start > 0 and 0 in free and words[:1] in known.before else ""


_SURENESS = {Strength.STRONG: 2, Strength.PLAIN: 1, Strength.WEAK: 0}


def _surer(one: Claim, other: Claim) -> bool:
    if bool(one.turned_by) is not bool(other.turned_by):
        return not one.turned_by
    return _SURENESS[one.meaning.strength] > _SURENESS[other.meaning.strength]


def _word_with(pieces: _Pieces, role: Role, meanings: list[_Piece]) -> str:
    """Return the last phrase with `role` that is none of `meanings` itself.

    Of what a name says only whose it is, the organisation of ``organisation_city`` is one.
    """
    roles = lexicon().roles
    meant = {(start, end) for start, end, _ in meanings}
    found = [
        (start, phrase)
        for start, end, phrase in pieces.roles
        if role in roles[phrase]
        and not any(first <= start and end <= last for first, last in meant)
    ]
    return " ".join(max(found)[1]) if found else ""


def _of_machines(words: Phrase) -> bool:
    roles = lexicon().roles
    return any(Role.MACHINES in roles.get((word,), frozenset()) for word in words)


def _refers(words: Phrase) -> bool:
    """Whether the name is a word for people and ``id``: ``customer_id``."""
    roles = lexicon().roles
    return (
        len(words) > 1
        and words[-1] in _REFERENCE_WORDS
        and any(Role.PEOPLE in roles.get((word,), frozenset()) for word in words[:-1])
    )

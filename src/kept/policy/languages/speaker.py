"""What a text calls the one who wrote it: "Tidewell collects" says "we collect".

A name takes the place of its words, and each text has names of its own: they are looked for
in all of it before any stretch is read. `persons` and `voice` differ in both. What those two
say of a word is a second form beside its own, and their words are known beforehand.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kept.policy.languages.matching import bits
from kept.policy.words import Word, Words

_BEGINNING = 2_000
_MOST_NAMES = 8
# A text of nothing but names costs no more than its length.
_MOST_ASKED = 100
_COUNTED = 100_000
_MOST_CANDIDATES = 60
_OFTEN = 3
# Names of people and firms are written with capitals: one word in four may be without.
_LOWER_SHARE = 4
_NAME = r"[A-Z][\w&-]{1,30}(?:\.(?:com|net|org|io|app|co))?(?:[ ][A-Z][\w&-]{1,30}){0,3}"
_BRACKET = re.compile(rf"(?P<before>{_NAME})?[^()\n]{{0,20}}\((?P<inside>[^()\n]{{2,160}})\)")
_QUOTED = re.compile(r"\"([^\"\n]{2,40})\"")
_PARTS = re.compile(r"[^\W_]+|&")


@dataclass(frozen=True, slots=True)
class Speaker:
    """How a language lets a company speak of itself.

    Attributes:
        subject: The word for the one who speaks: "we".
        owner: The word for what is theirs: "our".
        addressed: The word for the one to whom something is done: "us".
        themselves: Words that say that the one who speaks is meant: "we", "us", "our".
        acts: Words after a name that make it the one who speaks.
        roles: Names by which contracts call the one who speaks: "the company".
        others: Names that are somebody or something else: "user", "services".
        towards: Words after which something is done to the one who speaks: "contact".
        things: What belongs to a name that stands right before it: "the Tidewell app".
    """

    subject: str
    owner: str
    addressed: str
    themselves: frozenset[str]
    acts: tuple[str, ...]
    roles: tuple[str, ...]
    others: frozenset[str]
    towards: frozenset[str]
    things: frozenset[str]


def speaker_of(table: Mapping[str, str]) -> Speaker:
    """Return the speaker of a language, from the table in its ``words.toml``."""
    lists = {key: tuple(value.split("|")) for key, value in table.items()}
    return Speaker(
        subject=table["subject"],
        owner=table["owner"],
        addressed=table["addressed"],
        themselves=frozenset(lists["themselves"]),
        acts=lists["acts"],
        roles=lists["roles"],
        others=frozenset(lists["others"]),
        towards=frozenset(lists["towards"]),
        things=frozenset(lists["things"]),
    )


def names_in(text: str, speaker: Speaker) -> tuple[tuple[str, ...], ...]:
    """Return the names by which `text` calls the one who wrote it, as words, longest first.

    A name is one that the text itself gives ("... Ltd ("Tidewell", "we")"), or one that
    stands near the beginning and does what only the one who speaks does.
    """
    # Where a text is wrapped says nothing: a name may end one line and act on the next.
    text = text.replace("\n", " ")
    beginning = text[:_BEGINNING]
    candidates = dict.fromkeys([*_given(beginning, speaker), *_acting(text, beginning, speaker)])
    names = {
        tuple(_PARTS.findall(name.lower()))
        for name in list(candidates)[:_MOST_CANDIDATES]
        if _is_name(name, text, speaker)
    }
    names |= set(_roles(text, speaker))
    names -= {()}
    return tuple(sorted(names, key=lambda each: (-len(each), each))[:_MOST_NAMES])


def spoken(words: Words, text: str, names: Sequence[tuple[str, ...]], speaker: Speaker) -> Words:
    """Return `words` with the names of the one who speaks as "we", "us" and "our"."""
    firsts = {name[0] for name in names}
    if firsts.isdisjoint(word.form for word in words.words):
        return words
    forms = tuple(word.form for word in words.words)
    kept: list[Word] = []
    at, moved = 0, []
    while at < len(forms):
        name = _name_at(forms, at, names) if forms[at] in firsts else ()
        moved.extend([len(kept)] * max(1, len(name)))
        if not name:
            kept.append(words.words[at])
            at += 1
            continue
        after = at + len(name)
        first, last = words.words[at], words.words[after - 1]
        following = forms[after] if after < len(forms) else ""
        before = forms[at - 1] if at else ""
        owned = text[last.end - 2 : last.end] == "'s" or following in speaker.things
        form = speaker.owner if owned else speaker.subject
        form = speaker.addressed if not owned and before in speaker.towards else form
        kept.append(Word(form, first.start, last.end))
        at = after
    moved.append(len(kept))
    marks = {mark: _moved(places, moved) for mark, places in words.marks.items()}
    return Words(tuple(kept), marks)


def _name_at(forms: tuple[str, ...], at: int, names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the name whose words stand at a place, or none."""
    return next((each for each in names if forms[at : at + len(each)] == each), ())


def _moved(places: int, moved: Sequence[int]) -> int:
    """Return bits at the places to which their words were moved."""
    return sum({1 << moved[place] for place in bits(places)})


def _given(beginning: str, speaker: Speaker) -> Iterator[str]:
    """Yield the names that brackets near the beginning give."""
    for found in _BRACKET.finditer(beginning):
        quoted = _QUOTED.findall(found["inside"])
        if not quoted:
            continue
        own = any(each.lower() in speaker.themselves for each in quoted)
        if own and found["before"]:
            yield found["before"]
        yield from (each for each in quoted if own or found["before"])


def _acting(text: str, beginning: str, speaker: Speaker) -> Iterator[str]:
    """Yield what stands near the beginning and does what the one who speaks does."""
    acts = "|".join(map(re.escape, speaker.acts))
    asked: dict[str, None] = {}
    for found in re.finditer(rf"(?<![\w.@/-])({_NAME})(?:'s)?[ ](?:{acts})\b", text):
        if found[1] in asked:
            continue
        if len(asked) >= _MOST_ASKED:
            return
        asked[found[1]] = None
        words = found[1].split(" ")
        endings = {" ".join(words[at:]).lower() for at in range(len(words))}
        if endings & speaker.others:
            continue
        # "When Tidewell collects": what may be a name is the end of what has capitals.
        for skipped in range(len(words)):
            name = " ".join(words[skipped:])
            if name in beginning and _is_name(name, text, speaker):
                yield name
                break


def _is_name(name: str, text: str, speaker: Speaker) -> bool:
    """Return whether words are a name: they have capitals wherever they stand."""
    plain = name.lower()
    if plain in speaker.others | speaker.themselves or not name[0].isupper():
        return False
    first = re.escape(name.split(" ", maxsplit=1)[0])
    counted = text[:_COUNTED]
    if first.lower() not in counted:
        return name[0] != first.lower()[0]
    capital = len(re.findall(rf"(?<![\w.@/-]){first}(?![\w@])", counted))
    small = len(re.findall(rf"(?<![\w.@/-]){first.lower()}(?![\w@])(?!\.\w)", counted))
    return small * _LOWER_SHARE <= capital if name[0] != first.lower()[0] else False


def _roles(text: str, speaker: Speaker) -> Iterator[tuple[str, ...]]:
    """Yield the roles in which the one who speaks acts: "the Company shall"."""
    acts = "|".join(map(re.escape, speaker.acts))
    roles = "|".join(map(re.escape, speaker.roles))
    counted: dict[tuple[str, ...], int] = {}
    for found in re.finditer(rf"\b([Tt]he (?:{roles})) (?:{acts})\b", text, re.IGNORECASE):
        role = tuple(found[1].lower().split())
        written = found[1].split(" ", 1)[1]
        counted[role] = counted.get(role, 0) + (_OFTEN if written[0].isupper() else 1)
    yield from (role for role, count in counted.items() if count >= _OFTEN)

"""In which language a passage is written."""

import re
import tomllib
from collections import Counter, defaultdict
from functools import cache
from importlib.resources import files

READ = ("en", "fr", "ar")
"""Languages that the reader is made for."""
OTHER = "und"
"""A language that is none of them, or none that could be told."""

_WORD = re.compile(r"[^\W\d_]+(?:'(?=[^\W\d_]))?")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]")
# Letters that Arabic does not have, and Persian, Urdu, Pashto or Kurdish do.
_NOT_ARABIC = re.compile(r"[پچژگکیےہھٹڈڑںۆێڵۇۀټډړښڼځڅ]")
# Letters that English and French do not have, and their neighbours do.
_NOT_LATIN_READ = re.compile(r"[ßäöüñ¿¡ãõìòåøşğıłżźćąęășțđơưőűěřůčšž]")
_LATIN = re.compile(r"[a-zà-ſ]")
_SAMPLE = 3_000
_FOREIGN_LETTER = 0.34
_ARABIC_SHARE = 0.5


@cache
def _profiles() -> dict[str, tuple[str, ...]]:
    """Return which languages each common word belongs to."""
    text = (files("kept.policy.languages") / "recognition.toml").read_text("utf-8")
    words: dict[str, set[str]] = defaultdict(set)
    for tag, listed in tomllib.loads(text).items():
        for word in listed.split():
            words[word].add(tag)
    return {word: tuple(sorted(tags)) for word, tags in words.items()}


def votes(text: str, start: int, end: int) -> Counter[str]:
    """Return how strongly ``text[start:end]`` looks like each language.

    A passage longer than a few thousand characters is judged by its beginning.
    """
    sample = text[start : min(end, start + _SAMPLE)].lower()
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return Counter()
    if not sample.isascii() and len(_ARABIC.findall(sample)) >= _ARABIC_SHARE * letters:
        return _arabic_votes(sample)
    counted: Counter[str] = Counter()
    profiles = _profiles()
    for word in _WORD.findall(sample):
        for tag in profiles.get(word, ()):
            counted[tag] += 1
    foreign = 0 if sample.isascii() else len(_NOT_LATIN_READ.findall(sample))
    latin = letters if sample.isascii() else len(_LATIN.findall(sample))
    if latin < letters / 2:
        return Counter({OTHER: letters})
    if foreign:
        others = [count for tag, count in counted.items() if tag not in READ]
        counted[OTHER] = max(others, default=0) + int(foreign * _FOREIGN_LETTER) + 1
    return +counted


def script(text: str, start: int, end: int) -> str:
    """Return ``"arabic"``, ``"latin"`` or empty: what most letters of a passage are."""
    sample = text[start : min(end, start + _SAMPLE)]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return ""
    if sample.isascii():
        return "latin"
    return "arabic" if len(_ARABIC.findall(sample)) * 2 >= letters else "latin"


def _arabic_votes(sample: str) -> Counter[str]:
    profiles = _profiles()
    counted = Counter({"ar": 1})
    for word in _WORD.findall(sample):
        for tag in profiles.get(word, ()):
            counted[tag] += 1
    foreign = len(_NOT_ARABIC.findall(sample))
    if foreign > 0.02 * len(sample):
        counted["ar"] = 0
        counted[OTHER] += foreign
    return +counted


def language_of(counted: Counter[str], *, least: int = 2) -> str:
    """Return the language that `votes` speak for, `OTHER`, or empty where they do not tell.

    A read language wins only if no other one has as many votes: "de" and "la" are
    French, and Spanish too.
    """
    if not counted:
        return ""
    best = max(counted.values())
    if best < least:
        return ""
    leaders = [tag for tag, count in counted.items() if count == best]
    if not any(tag in READ for tag in leaders):
        return OTHER
    return leaders[0] if len(leaders) == 1 else ""

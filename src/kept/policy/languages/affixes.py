"""Under which forms a word of a language with joined particles is looked up.

Arabic writes "and", "for", "by", "the", "will" and pronouns together with the word they
belong to: "وسنبلغكم" is "and", "will", "we tell" and "you". A lexicon lists the bare word,
and each word of a text is looked up under every form that taking such particles off
leaves. Which of them is meant need not be known: a form that no lexicon lists finds nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kept.policy.words import FEMININE, bare

_LEAST_JOINED = 2


@dataclass(frozen=True, slots=True)
class Affixes:
    """The particles that a language joins to words.

    Attributes:
        conjunctions: Particles that stand before all others.
        joining: Those of them that join two clauses that stand side by side.
        prefixes: What may follow them, with the fewest letters that must be left.
        suffixes: What may stand at the end, with the fewest letters that must be left.
        same: Suffixes that say the same as another one, which stands for them.
        endings: Letters that change before a suffix, and what they are without one.
    """

    conjunctions: tuple[str, ...]
    joining: tuple[str, ...]
    prefixes: Mapping[str, int]
    suffixes: Mapping[str, int]
    same: Mapping[str, str]
    endings: Mapping[str, str]

    def joins(self, word: str) -> bool:
        """Return whether `word` may begin with a particle that joins clauses."""
        return word.startswith(self.joining) and len(word) > _LEAST_JOINED

    def forms(self, word: str) -> tuple[str, ...]:
        """Return the forms of `word`, itself first, each once."""
        found: dict[str, None] = {word: None}
        found.update(
            dict.fromkeys(end for begun in self._begun(word) for end in self._ended(begun))
        )
        return tuple(dict.fromkeys(bare(form) for form in found))

    def _begun(self, word: str) -> Iterator[str]:
        """Yield `word` with what stands before it taken off step by step."""
        starts = [word]
        if word.startswith(self.conjunctions) and len(word) > _LEAST_JOINED:
            starts.append(word[1:])
        for start in starts:
            yield start
            for prefix, least in self.prefixes.items():
                if start.startswith(prefix) and len(start) - len(prefix) >= least:
                    yield start[len(prefix) :]

    def _ended(self, word: str) -> Iterator[str]:
        """Yield `word` with and without what stands after it."""
        yield word
        if word.endswith(FEMININE):
            return
        for suffix, least in self.suffixes.items():
            if not word.endswith(suffix) or len(word) - len(suffix) < least:
                continue
            stem = word[: -len(suffix)]
            yield stem
            for changed, plain in self.endings.items():
                if stem.endswith(changed):
                    yield stem[: -len(changed)] + plain
            if suffix in self.same:
                yield stem + self.same[suffix]

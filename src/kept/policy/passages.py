"""Which passages of a text are in which language."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kept.policy.languages.recognition import OTHER, READ, language_of, script, votes
from kept.policy.structure import Block

_SURE = 3


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages of a text.

    Attributes:
        main: The read language with most words, empty where there is none.
        of_block: The language of each block.
    """

    main: str
    of_block: tuple[str, ...]


def tongues(text: str, blocks: Sequence[Block]) -> Tongues:
    """Tell the language of each block; one too short to tell takes its neighbour's.

    A single block is believed where it is sure; otherwise what stands around it counts
    too, so that a heading of two words does not make a text bilingual.
    """
    counted = [votes(text, block.start, block.end) for block in blocks]
    total: Counter[str] = sum(counted, Counter())
    whole = language_of(total, least=1)
    told = [language_of(each, least=_SURE) or _unsure(each, whole) for each in counted]
    _fill(told, [script(text, block.start, block.end) for block in blocks], whole)
    lengths: Counter[str] = Counter()
    for block, tongue in zip(blocks, told, strict=True):
        lengths[tongue] += block.end - block.start
    main = max(READ, key=lambda tag: (lengths[tag], -READ.index(tag)))
    return Tongues(main if lengths[main] else "", tuple(told))


def _unsure(counted: Counter[str], whole: str) -> str:
    """Return the language of a block with few votes: the text's, where nothing speaks against it."""
    if set(counted) == {OTHER}:
        return OTHER
    if not counted:
        return ""
    best = max(counted.values())
    # "de" is Spanish and Portuguese too: one word more is no language of its own.
    near = counted.get(whole, 0) >= max(1, best - 1)
    return whole if near else language_of(counted, least=2)


def _fill(told: list[str], scripts: Sequence[str], whole: str) -> None:
    """Give each block that is not told the language before it, or after it, in its script."""
    nearest: dict[str, str] = {}
    for tongue, letters in zip(reversed(told), reversed(scripts), strict=True):
        nearest[letters] = tongue or nearest.get(letters, "")
    for index, letters in enumerate(scripts):
        nearest[letters] = told[index] or nearest.get(letters, "")
        told[index] = nearest[letters] or whole

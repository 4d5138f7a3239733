"""How is one policy taken apart before its clauses are read?"""

from dataclasses import dataclass, replace

from kept.policy.density import check_density
from kept.policy.enumerations import unfold
from kept.policy.errors import PolicyLanguageError
from kept.policy.extraction.extracted import Extracted
from kept.policy.extraction.extraction import extract
from kept.policy.inline import part_inline
from kept.policy.languages.language import Language
from kept.policy.languages.loading import load
from kept.policy.outline import Place, outline
from kept.policy.passages import Tongues, tongues
from kept.policy.source import Source
from kept.policy.structure import Block, Part, read_blocks
from kept.policy.view import View, view
from kept.promises.promise import Clause

_CHROME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Text:
    """One source, taken apart.

    Attributes:
        source: What it was.
        decoded: Its characters.
        view: What is read of them.
        blocks: Its headings, lead-ins, items and paragraphs.
        places: Where each of them stands.
        tongues: The language of each.
        reading: Tags of the languages that are read.
    """

    source: Source
    decoded: Extracted
    view: View
    blocks: list[Block]
    places: list[Place]
    tongues: Tongues
    reading: tuple[str, ...]

    @property
    def languages(self) -> list[Language]:
        """The languages that are read, as far as anything is in them."""
        return [load(tag) for tag in self.reading if tag in self.tongues.of_block]

    def clause(self, tag: str, start: int, end: int) -> Clause:
        """Return a stretch of the view as words of the file."""
        first, last = self.view.raw_span(start, end)
        return Clause(
            document=self.source.name,
            start=first,
            end=last,
            quote=self.decoded.text[first:last],
            language=tag,
        )


def take_apart(source: Source, reading: tuple[str, ...]) -> Text:
    """Return a policy as blocks, each with its place and its language.

    Raises:
        UnreadablePolicyError: It is empty, binary, too large, in no known encoding or in none
            of the languages; the subclass says which.
    """
    decoded = extract(source.content, source.name)
    seen = view(decoded.text)
    blocks = unfold(seen.text, read_blocks(seen.text))
    check_density(seen.text, blocks)
    told = tongues(seen.text, blocks)
    if not told.main:
        raise PolicyLanguageError("the policy is not in English, French or Arabic")
    languages = {tag: load(tag) for tag in reading if tag in told.of_block}
    blocks, tags = part_inline(seen.text, blocks, told.of_block, languages)
    told = replace(told, of_block=tags)
    return Text(source, decoded, seen, blocks, outline(blocks), told, reading)


def chrome_of(text: Text, language: Language) -> set[int]:
    """Return the blocks that belong to the page: its own lines, and a table of contents."""
    words = text.view.text
    heads = {
        words[block.start : block.end].casefold()
        for block in text.blocks
        if block.part is Part.HEADING
    }
    chrome = set()
    for index, block in enumerate(text.blocks):
        if text.tongues.of_block[index] != language.tag or block.end - block.start > _CHROME_LENGTH:
            continue
        in_contents = (
            block.part is not Part.HEADING
            and words[block.start : block.end].rstrip(" .:").casefold() in heads
        )
        if in_contents or language.is_chrome(language.words(words, block.start, block.end)):
            chrome.add(index)
    return chrome

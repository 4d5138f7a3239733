"""Which words any stretch of a text holds, when the text is taken apart once."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping

from kept.policy.words import MAX_WORDS, Word, Words, read_words, tokens

_LEAST = 2_000
_MOST = 20_000
_REMEMBERED = 200


class TakenApart:
    """A text that is taken apart a few lines at a time, as stretches of them are asked for.

    No word goes on in the next line. What a stretch holds is what its lines hold there,
    as long as it begins and ends where no word of the line goes on.
    """

    def __init__(
        self,
        text: str,
        contractions: Mapping[str, tuple[str, ...]],
        letters: Mapping[int, str],
    ) -> None:
        self._text = text
        self._contractions = contractions
        self._letters = letters
        self._edges = _edges(text)
        self._pieces: dict[int, _Piece] = {}

    def words(self, start: int, end: int) -> Words:
        """Return the words of ``text[start:end]``, as `read_words` does."""
        number = bisect_right(self._edges, start) - 1
        first, last = self._edges[number], self._edges[number + 1]
        if end <= last and last - first <= _MOST:
            piece = self._pieces.get(number)
            if piece is None:
                if len(self._pieces) >= _REMEMBERED:
                    self._pieces.clear()
                piece = self._pieces[number] = self._piece(first, last)
            words = piece.words_of(start, end)
            if words is not None:
                return words
        return read_words(self._text, start, end, self._contractions, self._letters)

    def _piece(self, start: int, end: int) -> "_Piece":
        piece = _Piece()
        words, marks = piece.words, piece.marks
        for at, mark, several in tokens(self._text, start, end, self._contractions, self._letters):
            if several:
                piece.starts.append(at)
                piece.ends.append(several[0].end)
                piece.first_words.append(len(words))
                words.extend(several)
            else:
                marks.append((at, mark, len(words)))
        piece.first_words.append(len(words))
        return piece


class _Piece:
    """The words and marks of a few lines, in order.

    Attributes:
        words: Every word.
        starts: Where each word as written starts; a contraction is several words.
        ends: Where it ends.
        first_words: The position in `words` of its first one, and of the end of all.
        marks: Place, mark, and the position of the word before which it stands.
    """

    __slots__ = ("ends", "first_words", "marks", "starts", "words")

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.first_words: list[int] = []
        self.marks: list[tuple[int, str, int]] = []

    def words_of(self, start: int, end: int) -> Words | None:
        """Return the words from `start` to `end`, or ``None`` where these cut a word."""
        first = bisect_left(self.starts, start)
        after = bisect_left(self.starts, end, first)
        if (first and self.ends[first - 1] > start) or (after and self.ends[after - 1] > end):
            return None
        begin = self.first_words[first]
        stop = bisect_left(self.first_words, begin + MAX_WORDS, first, after)
        until = self.starts[stop] if stop < after else end
        marks: dict[str, int] = {}
        for at in range(bisect_left(self.marks, (start,)), bisect_left(self.marks, (until,))):
            _, mark, before = self.marks[at]
            marks[mark] = marks.get(mark, 0) | 1 << before - begin
        return Words(tuple(self.words[begin : self.first_words[stop]]), marks)


def _edges(text: str) -> list[int]:
    """Return where each piece of a text begins, at the beginning of a line, and its end."""
    edges = [0]
    while (newline := text.find("\n", edges[-1] + _LEAST)) >= 0:
        edges.append(newline + 1)
    edges.append(len(text) + 1)
    return edges

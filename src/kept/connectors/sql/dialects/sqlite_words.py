"""How SQL text is cut into words, and what SQLite tells only in the text it keeps.

SQLite has no view of check constraints or of a trigger's event; it keeps the text of
the statement that made them. The text is cut as SQLite's tokenizer cuts it, so that a
word inside a string, a comment or a quoted name is never taken for a keyword.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    | (?P<word>[^\W\d][\w$]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_EVENTS = frozenset({"DELETE", "INSERT", "UPDATE"})


@dataclass(frozen=True, slots=True)
class Word:
    """One token of an SQL text.

    Attributes:
        text: A keyword or bare name as written, a quoted name without its quotes, or
            one other character.
        start: Offset of its first character.
        end: Offset after its last.
        bare: Whether it stood unquoted, so that it can be a keyword.
    """

    text: str
    start: int
    end: int
    bare: bool = True

    def means(self, keyword: str) -> bool:
        """Return whether it is `keyword`, which is given in capitals."""
        return self.bare and self.text.upper() == keyword


def words(sql: str) -> Iterator[Word]:
    """Yield the tokens of `sql` without space, comments and strings."""
    for found in _WORD.finditer(sql):
        match found.lastgroup:
            case "quoted":
                yield Word(_unquoted(found.group()), found.start(), found.end(), bare=False)
            case "word" | "other":
                yield Word(found.group(), found.start(), found.end())
            case _:
                continue


def checks(sql: str) -> tuple[str, ...]:
    """Return the conditions of the CHECK constraints in a ``CREATE TABLE``.

    Examples:
        >>> checks("CREATE TABLE t (a TEXT DEFAULT 'check (x)', CHECK (a <> ')' AND (1)))")
        ("a <> ')' AND (1)",)
    """
    found: list[str] = []
    depth, opened, waiting = 0, 0, False
    inside = 0
    for word in words(sql):
        if word.bare and word.text == "(":
            depth += 1
            if waiting:
                opened, inside = word.end, depth
        elif word.bare and word.text == ")":
            if inside and depth == inside:
                found.append(sql[opened : word.start].strip())
                inside = 0
            depth -= 1
        waiting = not inside and word.means("CHECK")
    return tuple(found)


def trigger_event(sql: str) -> str:
    """Return ``"DELETE"``, ``"INSERT"`` or ``"UPDATE"`` of a ``CREATE TRIGGER``.

    Examples:
        >>> trigger_event('CREATE TRIGGER "delete" AFTER UPDATE OF a ON t BEGIN SELECT 1; END')
        'UPDATE'
    """
    # A bare name could be an event's word only where SQLite would not parse it.
    for word in words(sql):
        if word.bare and word.text.upper() in _EVENTS:
            return word.text.upper()
    return ""


def names_in(sql: str) -> frozenset[str]:
    """Return every name and keyword in `sql`, lower-case."""
    return frozenset(word.text.lower() for word in words(sql))


def virtual_module(sql: str) -> str:
    """Return the module of a ``CREATE VIRTUAL TABLE … USING module(…)``."""
    after = False
    for word in words(sql):
        if after:
            return word.text.lower()
        after = word.means("USING")
    return ""


def _unquoted(text: str) -> str:
    mark, inner = text[0], text[1:-1]
    return inner if mark == "[" else inner.replace(mark * 2, mark)

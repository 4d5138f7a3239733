"""How much a number written in several words is: "quatre-vingt-dix", "forty-five"."""

from collections.abc import Collection, Mapping, Sequence

_MOST_WORDS = 8
_TEN = 10
_TEENS = 20
_SCORE = 20
_HUNDRED = 100
_FOUR_SCORE = 4
_SCORES = frozenset({60, 80})
_FROM_SEVENTEEN = range(7, 10)


def number_before(
    forms: Sequence[str], end: int, numbers: Mapping[str, int], joins: Collection[str]
) -> tuple[int, int]:
    """Return the number whose last word stands before `end`, and its first word.

    Words that make no number together are no number: of "one two" the last counts.

    Args:
        forms: The words.
        end: The word after the number.
        numbers: What each word counts.
        joins: Words that may stand between two of them: "vingt et un".

    Returns:
        The number, 0 where there is none, and where it begins.

    Examples:
        >>> tens = {"quatre": 4, "vingt": 20, "dix": 10, "un": 1}
        >>> number_before(["pendant", "quatre", "vingt", "dix", "jours"], 4, tens, {"et"})
        (90, 1)
        >>> number_before(["vingt", "et", "un", "jours"], 3, tens, {"et"})
        (21, 0)
    """
    total, start = 0, end
    for at in _run(forms, end, numbers, joins):
        if forms[at] in joins:
            continue
        value = numbers[forms[at]]
        grown = _grown(total, value)
        total, start = (grown, start) if grown else (value, at)
    return total, start


def _run(
    forms: Sequence[str], end: int, numbers: Mapping[str, int], joins: Collection[str]
) -> range:
    """Return the words before `end` that may be one number."""
    start = end
    while start > max(0, end - _MOST_WORDS):
        form = forms[start - 1]
        joined = form in joins and start < end and start > 1 and forms[start - 2] in numbers
        if form not in numbers and not joined:
            break
        start -= 1
    return range(start, end)


def _grown(total: int, value: int) -> int:
    """Return what `total` and a word after it make together, 0 where they make nothing."""
    rest = total % _HUNDRED
    if not total:
        return 0
    if value == _HUNDRED:
        return total * value if total < _TEN else 0
    if value == _SCORE and rest == _FOUR_SCORE:
        return total - rest + _FOUR_SCORE * _SCORE
    if not rest:
        return total + value if value < _HUNDRED else 0
    if rest == _TEN:
        return total + value if value in _FROM_SEVENTEEN else 0
    limit = _TEENS if rest in _SCORES else _TEN
    return total + value if rest % _TEN == 0 and value < limit else 0

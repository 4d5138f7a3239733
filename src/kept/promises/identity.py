"""Which name a promise has, so that it is known again when the text moves."""

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator

_DIGITS = 12


def promise_ids(promises: Iterable[tuple[str, str]]) -> Iterator[str]:
    r"""Yield an id for each `(quote, category)`, in order.

    An id is made from the words, so that it survives moves, line wraps, letter case and
    Unicode normal forms; the same words again get ``-2``, ``-3`` and so on.

    Examples:
        >>> list(promise_ids([("We  delete it", "delete"), ("we delete\nit", "delete")]))
        ['7e41930eccd9', '7e41930eccd9-2']
    """
    seen: dict[str, int] = {}
    for quote, category in promises:
        plain = " ".join(unicodedata.normalize("NFKC", quote).casefold().split())
        words = f"{unicodedata.normalize('NFKC', plain)}\n{category}"
        name = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"

"""Which name a promise has, so that it is known again when the text moves."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

_DIGITS = 12
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def promise_ids(promises: Iterable[tuple[str, str]]) -> Iterator[str]:
    r"""Yield an id for each `(quote, category)`, in order.

    An id is made from the words, so that it survives moves, line wraps, letter case,
    Unicode normal forms and marks that nobody sees (soft hyphens, directions); the same
    words again get ``-2``, ``-3`` and so on.

    Examples:
        >>> list(promise_ids([("We  delete it", "delete"), ("we delete\nit", "delete")]))
        ['7e41930eccd9', '7e41930eccd9-2']
    """
    seen: dict[str, int] = {}
    for quote, category in promises:
        seen_words = _UNSEEN.sub("", unicodedata.normalize("NFKC", quote))
        plain = " ".join(seen_words.casefold().split())
        words = f"{unicodedata.normalize('NFKC', plain)}\n{category}"
        name = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"

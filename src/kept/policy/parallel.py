"""Which promises of two languages are the same promise."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from kept.promises.promise import Category, Promise

_LEAST_ALIKE = 0.35
_LEAST_SHARED = 0.6
_LEAST_MEAN = 0.82
_LEAST_PROFILE = 0.85
_LEAST_NAMES = 0.2
_LEAST_WITHIN = 0.3
_MOST = 5_000
_MOST_COMPARED = 360_000
_LEAST_WIDTH = 150
_NAME = re.compile(
    r"(?<=[^\W\d_] )[A-Z][\w&.-]+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+|\b[A-Z]{3,}\b|\d{4,}"
)


@dataclass(frozen=True, slots=True)
class Version:
    """What one text says in one language.

    Attributes:
        document: Name of its document.
        language: BCP 47 tag.
        promises: In order.
    """

    document: str
    language: str
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two versions of one policy, and which promises of them are the same.

    Attributes:
        one: The version that was read first.
        other: The other.
        pairs: Positions in both; each is there once at most, both rise.
        alike: How like the promises of the pairs are on average, from 0 to 1.
    """

    one: Version
    other: Version
    pairs: tuple[tuple[int, int], ...]
    alike: float

    @property
    def shared(self) -> float:
        """How much of the longer version has a counterpart."""
        return len(self.pairs) / max(1, len(self.one.promises), len(self.other.promises))


def versions(promises: Sequence[Promise]) -> tuple[Version, ...]:
    """Return what each document says in each language, in the order of first mention."""
    by_text: dict[tuple[str, str], list[Promise]] = {}
    for promise in promises:
        by_text.setdefault((promise.clause.document, promise.clause.language), []).append(promise)
    return tuple(Version(*key, tuple(found)) for key, found in by_text.items())


def alignments(read: Sequence[Version]) -> Iterator[Alignment]:
    """Yield the pairs of versions that are one policy in two languages.

    Two languages in one document are versions of each other where a part of them agrees.
    Two documents are where nearly everything agrees, in order, and names are shared. A
    version is paired once with each other language.
    """
    fit = [each for each in read if 0 < len(each.promises) <= _MOST]
    taken: set[tuple[str, str, str]] = set()
    for _, group in groupby(fit, key=lambda each: each.document):
        first, *others = sorted(group, key=lambda each: -len(each.promises))
        for other in others:
            found = align(first, other)
            if len(found.pairs) >= _LEAST_WITHIN * len(other.promises):
                taken |= {(first.document, first.language, other.language)}
                taken |= {(other.document, other.language, first.language)}
                yield found
    yield from _between(fit, taken)


def _between(
    fit: Sequence[Version], taken: Collection[tuple[str, str, str]]
) -> Iterator[Alignment]:
    """Yield the pairs between documents, the most alike first."""
    used = set(taken)
    profiles = [Counter(each.category for each in version.promises) for version in fit]
    names = [_names(version) for version in fit]
    close = [
        (likeness, -one, -other)
        for one in range(len(fit))
        for other in range(one + 1, len(fit))
        if fit[one].language != fit[other].language
        and fit[one].document != fit[other].document
        and _jaccard(names[one], names[other]) >= _LEAST_NAMES
        and (likeness := _cosine(profiles[one], profiles[other])) >= _LEAST_PROFILE
    ]
    for _, minus_one, minus_other in sorted(close, reverse=True):
        one, other = fit[-minus_one], fit[-minus_other]
        ways = {
            (one.document, one.language, other.language),
            (other.document, other.language, one.language),
        }
        if ways & used:
            continue
        found = align(one, other)
        if found.shared >= _LEAST_SHARED and found.alike >= _LEAST_MEAN:
            used |= ways
            yield found


def align(one: Version, other: Version) -> Alignment:
    """Return the alignment of two versions that keeps most of what they share, in order.

    Takes time in proportion to the product of their lengths, up to a few hundred promises;
    in longer versions, what is one promise stands at about the same place in both, and only
    what does is compared, so that time grows with their length alone.
    """
    rows, columns = len(one.promises), len(other.promises)
    like = _Likeness(one.promises, other.promises)
    band = _Band(rows, columns)
    for i in range(rows - 1, -1, -1):
        row, alike_here, best = band.rows[i], like.row(i), 0.0
        first, end = band.reach(i)
        for j in range(end - 1, first - 1, -1):
            here = alike_here[like.others[j]]
            best = max(best, band.at(i + 1, j))
            if here >= _LEAST_ALIKE:
                best = max(best, here + band.at(i + 1, j + 1))
            row[j - first] = best
    pairs: list[tuple[int, int]] = []
    total, i, j = 0.0, 0, 0
    while i < rows and j < columns:
        here = like.row(i)[like.others[j]]
        if here >= _LEAST_ALIKE and band.at(i, j) == here + band.at(i + 1, j + 1):
            pairs.append((i, j))
            total, i, j = total + here, i + 1, j + 1
        elif band.at(i, j) == band.at(i + 1, j):
            i += 1
        else:
            j += 1
    return Alignment(one, other, tuple(pairs), total / max(1, len(pairs)))


class _Band:
    """The best scores from each pair of places on, near the diagonal."""

    def __init__(self, rows: int, columns: int) -> None:
        self._columns, self._slope = columns, columns / max(1, rows)
        self._width = max(_LEAST_WIDTH, _MOST_COMPARED // max(1, rows, columns))
        self._reach = [self._around(i) for i in range(rows)]
        self.rows = [[0.0] * (end - first) for first, end in self._reach]

    def _around(self, i: int) -> tuple[int, int]:
        middle = int(i * self._slope)
        return max(0, middle - self._width), min(self._columns, middle + self._width + 1)

    def reach(self, i: int) -> tuple[int, int]:
        """Return which places of the other version a place is compared with, half-open."""
        return self._reach[i]

    def at(self, i: int, j: int) -> float:
        """Return the best score from two places on; before the band, that of its beginning."""
        if i >= len(self.rows):
            return 0.0
        first, end = self._reach[i]
        return self.rows[i][max(j, first) - first] if j < end else 0.0


class _Likeness:
    """How alike the promises of two versions are; what says the same is compared once."""

    def __init__(self, ones: Sequence[Promise], others: Sequence[Promise]) -> None:
        self._ones = [_said(each) for each in ones]
        said = [_said(each) for each in others]
        kinds = dict(zip(said, others, strict=True))
        number = {each: at for at, each in enumerate(kinds)}
        self.others = [number[each] for each in said]
        self._kinds = tuple(kinds.values())
        self._first = dict(zip(self._ones, ones, strict=True))
        self._rows: dict[_Said, list[float]] = {}

    def row(self, at: int) -> list[float]:
        """Return how alike a promise is to each kind of the others, numbered by `others`."""
        said = self._ones[at]
        row = self._rows.get(said)
        if row is None:
            first = self._first[said]
            row = self._rows[said] = [alike(first, each) for each in self._kinds]
        return row


_Said = tuple[object, ...]


def _said(promise: Promise) -> _Said:
    """Return all that `alike` looks at."""
    return (
        bool(promise.impossible),
        promise.category,
        promise.kind,
        frozenset(promise.duties),
        frozenset(promise.data),
        frozenset(_terms(promise)),
    )


def alike(one: Promise, other: Promise) -> float:
    """Return how much speaks for two promises being one, from 0 to 1.

    What nobody can keep is no version of what somebody can.
    """
    if bool(one.impossible) != bool(other.impossible):
        return 0.0
    duties = _jaccard(set(one.duties), set(other.duties))
    if one.category != other.category:
        return 0.4 if one.duties and duties == 1.0 and one.kind == other.kind else 0.0
    said = [_jaccard(set(one.data), set(other.data)), _jaccard(_terms(one), _terms(other))]
    return 0.4 + 0.3 * duties + 0.1 * (one.kind == other.kind) + 0.1 * sum(said)


def _terms(promise: Promise) -> set[str]:
    return {f"{key}={value}" for key, value in promise.terms.items() if key != "denied"}


def _jaccard(one: Collection[object], other: Collection[object]) -> float:
    if not one and not other:
        return 1.0
    return len({*one} & {*other}) / len({*one, *other})


def _cosine(one: Counter[Category], other: Counter[Category]) -> float:
    dot = sum(one[key] * other[key] for key in one)
    return dot / math.sqrt(
        sum(each * each for each in one.values()) * sum(each * each for each in other.values())
    )


def _names(version: Version) -> frozenset[str]:
    """Return what is written alike in every language: names, addresses, years."""
    return frozenset(
        name
        for promise in version.promises
        for name in _NAME.findall(unicodedata.normalize("NFKC", promise.clause.quote))
    )

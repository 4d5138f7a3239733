"""Undeclared references that no name of the same store shows: across stores, and by values.

Every one is looked up where it would lead: a name alone is believed in no other store.
A counter of one store occurs among the counters of every other, so a number needs the
name of what it refers to; a long key that occurs elsewhere is no chance.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.inventory.proposing import links as linking
from kept.inventory.proposing.people import kind_of
from kept.inventory.proposing.seen import Contained, Evidence, Link, Seen
from kept.inventory.proposing.to_people import names_role
from kept.inventory.proposing.words import singular_words

MOST_PROBES = 300
"""How often stores are asked at most: each time, some hundred values are looked up."""

_PER_FIELD = 3
_LONG, _MANY = 8, 10
"""A key is no chance from so many characters on, seen in so many values."""


def across_stores(
    seen: Mapping[DatasetId, Seen], known: Collection[Link], evidence: Evidence
) -> list[Link]:
    """Return references into other stores: the name says so and the values are there.

    Args:
        seen: Every dataset.
        known: References that are known already.
        evidence: What was seen; without stores to ask, nothing is found.
    """
    targets: dict[str, list[tuple[Seen, str]]] = {}
    for each in seen.values():
        words = linking.table_words(_bare(each))
        if words and (key := _key_of(each)):
            targets.setdefault(words[-1], []).append((each, key))
    return _found(seen, known, evidence, lambda each, name: _named(each, name, targets))


def by_values(
    seen: Mapping[DatasetId, Seen], known: Collection[Link], evidence: Evidence
) -> list[Link]:
    """Return references by long keys, whatever their fields are called.

    Args:
        seen: Every dataset, with what is known to refer elsewhere.
        known: References that are known already, those to people too.
        evidence: What was seen; without stores to ask, nothing is found.
    """
    shapes: dict[str, list[tuple[Seen, str]]] = {}
    for each in seen.values():
        key = _key_of(each)
        # The key of a profile is its user's: what else has it means the user.
        if key and key not in each.referring and (shape := _shape(each.values(key))):
            shapes.setdefault(shape, []).append((each, key))
    return _found(seen, known, evidence, lambda each, name: _keyed(each, name, shapes))


def _found(
    seen: Mapping[DatasetId, Seen],
    known: Collection[Link],
    evidence: Evidence,
    candidates: Callable[[Seen, str], Iterator[tuple[Seen, str]]],
) -> list[Link]:
    if evidence.contained is None:
        return []
    evidence = replace(evidence, contained=_bounded(evidence.contained))
    taken = {(link.dataset, name) for link in known for name in link.fields}
    found: list[Link] = []
    for each in seen.values():
        for column in each.table.columns:
            if (each.id, column.name) in taken or column.name == _key_of(each):
                continue
            link = _first(each, column.name, candidates(each, column.name), evidence)
            if link is not None:
                found.append(link)
    return found


def _bounded(contained: Contained) -> Contained:
    """Return what asks the stores no more often than `MOST_PROBES` times."""
    left = MOST_PROBES

    def ask(dataset: DatasetId, name: str, values: Sequence[Value]) -> int:
        nonlocal left
        left -= 1
        return contained(dataset, name, values) if left >= 0 else 0

    return ask


def _key_of(each: Seen) -> str:
    """Return the field that tells rows apart: the key, or what reads like one in a file."""
    if len(each.table.key) == 1:
        return each.table.key[0]
    if each.table.key:
        return ""
    words = linking.table_words(each.words)
    for column in each.table.columns:
        own = linking.key_words(column.name)
        is_key = column.name.lower() == "id" or (
            linking.is_reference_name(column.name) and own == words[-len(own) :]
        )
        if is_key and each.values(column.name) and not each.repeats(column.name):
            return column.name
    return ""


def _named(
    each: Seen, column: str, targets: Mapping[str, Sequence[tuple[Seen, str]]]
) -> Iterator[tuple[Seen, str]]:
    """Yield the datasets of other stores that a field's name names, the exact name first."""
    stem = linking.key_words(column)
    if not linking.is_reference_name(column) or not each.values(column):
        return
    near = [
        (stem != words, target.id, target, key)
        for target, key in targets.get(stem[-1], ())
        if target.id.store != each.id.store
        and (words := linking.table_words(_bare(target)))
        and (stem == words or stem[-len(words) :] == words or words[-len(stem) :] == stem)
    ]
    for _, _, target, key in sorted(near, key=lambda one: one[:2]):
        yield target, key


def _bare(target: Seen) -> tuple[str, ...]:
    """Return the words of a dataset's name without a file's ending or a key's placeholder."""
    name = target.id.name.partition(":")[0].rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    is_file = bool(stem) and not target.table.schema and ending.isalnum()
    return singular_words(stem if is_file else name.rpartition(".")[2])


def _keyed(
    each: Seen, column: str, shapes: Mapping[str, Sequence[tuple[Seen, str]]]
) -> Iterator[tuple[Seen, str]]:
    """Yield the datasets whose keys look like the values of a field, of the same store first."""
    alike = shapes.get(_shape(each.values(column)), ())
    # An address is no key of a thing, and who an owner is was asked of the people already.
    if not alike or kind_of(each.dataset.field(column)) is not None or names_role(column):
        return
    for target, key in sorted(alike, key=lambda one: (one[0].id.store != each.id.store, one[0].id)):
        if target.id != each.id:
            yield target, key


def _shape(values: Sequence[Value]) -> str:
    """Return what values look like that are too long to occur elsewhere by chance, or empty.

    Examples:
        >>> _shape([f"AB-{at:06}" for at in range(20)])
        'xx-xxxxxx'
        >>> _shape(["short"] * 20), _shape([1, 2])
        ('', '')
    """
    texts = [each for each in values if isinstance(each, str)]
    one_length = len({len(text) for text in texts}) == 1
    if len(texts) < _MANY or len(texts) < len(values) or not one_length:
        return ""
    shapes = {"".join("x" if sign.isalnum() else sign for sign in text) for text in texts}
    digits = all(any(sign.isdigit() for sign in text) for text in texts)
    shape = next(iter(shapes)) if len(shapes) == 1 else ""
    return shape if digits and len(shape) >= _LONG else ""


def _first(
    each: Seen, column: str, candidates: Iterator[tuple[Seen, str]], evidence: Evidence
) -> Link | None:
    """Return the reference to the first candidate in which the values are."""
    for target, key in islice(candidates, _PER_FIELD):
        link = linking.by_identifier(each, column, target, key, evidence)
        if link is not None and (link.contained or 0) >= linking.ENOUGH:
            return replace(link, natural=False)
    return None

"""Who refers to whom: what stores enforce, and what names and values show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kept.inventory.catalog import Column, Table
from kept.inventory.connector import Value
from kept.inventory.dataset import DatasetId
from kept.inventory.proposing.seen import Evidence, Link, Seen
from kept.inventory.proposing.words import Words, singular_words, vocabulary

ENOUGH = 0.95
"""Share of sampled values that must exist at the target of an undeclared reference."""

_NOISE = frozenset({"tbl", "table", "t", "dim", "fact", "auth", "app", "the", "core", "db"})
_POSSIBLE, _LIKELY, _SURE = 1, 2, 3


def declared(seen: Mapping[DatasetId, Seen]) -> Iterator[Link]:
    """Yield the references that the stores enforce and that lead to a dataset seen."""
    for each in seen.values():
        for key in each.table.foreign_keys:
            to = DatasetId(each.id.store, key.to)
            exists = to in seen and seen[to].table.has(key.to_fields)
            if exists and len(key.fields) == len(key.to_fields):
                yield _link(each, key.fields, to, key.to_fields, declared=True)


def by_name(seen: Mapping[DatasetId, Seen], evidence: Evidence) -> Iterator[Link]:
    """Yield references that nothing enforces: the name says so and the values agree."""
    targets = _Targets(seen.values())
    for each in seen.values():
        taken = {field for key in each.table.foreign_keys for field in key.fields}
        for column in each.table.columns:
            if column.name in taken or _is_own_number(each.table, column):
                continue
            found = _best(each, column, _named(each, column, targets), evidence)
            if found is not None:
                yield found


class _Targets:
    """Datasets with a key of one field, by the words that a reference to them ends in."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self._by_head: dict[tuple[str, str], list[Seen]] = {}
        self._by_key: dict[tuple[str, str], list[Seen]] = {}
        for each in seen:
            if len(each.table.key) == 1:
                store, words = each.id.store, table_words(each.words)
                self._by_head.setdefault((store, words[-1] if words else ""), []).append(each)
                self._by_key.setdefault((store, each.table.key[0].lower()), []).append(each)

    def of(self, store: str, column: str, stem: Words) -> list[Seen]:
        """Return the datasets that a column can name."""
        heads = self._by_head.get((store, stem[-1]), [])
        keys = self._by_key.get((store, column.lower()), []) if is_reference_name(column) else []
        return [*heads, *(each for each in keys if each not in heads)]


def by_role(each: Seen, column: Column, people: Sequence[Seen], evidence: Evidence) -> list[Link]:
    """Return the people whom a field without a table's name can mean: ``owner_id``."""
    found: list[Link] = []
    if each.table.key == (column.name,):
        return found
    for person in people:
        if len(person.table.key) == 1 and person.id.store == each.id.store:
            share = _share(each, column.name, person, person.table.key[0], evidence)
            if share is not None and share >= ENOUGH:
                link = _link(each, (column.name,), person.id, person.table.key, contained=share)
                found.append(replace(link, guessed=True))
    return found


def by_identifier(
    each: Seen, field: str, person: Seen, target: str, evidence: Evidence
) -> Link | None:
    """Return a reference by a mail address or a number that is a person's, or ``None``."""
    share = _share(each, field, person, target, evidence)
    if share is None:
        return None
    link = _link(each, (field,), person.id, (target,), contained=share)
    return replace(link, natural=True)


def key_words(name: str) -> Words:
    """Return the words of a referring field without those that make a key of it.

    Examples:
        >>> key_words("SupportRepId"), key_words("id_client"), key_words("id")
        (('support', 'rep'), ('client',), ())
    """
    words = singular_words(name)
    reference = vocabulary().reference
    while words and words[-1] in reference:
        words = words[:-1]
    while words and words[0] in reference:
        words = words[1:]
    return words


def is_reference_name(name: str) -> bool:
    """Return whether a name has a word that makes a key of it, and others."""
    return bool(key_words(name)) and key_words(name) != singular_words(name)


def table_words(words: Words) -> Words:
    """Return the words of a table's name without those that every table could have."""
    return tuple(word for word in words if word not in _NOISE) or words


def _is_own_number(table: Table, column: Column) -> bool:
    """Whether the column is the table's own counter: it refers to nothing by itself."""
    own = table.key == (column.name,)
    return own and (
        not key_words(column.name)
        or table_words(singular_words(table.name))[-1:] == key_words(column.name)[-1:]
    )


def _named(each: Seen, column: Column, targets: _Targets) -> list[tuple[int, Seen]]:
    """Return the tables that a column's name names, with how well."""
    stem = key_words(column.name)
    if not stem or column.generated:
        return []
    found = [
        (score, target)
        for target in targets.of(each.id.store, column.name, stem)
        if target.id != each.id and (score := _names(column.name, stem, target))
    ]
    return sorted(found, key=lambda pair: (-pair[0], pair[1].id))


def _names(column: str, stem: Words, target: Seen) -> int:
    words = table_words(target.words)
    key = target.table.key[0]
    has_key_word = is_reference_name(column)
    if stem == words:
        return _SURE + 1 if has_key_word else _POSSIBLE
    if not has_key_word:
        return 0
    same = column.lower() == key.lower()
    if same and not set(stem).isdisjoint(words):
        return _SURE
    if stem[-len(words) :] == words or words[-len(stem) :] == stem:
        return _LIKELY
    # The key of a profile is the key of its user: other tables mean the user by it.
    return _POSSIBLE if same or stem[-1:] == words[-1:] else 0


def _best(
    each: Seen, column: Column, candidates: list[tuple[int, Seen]], evidence: Evidence
) -> Link | None:
    for score, target in candidates:
        key = target.table.key[0]
        if not each.values(column.name):
            # An empty column says nothing: a name that leaves no doubt is taken.
            if score >= _SURE or (score == _LIKELY and len(candidates) == 1):
                return _link(each, (column.name,), target.id, (key,))
            continue
        share = _share(each, column.name, target, key, evidence)
        if share is not None and share >= ENOUGH:
            return _link(each, (column.name,), target.id, (key,), contained=share)
    return None


def _share(each: Seen, field: str, target: Seen, to_field: str, evidence: Evidence) -> float | None:
    values = each.values(field)
    known = target.values(to_field)
    if evidence.contained is None or not values or not known:
        return None
    sought = _as_kind(_kind(known), values)
    if not sought:
        return None
    return evidence.contained(target.id, to_field, sought) / len(values)


def _as_kind(kind: str, values: Sequence[Value]) -> Sequence[Value]:
    """Return values as the other side writes them, or none: 17 here is "17" there."""
    here = _kind(values)
    if kind == here:
        return values
    if (kind, here) == ("number", "str"):
        return [int(str(each)) for each in values if _is_number(str(each))]
    if (kind, here) == ("str", "number") and all(type(each) is int for each in values):
        return [str(each) for each in values]
    return ()


def _is_number(text: str) -> bool:
    """Whether a text is a whole number as a counter is written: without zeros before it."""
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _kind(values: Sequence[Value]) -> str:
    kinds = {"number" if isinstance(each, int | float) else type(each).__name__ for each in values}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def _link(
    each: Seen,
    fields: tuple[str, ...],
    to: DatasetId,
    to_fields: tuple[str, ...],
    *,
    declared: bool = False,
    contained: float | None = None,
) -> Link:
    columns = {column.name: column for column in each.table.columns}
    decided = next(
        (
            reference.whose
            for reference in each.dataset.references
            if reference.decided and reference.fields == fields and reference.to == to
        ),
        None,
    )
    return Link(
        dataset=each.id,
        fields=fields,
        to=to,
        to_fields=to_fields,
        declared=declared,
        contained=contained,
        words=tuple(word for field in fields for word in key_words(field)),
        required=all(not columns[field].nullable for field in fields if field in columns),
        in_key=set(fields) <= set(each.table.key),
        decided=decided,
    )

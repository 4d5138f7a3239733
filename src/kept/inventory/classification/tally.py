"""In how many rows of each field something stands that is personal data by its form."""

from collections import Counter
from collections.abc import Sequence

from kept.inventory.classification.recognition import recognised
from kept.inventory.classification.spans import find
from kept.inventory.connector import Value
from kept.vocabulary.data_category import DataCategory

_DOCUMENT = ("{", "[")


class Tally:
    """Counts, batch after batch, and keeps no value.

    Attributes:
        counts: By field, in how many rows something of a category stands.
    """

    def __init__(self, counts: dict[str, Counter[DataCategory]]) -> None:
        self.counts = counts

    def add(self, fields: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> None:
        """Count what `rows` hold; each distinct value is looked at once."""
        if rows:
            self.add_columns(fields, list(zip(*rows, strict=True)))

    def add_columns(self, fields: Sequence[str], columns: Sequence[Sequence[Value]]) -> None:
        """Likewise, of rows that come column by column."""
        for name, column in zip(fields, columns, strict=True):
            values = Counter(filter(None, map(_text, column)))
            known = recognised(values)
            counts = self.counts.setdefault(name, Counter())
            for value, times in values.items():
                whole = known.get(value)
                for category in {whole} if whole is not None else _inside(value):
                    counts[category] += times


def _inside(value: str) -> set[DataCategory]:
    """Return what stands inside a text or a document."""
    if " " in value or value.startswith(_DOCUMENT):
        return {each.category for each in find(value, surely=True)}
    return set()


def _text(value: Value) -> str:
    """Return a value as it is read, empty for what is no text and no whole number."""
    match value:
        case str():
            return value.strip()
        case bool() | None:
            return ""
        case float():
            return str(int(value)) if value.is_integer() else ""
        case bytes():
            try:
                return value.decode().strip()
            except UnicodeDecodeError:
                return ""
        case _:
            return str(value)

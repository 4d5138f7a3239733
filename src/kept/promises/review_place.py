"""Where in ``promises.toml`` something stands, and whether it is what it should be."""

from collections.abc import Iterator
from typing import ClassVar, Self

from kept.errors import RefusedError
from kept.promises.review_errors import ReviewError, ReviewKeyError
from kept.settings.place import Member, nearest
from kept.settings.place import Place as AnyPlace


class Place(AnyPlace):
    """One table of ``promises.toml``."""

    __slots__ = ()

    error: ClassVar[type[RefusedError]] = ReviewError
    unknown: ClassVar[type[RefusedError]] = ReviewKeyError
    reference: ClassVar[str] = "docs/reference/promises.md"

    def numbered(self, key: str) -> Iterator[Self]:
        """Yield each of the tables ``[[key]]``."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.wrong(key, f"must be written as [[{key}]], once for each")
        for index, table in enumerate(value, 1):
            yield type(self)(f"{key} {index}", table, self.file)

    def optional(self, kind: type[Member], key: str) -> Member | None:
        """Return the value of `key` as a member of `kind`, or ``None`` where there is none."""
        return self._known(kind, key, self.table[key]) if key in self.table else None

    def required(self, kind: type[Member], key: str) -> Member:
        """Return the value of `key` as a member of `kind`; it must be there."""
        if key not in self.table:
            raise self.wrong(key, "is missing")
        return self._known(kind, key, self.table[key])

    def members(self, kind: type[Member], key: str) -> tuple[Member, ...] | None:
        """Return the list of `key` as members of `kind`, or ``None`` where there is none."""
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list")
        return tuple(dict.fromkeys(self._known(kind, key, each) for each in value))

    def _known(self, kind: type[Member], key: str, value: object) -> Member:
        known = [each.value for each in kind]
        if not isinstance(value, str) or value not in known:
            remedy = f"{nearest(str(value), known, least=0.0)} {self.reference} says where all are."
            raise self.wrong(key, f"says {value!r}, which is not known", remedy)
        return kind(value)

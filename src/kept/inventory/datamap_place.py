"""Where in ``datamap.toml`` something stands, and whether it is what it should be."""

from typing import ClassVar

from kept.errors import RefusedError
from kept.inventory.errors import DataMapError, DataMapKeyError
from kept.settings.place import Place as AnyPlace


class Place(AnyPlace):
    """One table of ``datamap.toml``."""

    __slots__ = ()

    error: ClassVar[type[RefusedError]] = DataMapError
    unknown: ClassVar[type[RefusedError]] = DataMapKeyError
    reference: ClassVar[str] = "docs/reference/datamap.md"

"""What can be wrong with what people wrote about their data."""

from typing import ClassVar

from kept.errors import RefusedError


class DataMapError(RefusedError):
    """``datamap.toml`` is not what it should be."""

    code: ClassVar[str] = "datamap.invalid"
    remedy: str = "Correct datamap.toml; docs/reference/datamap.md lists every key."


class DataMapKeyError(DataMapError):
    """``datamap.toml`` has a key that nothing reads."""

    code: ClassVar[str] = "datamap.unknown-key"


class DataMapReferenceError(DataMapError):
    """``datamap.toml`` names a store, a dataset or a field that does not exist."""

    code: ClassVar[str] = "datamap.unknown-name"
    remedy: str = "Correct the name in datamap.toml, or run `kept map` to see what the store holds."

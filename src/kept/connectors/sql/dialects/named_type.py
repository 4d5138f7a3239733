"""How is a column's type written in a statement where SQLAlchemy has no word for it?"""

from typing import Any

from sqlalchemy.types import UserDefinedType


class NamedType(UserDefinedType[Any]):
    """A type by the name that the engine itself gave."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        """Return the name."""
        return self.name


class EscapedNamedType(NamedType):
    """The same for a driver that takes a percent sign for a parameter."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the name, its percent signs doubled."""
        return self.name.replace("%", "%%")

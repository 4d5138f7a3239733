"""How far a policy states something."""

from enum import IntEnum


class Status(IntEnum):
    """How far an item is stated; a fuller statement is greater."""

    ABSENT = 0
    PARTIAL = 1
    PRESENT = 2

    @property
    def word(self) -> str:
        """The word that the register uses."""
        return self.name.lower()


def graded(*, present: bool, partial: bool) -> Status:
    """Return the fullest status whose condition holds."""
    if present:
        return Status.PRESENT
    return Status.PARTIAL if partial else Status.ABSENT

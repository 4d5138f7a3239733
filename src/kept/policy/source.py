"""What a policy is before it has been read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A policy as it came: a name and bytes.

    Attributes:
        name: How the register calls it, unique among the sources of one reading.
        content: The bytes of the file, untouched.
    """

    name: str
    content: bytes

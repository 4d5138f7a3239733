"""What comes out of a file, whatever it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from kept.errors import RefusedError
from kept.policy.errors import DamagedPolicyError


class Format(StrEnum):
    """What a policy was written in."""

    TEXT = "text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Extracted:
    """The words of a file.

    Attributes:
        text: What offsets refer to: the file as decoded, or the words taken out of it.
        format: What the file is written in.
        encoding: What its bytes were decoded with; UTF-8 where words were taken out.
    """

    text: str
    format: Format
    encoding: str


@contextmanager
def refusing_damage(kind: Format) -> Iterator[None]:
    """Turn whatever a parser of `kind` raises into a refusal.

    Raises:
        DamagedPolicyError: The parser failed.
    """
    try:
        yield
    except RefusedError:
        raise
    except Exception as error:
        raise DamagedPolicyError(f"the policy is a damaged {kind.upper()} file") from error

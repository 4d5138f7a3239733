"""What ``kept check`` is asked, understood; and where its exports go."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from kept.errors import RefusedError
from kept.policy.source import Source
from kept.promises.promise import Document
from kept.promises.verdict import Verdict


class InstantError(RefusedError):
    """``--at`` is no instant."""

    code: ClassVar[str] = "check.instant"
    remedy: str = "Write it as 2026-11-22T09:00:00Z or 2026-11-22."


class FailOnError(RefusedError):
    """``--fail-on`` names something that is no verdict."""

    code: ClassVar[str] = "check.fail-on"
    remedy: str = "Name any of unproven, impossible, at_risk and broken, with commas between."


class ExportError(RefusedError):
    """A file that was asked for cannot be written."""

    code: ClassVar[str] = "check.export"
    remedy: str = "Name a file in a folder that exists and may be written."


class NoPolicyError(RefusedError):
    """``kept.toml`` names no policy, so that nothing is promised."""

    code: ClassVar[str] = "check.no-policy"
    remedy: str = "Name the policy's file under [[policies]] in kept.toml."


def instant(text: str) -> datetime:
    """Return the instant that `text` says; without a zone it is UTC.

    Raises:
        InstantError: It says none.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise InstantError("--at is no ISO 8601 instant") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def verdicts(text: str) -> frozenset[Verdict]:
    """Return the verdicts that `text` lists.

    Raises:
        FailOnError: One of them is none.
    """
    found = set()
    for word in filter(None, (each.strip().replace("-", "_") for each in text.split(","))):
        if word not in set(Verdict) - {Verdict.KEPT}:
            raise FailOnError(f"--fail-on names {word!r}, which is no verdict to fail on")
        found.add(Verdict(word))
    return frozenset(found)


def text_hashes(documents: Iterable[Document], sources: Iterable[Source]) -> Mapping[str, str]:
    """Return a hash of each document's words, by name: white space does not count.

    A text that was wrapped anew, or saved with other line ends, says the same.
    """
    contents = {each.name: each.content for each in sources}
    return {
        each.name: _hash(contents[each.name].decode(each.encoding, "replace"))
        for each in documents
        if each.name in contents
    }


def write_export(path: Path, text: str) -> None:
    """Write an export.

    Raises:
        ExportError: The file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise ExportError(f"{path.name} cannot be written: {error.strerror}") from None


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()

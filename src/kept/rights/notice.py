"""Which recipients are to be told of an erasure, and in which words.

Source: GDPR Art. 19.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from kept.rights.hold import HELD
from kept.subjects.identifier import Identifier

LANGUAGES = ("en", "fr", "ar")
"""The order of the texts in ``told_words.toml``."""

PROCESSOR = "processor"
"""The role of whom we answer for: only of them a missing confirmation counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That one recipient is to be told of one erasure. Names no person.

    Attributes:
        id: Its own id.
        request: Id of the erasure.
        recipient: Who is told.
        role: Theirs: ``"processor"``, ``"controller"`` … or empty.
        way: ``"mail"`` where an address is known, else ``"task"``.
        systems: From which systems they got the data.
        queued_at: When it was queued (UTC).
        told_at: When somebody wrote it out to send it (UTC), or ``None``.
        confirmed_at: When they confirmed (UTC), or ``None``.
    """

    id: str
    request: str
    recipient: str
    role: str
    way: str
    systems: tuple[str, ...]
    queued_at: datetime
    told_at: datetime | None = None
    confirmed_at: datetime | None = None

    @property
    def missing(self) -> bool:
        """Whether a confirmation is missing that counts."""
        return self.role == PROCESSOR and self.confirmed_at is None

    def to_json(self) -> dict[str, object]:
        """Return it as programs read it."""
        return {
            "id": self.id,
            "request": self.request,
            "recipient": self.recipient,
            "role": self.role,
            "way": self.way,
            "systems": list(self.systems),
            "queued_at": self.queued_at.isoformat(),
            "told_at": None if self.told_at is None else self.told_at.isoformat(),
            "confirmed_at": None if self.confirmed_at is None else self.confirmed_at.isoformat(),
            "missing": self.missing,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who tells.

    Attributes:
        controller: Name of the company.
        contact: Where people write to.
    """

    controller: str
    contact: str


def message(notice: Notice, sender: Sender, person: Sequence[Identifier]) -> str:
    """Return what a recipient is told, in every language, with what names the person.

    Personal data: it is kept encrypted, and only until it was sent.
    """
    named = "\n".join(f"  {each.kind.value}: {each.value}" for each in person)
    parts = []
    for language in LANGUAGES:
        words = {
            "recipient": notice.recipient,
            "controller": sender.controller,
            "systems": ", ".join(notice.systems),
            "reference": notice.id,
            "contact": sender.contact or sender.controller,
        }
        lines = [said("notice", "body", language, **words), named]
        key = "confirm" if notice.role == PROCESSOR else "acknowledge"
        lines.append(said("notice", key, language, **words))
        parts.append("\n\n".join(lines))
    return "\n\n---\n\n".join(parts) + "\n"


def letter(result: Mapping[str, object], sender: Sender, language: str) -> str:
    """Return what the person is told of an erasure: what is gone, what stays, and why.

    Args:
        result: The contract of ``kept request --json``.
        sender: Who answers.
        language: ``"en"``, ``"fr"`` or ``"ar"``.
    """
    datasets = _listed(result, "datasets")
    gone = sum(_number(each, "erased") for each in datasets)
    blanked = sum(_number(each, "blanked") for each in datasets)
    kept = [kept for each in datasets for kept in _listed(each, "retained")]
    # What holds nothing personal stays without being anybody's.
    staying = [each for each in kept if each.get("source") or _held(each)]
    open_ = result.get("state") != "fulfilled"
    lines = [
        said("letter", "title", language, controller=sender.controller),
        said("letter", "incomplete" if open_ else "complete", language, request=result["id"]),
        said("letter", "gone", language, erased=gone, blanked=blanked),
    ]
    lines += [_staying(each, language) for each in staying]
    told = [str(each.get("recipient")) for each in _listed(result, "recipients")]
    if told:
        lines.append(said("letter", "recipients", language, names=", ".join(told)))
    lines.append(said("letter", "contact", language, contact=sender.contact or sender.controller))
    return "\n\n".join(lines) + "\n"


def said(section: str, key: str, language: str, **values: object) -> str:
    """Return one text in `language`, with `values` put in.

    Raises:
        KeyError: There is no such text.
    """
    return _texts()[section][key][LANGUAGES.index(language)].format(**values)


def _staying(kept: Mapping[str, object], language: str) -> str:
    reason = str(kept.get("reason", ""))
    key = "held" if _held(kept) else "kept"
    if key == "kept" and kept.get("until"):
        key = "kept_until"
    return said(
        "letter",
        key,
        language,
        count=kept.get("count", 0),
        reason=reason.removeprefix(HELD),
        source=kept.get("source", ""),
        until=kept.get("until", ""),
    )


def _held(kept: Mapping[str, object]) -> bool:
    return str(kept.get("reason", "")).startswith(HELD)


def _listed(found: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    value = found.get(key)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _number(found: Mapping[str, object], key: str) -> int:
    value = found.get(key)
    return value if isinstance(value, int) else 0


@cache
def _texts() -> Mapping[str, Mapping[str, list[str]]]:
    text = files(__package__).joinpath("told_words.toml").read_text("utf-8")
    return tomllib.loads(text)

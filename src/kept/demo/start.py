"""How a sample company is made ready: written, its policy noted, and perhaps broken."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from kept.demo.company import SEED, SampleCompany, write_company
from kept.demo.errors import UnknownViolationError
from kept.demo.tamarisk.breaks import BREAKS, Breaking, Site
from kept.runtime import Company, new_id, open_company
from kept.subjects.identifier import Identifier
from kept.testing.violations import Planted
from kept.vocabulary.duty import Duty
from kept.vocabulary.identifier_kind import IdentifierKind
from kept.vocabulary.right import Right
from kept.workflows.answer_request import Asked, Outcome, answer_request

_BREAKS: Mapping[str, Mapping[Duty, Breaking]] = {"tamarisk": BREAKS}


def violation(sample: SampleCompany, name: str) -> Duty:
    """Return the duty called `name`, which can be broken in `sample`.

    Raises:
        UnknownViolationError: No violation of it can be planted.
    """
    known = _BREAKS[sample.name]
    if name not in known:
        raise UnknownViolationError(
            f"no violation of {name!r} can be planted", remedy=f"Choose one of: {', '.join(known)}."
        )
    return Duty(name)


def make_ready(sample: SampleCompany, directory: Path, *, now: datetime, seed: int = SEED) -> Path:
    """Write `sample` into `directory`, note its policy's version, and return its ``kept.toml``.

    The version is noted as `kept check` notes it, so that a later edit that leaves the
    date as it is cannot pass for the first text.

    Raises:
        FolderInUseError: Somebody else's configuration is there; nothing was changed.
    """
    config = write_company(sample, directory, now=now, seed=seed)
    ready = open_company(config, at=now)
    for document in ready.register.documents:
        ready.policies.record_seen(
            document.name, sha256=document.sha256, version_date=document.version_date, at=now
        )
    return config


def break_promise(sample: SampleCompany, duty: Duty, directory: Path, *, now: datetime) -> Planted:
    """Plant the violation of `duty` into the company that stands in `directory`."""
    config = directory / "kept.toml"

    def erase(address: str) -> None:
        ask(open_company(config, at=now), Right.ERASURE, address)

    return _BREAKS[sample.name][duty](Site(directory=directory, now=now, erase=erase))


def ask(company: Company, right: Right, address: str) -> Outcome:
    """Carry out a request of the customer with this e-mail address, as the desk would."""
    asked = Asked(
        id=new_id(),
        right=right,
        identifiers=(Identifier(IdentifierKind.EMAIL, address),),
        received_at=company.now,
    )
    return answer_request(company.ports(), company.desk(), asked)

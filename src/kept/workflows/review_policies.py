"""How policies are read together with what people decided about them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kept.policy.disclosing.absences import with_absences
from kept.policy.disclosing.applying import for_laws
from kept.policy.extraction.extraction import extract
from kept.policy.reader import Spread, read
from kept.policy.source import Source
from kept.promises.promise import Register
from kept.promises.review import Review, parse_review
from kept.promises.review_application import Reviewed, apply


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, before and after people's decisions.

    Attributes:
        read: As the reader read it.
        reviewed: As people decided on it.
    """

    read: Register
    reviewed: Reviewed


def read_as_decided(
    sources: Sequence[Source],
    decisions: str,
    *,
    laws: Collection[str] = (),
    spread: Spread = map,
) -> Reading:
    """Read policies and apply what a ``promises.toml`` says of them.

    Args:
        sources: The policies; none give an empty register.
        decisions: Text of the ``promises.toml``, empty where there is none.
        laws: Laws that the controller is under: disclosures that others demand are left out.
        spread: How sources are read: one after the other, or by several processes.

    Raises:
        UnreadablePolicyError: A policy cannot be read; the subclass says why.
        ReviewError: The decisions are not what they should be.
    """
    review = parse_review(decisions)
    register = read(sources, spread=spread) if sources else Register(documents=(), promises=())
    register = replace(register, disclosures=for_laws(register.disclosures, laws))
    register = with_absences(register)
    return Reading(read=register, reviewed=apply(register, review, _texts(sources, review)))


def _texts(sources: Sequence[Source], review: Review) -> dict[str, str]:
    """Return the texts that missed promises are looked up in, and no other."""
    wanted = {each.document for each in review.missed}
    return {
        source.name: extract(source.content, source.name).text
        for source in sources
        if source.name in wanted
    }

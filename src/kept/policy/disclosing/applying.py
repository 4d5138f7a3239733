"""Which disclosures are due where the laws that apply are known."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from kept.promises.promise import Disclosure


def for_laws(disclosures: Iterable[Disclosure], laws: Collection[str]) -> tuple[Disclosure, ...]:
    """Return the disclosures that `laws` demand, each as due; order is kept.

    Args:
        disclosures: As read, when all that is known is which laws the text names.
        laws: Laws that the controller is under, by the identifiers of ``kept.toml``.
            Without any, everything is returned as it is.
    """
    if not laws:
        return tuple(disclosures)
    known = frozenset(laws)
    return tuple(replace(each, applies="yes") for each in disclosures if known & set(each.laws))

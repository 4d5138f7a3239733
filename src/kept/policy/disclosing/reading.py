"""How the sentences and promises of one document become its list of disclosures."""

from collections.abc import Iterator, Mapping, Sequence

from kept.policy.disclosing.evidence import Evidence
from kept.policy.disclosing.judging import judge, laws_named
from kept.policy.disclosing.signals import signals
from kept.policy.disclosing.statement import Placed, statements
from kept.policy.languages.language import Language
from kept.policy.outline import Place
from kept.promises.promise import Disclosure

_FEWEST = 3
"""A language in which fewer promises stand is a quotation, and no version of the policy."""


def disclosures(
    document: str,
    text: str,
    places: Sequence[Place],
    wanted: Mapping[str, Sequence[bool]],
    languages: Sequence[Language],
    promises: Sequence[Placed],
) -> Iterator[Disclosure]:
    """Yield every item for each language of a document, by language, in the laws' order.

    Args:
        document: Its name.
        text: What is read of it: a view.
        places: Its blocks.
        wanted: Which of them are read, by language.
        languages: Languages that it is read in.
        promises: What was read, with places in `text`.
    """
    evidence: dict[str, Evidence] = {}
    for language in languages:
        known = signals(language.tag)
        own = [each for each in promises if each.promise.clause.language == language.tag]
        if known is None or (len(own) < _FEWEST and len(languages) > 1):
            continue
        said = tuple(statements(text, places, wanted[language.tag], language, known, own))
        evidence[language.tag] = Evidence(said, tuple(each.promise for each in own))
    # One version that names a law speaks for the document.
    named = frozenset[str]().union(*map(laws_named, evidence.values()))
    for tag, each in evidence.items():
        yield from judge(document, tag, each, named)

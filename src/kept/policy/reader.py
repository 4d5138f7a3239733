"""What policies promise: bytes in, a register out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from kept.policy.alone import Alone, read_alone
from kept.policy.errors import DuplicateSourceError
from kept.policy.languages.loading import available
from kept.policy.parallel import alignments, versions
from kept.policy.parallel_findings import merge
from kept.policy.source import Source
from kept.policy.wording import wording_of
from kept.promises.identity import promise_ids
from kept.promises.promise import Disclosure, Promise, Register, TextFinding

_Named = TypeVar("_Named", TextFinding, Disclosure)

READ_BY_DEFAULT = ("en", "fr", "ar")
"""Languages in which promises are read unless a caller names others: those whose lexicons
have shown on texts never seen that they can be trusted."""

Spread = Callable[[Callable[[Source], Alone], Sequence[Source]], Iterable[Alone]]
"""Calls a function with each source and returns the results in order, as `map` does."""


def read(
    sources: Sequence[Source],
    *,
    languages: Collection[str] = READ_BY_DEFAULT,
    spread: Spread = map,
) -> Register:
    """Read policies and return everything that they promise, in order.

    The same bytes give the same register. Words are quoted exactly: a clause's `quote` is
    the slice of the file as decoded, or of the text taken out of a page, a PDF or a DOCX.
    Passages in a language that has no lexicons yet are reported as `unread`, and so are
    passages in any other language beside them. What two languages say alike is one promise
    with parallel clauses; what they do not is a finding.

    Args:
        sources: The policies, each under a name of its own.
        languages: Tags of the languages to read; one that has no lexicons is not read.
        spread: How sources are read: one after the other, or by several processes. The
            register is the same.

    Raises:
        UnreadablePolicyError: A source is empty, binary, too large, in no known encoding or
            in none of the languages; the subclass says which. Calling again with a mended
            source is safe.
    """
    names = [source.name for source in sources]
    if len(set(names)) < len(names):
        raise DuplicateSourceError("two policies have the same name")
    reading = tuple(tag for tag in available() if tag in languages)
    alone = list(spread(partial(read_alone, reading), sources))
    called = _called([each.promises for each in alone])
    promises = [
        replace(each, id=called[at][each.id])
        for at, one in enumerate(alone)
        for each in one.promises
    ]
    merged = merge(promises, list(alignments(versions(promises))), wording_of)
    for of_text in called:
        of_text.update({number: merged.renamed.get(name, name) for number, name in of_text.items()})
    at = {name: index for index, name in enumerate(names)}
    findings = [
        (index, _renamed(each, called[index]))
        for index, one in enumerate(alone)
        for each in one.findings
    ]
    findings += [(at[each.clause.document], each) for each in merged.findings]
    findings.sort(
        key=lambda each: (each[0], each[1].clause.start, each[1].clause.end, each[1].kind)
    )
    return Register(
        documents=tuple(each.document for each in alone),
        promises=merged.promises,
        findings=tuple(finding for _, finding in findings),
        disclosures=tuple(
            _renamed(each, called[index])
            for index, one in enumerate(alone)
            for each in one.disclosures
        ),
    )


def _called(promises: Sequence[Sequence[Promise]]) -> list[dict[str, str]]:
    """Return for each text how the promises that it numbers are called among all."""
    names = promise_ids((each.clause.quote, each.category) for one in promises for each in one)
    return [{each.id: next(names) for each in one} for one in promises]


def _renamed(named: _Named, names: Mapping[str, str]) -> _Named:
    """Return a finding or a disclosure with its promises as they are called at last."""
    if not named.promises:
        return named
    return replace(named, promises=tuple(dict.fromkeys(names[each] for each in named.promises)))

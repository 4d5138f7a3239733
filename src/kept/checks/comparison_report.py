"""The comparison of stores and policy as one document that programs read."""

from collections.abc import Callable, Iterable

from kept.checks.comparison import Comparison
from kept.inventory.promised import Words

Json = dict[str, object]

_Ids = Callable[[Iterable[Words]], list[str]]


def as_json(comparison: Comparison) -> Json:
    """Return a comparison as JSON values. Each promise's words stand once, by its id."""
    words: dict[str, Words] = {}

    def ids(said: Iterable[Words]) -> list[str]:
        named = list(said)
        words.update((each.promise, each) for each in named)
        return [each.promise for each in named]

    told: Json = {
        "policy_read": comparison.read,
        "undeclared": _undeclared(comparison, ids),
        "never_found": _never_found(comparison, ids),
        "uncovered": _uncovered(comparison),
        "sensitive": _sensitive(comparison, ids),
        "unneeded": _unneeded(comparison),
        "fields": _origins(comparison, ids),
    }
    told["words"] = {
        each.promise: {
            "document": each.document,
            "language": each.language,
            "quote": each.quote,
        }
        for each in words.values()
    }
    return told


def _undeclared(comparison: Comparison, ids: _Ids) -> list[Json]:
    return [
        {
            "category": each.category.value,
            "store": each.dataset.store,
            "dataset": each.dataset.name,
            "field": each.field,
            "sureness": each.sureness.value,
            "because": each.because,
            "promises": ids([each.words] if each.words is not None else []),
        }
        for each in comparison.undeclared
    ]


def _never_found(comparison: Comparison, ids: _Ids) -> list[Json]:
    return [
        {
            "category": each.category.value,
            "sureness": each.sureness.value,
            "only_sampled": [{"store": one.store, "dataset": one.name} for one in each.partly],
            "promises": ids(each.words),
        }
        for each in comparison.never_found
    ]


def _uncovered(comparison: Comparison) -> list[Json]:
    return [
        {
            "store": each.store,
            "dataset": each.dataset or None,
            "holding": list(each.holding),
            "sureness": each.sureness.value,
        }
        for each in comparison.uncovered
    ]


def _sensitive(comparison: Comparison, ids: _Ids) -> list[Json]:
    return [
        {
            "category": each.category.value,
            "store": each.dataset.store,
            "dataset": each.dataset.name,
            "field": each.field,
            "sureness": each.sureness.value,
            "because": each.because,
            "policy_speaks_of": each.spoken_of,
            "ground_stated": bool(each.grounds),
            "grounds": ids(each.grounds),
            "denied_by": ids(each.denied),
        }
        for each in comparison.sensitive
    ]


def _unneeded(comparison: Comparison) -> list[Json]:
    return [
        {
            "store": each.dataset.store,
            "dataset": each.dataset.name,
            "field": each.field or None,
            "why": each.why.value,
            "proven": each.proven,
            "evidence": each.evidence,
        }
        for each in comparison.unneeded
    ]


def _origins(comparison: Comparison, ids: _Ids) -> list[Json]:
    return [
        {
            "store": each.dataset.store,
            "dataset": each.dataset.name,
            "field": each.field,
            "source": each.source,
            "sources": ids(each.sources),
            "purposes": ids(each.purposes),
            "recipients": ids(each.recipients),
            "region": each.region,
            "missing": list(each.missing),
        }
        for each in comparison.origins
    ]

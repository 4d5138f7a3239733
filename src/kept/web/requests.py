"""What the page says of a request that was carried out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from kept.vocabulary.right import Right
from kept.web import words
from kept.web.text import Text, fragment

Json = Mapping[str, object]
Shown = dict[str, object]

_COLUMNS: Mapping[str, object] = {
    "located": _("Found"),
    "erased": _("Deleted"),
    "blanked": _("Emptied"),
    "kept": _("Retained"),
}

_ROOT_LINE = 2
"""Where a checkpoint says its root (C2SP ``tlog-checkpoint``: origin, size, root)."""

_REASONS: Mapping[str, object] = {
    "tax": _("Tax law"),
    "commercial": _("Commercial law"),
    "accounting": _("Accounting law"),
}


def request_shown(request: Json) -> Shown:
    """Return what a request's table shows, from what ``kept request show --json`` prints."""
    right = str(request.get("right", ""))
    datasets = [each for each in _list(request.get("datasets")) if _number(each, "located")]
    columns = [key for key in _COLUMNS if key == "located" or right == Right.ERASURE]
    return {
        "id": str(request.get("id", "")),
        "right": words.RIGHTS.get(right, right),
        "due": _day(str(request.get("due", ""))),
        "columns": [_COLUMNS[key] for key in columns],
        "rows": [
            {
                "place": f"{each.get('store', '')}.{each.get('dataset', '')}",
                "cells": [_shown(_cell(each, key)) for key in columns],
            }
            for each in datasets
        ],
        "retained": [shown for each in datasets for shown in _retained(each)],
        "receipt": _receipt(request.get("receipt")),
    }


def _retained(dataset: Json) -> Iterator[Shown]:
    for each in _list(dataset.get("retained")):
        reason = str(each.get("reason", ""))
        yield {
            "place": f"{dataset.get('store', '')}.{dataset.get('dataset', '')}",
            "count": _shown(_number(each, "count")),
            "reason": _REASONS.get(reason, reason),
            "source": _provision(str(each.get("source") or "")),
            "until": _day(str(each.get("until") or "")),
        }


def _provision(text: str) -> Text:
    # A section sign does not stand alone at the end of a line.
    return fragment(text.replace("§ ", "§\u00a0"), "de")


def _receipt(receipt: object) -> list[Shown]:
    """Return what identifies a receipt: the rest is for `kept receipt verify`."""
    if not isinstance(receipt, Mapping):
        return []
    entry = receipt.get("entry")
    lines = str(receipt.get("checkpoint", "")).splitlines()
    place, size = receipt.get("leaf_index"), receipt.get("tree_size")
    facts = {
        _("Operation"): entry.get("operation", "") if isinstance(entry, Mapping) else "",
        _("Log entry"): f"{place + 1} / {size}" if isinstance(place, int) else "",
        _("Root of the log"): lines[_ROOT_LINE] if len(lines) > _ROOT_LINE else "",
        _("Key"): receipt.get("key_id", ""),
    }
    return [{"label": label, "value": value} for label, value in facts.items() if value]


def _cell(dataset: Json, key: str) -> int:
    if key == "kept":
        return sum(_number(each, "count") for each in _list(dataset.get("retained")))
    return _number(dataset, key)


def _list(value: object) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _number(entry: Json, key: str) -> int:
    value = entry.get(key)
    return value if isinstance(value, int) else 0


def _shown(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _day(text: str) -> str:
    try:
        return str(date_format(date.fromisoformat(text[:10]), "DATE_FORMAT"))
    except ValueError:
        return text

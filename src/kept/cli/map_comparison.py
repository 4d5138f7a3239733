"""How the map says what the stores hold and the policy does not, and the other way round."""

from collections.abc import Iterable, Iterator

import typer

from kept.checks.comparison import Comparison, Sureness
from kept.cli.map_table import printable
from kept.cli.map_words import ENGLISH, category, plainly
from kept.cli.map_words import said as said_of_map
from kept.inventory.promised import Words

_QUOTED = 160
_SHOWN = 40
"""How many lines of one kind a person is shown; JSON has them all."""


def show(comparison: Comparison, language: str = ENGLISH) -> None:
    """Print the comparison for a person: each line with the promise's words or what was seen."""
    sections: tuple[tuple[str, list[str]], ...] = (
        ("undeclared_title", list(_undeclared(comparison, language))),
        ("never_found_title", list(_never_found(comparison, language))),
        ("uncovered_title", list(_uncovered(comparison, language))),
        ("sensitive_title", list(_sensitive(comparison, language))),
        ("unneeded_title", list(_unneeded(comparison))),
        ("missing_title", list(_missing(comparison, language))),
    )
    if not comparison.read:
        _say(_said("no_policy", language))
    for title, lines in sections:
        if lines:
            _say("")
            _say(_said("title", language, title=_said(title, language)))
            for line in lines[:_SHOWN]:
                _say(f"  {line}")
            if len(lines) > _SHOWN:
                _say(f"  {_said('more', language, count=len(lines) - _SHOWN)}")


def _undeclared(comparison: Comparison, language: str) -> Iterator[str]:
    for each in comparison.undeclared:
        suspected = each.sureness is Sureness.SUSPECTED
        listed = _quoted([each.words], language) if each.words else ""
        yield _said(
            "undeclared_perhaps" if suspected else "undeclared",
            language,
            category=category(each.category, language),
            where=f"{each.dataset}.{each.field}",
            seen=_because(each.because),
            said=_said("listed", language, quote=listed) if listed else "",
        )


def _never_found(comparison: Comparison, language: str) -> Iterator[str]:
    for each in comparison.never_found:
        if each.sureness is Sureness.PROVEN:
            sure = _said("proven", language)
        elif each.partly:
            sure = _said("partly", language, count=len(each.partly))
        else:
            sure = _said("unread", language)
        named = plainly(each.category, language)
        quote = _quoted(each.words, language)
        yield _said("never_found", language, category=named, sure=sure, quote=quote)


def _uncovered(comparison: Comparison, language: str) -> Iterator[str]:
    for each in comparison.uncovered:
        holding = ", ".join(each.holding[:6]) + (" …" if len(each.holding) > 6 else "")  # noqa: PLR2004 - a line's worth
        if not each.dataset:
            yield _said("no_system", language, store=each.store, holding=holding)
        else:
            suspected = each.sureness is Sureness.SUSPECTED
            key = "unlisted_perhaps" if suspected else "unlisted"
            where = f"{each.store}.{each.dataset}"
            yield _said(key, language, where=where, holding=holding or "?")


def _sensitive(comparison: Comparison, language: str) -> Iterator[str]:
    for each in comparison.without_ground:
        denied = _quoted(each.denied, language) if each.denied else ""
        words = _said("denied", language, quote=denied) if denied else ""
        suspected = each.sureness is Sureness.SUSPECTED
        yield _said(
            "sensitive_perhaps" if suspected else "sensitive",
            language,
            where=f"{each.dataset}.{each.field}",
            category=plainly(each.category, language),
            seen=_because(each.because),
            said=words if each.spoken_of else _said("not_spoken_of", language),
        )


def _unneeded(comparison: Comparison) -> Iterator[str]:
    for each in comparison.unneeded:
        where = f"{each.dataset}.{each.field}" if each.field else f"{each.dataset}"
        yield f"{where}: {each.why.value} ({each.evidence})"


def _missing(comparison: Comparison, language: str) -> Iterator[str]:
    for what in ("source", "purpose", "recipient", "region"):
        fields = [each for each in comparison.origins if what in each.missing]
        if fields:
            first = fields[0]
            yield _said(
                "missing",
                language,
                count=len(fields),
                all=len(comparison.origins),
                question=_said(what, language),
                where=f"{first.dataset}.{first.field}",
            )


def _because(seen: str) -> str:
    return f" ({seen})" if seen else ""


def _quoted(words: Iterable[Words], language: str) -> str:
    given = list(words)
    if not given:
        return _said("no_words", language)
    quote = " ".join(given[0].quote.split())
    short = quote if len(quote) <= _QUOTED else f"{quote[: _QUOTED - 1]}…"
    if len(given) > 1:
        return _said("quote_more", language, text=short, count=len(given) - 1)
    return _said("quote", language, text=short)


def _said(key: str, language: str, **values: object) -> str:
    return said_of_map(key, language, of="comparison", **values)


def _say(text: str) -> None:
    typer.echo(printable(text))

"""How the map says what the stores hold and the policy does not, and the other way round."""

from collections.abc import Iterable, Iterator

import typer

from kept.checks.comparison import Comparison, Sureness
from kept.checks.stating import plain
from kept.cli.map_table import printable
from kept.inventory.promised import Words

_QUOTED = 160
_SHOWN = 40
"""How many lines of one kind a person is shown; JSON has them all."""


def show(comparison: Comparison) -> None:
    """Print the comparison for a person: each line with the promise's words or what was seen."""
    sections: tuple[tuple[str, list[str]], ...] = (
        ("Held against the policy", list(_undeclared(comparison))),
        ("Stated by the policy, and found nowhere", list(_never_found(comparison))),
        ("In no covered system", list(_uncovered(comparison))),
        ("Sensitive data without a stated ground", list(_sensitive(comparison))),
        ("Fields that nobody seems to need (advice)", list(_unneeded(comparison))),
        ("Nobody says", list(_missing(comparison))),
    )
    if not comparison.read:
        _say("no policy was read: nothing is held against it")
    for title, lines in sections:
        if lines:
            _say("")
            _say(f"{title}:")
            for line in lines[:_SHOWN]:
                _say(f"  {line}")
            if len(lines) > _SHOWN:
                _say(f"  … and {len(lines) - _SHOWN} more: kept map --json")


def _undeclared(comparison: Comparison) -> Iterator[str]:
    for each in comparison.undeclared:
        perhaps = "perhaps " if each.sureness is Sureness.SUSPECTED else ""
        seen = f" ({each.because})" if each.because else ""
        said = f"; what the policy lists: {_quoted([each.words])}" if each.words else ""
        where = f"{each.dataset}.{each.field}"
        yield f"{perhaps}not stated by the policy: {each.category.value} in {where}{seen}{said}"


def _never_found(comparison: Comparison) -> Iterator[str]:
    for each in comparison.never_found:
        sure = (
            "looked for in every value"
            if each.sureness is Sureness.PROVEN
            else f"only sampled: {len(each.partly)} datasets were not read whole"
            if each.partly
            else "not everything could be read"
        )
        yield f"{plain(each.category)} ({sure}): {_quoted(each.words)}"


def _uncovered(comparison: Comparison) -> Iterator[str]:
    for each in comparison.uncovered:
        holding = ", ".join(each.holding[:6]) + (" …" if len(each.holding) > 6 else "")  # noqa: PLR2004 - a line's worth
        if not each.dataset:
            yield f"{each.store}: kept.toml names no system for it; personal data in {holding}"
        else:
            perhaps = "perhaps " if each.sureness is Sureness.SUSPECTED else ""
            yield f"{each.store}.{each.dataset}: not listed; {perhaps}personal: {holding or '?'}"


def _sensitive(comparison: Comparison) -> Iterator[str]:
    for each in comparison.without_ground:
        perhaps = " perhaps" if each.sureness is Sureness.SUSPECTED else ""
        seen = f" ({each.because})" if each.because else ""
        said = f"; the policy says: {_quoted(each.denied)}" if each.denied else ""
        if not each.spoken_of:
            said = "; no policy that was read speaks of these people"
        yield f"{each.dataset}.{each.field}: {plain(each.category)}{perhaps}{seen}{said}"


def _unneeded(comparison: Comparison) -> Iterator[str]:
    for each in comparison.unneeded:
        where = f"{each.dataset}.{each.field}" if each.field else f"{each.dataset}"
        yield f"{where}: {each.why.value} ({each.evidence})"


def _missing(comparison: Comparison) -> Iterator[str]:
    for what, question in (
        ("source", "where they come from"),
        ("purpose", "what they are for"),
        ("recipient", "who gets them"),
        ("region", "where they stand"),
    ):
        fields = [each for each in comparison.origins if what in each.missing]
        if fields:
            first = fields[0]
            yield (
                f"of {len(fields)} of {len(comparison.origins)} personal fields {question},"
                f" first {first.dataset}.{first.field}"
            )


def _quoted(words: Iterable[Words]) -> str:
    said = list(words)
    if not said:
        return "no words"
    quote = " ".join(said[0].quote.split())
    short = quote if len(quote) <= _QUOTED else f"{quote[: _QUOTED - 1]}…"
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    return f"“{short}”{more}"


def _say(text: str) -> None:
    typer.echo(printable(text))

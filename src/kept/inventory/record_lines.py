"""How statements of the record are put into words, each with where it comes from."""

from collections.abc import Iterable

from kept.inventory.promised import Words
from kept.inventory.record import Item, Line
from kept.inventory.record_words import said
from kept.settings import Wording


def item(
    key: str,
    language: str,
    lines: Iterable[Line],
    missing: Iterable[str] = (),
    *,
    caution: str = "",
) -> Item:
    """Return one point of Article 30.

    Args:
        key: Paragraph and point.
        language: Of the record.
        lines: What is known.
        missing: What is not, each in one sentence.
        caution: Key of what the known does not say, where something is known.
    """
    found = tuple(lines)
    return Item(
        key=key,
        title=said("item", key, language),
        lines=found,
        missing=tuple(missing),
        caution=said("caution", caution, language) if caution and found else "",
    )


def quotes(words: Iterable[Words], language: str) -> list[Line]:
    """Return the words of a policy, each in the record's language where it was published so."""
    lines = []
    for each in words:
        spoken, quote = each.read_in(language)
        text = " ".join(quote.split())
        lines.append(
            Line(text=text, language=spoken, source=each.document, key=each.promise, quoted=True)
        )
    return lines


def stated(wordings: Iterable[Wording], language: str) -> list[Line]:
    """Return what the settings say, each in the record's language where it is written so."""
    lines = []
    for each in wordings:
        spoken, text = each.read_in(language)
        lines.append(Line(text=text, language=spoken, source=origin("settings", language)))
    return list(dict.fromkeys(lines))


def origin(where: str, language: str) -> str:
    """Return what one of our own files, or the stores, are called."""
    return said("text", f"from_{where}", language)

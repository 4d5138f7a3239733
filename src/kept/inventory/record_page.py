"""The record of processing as one page to read and to print, with no network and no script."""

from functools import cache
from html import escape
from importlib.resources import files

from kept.inventory.record import Activity, Item, Line, Record
from kept.inventory.record_words import counted, is_right_to_left, said

_CATEGORIES = frozenset({"1c-data", "2b"})


def page(record: Record) -> str:
    """Return the record as one HTML page. Everything in it is escaped."""
    language = record.language
    title = said("text", "title", language)
    name = escape(record.name)
    # Isolated, or a line from right to left would turn the date around.
    at = f"\u2066{record.made_at:%Y-%m-%d %H:%M} UTC\u2069"
    made = said("text", "made", language, at=at)
    lacks = said(
        "text",
        "summary",
        language,
        activities=counted("activities", len(record.activities), language),
        lacking=counted("lacking", record.lacks, language),
    )
    body = [
        "<header>",
        f'<p class="basis">{escape(said("text", "basis", language))}</p>',
        f"<h1>{escape(title)}</h1>",
        f'<p class="keeper"><bdi>{name}</bdi></p>',
        f'<p class="meta">{escape(made)}</p>',
        f'<p class="lacks{"" if record.lacks else " none"}">{escape(lacks)}</p>',
        "</header>",
        _contents(record),
        "<section>",
        _item(record.who, language, more=record.missing),
        "</section>",
        *(_activity(each, at, language) for at, each in enumerate(record.activities, 1)),
    ]
    if not record.activities:
        body.append(f"<section><p>{escape(said('text', 'nothing', language))}</p></section>")
    heading = f"{escape(title)} · {name}" if name else escape(title)
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{_direction(language)}">\n<head>'
        '<meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{heading}</title>\n<style>\n{_style()}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


@cache
def _style() -> str:
    return files(__package__).joinpath("record_page.css").read_text("utf-8")


def _direction(language: str) -> str:
    return "rtl" if is_right_to_left(language) else "ltr"


def _contents(record: Record) -> str:
    if not record.activities:
        return ""
    entries = "".join(
        f'<li><a href="#activity-{at}"><bdi>{escape(each.title)}</bdi></a>'
        f' <span class="role">{escape(each.role_named)}</span></li>'
        for at, each in enumerate(record.activities, 1)
    )
    label = escape(said("text", "contents", record.language))
    return f'<nav aria-labelledby="contents"><h2 id="contents">{label}</h2><ol>{entries}</ol></nav>'


def _activity(activity: Activity, at: int, language: str) -> str:
    datasets = "; ".join(
        f"<bdi>{escape(f'{each.store}.{each.name}')}</bdi> ({escape(_rows(each.rows, language))})"
        for each in activity.datasets
    )
    items = "\n".join(_item(each, language) for each in activity.items)
    return (
        f'<section id="activity-{at}"><header class="activity">'
        f"<h2><bdi>{escape(activity.title)}</bdi></h2>"
        f'<p class="role">{escape(activity.role_named)}</p></header>\n{items}\n'
        f'<p class="datasets">{escape(said("text", "datasets", language))}: {datasets}</p>'
        "</section>"
    )


def _rows(rows: int | None, language: str) -> str:
    if rows is None:
        return said("text", "rows_unknown", language)
    return counted("rows", rows, language)


def _item(item: Item, language: str, more: tuple[str, ...] = ()) -> str:
    lines = [_line(each, language) for each in item.lines]
    missing = escape(said("text", "missing", language))
    lines += [
        f'<li class="missing"><strong>{missing}:</strong> {escape(each)}</li>'
        for each in (*item.missing, *more)
    ]
    caution = f'<p class="caution">{escape(item.caution)}</p>' if item.caution else ""
    kind = " categories" if item.key in _CATEGORIES else ""
    return (
        f'<div class="item{kind}"><div><h3>{escape(item.title)}</h3>'
        f'<p class="provision"><bdi>{escape(item.provision)}</bdi></p></div>'
        f"<div><ul>{''.join(lines)}</ul>{caution}</div></div>"
    )


def _line(line: Line, language: str) -> str:
    text = escape(line.text)
    special = escape(said("text", "special", language))
    marks = "".join(
        f'<span class="mark{" special" if escape(each) == special else ""}">{escape(each)}</span>'
        for each in line.marks
    )
    if line.quoted:
        spoken = escape(line.language)
        direction = _direction(line.language)
        foreign = ' class="foreign"' if direction != _direction(language) else ""
        text = f'<q lang="{spoken}" dir="{direction}"{foreign}>{text}</q>'
        source = f'<span class="source"><bdi>{escape(line.source)}</bdi></span>'
        return f'<li class="quoted">{text}{marks}{source}</li>'
    if not line.language:
        text = f"<bdi>{text}</bdi>"
    elif line.language != language:
        spoken = escape(line.language)
        text = f'<bdi lang="{spoken}" dir="{_direction(line.language)}">{text}</bdi>'
    return f"<li>{text}{marks}</li>"

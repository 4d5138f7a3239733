"""An answer as a page that opens anywhere, with no network and no script."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import cast

Json = Mapping[str, object]

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
       padding-inline: 1rem; }
h1 { font-size: 1.6rem; margin-block: 0 0.25rem; }
h2 { font-size: 1.15rem; margin-block: 2rem 0.5rem; }
table { border-collapse: collapse; inline-size: 100%; margin-block-end: 1rem; }
th, td { border-block-end: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: start;
         vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; inline-size: 16rem; }
.why { color: GrayText; font-style: italic; }
.meta { color: GrayText; }
"""


def page(answer: Json) -> str:
    """Return the answer as one HTML page. Everything in it is escaped."""
    controller = cast("Json", answer["controller"])
    groups = cast("Sequence[Json]", answer["groups"])
    remarks = cast("Sequence[Json]", answer["remarks"])
    tasks = cast("Sequence[Json]", answer["tasks"])
    name = _text(controller["name"]) or "the controller"
    body = [
        f"<h1>Your data at <bdi>{name}</bdi></h1>",
        (
            f'<p class="meta">Request {_text(answer["request"])}, made '
            f"{_text(answer['made_at'])}, law {_text(answer['law'])}. "
            f"Questions: <bdi>{_text(controller['contact'])}</bdi></p>"
        ),
        *(_group(each) for each in groups),
    ]
    if not groups:
        body.append("<p>Nothing about you was found.</p>")
    if remarks or tasks:
        body.append("<h2>What this answer says of itself</h2><ul>")
        body += [f"<li>{_text(each['message'])}</li>" for each in (*remarks, *tasks)]
        body.append("</ul>")
    return (
        '<!doctype html>\n<html lang="en" dir="ltr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Your data at {name}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


def _group(group: Json) -> str:
    items = cast("Sequence[Json]", group["items"])
    where = f"{_text(group['store'])} · {_text(group['dataset'])}"
    tables = "\n".join(_item(each, at) for at, each in enumerate(items, start=1))
    return f"<section><h2><bdi>{where}</bdi> ({len(items)})</h2>\n{tables}</section>"


def _item(item: Json, at: int) -> str:
    rows = "".join(_row(each) for each in cast("Sequence[Json]", item["data"]))
    return f'<table aria-label="Record {at}"><tbody>{rows}</tbody></table>'


def _row(datum: Json) -> str:
    head = f'<th scope="row"><bdi>{_text(datum["name"])}</bdi></th>'
    if "withheld" in datum:
        because = _text(cast("Json", datum["withheld"])["because"])
        return f'<tr>{head}<td class="why">Not shown: {because}</td></tr>'
    value = datum["value"]
    shown = '<span class="why">empty</span>' if value is None else f"<bdi>{_text(value)}</bdi>"
    return f"<tr>{head}<td>{shown}</td></tr>"


def _text(value: object) -> str:
    return escape(str(value))

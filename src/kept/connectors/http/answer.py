"""What is taken out of an answer, and put into a call: pointers and templates, nothing else."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from kept.inventory.connector import Value

_NAMED = re.compile(r"\{([a-z_]+)(?:\|(md5|lower))?\}")


def at(document: object, pointer: str) -> object:
    """Return what stands at a pointer, ``None`` where nothing does.

    Examples:
        >>> at({"a": [{"b": 7}]}, "/a/0/b")
        7
        >>> at({"a": 1}, "/b/c")
    """
    found = document
    for part in pointer.split("/")[1:]:
        if isinstance(found, Mapping):
            found = found.get(part.replace("~1", "/").replace("~0", "~"))
        elif isinstance(found, Sequence) and not isinstance(found, str) and part.isdigit():
            found = found[int(part)] if int(part) < len(found) else None
        else:
            return None
    return found


def as_value(found: object) -> Value:
    """Return a value that may leave a connector: what is nested becomes a JSON text."""
    if found is None or isinstance(found, str | int | float | bool):
        return found
    return json.dumps(found, ensure_ascii=False)


def filled(template: str, values: Mapping[str, str], *, spelt: Callable[[str], str] = str) -> str:
    """Return a template with values in it, each spelt so that it stays one value.

    Examples:
        >>> in_path("/v1/people/{key}", {"key": "../all?x"})
        '/v1/people/..%2Fall%3Fx'
    """

    def one(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        if found[2] == "lower":
            value = value.lower()
        elif found[2] == "md5":
            value = hashlib.md5(value.strip().lower().encode(), usedforsecurity=False).hexdigest()
        return spelt(value)

    return _NAMED.sub(one, template)


def in_path(template: str, values: Mapping[str, str]) -> str:
    """Return a path with values in it: none of them adds a segment or a query."""

    def spelt(value: str) -> str:
        text = quote(value.encode("utf-8", "replace"), safe="")
        # Two dots alone would be taken for the folder above.
        return text.replace(".", "%2E") if set(value) <= {"."} else text

    return filled(template, values, spelt=spelt)


def in_query(template: str, values: Mapping[str, str]) -> str:
    """Return a parameter with values in it: inside quotes of a search, none of them ends it."""
    quoted = '"' in template or "'" in template
    return filled(
        template,
        values,
        spelt=lambda value: re.sub(r"[\"'\\]", r"\\\g<0>", value) if quoted else value,
    )


def in_body(body: object, values: Mapping[str, str]) -> object:
    """Return a JSON body with values in its texts."""
    if isinstance(body, str):
        return filled(body, values)
    if isinstance(body, Mapping):
        return {key: in_body(each, values) for key, each in body.items()}
    if isinstance(body, list):
        return [in_body(each, values) for each in body]
    return body

"""Which strings the pages say, so that none of them stays untranslated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_CALLS = frozenset({"_", "gettext", "gettext_lazy", "ngettext"})
_TAG = re.compile(r"""\{%\s*translate\s+(?:"([^"]*)"|'([^']*)')""")


def strings(folder: Path) -> dict[str, str]:
    """Return every translatable string below `folder`, and where it stands first.

    A plural is keyed as catalogues key it: the singular, a zero byte, the plural.
    """
    found: dict[str, str] = {}
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
        text = path.read_text(encoding="utf-8")
        said = _in_template(text) if path.suffix == ".html" else _in_python(text)
        for each in said:
            found.setdefault(each, path.name)
    return found


def _in_template(text: str) -> Iterator[str]:
    for match in _TAG.finditer(text):
        yield match[1] or match[2]


def _in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id not in _CALLS:
            continue
        words = [
            each.value
            for each in node.args
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if words:
            yield "\0".join(words)

"""How a catalogue that a translator edits becomes the one that the pages read.

GNU's ``msgfmt`` does the same and is not on every machine. Run
``python -m kept.web.catalogue`` after editing a ``django.po``; a test fails while a
compiled catalogue differs from its text.
"""

import ast
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

LOCALES = Path(__file__).with_name("locale")
LANGUAGES = ("en", "fr", "ar")

_MAGIC = 0x950412DE
_CONTEXT = "\x04"
_FORMS = "\x00"
_TEXT = re.compile(r"msgstr(?:\[(\d)\])?")


class CatalogueError(ValueError):
    """A catalogue cannot be read. Only translators and tests see this."""


@dataclass(slots=True)
class Entry:
    """One string and its translation.

    Attributes:
        context: What tells two equal strings apart, or empty.
        source: The English string.
        plural: The English plural, or empty.
        forms: The translations, one for each plural form of the language.
    """

    context: str = ""
    source: str = ""
    plural: str = ""
    forms: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What a program looks the string up by."""
        source = f"{self.source}{_FORMS}{self.plural}" if self.plural else self.source
        return f"{self.context}{_CONTEXT}{source}" if self.context else source

    @property
    def text(self) -> str:
        """The translations as the compiled catalogue holds them."""
        return _FORMS.join(self.forms[index] for index in sorted(self.forms))


def parse(text: str) -> list[Entry]:
    """Return the entries of a ``.po`` file, its header first.

    Raises:
        CatalogueError: A line is neither a keyword, a string, a comment nor empty.
    """
    entries: list[Entry] = []
    open_ = Entry()
    part = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        keyword, _, rest = line.partition(" ")
        if line.startswith('"'):
            rest = line
        else:
            part = keyword
            if keyword in {"msgctxt", "msgid"} and open_.forms:
                entries.append(open_)
                open_ = Entry()
        try:
            _extend(open_, part, ast.literal_eval(rest))
        except (SyntaxError, ValueError):
            raise CatalogueError(f"line {number} is not of a catalogue") from None
    if open_.forms:
        entries.append(open_)
    return entries


def _extend(entry: Entry, part: str, more: str) -> None:
    match part:
        case "msgctxt":
            entry.context += more
        case "msgid":
            entry.source += more
        case "msgid_plural":
            entry.plural += more
        case _:
            found = _TEXT.fullmatch(part)
            if found is None:
                raise ValueError(part)
            index = int(found[1] or 0)
            entry.forms[index] = entry.forms.get(index, "") + more


def compiled(entries: list[Entry]) -> bytes:
    """Return the ``.mo`` file of `entries`: sorted, untranslated ones left out."""
    pairs = sorted(
        (entry.key.encode(), entry.text.encode()) for entry in entries if any(entry.forms.values())
    )
    start = 28 + 16 * len(pairs)
    offsets: list[tuple[int, int, int, int]] = []
    strings = b"".join(key + b"\0" for key, _ in pairs)
    keys_at, texts_at = start, start + len(strings)
    for key, text in pairs:
        offsets.append((len(key), keys_at, len(text), texts_at))
        keys_at += len(key) + 1
        texts_at += len(text) + 1
    header = struct.pack("<7I", _MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    index = b"".join(struct.pack("<2I", length, at) for length, at, _, _ in offsets)
    index += b"".join(struct.pack("<2I", length, at) for _, _, length, at in offsets)
    return header + index + strings + b"".join(text + b"\0" for _, text in pairs)


def source_of(language: str) -> Path:
    """Return the catalogue that a translator edits."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def main() -> None:
    """Compile the catalogues of every language."""
    for language in LANGUAGES:
        source = source_of(language)
        entries = parse(source.read_text(encoding="utf-8"))
        source.with_suffix(".mo").write_bytes(compiled(entries))


if __name__ == "__main__":
    main()

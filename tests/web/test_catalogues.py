"""No string stays untranslated, and what is compiled is what translators wrote."""

import gettext
import io
import re
import string
from pathlib import Path

import pytest

from kept.web import catalogue
from kept.web.catalogue import LANGUAGES, CatalogueError, compiled, parse, source_of
from kept.web.findings import CODES
from kept.web.strings import strings

WEB = Path(catalogue.__file__).parent
FORMS = {"en": 2, "fr": 2, "ar": 6}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_of_the_pages_is_translated_and_no_translation_is_left_over(
    language: str,
) -> None:
    said = set(strings(WEB))
    written = {entry.key: entry for entry in parse(source_of(language).read_text("utf-8"))}
    assert said == set(written) - {""}
    untranslated = [key for key, entry in written.items() if not all(entry.forms.values())]
    assert untranslated == []
    for key, entry in written.items():
        assert len(entry.forms) == (FORMS[language] if "\0" in key else 1), key


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_translation_is_not_the_english_again(language: str) -> None:
    alike = {"Cookies", "Contact", "Incidents", "Rectification", "Impossible", "Verdict"}
    for entry in parse(source_of(language).read_text("utf-8")):
        assert entry.forms[0] != entry.source or entry.source in alike, entry.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same_values(language: str) -> None:
    for entry in parse(source_of(language).read_text("utf-8")):
        wanted = "%(" in entry.source
        assert any("%(" in form for form in entry.forms.values()) == wanted
        for form in entry.forms.values():
            assert form.count("%(count)s") == form.count("%("), entry.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_one_that_translators_wrote(language: str) -> None:
    source = source_of(language)
    assert source.with_suffix(".mo").read_bytes() == compiled(parse(source.read_text("utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_read_by_gettext(language: str) -> None:
    entries = parse(source_of(language).read_text("utf-8"))
    read = gettext.GNUTranslations(io.BytesIO(compiled(entries)))
    for entry in entries:
        if entry.source and not entry.plural:
            assert read.gettext(entry.source) == entry.forms[0]
    many = "%(count)s promises are broken."
    forms = {read.ngettext("%(count)s promise is broken.", many, count) for count in range(120)}
    assert len(forms) == {"en": 2, "fr": 2, "ar": 6}[language]


def test_arabic_is_written_in_arabic_letters() -> None:
    for entry in parse(source_of("ar").read_text("utf-8")):
        if entry.source:
            latin = set(entry.forms[0].replace("%(count)s", "").replace("datamap.toml", ""))
            assert not latin & set(string.ascii_letters), entry.source


@pytest.mark.parametrize(
    "text", ["msgid oops", 'msgid "a" "b', "what is this", 'msgstr[x] "a"', '"alone"']
)
def test_a_broken_catalogue_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(CatalogueError, match="line 1"):
        parse(text)


def test_strings_in_several_lines_contexts_and_comments_are_read() -> None:
    (entry,) = parse('# note\nmsgctxt "place"\nmsgid "a"\n"b"\n\nmsgstr "c"\n"d\\n"\n')
    assert (entry.context, entry.source, entry.text) == ("place", "ab", "cd\n")
    assert entry.key == "place\x04ab"


def test_every_finding_of_a_check_has_words_in_every_language() -> None:
    checks = WEB.parent / "checks"
    codes = {
        code
        for path in checks.glob("*.py")
        for code in re.findall(
            r'^[A-Z_]+ = "([a-z-]+\.[a-z-]+)"$', path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert codes
    assert codes <= CODES

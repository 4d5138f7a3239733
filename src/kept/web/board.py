"""What the scoreboard page says, in the reader's language."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kept.promises.promise import Clause, Promise
from kept.promises.scoreboard import NO_PROMISE
from kept.promises.verdict import DutyVerdict, Finding, PromiseVerdict, Verdict
from kept.web import findings, words
from kept.web.chart import WIDTH, segments
from kept.web.page import Page
from kept.web.requests import request_shown
from kept.web.setup import LANGUAGES
from kept.web.text import Text, direction, fragment

Shown = dict[str, object]

_DIGEST_SHOWN = 16

_MEASURES = (
    ("rows_read", "rows", gettext_lazy("Rows read")),
    ("datasets", "", gettext_lazy("Datasets")),
    ("datasets_compared", "", gettext_lazy("Datasets compared")),
    ("fields", "", gettext_lazy("Fields")),
    ("people", "people_in_all", gettext_lazy("People searched for")),
    ("ages_known", "", gettext_lazy("Ages known")),
    ("documents", "", gettext_lazy("Texts")),
)
"""What a check counts, of how many, and what that is called."""


def board(page: Page, language: str) -> Shown:
    """Return what the template of the scoreboard is filled with."""
    with translation.override(language):
        counts = page.scoreboard.summary
        return {
            "language": language,
            "direction": direction(language),
            "languages": [
                {"code": code, "name": name, "direction": direction(code), "here": code == language}
                for code, name in LANGUAGES
            ],
            "controller": page.controller,
            "published": page.published,
            "headline": _headline(counts),
            "documents": [
                {
                    "title": Text(each.title or each.name, each.language),
                    "dated": _day(each.version_date),
                    "digest": each.sha256[:_DIGEST_SHOWN],
                }
                for each in page.register.documents
            ],
            "checked": _moment(page.at),
            "summary": list(_summary(counts)),
            "chart": _chart(counts, language),
            "groups": list(_groups(page)),
            "silent": [
                fragment(each.clause.quote, each.clause.language)
                for each in page.register.promises
                if not each.duties
            ],
            "silent_count": _number(counts[NO_PROMISE]),
            "requests": [request_shown(each) for each in page.requests],
        }


def _headline(counts: Mapping[str, int]) -> list[str]:
    """Return what a reader in a hurry should take along: what is broken, what is not shown."""
    broken, unproven = counts[Verdict.BROKEN], counts[Verdict.UNPROVEN]
    said = ngettext("%(count)s promise is broken.", "%(count)s promises are broken.", broken)
    open_ = ngettext(
        "Nobody has shown yet that %(count)s promise is kept.",
        "Nobody has shown yet that %(count)s promises are kept.",
        unproven,
    )
    sentences = [_("No promise is broken.") if not broken else said % {"count": _number(broken)}]
    if unproven:
        sentences.append(open_ % {"count": _number(unproven)})
    return sentences


def _summary(counts: Mapping[str, int]) -> Iterator[Shown]:
    for verdict, (name, meaning) in words.VERDICTS.items():
        yield {
            "key": str(verdict),
            "name": name,
            "meaning": meaning,
            "count": _number(counts[verdict]),
            "any": counts[verdict] > 0,
        }


def _chart(counts: Mapping[str, int], language: str) -> Shown:
    drawn = segments(
        [(str(verdict), counts[verdict]) for verdict in words.VERDICTS],
        right_to_left=direction(language) == "rtl",
    )
    return {
        "width": WIDTH,
        "segments": drawn,
        "description": ", ".join(
            f"{words.VERDICTS[each.key][0]}: {_number(each.count)}" for each in drawn
        ),
    }


def _groups(page: Page) -> Iterator[Shown]:
    promises = {each.id: each for each in page.register.promises}
    for verdict, group in page.scoreboard.worst_first:
        name, meaning = words.VERDICTS[verdict]
        yield {
            "key": str(verdict),
            "name": name,
            "meaning": meaning,
            "count": _number(len(group)),
            "promises": [_promise(promises[each.promise], each) for each in group],
        }


def _promise(promise: Promise, said: PromiseVerdict) -> Shown:
    return {
        "id": promise.id,
        "quote": _quote(promise.clause),
        "topic": words.CATEGORIES[promise.category],
        "impossible": fragment(promise.impossible),
        "duties": [_duty(each) for each in said.duties if each.check],
        "unchecked": [words.DUTIES[each.duty] for each in said.duties if not each.check],
        "unchecked_verdict": words.VERDICTS[Verdict.UNPROVEN][0],
        "comma": "،" if direction(str(translation.get_language())) == "rtl" else ",",
        "findings": [_finding(each) for duty in said.duties for each in duty.findings],
    }


def _quote(clause: Clause) -> Text:
    return fragment(" ".join(clause.quote.split()), clause.language)


def _duty(said: DutyVerdict) -> Shown:
    return {
        "key": str(said.duty),
        "name": words.DUTIES[said.duty],
        "verdict": str(said.verdict),
        "verdict_name": words.VERDICTS[said.verdict][0],
        "reason": fragment(said.reason),
        "check": said.check,
        "facts": list(_facts(said)),
    }


def _facts(said: DutyVerdict) -> Iterator[Shown]:
    """Yield what a check looked at, as pairs of a label and a value."""
    yield {"label": _("Check"), "value": said.check}
    stores = said.coverage.get("stores")
    if isinstance(stores, list) and stores:
        yield {"label": _("Stores"), "value": ", ".join(str(each) for each in stores)}
    for key, of, label in _MEASURES:
        seen, whole = said.coverage.get(key), said.coverage.get(of)
        if isinstance(seen, int) and seen:
            total = f" / {_number(whole)}" if isinstance(whole, int) else ""
            yield {"label": label, "value": f"{_number(seen)}{total}"}


def _finding(finding: Finding) -> Shown:
    place = ".".join(part for part in (finding.store, finding.dataset, finding.field) if part)
    return {
        "code": finding.code,
        "message": findings.message(finding),
        "remedy": findings.remedy(finding),
        "place": place,
        "count": _number(finding.count) if finding.count else "",
        "since": _moment(finding.since) if finding.since else "",
    }


def _number(value: int) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True))


def _moment(instant: datetime) -> str:
    # Isolated, so that a clock time keeps its order in a line that runs the other way.
    return f"{date_format(instant, 'DATE_FORMAT')} · \u2066{instant:%H:%M} UTC\u2069"


def _day(text: str | None) -> str:
    if text is None:
        return ""
    try:
        return str(date_format(date.fromisoformat(text), "DATE_FORMAT"))
    except ValueError:
        # A date of another calendar is shown as it is stated: "1446-09-15 AH".
        return text

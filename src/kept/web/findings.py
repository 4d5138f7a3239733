"""What a check found, told in the reader's language.

A check speaks English, with its numbers in the sentence. For the other languages the
page tells the same by the finding's code; a code that it does not know, a plug-in's for
one, keeps its English words and is marked as English.
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext_lazy

from kept.promises.verdict import Finding
from kept.web.text import Text, fragment

_TOLD: Mapping[str, tuple[object, object]] = {
    "covered-systems.unlisted-dataset": (
        gettext_lazy("Personal data stands in a dataset that no covered system lists."),
        gettext_lazy("List the dataset in datamap.toml and decide whose data it is, or delete it."),
    ),
    "declared-data.unstated-category": (
        gettext_lazy("A field holds a category of data that the policy does not state."),
        gettext_lazy("Stop collecting it and delete what is there, or state it in the policy."),
    ),
}


def message(finding: Finding) -> Text:
    """Return what was found."""
    return _told(finding, 0, finding.message)


def remedy(finding: Finding) -> Text:
    """Return what to do about it."""
    return _told(finding, 1, finding.remedy)


def _told(finding: Finding, part: int, english: str) -> Text:
    here = str(translation.get_language())
    if here == "en" or finding.code not in _TOLD:
        return fragment(english)
    return Text(str(_TOLD[finding.code][part]), here)

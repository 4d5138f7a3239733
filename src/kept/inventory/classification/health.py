"""Whether values are codes of illnesses."""

from collections.abc import Iterator

from kept.inventory.classification.evidence import NEARLY_ALL, Term, graded, percent
from kept.inventory.classification.profile import whole_line
from kept.inventory.classification.question import Question, seen
from kept.vocabulary.data_category import DataCategory

_DIAGNOSIS = DataCategory.USER_HEALTH_MEDICAL_DIAGNOSIS

# Letter, two digits, a dot: the chapters A to T and Z of ICD-10, and of its national forms.
_DOTTED = whole_line(r"[A-TVZ]\d[\dAB]\.(?:\d{1,2}[A-Z\d]{0,2}|[A-Z\d]{1,4})[+*!]?", 0)
_CHAPTERS = 4
"""Chapters that a clinic sees at least; a shelf or a product line has one letter or two."""


def diagnoses(question: Question) -> Iterator[Term]:
    """Say what share of values have the form of ICD-10 codes, from several chapters."""
    profile = question.profile
    if "." not in profile.characters or not profile.has_digits or not profile.has_letters:
        return
    share = profile.share(_DOTTED)
    chapters = len({text[0] for text in profile.texts})
    claimed = question.claims(_DIAGNOSIS)
    if share <= NEARLY_ALL or (chapters < _CHAPTERS and not claimed):
        return
    yield seen(
        _DIAGNOSIS,
        graded(share, profile.count, 4.6),
        f"{percent(share)} of {profile.count} values have the form of ICD-10 codes, "
        f"of {chapters} chapters",
        share,
    )

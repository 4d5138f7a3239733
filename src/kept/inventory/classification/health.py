"""Whether values are codes of illnesses, or names of medicines."""

from collections.abc import Iterator

from kept.inventory.classification.evidence import NEARLY_ALL, Term, graded, percent
from kept.inventory.classification.profile import Kind, whole_line
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


_MEDICATIONS = DataCategory.USER_HEALTH_MEDICATIONS
_SHORTEST, _MOST_WORDS = 7, 4
_FROM = 0.4
"""Share of values from which it is a field of medicines: brands have names of any kind."""

# Stems of international nonproprietary names (WHO), with their endings in other languages.
_STEMS = (
    *("cillin", "cilline", "cilina", "cillina", "mycin", "mycine", "micina", "cycline", "floxacin"),
    *("floxacine", "prazole", "prazol", "conazole", "conazol", "nidazole", "statin", "statine"),
    *("statina", "formin", "formine", "formina", "gliptin", "gliptine", "gliflozin", "glitazone"),
    *("profen", "profene", "profeno", "oxicam", "coxib", "tidine", "setron", "olol", "sartan"),
    *("dipine", "dipino", "dipin", "pril", "thiazide", "semide", "xaban", "parin", "parine"),
    *("oxetine", "oxetin", "traline", "tralin", "alopram", "azepam", "zolam", "apine", "ridone"),
    *("azine", "triptan", "terol", "butamol", "asone", "isolone", "onide", "caine", "dronate"),
    *("vir", "vudine", "mab", "tinib", "acetamol", "setamol", "cetamol", "thyroxine", "grel"),
)


def medications(question: Question) -> Iterator[Term]:
    """Say what share of values begin with a name of a medicine: its stem tells."""
    profile = question.profile
    if profile.kind is not Kind.TEXT or profile.average_words > _MOST_WORDS:
        return
    hits = sum(
        bool(words) and len(words[0]) >= _SHORTEST and words[0].rstrip(".").endswith(_STEMS)
        for words in profile.words
    )
    share = hits / profile.count
    if share < _FROM:
        return
    yield seen(
        _MEDICATIONS,
        graded(share, profile.count, 4.9),
        f"{percent(share)} of {profile.count} values have the stem of a medicine's name",
        share,
    )

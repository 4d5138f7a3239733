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
    "age-limit.below-limit": (
        gettext_lazy("Rows belong to people below the age limit that the policy sets."),
        gettext_lazy(
            "Delete the accounts and their data, and ask for the age before an account is made."
        ),
    ),
    "authentication.clear-password": (
        gettext_lazy("Passwords stand in clear."),
        gettext_lazy(
            "Make every password invalid, store salted hashes only, and tell those concerned."
        ),
    ),
    "authentication.weak-hash": (
        gettext_lazy("Passwords are hashed with a scheme that breaks in seconds."),
        gettext_lazy(
            "Hash them anew with argon2id at the next sign-in, and make the old hashes invalid."
        ),
    ),
    "card-tokenisation.card-number": (
        gettext_lazy("Card numbers stand in a store of our own."),
        gettext_lazy("Remove the numbers, and keep only what the payment provider returns."),
    ),
    "covered-systems.unlisted-dataset": (
        gettext_lazy("Personal data stands in a dataset that no covered system lists."),
        gettext_lazy("List the dataset in datamap.toml and decide whose data it is, or delete it."),
    ),
    "declared-data.unstated-category": (
        gettext_lazy("A field holds a category of data that the policy does not state."),
        gettext_lazy("Stop collecting it and delete what is there, or state it in the policy."),
    ),
    "encryption-at-rest.clear-value": (
        gettext_lazy("A field that is declared encrypted holds values in clear."),
        gettext_lazy("Encrypt the values, and find what writes them in clear."),
    ),
    "policy-version.silent-edit": (
        gettext_lazy("The text of the policy changed and its date did not."),
        gettext_lazy("State the day of this text in it, or put the earlier text back."),
    ),
    "policy-version.undated-edit": (
        gettext_lazy("The text of the policy changed, and it states no date."),
        gettext_lazy("State the day of this text in it."),
    ),
    "policy-version.backdated": (
        gettext_lazy(
            "The text of the policy is new, and its date is older than one it stated before."
        ),
        gettext_lazy("State the day of this text in it, or put the earlier text back."),
    ),
    "retention.kept-too-long": (
        gettext_lazy("Rows are past the promised period and past every period that law sets."),
        gettext_lazy("Erase them, or record the ground on which they are kept longer."),
    ),
    "retention.minimum-longer-than-promise": (
        gettext_lazy("Law makes us keep rows for longer than the policy promises."),
        gettext_lazy("State the longer period and its provision in the policy."),
    ),
    "right-access.field-left-out": (
        gettext_lazy("A field with personal data is left out of answers, and no reason is given."),
        gettext_lazy(
            "Let answers show the field, or give the reason and its provision in datamap.toml."
        ),
    ),
    "right-access.rows-not-located": (
        gettext_lazy("Rows of people stand where an answer would not find them."),
        gettext_lazy("Decide in datamap.toml how these rows refer to people."),
    ),
    "right-erasure.erased-person": (
        gettext_lazy("Data of a person who was erased is there again, or still."),
        gettext_lazy("Erase the rows, and find what brought them back."),
    ),
}

CODES = frozenset(_TOLD)
"""Findings that every language of the pages has words for."""


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

"""Which keys of fideslang our categories of data are, where fideslang spells them otherwise."""

from collections.abc import Mapping

from kept.vocabulary.data_category import DataCategory

C = DataCategory

_SPELT: Mapping[DataCategory, str] = {
    C.USER_AUTHORIZATION_BIOMETRICS: "user.authorization.biometric",
    C.USER_BIOMETRICS: "user.biometric",
    C.USER_BIOMETRICS_FINGERPRINT: "user.biometric.fingerprint",
    C.USER_BIOMETRICS_RETINAL: "user.biometric.retinal",
    C.USER_BIOMETRICS_VOICE: "user.biometric.voice",
    C.USER_CHILDREN: "user.childrens",
    C.USER_CONTACT_SOCIAL_URL: "user.contact.url",
    C.USER_DEVICE_SENSOR: "user.sensor",
    C.USER_DEVICE_TELEMETRY: "user.telemetry",
    C.USER_HEALTH: "user.health_and_medical",
    C.USER_HEALTH_GENETIC: "user.health_and_medical.genetic",
    C.USER_HEALTH_INSURANCE_BENEFICIARY_ID: "user.health_and_medical.insurance_beneficiary_id",
    C.USER_HEALTH_RECORD_ID: "user.health_and_medical.record_id",
    C.USER_LOCATION_COARSE: "user.location.imprecise",
    C.USER_PROFESSIONAL_INFORMATION: "user.workplace",
    C.USER_PROFESSIONAL_INFORMATION_JOB_TITLE: "user.job_title",
    C.USER_SETTINGS: "user.account.settings",
    C.USER_SOCIAL_ACTIVITY: "user.social",
}
"""Ours by theirs, one by one. Source: fideslang 3.1, default taxonomy."""

_WIDER: Mapping[DataCategory, str] = {
    C.USER_DEMOGRAPHIC_CITIZENSHIP_OR_IMMIGRATION_STATUS: "user.demographic",
    C.USER_DEMOGRAPHIC_PHILOSOPHICAL_BELIEF: "user.demographic",
    C.USER_DEMOGRAPHIC_UNION_MEMBERSHIP: "user.demographic",
    C.USER_HEALTH_CONDITION: "user.health_and_medical",
    C.USER_HEALTH_MEDICAL_DIAGNOSIS: "user.health_and_medical",
    C.USER_HEALTH_MEDICATIONS: "user.health_and_medical",
    C.USER_PROFESSIONAL_INFORMATION_WORKPLACE: "user.workplace",
}
"""Ours for which fideslang has the kind above alone."""

_THEIRS: Mapping[str, DataCategory] = {
    **{key: category for category, key in _SPELT.items()},
    "user.biometric.health": C.USER_BIOMETRICS,
    "user.contact.organization": C.USER_PROFESSIONAL_INFORMATION_WORKPLACE,
    "user.user_sensor": C.USER_DEVICE_SENSOR,
}
"""Theirs by ours, also those that say one thing twice."""

_OLD_PARTS = frozenset({"provided", "derived", "identifiable", "nonidentifiable"})
"""Parts of keys of fideslang before version 1.2."""


def fides_category(category: DataCategory) -> str:
    """Return the key that fideslang has for a category, or for the kind above it.

    Examples:
        >>> fides_category(DataCategory.USER_HEALTH_CONDITION)
        'user.health_and_medical'
    """
    return _SPELT.get(category) or _WIDER.get(category) or category.value


def category_of_fides(key: str) -> DataCategory | None:
    """Return the category that a key of any version means, or the nearest kind above it.

    Examples:
        >>> category_of_fides("user.provided.identifiable.contact.email").value
        'user.contact.email'
        >>> category_of_fides("user.biometric.voice").value
        'user.biometrics.voice'
    """
    parts = [each for each in key.split(".") if each not in _OLD_PARTS]
    while parts:
        found = ".".join(parts)
        if found in _THEIRS:
            return _THEIRS[found]
        try:
            return DataCategory(found)
        except ValueError:
            parts.pop()
    return None

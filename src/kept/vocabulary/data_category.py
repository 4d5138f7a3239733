"""Which kinds of personal data there are, in the field's own keys."""

from enum import StrEnum


class DataCategory(StrEnum):
    """A kind of data; the value is a key as fideslang has them, a path of dots.

    A key covers the keys below it: a policy that states ``user.contact`` states
    ``user.contact.email``.

    Source: fideslang 3 default taxonomy (deprecated keys left out); where ours differ,
    `kept.vocabulary.fideslang` says how.
    """

    SYSTEM = "system"
    SYSTEM_AUTHENTICATION = "system.authentication"
    SYSTEM_OPERATIONS = "system.operations"
    USER = "user"
    USER_ACCOUNT = "user.account"
    USER_ACCOUNT_USERNAME = "user.account.username"
    USER_AUTHORIZATION = "user.authorization"
    USER_AUTHORIZATION_CREDENTIALS = "user.authorization.credentials"
    USER_AUTHORIZATION_PASSWORD = "user.authorization.password"
    USER_AUTHORIZATION_BIOMETRICS = "user.authorization.biometrics"
    USER_BEHAVIOR = "user.behavior"
    USER_BEHAVIOR_BROWSING_HISTORY = "user.behavior.browsing_history"
    USER_BEHAVIOR_MEDIA_CONSUMPTION = "user.behavior.media_consumption"
    USER_BEHAVIOR_PURCHASE_HISTORY = "user.behavior.purchase_history"
    USER_BEHAVIOR_SEARCH_HISTORY = "user.behavior.search_history"
    USER_BIOMETRICS = "user.biometrics"
    USER_BIOMETRICS_FINGERPRINT = "user.biometrics.fingerprint"
    USER_BIOMETRICS_RETINAL = "user.biometrics.retinal"
    USER_BIOMETRICS_VOICE = "user.biometrics.voice"
    USER_CHILDREN = "user.children"
    USER_CONTACT = "user.contact"
    USER_CONTACT_ADDRESS = "user.contact.address"
    USER_CONTACT_ADDRESS_CITY = "user.contact.address.city"
    USER_CONTACT_ADDRESS_COUNTRY = "user.contact.address.country"
    USER_CONTACT_ADDRESS_POSTAL_CODE = "user.contact.address.postal_code"
    USER_CONTACT_ADDRESS_STATE = "user.contact.address.state"
    USER_CONTACT_ADDRESS_STREET = "user.contact.address.street"
    USER_CONTACT_EMAIL = "user.contact.email"
    USER_CONTACT_FAX_NUMBER = "user.contact.fax_number"
    USER_CONTACT_PHONE_NUMBER = "user.contact.phone_number"
    USER_CONTACT_SOCIAL_URL = "user.contact.social_url"
    USER_CONTENT = "user.content"
    USER_CONTENT_PRIVATE = "user.content.private"
    USER_CONTENT_PUBLIC = "user.content.public"
    USER_CONTENT_SELF_IMAGE = "user.content.self_image"
    USER_CRIMINAL_HISTORY = "user.criminal_history"
    USER_DEMOGRAPHIC = "user.demographic"
    USER_DEMOGRAPHIC_AGE_RANGE = "user.demographic.age_range"
    USER_DEMOGRAPHIC_CITIZENSHIP_OR_IMMIGRATION_STATUS = (
        "user.demographic.citizenship_or_immigration_status"
    )
    USER_DEMOGRAPHIC_DATE_OF_BIRTH = "user.demographic.date_of_birth"
    USER_DEMOGRAPHIC_GENDER = "user.demographic.gender"
    USER_DEMOGRAPHIC_LANGUAGE = "user.demographic.language"
    USER_DEMOGRAPHIC_MARITAL_STATUS = "user.demographic.marital_status"
    USER_DEMOGRAPHIC_PHILOSOPHICAL_BELIEF = "user.demographic.philosophical_belief"
    USER_DEMOGRAPHIC_POLITICAL_OPINION = "user.demographic.political_opinion"
    USER_DEMOGRAPHIC_PROFILE = "user.demographic.profile"
    USER_DEMOGRAPHIC_RACE_ETHNICITY = "user.demographic.race_ethnicity"
    USER_DEMOGRAPHIC_RELIGIOUS_BELIEF = "user.demographic.religious_belief"
    USER_DEMOGRAPHIC_SEXUAL_ORIENTATION = "user.demographic.sexual_orientation"
    USER_DEMOGRAPHIC_UNION_MEMBERSHIP = "user.demographic.union_membership"
    USER_DEVICE = "user.device"
    USER_DEVICE_COOKIE = "user.device.cookie"
    USER_DEVICE_COOKIE_ID = "user.device.cookie_id"
    USER_DEVICE_DEVICE_ID = "user.device.device_id"
    USER_DEVICE_IP_ADDRESS = "user.device.ip_address"
    USER_DEVICE_SENSOR = "user.device.sensor"
    USER_DEVICE_TELEMETRY = "user.device.telemetry"
    USER_FINANCIAL = "user.financial"
    USER_FINANCIAL_BANK_ACCOUNT = "user.financial.bank_account"
    USER_FINANCIAL_CREDIT_CARD = "user.financial.credit_card"
    USER_GOVERNMENT_ID = "user.government_id"
    USER_GOVERNMENT_ID_BIRTH_CERTIFICATE = "user.government_id.birth_certificate"
    USER_GOVERNMENT_ID_DRIVERS_LICENSE_NUMBER = "user.government_id.drivers_license_number"
    USER_GOVERNMENT_ID_IMMIGRATION = "user.government_id.immigration"
    USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER = (
        "user.government_id.national_identification_number"
    )
    USER_GOVERNMENT_ID_PASSPORT_NUMBER = "user.government_id.passport_number"
    USER_GOVERNMENT_ID_VEHICLE_REGISTRATION = "user.government_id.vehicle_registration"
    USER_HEALTH = "user.health"
    USER_HEALTH_CONDITION = "user.health.condition"
    USER_HEALTH_GENETIC = "user.health.genetic"
    USER_HEALTH_INSURANCE_BENEFICIARY_ID = "user.health.insurance_beneficiary_id"
    USER_HEALTH_MEDICAL_DIAGNOSIS = "user.health.medical_diagnosis"
    USER_HEALTH_MEDICATIONS = "user.health.medications"
    USER_HEALTH_RECORD_ID = "user.health.record_id"
    USER_LOCATION = "user.location"
    USER_LOCATION_COARSE = "user.location.coarse"
    USER_LOCATION_PRECISE = "user.location.precise"
    USER_NAME = "user.name"
    USER_NAME_FIRST = "user.name.first"
    USER_NAME_LAST = "user.name.last"
    USER_PAYMENT = "user.payment"
    USER_PRIVACY_PREFERENCES = "user.privacy_preferences"
    USER_PROFESSIONAL_INFORMATION = "user.professional_information"
    USER_PROFESSIONAL_INFORMATION_JOB_TITLE = "user.professional_information.job_title"
    USER_PROFESSIONAL_INFORMATION_WORKPLACE = "user.professional_information.workplace"
    USER_SETTINGS = "user.settings"
    USER_SOCIAL_ACTIVITY = "user.social_activity"
    USER_UNIQUE_ID = "user.unique_id"
    USER_UNIQUE_ID_PSEUDONYMOUS = "user.unique_id.pseudonymous"

    def covers(self, other: "DataCategory") -> bool:
        """Return whether stating this category states `other` too.

        Examples:
            >>> DataCategory.USER_CONTACT.covers(DataCategory.USER_CONTACT_EMAIL)
            True
            >>> DataCategory.USER_NAME_FIRST.covers(DataCategory.USER_NAME)
            False
        """
        return other == self or other.startswith(f"{self}.")


SPECIAL: frozenset[DataCategory] = frozenset(
    {
        DataCategory.USER_BIOMETRICS,
        DataCategory.USER_AUTHORIZATION_BIOMETRICS,
        DataCategory.USER_HEALTH,
        DataCategory.USER_CRIMINAL_HISTORY,
        DataCategory.USER_DEMOGRAPHIC_PHILOSOPHICAL_BELIEF,
        DataCategory.USER_DEMOGRAPHIC_POLITICAL_OPINION,
        DataCategory.USER_DEMOGRAPHIC_RACE_ETHNICITY,
        DataCategory.USER_DEMOGRAPHIC_RELIGIOUS_BELIEF,
        DataCategory.USER_DEMOGRAPHIC_SEXUAL_ORIENTATION,
        DataCategory.USER_DEMOGRAPHIC_UNION_MEMBERSHIP,
    }
)
"""Categories that need a ground of their own: GDPR Art. 9(1) and Art. 10."""


def is_special(category: DataCategory) -> bool:
    """Return whether `category` is special under GDPR Art. 9(1) or Art. 10."""
    return any(special.covers(category) for special in SPECIAL)


def is_personal(category: DataCategory) -> bool:
    """Return whether `category` speaks of a person at all, as opposed to a system."""
    return DataCategory.USER.covers(category)

"""Which concepts of the Data Privacy Vocabulary our words are."""

from collections.abc import Mapping

from kept.vocabulary.data_category import DataCategory
from kept.vocabulary.purpose import Purpose

C, P = DataCategory, Purpose

DPV = "https://w3id.org/dpv#"
PD = "https://w3id.org/dpv/pd#"

_DATA: Mapping[DataCategory, str] = {
    C.USER_ACCOUNT_USERNAME: "Username",
    C.USER_AUTHORIZATION: "Authenticating",
    C.USER_AUTHORIZATION_PASSWORD: "Password",
    C.USER_AUTHORIZATION_BIOMETRICS: "Biometric",
    C.USER_BEHAVIOR: "Behavioral",
    C.USER_BEHAVIOR_BROWSING_HISTORY: "BrowserHistory",
    C.USER_BEHAVIOR_MEDIA_CONSUMPTION: "ServiceConsumptionBehavior",
    C.USER_BEHAVIOR_PURCHASE_HISTORY: "Purchase",
    C.USER_BEHAVIOR_SEARCH_HISTORY: "BrowsingBehavior",
    C.USER_BIOMETRICS: "Biometric",
    C.USER_BIOMETRICS_FINGERPRINT: "Fingerprint",
    C.USER_BIOMETRICS_RETINAL: "Retina",
    C.USER_CONTACT: "Contact",
    C.USER_CONTACT_ADDRESS: "PhysicalAddress",
    C.USER_CONTACT_ADDRESS_CITY: "City",
    C.USER_CONTACT_ADDRESS_COUNTRY: "Country",
    C.USER_CONTACT_ADDRESS_POSTAL_CODE: "PostalCode",
    C.USER_CONTACT_ADDRESS_STATE: "Region",
    C.USER_CONTACT_ADDRESS_STREET: "Street",
    C.USER_CONTACT_EMAIL: "EmailAddress",
    C.USER_CONTACT_FAX_NUMBER: "TelephoneNumber",
    C.USER_CONTACT_PHONE_NUMBER: "TelephoneNumber",
    C.USER_CONTACT_SOCIAL_URL: "SocialMedia",
    C.USER_CONTENT: "Communication",
    C.USER_CONTENT_SELF_IMAGE: "Picture",
    C.USER_CRIMINAL_HISTORY: "Criminal",
    C.USER_DEMOGRAPHIC: "Demographic",
    C.USER_DEMOGRAPHIC_AGE_RANGE: "AgeRange",
    C.USER_DEMOGRAPHIC_CITIZENSHIP_OR_IMMIGRATION_STATUS: "Citizenship",
    C.USER_DEMOGRAPHIC_DATE_OF_BIRTH: "BirthDate",
    C.USER_DEMOGRAPHIC_GENDER: "Gender",
    C.USER_DEMOGRAPHIC_LANGUAGE: "Language",
    C.USER_DEMOGRAPHIC_MARITAL_STATUS: "MaritalStatus",
    C.USER_DEMOGRAPHIC_PHILOSOPHICAL_BELIEF: "PhilosophicalBelief",
    C.USER_DEMOGRAPHIC_POLITICAL_OPINION: "PoliticalOpinion",
    C.USER_DEMOGRAPHIC_PROFILE: "Profile",
    C.USER_DEMOGRAPHIC_RACE_ETHNICITY: "EthnicOrigin",
    C.USER_DEMOGRAPHIC_RELIGIOUS_BELIEF: "ReligiousBelief",
    C.USER_DEMOGRAPHIC_SEXUAL_ORIENTATION: "SexualPreference",
    C.USER_DEMOGRAPHIC_UNION_MEMBERSHIP: "TradeUnionMembership",
    C.USER_DEVICE: "DeviceBased",
    C.USER_DEVICE_COOKIE_ID: "Identifier",
    C.USER_DEVICE_DEVICE_ID: "UID",
    C.USER_DEVICE_IP_ADDRESS: "IPAddress",
    C.USER_FINANCIAL: "Financial",
    C.USER_FINANCIAL_BANK_ACCOUNT: "BankAccount",
    C.USER_FINANCIAL_CREDIT_CARD: "PaymentCard",
    C.USER_GOVERNMENT_ID: "OfficialID",
    C.USER_GOVERNMENT_ID_PASSPORT_NUMBER: "Passport",
    C.USER_GOVERNMENT_ID_VEHICLE_REGISTRATION: "VehicalLicenseRegistration",
    C.USER_HEALTH: "Health",
    C.USER_HEALTH_GENETIC: "Genetic",
    C.USER_HEALTH_MEDICATIONS: "Prescription",
    C.USER_HEALTH_RECORD_ID: "HealthRecord",
    C.USER_LOCATION: "Location",
    C.USER_LOCATION_PRECISE: "GPSCoordinate",
    C.USER_NAME: "Name",
    C.USER_PAYMENT: "Transaction",
    C.USER_PRIVACY_PREFERENCES: "PrivacyPreference",
    C.USER_PROFESSIONAL_INFORMATION: "Professional",
    C.USER_PROFESSIONAL_INFORMATION_JOB_TITLE: "Job",
    C.USER_PROFESSIONAL_INFORMATION_WORKPLACE: "WorkEnvironment",
    C.USER_SETTINGS: "Preference",
    C.USER_SOCIAL_ACTIVITY: "SocialNetwork",
    C.USER_UNIQUE_ID: "UID",
}
"""Concepts of DPV's extension for personal data; a category without one has its kind's.

Source: Personal Data Concepts (PD) 2.1. One of its terms is really spelt ``Vehical``.
"""

_PURPOSES: Mapping[Purpose, str] = {
    P.ANALYTICS: "ServiceUsageAnalytics",
    P.EMPLOYMENT: "HumanResourceManagement",
    P.EMPLOYMENT_RECRUITMENT: "RecruitmentManagement",
    P.ESSENTIAL_FRAUD_DETECTION: "FraudPreventionAndDetection",
    P.ESSENTIAL_LEGAL_OBLIGATION: "LegalCompliance",
    P.ESSENTIAL_SERVICE: "ServiceProvision",
    P.ESSENTIAL_SERVICE_AUTHENTICATION: "IdentityAuthentication",
    P.ESSENTIAL_SERVICE_NOTIFICATIONS: "CommunicationManagement",
    P.ESSENTIAL_SERVICE_OPERATIONS: "TechnicalServiceProvision",
    P.ESSENTIAL_SERVICE_OPERATIONS_IMPROVE: "ImproveExistingProductsAndServices",
    P.ESSENTIAL_SERVICE_OPERATIONS_SUPPORT: "CustomerCare",
    P.ESSENTIAL_SERVICE_PAYMENT_PROCESSING: "PaymentManagement",
    P.ESSENTIAL_SERVICE_SECURITY: "EnforceSecurity",
    P.ESSENTIAL_SERVICE_UPGRADES: "ServiceOptimisation",
    P.FINANCE: "PaymentManagement",
    P.FUNCTIONAL: "ServiceProvision",
    P.FUNCTIONAL_SERVICE_IMPROVE: "ImproveExistingProductsAndServices",
    P.FUNCTIONAL_STORAGE: "RecordManagement",
    P.MARKETING: "Marketing",
    P.MARKETING_ADVERTISING: "Advertising",
    P.MARKETING_ADVERTISING_PROFILING: "TargetedAdvertising",
    P.MARKETING_COMMUNICATIONS: "DirectMarketing",
    P.OPERATIONS: "OrganisationGovernance",
    P.PERSONALIZE: "Personalisation",
    P.PERSONALIZE_CONTENT: "ServicePersonalisation",
    P.PERSONALIZE_SYSTEM: "UserInterfacePersonalisation",
    P.SALES: "SellProducts",
    P.THIRD_PARTY_SHARING_LEGAL_OBLIGATION: "LegalCompliance",
    P.TRAIN_AI_SYSTEM: "ResearchAndDevelopment",
}
"""Concepts of DPV for purposes; a purpose without one has its kind's. Source: DPV 2.1."""


def data_iri(category: DataCategory) -> str:
    """Return the concept that a category is, or the nearest kind above it.

    Examples:
        >>> data_iri(DataCategory.USER_NAME_FIRST)
        'https://w3id.org/dpv/pd#Name'
    """
    found = _nearest(_DATA, category)
    return f"{DPV}PersonalData" if found is None else f"{PD}{found}"


def purpose_iri(purpose: Purpose) -> str:
    """Return the concept that a purpose is, or the nearest kind above it.

    Examples:
        >>> purpose_iri(Purpose.ANALYTICS_REPORTING)
        'https://w3id.org/dpv#ServiceUsageAnalytics'
    """
    return f"{DPV}{_nearest(_PURPOSES, purpose) or 'Purpose'}"


def _nearest(known: Mapping[DataCategory, str] | Mapping[Purpose, str], key: str) -> str | None:
    names = {each.value: concept for each, concept in known.items()}
    while key:
        if key in names:
            return names[key]
        key = key.rpartition(".")[0]
    return None

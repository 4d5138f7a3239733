"""Why personal data is used, in the field's own keys."""

from enum import StrEnum


class Purpose(StrEnum):
    """A purpose; the value is a key of the fideslang taxonomy of data uses, a path of dots.

    Source: fideslang 3 default taxonomy (keys of advertising protocols left out).
    """

    ANALYTICS = "analytics"
    ANALYTICS_REPORTING = "analytics.reporting"
    COLLECT = "collect"
    EMPLOYMENT = "employment"
    EMPLOYMENT_RECRUITMENT = "employment.recruitment"
    ESSENTIAL = "essential"
    ESSENTIAL_FRAUD_DETECTION = "essential.fraud_detection"
    ESSENTIAL_LEGAL_OBLIGATION = "essential.legal_obligation"
    ESSENTIAL_SERVICE = "essential.service"
    ESSENTIAL_SERVICE_AUTHENTICATION = "essential.service.authentication"
    ESSENTIAL_SERVICE_NOTIFICATIONS = "essential.service.notifications"
    ESSENTIAL_SERVICE_OPERATIONS = "essential.service.operations"
    ESSENTIAL_SERVICE_OPERATIONS_IMPROVE = "essential.service.operations.improve"
    ESSENTIAL_SERVICE_OPERATIONS_SUPPORT = "essential.service.operations.support"
    ESSENTIAL_SERVICE_PAYMENT_PROCESSING = "essential.service.payment_processing"
    ESSENTIAL_SERVICE_SECURITY = "essential.service.security"
    ESSENTIAL_SERVICE_UPGRADES = "essential.service.upgrades"
    FINANCE = "finance"
    FUNCTIONAL = "functional"
    FUNCTIONAL_SERVICE = "functional.service"
    FUNCTIONAL_SERVICE_IMPROVE = "functional.service.improve"
    FUNCTIONAL_STORAGE = "functional.storage"
    MARKETING = "marketing"
    MARKETING_ADVERTISING = "marketing.advertising"
    MARKETING_ADVERTISING_FIRST_PARTY = "marketing.advertising.first_party"
    MARKETING_ADVERTISING_PROFILING = "marketing.advertising.profiling"
    MARKETING_ADVERTISING_THIRD_PARTY = "marketing.advertising.third_party"
    MARKETING_COMMUNICATIONS = "marketing.communications"
    OPERATIONS = "operations"
    PERSONALIZE = "personalize"
    PERSONALIZE_CONTENT = "personalize.content"
    PERSONALIZE_SYSTEM = "personalize.system"
    SALES = "sales"
    THIRD_PARTY_SHARING = "third_party_sharing"
    THIRD_PARTY_SHARING_LEGAL_OBLIGATION = "third_party_sharing.legal_obligation"
    TRAIN_AI_SYSTEM = "train_ai_system"

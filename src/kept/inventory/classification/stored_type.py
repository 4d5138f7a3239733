"""What the type of a field says against what its name claims."""

from collections.abc import Iterator

from kept.inventory.catalog import Column
from kept.inventory.classification.evidence import Source, Term
from kept.inventory.classification.lexicon import known_words
from kept.inventory.classification.profile import Kind, Profile
from kept.vocabulary.data_category import DataCategory

# What a truth value can say of a person; of everything else it says that there is one.
_TRUTHS = (
    DataCategory.USER_DEMOGRAPHIC_MARITAL_STATUS,
    DataCategory.USER_HEALTH,
    DataCategory.USER_DEMOGRAPHIC_UNION_MEMBERSHIP,
    DataCategory.USER_PRIVACY_PREFERENCES,
    DataCategory.USER_DEMOGRAPHIC_GENDER,
    DataCategory.USER_CRIMINAL_HISTORY,
    DataCategory.USER_CHILDREN,
)

# What decimals can say of a person; names of people, numbers and addresses have no fractions.
_MEASURES = (
    *_TRUTHS,
    DataCategory.USER_FINANCIAL,
    DataCategory.USER_LOCATION,
    DataCategory.USER_DEMOGRAPHIC,
    DataCategory.USER_PROFESSIONAL_INFORMATION,
    DataCategory.USER_BIOMETRICS,
    DataCategory.USER_BEHAVIOR,
)


def of_type(column: Column, profile: Profile, claimed: frozenset[DataCategory]) -> Iterator[Term]:
    """Yield what the type says against what the name claims."""
    declared = column.type.upper()
    truths = profile.kind is Kind.TRUTH or (not profile.count and "BOOL" in declared)
    for category in sorted(claimed):
        if truths and not any(each.covers(category) for each in _TRUTHS):
            yield Term(
                category, Source.VALUES, -6.0, "truth values say that there is one, not which"
            )
        elif profile.kind is Kind.NUMBER and not any(each.covers(category) for each in _MEASURES):
            yield Term(
                category, Source.VALUES, -6.0, "decimals are measures and no data of the kind"
            )
        elif category is DataCategory.USER_CHILDREN and _counts(column, profile):
            yield Term(category, Source.VALUES, -6.0, "numbers say how many there are, not who")
        elif not profile.count and _cannot_hold(declared, category):
            yield Term(
                category, Source.VALUES, -3.5, f"the type {declared.split('(')[0]} cannot hold it"
            )
    if declared in {"INET", "CIDR"}:
        yield Term(
            DataCategory.USER_DEVICE_IP_ADDRESS, Source.VALUES, 5.0, "the type is for IP addresses"
        )
    elif declared.startswith("MACADDR"):
        yield Term(
            DataCategory.USER_DEVICE_DEVICE_ID,
            Source.VALUES,
            5.0,
            "the type is for hardware addresses",
        )


_AGES = frozenset({"age", "ages", "alter", "edad", "idade", "eta", "yas", "العمر", "عمر"})


def _counts(column: Column, profile: Profile) -> bool:
    """Whether a field about children holds numbers that are no ages."""
    numbers = profile.kind in {Kind.WHOLE, Kind.NUMBER} or (
        profile.kind is Kind.TRUTH and not profile.has_letters
    )
    return numbers and not _AGES & set(known_words(column.name))


_TEXT_ONLY = (
    DataCategory.USER_CONTACT_EMAIL,
    DataCategory.USER_NAME,
    DataCategory.USER_CONTACT_ADDRESS,
    DataCategory.USER_CONTENT,
    DataCategory.USER_DEVICE_IP_ADDRESS,
    DataCategory.USER_PROFESSIONAL_INFORMATION_JOB_TITLE,
)


def _cannot_hold(declared: str, category: DataCategory) -> bool:
    """Whether a declared type of numbers or dates cannot hold `category`."""
    number = any(
        each in declared for each in ("INT", "REAL", "DOUBLE", "FLOAT", "NUMERIC", "DECIMAL")
    )
    dated = declared.startswith(("DATE", "TIME"))
    postal = category is DataCategory.USER_CONTACT_ADDRESS_POSTAL_CODE
    if dated and category is not DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH:
        return any(each.covers(category) for each in _TEXT_ONLY) or "contact" in category
    return number and not postal and any(each.covers(category) for each in _TEXT_ONLY)

"""What a policy that states some categories of data has stated by that."""

from collections.abc import Iterable, Mapping, Sequence

from kept.promises.promise import Category, Promise, Register
from kept.vocabulary.data_category import SPECIAL, DataCategory, is_personal
from kept.vocabulary.duty import Duty

C = DataCategory

_SAYS_TOO: Mapping[DataCategory, frozenset[DataCategory]] = {
    # "Account information", "profile": what every account has.
    C.USER_ACCOUNT: frozenset(
        {C.USER_AUTHORIZATION, C.USER_UNIQUE_ID, C.USER_SETTINGS, C.USER_DEMOGRAPHIC_LANGUAGE}
    ),
    C.USER_ACCOUNT_USERNAME: frozenset({C.USER_ACCOUNT}),
    C.USER_AUTHORIZATION: frozenset({C.USER_ACCOUNT_USERNAME}),
    C.USER_AUTHORIZATION_CREDENTIALS: frozenset(
        {C.USER_ACCOUNT_USERNAME, C.USER_AUTHORIZATION_PASSWORD}
    ),
    C.USER_AUTHORIZATION_PASSWORD: frozenset({C.USER_AUTHORIZATION_CREDENTIALS}),
    C.USER_SETTINGS: frozenset({C.USER_DEMOGRAPHIC_LANGUAGE, C.USER_PRIVACY_PREFERENCES}),
    C.USER_DEMOGRAPHIC_PROFILE: frozenset({C.USER_SETTINGS, C.USER_CONTENT_SELF_IMAGE}),
    # A name is stated whole, whichever part is named.
    C.USER_NAME_FIRST: frozenset({C.USER_NAME_LAST}),
    C.USER_NAME_LAST: frozenset({C.USER_NAME_FIRST}),
    # A fax number is a telephone number.
    C.USER_CONTACT_PHONE_NUMBER: frozenset({C.USER_CONTACT_FAX_NUMBER}),
    # "Payment information", "billing": what was bought, and with what it was paid.
    C.USER_PAYMENT: frozenset({C.USER_FINANCIAL, C.USER_BEHAVIOR_PURCHASE_HISTORY}),
    C.USER_FINANCIAL: frozenset({C.USER_PAYMENT, C.USER_BEHAVIOR_PURCHASE_HISTORY}),
    C.USER_FINANCIAL_CREDIT_CARD: frozenset({C.USER_PAYMENT}),
    C.USER_FINANCIAL_BANK_ACCOUNT: frozenset({C.USER_PAYMENT}),
    C.USER_BEHAVIOR_PURCHASE_HISTORY: frozenset({C.USER_PAYMENT}),
    # A birth date says the age; an age does not say the birth date.
    C.USER_DEMOGRAPHIC_DATE_OF_BIRTH: frozenset({C.USER_DEMOGRAPHIC_AGE_RANGE}),
    # Where somebody is says the town; a precise place stays to be stated.
    C.USER_LOCATION: frozenset(
        {
            C.USER_CONTACT_ADDRESS_CITY,
            C.USER_CONTACT_ADDRESS_STATE,
            C.USER_CONTACT_ADDRESS_COUNTRY,
            C.USER_CONTACT_ADDRESS_POSTAL_CODE,
        }
    ),
    C.USER_CONTACT_ADDRESS: frozenset({C.USER_LOCATION_COARSE}),
    C.USER_DEVICE: frozenset({C.USER_DEMOGRAPHIC_LANGUAGE}),
    # What people write is one thing, whoever reads it; a picture of them is another.
    C.USER_CONTENT_PRIVATE: frozenset({C.USER_CONTENT_PUBLIC}),
    C.USER_CONTENT_PUBLIC: frozenset({C.USER_CONTENT_PRIVATE}),
}
"""What the words for one category say too, besides what stands below it in the tree."""

_EVERYWHERE: frozenset[DataCategory] = frozenset(
    {
        C.USER,
        C.USER_ACCOUNT,
        C.USER_UNIQUE_ID,
        C.USER_UNIQUE_ID_PSEUDONYMOUS,
        C.USER_DEVICE_TELEMETRY,
        C.USER_PRIVACY_PREFERENCES,
    }
)
"""What every system has of everybody, and no policy lists: row numbers, times, flags."""

_ABOUT_US: frozenset[Category] = frozenset(
    {
        Category.CONTACT,
        Category.CHANGE,
        Category.CHILDREN,
        Category.NO_SALE,
        Category.THIRD_PARTY,
        Category.USER_DUTY,
        Category.DISCLAIMER,
    }
)
"""Clauses in which an address or a name is ours or others', or is spoken of as not held."""


def stated_by(register: Register) -> frozenset[DataCategory]:
    """Return the categories that the policy states.

    Wherever a clause says that they are collected, used, kept, shared or protected, they
    are stated. "Personal information" names none: a list that lists everything bounds
    nothing. What clauses deny or ask people not to send is not stated by them.
    """
    return frozenset(
        category
        for promise in register.promises
        if _states_data(promise)
        for category in promise.data
        if category is not C.USER and is_personal(category)
    )


def plain(category: DataCategory) -> str:
    """Return a category in plain words.

    Examples:
        >>> plain(DataCategory.USER_DEMOGRAPHIC_MARITAL_STATUS)
        'marital status'
    """
    return category.rpartition(".")[2].replace("_", " ")


def denied_by(promise: Promise) -> frozenset[DataCategory]:
    """Return the categories of which `promise` says that they are not collected."""
    denied = promise.terms.get("denied")
    if Duty.DECLARED_DATA not in promise.duties or not isinstance(denied, Sequence):
        return frozenset()
    return frozenset(C(each) for each in denied if each in set(C))


def states(stated: Iterable[DataCategory], found: DataCategory) -> bool:
    """Return whether a policy that states `stated` has stated `found`.

    A category states those below it, and what its words say too. The kind that a
    stated category belongs to is stated as well: "telephone number" answers for a field
    of which only "contact" is known. A special category is stated by itself or by one
    above it that is special too: "demographic information" is no statement of faith.

    Examples:
        >>> states([C.USER_CONTACT], C.USER_CONTACT_ADDRESS_STREET)
        True
        >>> states([C.USER_DEMOGRAPHIC], C.USER_DEMOGRAPHIC_RELIGIOUS_BELIEF)
        False
    """
    if not is_personal(found) or found in _EVERYWHERE:
        return True
    all_stated = _with_what_they_say(stated)
    special = [each for each in SPECIAL if each.covers(found)]
    if special:
        return any(
            each.covers(found) and any(kind.covers(each) for kind in SPECIAL) for each in all_stated
        )
    return any(each.covers(found) or found.covers(each) for each in all_stated)


def bearer(register: Register, found: DataCategory) -> Promise | None:
    """Return the promise that a category which nobody states breaks.

    One cause gives one finding: the clause that denies the category bears it; else it is
    unstated by the list as a whole, for which the first clause answers that lists data.
    """
    lists = [each for each in register.promises if Duty.DECLARED_DATA in each.duties]
    denying = [each for each in lists if any(one.covers(found) for one in denied_by(each))]
    naming = [each for each in lists if set(each.data) - {C.USER}]
    return next(iter([*denying, *naming, *lists]), None)


def _states_data(promise: Promise) -> bool:
    return (
        bool(promise.duties)
        and promise.category not in _ABOUT_US
        and Duty.SENSITIVE_DATA_INTAKE not in promise.duties
    )


def _with_what_they_say(stated: Iterable[DataCategory]) -> frozenset[DataCategory]:
    """Return `stated` and what their words say too, one step far: hints do not add up."""
    own = frozenset(stated)
    return own.union(*(_SAYS_TOO.get(each, frozenset()) for each in own))

"""Which kinds of identifier a person can be found by."""

from enum import StrEnum

from kept.vocabulary.data_category import DataCategory


class IdentifierKind(StrEnum):
    """A kind of identifier; the value is what ``--identity KIND=VALUE`` takes."""

    EMAIL = "email"
    PHONE = "phone"
    NATIONAL_ID = "national_id"
    ACCOUNT_ID = "account_id"
    USERNAME = "username"
    DEVICE_ID = "device_id"
    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"

    @property
    def names_one_person(self) -> bool:
        """Whether two rows with the same value are, by themselves, the same person.

        A mailbox and a telephone are shared and handed on, and names repeat; a
        number that the state gives to one person is not.
        """
        return self in {IdentifierKind.NATIONAL_ID, IdentifierKind.ACCOUNT_ID}

    @property
    def locates(self) -> bool:
        """Whether the value alone may find rows; others only tell people apart."""
        return self not in {IdentifierKind.NAME, IdentifierKind.DATE_OF_BIRTH}


CATEGORY_OF: dict[IdentifierKind, DataCategory] = {
    IdentifierKind.EMAIL: DataCategory.USER_CONTACT_EMAIL,
    IdentifierKind.PHONE: DataCategory.USER_CONTACT_PHONE_NUMBER,
    IdentifierKind.NATIONAL_ID: DataCategory.USER_GOVERNMENT_ID_NATIONAL_IDENTIFICATION_NUMBER,
    IdentifierKind.ACCOUNT_ID: DataCategory.USER_UNIQUE_ID,
    IdentifierKind.USERNAME: DataCategory.USER_ACCOUNT_USERNAME,
    IdentifierKind.DEVICE_ID: DataCategory.USER_DEVICE_DEVICE_ID,
    IdentifierKind.NAME: DataCategory.USER_NAME,
    IdentifierKind.DATE_OF_BIRTH: DataCategory.USER_DEMOGRAPHIC_DATE_OF_BIRTH,
}
"""The category that a field holding this kind of identifier has at least."""

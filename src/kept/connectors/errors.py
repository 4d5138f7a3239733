"""What a store can answer instead of what it was asked, and whose turn it is then.

Drivers put values into their messages, so none of their words is passed on: each
failure becomes one of these, named by the store and by what can be done.
"""

from typing import ClassVar

from kept.errors import KeptError, RefusedError, UnavailableError


class StoreMissingError(UnavailableError):
    """There is nothing where the store should be."""

    code: ClassVar[str] = "stores.missing"
    remedy: str = "Correct the store's url in kept.toml, or bring the store back, and try again."


class StoreLockedError(UnavailableError):
    """Somebody else holds the store for longer than we wait."""

    code: ClassVar[str] = "stores.locked"
    remedy: str = "Try again when whoever writes to the store has finished."


class StoreUnreachableError(UnavailableError):
    """The store, or what it stands on, did not answer."""

    code: ClassVar[str] = "stores.unreachable"
    remedy: str = "Check that the store runs and has room on its disk, and try again."


class StoreCorruptError(RefusedError):
    """What is there is no database, or a damaged one."""

    code: ClassVar[str] = "stores.corrupt"
    remedy: str = "Check the path in kept.toml; if it is right, restore the database from a backup."


class StoreTooLargeError(RefusedError):
    """A value is so large that the store cannot hand out even its beginning in little memory."""

    code: ClassVar[str] = "stores.too-large"
    remedy: str = "Look at the field's largest values by hand; everything else can be read."


class StoreReadOnlyError(RefusedError):
    """The store may be read and not written."""

    code: ClassVar[str] = "stores.read-only"
    remedy: str = "Give the erasing account write permission, or set write_url in kept.toml."


class StoreDeniedError(RefusedError):
    """The account that the settings name may not do this."""

    code: ClassVar[str] = "stores.denied"
    remedy: str = "Grant the account what `kept init` printed, and run the command again."


class StoreChangedError(RefusedError):
    """The store has no such table or column any more."""

    code: ClassVar[str] = "stores.changed"
    remedy: str = "Run `kept map` to see what the store holds now, and try again."


class StoreConstraintError(RefusedError):
    """A constraint of the store does not allow the change; nothing was changed."""

    code: ClassVar[str] = "stores.constraint"
    remedy: str = (
        "Look at the table's constraints, and set on_erasure in datamap.toml to what they allow."
    )


class StoreAddressError(RefusedError):
    """The address of a store cannot be read."""

    code: ClassVar[str] = "stores.address"
    remedy: str = 'Write it as SQLAlchemy does, for example "sqlite:///shop.sqlite".'


class StoreSchemeError(StoreAddressError):
    """No connector exists for the kind of store that an address names."""

    code: ClassVar[str] = "stores.scheme-unknown"


class StoreNotYetError(RefusedError):
    """The store's connector can look into it, and cannot carry out a request in it."""

    code: ClassVar[str] = "stores.not-yet"
    remedy: str = (
        "Carry the request out by hand there, and take the store out of kept.toml meanwhile; what"
        " Kept itself brings answers requests."
    )


class StoreExtraMissingError(RefusedError):
    """What speaks to this kind of store is not installed."""

    code: ClassVar[str] = "stores.extra-missing"
    remedy: str = 'Install what it needs, for example: pip install "kept[postgres]"'


class StoreTimeoutError(UnavailableError):
    """The store took longer to answer than we let it."""

    code: ClassVar[str] = "stores.timed-out"
    remedy: str = "Try again when the store is less busy."


class StoreDefectError(KeptError):
    """A statement was made that no store could answer: the fault is ours, and trying again is vain."""

    code: ClassVar[str] = "stores.defect"
    remedy: str = "Report this as a defect of Kept, with this code and the class that is named."

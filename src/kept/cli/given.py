"""How people, instants and datasets are written on the command line."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from kept.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kept.inventory.dataset import DatasetId
    from kept.subjects.identifier import Identifier


class DatasetFormatError(RefusedError):
    """A dataset is not written as it must be, or no store has it."""

    code: ClassVar[str] = "requests.dataset-format"
    remedy: str = "Write STORE.DATASET as `kept map` prints it, or STORE.* for a whole store."


def identifiers_of(given: "Iterable[str]") -> "tuple[Identifier, ...]":
    """Return what ``KIND=VALUE`` names, several times.

    Raises:
        IdentityFormatError: One is written otherwise; the message never repeats it.
    """
    from kept.cli.request_output import IdentityFormatError
    from kept.subjects.identifier import Identifier
    from kept.vocabulary.identifier_kind import IdentifierKind

    found = []
    kinds = ", ".join(kind.value for kind in IdentifierKind)
    for each in given:
        kind, sign, value = each.partition("=")
        if not sign or kind.strip() not in set(IdentifierKind):
            # What was typed is not repeated: a person's address may stand where a kind should.
            raise IdentityFormatError(
                "--identity takes KIND=VALUE, with a kind that is known",
                remedy=f"Write for example --identity email=ana@example.com; kinds: {kinds}.",
            )
        found.append(Identifier(IdentifierKind(kind.strip()), value))
    return tuple(found)


def instant_of(text: str, option: str = "--at") -> datetime | None:
    """Return the instant that `text` says, UTC where it names no zone; ``None`` for nothing.

    Raises:
        InstantFormatError: It is no instant.
    """
    from kept.cli.request_output import InstantFormatError

    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InstantFormatError(
            f"{option} takes an instant such as 2026-05-01T12:00:00Z"
        ) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def datasets_of(given: "Iterable[str]", stores: "Iterable[str]") -> "tuple[DatasetId, ...]":
    """Return what ``STORE.DATASET`` names, several times.

    Raises:
        DatasetFormatError: One is written otherwise, or no store is called so.
    """
    from kept.inventory.dataset import DatasetId

    # A store's name may have dots too: the longest that fits is meant.
    known = sorted(stores, key=len, reverse=True)
    found = []
    for each in given:
        store = next((name for name in known if each.startswith(f"{name}.")), None)
        if store is None or not each[len(store) + 1 :]:
            raise DatasetFormatError(f"{each!r} names no dataset of a store in kept.toml")
        found.append(DatasetId(store, each[len(store) + 1 :]))
    return tuple(found)

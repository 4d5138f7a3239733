"""Why a request cannot be planned or carried out as it stands."""

from collections.abc import Iterable
from typing import ClassVar

from kept.errors import RefusedError
from kept.plans.plan import Obstacle


class IdentityUnknownError(RefusedError):
    """No row fits the identifiers given."""

    code: ClassVar[str] = "plans.identity-unknown"
    remedy: str = "Check the spelling, or give another identifier of the same person."


class IdentityUnusableError(RefusedError):
    """The identifiers given cannot find a row in any store."""

    code: ClassVar[str] = "plans.identity-unusable"
    remedy: str = (
        "Give an identifier that a dataset is searched by; the identity lines of "
        "datamap.toml name them."
    )


class IdentityAmbiguousError(RefusedError):
    """The identifiers given fit more than one person; nothing was read out or changed."""

    code: ClassVar[str] = "plans.identity-ambiguous"
    remedy: str = "Give a second --identity that tells them apart."


class UndecidedError(RefusedError):
    """A dataset with personal data has no decision in the map."""

    code: ClassVar[str] = "plans.undecided"
    remedy: str = "Decide about it in datamap.toml: `kept map --write`, then review."


class PlanRefusedError(RefusedError):
    """The store's structure does not allow the plan; nothing was changed."""

    code: ClassVar[str] = "plans.refused-by-catalog"
    remedy: str = "Change what datamap.toml says of the dataset named, and try again."


class CatalogChangedError(RefusedError):
    """The store's structure changed between the plan and its execution, twice."""

    code: ClassVar[str] = "plans.catalog-changed"
    remedy: str = "Wait until the migration of the store has finished, and try again."


class RowsOfTwoError(RefusedError):
    """Rows to erase belong to somebody else too; nothing was changed."""

    code: ClassVar[str] = "plans.rows-of-two-people"
    remedy: str = (
        "Decide in datamap.toml which reference owns the row, and mark the other as shared "
        "or referenced."
    )


class NotErasedError(RefusedError):
    """After writing, something of the person was still there; nothing was changed."""

    code: ClassVar[str] = "plans.not-erased"
    remedy: str = "Decide about the dataset named in datamap.toml, and try again."


def refusal(obstacles: Iterable[Obstacle]) -> RefusedError:
    """Return the one error that says what stands in the way, all of it.

    Args:
        obstacles: At least one.
    """
    found = sorted(obstacles)
    undecided = [each for each in found if each.code == UndecidedError.code]
    kind = UndecidedError if undecided else PlanRefusedError
    shown = undecided or found
    return kind("; ".join(each.message for each in shown), remedy=shown[0].remedy)

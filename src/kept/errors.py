"""What can go wrong, and whose turn it is then.

The first split is by who can act, because that decides the HTTP status, the
exit status and whether a workflow may try again:

    KeptError
    ├── RefusedError        the asker must change something   4xx, exit 2, no retry
    ├── UnavailableError    the outside must recover          503, exit 75, retried
    ├── BrokenPromiseError  what was promised cannot be done  500, exit 70, alert
    └── FaultError          we are wrong                      500, exit 70, no retry

Messages name codes, fields and counts. They never carry personal data: an
error travels to logs, and logs outlive the request they speak of.
"""

from typing import ClassVar


class KeptError(Exception):
    """Root of every error that this package raises on purpose.

    Attributes:
        code: Stable dotted name, for example ``"requests.identity-unknown"``.
            Public, and documented under ``docs/reference/errors.md``.
        remedy: One sentence, addressed to the person who can act.
    """

    code: ClassVar[str] = "kept.error"
    remedy: str = "Report this as a defect."

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        if remedy is not None:
            self.remedy = remedy


class RefusedError(KeptError):
    """The request cannot be served as it stands."""

    code: ClassVar[str] = "kept.refused"


class UnavailableError(KeptError):
    """Something outside did not answer; the same call may succeed later."""

    code: ClassVar[str] = "kept.unavailable"
    remedy: str = "Try again later."


class BrokenPromiseError(KeptError):
    """A promise cannot be kept by any means that the runtime has."""

    code: ClassVar[str] = "kept.broken-promise"


class FaultError(KeptError):
    """Something happened that nobody thought of: a defect of Kept."""

    code: ClassVar[str] = "kept.fault"
    remedy: str = (
        "Report this as a defect, with the class that is named; KEPT_DEBUG=1 shows where it "
        "happened (look for personal data in that before you pass it on)."
    )

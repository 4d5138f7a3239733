"""Which rights a person can exercise."""

from enum import StrEnum


class Right(StrEnum):
    """A right of the data subject; the value is the one used in JSON.

    Source: GDPR Art. 7(3), 15-18, 20-21; DPV 2.1 ``eu-gdpr:A7-3``, ``A15`` to ``A21``.
    """

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAW_CONSENT = "withdraw_consent"

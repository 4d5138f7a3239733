"""What a text can lack that keeps it from being read as a policy."""

from typing import ClassVar

from kept.errors import RefusedError


class UnreadablePolicyError(RefusedError):
    """The bytes given are no policy that can be read."""

    code: ClassVar[str] = "policy.unreadable"
    remedy: str = "Give the policy as text, HTML, PDF or DOCX, in English, French or Arabic."


class EmptyPolicyError(UnreadablePolicyError):
    """There are no words in it."""

    code: ClassVar[str] = "policy.empty"
    remedy: str = "Give the file that holds the policy's words."


class BinaryPolicyError(UnreadablePolicyError):
    """It is no text: an image, an archive, a program or an older office document."""

    code: ClassVar[str] = "policy.binary"
    remedy: str = "Save the policy as text, HTML, PDF or DOCX and give that file."


class PolicyEncodingError(UnreadablePolicyError):
    """It may be text, but in no encoding that can be told."""

    code: ClassVar[str] = "policy.encoding-unknown"
    remedy: str = "Save the file in UTF-8 and read it again."


class PolicyTooLargeError(UnreadablePolicyError):
    """It holds more text than any policy, and reading it would take too long."""

    code: ClassVar[str] = "policy.too-large"
    remedy: str = "Give the policy's own text, without what surrounds it, or split it."


class PolicyLanguageError(UnreadablePolicyError):
    """None of it is in a language that the reader knows."""

    code: ClassVar[str] = "policy.language-unknown"
    remedy: str = "Give the English, French or Arabic version of the policy."


class DamagedPolicyError(UnreadablePolicyError):
    """A page, PDF or office document is broken, or was made to be hard to read."""

    code: ClassVar[str] = "policy.damaged"
    remedy: str = "Open the file, save it again, or give its text."


class PasswordProtectedError(UnreadablePolicyError):
    """It opens with a password only."""

    code: ClassVar[str] = "policy.password-protected"
    remedy: str = "Save the file without a password and read it again."


class ScannedPolicyError(UnreadablePolicyError):
    """Its pages are pictures of text."""

    code: ClassVar[str] = "policy.scanned"
    remedy: str = "Have the text recognised first, or give the document it was printed from."


class UnknownOrderError(UnreadablePolicyError):
    """Its Arabic letters are stored in an order that cannot be decided."""

    code: ClassVar[str] = "policy.order-unknown"
    remedy: str = "Give the page or the document that it was printed from, or its text."


class DuplicateSourceError(UnreadablePolicyError):
    """Two sources carry one name, so that a quote could not be told from the other's."""

    code: ClassVar[str] = "policy.name-repeated"
    remedy: str = "Give each policy a name of its own, for example with its folder."

"""Which text the bytes of a file hold, and in which encoding."""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from kept.policy.errors import (
    BinaryPolicyError,
    EmptyPolicyError,
    PolicyEncodingError,
    PolicyTooLargeError,
)

MAX_BYTES = 5_000_000
"""The longest policy read. The longest published ones hold about 0.3 MB of text."""

_SAMPLE = 64_000
_BINARY_SHARE = 0.02
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ",
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# Letters of the three languages, digits, marks and line ends.
_WRITTEN = re.compile(r"[\t\n\r\x20-\x7e\u00a0-\u017f\u0600-\u06ff\u2000-\u206f\u20ac]")
_WRITTEN_SHARE = 0.95
# Encodings that the three languages are really published in. A guess outside them is
# more often a guess than an encoding.
_PLAUSIBLE = ("cp1252", "latin_1", "cp1256", "iso8859_6", "iso8859_15", "mac_roman")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and what its bytes were decoded with."""

    text: str
    encoding: str


def decode(content: bytes) -> Decoded:
    """Return the text that `content` holds, with no newline translation.

    A byte order mark decides; then UTF-8; then what the bytes look like, among the
    encodings in which English, French and Arabic are published.

    Raises:
        PolicyTooLargeError: More than `MAX_BYTES`; nothing was decoded.
        EmptyPolicyError: No bytes, or only white space.
        BinaryPolicyError: The bytes are no text.
        PolicyEncodingError: No encoding fits.
    """
    if len(content) > MAX_BYTES:
        raise PolicyTooLargeError(
            f"the policy has {len(content):,} bytes; at most {MAX_BYTES:,} are read"
        )
    decoded = _decode_marked(content) or _decode_wide(content) or _decode_unmarked(content)
    if not decoded.text.strip():
        raise EmptyPolicyError("the policy is empty")
    if _looks_binary(decoded.text):
        raise BinaryPolicyError("the policy is binary data, not text")
    return decoded


def _decode_marked(content: bytes) -> Decoded | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(encoding), encoding)
            except UnicodeDecodeError as error:
                raise PolicyEncodingError(
                    f"the policy begins with a mark of {encoding} and is not in it"
                ) from error
    return None


def _decode_wide(content: bytes) -> Decoded | None:
    """Return the text of UTF-16 without a mark: two bytes a letter, nearly all of its scripts."""
    if len(content) % 2 or b"\x00" not in content[:_SAMPLE]:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if len(_WRITTEN.findall(sample)) > _WRITTEN_SHARE * len(sample):
            return Decoded(text, encoding)
    return None


def _decode_unmarked(content: bytes) -> Decoded:
    if content.startswith(_MAGIC):
        raise BinaryPolicyError("the policy is binary data, not text")
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise BinaryPolicyError("the policy is binary data, not text")
    return _guess(content)


def _guess(content: bytes) -> Decoded:
    best = from_bytes(content[:_SAMPLE], cp_isolation=list(_PLAUSIBLE)).best()
    if best is None:
        raise PolicyEncodingError(
            "the policy is neither UTF-8 nor in another encoding that is known"
        )
    try:
        return Decoded(content.decode(best.encoding), best.encoding.replace("_", "-"))
    except UnicodeDecodeError as error:
        raise PolicyEncodingError(
            f"the policy begins like {best.encoding} and does not go on in it"
        ) from error


def _looks_binary(text: str) -> bool:
    sample = text[:_SAMPLE]
    return "\x00" in sample or len(_CONTROL.findall(sample)) > _BINARY_SHARE * len(sample)

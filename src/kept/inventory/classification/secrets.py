"""How a stored secret is protected: which password scheme, and whether a value is encrypted."""

import base64
import binascii
import math
import re
from collections import Counter
from enum import StrEnum
from itertools import pairwise

from kept.inventory.connector import Value


class Strength(StrEnum):
    """Whether a scheme withstands guessing, once the stored values are stolen."""

    STRONG = "strong"
    WEAK = "weak"
    UNKNOWN = "unknown"


class PasswordScheme(StrEnum):
    """How a password was turned into what is stored."""

    ARGON2 = "argon2"
    BCRYPT = "bcrypt"
    SCRYPT = "scrypt"
    YESCRYPT = "yescrypt"
    PBKDF2 = "pbkdf2"
    SHA512_CRYPT = "sha512-crypt"
    SHA256_CRYPT = "sha256-crypt"
    SCRAM = "scram"
    PHPASS = "phpass"
    MD5_CRYPT = "md5-crypt"
    DES_CRYPT = "des-crypt"
    LDAP_SALTED_SHA = "ldap-salted-sha"
    LDAP_SHA = "ldap-sha"
    LDAP_MD5 = "ldap-md5"
    SALTED_MD5 = "salted-md5"
    SALTED_SHA = "salted-sha"
    MYSQL = "mysql-sha1"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"
    ENCRYPTED = "encrypted"
    CLEAR = "clear"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"

    @property
    def strength(self) -> Strength:
        """Whether the scheme, with usual cost, withstands guessing.

        A fast hash is weak with salt too. Encryption is reversible, so whoever holds
        the key has every password: weak.

        Source: OWASP Password Storage Cheat Sheet; NIST SP 800-63B-4, 3.1.1.2.
        """
        if self in _STRONG:
            return Strength.STRONG
        if self in {PasswordScheme.UNKNOWN, PasswordScheme.UNUSABLE}:
            return Strength.UNKNOWN
        return Strength.WEAK


_STRONG = frozenset(
    {
        PasswordScheme.ARGON2,
        PasswordScheme.BCRYPT,
        PasswordScheme.SCRYPT,
        PasswordScheme.YESCRYPT,
        PasswordScheme.PBKDF2,
        PasswordScheme.SHA512_CRYPT,
        PasswordScheme.SHA256_CRYPT,
        PasswordScheme.SCRAM,
    }
)


class Protection(StrEnum):
    """Whether a value can be read by whoever reads the store."""

    CLEAR = "clear"
    ENCRYPTED = "encrypted"
    UNKNOWN = "unknown"


_SCHEMES: tuple[tuple[re.Pattern[str], PasswordScheme], ...] = tuple(
    (re.compile(pattern), scheme)
    for pattern, scheme in (
        (r"(?:argon2)?\$argon2(?:id|i|d)\$", PasswordScheme.ARGON2),
        (r"\{ARGON2\}", PasswordScheme.ARGON2),
        (
            r"(?:bcrypt\$\$?|bcrypt_sha256\$\$?|\{(?:CRYPT|BLF-CRYPT|bcrypt)\})?\$2[abxy]?\$\d\d\$",
            PasswordScheme.BCRYPT,
        ),
        (r"\$bcrypt-sha256\$", PasswordScheme.BCRYPT),
        (r"\$7\$|\$scrypt\$|scrypt[:$]|\{SCRYPT\}|SCRYPT:", PasswordScheme.SCRYPT),
        (r"(?:\{CRYPT\})?\$g?y\$", PasswordScheme.YESCRYPT),
        (r"\$?pbkdf2|\{PBKDF2|sha(?:1|256|512):\d+:", PasswordScheme.PBKDF2),
        (r"(?:\{CRYPT\}|\{SHA512-CRYPT\})?\$6\$", PasswordScheme.SHA512_CRYPT),
        (r"(?:\{CRYPT\}|\{SHA256-CRYPT\})?\$5\$", PasswordScheme.SHA256_CRYPT),
        (r"SCRAM-SHA-(?:1|256|512)\$\d+:", PasswordScheme.SCRAM),
        (r"\$[PHS]\$", PasswordScheme.PHPASS),
        (r"(?:\{CRYPT\})?\$(?:1|apr1|md5)\$", PasswordScheme.MD5_CRYPT),
        (r"\{(?:SSHA|SSHA256|SSHA384|SSHA512|SMD5)\}", PasswordScheme.LDAP_SALTED_SHA),
        (r"\{SHA(?:256|384|512)?\}", PasswordScheme.LDAP_SHA),
        (r"\{MD5\}", PasswordScheme.LDAP_MD5),
        (r"\{CRYPT\}[./0-9A-Za-z]{13}$", PasswordScheme.DES_CRYPT),
        (r"\{(?:CLEARTEXT|PLAIN)\}", PasswordScheme.CLEAR),
        (
            r"(?:md5|unsalted_md5)\$[^$]*\$[0-9a-f]{32}$|[0-9a-fA-F]{32}:[^:\s]{1,64}$",
            PasswordScheme.SALTED_MD5,
        ),
        (
            r"(?:sha1|sha256|sha512|unsalted_sha1)\$[^$]*\$[0-9a-f]{40,128}$",
            PasswordScheme.SALTED_SHA,
        ),
        (
            r"(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64}|[0-9a-fA-F]{128}):[^:\s]{1,64}$",
            PasswordScheme.SALTED_SHA,
        ),
        (r"md5[0-9a-f]{32}$", PasswordScheme.SALTED_MD5),
        (r"\*[0-9A-F]{40}$", PasswordScheme.MYSQL),
        (r"0x0[12]00[0-9A-Fa-f]{48,136}$", PasswordScheme.SALTED_SHA),
        (r"AQAAAA[A-Za-z0-9+/]{60,}={0,2}$", PasswordScheme.PBKDF2),  # ASP.NET Core Identity
    )
)
_DIGESTS = {
    32: PasswordScheme.MD5,
    40: PasswordScheme.SHA1,
    56: PasswordScheme.SHA224,
    64: PasswordScheme.SHA256,
    96: PasswordScheme.SHA384,
    128: PasswordScheme.SHA512,
}
_HEX = re.compile(r"(?:0x|\\x)?((?:[0-9a-f]{2}){8,}|(?:[0-9A-F]{2}){8,})")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_DES = re.compile(r"[./0-9A-Za-z]{13}")
_UNUSABLE = re.compile(r"[!*xX]{1,2}|!.{40}|\*LK\*|\*NP\*|!!|NP|\*{3,}")
_DIGEST_BYTES = frozenset({16, 20, 24, 28, 32, 48, 64})

_ENVELOPE = re.compile(
    r"enc(?:rypted)?:v?\d*:|enc:|ENC\[|ENC\(|\{cipher\}|\{enc\}|vault:v\d+:|gAAAA[AB][A-Za-z0-9_-]{60,}"
    r"|-----BEGIN (?:PGP MESSAGE|CMS|PKCS7|ENCRYPTED)|age-encryption\.org/|-----BEGIN AGE ENCRYPTED"
    r"|\$ANSIBLE_VAULT;|AQICAH[a-zA-Z0-9+/]{20,}|arn:aws:kms:|kms:v?\d|crypt:|cipher:|ciphertext:|aes(?:-?\d+)?[-:]"
    r"|U2FsdGVkX1[A-Za-z0-9+/]{10,}|\$aes|eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+$"
    r"|pgp:|gpg:|secretbox:|tink:|eyJpdiI6",
)
_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")  # an IBAN can be all hexadecimal
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_CHANGES, _VARIED = 0.42, 10
_SEALED_BYTES = 28  # a nonce of 12 bytes and a tag of 16: nothing authenticated is shorter
_SHORT_BYTES = 12
_BCRYPT_COST, _PBKDF2_ROUNDS = 10, 100_000


def password_scheme(value: str) -> PasswordScheme:
    """Return how the password that is stored as `value` was protected.

    Told from the form alone. A bare digest in hexadecimal is taken for an unsalted
    hash, because a salt would have to be stored somewhere. ``UNKNOWN`` is said of
    what could be a digest in base64 or a format that nobody described here: ask.
    ``CLEAR`` is said of everything that a person could have typed.

    Examples:
        >>> password_scheme("5f4dcc3b5aa765d61d8327deb882cf99").value
        'md5'
        >>> password_scheme("correct horse battery staple").value
        'clear'
    """
    text = value.strip()
    if not text or _UNUSABLE.fullmatch(text):
        return PasswordScheme.UNUSABLE
    for pattern, scheme in (*_SCHEMES, (_ENVELOPE, PasswordScheme.ENCRYPTED)):
        if pattern.match(text):
            return scheme
    digits = _HEX.fullmatch(text)
    if digits:
        return _DIGESTS.get(len(digits[1]), PasswordScheme.UNKNOWN)
    return PasswordScheme.UNKNOWN if _is_random_secret(text) else PasswordScheme.CLEAR


def _is_random_secret(text: str) -> bool:
    """Whether no person typed `text`: a digest in base64, or of thirteen characters as DES has."""
    if _DES.fullmatch(text) and _is_mixed(text):
        return True
    raw = _decoded(text)
    return raw is not None and len(raw) >= _SHORT_BYTES and _is_random_text(text)


def looks_like_des_crypt(value: str) -> bool:
    """Return whether `value` has the form of a DES crypt hash; a word of that length has it too."""
    return _DES.fullmatch(value.strip()) is not None


def password_strength(value: str) -> Strength:
    """Return how well the password stored as `value` withstands guessing, cost included.

    A strong scheme with a cost far below what its authors and OWASP advise is weak.

    Source: OWASP Password Storage Cheat Sheet (bcrypt from 10; PBKDF2 from 100,000
    rounds is taken as the floor here, below the advised 210,000 to 600,000).
    """
    scheme = password_scheme(value)
    if scheme is PasswordScheme.BCRYPT:
        cost = re.search(r"\$2[abxy]?\$(\d\d)\$", value)
        if cost and int(cost[1]) < _BCRYPT_COST:
            return Strength.WEAK
    if scheme is PasswordScheme.PBKDF2:
        rounds = re.search(r"(?:pbkdf2[^$:]*[$:](?:sha\d+[$:])?(?:i=)?|sha\d+:)(\d+)", value)
        if rounds and int(rounds[1]) < _PBKDF2_ROUNDS:
            return Strength.WEAK
    return scheme.strength


def looks_encrypted(value: Value) -> bool:
    """Return whether `value` is a ciphertext: `protection` says `ENCRYPTED`.

    No is not "clear": a digest and a short random text are neither; ask `protection`.

    Examples:
        >>> looks_encrypted("vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==")
        True
        >>> looks_encrypted("Ana Example"), looks_encrypted("ana@example.com")
        (False, False)
    """
    return protection(value) is Protection.ENCRYPTED


def protection(value: Value) -> Protection:
    """Return whether `value` is clear, a ciphertext, or cannot be told.

    A ciphertext has a known envelope, or it is base64, hexadecimal or bytes that look
    random and are long enough for a nonce and a tag. What is as long as a digest, or
    short and random, is unknown. Numbers, UUIDs, dates, tokens with readable claims
    and everything made of words are clear.
    """
    if isinstance(value, bytes):
        return _of_bytes(value)
    return _of_text(value.strip()) if isinstance(value, str) else Protection.CLEAR


def _of_text(text: str) -> Protection:
    if _ENVELOPE.match(text):
        return Protection.ENCRYPTED
    if text.isdigit() or any(each.fullmatch(text) for each in (_UUID, _JWT, _ACCOUNT)):
        return Protection.CLEAR
    compact = "".join(text.split()) if "\n" in text else text
    digits = _HEX.fullmatch(compact)
    if digits and not digits[1].isdigit():
        return _of_random(bytes.fromhex(digits[1]))
    raw = _decoded(compact) if not digits and _is_random_text(compact) else None
    return Protection.CLEAR if raw is None else _of_random(raw)


def _of_bytes(value: bytes) -> Protection:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return _of_random(value)
    return _of_text(text.strip()) if text.isprintable() else _of_random(value)


_MAGIC = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"ID3",
    b"OggS",
    b"II*\x00",
    b"MM\x00*",
    b"\x00\x00\x00",
)


def _of_random(raw: bytes) -> Protection:
    """Judge bytes that no text explains."""
    if raw.startswith(_MAGIC):
        return Protection.CLEAR
    if len(raw) in _DIGEST_BYTES or len(raw) < _SEALED_BYTES:
        return Protection.UNKNOWN
    return Protection.ENCRYPTED if _is_random(raw) else Protection.UNKNOWN


def _is_random(raw: bytes) -> bool:
    """Whether the bytes are as mixed as random ones of that length nearly always are."""
    sample = raw[:4096]
    counts = Counter(sample)
    entropy = -sum(n / len(sample) * math.log2(n / len(sample)) for n in counts.values())
    return entropy >= 0.85 * math.log2(min(len(sample), 256))


def _decoded(text: str) -> bytes | None:
    """Return what `text` is the base64 of, or ``None`` where it is none."""
    if not _BASE64.fullmatch(text):
        return None
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_mixed(text: str) -> bool:
    kinds = (str.islower, str.isupper, str.isdigit)
    return all(any(kind(each) for each in text) for kind in kinds)


def _is_random_text(text: str) -> bool:
    """Whether base64 text is mixed as random bytes are: no words, names or identifiers.

    Random base64 changes between small letters, capitals and digits at most places,
    and words, CamelCase and slugs do not.
    """
    body = text.rstrip("=")
    if not _is_mixed(body):
        return False
    kinds = ["a" if each.islower() else "A" if each.isupper() else "0" for each in body]
    changes = sum(one != other for one, other in pairwise(kinds))
    varied = len(set(body)) >= min(_VARIED, len(body) // 2)
    return varied and changes / (len(body) - 1) >= _CHANGES

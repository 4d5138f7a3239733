"""Which fields may hold passwords although nobody, and no discovery, is sure of it."""

import re

from kept.checks.scope import sure
from kept.inventory.classification.secrets import PasswordScheme
from kept.inventory.dataset import Dataset, DecidedBy, Field
from kept.vocabulary.data_category import DataCategory

_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[\W_\d]+")
_SAYS_SO = frozenset(
    {
        "auth",
        "authentication",
        "cred",
        "credential",
        "credentials",
        "creds",
        "login",
        "logins",
        "passcode",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "pw",
        "pwd",
        "secret",
        "secrets",
    }
)
_HASHED = frozenset({"digest", "encrypted", "hash", "hashed", "value"})
_OTHERWISE = frozenset(
    {
        "api",
        "app",
        "checksum",
        "client",
        "csrf",
        "etag",
        "file",
        "key",
        "mfa",
        "otp",
        "refresh",
        "session",
        "sessions",
        "signature",
        "token",
        "tokens",
        "totp",
        "webhook",
        "webhooks",
    }
)
"""What machines made up, which no list of passwords guesses: a fast hash is enough for it."""

BARE = frozenset(
    {
        PasswordScheme.MD5,
        PasswordScheme.SHA1,
        PasswordScheme.SHA224,
        PasswordScheme.SHA256,
        PasswordScheme.SHA384,
        PasswordScheme.SHA512,
        PasswordScheme.DES_CRYPT,
    }
)
"""Schemes whose values look like other things too: a file's hash, a token's, a code."""

TELLING = frozenset(
    {
        PasswordScheme.PHPASS,
        PasswordScheme.MD5_CRYPT,
        PasswordScheme.LDAP_SALTED_SHA,
        PasswordScheme.LDAP_SHA,
        PasswordScheme.LDAP_MD5,
        PasswordScheme.SALTED_MD5,
        PasswordScheme.SALTED_SHA,
        PasswordScheme.MYSQL,
    }
)
"""Weak schemes that say themselves that a value is a password's hash."""


def may_hold_passwords(dataset: Dataset, field: Field) -> bool:
    """Return whether a field's label or name, or its table's, speaks of credentials.

    A person's label that speaks of no authorisation is the end of it.

    Examples:
        >>> from kept.inventory.dataset import DatasetId
        >>> users = Dataset(id=DatasetId("app", "users"))
        >>> [
        ...     may_hold_passwords(users, Field(name=name, type="TEXT"))
        ...     for name in ("cred_hash", "secret", "file_hash", "apiSecret")
        ... ]
        [True, True, False, False]
    """
    labelled = any(DataCategory.USER_AUTHORIZATION.covers(held) for held in sure(field))
    if field.decided_by is DecidedBy.PERSON:
        return labelled
    words = _words(field.name)
    if words & _OTHERWISE:
        return False
    if labelled or words & _SAYS_SO:
        return True
    table = _words(dataset.id.name)
    return bool(words & _HASHED and table & _SAYS_SO and not table & _OTHERWISE)


def _words(name: str) -> frozenset[str]:
    return frozenset(each.lower() for each in _WORDS.split(name) if each)

"""How stored secrets are protected: told from their form, or honestly not told."""

import base64
import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.inventory.classification.secrets import (
    PasswordScheme,
    Protection,
    Strength,
    looks_encrypted,
    password_scheme,
    password_strength,
    protection,
)

SCHEMES = [
    ("$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2hoYXNo", PasswordScheme.ARGON2),
    ("argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA", PasswordScheme.ARGON2),
    ("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", PasswordScheme.BCRYPT),
    ("bcrypt_sha256$$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi", PasswordScheme.BCRYPT),
    ("pbkdf2_sha256$870000$salt$Yt1b6M8Bq0y1mU0o2sYv5w==", PasswordScheme.PBKDF2),
    ("pbkdf2:sha256:600000$salt$9f86d081", PasswordScheme.PBKDF2),
    ("scrypt:32768:8:1$salt$9f86d081", PasswordScheme.SCRYPT),
    ("$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D", PasswordScheme.SCRYPT),
    ("$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7", PasswordScheme.YESCRYPT),
    ("$6$rounds=5000$saltsalt$abcdefghijklmnop", PasswordScheme.SHA512_CRYPT),
    ("$5$saltsalt$abcdefghijklmnop", PasswordScheme.SHA256_CRYPT),
    ("SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy", PasswordScheme.SCRAM),
    ("$1$saltsalt$abcdefghijklmnopqrstuv", PasswordScheme.MD5_CRYPT),
    ("$apr1$saltsalt$abcdefghijklmnopqrstuv", PasswordScheme.MD5_CRYPT),
    ("$P$B55D6LjfHDkINU5wF.v2BuuzO0/XPk/", PasswordScheme.PHPASS),
    ("{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3", PasswordScheme.LDAP_SALTED_SHA),
    ("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", PasswordScheme.LDAP_SHA),
    ("{MD5}X03MO1qnZdYdgyfeuILPmQ==", PasswordScheme.LDAP_MD5),
    ("md5$abc$" + "0" * 32, PasswordScheme.SALTED_MD5),
    ("md5" + "ab" * 16, PasswordScheme.SALTED_MD5),
    ("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", PasswordScheme.MYSQL),
    ("!", PasswordScheme.UNUSABLE),
    ("", PasswordScheme.UNUSABLE),
    ("enc:v1:AAAA", PasswordScheme.ENCRYPTED),
    ("hunter2", PasswordScheme.CLEAR),
    ("Summer2024!", PasswordScheme.CLEAR),
    ("correct horse battery staple", PasswordScheme.CLEAR),
    ("pässwörd", PasswordScheme.CLEAR),
]  # fmt: skip


@pytest.mark.parametrize(("value", "scheme"), SCHEMES)
def test_a_scheme_is_told_from_its_form(value: str, scheme: PasswordScheme) -> None:
    assert password_scheme(value) is scheme


@pytest.mark.parametrize(
    ("make", "scheme"),
    [
        (hashlib.md5, PasswordScheme.MD5),
        (hashlib.sha1, PasswordScheme.SHA1),
        (hashlib.sha256, PasswordScheme.SHA256),
        (hashlib.sha512, PasswordScheme.SHA512),
    ],
)
def test_a_bare_digest_is_an_unsalted_hash_and_weak(
    make: Callable[..., Any], scheme: PasswordScheme
) -> None:
    value = make(b"secret").hexdigest()
    assert password_scheme(value) is scheme
    assert password_scheme(value.upper()) is scheme
    assert password_strength(value) is Strength.WEAK


def test_only_slow_hashes_are_strong() -> None:
    strong = {each for each in PasswordScheme if each.strength is Strength.STRONG}
    assert strong == {
        PasswordScheme.ARGON2, PasswordScheme.BCRYPT, PasswordScheme.SCRYPT,
        PasswordScheme.YESCRYPT, PasswordScheme.PBKDF2, PasswordScheme.SHA512_CRYPT,
        PasswordScheme.SHA256_CRYPT, PasswordScheme.SCRAM,
    }  # fmt: skip


def test_a_slow_hash_with_hardly_any_cost_is_weak() -> None:
    assert password_strength("$2b$04$R9h/cIPz0gi.URNNX3kh2OPST9/PgB") is Strength.WEAK
    assert password_strength("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgB") is Strength.STRONG
    assert password_strength("pbkdf2_sha256$1000$salt$hash") is Strength.WEAK
    assert password_strength("pbkdf2:sha256:1000$salt$hash") is Strength.WEAK
    assert password_strength("pbkdf2_sha256$600000$salt$hash") is Strength.STRONG


CLEAR = [
    "Ana Example", "Élodie Lefèvre", "محمد العتيبي", "ana.maria.lopez-garcia@mail.example.com",
    "+49 30 12345678", "42201-0397640-8", "4220103976408", "2024-01-02T03:04:05+00:00",
    "550e8400-e29b-41d4-a716-446655440000", "DE89370400440532013000", "12.5", "",
    "https://example.com/a/b/C/d?e=F1", "InternationalBusinessMachines", "some_long_name_here_42",
    "Theodor-Heuss-Straße 34", "The quick brown fox jumps over the lazy dog", "ABCDEFGHIJKLMNOP",
    "4111 1111 1111 1111", "2001:db8::8a2e:370:7334", '{"a": 1}', "Mozilla/5.0 (X11; Linux)",
    "12345678901234567890123456789012345678901234567890123456789012345678",
]  # fmt: skip


@pytest.mark.parametrize("value", CLEAR)
def test_what_people_can_read_is_clear(value: str) -> None:
    assert protection(value) is Protection.CLEAR
    assert not looks_encrypted(value)
    assert protection(value.encode()) is Protection.CLEAR


@pytest.mark.parametrize("value", [None, 7, 1.5, True])
def test_numbers_and_nothing_are_clear(value: str | bytes | float | None) -> None:
    assert protection(value) is Protection.CLEAR


@pytest.mark.parametrize(
    "value",
    [
        "enc:v1:9f86d081", "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQ", "gAAAAABl" + "Zm9v" * 20,
        "-----BEGIN PGP MESSAGE-----\n\nhQEMA", "U2FsdGVkX1/9mVfQ2mZ0Zg==", "{cipher}abcdef",
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.Y2lwaGVy.dGFn", "$ANSIBLE_VAULT;1.1;AES256",
        "ENC[AES256_GCM,data:abc]",
    ],
)  # fmt: skip
def test_a_known_envelope_is_encrypted(value: str) -> None:
    assert looks_encrypted(value)


@pytest.mark.parametrize("length", [29, 33, 44, 60, 100, 400])
def test_random_bytes_are_encrypted_in_each_spelling(length: int) -> None:
    source = random.Random(length)  # noqa: S311 - reproducible, not secret
    for _ in range(50):
        raw = source.randbytes(length)
        assert protection(raw) is Protection.ENCRYPTED
        assert protection(raw.hex()) is Protection.ENCRYPTED
    spelled = [base64.b64encode(source.randbytes(length)).decode() for _ in range(200)]
    missed = sum(protection(each) is not Protection.ENCRYPTED for each in spelled)
    assert missed <= 4


@pytest.mark.parametrize("make", [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512])
def test_a_digest_is_honestly_not_told(make: Callable[..., Any]) -> None:
    assert protection(make(b"x").hexdigest()) is Protection.UNKNOWN
    assert protection(make(b"x").digest()) is Protection.UNKNOWN


def test_a_picture_is_not_encrypted() -> None:
    assert protection(b"\x89PNG\r\n\x1a\n" + bytes(range(200))) is Protection.CLEAR


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_value_gets_an_answer(value: str | bytes | float | None) -> None:
    assert protection(value) in Protection
    if isinstance(value, str):
        assert password_scheme(value) in PasswordScheme


@given(
    st.lists(
        st.sampled_from(
            [
                "lorem",
                "ipsum",
                "dolor",
                "sit",
                "amet",
                "Anna",
                "Berlin",
                "Straße",
                "42",
                "der",
                "die",
                "das",
            ]
        ),
        min_size=1,
        max_size=20,
    )
)
def test_words_are_never_encrypted(words: list[str]) -> None:
    assert protection(" ".join(words)) is Protection.CLEAR

"""Whether values are passwords, in whatever form, or other secrets that let somebody in."""

import re
from collections import Counter
from collections.abc import Iterator

from kept.inventory.classification.evidence import MOST, Term, graded, percent
from kept.inventory.classification.profile import Kind, Profile, whole_line
from kept.inventory.classification.question import Question, seen
from kept.inventory.classification.secrets import PasswordScheme, password_scheme
from kept.vocabulary.data_category import DataCategory

_PASSWORD = DataCategory.USER_AUTHORIZATION_PASSWORD
_CREDENTIALS = DataCategory.USER_AUTHORIZATION_CREDENTIALS

_TRIED = 40
_MARKED = re.compile(
    r"^(?:\{|\$|[a-z0-9_]{3,20}[$:]|AQAAAA|\*[0-9A-F]|SCRAM|scrypt|0x0|md5[0-9a-f]{32}$)",
    re.MULTILINE,
)
_HEX_DIGEST = whole_line(
    r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})",
    re.IGNORECASE,
)
_TOKEN = whole_line(
    r"eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*|(?:sk|pk|rk)_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|github_pat_\w{20,}"
    r"|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|glpat-[\w-]{15,}|Bearer [\w.~+/-]{10,}=*"
    r"|SG\.[\w-]{16,}\.[\w-]{16,}|-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY[^\n]*|npm_\w{30,}|dop_v1_\w{30,}|shpat_\w{20,}"
)
_NOT_TOLD = frozenset(
    {
        PasswordScheme.CLEAR,
        PasswordScheme.UNKNOWN,
        PasswordScheme.UNUSABLE,
        PasswordScheme.ENCRYPTED,
        PasswordScheme.MD5,
        PasswordScheme.SHA1,
        PasswordScheme.SHA224,
        PasswordScheme.SHA256,
        PasswordScheme.SHA384,
        PasswordScheme.SHA512,
    }
)


def is_password_hash(text: str) -> bool:
    """Return whether `text` is a password hash of a scheme that can be told from its form."""
    return _MARKED.match(text) is not None and password_scheme(text) not in _NOT_TOLD


def is_token(text: str) -> bool:
    """Return whether all of `text` is a key or a token of a known issuer's form."""
    return _TOKEN.fullmatch(text) is not None


def passwords(question: Question) -> Iterator[Term]:
    """Say what share of values are password hashes, and of which scheme.

    A bare digest is ambiguous: a file's hash looks the same as a password's.
    """
    profile = question.profile
    claimed = question.claims(_PASSWORD)
    if profile.kind is not Kind.TEXT:
        if claimed and profile.kind in {Kind.TRUTH, Kind.NUMBER}:
            yield seen(_PASSWORD, -5.0, "the values are truth values or decimals")
        return
    marked = _MARKED.search(profile.joined) is not None
    tried = profile.texts[:_TRIED]
    schemes = Counter(map(password_scheme, tried)) if marked or claimed else Counter()
    told = sum(count for scheme, count in schemes.items() if scheme not in _NOT_TOLD)
    if told:
        best = max((each for each in schemes if each not in _NOT_TOLD), key=schemes.__getitem__)
        yield seen(
            _PASSWORD,
            graded(told / len(tried), len(tried), 8.0),
            f"{percent(told / len(tried))} of {len(tried)} values are password hashes, mostly {best.value}",
            told / len(tried),
        )
        return
    yield from _digests(profile, claimed=claimed)
    if claimed and (clear := schemes[PasswordScheme.CLEAR] / len(tried)) > MOST:
        yield seen(
            _PASSWORD,
            0.3,
            f"{percent(clear)} of {len(tried)} values look like clear passwords",
            clear,
        )


def _digests(profile: Profile, *, claimed: bool) -> Iterator[Term]:
    share = profile.share(_HEX_DIGEST)
    if share < MOST:
        return
    weight = 2.0 if claimed else 3.6
    doubt = "" if claimed else "; a file's hash looks the same: ask"
    yield seen(
        _PASSWORD,
        graded(share, profile.count, weight),
        f"{percent(share)} of {profile.count} values are bare digests{doubt}",
        share,
    )


def tokens(question: Question) -> Iterator[Term]:
    """Say what share of values are keys and tokens of known issuers."""
    profile = question.profile
    claimed = question.claims(_CREDENTIALS)
    if profile.kind is Kind.TEXT:
        share = profile.share(_TOKEN)
        if share:
            yield seen(
                _CREDENTIALS,
                graded(share, profile.count, 6.5),
                f"{percent(share)} of {profile.count} values are tokens or keys of a known form",
                share,
            )
    elif claimed and profile.kind in {Kind.TRUTH, Kind.NUMBER}:
        yield seen(_CREDENTIALS, -5.0, "the values are truth values or decimals")

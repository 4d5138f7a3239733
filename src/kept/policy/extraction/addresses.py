"""Which e-mail address stands behind a link."""

import re

_EMAIL = re.compile(r"[^\s@<>()\",;:%]{1,64}@[^\s@<>()\",;:%/]{1,190}\.[^\s@<>()\",;:%/]{2,63}")
_PROTECTED = re.compile(r"(?:[0-9a-fA-F]{2}){5,300}")
_ESCAPED = (("%40", "@"), ("%2E", "."), ("%2e", "."), ("%2B", "+"), ("%2b", "+"), ("%20", " "))
_LONGEST = 400


def address_behind(href: str) -> str:
    """Return the e-mail address that a link writes to, empty where it writes to none.

    Examples:
        >>> address_behind("mailto:privacy%40example.com?subject=Hello")
        'privacy@example.com'
        >>> address_behind("https://example.com/")
        ''
    """
    link = href.strip()[:_LONGEST]
    if link.lower().startswith("mailto:"):
        address = link[7:].split("?")[0]
        for escaped, plain in _ESCAPED:
            address = address.replace(escaped, plain)
        address = address.split(",")[0].strip()
        return address if _EMAIL.fullmatch(address) else ""
    _, found, secret = link.partition("/cdn-cgi/l/email-protection#")
    return protected_address(secret) if found else ""


def protected_address(secret: str) -> str:
    """Return the address that a content network wrote as digits, empty where it is none.

    The first byte is the key, and each following byte is a character xor the key.
    """
    if not _PROTECTED.fullmatch(secret):
        return ""
    key, *rest = bytes.fromhex(secret)
    address = bytes(each ^ key for each in rest).decode("utf-8", "replace")
    return address if _EMAIL.fullmatch(address) else ""

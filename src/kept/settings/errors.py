"""What can be wrong with ``kept.toml``."""

from typing import ClassVar

from kept.errors import RefusedError


class SettingsError(RefusedError):
    """``kept.toml`` is not what it should be."""

    code: ClassVar[str] = "settings.invalid"
    remedy: str = "Correct kept.toml; docs/reference/settings.md lists every key."


class UnknownKeyError(SettingsError):
    """``kept.toml`` has a key that nothing reads."""

    code: ClassVar[str] = "settings.unknown-key"

"""Which rooms and devices a running Kept is built from.

The composition root, and the one reader of clock, environment and randomness:
everywhere else the instant, the id and the random bytes are arguments. What is
heavy is built when it is first asked for, so that a command pays only for what
it uses.
"""

import os
import secrets  # noqa: TID251 - this is the one reader of randomness
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from kept.errors import RefusedError


class ConfigurationMissingError(RefusedError):
    """There is no ``kept.toml`` where the command looked."""

    code: ClassVar[str] = "settings.missing"
    remedy: str = "Run `kept init`, or name the file with --config."


class PolicyMissingError(RefusedError):
    """A policy that ``kept.toml`` names cannot be read."""

    code: ClassVar[str] = "settings.policy-missing"
    remedy: str = "Correct the path under [[policies]] in kept.toml."


def now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one reader of the clock


def new_id() -> str:
    """Return a fresh identifier: sixteen lower-case hexadecimal digits, unguessable."""
    return secrets.token_hex(8)


def random_bytes(count: int) -> bytes:
    """Return `count` bytes fit for keys."""
    return secrets.token_bytes(count)


def environment() -> Mapping[str, str]:
    """Return the process's environment."""
    return os.environ  # noqa: TID251 - this is the one reader of the environment


def read_file(path: Path) -> bytes:
    """Return the bytes of a policy's file.

    Raises:
        PolicyMissingError: It is missing, a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise PolicyMissingError(
            f"the policy {path.name} cannot be read: {error.strerror}"
        ) from None

"""What can be wrong with what people decided about promises."""

from typing import ClassVar

from kept.errors import RefusedError


class ReviewError(RefusedError):
    """``promises.toml`` is not what it should be."""

    code: ClassVar[str] = "review.invalid"
    remedy: str = "Correct promises.toml; docs/reference/promises.md lists every key."


class ReviewKeyError(ReviewError):
    """``promises.toml`` has a key that nothing reads."""

    code: ClassVar[str] = "review.unknown-key"

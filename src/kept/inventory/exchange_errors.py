"""What can be wrong with a file that another tool wrote."""

from typing import ClassVar

from kept.errors import RefusedError


class ExchangeError(RefusedError):
    """A file of another tool is not what it should be; nothing of it was taken over."""

    code: ClassVar[str] = "exchange.invalid"
    remedy: str = "Correct the file; docs/how-to/outputs.md says what is read of it."


class ExchangeTooLargeError(ExchangeError):
    """A file of another tool is larger, deeper or more entangled than any map is."""

    code: ClassVar[str] = "exchange.too-large"
    remedy: str = "Split the file; write out what aliases repeat."

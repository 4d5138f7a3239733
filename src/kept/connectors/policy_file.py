"""How the texts of policies, and what people decided about them, are read from where they are."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from kept.errors import RefusedError
from kept.promises.review_errors import ReviewError


class PolicyMissingError(RefusedError):
    """The file of a policy cannot be read."""

    code: ClassVar[str] = "settings.policy-missing"
    remedy: str = "Name a file that exists and that you may read, here or under [[policies]]."


def read_file(path: Path) -> bytes:
    """Return the bytes of a policy's file.

    Raises:
        PolicyMissingError: It is missing, a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        named = path.name or path.resolve().name or str(path)  # "." has no name of its own
        raise PolicyMissingError(f"the policy {named} cannot be read: {error.strerror}") from None


def decisions_in(path: Path) -> str:
    """Return the text of a ``promises.toml``, empty where there is no such file.

    Raises:
        ReviewError: It may not be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise ReviewError(f"{path.name} is not a readable text in UTF-8") from None


def read_policy(place: str) -> bytes:
    """Return the bytes of the policy at `place`: an address on the web, or a file.

    Raises:
        PolicyMissingError: The file is missing, a folder, or may not be read.
        AddressRefusedError: The address is no public one, or not for us to read.
        AddressUnavailableError: The address did not answer with a page.
    """
    if is_address(place):
        from kept.connectors.web_page import fetch

        return fetch(place)
    return read_file(Path(place))


def is_address(place: str) -> bool:
    """Return whether `place` is an address on the web and no path of a file."""
    return place.lower().startswith(("https://", "http://"))


def unique_names(paths: Sequence[Path]) -> list[str]:
    """Return the base names of `paths`, with as many parent folders as make each unique.

    Examples:
        >>> unique_names([Path("a/policy.md"), Path("b/policy.md"), Path("c/terms.md")])
        ['a/policy.md', 'b/policy.md', 'terms.md']
    """
    resolved = [path.resolve() for path in paths]
    deepest = max((len(path.parts) for path in resolved), default=1)
    names = [path.name for path in resolved]
    for depth in range(2, deepest + 1):
        clash = {name for name, count in Counter(names).items() if count > 1}
        if not clash:
            break
        names = [
            "/".join(path.parts[-depth:]) if name in clash else name
            for name, path in zip(names, resolved, strict=True)
        ]
    return names


def policy_names(places: Sequence[str]) -> list[str]:
    """Return how a register calls the policies at `places`: addresses whole, files briefly.

    Examples:
        >>> policy_names(["en/policy.md", "https://example.com/privacy"])
        ['policy.md', 'https://example.com/privacy']
    """
    files = iter(unique_names([Path(each) for each in places if not is_address(each)]))
    return [each if is_address(each) else next(files) for each in places]

"""YAML of other tools, read within bounds and written plainly."""

from collections.abc import Mapping

import yaml

from kept.inventory.exchange_errors import ExchangeError, ExchangeTooLargeError

MOST_BYTES = 8_000_000
MOST_DEPTH = 40
MOST_NODES = 1_000_000
MOST_DIGITS = 400

_Reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Writer = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def read_yaml(content: bytes, name: str) -> Mapping[str, object]:
    """Return the mapping that a YAML file holds.

    Only plain values are made of it, no objects. An alias is refused: a few lines of them
    can stand for more than a memory holds. A message names the file and a line, never what
    stands there.

    Args:
        content: The file's bytes, UTF-8.
        name: What the file is called in messages.

    Raises:
        ExchangeTooLargeError: It is too large, too deep, or has aliases.
        ExchangeError: It is no YAML, or no mapping.
    """
    if len(content) > MOST_BYTES:
        raise ExchangeTooLargeError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeError(f"{name} is not UTF-8") from None
    try:
        _bounded(text, name)
        document = yaml.load(text, Loader=_Reader)  # noqa: S506 - the C twin of the safe loader
    except yaml.MarkedYAMLError as error:
        line = 0 if error.problem_mark is None else error.problem_mark.line + 1
        raise ExchangeError(f"{name} is not valid YAML near line {line}") from None
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, OverflowError):
        raise ExchangeError(f"{name} is not valid YAML") from None
    if not isinstance(document, dict):
        raise ExchangeError(f"{name} holds no mapping")
    return document


def _bounded(text: str, name: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Reader)):
        if isinstance(event, yaml.AliasEvent):
            raise ExchangeTooLargeError(f"{name} uses aliases, which are not read")
        if _is_long_number(event):
            raise ExchangeTooLargeError(f"{name} has a number longer than a map has")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH or count > MOST_NODES:
            raise ExchangeTooLargeError(f"{name} is deeper or longer than a map is")


def _is_long_number(event: object) -> bool:
    # A number in base 60, as YAML 1.1 has them, takes the square of its length to be made.
    if not (isinstance(event, yaml.ScalarEvent) and event.implicit[0]):
        return False
    return len(event.value) > MOST_DIGITS and event.value[0] in "+-.0123456789"


def write_yaml(document: Mapping[str, object]) -> str:
    """Return a mapping as YAML, keys in the order given, with no alias."""
    text: str = yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Plain(_Writer):  # type: ignore[misc, valid-type] # one of two classes, by what is installed
    """A writer that repeats what occurs twice."""

    def ignore_aliases(self, data: object) -> bool:
        """Return that nothing is an alias."""
        del data
        return True

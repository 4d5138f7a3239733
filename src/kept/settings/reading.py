"""How policies are read: which language model may be asked about them."""

from dataclasses import dataclass

from kept.settings.errors import SettingsError
from kept.settings.section import Section

_LONGEST_WAIT = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinionSettings:
    """Which language model may be asked about a policy, where somebody asks.

    Attributes:
        url: What ``/chat/completions`` is put behind.
        model: Its name there.
        key: Name of the environment variable that holds its key, or empty: the key itself
            never stands in the settings.
        seconds: How long one policy may take.
    """

    url: str
    model: str
    key: str = ""
    seconds: int = 120


def second_opinion_of(reading: Section) -> SecondOpinionSettings | None:
    """Return what ``[reading.second_opinion]`` says, ``None`` where it is not there.

    Raises:
        SettingsError: A value is not what it should be.
    """
    reading.of("reading")
    if "second_opinion" not in reading.table:
        return None
    if not isinstance(reading.table["second_opinion"], dict):
        raise reading.wrong("second_opinion", "must be a table with a url and a model")
    section = reading.below("second_opinion").of("reading.second_opinion")
    key = section.text("key", "")
    if key and not (key.startswith("env:") and key.removeprefix("env:").isidentifier()):
        # The message does not repeat what stands there: it may be the key itself.
        raise SettingsError(
            f"{section.file}: {section.at('key')} must name an environment variable, as in "
            '"env:KEPT_MODEL_KEY"',
            remedy="Put the key into the environment and its name into kept.toml.",
        )
    seconds = section.table.get("seconds", 120)
    if isinstance(seconds, bool) or not isinstance(seconds, int):
        raise section.wrong("seconds", "must be a whole number")
    if not 1 <= seconds <= _LONGEST_WAIT:
        raise section.wrong("seconds", f"must be from 1 to {_LONGEST_WAIT}")
    return SecondOpinionSettings(
        url=section.text("url"),
        model=section.text("model"),
        key=key.removeprefix("env:"),
        seconds=seconds,
    )

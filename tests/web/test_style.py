"""The style sheet is readable in every direction, in light, in dark and on paper."""

import re
from pathlib import Path

import pytest

from kept.web import page

CSS = Path(page.__file__).with_name("assets").joinpath("kept.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([a-z_-]+): (#[0-9a-f]{3,6});")
TEXT = ("ink", "quiet", "link", "kept", "at_risk", "broken", "unproven", "impossible")


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme; what a theme leaves out is the light one's."""
    light, dark, printed = (dict(COLOUR.findall(block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
                            if "--ink: #" in block)  # fmt: skip
    return {"light": light, "dark": {**light, **dark}, "print": {**light, **printed}}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("colour", TEXT)
def test_text_stands_out_from_the_paper(theme: str, colour: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[colour], colours["paper"]) >= 4.5
    if colour in {"ink", "quiet", "broken"}:
        assert contrast(colours[colour], colours["broken-paper"]) >= 4.5


def test_nothing_is_placed_by_left_and_right() -> None:
    rules = re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL)
    physical = re.findall(
        r"[\w-]*(?:-left|-right|-top|-bottom)\b|(?<![-\w])(?:left|right|width|height)\s*:", rules
    )
    assert physical == []
    assert "float" not in rules


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert "http" not in CSS


def test_those_who_want_less_motion_or_more_contrast_are_heard() -> None:
    for wish in (
        "prefers-reduced-motion",
        "prefers-contrast",
        "forced-colors",
        "print",
        "prefers-color-scheme",
    ):
        assert wish in CSS

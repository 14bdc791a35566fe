"""Colours can be read by everyone, in every theme."""

from __future__ import annotations

import pytest
from textual.color import Color

from console.themes import GROUNDS, STATUS_TOKENS, THEMES

PAIRS = [(theme, token, ground) for theme in THEMES for token in STATUS_TOKENS for ground in GROUNDS]


def luminance(colour: Color) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [part / 255 for part in (colour.r, colour.g, colour.b)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("theme", "token", "ground"), PAIRS, ids=lambda value: getattr(value, "name", value))
def test_status_token_on_each_ground_is_readable(theme: object, token: str, ground: str) -> None:
    """Status colours reach 4.5:1 on every ground, and 7:1 in the contrast theme."""
    known = next(each for each in THEMES if each is theme)
    both = [luminance(Color.parse(known.variables[name])) for name in (token, ground)]
    ratio = (max(both) + 0.05) / (min(both) + 0.05)

    assert ratio >= (7 if known.name == "fordway-contrast" else 4.5)

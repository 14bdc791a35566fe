"""The four themes. Every status token is readable on every ground it stands on."""

from __future__ import annotations

from textual.theme import Theme

__all__ = ["GROUNDS", "STATUS_TOKENS", "THEMES", "theme_names"]

STATUS_TOKENS = ("ok", "warn", "bad", "busy", "quiet", "plain")
"""Text colours with a meaning; each meaning also has a word and a glyph."""

GROUNDS = ("ground", "raised", "marked")
"""What text stands on: the screen, a dialog, the highlighted row."""


def _theme(name: str, *, is_dark: bool, tokens: dict[str, str]) -> Theme:
    """The theme built from our tokens; Textual's own names follow from them."""
    return Theme(
        name=name,
        primary=tokens["busy"],
        secondary=tokens["quiet"],
        accent=tokens["busy"],
        success=tokens["ok"],
        warning=tokens["warn"],
        error=tokens["bad"],
        foreground=tokens["plain"],
        background=tokens["ground"],
        surface=tokens["raised"],
        panel=tokens["marked"],
        boost=tokens["raised"],
        dark=is_dark,
        text_alpha=1.0,
        variables={
            **tokens,
            "scrollbar": tokens["rule"],
            "scrollbar-hover": tokens["quiet"],
            "scrollbar-active": tokens["busy"],
            "scrollbar-background": tokens["ground"],
            "scrollbar-background-hover": tokens["ground"],
            "scrollbar-background-active": tokens["ground"],
            "scrollbar-corner-color": tokens["ground"],
            "input-cursor-background": tokens["plain"],
            "input-cursor-foreground": tokens["ground"],
            "input-selection-background": tokens["marked"],
        },
    )


_DARK = {
    "ok": "#7fd08a",
    "warn": "#f0c060",
    "bad": "#ff8f8f",
    "busy": "#7fc4ff",
    "quiet": "#a3adb8",
    "plain": "#e6e9ed",
    "ground": "#14181d",
    "raised": "#1d232a",
    "marked": "#2b3947",
    "rule": "#4a5562",
}
_LIGHT = {
    "ok": "#13602a",
    "warn": "#6e4a00",
    "bad": "#a3121f",
    "busy": "#0b4f8f",
    "quiet": "#4a5561",
    "plain": "#14181d",
    "ground": "#fbfbf8",
    "raised": "#f0f1ee",
    "marked": "#d5e3f1",
    "rule": "#a5adb5",
}
_CONTRAST = {
    "ok": "#6cff8a",
    "warn": "#ffe14d",
    "bad": "#ffb3b3",
    "busy": "#9adcff",
    "quiet": "#dddddd",
    "plain": "#ffffff",
    "ground": "#000000",
    "raised": "#0a0a0a",
    "marked": "#12306b",
    "rule": "#ffffff",
}
_CVD = {
    "ok": "#56b4e9",
    "warn": "#f0e442",
    "bad": "#f2994a",
    "busy": "#d8b4e8",
    "quiet": "#aab2ba",
    "plain": "#eceff2",
    "ground": "#101418",
    "raised": "#1a2027",
    "marked": "#2c3640",
    "rule": "#4a5562",
}
"""Sky blue, yellow, orange and mauve keep apart with protan, deutan and tritan sight
(after Okabe and Ito, Color Universal Design, 2008)."""

THEMES: tuple[Theme, ...] = (
    _theme("fordway-dark", is_dark=True, tokens=_DARK),
    _theme("fordway-light", is_dark=False, tokens=_LIGHT),
    _theme("fordway-contrast", is_dark=True, tokens=_CONTRAST),
    _theme("fordway-cvd", is_dark=True, tokens=_CVD),
)


def theme_names() -> tuple[str, ...]:
    """The names settings may hold, in the order ``ctrl+t`` walks them."""
    return tuple(theme.name for theme in THEMES)

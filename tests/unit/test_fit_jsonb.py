"""What jsonb takes, found before the database says no for a whole batch."""

from __future__ import annotations

import pytest

from engine.moving.fit_jsonb import why_no_jsonb


@pytest.mark.parametrize(
    "text",
    [
        '"\\\\u0000"',
        '{"\\\\ud800": 1}',
        '"\\ud83d\\ude00"',
        "1e131071",
        "-1e-16383",
        "0e99999",
        "[" * 100 + "]" * 100,
        "9" * 5000,
    ],
)
def test_text_jsonb_takes_has_nothing_against_it(text: str) -> None:
    """An escaped backslash before u0000 is no NUL, a whole pair no half."""
    assert why_no_jsonb(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('"\\u0000"', "NUL"),
        ('{"a\\u0000": 1}', "NUL"),
        ('["x", {"a": "\\ud800"}]', "surrogate"),
        ('"\\ude00\\ud83d"', "surrogate"),
        ("1e131072", "beyond"),
        ("1e999999", "beyond"),
        ("1e9999999999999999999999", "beyond"),
        ('{"n": 1e-16384}', "beyond"),
        ("NaN", "NaN"),
        ("{'a': 1}", "not valid"),
        ("[" * 100_000, "deep"),
    ],
)
def test_text_jsonb_refuses_is_refused_with_the_reason(text: str, reason: str) -> None:
    """So that one row is set aside, not a batch."""
    assert reason in (why_no_jsonb(text) or "")

"""What jsonb takes, found before the database says no for a whole batch."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.moving.fit_jsonb import why_no_jsonb
from engine.moving.walk_deep_json import DEEPEST, walk_deep_json


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
        "[" * 400 + '"x"' + "]" * 400,
        '{"a": ' * DEEPEST + "1e5" + "}" * DEEPEST,
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
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deep"),
        ("[" * 5_000 + '"\\u0000"' + "]" * 5_000, "NUL"),
        ("[" * 5_000 + '"\\ude00"' + "]" * 5_000, "surrogate"),
        ("[" * 5_000 + "1e999999" + "]" * 5_000, "beyond"),
        ("[" * 5_000 + "]" * 4_999, "not valid"),
        # A reader that tries every way to divide the text would never end.
        ("[" * 5_000 + '"' + "no end " * 1_000, "not valid"),
        ("[" * 5_000 + "]" * 5_001, "not valid"),
    ],
)
def test_text_jsonb_refuses_is_refused_with_the_reason(text: str, reason: str) -> None:
    """So that one row is set aside, not a batch."""
    assert reason in (why_no_jsonb(text) or "")


_PIECES = st.sampled_from(
    ["[", "]", "{", "}", ",", ":", '"a"', '"b\\n"', "1", "-1.50e3", "01", "true", "null", "nul", " "]
)


@given(st.lists(_PIECES, max_size=9).map("".join))
@example('{"a": [1, {"b": []}], "c": {}}')
def test_walk_over_deep_json_takes_what_pythons_reader_takes(text: str) -> None:
    """It takes over where Python's own gives up, and must judge alike."""
    try:
        json.loads(text)
        is_json = True
    except ValueError:
        is_json = False

    assert is_json is (walk_deep_json(text, on_number=str, on_string=str) is None)

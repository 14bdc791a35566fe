"""JSON is printed quickly as jsonb prints it, exactly as the slow way prints it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.checking.plain_json import plain_json
from engine.checking.print_json import _Deep, json_text

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(_VALUES.map(json.dumps) | _VALUES.map(lambda value: json.dumps(value, separators=(",", ":"))))
@example(' {"bb": 1, "a": 2, "a": 3} ')
@example('{"é": 1, "z": 2, "aa": "\\u00e9\\ud83d\\ude00\\n\\u0001/"}')
@example("[1.50, -0, 1e2, 10000000000000000000000000]")
@example('"NaN"')
@example("NaN")
@example("")
@example("[1,]")
def test_quick_and_exact_printing_agree(text: str) -> None:
    """Orders of keys, doubles among them, blanks, escapes, numbers and what is no JSON at all."""
    assert json_text(text) == plain_json(text)


_PIECES = st.sampled_from(
    ["[", "]", "{", "}", ",", ":", '"a"', '"b\\n"', "1", "-1.50e3", "01", "true", "null", "nul", " "]
)


@given(st.lists(_PIECES, max_size=9).map("".join) | _VALUES.map(json.dumps))
@example('{"a": [1, {"b": []}], "a": {}}')
def test_reader_of_deep_json_reads_what_pythons_reads(text: str) -> None:
    """It takes over where Python's own gives up, and must neither take nor refuse anything else."""
    try:
        expected: object = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError:
        expected = "no JSON"
    try:
        found = _Deep(text).value()
    except ValueError:
        found = "no JSON"

    assert expected == found


@pytest.mark.parametrize("depth", [100, 400, 999, 1_000, 13_000])
def test_json_of_any_depth_is_printed(depth: int) -> None:
    """Neither the reader nor the printers end with Python's stack."""
    text = '[{"a": ' * depth + "1.50" + "}]" * depth

    assert text == plain_json(text) == json_text(f" {text}")

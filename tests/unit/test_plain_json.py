"""JSON is printed quickly as jsonb prints it, exactly as the slow way prints it."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from engine.checking.canonical import json_text
from engine.checking.plain_json import plain_json

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

"""Chunk keys through JSON: every value comes back as it was, and different keys stay different."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from engine.checking.chunk_rows import key_text
from engine.model.codec import key_from_json, key_to_json
from engine.model.plan import KeyValue

_VALUES: st.SearchStrategy[KeyValue] = (
    st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)


@given(key=st.lists(_VALUES, min_size=1, max_size=3).map(tuple))
def test_key_through_json_comes_back_as_it_was(key: tuple[KeyValue, ...]) -> None:
    """NUL, bytes that are no UTF-8 and the last bit of a float included; jsonb could hold the text."""
    text = json.dumps(key_to_json(key))

    found = key_from_json(json.loads(text))

    assert found == key
    assert [type(value) for value in found or ()] == [type(value) for value in key]
    assert "\\u0000" not in text.replace("\\\\", "")


@given(one=st.tuples(_VALUES), other=st.tuples(_VALUES))
def test_key_texts_of_different_keys_differ(one: tuple[KeyValue], other: tuple[KeyValue]) -> None:
    """A text is no number and no bytes of the same look."""
    is_same = (type(one[0]), repr(one[0])) == (type(other[0]), repr(other[0]))

    assert is_same == (key_text(one) == key_text(other))


def test_key_text_tells_kinds_apart() -> None:
    """WITHOUT ROWID tables may hold all of these as keys of different rows."""
    keys: list[tuple[KeyValue, ...]] = [(1,), ("1",), (b"1",), ("31",), ("a\x1fb",), ("a", "b"), ("1\0",)]

    assert len(keys) == len({key_text(key) for key in keys})

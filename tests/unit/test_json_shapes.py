"""What is printed by the shape of a document before is what reading it in full would print."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.checking.json_shapes import ShapedJson
from engine.checking.print_json import json_text

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False).map(float)
    | st.text()
)
_KEYS = st.sampled_from(["a", "bb", "é", "100%s", "a.b", "(", "long name"])
_DOCUMENTS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner), max_leaves=6
)
_SIGNS = '{}[]:,"\\ .-+eE0123456789tfn\t\né%'
_HARD = [
    '{"a": 1, "a": 2}',
    '{"a" : -0.0 , "bb":[ ]}',
    '{"a": 01}',
    '{"a": "\\u0041"}',
    '{"bb": {"a": [1, [2, {}]], "é": 1e5}, "a": -0.5}',
    '["a\tb"]',
    '{"a": "x"} ',
    '{"a": [1,2], "bb": [1, 2]}',
    "[1, 2.50, 12345678901234567890123456789012345]",
    '{"a": truex}',
    '{"\\"": 1}',
]


def _printed(document: object, *, is_compact: bool, is_ascii: bool) -> str:
    return json.dumps(document, separators=(",", ":") if is_compact else None, ensure_ascii=is_ascii)


@given(
    st.lists(st.builds(_printed, _DOCUMENTS, is_compact=st.booleans(), is_ascii=st.booleans()), max_size=6)
)
@example(_HARD)
def test_documents_are_printed_alike_whatever_shapes_were_learnt(texts: list[str]) -> None:
    """Each of them twice, so that shapes are met again."""
    shaped = ShapedJson(json_text)
    assert [shaped(text) for text in texts * 2] == [json_text(text) for text in texts * 2]


@given(text=st.sampled_from(_HARD), place=st.integers(0, 60), signs=st.text(_SIGNS, max_size=3))
def test_a_text_that_nearly_has_a_shape_is_read_in_full(text: str, place: int, signs: str) -> None:
    """Some signs put in or over others: what is no JSON, or other JSON, is never taken for the shape's."""
    shaped = ShapedJson(json_text)
    shaped(text)
    for changed in (text[:place] + signs + text[place:], text[:place] + signs + text[place + len(signs) :]):
        assert shaped(changed) == json_text(changed)


def test_documents_of_one_shape_are_read_in_full_once() -> None:
    """Numbers, texts, words and lists of other lengths are values of the same shape."""
    read: list[str] = []

    def exactly(text: str) -> str:
        read.append(text)
        return json_text(text)

    shaped = ShapedJson(exactly)
    for value in (1, 2.5, "größe", None, True, [], [1, "two"]):
        assert shaped(json.dumps({"name": value, "id": 7}, ensure_ascii=False)).startswith(
            '{"id": 7, "name": '
        )
    assert len(read) == 1


@pytest.mark.parametrize("rows", [400, 4_000])
def test_documents_that_all_differ_are_printed_too(rows: int) -> None:
    """After a fair trial no more shapes are learnt."""
    shaped = ShapedJson(json_text)
    for number in range(rows):
        assert shaped(json.dumps({f"k{number}": 1})) == f'{{"k{number}": 1}}'

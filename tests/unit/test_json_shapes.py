"""What is printed by the shape of a document before is what reading it in full would print."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.checking import json_shapes
from engine.checking.json_shapes import ShapedJson
from engine.checking.print_json import json_text

make = json_shapes._made

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
    """Each of them three times, so that shapes are met again."""
    shaped = ShapedJson(json_text)
    assert [shaped(text) for text in texts * 3] == [json_text(text) for text in texts * 3]


@given(text=st.sampled_from(_HARD), place=st.integers(0, 60), signs=st.text(_SIGNS, max_size=3))
def test_a_text_that_nearly_has_a_shape_is_read_in_full(text: str, place: int, signs: str) -> None:
    """Some signs put in or over others: what is no JSON, or other JSON, is never taken for the shape's."""
    shaped = ShapedJson(json_text)
    assert shaped(text) == shaped(text)
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
    assert len(read) == 2, "a shape is worth a pattern when it is met again"


@pytest.mark.parametrize("odd", [0.0, 0.3, 0.45, 1.0])
def test_few_patterns_are_made_however_different_documents_are(
    odd: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making one takes as long as reading a thousand documents."""
    made: list[object] = []
    monkeypatch.setattr(json_shapes, "_made", lambda node: (made.append(node), make(node))[1])
    shaped, chance = ShapedJson(json_text), random.Random(1)
    for number in range(3_000):
        name = f"k{number}" if chance.random() < odd else "usual"
        assert shaped(json.dumps({name: 1})) == f'{{"{name}": 1}}'
    assert len(made) <= 1


def test_half_a_pair_of_surrogates_in_a_key_is_printed_as_it_is() -> None:
    """No target holds it, so it meets nothing; and nothing ends with an error."""
    assert {ShapedJson(json_text)(text) for text in ['{"a\udc80": 1}'] * 3} == {'{"a\udc80": 1}'}

"""A column is handed on without a look at its values only where nothing can be lost by that."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.plan import ColumnPlan, Family, Form
from engine.planning.choose_forms import form_of

from .plan_facts import profile


def _form(target_type: str, family: Family, *, is_new: bool = True, counts: dict[str, Any]) -> Form:
    column = ColumnPlan(target="v", target_type=target_type, family=family, source="v")
    return form_of(column, profile("v", 10, **counts), is_new=is_new)


@pytest.mark.parametrize(
    ("target_type", "family", "counts", "form"),
    [
        ("bigint", Family.INTEGER, {"integers": 9, "nulls": 1}, Form.PLAIN),
        ("bigint", Family.INTEGER, {"integers": 9, "reals": 1}, Form.CHECKED),
        ("double precision", Family.FLOAT, {"reals": 9, "integers": 1, "largest": 2**53 + 1}, Form.CHECKED),
        ("double precision", Family.FLOAT, {"integers": 10}, Form.PLAIN),
        ("double precision", Family.FLOAT, {"reals": 9, "integers": 1}, Form.FLOAT),
        ("text", Family.TEXT, {"texts": 10}, Form.PLAIN),
        ("text", Family.TEXT, {"texts": 9, "reals": 1}, Form.REAL),
        ("text", Family.TEXT, {"texts": 10, "escaped_texts": 1}, Form.ESCAPED),
        ("text", Family.TEXT, {"texts": 10, "nul_texts": 1}, Form.CHECKED),
        ("character varying(9)", Family.TEXT, {"texts": 10}, Form.CHECKED),
        ("bytea", Family.BYTES, {"blobs": 10}, Form.HEX),
        ("timestamp", Family.TIMESTAMP, {"texts": 10, "iso_times": 10}, Form.PLAIN),
        ("timestamp", Family.TIMESTAMP, {"texts": 10, "iso_times": 10, "zoned_times": 1}, Form.CHECKED),
        ("timestamp(3) without time zone", Family.TIMESTAMP, {"texts": 10, "iso_times": 10}, Form.CHECKED),
        ("numeric(8,2)", Family.NUMERIC, {"reals": 10, "beyond_declared": 0}, Form.REAL),
        ("numeric(8,2)", Family.NUMERIC, {"reals": 10, "beyond_declared": 1}, Form.CHECKED),
        ("real", Family.FLOAT, {"reals": 10}, Form.CHECKED),
        ("jsonb", Family.JSON, {"texts": 10, "json_texts": 9}, Form.CHECKED),
    ],
)
def test_form_follows_from_every_value_and_from_what_the_type_does_to_it(
    target_type: str, family: Family, counts: dict[str, Any], form: Form
) -> None:
    """One value that does not fit, or a type that rounds without a word, and each value is looked at."""
    assert form is _form(target_type, family, counts=counts)


def test_digits_of_a_table_that_was_there_are_no_promise_of_the_source() -> None:
    """An existing numeric(8,1) would round what the source declares as numeric(8,2)."""
    assert Form.CHECKED is _form(
        "numeric(8,1)", Family.NUMERIC, is_new=False, counts={"reals": 10, "beyond_declared": 0}
    )

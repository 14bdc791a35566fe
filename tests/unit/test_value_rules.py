"""The same rules applied by the mover and expected by the checker, which share no code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.checking.expected_rules import expected_value
from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.encode_values import encoder_for
from engine.moving.value_rules import apply_rules
from engine.planning.target_types import family_of
from engine.playbooks.spec import ColumnSpec

from .plan_facts import catalog, column, identity, plan, profile, table


def ruled(target_type: str, *rules: str) -> ColumnPlan:
    return ColumnPlan(
        target="x", target_type=target_type, family=family_of(target_type), source="x", rules=rules
    )


@pytest.mark.parametrize(
    ("target_type", "rules", "value", "expected"),
    [
        ("bigint", ("empty_to_null",), "", None),
        ("bigint", ("empty_to_null",), 5, 5),
        ("bigint", ("null_misfits",), "abc", None),
        ("bigint", ("null_misfits", "default:7"), b"x", 7),
        ("bigint", ("default:-1",), None, -1),
        ("text", ("default:none",), None, "none"),
        ("text", ("trim",), " \ta b\r\n", "a b"),
        ("text", ("trim", "empty_to_null"), "  ", None),
        ("character varying(3)", ("truncate",), "größe", "grö"),
        ("boolean", ("words_to_boolean",), "YES", True),
        ("boolean", ("words_to_boolean",), "off", False),
        ("timestamptz", ("epoch_seconds",), 1_700_000_000, "2023-11-14 22:13:20+00:00"),
        ("timestamp", ("epoch_seconds",), -1, "1969-12-31 23:59:59"),
        ("timestamp", ("epoch_milliseconds",), 1_700_000_000_123, "2023-11-14 22:13:20.123000"),
        ("timestamp", ("epoch_seconds",), 0.5, "1970-01-01 00:00:00.500000"),
        ("date", ("epoch_seconds",), 86_400, "1970-01-02"),
    ],
)
def test_rule_makes_of_a_value_what_its_name_says(
    target_type: str, rules: tuple[str, ...], value: object, expected: object
) -> None:
    """One line a rule and kind of value."""
    column = ruled(target_type, *rules)

    assert expected == apply_rules(column, encoder_for(column))(value)


@pytest.mark.parametrize("value", [10**18, float("inf"), 0.1234567])
def test_epoch_no_calendar_has_is_refused_like_any_number(value: object) -> None:
    """Nothing is rounded to make it fit."""
    column = ruled("timestamp", "epoch_seconds")

    with pytest.raises(CantCarry):
        apply_rules(column, encoder_for(column))(value)


_VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-(10**13), 10**13), st.floats(allow_nan=False),
    st.text(alphabet=" \t\nabyesnoft01-:Tß", max_size=8), st.sampled_from(["yes", "No", "TRUE", "2024-02-29", "", " x "]),
    st.binary(max_size=3),
)  # fmt: skip
_RULES = st.lists(
    st.sampled_from(
        [
            "empty_to_null",
            "null_misfits",
            "truncate",
            "trim",
            "epoch_seconds",
            "epoch_milliseconds",
            "words_to_boolean",
            "default:-1",
            "default:x",
            "default:2024-01-01",
            "default:1.5",
        ]
    ),
    max_size=4,
    unique=True,
)
_TYPES = st.sampled_from(
    ["bigint", "integer", "double precision", "numeric", "boolean", "text", "character varying(4)", "date", "timestamp", "timestamptz", "time", "uuid", "bytea"]
)  # fmt: skip


@given(value=_VALUES, rules=_RULES, target_type=_TYPES)
def test_checker_expects_what_the_mover_makes(value: object, rules: list[str], target_type: str) -> None:
    """Whatever the mover carries under rules, the checker reads the same in its own way."""
    column = ruled(target_type, *rules)
    try:
        carried = apply_rules(column, encoder_for(column))(value)
    except CantCarry:
        return

    expected = expected_value(column, value)

    assert (carried is None) == (expected is None)
    if expected is not None:
        assert carried == encoder_for(column)(expected)


def test_rule_changes_are_counted_in_the_plan() -> None:
    """Evidence says how many rows a rule changes, and the type follows from what is left."""
    source = catalog(table("a", identity(), column("n", "INTEGER"), rows=10))
    values = {
        "a": (
            profile("id", integers=10),
            profile("n", integers=7, texts=3, empty_texts=3, examples=(("empty", "4"),)),
        )
    }

    found = plan(
        source,
        profiles=values,
        tables=[{"from": "a", "columns": {"n": {"from": "n", "rule": "empty_to_null"}}}],
    )

    assert "bigint" == next(c.target_type for c in found.tables[0].columns if c.target == "n")
    assert ["3 of 10 rows, e.g. key 4"] == [f.evidence for f in found.findings if f.code == "F120"]


def test_rule_in_a_required_column_refuses_what_it_emptied() -> None:
    """A value made NULL where NULL is forbidden is set aside, with the row."""
    source = catalog(table("a", identity(), column("n", "INTEGER", is_nullable=False), rows=2))
    found = plan(
        source, tables=[{"from": "a", "columns": {"n": {"from": "n", "rule": ["trim", "empty_to_null"]}}}]
    )
    encoder = RowEncoder(found.tables[0], engine=Engine.SQLITE, run_time=None)  # type: ignore[arg-type]  # not used

    refused = encoder.encode((1, " ", 1))

    assert isinstance(refused, RejectedRow)


@pytest.mark.parametrize("rule", ["nonsense", {"default": None}, {"other": 1}, 5])
def test_rule_that_does_not_exist_is_refused(rule: object) -> None:
    """The sentence names those there are."""
    with pytest.raises(ValueError, match="there is no rule"):
        ColumnSpec.model_validate({"from": "x", "rule": rule})


def test_rules_are_read_from_one_name_a_list_or_a_default() -> None:
    """A boolean default is 1 or 0, as SQLite has it."""
    rules = [
        ColumnSpec.model_validate({"from": "x", "rule": r}).rule
        for r in ("trim", ["trim", {"default": True}], {"default": "a"})
    ]

    assert [("trim",), ("trim", "default:1"), ("default:a",)] == rules

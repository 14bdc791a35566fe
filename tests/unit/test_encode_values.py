"""One value: it arrives as it was, or is refused with a reason. Nothing is rounded or cut."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.plan import ColumnPlan, Family
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_values import Encode, encoder_for


def _encoder(target_type: str, family: Family) -> Encode:
    return encoder_for(ColumnPlan(target="v", target_type=target_type, family=family, source="v"))


@pytest.mark.parametrize(("target_type", "bits"), [("smallint", 15), ("integer", 31), ("bigint", 63)])
def test_integer_up_to_the_columns_limits_is_taken_and_no_further(target_type: str, bits: int) -> None:
    """The last number that fits, and the first that does not, on both ends."""
    encode = _encoder(target_type, Family.INTEGER)

    assert (2**bits - 1, -(2**bits)) == (encode(2**bits - 1), encode(-(2**bits)))
    for value in (2**bits, -(2**bits) - 1):
        with pytest.raises(CantCarry, match="too large"):
            encode(value)


@given(value=st.integers(-(2**70), 2**70))
def test_whole_number_in_a_float_column_is_exact_or_refused(value: int) -> None:
    """A float that is not the number itself is never written."""
    encode = _encoder("double precision", Family.FLOAT)
    try:
        found = encode(value)
    except CantCarry:
        assert int(float(value)) != value
    else:
        assert found == value


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4)
)
def test_decimal_in_a_narrow_column_is_exact_or_refused(value: Decimal) -> None:
    """numeric(8,2) takes what needs two decimals and six digits before them, and nothing else."""
    encode = _encoder("numeric(8,2)", Family.NUMERIC)
    fits = value == value.quantize(Decimal("0.01")) and abs(value) < 10**6
    try:
        found = encode(str(value))
    except CantCarry:
        assert not fits
    else:
        assert fits
        assert Decimal(str(found)) == value


def test_text_longer_than_its_column_is_refused_not_cut() -> None:
    """Characters count, not bytes."""
    encode = _encoder("character varying(3)", Family.TEXT)

    assert "日本語" == encode("日本語")
    with pytest.raises(CantCarry, match="longer than 3 characters"):
        encode("日本語!")


@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_text_that_postgres_can_hold_passes_unchanged(text: str) -> None:
    """Not normalized, not stripped, not re-encoded."""
    assert text == _encoder("text", Family.TEXT)(text)


@pytest.mark.parametrize("value", ["infinity", "nan", "1_000", " 1", "\u0663", "0x10"])
def test_text_that_only_python_reads_as_a_number_is_refused(value: str) -> None:
    """What the plan did not foretell as a number is none."""
    with pytest.raises(CantCarry, match="text in a number column"):
        _encoder("numeric", Family.NUMERIC)(value)


@pytest.mark.parametrize("fraction", ["1234567", "0000001", "9999999"])
def test_moment_finer_than_a_microsecond_is_refused_not_rounded(fraction: str) -> None:
    """PostgreSQL's clock ends at microseconds."""
    with pytest.raises(CantCarry, match="finer than a microsecond"):
        _encoder("timestamp", Family.TIMESTAMP)(f"2024-01-01 00:00:00.{fraction}")


@pytest.mark.parametrize("fraction", ["1234567", "0000001"])
def test_time_of_day_finer_than_a_microsecond_is_refused_not_rounded(fraction: str) -> None:
    """The same rule for times without a date."""
    with pytest.raises(CantCarry, match="finer than a microsecond"):
        _encoder("time", Family.TIME)(f"00:00:00.{fraction}")

"""The encoder takes what the profile counts and nothing else, so that the plan foretells what is set aside."""

from __future__ import annotations

import pytest

from engine.model.plan import ColumnPlan, Family
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_values import encoder_for
from engine.stores.sqlite_tally import ColumnTally

_TEXTS = [
    "1", "-1.5", "+.5", "1.", "1e9", "1_000", " 1", "1 ", "١٢", "nan", "inf", "Infinity", "sNaN", "0x10", "1e99999", "",
    "2024-01-01", "20240101", "2024-W01-1", "2023-02-29", " 2024-01-01", "２024-01-01",
    "2024-01-01 10:00", "2024-01-01T10:00:00Z", "2024-01-01x10:00", "2024-01-01 10:00:00,5", "20240101T100000",
    "2024-01-01 10:00+02", "2024-01-01 10:00+1530", "2024-01-01 10:00+16:00", "2024-01-01 10:00:00.1234567",
    "2024-01-01 24:00:00", "2024-01-01 10", "10:00", "10:00:00.5", "T10", "T10:00", "10", "1000", "24:00:00", "10:00Z",
    "6f1c2a3e-0000-4000-8000-00000000000a", "6F1C2A3E-0000-4000-8000-00000000000A", "6f1c2a3e00004000800000000000000a",
    "{6f1c2a3e-0000-4000-8000-00000000000a}", "urn:uuid:6f1c2a3e-0000-4000-8000-00000000000a",
]  # fmt: skip


def _is_taken(family: Family, target_type: str, text: str) -> bool:
    encode = encoder_for(ColumnPlan(target="v", target_type=target_type, family=family, source="v"))
    try:
        encode(text)
    except CantCarry:
        return False
    return True


@pytest.mark.parametrize(
    ("family", "target_type", "classes"),
    [
        (Family.NUMERIC, "numeric", ("number_texts",)),
        (Family.DATE, "date", ("iso_dates",)),
        (Family.TIMESTAMPTZ, "timestamptz", ("iso_dates", "iso_times")),
        (Family.TIME, "time", ("clock_times",)),
        (Family.UUID, "uuid", ("uuid_texts",)),
    ],
)
@pytest.mark.parametrize("text", _TEXTS)
def test_text_is_taken_exactly_when_the_profile_counts_it(
    family: Family, target_type: str, classes: tuple[str, ...], text: str
) -> None:
    """The profile's own counts are asked."""
    tally = ColumnTally("v")
    tally.take([text], lambda _: "1")
    counted = any(getattr(tally.profile(), name) for name in classes)

    assert counted == _is_taken(family, target_type, text)


@pytest.mark.parametrize(("value", "is_taken"), [(0.5, True), (0.1, False), (2**24, True), (2**24 + 1, False), (1e300, False), (-0.0, True), (float("inf"), True), (1e-50, False)])  # fmt: skip
def test_number_in_a_real_column_is_exact_or_refused(value: float, is_taken: bool) -> None:
    """A float4 that is not the number itself is never written."""
    encode = encoder_for(ColumnPlan(target="v", target_type="real", family=Family.FLOAT, source="v"))
    try:
        found = encode(value)
    except CantCarry:
        assert not is_taken
    else:
        assert (True, value) == (is_taken, found)


@pytest.mark.parametrize("text", ["1." + "0" * 40 + "1", "9" * 40, "1e-9999"])
def test_long_decimal_in_a_narrow_column_is_refused_not_rounded(text: str) -> None:
    """Digits beyond Python's own 28 count too."""
    assert not _is_taken(Family.NUMERIC, "numeric(30,2)", text)


def test_decimal_beyond_numeric_is_refused() -> None:
    """Instead of stopping its whole batch."""
    assert not _is_taken(Family.NUMERIC, "numeric", "0." + "0" * 16_383 + "1")
    assert not _is_taken(Family.NUMERIC, "numeric", "9" * 131_073)

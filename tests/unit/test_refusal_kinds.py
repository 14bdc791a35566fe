"""Which kind of fault a refused value is, told with the refusal rather than read from its words."""

from __future__ import annotations

import pytest

from engine.model.faults import Offence
from engine.model.plan import ColumnPlan
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_values import encoder_for
from engine.moving.legacy_keys import legacy_text
from engine.planning.target_types import family_of


@pytest.mark.parametrize(
    ("target_type", "value", "kind"),
    [
        ("integer", "12", Offence.CAST),
        ("integer", 2**31, Offence.OUT_OF_RANGE),
        ("real", 1e300, Offence.OUT_OF_RANGE),
        ("numeric(5,2)", 1.234, Offence.CAST),
        ("numeric(5,2)", 12345, Offence.OUT_OF_RANGE),
        ("numeric(5,2)", float("inf"), Offence.OUT_OF_RANGE),
        ("numeric", "9" * 131_073, Offence.OUT_OF_RANGE),
        ("character varying(3)", "abcd", Offence.TOO_LONG),
        ("text", "a\x00", Offence.NUL),
        ("text", "\udcff", Offence.ENCODING),
        ("text", b"a", Offence.CAST),
        ("jsonb", "{", Offence.CAST),
        ("jsonb", '"\\u0000"', Offence.NUL),
        ("jsonb", '"\\ud800"', Offence.ENCODING),
        ("jsonb", "1e999999", Offence.OUT_OF_RANGE),
        ("date", "2020-02-31", Offence.CAST),
    ],
)
def test_refused_value_tells_its_kind(target_type: str, value: object, kind: Offence) -> None:
    """A diagnosis groups rows by it."""
    encode = encoder_for(ColumnPlan(target="c", target_type=target_type, family=family_of(target_type)))

    with pytest.raises(CantCarry) as refused:
        encode(value)

    assert kind is refused.value.kind


def test_refused_legacy_key_tells_its_kind() -> None:
    """No id map holds it."""
    with pytest.raises(CantCarry) as refused:
        legacy_text("a\x00")

    assert Offence.NUL is refused.value.kind

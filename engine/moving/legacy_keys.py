"""The keys rows had in their source, as the id map holds them. Pure."""

from __future__ import annotations

from engine.model.plan import MadeBy, TablePlan
from engine.moving.cant_carry import clean_text

__all__ = ["KEY_SEPARATOR", "legacy_inputs", "legacy_text", "whole"]

KEY_SEPARATOR = "\x1f"
"""Between the parts of a composite legacy key; a control character no printable key contains."""


def whole(value: object) -> object:
    """The value; a fraction that is a whole number, as one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def legacy_text(value: object) -> str:
    """A value as the id map holds legacy keys; a whole number is the same in an integer and a real column.

    Raises:
        CantCarry: PostgreSQL can't hold it, so no legacy key is equal to it.
    """
    return clean_text(str(whole(value)), "value")


def legacy_inputs(table: TablePlan) -> tuple[str, ...]:
    """The source columns the new ids are made from, or the sources of the primary key."""
    for column in table.columns:
        if column.made_by is MadeBy.UUID5:
            return column.inputs
    key = [column.source for column in table.columns if column.target in table.primary_key]
    return tuple(key) if key and all(key) else table.chunk_key

"""What an error of the server says about the row that was written. Pure."""

from __future__ import annotations

from engine.model.faults import Offence
from engine.stores.sifting_shape import Shape
from engine.stores.sifting_trial import HELD_BACK, Refusal

__all__ = ["judge_refusal"]

_RAISED = "P0001"
"""RAISE without a code of its own (manual, appendix A)."""
_DENIED = "42501"


def judge_refusal(refusal: Refusal, shape: Shape, *, sees_rules: bool) -> tuple[Offence, str]:
    """The kind of fault, and the column, constraint, index, trigger or table it is of.

    Args:
        refusal: the error, without its words.
        shape: the table.
        sees_rules: rows are written by INSERT, which rules are followed by; COPY passes them by.
    """
    if refusal.code == HELD_BACK:
        return Offence.HELD_BACK, _holders(shape, sees_rules=sees_rules)
    if refusal.trigger_name is not None:
        return Offence.TRIGGER, refusal.trigger_name
    if refusal.code == _RAISED and shape.triggers:
        # Code that tells nothing of itself in an error's context: a trigger's own, in some other language.
        return Offence.TRIGGER, shape.triggers[0].name if len(shape.triggers) == 1 else shape.name
    if refusal.code == _DENIED and shape.has_row_security:
        return Offence.ROW_POLICY, shape.name
    return _judge_code(refusal, shape)


def _holders(shape: Shape, *, sees_rules: bool) -> str:
    held = [holder for holder in shape.holders if sees_rules or not holder.startswith("rule ")]
    return ", ".join(holder.partition(" ")[2] for holder in held) or shape.name


def _judge_code(refusal: Refusal, shape: Shape) -> tuple[Offence, str]:
    constraint = refusal.constraint_name or ""
    match refusal.code:
        case "23502" if refusal.column_name:
            return Offence.EMPTY, refusal.column_name
        case "23514" if constraint:
            return Offence.CHECK, constraint
        case "23514" if shape.is_partitioned:
            return Offence.NO_PARTITION, shape.name
        case "23505" if constraint:
            index = shape.roots.get(constraint, constraint)
            is_primary = any(known.name == index and known.is_primary for known in shape.indexes)
            return (Offence.DUPLICATE_KEY if is_primary else Offence.DUPLICATE_OTHER), index
        case "23503" if any(key.name == constraint for key in shape.foreign_keys):
            return Offence.NO_PARENT, constraint
        case "23P01" if constraint:
            return Offence.EXCLUSION, constraint
        case _:
            return Offence.OTHER, constraint or shape.name

"""What gets a row that was set aside into the target after all. Pure."""

from __future__ import annotations

from engine.model.faults import Offence

__all__ = ["way_in"]

_VALUE = "give {place} a value that fits, then replay it"
_KEY = "free what {place} holds, or give it another value, then replay it"
_TRIGGER = "change or disable {place}, then replay it"
_WAYS = {
    Offence.CHECK: "change the check {place}, or give the row another value, then replay it",
    Offence.DUPLICATE_INSIDE: _KEY,
    Offence.DUPLICATE_KEY: _KEY,
    Offence.DUPLICATE_OTHER: _KEY,
    Offence.NO_PARENT: "replay the row it belongs to, or make one, then replay it",
    Offence.AMBIGUOUS_PARENT: "see to it that only one row has the value that is looked up, then replay it",
    Offence.EXCLUSION: "move what is in its way by {place}, or give it another value, then replay it",
    Offence.EXPRESSION: "change what the expression reads in the source, and move it by a new run",
    Offence.NO_PARTITION: "make a partition of {place} that takes it, then replay it",
    Offence.ROW_POLICY: "let a policy of {place} take it, then replay it",
    Offence.TRIGGER: _TRIGGER,
    Offence.HELD_BACK: _TRIGGER,
    Offence.OTHER: "read the reason and put it right, then replay it",
}


def way_in(kind: str, place: str) -> str:
    """What to do about one row, in words.

    Args:
        kind: an ``Offence``; empty where a value does not fit, as the plan foretold.
        place: the column, constraint, index, trigger or table that it is about.
    """
    return _WAYS.get(Offence(kind), _VALUE).format(place=place) if kind else _VALUE.format(place=place)

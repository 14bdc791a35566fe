"""The line of keys below a fault's question: what each does just now. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.run_link import HAND_ON

if TYPE_CHECKING:
    from engine.model.decisions import Decision, Option
    from screens.widgets.words import Part

__all__ = ["keys_of_answers", "keys_of_evidence", "keys_of_value"]

WIDE_CELLS = 100
"""From this width on the keys are told in whole words; below, all of them still fit into 76."""


def keys_of_answers(decision: Decision, marked: Option | None, *, is_every: bool, width: int) -> list[Part]:
    """Choosing, taking, for every such fault, rows, details, the lead, and the way out."""
    is_wide = width >= WIDE_CELLS
    taken = {option.key for option in decision.options}
    keys: list[list[Part]] = [
        [("↑↓", "key"), " choose   ", ("enter", "key"), " take"]
        if is_wide
        else [("↑↓ enter", "key"), " take"],
        _every(marked, is_every=is_every),
    ]
    keys += [
        [(key, "key"), f" {word}"] for key, word in (("v", "rows"), ("d", "details")) if key not in taken
    ]
    lead = decision.option(HAND_ON)
    if lead is not None and not lead.unavailable:
        keys.append([(lead.key, "key"), " lead"])
    keys.append([("esc", "key"), " leave open" if is_wide else " later"])
    gap = "   " if is_wide else "  "
    return [part for number, key in enumerate(keys) for part in ([gap, *key] if number else key)]


def _every(marked: Option | None, *, is_every: bool) -> list[Part]:
    if marked is None or marked.unavailable or not marked.can_repeat:
        return [("space", "quiet"), (" every such: off", "faint")]
    return [("space", "key"), (" every such: on", "warn") if is_every else " every such: off"]


def keys_of_value() -> list[Part]:
    """While a value is typed."""
    return [("enter", "key"), " takes it with this value   ", ("esc", "key"), " back to the answers"]


def keys_of_evidence(key: str) -> list[Part]:
    """Over rows or details, which the same key shows and hides."""
    return [("↑↓", "key"), " scroll   ", (f"{key} esc", "key"), " back to the answers"]

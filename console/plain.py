"""Questions as numbered prompts, for screen readers and dumb terminals."""

from __future__ import annotations

import sys

from engine.model.decisions import Decision
from engine.stores.ledger import Ledger

__all__ = ["answer_at_prompt"]


def answer_at_prompt(run_id: str, ledger: Ledger, *, who: str) -> bool:
    """Whether the open question was answered at this terminal."""
    decision = ledger.decisions.open_one(run_id)
    if decision is None:
        return False
    while True:
        _show(decision)
        try:
            typed = input("Type a number and press Enter (nothing leaves it open): ").strip()
        except EOFError:
            return False
        if not typed:
            return False
        if not typed.isdigit() or not 1 <= int(typed) <= len(decision.options):
            print(f"{typed} is none of 1 to {len(decision.options)}.", file=sys.stderr)
            continue
        option = decision.options[int(typed) - 1]
        refused = ledger.decisions.answer(decision.decision_id, option.name, who=who)
        if not refused:
            return True
        print(refused, file=sys.stderr)


def _show(decision: Decision) -> None:
    print(f"\n{decision.situation}\n{decision.question}", file=sys.stderr)
    for number, option in enumerate(decision.options, start=1):
        mark = " (recommended)" if option.is_recommended else ""
        off = f" - not now: {option.unavailable}" if option.unavailable else ""
        print(f"  {number}. {option.label}{mark}: {option.consequence}{off}", file=sys.stderr)

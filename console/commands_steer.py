"""Commands that ask something of a run that is there already, or take it back."""

from __future__ import annotations

import sys

from console.commands_run import in_foreground
from console.flags import settings_from
from console.headless import Narrator
from console.wiring import find_run, open_services, operator_name
from engine.guidance.words import count_of
from engine.model.errors import BadInput
from engine.model.run import ExitCode, RunState
from engine.model.undo import TableUndoPreview
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo

__all__ = ["decide", "pause", "preview_words", "typed_name", "undo"]


def pause(run: str, *, target: str, as_json: bool) -> int:
    """``fordway pause``."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=""), tell=narrator.say)
    try:
        ledger = opened.ledger("command line")
        run_id = find_run(ledger, run)
        lease = ledger.leases.read(run_id)
        if lease is None or not lease.is_held:
            record = ledger.runs.read(run_id)
            narrator.say(
                f"Run {run_id} is {record.state}; no runner works on it, so there is nothing to pause."
            )
            return ExitCode.COMPLETE
        ledger.runs.ask(run_id, "pause", who=operator_name())
        narrator.say(f"Run {run_id} will pause at the end of its open batch.")
        ledger.close()
        return ExitCode.COMPLETE
    finally:
        opened.close()


def undo(run: str, *, confirm: str, target: str, redis: str, as_json: bool) -> int:
    """``fordway undo``: shows what goes, asks for the target's name, then takes it back."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        ledger = opened.ledger("command line")
        run_id = find_run(ledger, run)
        if ledger.runs.read(run_id).state is RunState.UNDONE:
            narrator.say(f"Run {run_id} is undone already; nothing of it is left to take back.")
            return ExitCode.UNDONE
        session = TargetSession(opened.target_url, purpose="undo preview")
        preview = preview_undo(
            run_id=run_id, plan=ledger.runs.plan(run_id).plan, ledger=ledger, target=session
        )
        session.close()
        if preview.unavailable:
            raise BadInput(preview.unavailable, where=f"run {run_id}", safe="Nothing was changed")
        for table in preview.tables:
            narrator.say(preview_words(table))
        typed = confirm or (typed_name(preview.target_name) if sys.stdin.isatty() else "")
        if typed != preview.target_name:
            raise BadInput(
                "The target's name was not typed",
                safe="Nothing was undone",
                todo=f"Confirm with: fordway undo {run_id} --confirm {preview.target_name}",
            )
        ledger.runs.audit(run_id, who=operator_name(), did="confirmed undo")
        ledger.close()
        return in_foreground(opened, run_id, {}, narrator, is_undo=True)
    finally:
        opened.close()


def preview_words(table: TableUndoPreview) -> str:
    """One table's part of an undo that has not begun, on one line."""
    fate = "are marked as deleted, and stay" if table.is_marked else "go"
    words = [f"{table.table}: {table.removable:,} of {table.written:,} rows {fate}"]
    if table.drops_table:
        words[0] += ", then the table goes too, unless something else depends on it"
    if table.kept:
        keys = f": {', '.join(table.kept_keys)}" if table.kept_keys else ""
        words.append(f"{table.kept:,} stay, changed or needed by someone since{keys}")
    if table.gone:
        words.append(f"{table.gone:,} were deleted by someone before")
    if table.restores:
        words.append(
            f"{count_of(table.restores, 'rows')} it overwrote go back to what they were, if unchanged"
        )
    if table.note:
        words.append(table.note)
    return "; ".join(words)


def typed_name(name: str) -> str:
    """What a person at the terminal typed; empty when nobody did."""
    try:
        return input(f"Type {name} to undo, anything else to leave it: ").strip()
    except EOFError:
        return ""


def decide(run: str, decision: str, option: str, *, target: str, as_json: bool) -> int:
    """``fordway decide``."""
    from console.attach import LedgerLink

    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=""), tell=narrator.say)
    ledger = opened.ledger("command line")
    run_id = find_run(ledger, run)
    question = ledger.decisions.open_one(run_id)
    ledger.close()
    link = LedgerLink(opened, run_id, place="command line")
    try:
        if question is None:
            raise BadInput(f"Run {run_id} has no open question")
        refused = link.answer(question.decision_id if decision == "open" else decision, option)
        if refused:
            raise BadInput(refused.rstrip("."))
        narrator.say(f"Answered: {option}. If it has to go on, it does so in the background; follow it with:")
        narrator.say(f"  fordway attach {run_id}")
        return ExitCode.COMPLETE
    finally:
        link.close()

"""``fordway undo``: what goes is shown, the target's name asked for, then it goes."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import psutil

from console.commands_drill import rehearse
from console.commands_run import in_foreground
from console.flags import settings_from
from console.narrator import Narrator
from console.wiring import Opened, find_run, open_services, operator_name
from engine.guidance.words import count_of
from engine.model.errors import BadInput, ServerBusy
from engine.model.run import ExitCode, Pass, RunState
from engine.model.undo import Part, TableUndoPreview, UndoPreview
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from engine.undoing.take_late import preview_checkpoint
from engine.undoing.undo_part import check_part

__all__ = ["UndoFlags", "preview_words", "undo"]

_PAUSE_SECONDS = 120.0
"""How long a runner may take to end its open batch; one takes a second or two."""
_LOOK_SECONDS = 0.1
_SIGNALS = 128
"""Exit codes beyond tell which signal ended the command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFlags:
    """What of a run is taken back, and whether."""

    confirm: str = ""
    """The target's name, as it was typed; empty asks for it."""
    phase: int | None = None
    """Only this phase and those behind it."""
    to_checkpoint: bool = False
    """Only what was written since the last committed batch."""
    rehearse: bool = False
    """Nothing is taken back; that it can be is proven."""
    as_json: bool = False


def undo(run: str, flags: UndoFlags, *, target: str, redis: str, source: Sequence[str] | None) -> int:
    """``fordway undo``."""
    if flags.rehearse:
        return rehearse(run, target=target, redis=redis, source=source, as_json=flags.as_json)
    if flags.phase is not None or flags.to_checkpoint:
        return undo_part(
            run,
            phase=flags.phase,
            confirm=flags.confirm,
            target=target,
            redis=redis,
            as_json=flags.as_json,
        )
    return undo_run(run, confirm=flags.confirm, target=target, redis=redis, as_json=flags.as_json)


def undo_run(run: str, *, confirm: str, target: str, redis: str, as_json: bool) -> int:
    """The exit code after the whole run was taken back."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        with closing(opened.ledger("command line")) as ledger:
            run_id = find_run(ledger, run)
            if ledger.runs.read(run_id).state is RunState.UNDONE:
                narrator.say(f"Run {run_id} is undone already; nothing of it is left to take back.")
                return ExitCode.UNDONE
            _confirm(opened, ledger, run_id, narrator, confirm=confirm)
            ledger.runs.audit(run_id, who=operator_name(), did="confirmed undo")
        return in_foreground(opened, run_id, {}, narrator, is_undo=True)
    finally:
        opened.close()


def undo_part(run: str, *, phase: int | None, confirm: str, target: str, redis: str, as_json: bool) -> int:
    """``fordway undo --phase N``; ``--to-checkpoint`` where ``phase`` is None. 0 when it was taken back."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        with closing(opened.ledger("command line")) as ledger:
            run_id = find_run(ledger, run)
            part = Part(phase=phase, by=operator_name())
            _check(ledger, run_id, part)
            if confirm or sys.stdin.isatty():
                # What is counted for the person who confirms must stand still.
                _pause_first(ledger, run_id, narrator)
            _confirm(opened, ledger, run_id, narrator, confirm=confirm, part=part)
            ledger.runs.audit(run_id, who=part.by, did=f"confirmed undo: {part.words}")
            ended = in_foreground(opened, run_id, {}, narrator, part=part)
            last = ledger.undo.last_part(run_id)
        is_done = last is not None and not last.is_open and last.part.phase == phase
        return ExitCode.COMPLETE if is_done and ended < _SIGNALS else ended
    finally:
        opened.close()


def _confirm(
    opened: Opened,
    ledger: Ledger,
    run_id: str,
    narrator: Narrator,
    *,
    confirm: str,
    part: Part | None = None,
) -> None:
    """What goes was shown, and the target's name typed.

    Raises:
        BadInput: it was not, or there is nothing to take back.
    """
    with closing(TargetSession(opened.target_url, purpose="undo preview")) as session:
        preview = _preview(session, ledger, run_id, part)
    if preview.unavailable:
        raise BadInput(preview.unavailable, where=f"run {run_id}", safe="Nothing was changed")
    for table in preview.tables:
        narrator.say(preview_words(table))
    if not preview.tables:
        narrator.say("Nothing was written since the last committed batch; answers about it are dropped.")
    typed = confirm or (typed_name(preview.target_name) if sys.stdin.isatty() else "")
    if typed != preview.target_name:
        flag = "" if part is None else " --to-checkpoint" if part.phase is None else f" --phase {part.phase}"
        raise BadInput(
            "The target's name was not typed",
            safe="Nothing was undone",
            todo=f"Confirm with: fordway undo {run_id}{flag} --confirm {preview.target_name}",
        )


def _check(ledger: Ledger, run_id: str, part: Part) -> None:
    check_part(
        part,
        record=ledger.runs.read(run_id),
        plan=ledger.runs.plan(run_id).plan,
        last=ledger.undo.last_part(run_id),
        has_moved=bool(ledger.chunks.progress(run_id, Pass.MOVE)),
    )


def _preview(session: TargetSession, ledger: Ledger, run_id: str, part: Part | None) -> UndoPreview:
    plan = ledger.runs.plan(run_id).plan
    if part is not None and part.phase is None and plan is not None:
        return preview_checkpoint(run_id=run_id, plan=plan, target=session)
    phase = part.phase if part is not None else None
    return preview_undo(run_id=run_id, plan=plan, ledger=ledger, target=session, phase=phase)


def _pause_first(ledger: Ledger, run_id: str, narrator: Narrator) -> None:
    """No runner works on the run any more: what is taken back must stand still.

    Raises:
        ServerBusy: its open batch did not end in time.
    """
    deadline = time.monotonic() + _PAUSE_SECONDS
    if not _is_worked_on(ledger, run_id):
        return
    ledger.runs.ask(run_id, "pause", who=operator_name())
    narrator.say(f"Run {run_id} pauses at the end of its open batch first.")
    while _is_worked_on(ledger, run_id):
        if time.monotonic() > deadline:
            raise ServerBusy(
                "The run's open batch did not end",
                where=f"run {run_id}",
                safe="It was asked to pause; nothing was taken back",
                todo="Try again when `fordway status` shows it paused",
            )
        time.sleep(_LOOK_SECONDS)


def _is_worked_on(ledger: Ledger, run_id: str) -> bool:
    lease = ledger.leases.read(run_id)
    if lease is None or not lease.is_held:
        return False
    return lease.host != socket.gethostname() or psutil.pid_exists(lease.pid)


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

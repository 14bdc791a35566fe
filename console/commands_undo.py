"""``fordway undo`` of a part of a run: what goes is shown, the target's name asked for, then it goes."""

from __future__ import annotations

import socket
import sys
import time

import psutil

from console.commands_run import in_foreground
from console.commands_steer import preview_words, typed_name
from console.flags import settings_from
from console.headless import Narrator
from console.wiring import Opened, find_run, open_services, operator_name
from engine.model.errors import BadInput, ServerBusy
from engine.model.run import ExitCode, Pass
from engine.model.undo import Part, UndoPreview
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from engine.undoing.take_late import preview_checkpoint
from engine.undoing.undo_part import check_part

__all__ = ["undo_part"]

_PAUSE_SECONDS = 120.0
"""How long a runner may take to end its open batch; one takes a second or two."""
_LOOK_SECONDS = 0.1


def undo_part(run: str, *, phase: int | None, confirm: str, target: str, redis: str, as_json: bool) -> int:
    """``fordway undo --phase N``; ``--to-checkpoint`` where ``phase`` is None. 0 when it was taken back."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        ledger = opened.ledger("command line")
        run_id = find_run(ledger, run)
        part = Part(phase=phase, by=operator_name())
        _check(ledger, run_id, part)
        preview = _preview(opened, ledger, run_id, part)
        if preview.unavailable:
            raise BadInput(preview.unavailable, where=f"run {run_id}", safe="Nothing was changed")
        for table in preview.tables:
            narrator.say(preview_words(table))
        if not preview.tables:
            narrator.say("Nothing was written since the last committed batch; answers about it are dropped.")
        typed = confirm or (typed_name(preview.target_name) if sys.stdin.isatty() else "")
        if typed != preview.target_name:
            flag = "--to-checkpoint" if phase is None else f"--phase {phase}"
            raise BadInput(
                "The target's name was not typed",
                safe="Nothing was undone",
                todo=f"Confirm with: fordway undo {run_id} {flag} --confirm {preview.target_name}",
            )
        ledger.runs.audit(run_id, who=part.by, did=f"confirmed undo: {part.words}")
        _pause_first(ledger, run_id, narrator)
        ended = in_foreground(opened, run_id, {}, narrator, part=part)
        last = ledger.undo.last_part(run_id)
        is_done = last is not None and not last.is_open and last.part.phase == phase
        ledger.close()
        return ExitCode.COMPLETE if is_done and ended < _SIGNALS else ended
    finally:
        opened.close()


_SIGNALS = 128
"""Exit codes beyond tell which signal ended the command."""


def _check(ledger: Ledger, run_id: str, part: Part) -> None:
    check_part(
        part,
        record=ledger.runs.read(run_id),
        plan=ledger.runs.plan(run_id).plan,
        last=ledger.undo.last_part(run_id),
        has_moved=bool(ledger.chunks.progress(run_id, Pass.MOVE)),
    )


def _preview(opened: Opened, ledger: Ledger, run_id: str, part: Part) -> UndoPreview:
    session = TargetSession(opened.target_url, purpose="undo preview")
    try:
        plan = ledger.runs.plan(run_id).plan
        if part.phase is None and plan is not None:
            return preview_checkpoint(run_id=run_id, plan=plan, target=session)
        return preview_undo(run_id=run_id, plan=plan, ledger=ledger, target=session, phase=part.phase)
    finally:
        session.close()


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

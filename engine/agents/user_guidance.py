"""user-guidance: puts what happened into words an operator can act on at night."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine import guidance
from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.guidance.fault_catalogue import FAULTS
from engine.model.errors import FordwayError
from engine.model.events import FaultTold, GuidanceSpoken
from engine.model.run import Pass, RunState, Strength
from engine.moving.move_plan import foreseen, outcomes
from engine.reporting.write_report import write_report

__all__ = ["TASKS"]


def explain(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """The journal holds plain words about what ``facts["about"]`` names."""
    about = str(facts["about"])
    lines = _words(context, about, facts)
    if lines:
        context.emit(GuidanceSpoken(about=about, lines=lines))
    return {"lines": len(lines)}


def _words(context: RunContext, about: str, facts: dict[str, Any]) -> tuple[str, ...]:
    if about == "fault":
        return guidance.explain_escalation(str(facts.get("code", "")), str(facts.get("what", "")))
    plan = context.plan()
    match about:
        case "discovery":
            return guidance.explain_discovery(plan)
        case "plan":
            return guidance.confirm_plan(plan)
        case "rehearsal":
            rehearsal = foreseen(context.ledger, context.run_id, plan)
            return guidance.explain_rehearsal(plan, rehearsal, float(facts.get("seconds", 0.0)))
        case "verify":
            return guidance.explain_verification(
                plan,
                {name: Strength(word) for name, word in dict(facts.get("strengths", {})).items()},
                outcomes(context.ledger, context.run_id, plan, Pass.MOVE),
            )
        case "finish":
            found = outcomes(context.ledger, context.run_id, plan, Pass.MOVE)
            return guidance.celebrate(plan, found, float(facts.get("seconds", 0.0)))
        case _:
            return ()


def tell_progress(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """The journal holds one sentence on how far the move is, counted now."""
    plan = context.plan()
    done = sum(p.counts.read for p in context.ledger.chunks.progress(context.run_id, Pass.MOVE))
    words = guidance.describe_progress(done, plan.rows, plan.noun, None)
    context.emit(GuidanceSpoken(about="progress", lines=(words,)))
    return {"done": done}


def write_run_report(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """The report stands in the report folder; a full disk there does not fail a finished run."""
    if not context.report_folder:
        return {"report": ""}
    try:
        path = write_report(
            context.run_id, context.ledger, Path(context.report_folder), state=RunState.COMPLETE
        )
    except FordwayError as error:
        todo = f"`fordway report {context.run_id[:8]} --out FOLDER` writes it elsewhere"
        context.emit(FaultTold(code="R410", what=error.what, safe=FAULTS["R410"].safe, todo=todo))
        return {"report": ""}
    return {"report": str(path)}


TASKS = {
    "write-report": Task(handler=write_run_report, words="writing the report", milestone=""),
    "explain": Task(handler=explain, words="finding the words", milestone=""),
    "batch-completed": Task(handler=tell_progress, words="telling the progress", milestone=""),
}

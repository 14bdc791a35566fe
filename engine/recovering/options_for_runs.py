"""Options that say how the run goes on: what each does, and whether it can be taken. Pure."""

from __future__ import annotations

from collections.abc import Callable

from engine.guidance.words import count_of
from engine.model.decisions import Option
from engine.model.faults import Effect, WayBack
from engine.recovering.circumstances import Circumstances

__all__ = ["RUN_OPTIONS"]

_NO_CHANGE = "It changes nothing by itself"


def retry(c: Circumstances) -> Option:
    """Try again."""
    if c.fault.code == "R207":
        return _as_approved()
    rows = c.diagnosis.rows if c.diagnosis else 0
    low, high = c.seconds(rows)
    return Option(
        name="retry",
        key="r",
        label="Try again",
        consequence="Goes on from the last committed batch; finished work is not repeated."
        + (" The same rows will be refused again unless somebody put them right." if rows else ""),
        effect=Effect(
            rows=rows, low_seconds=low, high_seconds=high, way_back=WayBack.NOT_NEEDED, undo=_NO_CHANGE
        ),
    )


def _as_approved() -> Option:
    return Option(
        name="retry",
        key="r",
        label="Go on by the approved plan",
        consequence="Moves what was approved, as it was approved; the new text waits for the next run.",
        effect=Effect(way_back=WayBack.NOT_NEEDED, undo=_NO_CHANGE),
    )


def smaller(c: Circumstances) -> Option:
    """Try again with half the rows."""
    rows = c.diagnosis.rows if c.diagnosis else 0
    table = c.table
    why = "" if c.at is not None else "it is about no batch"
    if table is not None and table.keeps_order:
        why = "rows of different batches may have one key, so their order must stay"
    elif rows == 1:
        why = "the batch has one row"
    low, high = c.seconds(rows)
    return Option(
        name="smaller",
        key="l",
        label="Try again with half the rows",
        consequence="Cuts the batch in two; the half that can be written is written.",
        unavailable=why,
        effect=Effect(
            rows=rows, low_seconds=low, high_seconds=high, way_back=WayBack.NOT_NEEDED, undo=_NO_CHANGE
        ),
    )


def pause(c: Circumstances) -> Option:
    """Keep the run paused."""
    return Option(
        name="pause",
        key="p",
        label="Keep it paused",
        consequence=f"Everything committed stays; `fordway resume {c.run_id[:8]}` goes on from there.",
        effect=Effect(way_back=WayBack.NOT_NEEDED, undo="Resuming goes on"),
    )


def checkpoint(c: Circumstances) -> Option:
    """Return to the last checkpoint."""
    has_any = c.rows_beside or c.has_treatments
    low, high = c.seconds(c.rows_beside)
    return Option(
        name="checkpoint",
        key="b",
        label="Return to the last checkpoint",
        consequence=(
            f"Takes back the {count_of(c.rows_beside, 'rows')} written beside this batch, forgets what was "
            "decided about it, and pauses."
            if c.rows_beside
            else "Forgets what was decided about this batch, then pauses."
        ),
        unavailable="" if has_any else "nothing was written or decided since the last committed batch",
        effect=Effect(
            removed=c.rows_beside,
            low_seconds=low,
            high_seconds=high,
            undo="Resuming asks about the batch anew",
        ),
    )


def undo(c: Circumstances) -> Option:
    """Undo the whole run."""
    low, high = c.seconds(c.rows_written)
    return Option(
        name="undo",
        key="u",
        label="Undo the run",
        consequence=f"Removes the {count_of(c.rows_written, 'rows')} it wrote and nobody changed since.",
        unavailable="" if c.rows_written else "nothing was written yet",
        effect=Effect(
            removed=c.rows_written,
            low_seconds=low,
            high_seconds=high,
            undo="A new run moves the rows again",
        ),
    )


def stop(c: Circumstances) -> Option:
    """Stop and keep what is committed."""
    return Option(
        name="stop",
        key="x",
        label="Stop, keep what is committed",
        consequence=f"Ends the run; its {count_of(c.rows_written, 'rows')} stay, and can be undone.",
        effect=Effect(written=c.rows_written, way_back=WayBack.UNDO, undo="Undo removes them later"),
    )


def lead(c: Circumstances) -> Option:
    """Hand the question to the lead."""
    return Option(
        name="lead",
        key="h",
        label="Hand to the lead",
        consequence="The question stays open and shows on `fordway watch`; whoever answers first decides.",
        unavailable=f"it was handed to the {c.handed_to} already" if c.handed_to else "",
        effect=Effect(way_back=WayBack.NOT_NEEDED, undo="You can still answer it yourself"),
    )


RUN_OPTIONS: dict[str, Callable[[Circumstances], Option]] = {
    "retry": retry,
    "smaller": smaller,
    "pause": pause,
    "checkpoint": checkpoint,
    "undo": undo,
    "stop": stop,
    "lead": lead,
}

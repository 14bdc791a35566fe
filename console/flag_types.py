"""The flags several commands share, with their help sentences."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "Confirm",
    "DecideWithin",
    "Json",
    "OnError",
    "Phase",
    "Plain",
    "Redis",
    "Rehearse",
    "RehearseUndo",
    "Run",
    "SampleKind",
    "Sources",
    "Target",
    "ToCheckpoint",
    "Workers",
    "Yes",
]


class SampleKind(StrEnum):
    """Where sample data is made."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class OnError(StrEnum):
    """What a run without a person does about a fault."""

    ASK = "ask"
    RECOMMENDED = "recommended"
    QUARANTINE = "quarantine"
    STOP = "stop"
    PAUSE = "pause"


Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout; words go to stderr.")]
Plain = Annotated[bool, typer.Option("--plain", help="Numbered prompts instead of a screen.")]
Target = Annotated[
    str, typer.Option("--target", help="PostgreSQL URL of the target (default: the embedded one).")
]
Redis = Annotated[str, typer.Option("--redis", help="Redis URL (default: the embedded one).")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", help="NAME=URL of a source, with its password.")
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, max=64, help="Processes that move batches.")]
DecideWithin = Annotated[
    int | None,
    typer.Option("--decide-within", min=0, help="Minutes a question may stay open before a safe pause."),
]
Run = Annotated[str, typer.Argument(help="An id, the beginning of one, or latest.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Approve the plan and start the move without asking.")]
Rehearse = Annotated[bool, typer.Option("--rehearse", help="With --yes: rehearse before moving.")]
Confirm = Annotated[str, typer.Option("--confirm", help="The target database's name, typed.")]
Phase = Annotated[
    int | None,
    typer.Option("--phase", min=1, help="Only this phase and those behind it; resume moves them again."),
]
ToCheckpoint = Annotated[
    bool, typer.Option("--to-checkpoint", help="Only what was written since the last committed batch.")
]
RehearseUndo = Annotated[
    bool, typer.Option("--rehearse", help="Only prove it, in a scratch copy; the run stays as it is.")
]

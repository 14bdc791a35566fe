"""The command line: names and flags. What commands do stands beside, imported when called."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from console.cli_people import add_people
from console.cli_quarantine import quarantine, replay, rules
from console.finish_command import finish_command
from console.flag_types import (
    Confirm,
    DecideWithin,
    Json,
    OnError,
    Phase,
    Plain,
    Redis,
    Rehearse,
    RehearseUndo,
    Run,
    SampleKind,
    Sources,
    Target,
    ToCheckpoint,
    Workers,
    Yes,
)

__all__ = ["app", "run_command_line"]

app = typer.Typer(
    name="fordway",
    help="Moves SQLite files and PostgreSQL schemas into PostgreSQL, step by step, and can undo it.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


app.add_typer(quarantine, name="quarantine")
app.add_typer(rules, name="rules")
app.command("replay")(replay)


@app.command()
def demo(
    name: Annotated[str, typer.Argument(help="A shipped playbook.")] = "brackets",
    *,
    headless: Annotated[bool, typer.Option("--headless", help="Run through without a screen.")] = False,
    source: Annotated[
        SampleKind, typer.Option("--source", help="Where the sample source is made.")
    ] = SampleKind.SQLITE,
    rehearse: Rehearse = False,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Embedded servers, sample data made on the spot, and the console; without a terminal, no screen."""
    if headless or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from console import commands_run

        finish_command(
            lambda: commands_run.demo_headless(
                name, kind=source, rehearse=rehearse, workers=workers, as_json=as_json
            )
        )
    from console import screen

    finish_command(lambda: screen.show_demo(name, kind=source, workers=workers))


@app.command("open")
def open_(
    playbook: Annotated[str, typer.Argument(help="A playbook file or a shipped name.")],
    *,
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    workers: Workers = None,
) -> None:
    """Open a playbook in the guided console."""
    from console import screen

    finish_command(
        lambda: screen.show_playbook(playbook, target=target, redis=redis, source=source, workers=workers)
    )


add_people(app)


@app.command()
def run(
    playbook: Annotated[str, typer.Argument(help="A playbook file or a shipped name.")],
    *,
    yes: Yes = False,
    rehearse: Rehearse = False,
    on_error: Annotated[OnError | None, typer.Option("--on-error", help="What to do about a fault.")] = None,
    workers: Workers = None,
    decide_within: DecideWithin = None,
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Run a playbook in this terminal, without the console."""
    from console import commands_run

    finish_command(
        lambda: commands_run.run_playbook(
            playbook,
            flags=commands_run.RunFlags(
                yes=yes,
                rehearse=rehearse,
                on_error=on_error,
                workers=workers,
                decide_within=decide_within,
                as_json=as_json,
                plain=plain,
            ),
            target=target,
            redis=redis,
            source=source,
        )
    )


@app.command()
def copy(
    source: Annotated[str, typer.Argument(help="A SQLite file or a PostgreSQL URL.")],
    target: Annotated[str, typer.Argument(help="PostgreSQL URL of the target.")],
    *,
    schema: Annotated[str, typer.Option("--schema", help="Target schema.")] = "",
    only: Annotated[str, typer.Option("--only", help="Tables, separated by commas.")] = "",
    yes: Yes = False,
    rehearse: Rehearse = False,
    on_error: Annotated[OnError | None, typer.Option("--on-error", help="What to do about a fault.")] = None,
    workers: Workers = None,
    redis: Redis = "",
    as_json: Json = False,
) -> None:
    """Copy everything, no playbook needed: the same engine, the same safety."""
    from console import commands_run

    finish_command(
        lambda: commands_run.copy(
            source,
            target,
            schema=schema,
            only=tuple(name.strip() for name in only.split(",") if name.strip()),
            redis=redis,
            flags=commands_run.RunFlags(
                yes=yes, rehearse=rehearse, on_error=on_error, workers=workers, as_json=as_json, plain=False
            ),
        )
    )


@app.command()
def plan(
    playbook: Annotated[str, typer.Argument(help="A playbook file or a shipped name.")] = "",
    *,
    from_: Annotated[list[str] | None, typer.Option("--from", help="Source URL; may be given again.")] = None,
    to: Annotated[str, typer.Option("--to", help="Target URL.")] = "",
    out: Annotated[str, typer.Option("--out", help="Where the drafted playbook is written.")] = "",
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Show a playbook's plan and digest, or draft a playbook from what is there."""
    from console import commands_look

    if from_:
        finish_command(lambda: commands_look.draft(from_, to=to, out=out))
    else:
        finish_command(
            lambda: commands_look.show_plan(
                playbook, target=target, redis=redis, source=source, as_json=as_json
            )
        )


@app.command()
def inspect(url: Annotated[str, typer.Argument(help="A source.")], *, as_json: Json = False) -> None:
    """What a source holds."""
    from console import commands_look

    finish_command(lambda: commands_look.inspect(url, as_json=as_json))


@app.command()
def status(
    run: Annotated[str, typer.Argument(help="A run; all of them when left out.")] = "",
    *,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """Where runs stand, counted from the ledger."""
    from console import commands_status

    finish_command(lambda: commands_status.status(run, target=target, as_json=as_json))


@app.command()
def pause(run: Run = "latest", *, target: Target = "", as_json: Json = False) -> None:
    """Pause a running run at the end of its open batch."""
    from console import commands_steer

    finish_command(lambda: commands_steer.pause(run, target=target, as_json=as_json))


@app.command()
def resume(
    run: Run = "latest", *, target: Target = "", redis: Redis = "", source: Sources = None, yes: Yes = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Go on with a paused or broken run from its last committed batch."""
    from console import commands_run

    finish_command(
        lambda: commands_run.resume(run, target=target, redis=redis, source=source, yes=yes, as_json=as_json)
    )


@app.command()
def undo(
    run: Run = "latest", *, confirm: Confirm = "", phase: Phase = None, to_checkpoint: ToCheckpoint = False,
    rehearse: RehearseUndo = False, target: Target = "", redis: Redis = "", source: Sources = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Take back exactly what a run wrote, or a part of it, or prove that it can be."""
    from console import commands_undo

    if (phase is not None) + to_checkpoint + rehearse > 1:
        raise typer.BadParameter("--phase, --to-checkpoint and --rehearse are three things; choose one")
    finish_command(
        lambda: commands_undo.undo(
            run,
            commands_undo.UndoFlags(
                confirm=confirm, phase=phase, to_checkpoint=to_checkpoint, rehearse=rehearse, as_json=as_json
            ),
            target=target,
            redis=redis,
            source=source,
        )
    )


@app.command()
def report(
    run: Run = "latest",
    *,
    out: Annotated[str, typer.Option("--out", help="A folder (default: reports in the data folder).")] = "",
    target: Target = "",
    as_json: Json = False,
) -> None:
    """Write a run's report as Markdown and HTML."""
    from console import commands_look

    finish_command(lambda: commands_look.report(run, out=out, target=target, as_json=as_json))


@app.command()
def doctor(*, target: Target = "", redis: Redis = "", source: Sources = None, as_json: Json = False) -> None:
    """Check everything a run needs, and say what to do about each failure."""
    from console import commands_look

    finish_command(lambda: commands_look.doctor(target=target, redis=redis, source=source, as_json=as_json))


def run_command_line(arguments: list[str]) -> int:
    """The exit code of one command line; usage faults are 2."""
    try:
        result = app(arguments, standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return 130
    except TyperException as fault:
        typer.echo(fault.format_message(), err=True)
        return 2
    except BrokenPipeError:
        return 141
    return result if isinstance(result, int) else 0

"""The command line of people who come to a run: operators, leads, and who answers a question."""

from __future__ import annotations

from typing import Annotated

import typer

from console.finish_command import finish_command
from console.flag_types import Json, Plain, Redis, Run, Sources, Target

__all__ = ["add_people"]


def add_people(app: typer.Typer) -> None:
    """The commands are the program's."""
    for command in (attach, watch, decide):
        app.command()(command)


def attach(run: Run = "latest", *, target: Target = "", redis: Redis = "", source: Sources = None) -> None:
    """Back to a run in the guided console."""
    from console import screen

    finish_command(lambda: screen.show_run(run, target=target, redis=redis, source=source))


def watch(
    run: Annotated[str, typer.Argument(help="A run; the one that is at work when left out.")] = "",
    *,
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """The lead's view of a run: everything to see, questions about faults to answer, nothing else."""
    if plain or as_json:
        from console import commands_watch

        finish_command(
            lambda: commands_watch.watch(run, target=target, redis=redis, source=source, as_json=as_json)
        )
    from console import screen

    finish_command(lambda: screen.show_watch(run, target=target, redis=redis, source=source))


def decide(
    run: Run,
    decision: Annotated[str, typer.Argument(help="Its id, or open; none lists the open question.")] = "",
    option: Annotated[str, typer.Argument(help="One of its options; OPTION=VALUE where it wants one.")] = "",
    *,
    for_every: Annotated[bool, typer.Option("--for-every", help="For every such error of the run.")] = False,
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """List what a waiting run asks, with what each option does; or answer it."""
    from console import commands_decide

    answer = commands_decide.Answer(decision=decision, option=option, for_every=for_every)
    finish_command(
        lambda: commands_decide.decide(
            run, answer, target=target, redis=redis, source=source, as_json=as_json, plain=plain
        )
    )

"""The command line of the quarantine and of standing rules: names and flags."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from console.finish_command import finish_command
from console.flag_types import Json, Redis, Run, Sources, Target

__all__ = ["quarantine", "replay", "rules"]

quarantine = typer.Typer(
    help="Rows set aside: list, show, edit, replay, discard, export.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
rules = typer.Typer(
    help="Answers that stand for every such error of a run.", no_args_is_help=True, rich_markup_mode=None
)


class HeldState(StrEnum):
    """What became of rows set aside."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISCARDED = "discarded"
    ALL = "all"


Table = Annotated[str, typer.Option("--table", help="Only rows of this target table.")]
State = Annotated[HeldState, typer.Option("--state", help="open, replayed, discarded or all.")]
Numbers = Annotated[list[int] | None, typer.Argument(help="Numbers of rows, as list shows them.")]
All = Annotated[bool, typer.Option("--all", help="Every open row.")]


@quarantine.command("list")
def list_(
    run: Run = "latest",
    *,
    table: Table = "",
    state: State = HeldState.OPEN,
    after: Annotated[int, typer.Option("--after", help="Rows behind this number.")] = 0,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """How many rows were set aside and why, then the rows one by one."""
    from console import commands_quarantine as commands

    finish_command(
        lambda: commands.list_rows(run, table=table, state=state, after=after, target=target, as_json=as_json)
    )


@quarantine.command()
def show(
    run: Run,
    number: Annotated[int, typer.Argument(help="A row's number.")],
    *,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """One row whole, why it is here, and which rows wait for it."""
    from console import commands_quarantine as commands

    finish_command(lambda: commands.show(run, number, target=target, as_json=as_json))


@quarantine.command()
def edit(
    run: Run,
    number: Annotated[int, typer.Argument(help="A row's number.")],
    *,
    values: Annotated[
        list[str] | None, typer.Option("--set", help="COLUMN=VALUE; may be given again.")
    ] = None,
    nulls: Annotated[list[str] | None, typer.Option("--null", help="COLUMN becomes NULL.")] = None,
    as_read: Annotated[
        list[str] | None, typer.Option("--as-read", help="COLUMN is as its source has it again.")
    ] = None,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """Give a row other values, for when it is replayed."""
    from console import commands_quarantine as commands

    finish_command(
        lambda: commands.edit(
            run, number, values or (), nulls or (), as_read or (), target=target, as_json=as_json
        )
    )


@quarantine.command()
def replay(
    run: Run,
    numbers: Numbers = None,
    *,
    table: Table = "",
    everything: All = False,
    children: Annotated[bool, typer.Option("--children", help="Rows that wait for these, too.")] = False,
    target: Target = "",
    redis: Redis = "",
    source: Sources = None,
    as_json: Json = False,
) -> None:
    """Write rows into the target after all; those that still can't be stay, with the reason of now."""
    from console import commands_replay

    finish_command(
        lambda: commands_replay.replay(
            run,
            commands_replay.Wanted(
                numbers=tuple(numbers or ()), table=table, everything=everything, children=children
            ),
            target=target,
            redis=redis,
            source=source,
            as_json=as_json,
        )
    )


@quarantine.command()
def discard(
    run: Run,
    numbers: Numbers = None,
    *,
    table: Table = "",
    everything: All = False,
    note: Annotated[str, typer.Option("--note", help="Why, for whoever asks later.")] = "",
    confirm: Annotated[str, typer.Option("--confirm", help="The target database's name, typed.")] = "",
    target: Target = "",
    as_json: Json = False,
) -> None:
    """Give rows up; they stay in the ledger and are not written."""
    from console import commands_quarantine as commands

    finish_command(
        lambda: commands.discard(
            run,
            numbers or (),
            table=table,
            everything=everything,
            note=note,
            confirm=confirm,
            target=target,
            as_json=as_json,
        )
    )


@quarantine.command()
def export(
    run: Run = "latest",
    *,
    out: Annotated[str, typer.Option("--out", help="A new file (default: standard output).")] = "",
    table: Table = "",
    state: State = HeldState.OPEN,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """Take the rows out, whole, each with its reason: as CSV, or on standard output as JSON."""
    from console import commands_quarantine as commands

    finish_command(
        lambda: commands.export(run, out=out, table=table, state=state, target=target, as_json=as_json)
    )


@rules.command("list")
def list_rules(run: Run = "latest", *, target: Target = "", as_json: Json = False) -> None:
    """Which answers stand, whose they are, and how often they were followed."""
    from console import commands_rules

    finish_command(lambda: commands_rules.list_rules(run, target=target, as_json=as_json))


@rules.command()
def revoke(
    run: Run,
    number: Annotated[int, typer.Argument(help="A rule's number.")],
    *,
    target: Target = "",
    as_json: Json = False,
) -> None:
    """A rule holds no longer: the next such error asks again. What it did stays done."""
    from console import commands_rules

    finish_command(lambda: commands_rules.revoke(run, number, target=target, as_json=as_json))

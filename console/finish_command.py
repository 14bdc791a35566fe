"""The end of a command: its exit code, and one sentence when it failed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import NoReturn

import typer

__all__ = ["finish_command"]


def finish_command(command: Callable[[], int]) -> NoReturn:
    """Ends with the command's code; an error becomes one sentence and its documented code.

    Raises:
        typer.Exit: always; it carries the code.
    """
    from engine.model.errors import FordwayError
    from engine.stores.dsn import scrub_text

    try:
        code = command()
    except FordwayError as error:
        words = scrub_text(error.sentence())
        if "--json" in sys.argv:
            body = {"event": "error", "what": scrub_text(error.what), "where": scrub_text(error.where)}
            typer.echo(
                json.dumps({**body, "safe": error.safe, "todo": error.todo, "exit_code": error.exit_code})
            )
        typer.echo(words, err=True)
        code = error.exit_code
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001 - outermost frame: a sentence, never a traceback with values
        typer.echo(
            f"Fordway met a fault of its own ({type(error).__name__}). Every committed batch stands. "
            "Try again; `fordway doctor` tells whether the machine is well.",
            err=True,
        )
        code = 1
    raise typer.Exit(code)

"""Every statement Fordway runs, one file each; the folder says who runs it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

__all__ = ["load"]


@cache
def load(name: str) -> LiteralString:
    """The text of one statement, without the comment at its head.

    The head explains parameters by their placeholders; filling those in would put values
    into a comment.

    Args:
        name: folder and file without the ending, such as ``"ledger/take_lease"``.

    Returns:
        The statement. It is typed as a literal because it is source code that ships with
        the product: no value ever becomes part of it.

    Raises:
        FileNotFoundError: no such statement; the name is wrong in the code.
    """
    lines = files(__name__).joinpath(f"{name}.sql").read_text("utf-8").splitlines()
    while lines and (not lines[0].strip() or lines[0].startswith("--")):
        del lines[0]
    return cast("LiteralString", "\n".join(lines).rstrip() + "\n")

"""Every statement Fordway runs, one file each; the folder says who runs it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

__all__ = ["load"]


@cache
def load(name: str) -> LiteralString:
    """The text of one statement, comments included.

    Args:
        name: folder and file without the ending, such as ``"ledger/take_lease"``.

    Returns:
        The file's text. It is typed as a literal because it is source code that
        ships with the product: no value ever becomes part of it.

    Raises:
        FileNotFoundError: no such statement; the name is wrong in the code.
    """
    return cast("LiteralString", files(__name__).joinpath(f"{name}.sql").read_text("utf-8"))

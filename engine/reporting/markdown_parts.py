"""Pieces of Markdown that nothing from a database can turn into markup. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["as_table", "as_text"]


def as_text(value: object) -> str:
    """A value inside a table's cell or a line, never read as markup."""
    text = str(value).replace("\\", "\\\\").replace("\n", " ")
    for mark in "|`*_[]<>#":
        text = text.replace(mark, f"\\{mark}")
    return text


def as_table(head: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: int = 0) -> str:
    """A table whose last ``numbers`` columns are set flush right."""
    marks = ["---"] * (len(head) - numbers) + ["--:"] * numbers
    lines = [head, marks, *[[as_text(cell) for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)

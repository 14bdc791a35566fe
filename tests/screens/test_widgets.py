"""Widgets that show rows: what fits, what is cleaned, what is looked up."""

from __future__ import annotations

import pytest

from engine.model.run import Pass
from screens.run_view import RunView, fold_all
from screens.widgets.chunk_table import ChunkRows
from screens.widgets.flow import labelled
from screens.widgets.line_table import GAP, GUTTER, Column, clean, lay_out
from screens.widgets.rate_line import bar, sparks
from tests.screens.scripted_journal import RUN, STAGES

COLUMNS = (
    Column(title="a"),
    Column(title="b", width=9),
    Column(title="c", width=12, from_width=100),
    Column(title="d", most=20),
)


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_columns_at_any_width_fit_the_table(width: int) -> None:
    """Columns and gaps together are never wider than the table."""
    widths = lay_out(COLUMNS, width)

    assert sum(cells for _, cells in widths) + GAP * (len(widths) - 1) + GUTTER <= width


def test_column_on_a_narrow_table_is_left_out() -> None:
    """A column that asks for room waits until there is some."""
    assert ([0, 1, 3], [0, 1, 2, 3]) == (
        [p for p, _ in lay_out(COLUMNS, 80)],
        [p for p, _ in lay_out(COLUMNS, 120)],
    )


def test_text_with_control_characters_is_harmless() -> None:
    """Nothing from a database reaches the terminal as a command."""
    assert "a b·[31m" == clean("a\nb\x1b[31m")


def test_batches_of_several_tables_are_found_by_place() -> None:
    """Rows are looked up across tables without being gathered."""
    view = fold_all(RunView(run_id=RUN), STAGES["moved"]().entries)
    rows = ChunkRows.of(view.pass_view(Pass.MOVE))

    assert (4, "1501-1569") == (len(rows), rows[3][2][0])


def test_retried_batch_stands_below_the_committed_ones() -> None:
    """What is being tried again is the newest line."""
    view = fold_all(RunView(run_id=RUN), STAGES["faulted"]().entries)
    rows = ChunkRows.of(view.move)

    last = rows[len(rows) - 1]
    assert ("retry 2 of 3", "! missing parents") == (last[2][0], last[5][0])


def test_bar_that_is_not_done_is_not_full() -> None:
    """Only 100 % looks like 100 %."""
    assert ("█" * 9, "░") == bar(0.999, 10)


def test_sparks_of_nothing_are_empty() -> None:
    """No rows, no bars."""
    assert ("", "▁█") == (sparks([0, 0], 5), sparks([0, 9], 5))


def test_labelled_text_wraps_under_itself() -> None:
    """Lines after the first begin where the text began."""
    parts = labelled("undo", "one two three", width=11, cells=6)

    assert "undo  one \n      two \n      three\n" == "".join(
        p if isinstance(p, str) else p[0] for p in parts
    )

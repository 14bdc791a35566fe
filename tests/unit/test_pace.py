"""Batches grow and shrink towards the time they should take, and no row falls between two of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.plan import KeyRange
from engine.moving.pace import joined_ranges, next_batch_rows


@pytest.mark.parametrize(
    ("seconds", "rows"),
    [(0.001, 100_000), (0.1, 75_000), (1.0, 5_000), (1.5, 5_000), (2.9, 5_000), (6.0, 1_250), (600.0, 625)],
)
def test_next_batch_takes_about_a_second_and_a_half(seconds: float, rows: int) -> None:
    """A batch near that time stays as it is; one batch's luck changes the size only so much."""
    assert rows == next_batch_rows(5_000, read=5_000, seconds=seconds, most=100_000)


def test_last_batch_of_a_table_says_nothing_about_the_next() -> None:
    """It has fewer rows and is quick for that alone."""
    assert 5_000 == next_batch_rows(5_000, read=60, seconds=0.001, most=100_000)


@pytest.mark.parametrize(("read", "seconds"), [(5_000, 12.0), (5_000, 8.0), (5_000, 20.0)])
def test_batch_of_an_earlier_larger_size_is_judged_by_its_own_rows(read: int, seconds: float) -> None:
    """Batches under way when the size was made smaller end later, and must not make it smaller once more."""
    assert 625 == next_batch_rows(625, read=read, seconds=seconds, most=100_000)


@given(sizes=st.lists(st.integers(1, 50), max_size=40), rows=st.integers(1, 200))
def test_joined_ranges_cover_the_same_rows_once(sizes: list[int], rows: int) -> None:
    """Each begins where the one before ended, and only the last may be smaller than asked."""
    spans, last = [], 0
    for size in sizes:
        after = (last,) if last else None
        spans.append(KeyRange(after=after, upto=(last + size,), first_row=last + 1, last_row=last + size))
        last += size

    joined = list(joined_ranges(spans, rows=rows))

    assert last == sum(span.rows for span in joined)
    assert [None, *(span.upto for span in joined)][: len(joined)] == [span.after for span in joined]
    assert all(span.rows >= rows for span in joined[:-1])
    assert [1, *(span.last_row + 1 for span in joined)][: len(joined)] == [span.first_row for span in joined]

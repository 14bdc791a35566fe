"""Which open rows of the quarantine a choice means: a page at a time, parents before children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.model.held import HeldChoice, HeldFilter, HeldRow
from engine.model.plan import Plan
from engine.recovering.waiting_children import Ties, find_waiting
from engine.stores.ledger import Ledger

__all__ = ["chosen_rows"]

_PAGE_ROWS = 1_000
"""Rows held in memory at once; each is whole."""


def chosen_rows(choice: HeldChoice, *, plan: Plan, run_id: str, ledger: Ledger) -> Iterator[list[HeldRow]]:
    """The rows, parents before children, at most a thousand at a time.

    A page is read when it is asked for: what was written from the pages before is not in it.
    Where all rows are meant, those that wait for others are among them and need not be sought.
    """
    is_all = not choice.numbers and replace(choice.of, state=None) == HeldFilter()
    ties = Ties.of(run_id, plan, ledger) if choice.with_children and not is_all else None
    if ties is not None:
        ledger.quarantine.refresh_statistics()
    found: set[int] = set()
    beside: dict[int, int] = {}
    for rows in _named(choice, run_id, ledger) if choice.numbers else _filtered(choice, plan, run_id, ledger):
        if ties is not None:
            found |= {row.quarantine_id for row in rows}
            find_waiting(rows, ties=ties, run_id=run_id, ledger=ledger, known=beside)
        yield rows
    waiting = sorted((table, number) for number, table in beside.items() if number not in found)
    yield from _pages([number for _, number in waiting], run_id, ledger)


def _named(choice: HeldChoice, run_id: str, ledger: Ledger) -> Iterator[list[HeldRow]]:
    return _pages(sorted(set(choice.numbers)), run_id, ledger)


def _filtered(choice: HeldChoice, plan: Plan, run_id: str, ledger: Ledger) -> Iterator[list[HeldRow]]:
    """Table by table in load order, so that parents go before their children."""
    for table in plan.tables:
        if choice.of.table in (None, table.name):
            of = replace(choice.of, state="open", table=table.name)
            yield from ledger.quarantine.pages(run_id, of=of)


def _pages(numbers: list[int], run_id: str, ledger: Ledger) -> Iterator[list[HeldRow]]:
    """Rows by their numbers; those that are no longer open are left out."""
    for begin in range(0, len(numbers), _PAGE_ROWS):
        page = numbers[begin : begin + _PAGE_ROWS]
        rows = [row for row in ledger.quarantine.rows(run_id, page) if row.state == "open"]
        if rows:
            yield sorted(rows, key=lambda row: (row.table_number, row.chunk_number, row.quarantine_id))

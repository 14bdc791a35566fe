"""What the screens see of rows set aside, and what they may ask about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from engine.model.held import HeldCell, HeldChoice, HeldFilter, HeldGroup, HeldRow
from engine.model.run import Counts

__all__ = [
    "PAGE_ROWS",
    "HeldDetail",
    "HeldEntry",
    "HeldLink",
    "HeldPlace",
    "HeldRule",
    "HeldShown",
    "HeldWaste",
    "ReplayAsked",
    "ReplayNews",
]


PAGE_ROWS = 100
"""Rows read at once: more than any screen shows, and whole rows may be large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPlace:
    """Where one looks: which rows, and how far down."""

    of: HeldFilter = field(default_factory=HeldFilter)
    after: tuple[int, ...] = ()
    """The last number of each page before this one; rows come by their numbers, oldest first."""

    def next_page(self, last: int) -> HeldPlace:
        """The page behind the row of that number."""
        return replace(self, after=(*self.after, last))

    def page_before(self) -> HeldPlace:
        """The page before this one; the first has none."""
        return replace(self, after=self.after[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEntry:
    """One row of the list."""

    row: HeldRow
    waiting: int
    """Open rows that were set aside because this one is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRule:
    """An answer that stands for every such error of the run."""

    rule_id: int
    words: str
    by: str
    uses: int
    """Batches it answered for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayNews:
    """The last replay of the run."""

    handoff_id: str
    text: str
    """What came of it, in a sentence without a full stop."""
    is_over: bool
    is_well: bool
    """It went through, and no row was left."""
    reasons: tuple[str, ...] = ()
    """Why rows stay, of the first ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsked:
    """What was known when this console asked for a replay."""

    counts: Counts
    """Of the whole move."""
    handoff_id: str
    """Of the replay before; empty when there was none."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldShown:
    """A page of rows, and what stands around it, read in one go."""

    place: HeldPlace
    groups: tuple[HeldGroup, ...]
    entries: tuple[HeldEntry, ...]
    is_last: bool
    """There is no page behind this one."""
    counts: Counts
    """Of the whole move, from the ledger's batches."""
    rules: tuple[HeldRule, ...] = ()
    """Those that stand, oldest first."""
    replay: ReplayNews | None = None
    news: int = 0
    """The view's ``held_news`` when it was read."""

    @property
    def total(self) -> int:
        """Rows that the filter takes."""
        return sum(group.rows for group in self.groups if self.place.of.takes(group))

    def rows_in(self, state: str) -> int:
        """Rows in that state, whatever the filter."""
        return sum(group.rows for group in self.groups if group.state == state)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDetail:
    """One row, whole."""

    row: HeldRow
    cells: tuple[HeldCell, ...]
    waiting: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """By table: numbers of the open rows that wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWaste:
    """What would be given up, counted now."""

    choice: HeldChoice
    rows: int
    waiting: int
    """Rows that wait for these and would not find them."""
    target_name: str
    """To be typed."""


class HeldLink(Protocol):
    """The quarantine of a run. Every method blocks; call it from a worker thread."""

    def read(self, place: HeldPlace, *, news: int) -> HeldShown:
        """That page, with groups, counts and rules; the page before where it is empty by now."""

    def detail(self, number: int) -> HeldDetail:
        """One row, whole.

        Raises:
            BadInput: there is none of that number.
        """

    def edit(self, number: int, column: str, value: str | None) -> str:
        """Gives a target column of the row another value, for when it is replayed; None is NULL.

        Returns:
            Empty when it has it, else a sentence saying why not.
        """

    def replay(self, choice: HeldChoice) -> str:
        """Has a runner write these rows after all; what came of it is in ``HeldShown.replay``.

        Returns:
            Empty when it was asked for, else a sentence saying why not.
        """

    def waste(self, choice: HeldChoice) -> HeldWaste:
        """What giving these rows up would mean."""

    def discard(self, choice: HeldChoice, *, typed: str) -> str:
        """Gives the rows up when ``typed`` is the target's name.

        Returns:
            Empty when they are given up, else a sentence saying why not.
        """

    def export(self, of: HeldFilter, path: str) -> tuple[str, str]:
        """Writes the rows into a new file as CSV.

        Returns:
            What was written, and why it was not; one of them is empty.
        """

    def revoke_rule(self, rule_id: int) -> str:
        """The rule holds no longer; what it did stays done.

        Returns:
            Empty when it stood until now, else a sentence saying why not.
        """

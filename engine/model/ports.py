"""What the engine needs from the outside, as protocols the stores fulfil."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from engine.model.catalog import Catalog, ColumnProfile, Engine, ForeignKey, Table
from engine.model.plan import ColumnPlan, Form, KeyRange, KeyValue

__all__ = [
    "AddressedSource",
    "BlockColumn",
    "BlockSource",
    "Blocks",
    "Clock",
    "LineSigns",
    "Row",
    "RowSearch",
    "SearchedSource",
    "Source",
    "SummedSource",
]

Row = tuple[object, ...]
"""Values in the order of the columns asked for.

SQLite sources give int, float, str, bytes and None (text that is no UTF-8 carries lone
surrogates, PEP 383). PostgreSQL sources give PostgreSQL's own text form, or None.
"""


class Clock(Protocol):
    """Tells the time; tests hand in one that stands still."""

    def now(self) -> datetime:
        """The moment, with its zone (UTC)."""

    def monotonic(self) -> float:
        """Seconds that only grow."""


class Source(Protocol):
    """One opened source. Used by one thread at a time; reads a stable snapshot until closed."""

    name: str
    engine: Engine

    def read_catalog(self) -> Catalog:
        """Every table with exact row counts, and what else is there."""

    def profile(self, table: Table) -> tuple[ColumnProfile, ...]:
        """What the values of each column really are, by one full scan."""

    def count_orphans(self, table: Table, key: ForeignKey) -> int:
        """Rows whose non-null key has no parent row."""

    def fingerprint(self, tables: Sequence[str]) -> str:
        """Changes whenever schema or rows of these tables may have changed."""

    def cut_ranges(
        self, table: str, *, key: Sequence[str], rows: int, where: str, begin: KeyRange | None = None
    ) -> Iterator[KeyRange]:
        """Ranges of at most ``rows`` rows in key order that cover each row behind ``begin`` once."""

    def read_range(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], span: KeyRange, where: str
    ) -> Iterator[list[Row]]:
        """The range's rows in key order, a page at a time."""

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its chunk key, or None when it is gone."""

    def count_rows(self, table: str, *, where: str) -> int:
        """How many rows there are now."""

    def close(self) -> None:
        """Gives the connection and the snapshot back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSearch:
    """Which rows are sought by what their columns hold."""

    table: str
    columns: tuple[str, ...]
    """To be read."""
    by: tuple[str, ...]
    """Columns that hold one of the values."""
    values: tuple[tuple[str, ...], ...]
    """As text; one of them a row sought."""
    where: str = ""
    """A filter in the source's own SQL; empty: among all rows."""
    key: tuple[str, ...] = ()
    """The chunk key, by which the span is told."""
    span: KeyRange | None = None
    """Where the rows lie; None: anywhere."""


@runtime_checkable
class SearchedSource(Protocol):
    """A source that finds rows by any of their columns."""

    def find_rows(self, search: RowSearch) -> Iterator[list[Row]]:
        """The rows, a page at a time, in no order; all of them by one reading of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockColumn:
    """One field of a block's lines."""

    source: str | None = None
    """The column read; None for a constant."""
    form: Form = Form.PLAIN
    has_nulls: bool = True
    constant: str | None = None
    """Of a constant: its value; None is NULL."""


class Blocks(Protocol):
    """COPY text of a key range; iterate it once."""

    rows: int
    """Rows the source says it gave; known once every block was taken."""

    def __iter__(self) -> Iterator[bytes]:
        """The blocks in key order."""


@runtime_checkable
class AddressedSource(Protocol):
    """A source that tells rows without a key apart by where they lie."""

    def layout(self, table: str) -> str:
        """Changes whenever a row lies elsewhere than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSigns:
    """What stands between fields, after rows and for NULL, drawn by chance for each verification.

    No value of either side reads so, which is why nothing needs escapes and no two rows
    have one line.
    """

    null: str
    between: str
    end: str
    seeds: tuple[int, int]
    """Of the two hashes, where both sides are summed by servers."""


@runtime_checkable
class SummedSource(Protocol):
    """A source whose server sums up lines of rows as the target's does."""

    def sum_range(
        self,
        table: str,
        *,
        columns: Sequence[ColumnPlan],
        key: Sequence[str],
        span: KeyRange,
        signs: LineSigns,
    ) -> tuple[int, int, int]:
        """Rows of the range, and the sums of two hashes of their lines."""

    def read_ordinals(
        self,
        table: str,
        *,
        columns: Sequence[str],
        key: Sequence[str],
        span: KeyRange,
        ordinals: Sequence[int],
    ) -> list[Row]:
        """The range's rows at these places in key order, from 1."""


@runtime_checkable
class BlockSource(Protocol):
    """A source whose rows can be handed on without being looked at one by one."""

    def read_blocks(
        self,
        table: str,
        *,
        columns: Sequence[BlockColumn],
        key: Sequence[str],
        span: KeyRange,
        is_binary: bool = False,
    ) -> Blocks:
        """The range's rows as COPY text, or COPY's binary form, of exactly these columns.

        Raises:
            RowRejected: while the blocks are read: a row has no such form after all.
        """

"""Looks at values one by one, as the move will, where no profile can tell which of them fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan, Family, Form, MadeBy, Plan, TablePlan
from engine.model.ports import Row, Source
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.planning.resolve_tables import Misfits
from engine.stores.open_source import SourceShelf

__all__ = ["read_misfits"]

_ROWS = 100_000
"""Rows read in one go: a few columns are small."""
_RUN_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""No column that is looked at is made of the moment of approval."""


def read_misfits(plan: Plan, *, source_urls: Mapping[str, str]) -> dict[tuple[str, str], dict[str, Misfits]]:
    """Values the move would set aside, by source and table, then by target column; nothing is changed.

    Args:
        plan: made without knowing of them; it says which columns a profile can't judge.
        source_urls: by source name.
    """
    asked = {source.name for source in plan.sources if source.engine is Engine.SQLITE}
    narrow = [
        (table, columns)
        for table in plan.tables
        if table.source in asked and table.chunk_key and (columns := _narrow_columns(table))
    ]
    if not narrow:
        return {}
    shelf = SourceShelf(source_urls)
    try:
        return {
            (table.source, table.source_table): _counted(table, columns, shelf.get(table.source))
            for table, columns in narrow
        }
    finally:
        shelf.close()


def _narrow_columns(table: TablePlan) -> tuple[ColumnPlan, ...]:
    """Copied columns whose type the values did not choose, and did not prove to hold them either."""
    return tuple(
        column
        for column in table.columns
        if column.made_by is MadeBy.COPY
        and column.form is Form.CHECKED
        and column.family is not Family.OTHER
        and (table.exists_already or column.transformation.startswith("cast_"))
    )


def _counted(table: TablePlan, columns: tuple[ColumnPlan, ...], source: Source) -> dict[str, Misfits]:
    tallies = [_Tally(table, column, source.engine) for column in columns]
    read = table.chunk_key + tuple(
        dict.fromkeys(column.source for column in columns if column.source not in table.chunk_key)
    )
    spans = source.cut_ranges(table.source_table, key=table.chunk_key, rows=_ROWS, where=table.where)
    places = {name: place for place, name in reversed(list(enumerate(read)))}
    for span in list(spans):
        pages = source.read_range(
            table.source_table, columns=read, key=table.chunk_key, span=span, where=table.where
        )
        for row in (row for page in pages for row in page):
            key = row[: len(table.chunk_key)]
            for tally in tallies:
                tally.look(key, row[places[tally.source]])
    return {column.target: tally.misfits() for column, tally in zip(columns, tallies, strict=True)}


class _Tally:
    """Counts the values of one column that its own encoder refuses."""

    def __init__(self, table: TablePlan, column: ColumnPlan, engine: Engine) -> None:
        # NULL in a required column is counted, and told, by the profile.
        alone = replace(table, chunk_key=(), columns=(replace(column, is_nullable=True),), primary_key=())
        self._encoder = RowEncoder(alone, engine=engine, run_time=_RUN_TIME)
        self._filled = self._refused = 0
        self._first: tuple[Row, str] | None = None
        self.source = column.source

    def look(self, key: Row, value: object) -> None:
        """One more value was counted."""
        self._filled += value is not None
        encoded = self._encoder.encode((value,))
        if isinstance(encoded, RejectedRow):
            self._refused += 1
            self._first = self._first or (key, encoded.reason)

    def misfits(self) -> Misfits:
        """What came of it."""
        key, reason = self._first or ((), "")
        shown = "/".join(str(part) for part in key)
        return Misfits(filled=self._filled, rows=self._refused, example_key=shown, reason=reason)

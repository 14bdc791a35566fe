"""data-mapping: makes the row encoders of a plan and tries them on real rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.model.plan import TablePlan
from engine.model.ports import Source
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.stores.open_source import SourceShelf

__all__ = ["TASKS"]


def prepare_mapping(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Every table's transformations were applied to its first batch, without writing.

    Returns:
        By table: transformations, rows tried, rows that would be set aside.

    Raises:
        FordwayError: a source stayed away.
    """
    plan = context.plan()

    def tried() -> dict[str, Any]:
        shelf = SourceShelf(context.source_urls)
        try:
            return {
                table.name: _try(table, shelf.get(table.source), context.run_time()) for table in plan.tables
            }
        finally:
            shelf.close()

    return context.patiently(tried)


def _try(table: TablePlan, source: Source, run_time: datetime) -> dict[str, Any]:
    encoder = RowEncoder(table, engine=source.engine, run_time=run_time)
    spans = source.cut_ranges(table.source_table, key=table.chunk_key, rows=table.batch_rows, where="")
    first = next(iter(spans), None)
    tried = rejected = 0
    if first is not None:
        for page in source.read_range(
            table.source_table, columns=encoder.columns, key=table.chunk_key, span=first, where=table.where
        ):
            tried += len(page)
            rejected += sum(isinstance(encoder.encode(row), RejectedRow) for row in page)
    return {"transformations": list(table.transformations), "tried": tried, "set_aside": rejected}


TASKS = {
    "prepare-mapping": Task(
        handler=prepare_mapping, words="trying the transformations on real rows", milestone="move"
    )
}

"""Tries the playbook's filters on the sources before anybody approves."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.errors import FordwayError, Transient
from engine.model.findings import Finding
from engine.model.plan import Plan, TablePlan
from engine.planning.judge_playbook_sql import refused_filter
from engine.stores.open_source import SourceShelf

__all__ = ["try_filters"]


def try_filters(plan: Plan, *, source_urls: Mapping[str, str]) -> tuple[Finding, ...]:
    """A finding for each filter its source refuses, over all rows; nothing is changed.

    Args:
        plan: its tables know their filters.
        source_urls: by source name.

    Raises:
        Transient: a source went away.
    """
    filtered = [table for table in plan.tables if table.where]
    shelf = SourceShelf(source_urls)
    try:
        tried = [(table, _refusal(table, shelf)) for table in filtered]
    finally:
        shelf.close()
    return tuple(refused_filter(table, words) for table, words in tried if words)


def _refusal(table: TablePlan, shelf: SourceShelf) -> str:
    """The source's own words; empty when it took the filter."""
    source = shelf.get(table.source)
    try:
        source.count_rows(table.source_table, where=table.where)
    except Transient:
        raise
    except FordwayError as error:
        # Of a file any error is told as one of the file; what is asked here is the filter's fault.
        return str(error.__cause__ or error.what).strip().splitlines()[0]
    return ""

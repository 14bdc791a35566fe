"""The table a run wrote to, under the names it and its key columns have now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.model.plan import TablePlan
from engine.stores.target_identity import Identity, find_identity, list_columns
from engine.stores.target_restore import TargetRestore
from engine.stores.target_session import TargetSession

__all__ = ["Standing", "find_table", "stand_as"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a table of the plan stands."""

    table: TablePlan | None
    """The plan with the schema, name and key columns of now; None: it is not there."""
    is_lost: bool = False
    """It is not there, and the ledger can't tell whether it was dropped or only renamed."""
    now: str = ""
    """What it is called now; empty where that is its name in the plan."""
    columns: Mapping[str, str] | None = None
    """By a column's present name, its name when the run met the table; None where the ledger kept none."""
    dropped: tuple[str, ...] = ()
    """Columns that were dropped since the run met the table."""
    missing: tuple[str, ...] = ()
    """Columns without which the run's rows can't be told from others', or overwritten ones not be put back.

    The table may be dropped whole; of its rows none may be touched.
    """
    no_mark: str = ""
    """The column in which rows were to be marked as deleted, where it is not there any more."""


def find_table(cursor: Any, run_id: str, table: TablePlan) -> Standing:  # noqa: ANN401 - a cursor
    """The table by what it is; by its name only where the ledger kept nothing else."""
    schema, name = table.target_schema, table.target_table
    known = find_identity(cursor, run_id, "relation", schema=schema, name=name)
    if known is None:
        there = TargetSession.exists(cursor, "table_exists", schema=schema, relation=name)
        if there is None:
            return Standing(table=None, is_lost=True)
        known = Identity(schema=schema, name=name)
    if known.is_gone:
        return Standing(table=None)
    return stand_as(cursor, run_id, table, known)


def stand_as(cursor: Any, run_id: str, table: TablePlan, known: Identity) -> Standing:  # noqa: ANN401 - a cursor
    """How the table, or a partition of it, stands under the name it has now.

    Args:
        cursor: the open transaction.
        run_id: the run that wrote to it.
        table: as the plan has it.
        known: what the ledger knows of it; it is not gone.
    """
    found = replace(table, target_schema=known.schema, target_table=known.name)
    now = "" if known.stands_as(table.target_schema, table.target_table) else found.target_name
    if known.columns is None:
        there = set(list_columns(cursor, known.schema, known.name))
        needed = dict.fromkeys((*table.primary_key, *TargetRestore.image_columns(cursor, run_id, table)))
        missing = tuple(name for name in needed if name not in there)
        keys = {name: name for name in there}
    else:
        keys = {former: present for present, former in known.columns.items()}
        missing = tuple(name for name in table.primary_key if name not in keys)
    if missing and not _rests_on_key(cursor, run_id, table):
        missing = ()
    key = tuple(keys[name] for name in table.primary_key if name in keys)
    # Part of a key shows nobody which row is meant.
    found = replace(found, primary_key=key if len(key) == len(table.primary_key) else ())
    mark = table.soft_delete
    no_mark = mark.column if mark is not None and mark.column not in keys else ""
    if mark is not None and not no_mark:
        found = replace(found, soft_delete=replace(mark, column=keys[mark.column]))
    return Standing(
        table=found,
        now=now,
        columns=known.columns,
        dropped=known.dropped,
        missing=missing or ((no_mark,) if no_mark else ()),
        no_mark=no_mark if not missing else "",
    )


def _rests_on_key(cursor: Any, run_id: str, table: TablePlan) -> bool:  # noqa: ANN401 - a cursor
    """Whether rows that go, or were overwritten, are told by more than the transaction that wrote them."""
    is_mapped = table.exists_already and table.keeps_id_map
    has_key = bool(table.primary_key)
    return has_key and (is_mapped or TargetRestore.has_images(cursor, run_id, table.target_name))

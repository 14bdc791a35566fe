"""Reads the ids of sources that merge and asks the target which of them come twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from engine.model.plan import MadeBy, Plan, Policy, TablePlan
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.legacy_keys import KEY_SEPARATOR
from engine.planning.find_collisions import Collisions, collision_groups, unique_groups
from engine.stores.count_collisions import count_collisions
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession

__all__ = ["read_collisions"]

_RUN_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""No key is made of the moment of approval, which nobody knows yet."""


def read_collisions(plan: Plan, *, source_urls: Mapping[str, str], target_url: str) -> dict[str, Collisions]:
    """Ids that would come twice, by target table or unique index, where that is asked; nothing is changed.

    Args:
        plan: made without knowing of collisions; it says which tables merge and how ids come about.
        source_urls: by source name.
        target_url: the target.
    """
    groups = list(collision_groups(plan))
    unique = list(unique_groups(plan))
    if not (groups or unique) or any(finding.code in _UNCOUNTABLE for finding in plan.blockers):
        return {}
    shelf = SourceShelf(source_urls)
    target = TargetSession(target_url, purpose="planning")
    try:
        counted = {
            group[0].target_table: count_collisions(
                group[0], _keys(group, shelf), target=target, is_taken_asked=_is_taken_asked(group)
            )
            for group in groups
        }
        for name, table in unique:
            keys = _keys((table,), shelf)
            counted[name] = count_collisions(table, keys, target=target, is_taken_asked=False)
        return counted
    finally:
        shelf.close()
        target.close()


_UNCOUNTABLE = frozenset({"F308", "F309", "F313"})
"""Findings of keys that are not settled between the sources."""


def _is_taken_asked(group: Sequence[TablePlan]) -> bool:
    """Of one source without a policy the batches ask themselves where the target's rows are in the way."""
    return len(group) > 1 or group[0].on_conflict is not Policy.ASK


def _keys(group: Sequence[TablePlan], shelf: SourceShelf) -> Iterator[tuple[tuple[object, ...], str]]:
    """Encoded primary keys and how they are shown; empty: as they are.

    Rows whose key can't be carried will be set aside and collide with nothing.
    """
    for table in group:
        by_name = {column.target: column for column in table.columns}
        only_key = replace(table, columns=tuple(by_name[name] for name in table.primary_key))
        is_made = any(column.made_by is MadeBy.UUID5 for column in only_key.columns)
        source = shelf.get(table.source)
        encoder = RowEncoder(only_key, engine=source.engine, run_time=_RUN_TIME)
        spans = source.cut_ranges(table.source_table, key=table.chunk_key, rows=_ROWS, where="")
        for span in list(spans):
            pages = source.read_range(
                table.source_table, columns=encoder.columns, key=table.chunk_key, span=span, where=table.where
            )
            for row in (row for page in pages for row in page):
                encoded = encoder.encode(row)
                # NULL is equal to nothing, not to itself either.
                if not isinstance(encoded, RejectedRow) and None not in encoded:
                    yield encoded, encoder.legacy_key(row).replace(KEY_SEPARATOR, "/") if is_made else ""


_ROWS = 100_000
"""Rows read in one go: ids alone are small."""

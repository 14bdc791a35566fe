"""Which source rows have no row of their own in the target, because they were merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.checking.canonical import Canonical, row_reader
from engine.checking.chunk_rows import key_text
from engine.checking.resolve_lookups import resolve_lookups
from engine.model.codec import key_from_json
from engine.model.plan import Policy, TablePlan
from engine.model.ports import Source
from engine.stores.ledger.chunks import StoredChunk
from engine.stores.mapping_checks import left_out, overwritten
from engine.stores.target_checks import TargetChecks

__all__ = ["Merges", "read_merges"]

_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
"""No key is made of the moment of approval."""


@dataclass(slots=True, kw_only=True)
class Merges:
    """What merging changed about one table's chunks."""

    aside: dict[int, frozenset[str]] = field(default_factory=dict)
    """Chunk keys of rows that stand nowhere: the target's row was kept, or a later one overwrote them."""
    more: Counter[int] = field(default_factory=Counter)
    """By chunk: target rows it overwrote, less rows of its own that were overwritten later."""
    overwritten: int = 0

    def without(self, other: dict[int, frozenset[str]]) -> dict[int, frozenset[str]]:
        """Rows set aside and rows merged away, by chunk."""
        return {
            number: self.aside.get(number, frozenset()) | other.get(number, frozenset())
            for number in {*self.aside, *other}
        }


def read_merges(
    table: TablePlan,
    *,
    source: Source,
    checks: TargetChecks,
    chunks: Iterable[StoredChunk],
    run_id: str,
    has_late_rows: bool = False,
) -> Merges:
    """What became of the table's merged rows, from the ledger and from the source itself.

    A row of ours that a later batch overwrote is compared with what overwrote it, there.
    """
    merges = Merges()
    is_plain = table.on_conflict is Policy.ASK and not table.merged_from
    if is_plain and not has_late_rows:
        return merges
    aside: dict[int, set[str]] = {}
    for merged in left_out(checks, table, run_id=run_id):
        if merged["became"] == "updated":
            merges.more[merged["chunk_number"]] += 1
        else:
            key = key_text(key_from_json(merged["source_key"]) or ())
            aside.setdefault(merged["chunk_number"], set()).add(key)
    gone = {} if is_plain else overwritten(checks, table, run_id=run_id)
    if gone:
        _leave_overwritten(merges, aside, gone, _KeySide(table, source, checks, run_id), chunks)
    merges.aside = {number: frozenset(keys) for number, keys in aside.items()}
    return merges


class _KeySide:
    """Chunk keys of source rows beside the target keys they should have got."""

    def __init__(self, table: TablePlan, source: Source, checks: TargetChecks, run_id: str) -> None:
        by_name = {column.target: column for column in table.columns}
        keys = tuple(by_name[name] for name in table.primary_key)
        self._table = replace(table, columns=keys)
        self._source = source
        lookups = resolve_lookups(self._table, checks=checks, engine=source.engine, run_id=run_id)
        self._read = row_reader(
            self._table,
            engine=source.engine,
            columns=self._table.columns_read,
            run_time=_NO_MOMENT,
            lookups=lookups,
        )

    def of(self, chunk: StoredChunk) -> Iterator[tuple[str, Canonical]]:
        """Each row's chunk key as text, and its key on the target."""
        table = self._table
        pages = self._source.read_range(
            table.source_table,
            columns=table.columns_read,
            key=table.chunk_key,
            span=chunk.span,
            where=table.where,
        )
        for row in (row for page in pages for row in page):
            yield key_text(row[: len(table.chunk_key)]), self._read(row)


def _leave_overwritten(
    merges: Merges,
    aside: dict[int, set[str]],
    gone: dict[int, set[Canonical]],
    side: _KeySide,
    chunks: Iterable[StoredChunk],
) -> None:
    for chunk in chunks:
        keys = gone.get(chunk.number)
        if not keys:
            continue
        merges.more[chunk.number] -= len(keys)
        merges.overwritten += len(keys)
        found = {key for key, canonical in side.of(chunk) if canonical in keys}
        aside.setdefault(chunk.number, set()).update(found)

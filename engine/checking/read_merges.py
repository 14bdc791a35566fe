"""Which source rows have no row of their own in the target, because they were merged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.checking.canonical import Canonical
from engine.checking.compare_rows import key_text
from engine.model.codec import key_from_json
from engine.model.plan import Policy, TablePlan
from engine.model.ports import Row, Source
from engine.stores.ledger.chunks import StoredChunk
from engine.stores.mapping_checks import left_out, overwritten
from engine.stores.target_checks import TargetChecks

__all__ = ["Merges", "read_merges"]


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
    columns: tuple[str, ...],
    read: Callable[[Row], Canonical],
    run_id: str,
) -> Merges:
    """What became of the table's merged rows, from the ledger and from the source itself.

    A row of ours that a later batch overwrote is compared with what overwrote it, there.
    """
    merges = Merges()
    if table.on_conflict is Policy.ASK and not table.merged_from:
        return merges
    aside: dict[int, set[str]] = {}
    for merged in left_out(checks, table, run_id=run_id):
        if merged["became"] == "updated":
            merges.more[merged["chunk_number"]] += 1
        else:
            key = key_text(key_from_json(merged["source_key"]) or ())
            aside.setdefault(merged["chunk_number"], set()).add(key)
    gone = overwritten(checks, table, run_id=run_id)
    names = [column.target for column in table.columns]
    places = [names.index(name) for name in table.primary_key] if gone else []
    width = len(table.chunk_key)
    for chunk in chunks if gone else ():
        keys = gone.get(chunk.number)
        if not keys:
            continue
        merges.more[chunk.number] -= len(keys)
        merges.overwritten += len(keys)
        pages = source.read_range(
            table.source_table, columns=columns, key=table.chunk_key, span=chunk.span, where=table.where
        )
        for row in (row for page in pages for row in page):
            canonical = read(row)
            if tuple([canonical[place] for place in places]) in keys:
                aside.setdefault(chunk.number, set()).add(key_text(row[:width]))
    merges.aside = {number: frozenset(keys) for number, keys in aside.items()}
    return merges

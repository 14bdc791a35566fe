"""The links of a junction table: the set the source has, and the set read back through the id map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.checking.canonical import Lookup
from engine.checking.chunk_rows import key_text
from engine.checking.explain_rows import MOST_DIFFERENCES
from engine.checking.resolve_lookups import legacy_of
from engine.model.events import CheckResult
from engine.model.plan import ColumnPlan, TablePlan
from engine.model.ports import Source
from engine.stores.ledger.chunks import StoredChunk
from engine.stores.mapping_checks import edges
from engine.stores.target_checks import TargetChecks

__all__ = ["SourceEdges", "edge_check", "judge_edges", "source_edges"]

Edge = tuple[str, ...]
"""The legacy keys of a link's ends."""


@dataclass(slots=True, kw_only=True)
class SourceEdges:
    """The links of the source."""

    wanted: dict[Edge, Edge] = field(default_factory=dict)
    """Links whose ends all have new ids, with those ids."""
    unmapped: set[Edge] = field(default_factory=set)
    """Links with an end that has no new id; they are set aside."""

    @property
    def collided(self) -> list[Edge]:
        """Links whose new ids another link has as well."""
        seen: set[Edge] = set()
        found = []
        for edge, ids in self.wanted.items():
            if ids in seen:
                found.append(edge)
            seen.add(ids)
        return found


def source_edges(
    table: TablePlan,
    *,
    source: Source,
    chunks: Iterable[StoredChunk],
    lookups: Mapping[str, Lookup],
    aside: Mapping[int, frozenset[str]],
) -> SourceEdges:
    """Every link of the source that should be in the target, and those that can't be.

    Args:
        table: the plan.
        source: read anew.
        chunks: of the move.
        lookups: what each key column's values should have become.
        aside: chunk keys of rows that were set aside for other reasons than a missing end.
    """
    keys = _keys(table)
    width = len(table.chunk_key)
    columns = (*table.chunk_key, *(key.source for key in keys))
    found = SourceEdges()
    for chunk in chunks:
        skipped = aside.get(chunk.number, frozenset())
        pages = source.read_range(
            table.source_table, columns=columns, key=table.chunk_key, span=chunk.span, where=table.where
        )
        for row in (row for page in pages for row in page):
            ends = row[width:]
            if None in ends:
                continue
            edge = tuple([legacy_of(end) for end in ends])
            ids = [lookups[key.target](end) or "" for key, end in zip(keys, ends, strict=True)]
            if any(given.startswith("?") for given in ids):
                found.unmapped.add(edge)
            elif not skipped or key_text(row[:width]) not in skipped:
                found.wanted[edge] = tuple(ids)
    return found


def _keys(table: TablePlan) -> list[ColumnPlan]:
    by_name = {column.target: column for column in table.columns}
    return [by_name[name] for name in table.primary_key]


def edge_check(
    table: TablePlan, ours: SourceEdges, *, checks: TargetChecks, run_id: str, xids: list[int]
) -> CheckResult:
    """Whether both sides hold the same links."""
    rows: dict[str, set[tuple[str | None, ...]]] = {}
    there: set[tuple[str | None, ...]] = set()
    for row_id, is_ours, edge in edges(checks, table, _keys(table), run_id=run_id, xids=xids):
        there.add(edge)
        if is_ours:
            rows.setdefault(row_id, set()).add(edge)
    return judge_edges(ours, there, list(rows.values()))


def judge_edges(
    ours: SourceEdges,
    there: set[tuple[str | None, ...]],
    written: Iterable[set[tuple[str | None, ...]]],
) -> CheckResult:
    """The check's result. Pure.

    Args:
        ours: the source's links.
        there: every link the target has, by legacy keys; None where an end's id is nobody's.
        written: for each row the run wrote, the links it may stand for.
    """
    missing = [edge for edge in ours.wanted if edge not in there]
    extra = [min(map(_words, row)) for row in written if not any(edge in ours.wanted for edge in row)]
    collided = ours.collided
    parts = [
        _listed("unmapped", sorted(map(_words, ours.unmapped))),
        _listed("collided", [_words(edge) for edge in collided]),
        _listed("missing in target", [_words(edge) for edge in missing]),
        _listed("extra in target", extra),
    ]
    return CheckResult(
        name="edges",
        status="fail" if missing or extra else "pass",
        expected=f"{len(ours.wanted):,} links",
        actual=f"{len(ours.wanted) - len(missing):,} links" + (f" and {len(extra):,} more" if extra else ""),
        detail="; ".join(part for part in parts if part),
    )


def _words(edge: tuple[str | None, ...]) -> str:
    return "-".join("?" if end is None else end for end in edge)


def _listed(what: str, names: list[str]) -> str:
    if not names:
        return ""
    rest = f" and {len(names) - MOST_DIFFERENCES:,} more" if len(names) > MOST_DIFFERENCES else ""
    return f"{len(names):,} {what}: {', '.join(names[:MOST_DIFFERENCES])}{rest}"

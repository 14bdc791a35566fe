"""All checks of one table, run after its rows are in."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.checking.canonical import Canonical, Lookup, row_reader
from engine.checking.compare_edges import edge_check, source_edges
from engine.checking.compare_rows import (
    MOST_DIFFERENCES,
    Comparison,
    SourceSide,
    compare_digests,
    key_text,
)
from engine.checking.judge import check
from engine.checking.key_input import input_text
from engine.checking.read_merges import Merges, read_merges
from engine.checking.resolve_lookups import covered, resolve_lookups, uncovered
from engine.model.codec import key_from_json
from engine.model.events import CheckResult
from engine.model.plan import ForeignKeyPlan, MadeBy, TablePlan
from engine.model.ports import Source
from engine.model.run import Pass
from engine.stores.ledger import Ledger
from engine.stores.ledger.chunks import WrittenChunk
from engine.stores.target_checks import TargetChecks

__all__ = ["VerifySite", "verify_table"]

SAMPLES = 50
"""Rows compared column by column, drawn from the whole table; the planning documents' number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySite:
    """What a verification looks through."""

    run_id: str
    ledger: Ledger
    source: Source
    checks: TargetChecks
    run_time: datetime
    on_chunk: Callable[[], None] = lambda: None


def verify_table(table: TablePlan, site: VerifySite) -> tuple[CheckResult, ...]:
    """Every check of the table with what was expected and found.

    Raises:
        FordwayError: source or target went away; nothing of this table counts as compared.
    """
    whole, table = table, covered(table)
    columns = table.columns_read
    lookups = resolve_lookups(table, checks=site.checks, engine=site.source.engine, run_id=site.run_id)
    reader = row_reader(
        table, engine=site.source.engine, columns=columns, run_time=site.run_time, lookups=lookups
    )
    side = SourceSide(table, site.source, columns, reader)
    written = {chunk.number: chunk for chunk in site.ledger.chunks.written(site.run_id, table.number)}
    refused = _set_aside(site, table)
    merges = read_merges(
        table,
        source=site.source,
        checks=site.checks,
        chunks=site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number),
        columns=columns,
        read=reader,
        run_id=site.run_id,
    )
    aside = merges.without(refused)
    comparison = compare_digests(
        side,
        table=table,
        chunks=site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number),
        written=written,
        aside=aside,
        checks=site.checks,
        on_chunk=site.on_chunk,
    )
    return (
        *_count_checks(table, site, comparison, merges),
        *_sample_checks(table, site, side, aside, more=merges.more),
        _digest_check(comparison, written, _footnote(whole, merges)),
        *_edge_checks(table, site, lookups, refused),
        *_integrity_checks(whole, site),
    )


def _footnote(table: TablePlan, merges: Merges) -> str:
    """What the digests say nothing about."""
    parts = []
    if uncovered(table):
        parts.append(f"columns not covered: {', '.join(uncovered(table))}")
    if merges.overwritten:
        parts.append(f"{merges.overwritten:,} rows overwritten later in the run are compared there")
    return "; ".join(parts)


def _edge_checks(
    table: TablePlan, site: VerifySite, lookups: Mapping[str, Lookup], aside: dict[int, frozenset[str]]
) -> Iterator[CheckResult]:
    """A junction table's links, where both ends of each were looked up."""
    if not table.is_junction:
        return
    chunks = site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number)
    ours = source_edges(table, source=site.source, chunks=chunks, lookups=lookups, aside=aside)
    xids = [chunk.xid32 for chunk in site.ledger.chunks.written(site.run_id, table.number)]
    yield edge_check(table, ours, checks=site.checks, run_id=site.run_id, xids=xids)


def _set_aside(site: VerifySite, table: TablePlan) -> dict[int, frozenset[str]]:
    """Chunk keys of quarantined rows by chunk number."""
    found: dict[int, set[str]] = {}
    after = 0
    while rows := site.ledger.chunks.quarantined(site.run_id, after_id=after, most=1000):
        after = rows[-1]["quarantine_id"]
        for row in rows:
            if row["table_number"] == table.number:
                key = (
                    row["source_key"]
                    if isinstance(row["source_key"], list)
                    else json.loads(row["source_key"])
                )
                found.setdefault(row["chunk_number"], set()).add(key_text(key_from_json(key) or ()))
    return {number: frozenset(keys) for number, keys in found.items()}


def _count_checks(
    table: TablePlan, site: VerifySite, comparison: Comparison, merges: Merges
) -> Iterator[CheckResult]:
    progress = {p.table_number: p for p in site.ledger.chunks.progress(site.run_id, Pass.MOVE)}.get(
        table.number
    )
    counts = progress.counts if progress else None
    now = site.source.count_rows(table.source_table, where="")
    yield check(
        "all rows read",
        expected=table.rows,
        actual=counts.read if counts else 0,
        detail="" if now == table.rows else f"the source has {now:,} rows now",
    )
    accounted = counts.written + counts.quarantined + counts.filtered + counts.merged if counts else 0
    yield check("conservation", expected=counts.read if counts else 0, actual=accounted)
    yield check(
        "count match",
        expected=(counts.written if counts else 0) + merges.more.total(),
        actual=comparison.target.rows,
        detail=_others_rows(table, site, comparison),
    )


def _others_rows(table: TablePlan, site: VerifySite, comparison: Comparison) -> str:
    """Rows of others in a table the run made: no fault of the move, yet the operator should know."""
    if table.exists_already or table.merged_from:
        return ""
    others = site.checks.count(table) - comparison.target.rows
    noun = "row" if others == 1 else "rows"
    return f"{others:,} more {noun}, written or changed by others" if others > 0 else ""


def _digest_check(comparison: Comparison, written: dict[int, WrittenChunk], footnote: str) -> CheckResult:
    if any(not chunk.is_recent for chunk in written.values()):
        return CheckResult(
            name="full digests",
            status="not-run",
            expected="",
            actual="",
            detail="over two billion transactions have passed since the rows were written",
        )
    words = "; ".join([*(d.sentence() for d in comparison.differences), *([footnote] if footnote else [])])
    equal = comparison.source == comparison.target and not comparison.unequal_chunks
    return CheckResult(
        name="full digests",
        status="pass" if equal else "fail",
        expected=f"{comparison.source.rows:,} rows {_short(comparison.source.high)}",
        actual=f"{comparison.target.rows:,} rows {_short(comparison.target.high)}",
        detail=words,
    )


def _short(number: int) -> str:
    return f"{number & 0xFFFFFFFFFFFF:012x}"


def _sample_checks(
    table: TablePlan,
    site: VerifySite,
    side: SourceSide,
    aside: dict[int, frozenset[str]],
    *,
    more: Counter[int],
) -> Iterator[CheckResult]:
    """50 rows drawn from the whole table, each fetched by its key and compared in all columns.

    A table whose key the plan does not fill has no single rows to fetch; its digests cover every row.
    """
    names = [column.target for column in table.columns]
    if not table.primary_key or not set(table.primary_key) <= set(names):
        return
    chunks = site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number)
    moved = sum(chunk.counts.written + more[chunk.number] for chunk in chunks)
    equal = 0
    words: list[str] = []
    for ours in _draw(table, site, side, aside, moved=moved, more=more):
        by_name = dict(zip(names, ours, strict=True))
        key = {name: by_name[name] for name in table.primary_key}
        theirs = _fetch(table, site, key)
        if theirs == ours:
            equal += 1
        elif len(words) < MOST_DIFFERENCES:
            wrong = names if theirs is None else _unequal(names, ours, theirs)
            words.append(f"{'/'.join(str(value) for value in key.values())}: {', '.join(wrong)}")
    fields = ", ".join(table.checked_columns) or "all columns"
    yield check(
        "50 samples",
        expected=min(SAMPLES, moved),
        actual=equal,
        detail="; ".join(words) or f"{equal} rows over {fields}",
    )


def _unequal(names: list[str], ours: Canonical, theirs: Canonical) -> list[str]:
    return [name for name, one, other in zip(names, ours, theirs, strict=True) if one != other]


def _fetch(table: TablePlan, site: VerifySite, key: dict[str, str | None]) -> Canonical | None:
    """The target's row of this primary key; a key with an empty part names none."""
    families = {column.target: column.family for column in table.columns}
    filled = {name: input_text(families[name], value) for name, value in key.items() if value is not None}
    return site.checks.row_by_key(table, filled) if len(filled) == len(key) else None


def _draw(
    table: TablePlan,
    site: VerifySite,
    side: SourceSide,
    aside: dict[int, frozenset[str]],
    *,
    moved: int,
    more: Counter[int],
) -> Iterator[Canonical]:
    """Moved rows at random ordinals, the same for the same run, read chunk by chunk."""
    chooser = random.Random(f"{site.run_id}/{table.number}")  # noqa: S311 - a sample, no secret
    wanted = chooser.sample(range(1, moved + 1), min(SAMPLES, moved))
    first = 1
    for chunk in site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number):
        after = first + chunk.counts.written + more[chunk.number]
        here = {ordinal for ordinal in wanted if first <= ordinal < after}
        if here:
            rows = enumerate(side.rows(chunk, aside.get(chunk.number, frozenset())), start=first)
            yield from (canonical for ordinal, canonical in rows if ordinal in here)
        first = after


def _has_rows_aside(site: VerifySite, key: ForeignKeyPlan) -> bool:
    """Whether parents were set aside, so that their children wait for them."""
    name = key.parent_table if key.parent_schema == "public" else f"{key.parent_schema}.{key.parent_table}"
    progress = site.ledger.chunks.progress(site.run_id, Pass.MOVE)
    return any(p.counts.quarantined for p in progress if p.table.split(" (from ")[0] == name)


def _integrity_checks(table: TablePlan, site: VerifySite) -> Iterator[CheckResult]:
    if table.primary_key:
        yield check(
            "duplicates",
            expected="a primary key stands",
            actual="a primary key stands" if site.checks.has_primary_key(table) else "no primary key",
        )
    for key in table.foreign_keys:
        state = site.checks.constraint(table, key.name)
        waits = state is False and _has_rows_aside(site, key)
        wanted = "validated" if key.is_validated and not waits else "not validated"
        got = "missing" if state is None else "validated" if state else "not validated"
        orphans = site.checks.count_orphans(table, key)
        yield check(
            f"orphans {key.name}", expected=wanted, actual=got, detail=f"{orphans:,} rows without parent"
        )
    required = [c.target for c in table.columns if not c.is_nullable and c.made_by is not MadeBy.CONSTANT]
    if required:
        empty = sum(site.checks.count_nulls(table, name) for name in required)
        yield check("required fields", expected=0, actual=empty, detail=", ".join(required[:10]))

"""All checks of one table, run after its rows are in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.checking.chunk_rows import CheckTask, key_text
from engine.checking.chunk_tasks import Grounds, chunk_tasks, has_filled_key
from engine.checking.compare_chunk import Verdict
from engine.checking.compare_edges import edge_check, source_edges
from engine.checking.compare_rows import Comparison, compare_chunks, verdict_body, verdict_from
from engine.checking.compared_columns import covered, uncovered
from engine.checking.decided_rows import Decided, read_decided
from engine.checking.explain_rows import MOST_DIFFERENCES
from engine.checking.judge import check
from engine.checking.read_merges import Merges, read_merges
from engine.checking.resolve_lookups import resolve_lookups
from engine.hands.pool import Hands
from engine.model.codec import key_from_json
from engine.model.events import CheckResult
from engine.model.plan import ForeignKeyPlan, MadeBy, TablePlan
from engine.model.ports import Source
from engine.model.run import Pass
from engine.stores.ledger import Ledger
from engine.stores.ledger.chunks import WrittenChunk
from engine.stores.target_checks import TargetChecks

__all__ = ["VerifySite", "verify_table"]

_COMPARISON = 2
"""Raised whenever the comparison itself changes: what it said before then holds no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySite:
    """What a verification looks through."""

    run_id: str
    ledger: Ledger
    source: Source
    checks: TargetChecks
    hands: Hands
    """Who compare the chunks."""
    on_chunk: Callable[[], None] = lambda: None


def verify_table(table: TablePlan, site: VerifySite) -> tuple[CheckResult, ...]:
    """Every check of the table with what was expected and found.

    Raises:
        FordwayError: source or target went away; nothing of this table counts as compared.
    """
    whole, table = table, covered(table)
    all_written = site.ledger.chunks.written(site.run_id, table.number)
    written = {chunk.number: chunk for chunk in all_written if not chunk.kind}
    decided = read_decided(table, run_id=site.run_id, ledger=site.ledger, checks=site.checks)
    refused = _set_aside(site, table)
    merges = read_merges(
        table,
        source=site.source,
        checks=site.checks,
        chunks=site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number),
        run_id=site.run_id,
        has_late_rows=bool(decided.late),
    )
    xids = sorted({chunk.xid32 for chunk in all_written if chunk.kind != "placeholder"})
    stretches = site.checks.streams.stretches(table, xids)
    known = site.ledger.checks.known(site.run_id, table.number)
    shape = f"{_COMPARISON}:{site.checks.streams.shape(table)}"

    def still_holds(task: CheckTask) -> Verdict | None:
        """Whoever changes or removes a row takes it out of its transaction's count."""
        xid, rows, body = known.get(task.chunk, (-1, -1, {}))
        is_same = (xid, rows) == (task.xid, sum(stretch.rows for stretch in task.stretches))
        # Columns can be dropped or renamed without a row being touched.
        return verdict_from(body["verdict"]) if is_same and body.get("shape") == shape else None

    def remember(task: CheckTask, verdict: Verdict) -> None:
        if verdict.is_equal and not verdict.sample_words:
            site.ledger.checks.record(
                site.run_id,
                table.number,
                task.chunk,
                xid=task.xid,
                target_rows=verdict.target_rows,
                verdict={"shape": shape, "verdict": verdict_body(verdict)},
            )
        site.on_chunk()

    comparison = compare_chunks(
        chunk_tasks(
            Grounds(
                table=table,
                run_id=site.run_id,
                ledger=site.ledger,
                written=written,
                stretches=stretches,
                left_out=merges.without(refused),
                merges=merges,
                decided=decided,
            )
        ),
        hands=site.hands,
        known=still_holds,
        on_verdict=remember,
    )
    return (
        *_count_checks(table, site, comparison, merges, decided),
        *_sample_checks(table, comparison),
        _digest_check(comparison, written, _footnote(whole, merges, decided)),
        *_edge_checks(table, site, refused),
        *_integrity_checks(whole, site),
    )


def _footnote(table: TablePlan, merges: Merges, decided: Decided) -> str:
    """What the digests say nothing about, and what they take for given."""
    parts = list(decided.words())
    if uncovered(table):
        parts.append(f"columns not covered: {', '.join(uncovered(table))}")
    if merges.overwritten:
        parts.append(f"{merges.overwritten:,} rows overwritten later in the run are compared there")
    return "; ".join(parts)


def _edge_checks(
    table: TablePlan, site: VerifySite, aside: dict[int, frozenset[str]]
) -> Iterator[CheckResult]:
    """A junction table's links, where both ends of each were looked up."""
    if not table.is_junction:
        return
    chunks = site.ledger.chunks.all(site.run_id, Pass.MOVE, table.number)
    lookups = resolve_lookups(table, checks=site.checks, engine=site.source.engine, run_id=site.run_id)
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
            if row["table_number"] == table.number and row["state"] != "replayed":
                key = (
                    row["source_key"]
                    if isinstance(row["source_key"], list)
                    else json.loads(row["source_key"])
                )
                found.setdefault(row["chunk_number"], set()).add(key_text(key_from_json(key) or ()))
    return {number: frozenset(keys) for number, keys in found.items()}


def _count_checks(
    table: TablePlan, site: VerifySite, comparison: Comparison, merges: Merges, decided: Decided
) -> Iterator[CheckResult]:
    progress = site.ledger.chunks.progress_of(site.run_id, Pass.MOVE, table.number)
    counts = progress.counts if progress else None
    now = site.source.count_rows(table.source_table, where="")
    yield check(
        "all rows read",
        expected=table.rows + decided.brought,
        actual=counts.read if counts else 0,
        detail="" if now == table.rows else f"the source has {now:,} rows now",
    )
    accounted = counts.written + counts.quarantined + counts.filtered + counts.merged if counts else 0
    yield check("conservation", expected=counts.read if counts else 0, actual=accounted)
    yield check(
        "count match",
        expected=(counts.written if counts else 0) + merges.more.total(),
        actual=comparison.target_rows,
        detail=_others_rows(table, site, comparison, decided),
    )


def _others_rows(table: TablePlan, site: VerifySite, comparison: Comparison, decided: Decided) -> str:
    """Rows of others in a table the run made: no fault of the move, yet the operator should know."""
    if table.exists_already or table.merged_from:
        return ""
    others = site.checks.count(table) - comparison.target_rows - decided.placeholders
    noun = "row" if others == 1 else "rows"
    return f"{others:,} more {noun}, written or changed by others" if others > 0 else ""


def _digest_check(comparison: Comparison, written: dict[int, WrittenChunk], footnote: str) -> CheckResult:
    if any(not chunk.is_recent for chunk in written.values()):
        return CheckResult(
            name="full digests",
            status="not-run",
            expected="",
            actual="",
            detail="the target was restored from a dump, or over two billion transactions have passed, since"
            " the rows were written",
        )
    words = "; ".join([*(d.sentence() for d in comparison.differences), *([footnote] if footnote else [])])
    return CheckResult(
        name="full digests",
        status="pass" if comparison.is_equal else "fail",
        expected=f"{comparison.source_rows:,} rows {comparison.source_digest[:12]}",
        actual=f"{comparison.target_rows:,} rows {comparison.target_digest[:12]}",
        detail=words if comparison.is_equal else f"{comparison.counters}: {words}",
    )


def _sample_checks(table: TablePlan, comparison: Comparison) -> Iterator[CheckResult]:
    """50 rows drawn from the whole table, each fetched by its key and compared in all columns.

    A table whose key the plan does not fill has no single rows to fetch; its digests cover every row.
    """
    if not has_filled_key(table):
        return
    equal = comparison.samples - len(comparison.sample_words)
    fields = ", ".join(table.checked_columns) or "all columns"
    yield check(
        "50 samples",
        expected=comparison.samples,
        actual=equal,
        detail="; ".join(comparison.sample_words[:MOST_DIFFERENCES]) or f"{equal} rows over {fields}",
    )


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

"""Runs whose batches fail, for tests of what is said of their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.agents.look_ahead import look_ahead
from engine.agents.questions import ask_approval
from engine.hands.kit import HandsSetup, Kit
from engine.model.codec import key_text
from engine.model.events import PlanProposed
from engine.model.faults import OffenceGroup
from engine.model.plan import Plan, TablePlan
from engine.model.remedies import Action, Remedy, Treatment
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import copy_chunk, move_chunk
from engine.moving.encode_rows import RowEncoder
from engine.moving.prepare_target import prepare_table
from engine.moving.row_changes import Aside, Change, RowChanges
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.spec import Playbook
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import Sifted
from engine.stores.dsn import scrub
from engine.stores.target_session import TargetSession
from tests.fix_merging import merging_playbook
from tests.fix_runs import Bench, query

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A run just before its first chunk, and a worker's connections."""

    run_id: str
    epoch: int
    plan: Plan
    kit: Kit
    urls: Mapping[str, str]

    def table(self, name: str = "") -> TablePlan:
        """The plan of a target table; the last one where no name is given."""
        named = [table for table in self.plan.tables if not name or name in (table.name, table.target_name)]
        return named[-1]

    def task(self, table: str = "", chunk: int = 1) -> ChunkTask:
        """One chunk."""
        plan = self.table(table)
        return ChunkTask(
            run_id=self.run_id, epoch=self.epoch, pass_=Pass.MOVE, table=plan, chunk=chunk,
            schema=plan.target_schema,
        )  # fmt: skip

    def sift(self, *remedies: Remedy, table: str = "", chunk: int = 1, is_soft: bool | None = None) -> Sifted:
        """What is said of one chunk."""
        return sift_chunk(
            self.task(table, chunk),
            kit=self.kit,
            plan=self.plan,
            treatment=Treatment(remedies=remedies),
            is_soft=is_soft,
        )

    def move_rest(self, sifted: Sifted, table: str = "", chunk: int = 1) -> int:
        """Rows the chunk writes with its offenders set aside and its values amended."""
        values: dict[str, tuple[Change, ...]] = {}
        for amended in sifted.amendments:
            change = Change(
                column=amended.column, old=amended.old, new=amended.new, action=str(amended.action)
            )
            values[key_text(amended.key)] = (*values.get(key_text(amended.key), ()), change)
        changes = RowChanges(
            aside={
                key_text(offender.key): Aside(
                    kind=str(offender.kind),
                    place=offender.place,
                    value=offender.value,
                    reason=offender.reason,
                )
                for offender in sifted.offenders
            },
            values=values,
        )
        task = self.task(table, chunk)
        source = self.kit.source(task.table.source)
        encoder = RowEncoder(task.table, engine=source.engine, run_time=MOMENT)
        done = copy_chunk(task, source=source, target=self.kit.target, encoder=encoder, changes=changes)
        assert done is not None
        assert done.counts.quarantined == len(sifted.offenders)
        return done.counts.written

    @contextmanager
    def as_role(self, target_url: str) -> Iterator[Failing]:
        """The same run, written by somebody else."""
        kit = Kit(HandsSetup(target_url=target_url, source_urls=self.urls, run_time=MOMENT))
        try:
            yield replace(self, kit=kit)
        finally:
            kit.close()

    def move(self, table: str, chunk: int = 1) -> None:
        """A chunk that goes through."""
        assert move_chunk(self.kit, self.task(table, chunk)) is not None


@contextmanager
def failing(
    bench: Bench,
    sources: Path | str | Mapping[str, Path | str],
    *tables: Mapping[str, Any],
    batch_rows: int = 5_000,
    then: str = "",
) -> Iterator[Failing]:
    """A run of these sources, approved and prepared, with all its chunks cut.

    Args:
        sources: by name; one alone is called ``source``.
        tables: of the playbook; none: every table is copied.
        batch_rows: rows a chunk has.
        then: what somebody does to the target once the plan is approved.
    """
    if not isinstance(sources, Mapping):
        sources = {"source": sources}
    if tables:
        playbook = merging_playbook(bench, sources, [dict(table) for table in tables])
    else:
        playbook = playbook_for_copy(str(next(iter(sources.values()))), bench.target_url)
    defaults = playbook.defaults.model_copy(update={"batch_rows": batch_rows})
    run = _prepared(bench, playbook.model_copy(update={"defaults": defaults}))
    if then:
        query(bench.target_url, then)
    try:
        yield run
    finally:
        run.kit.close()


def _prepared(bench: Bench, playbook: Playbook) -> Failing:
    plan = look_ahead(
        playbook, target_url=bench.target_url, target_label=scrub(bench.target_url),
        source_urls=playbook.sources, on_error="ask",
    )  # fmt: skip
    blocked = [finding.sentence() for finding in plan.to_mend]
    assert not blocked, blocked
    run_id = bench.new_run(playbook)
    bench.ledger.runs.propose(run_id, plan, PlanProposed(plan=plan))
    question = ask_approval(plan, number=0, run_id=run_id)
    bench.ledger.decisions.ask(run_id, question)
    answer = "approve-aside-move" if plan.violations else "approve-move"
    assert "" == bench.ledger.decisions.answer(question.decision_id, answer, who="tester")
    epoch = bench.ledger.leases.take(run_id, owner="test", host="test", pid=1, seconds=60)
    assert epoch is not None
    kit = Kit(HandsSetup(target_url=bench.target_url, source_urls=playbook.sources, run_time=MOMENT))
    target = TargetSession(bench.target_url, purpose="test")
    for table in plan.tables:
        prepare_table(table, run_id=run_id, epoch=epoch, target=target, ledger=bench.ledger)
        spans = kit.source(table.source).cut_ranges(
            table.source_table, key=table.chunk_key, rows=table.batch_rows, where=table.where
        )
        bench.ledger.chunks.record(run_id, Pass.MOVE, table, spans)
    target.close()
    return Failing(run_id=run_id, epoch=epoch, plan=plan, kit=kit, urls=playbook.sources)


def told(sifted: Sifted) -> list[tuple[str, str, int]]:
    """Kind, place and rows of each group."""
    return [(str(group.kind), group.place, group.rows) for group in sifted.diagnosis.groups]


def rows_of(sifted: Sifted) -> list[tuple[tuple[Any, ...], str, str]]:
    """Key, kind and place of every offender."""
    return [(offender.key, str(offender.kind), offender.place) for offender in sifted.offenders]


def group_of(sifted: Sifted, kind: str) -> OffenceGroup:
    """The one group of a kind."""
    (group,) = [group for group in sifted.diagnosis.groups if group.kind == kind]
    return group


def remedy(action: Action, **more: Any) -> Remedy:  # noqa: ANN401 - a remedy's own fields
    """What is done with offending rows."""
    return Remedy(action=action, **more)

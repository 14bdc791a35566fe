"""The brackets run as a script of events, a clock that stands still, and a link that plays it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from engine import guidance
from engine.agents.questions import ask_approval, ask_to_move
from engine.model import events as ev
from engine.model.catalog import Engine, TableClass
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.findings import Finding
from engine.model.plan import (
    ColumnPlan,
    Estimate,
    Family,
    IndexPlan,
    MadeBy,
    Phase,
    Plan,
    Risk,
    SourcePlan,
    TablePlan,
)
from engine.model.roles import Role
from engine.model.run import Counts, Pass, Rehearsal, RunRecord, RunState, Step, Strength, TableOutcome
from engine.model.undo import TableUndoPreview, UndoPreview
from engine.planning.find_risks import judge_again
from engine.planning.undo_words import plan_undo, table_undo
from screens.run_link import AgentHeartbeat, LinkHealth
from tests.unit import plan_facts as facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from screens.run_link import ControlRequest
    from tests.screens.scripted_held import ScriptedHeld

RUN = "7f3a9c21-5d10-4c2e-9a41-0e6b1f4d2c77"
START = datetime(2026, 3, 14, 3, 2, 11, tzinfo=UTC)
TARGET = "fordway_demo on a local socket"
DIGEST = "9d41c7e05b2a88f1c3aa27d5f60e4b1290cc7d3158ab6e44f01d92b7e35c6a08"
BATCHES = ((1, "1-500", 500), (2, "501-1000", 500), (3, "1001-1500", 500), (4, "1501-1569", 69))


class StillClock:
    """Tells one moment; its seconds grow by one each time they are asked for."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.ticks = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        self.ticks += 1.0
        return self.ticks


def found(*, nul_names: int = 0) -> tuple[Finding, ...]:
    """What the engine itself notices about such a source and such a target, in its own words.

    Args:
        nul_names: names that hold a character PostgreSQL can't.
    """
    names = ("name", "type", "notes", "colour", "grade")
    source = facts.table(
        "dispatch_bracket", facts.identity(), facts.column("project_id", "INTEGER"),
        *(facts.column(name) for name in names), rows=1569,
    )  # fmt: skip
    profiles = {profile.column: profile for profile in facts.plain_profiles(source)}
    profiles["grade"] = facts.profile("grade", 1569, nulls=1569)
    profiles["type"] = replace(profiles["type"], empty_texts=31, examples=(("empty", "40"),))
    profiles["name"] = replace(
        profiles["name"], nul_texts=nul_names, examples=(("nul", "977"),), example_key="977"
    )
    types = {"id": "bigint", "name": "text", "type": "text", "project_id": "bigint", "metadata": "jsonb"}
    types |= {"created_at": "timestamptz", "updated_at": "timestamptz", "legacy_id": "bigint"}
    target = facts.table("brackets", *(facts.column(name, kind) for name, kind in types.items()), rows=0)
    columns = {
        "type": {"from": "type", "rule": "empty_to_null"},
        "legacy_id": "id",
        "metadata": {"json": ["notes", "colour"]},
        "created_at": {"generate": "run_time"},
        "updated_at": {"generate": "run_time"},
    }
    return facts.plan(
        facts.catalog(source, name="legacy"),
        facts.empty_target(target),
        profiles={"dispatch_bracket": tuple(profiles.values())},
        sources={"legacy": "legacy.db"},
        tables=[{"from": "dispatch_bracket", "to": "brackets", "columns": columns}],
    ).findings


def a_plan(findings: tuple[Finding, ...] | None = None) -> Plan:
    """The brackets' plan with these findings, or with those of the ordinary source."""

    def made(target: str, kind: str, family: Family, made_by: MadeBy, name: str, *inputs: str) -> ColumnPlan:
        return ColumnPlan(
            target=target,
            target_type=kind,
            family=family,
            made_by=made_by,
            inputs=inputs,
            transformation=name,
            is_nullable=False,
        )

    def copied(target: str, kind: str, family: Family, source: str = "") -> ColumnPlan:
        return ColumnPlan(
            target=target, target_type=kind, family=family, source=source or target, is_nullable=False
        )

    columns = (
        copied("id", "bigint", Family.INTEGER),
        copied("name", "text", Family.TEXT),
        replace(copied("type", "text", Family.TEXT), rules=("empty_to_null",)),
        copied("project_id", "bigint", Family.INTEGER),
        made("created_at", "timestamptz", Family.TIMESTAMPTZ, MadeBy.RUN_TIME, "add_created_at"),
        made("updated_at", "timestamptz", Family.TIMESTAMPTZ, MadeBy.RUN_TIME, "add_updated_at"),
        made("metadata", "jsonb", Family.JSON, MadeBy.JSON_OBJECT, "add_metadata_json", "notes", "colour"),
        replace(copied("legacy_id", "bigint", Family.INTEGER, "id"), transformation="preserve_legacy_id"),
    )
    table = TablePlan(
        number=1,
        phase=1,
        source="legacy",
        source_table="dispatch_bracket",
        target_schema="public",
        target_table="brackets",
        chunk_key=("id",),
        columns=columns,
        rows=1569,
        batch_rows=500,
        table_class=TableClass.CATALOG,
        complexity="low",
        primary_key=("id",),
        keeps_id_map=True,
        exists_already=True,
        target_rows=0,
        identity_column="id",
        sequence_next=1570,
        indexes=(IndexPlan(name="brackets_project_id_idx", columns=("project_id",)),),
        checked_columns=("name", "type", "project_id"),
    )
    table = replace(table, undo=table_undo(table))
    plan = Plan(
        playbook="brackets", title="Brackets into the new system", noun="brackets", target=TARGET,
        target_fingerprint="t1", sources=(SourcePlan(name="legacy", engine=Engine.SQLITE, label="sqlite legacy.db", fingerprint="s1"),),
        tables=(table,), phases=(Phase(number=1, name="brackets_migration", tables=("dispatch_bracket -> brackets",), reason="nothing it depends on is moved later"),),
        findings=found() if findings is None else findings, estimate=Estimate(low_seconds=120, high_seconds=180, basis="1,569 rows, four batches, never measured here"),
        risk=Risk(level="low", reasons=()),
        undo=plan_undo((table,)),
    )  # fmt: skip
    return replace(judge_again(plan), digest=DIGEST)


START_MOVE = replace(
    ask_to_move(
        a_plan(),
        Rehearsal(
            tables=(TableOutcome(table="brackets", planned=1569, counts=Counts(read=1569, written=1569)),)
        ),
        seconds=1.4,
        number=1,
        run_id=RUN,
    ),
    decision_id="d2",
)
FAULT = Decision(
    decision_id="d3", kind=DecisionKind.FAULT, question="23 rows of batch 3 reference projects that are not there",
    situation="Batch 3 of brackets (rows 1001-1500) was taken back as a whole. Batches 1 and 2 are committed: 1,000 rows are safe. Nothing is half-written.",
    options=(
        Option(name="quarantine", key="s", label="Set the 23 rows aside, go on", consequence="477 rows of the batch are written; the 23 are kept whole and can be replayed later.", is_recommended=True),
        Option(name="placeholders", key="c", label="Create placeholder projects", consequence="2 parent rows are made, marked as placeholders; all 500 rows are written."),
        Option(name="retry", key="t", label="Try the batch again", consequence="Same rows, same rules; helps only if the projects have come since."),
        Option(name="parents", key="m", label="Move the missing projects first", consequence="", unavailable="dispatch_project is not part of this plan"),
        Option(name="pause", key="p", label="Pause here", consequence="The run rests at its checkpoint after batch 2; nothing else happens."),
    ),
    safest="pause",
)  # fmt: skip


class Script:
    """Writes journal entries, each a moment after the one before."""

    def __init__(self) -> None:
        self.entries: list[ev.JournalEntry] = []
        self.at = START

    def add(self, *events: ev.Event, after: float = 0.02) -> Script:
        for event in events:
            self.at += timedelta(seconds=after)
            self.entries.append(ev.JournalEntry(number=len(self.entries) + 1, at=self.at, event=event))
        return self

    def state(self, state: RunState, reason: str = "") -> Script:
        return self.add(ev.StateChanged(state=state, reason=reason))

    def say(self, about: str, *lines: str) -> Script:
        return self.add(ev.GuidanceSpoken(about=about, lines=lines))

    def message(self, sender: Role, receiver: Role, text: str, priority: str = "MEDIUM") -> Script:
        number = f"m{len(self.entries) + 1}"
        return self.add(
            ev.MessageSent(
                message_id=number,
                from_agent=sender,
                to_agent=receiver,
                message_type="notice",
                priority=priority,
                text=text,
            )
        )

    def handoff(
        self, number: str, receiver: Role, task: str, state: str, seconds: float | None = None
    ) -> Script:
        return self.add(
            ev.HandoffRecorded(
                handoff_id=number,
                from_agent=Role.ORCHESTRATOR,
                to_agent=receiver,
                task=task,
                state=state,
                seconds=seconds,
            )  # type: ignore[arg-type] # the script names legal states only
        )


def created() -> Script:
    script = Script()
    script.add(
        ev.RunCreated(
            title="Brackets into the new system",
            playbook="brackets",
            sources=("sqlite legacy.db",),
            target=TARGET,
            operator="ana",
        ),
        ev.RunnerStarted(epoch=1, host="console-1", pid=4711),
    )
    return script.state(RunState.RUNNING).add(ev.StepStarted(step=Step.CONNECT))


def connected() -> Script:
    checks = (
        ev.ConnectionCheck(name="target", status="ok", what="PostgreSQL 18.1, UTF8"),
        ev.ConnectionCheck(name="redis", status="ok", what="Redis 6.2.14, noeviction"),
        ev.ConnectionCheck(name="source legacy", status="ok", what="SQLite 3.45, 2 tables, 1.2 MB"),
        ev.ConnectionCheck(name="privileges", status="ok", what="may create, write and drop in public"),
        ev.ConnectionCheck(name="free disk", status="ok", what="41 GB free, 4 MB needed"),
        ev.ConnectionCheck(
            name="clock",
            status="warn",
            what="2.4 s behind the target",
            todo="Set this machine's clock; times in the report follow the target's.",
        ),
    )
    return created().add(
        ev.ConnectionsChecked(checks=checks), ev.StepFinished(step=Step.CONNECT, seconds=0.4), after=0.2
    )


def discovered(plan: Plan | None = None) -> Script:
    plan = plan or a_plan()
    script = connected().add(ev.StepStarted(step=Step.DISCOVER))
    script.handoff("h1", Role.SCHEMA_ANALYSIS, "discover legacy", "accepted")
    script.add(
        ev.AgentChanged(
            role=Role.SCHEMA_ANALYSIS,
            state="busy",
            task="profiling dispatch_bracket",
            next_milestone="findings",
        )
    )
    script.add(
        ev.TableDiscovered(
            source="legacy",
            table="dispatch_bracket",
            rows=1569,
            columns=7,
            indexes=0,
            foreign_keys=0,
            table_class=TableClass.CATALOG,
            complexity="low",
            note="target table brackets is empty",
        ),
        ev.TableDiscovered(
            source="legacy",
            table="dispatch_project",
            rows=64,
            columns=4,
            indexes=0,
            foreign_keys=0,
            table_class=TableClass.CATALOG,
            complexity="low",
            note="not part of this playbook",
        ),
        *(ev.FindingRaised(finding=finding) for finding in plan.findings),
    )
    script.message(
        Role.SCHEMA_ANALYSIS,
        Role.ORCHESTRATOR,
        "dispatch_bracket: 1,569 rows, catalog, target table is empty",
    )
    script.say("discovery", *guidance.explain_discovery(plan))
    script.handoff("h1", Role.SCHEMA_ANALYSIS, "discover legacy", "completed", 1.1)
    return script.add(ev.StepFinished(step=Step.DISCOVER, seconds=1.2))


def planned(plan: Plan | None = None) -> Script:
    plan = plan or a_plan()
    script = discovered(plan).add(ev.StepStarted(step=Step.PLAN))
    script.handoff("h2", Role.PLANNING, "create the migration plan", "completed", 0.2)
    script.add(ev.PlanProposed(plan=plan))
    script.say("plan", *guidance.confirm_plan(plan))
    question = ask_approval(plan, number=1, run_id=RUN)
    script.add(ev.DecisionAsked(decision=replace(question, decision_id="d1")))
    return script.state(RunState.WAITING, "the plan needs your approval")


def asking() -> Script:
    return planned(a_plan(found(nul_names=12)))


def _batches(script: Script, which: Pass, upto: int) -> Script:
    script.add(ev.TableStarted(pass_=which, table="brackets", phase=1, chunks=4, rows=1569))
    for chunk, label, rows in BATCHES[:upto]:
        script.add(
            ev.ChunkCommitted(
                pass_=which,
                table="brackets",
                chunk=chunk,
                label=label,
                counts=Counts(read=rows, written=rows),
                seconds=0.11 if rows == 500 else 0.02,
            ),
            after=0.9,
        )
        if which is Pass.MOVE:
            script.message(
                Role.MIGRATION_EXECUTION,
                Role.ORCHESTRATOR,
                f"brackets batch {chunk} of 4 committed: rows {label}",
            )
    return script


def rehearsing(upto: int = 2) -> Script:
    script = planned().add(
        ev.DecisionAnswered(decision_id="d1", option="approve", by="ana"),
        ev.PlanApproved(digest=DIGEST, by="ana"),
        ev.StepFinished(step=Step.PLAN, seconds=0.3),
    )
    script.state(RunState.RUNNING).add(ev.StepStarted(step=Step.REHEARSE))
    return _batches(script, Pass.REHEARSE, upto)


def outcome(strength: Strength = Strength.NOT_COMPARED) -> tuple[TableOutcome, ...]:
    return (
        TableOutcome(
            table="brackets",
            planned=1569,
            counts=Counts(read=1569, written=1569),
            strength=strength,
            seconds=0.35,
        ),
    )


def rehearsed() -> Script:
    script = rehearsing(4).add(
        ev.RehearsalFinished(tables=outcome(), seconds=1.4), ev.StepFinished(step=Step.REHEARSE, seconds=1.4)
    )
    script.say(
        "rehearsal",
        "The rehearsal wrote all 1,569 brackets and set none aside",
        "The scratch schema is gone again; your tables were not touched.",
    )
    script.add(ev.DecisionAsked(decision=START_MOVE))
    return script.state(RunState.WAITING, "moving for real needs your word")


def moving(upto: int = 2) -> Script:
    script = rehearsed().add(ev.DecisionAnswered(decision_id="d2", option="move", by="ana"))
    script.state(RunState.RUNNING).add(ev.StepStarted(step=Step.MOVE))
    script.handoff("h3", Role.DATA_MAPPING, "prepare bracket transformations", "completed", 0.1)
    script.handoff("h4", Role.MIGRATION_EXECUTION, "move brackets", "accepted")
    script.add(
        ev.AgentChanged(role=Role.SCHEMA_ANALYSIS, state="idle"),
        ev.AgentChanged(
            role=Role.MIGRATION_EXECUTION, state="busy", task="moving brackets", next_milestone="batch 3 of 4"
        ),
        ev.AgentChanged(role=Role.VALIDATION, state="idle", next_milestone="verify brackets"),
    )
    return _batches(script, Pass.MOVE, upto)


def paused() -> Script:
    return (
        moving()
        .add(ev.PauseAsked(by="ana"))
        .state(RunState.PAUSED, "paused after batch 2 of 4, as ana asked")
    )


def faulted() -> Script:
    script = moving().add(
        ev.ChunkRetried(
            pass_=Pass.MOVE,
            table="brackets",
            chunk=3,
            label="1001-1500",
            attempt=2,
            wait_seconds=0.4,
            cause="missing parents",
        )
    )
    return script.add(ev.DecisionAsked(decision=FAULT)).state(
        RunState.WAITING, "batch 3 can't be carried as planned"
    )


def stopped_by_fault() -> Script:
    script = moving().add(
        ev.FaultMet(
            what="Copy of brackets stopped at row 1,001: the target's disk is full",
            where="brackets, batch 3",
            safe="2 batches are committed",
            todo="Free space, then press r to resume",
        )
    )
    return script.state(RunState.PAUSED, "the target's disk is full")


def unbalanced() -> Script:
    lost = ev.ChunkCommitted(
        pass_=Pass.MOVE,
        table="brackets",
        chunk=3,
        label="1001-1500",
        counts=Counts(read=500, written=497, quarantined=1),
        seconds=0.12,
    )
    return moving().add(lost, after=0.9)


def moved() -> Script:
    script = moving(4).add(
        ev.ObjectBuilt(table="brackets", what="index brackets_project_id_idx", seconds=0.02),
        ev.ObjectBuilt(table="brackets", what="foreign key to projects", seconds=0.03),
        ev.ObjectBuilt(table="brackets", what="sequence", seconds=0.01),
        ev.ObjectBuilt(table="brackets", what="statistics", seconds=0.02),
    )
    script.handoff("h4", Role.MIGRATION_EXECUTION, "move brackets", "completed", 4.1)
    return script.add(ev.StepFinished(step=Step.MOVE, seconds=4.2))


def verified() -> Script:
    script = moved().add(ev.StepStarted(step=Step.VERIFY))
    script.handoff("h5", Role.VALIDATION, "validate brackets", "completed", 0.8)
    checks = (
        ev.CheckResult(name="count match", status="pass", expected="1,569", actual="1,569"),
        ev.CheckResult(
            name="50 samples",
            status="pass",
            expected="50 equal",
            actual="50 equal",
            detail="name, type, project_id; drawn from the whole table",
        ),
        ev.CheckResult(name="full digests", status="pass", expected="4 ranges", actual="4 equal"),
        ev.CheckResult(name="orphans", status="pass", expected="0", actual="0"),
        ev.CheckResult(name="duplicates", status="pass", expected="0", actual="0"),
        ev.CheckResult(
            name="legacy report totals",
            status="not-run",
            expected="-",
            actual="-",
            detail="the playbook's check needs a view that is not in the target",
        ),
    )
    script.add(ev.TableVerified(table="brackets", strength=Strength.PROVEN, checks=checks))
    return script.say(
        "verify", "All 1,569 brackets are the same on both sides; one check of the playbook could not run"
    )


def finished() -> Script:
    script = verified().add(ev.StepFinished(step=Step.VERIFY, seconds=0.9), ev.StepStarted(step=Step.FINISH))
    script.add(
        ev.GateChanged(gate="row counts", state="passed", reason="1,569 of 1,569 rows written"),
        ev.GateChanged(gate="digests", state="passed", reason="every row equal on both sides"),
        ev.GateChanged(gate="lead signature", state="open", reason="waits for a lead"),
        ev.AgentChanged(role=Role.MIGRATION_EXECUTION, state="idle"),
    )
    script.say(
        "finish",
        "All 1,569 bracket records are in your new system.",
        "You can now move what depends on them.",
    )
    script.add(ev.StepFinished(step=Step.FINISH, seconds=0.1))
    phases = {"discover": 1.2, "plan": 0.3, "rehearse": 1.4, "move": 4.1, "index": 0.1, "verify": 0.9}
    script.add(
        ev.RunFinished(
            state=RunState.COMPLETE,
            tables=outcome(Strength.PROVEN),
            seconds=8.3,
            phases=phases,
            report="reports/7f3a9c21.html",
        )
    )
    return script.state(RunState.COMPLETE)


def undoing() -> Script:
    script = finished().add(ev.UndoStarted(by="ana"))
    return script.state(RunState.UNDOING)


def undone() -> Script:
    script = undoing().add(
        ev.TableUndone(
            table="brackets",
            removed=1566,
            kept=3,
            kept_keys=("id 12", "id 40", "id 977"),
            dropped=False,
            note="the table was there before and stays",
        ),
        ev.UndoFinished(removed=1566, kept=3, seconds=0.6),
    )
    script.say("undo", "1,566 rows are taken back; 3 were changed by someone since and stay")
    return script.state(RunState.UNDONE)


STAGES: dict[str, Callable[[], Script]] = {
    "created": created, "connected": connected, "discovered": discovered, "planned": planned, "asking": asking,
    "rehearsing": rehearsing, "rehearsed": rehearsed, "moving": moving, "paused": paused,
    "faulted": faulted, "stopped": stopped_by_fault, "unbalanced": unbalanced, "moved": moved,
    "verified": verified, "finished": finished, "undoing": undoing, "undone": undone,
}  # fmt: skip


class ScriptedLink:
    """Our own port, played from a script; remembers what was asked of it."""

    run_id = RUN

    def __init__(self, script: Script) -> None:
        self.entries = list(script.entries)
        self.asked: list[object] = []
        self.held = self._no_rows()
        self.refusal = ""
        self.fault: Exception | None = None
        self.is_closed = False

    def _no_rows(self) -> ScriptedHeld:
        from tests.screens.scripted_held import ScriptedHeld

        return ScriptedHeld(self.asked)

    def push(self, script: Script) -> None:
        """Plays on: the script must begin as the one before."""
        self.entries = list(script.entries)

    def record(self) -> RunRecord:
        raise NotImplementedError

    def entries_after(self, number: int, *, limit: int) -> Sequence[ev.JournalEntry]:
        if self.fault is not None:
            raise self.fault
        return self.entries[number : number + limit]

    def answer(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        with_it = [part for part in ("every" if for_every else "", value) if part]
        self.asked.append((decision_id, option, *with_it))
        return self.refusal

    def ask(self, request: ControlRequest) -> str:
        self.asked.append(request)
        return self.refusal

    def heartbeats(self) -> Sequence[AgentHeartbeat]:
        def beat(
            role: Role,
            state: str = "idle",
            task: str = "",
            done: int = 0,
            total: int | None = None,
            age: float = 1.2,
            milestone: str = "",
        ) -> AgentHeartbeat:
            return AgentHeartbeat(
                role=role,
                state=state,
                task=task,
                done=done,
                total=total,
                blockers=(),
                next_milestone=milestone,
                age_seconds=age,
            )

        return (
            beat(Role.ORCHESTRATOR, "busy", "step move", 4, 7, 0.4, "verify"),
            beat(Role.USER_GUIDANCE),
            beat(Role.SCHEMA_ANALYSIS),
            beat(Role.PLANNING, age=31.0),
            beat(Role.DATA_MAPPING),
            beat(Role.MIGRATION_EXECUTION, "busy", "moving brackets", 1000, 1569, 0.2, "batch 3 of 4"),
            beat(Role.VALIDATION, "blocked", "verify brackets", milestone="after the rows"),
        )

    def health(self) -> LinkHealth:
        return LinkHealth(
            ledger="up",
            bus="down",
            runner="alive",
            lease_age_seconds=1.1,
            checked_at=START + timedelta(seconds=6),
        )

    def preview_undo(self) -> UndoPreview:
        self.asked.append("preview")
        table = TableUndoPreview(
            table="brackets",
            written=1569,
            removable=1566,
            kept=3,
            kept_keys=("id 12", "id 40", "id 977"),
            foreign=0,
            drops_table=False,
        )
        return UndoPreview(run_id=RUN, target_name="fordway_demo", tables=(table,))

    def confirm_undo(self, typed: str) -> str:
        self.asked.append(("undo", typed))
        return self.refusal

    def close(self) -> None:
        self.is_closed = True

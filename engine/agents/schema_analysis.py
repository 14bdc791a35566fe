"""schema-analysis: looks at servers, sources and target before anything is planned."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from engine.agents.agent import Task
from engine.agents.context import Discovery, RunContext
from engine.agents.diagnosing import diagnose_batch
from engine.agents.look_ahead import plan_from, read_everything
from engine.bus.redis_facts import read_redis_facts
from engine.guidance.fault_catalogue import FAULTS, Handling
from engine.guidance.words import count_of
from engine.model.connection import ConnectionCheck
from engine.model.errors import CannotConnect, FordwayError
from engine.model.events import ConnectionsChecked, FaultTold, FindingRaised, LookedAgain, TableDiscovered
from engine.model.plan import Plan
from engine.model.roles import Role
from engine.planning.classify import classify
from engine.planning.judge_connection import judge_failure, judge_redis, judge_source, judge_target
from engine.recovering.look_again import look_at_target
from engine.stores.source_facts import read_source_facts
from engine.stores.target_facts import read_target_facts
from engine.stores.target_session import TargetSession

__all__ = ["TASKS", "discover_again", "plan_now"]


def check_connections(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Target, Redis and every source were asked; the journal holds what they said.

    Raises:
        CannotConnect: something a run can't do without does not answer.
    """
    checks: list[ConnectionCheck] = []
    errors: list[FordwayError] = []

    def look(name: str, ask: Callable[[], list[ConnectionCheck]]) -> None:
        # The target holds the ledger, so it has answered; a source may never have been there.
        try:
            checks.extend(context.patiently(ask, has_answered=name == "target"))
        except FordwayError as error:
            errors.append(error)
            checks.append(judge_failure(name, error))

    look("target", lambda: judge_target(read_target_facts(context.target_url, now=time.time)))
    look("redis", lambda: judge_redis(read_redis_facts(context.redis_url, now=time.monotonic)))
    for name, url in context.source_urls.items():
        look(f"source {name}", lambda url=url: judge_source(read_source_facts(url)))  # type: ignore[misc]
    context.emit(ConnectionsChecked(checks=tuple(checks)))
    for check in checks:
        if check.fault and check.fault in FAULTS and FAULTS[check.fault].handling is Handling.TOLD:
            context.emit(_told(check))
    # Redis only wakes and informs: a run goes on without it, more slowly.
    fatal = [error for error in errors if error.where != "bus" and "redis" not in error.where]
    if fatal:
        raise fatal[0]
    failed = [check for check in checks if check.status == "fail" and not check.name.startswith("redis")]
    if failed:
        first = failed[0]
        raise CannotConnect(
            f"{first.name}: {first.what}",
            safe="Nothing was changed",
            todo=first.todo,
            facts={"fault": first.fault},
        )
    return {"checks": len(checks), "failed": 0}


def _told(check: ConnectionCheck) -> FaultTold:
    fault = FAULTS[check.fault]
    return FaultTold(
        code=fault.code, what=f"{check.name}: {check.what}. {fault.impact}", safe=fault.safe, todo=check.todo
    )


def discover(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Every source table was counted, profiled and classed; findings are in the journal."""
    discovery = _read(context)
    context.discovery = discovery
    for name, catalog in discovery.catalogs.items():
        for table in catalog.tables:
            verdict = classify(table, catalog)
            context.emit(
                TableDiscovered(
                    source=name,
                    table=table.name,
                    rows=table.row_count,
                    columns=len(table.columns),
                    indexes=len(table.indexes),
                    foreign_keys=len(table.foreign_keys),
                    table_class=verdict.table_class,
                    complexity=verdict.complexity,
                    note=_note(context, discovery, table.name),
                )
            )
    plan = plan_now(context, discovery)
    for finding in plan.findings:
        context.emit(FindingRaised(finding=finding))
    return {"tables": sum(len(c.tables) for c in discovery.catalogs.values()), "findings": len(plan.findings)}


def _note(context: RunContext, discovery: Discovery, table: str) -> str:
    """What is known of the target table this one goes to."""
    for spec in context.playbook.tables:
        if spec.from_.rsplit(".", 1)[-1] == table:
            found = discovery.target.table(spec.to or table)
            if found is not None:
                state = "is empty" if found.row_count == 0 else f"holds {count_of(found.row_count, 'rows')}"
                return f"target table {found.name} {state}"
    return ""


def _read(context: RunContext) -> Discovery:
    return context.patiently(
        lambda: read_everything(
            context.playbook, source_urls=context.source_urls, target_url=context.target_url
        )
    )


def plan_now(context: RunContext, discovery: Discovery) -> Plan:
    """The sealed plan these facts lead to."""
    return context.patiently(
        lambda: plan_from(
            context.playbook,
            discovery,
            target_url=context.target_url,
            target_label=context.target_label,
            on_error=context.settings.on_error,
            is_yes=context.settings.assume_yes,
        )
    )


def discover_again(context: RunContext) -> Discovery:
    """The facts of this process, read now if they have not been."""
    with context.guard:
        if context.discovery is None:
            context.discovery = _read(context)
        return context.discovery


def recheck_target(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """The target was held against the plan once more; the journal says what came of it."""
    began = time.monotonic()
    target = TargetSession(context.target_url, purpose="schema-analysis")
    try:
        findings = context.patiently(
            lambda: look_at_target(
                context.plan(),
                int(facts.get("table", 0)),
                run_id=context.run_id,
                target=target,
                ledger=context.ledger,
            )
        )
    finally:
        target.close()
    event = LookedAgain(
        role=Role.SCHEMA_ANALYSIS,
        what="the target",
        is_well=not findings,
        findings=findings,
        seconds=time.monotonic() - began,
    )
    context.emit(event)
    return {"findings": list(findings)}


TASKS = {
    "check-connections": Task(
        handler=check_connections, words="asking target, Redis and sources", milestone="discovery"
    ),
    "recheck-target": Task(
        handler=recheck_target, words="looking at the target again", milestone="one more try"
    ),
    "diagnose": Task(
        handler=diagnose_batch, words="looking through every row of a batch", milestone="a decision"
    ),
    "discover": Task(handler=discover, words="reading every table of the sources", milestone="plan"),
}

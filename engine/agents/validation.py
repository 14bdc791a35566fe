"""validation: compares source and target, and opens or closes the gates by what it counted."""

from __future__ import annotations

from typing import Any

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.look_ahead import fingerprinted_tables
from engine.checking.judge import check, gate_of, strength_of
from engine.checking.verify_table import VerifySite, verify_table
from engine.hands.kit import HandsSetup
from engine.hands.pool import Hands, hands_that_suit
from engine.model.events import CheckResult, GateChanged, TableVerified
from engine.model.plan import Plan
from engine.model.run import Pass, Strength
from engine.stores.open_source import SourceShelf
from engine.stores.target_checks import TargetChecks

__all__ = ["TASKS"]


def verify(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Every table was compared as strongly as it can be, and the gates say what came of it.

    Raises:
        FordwayError: source or target went away; what was not compared stays not compared.
    """
    plan = context.plan()
    checks = TargetChecks(context.target_url)
    shelf = SourceShelf(context.source_urls)
    strengths: dict[str, str] = {}
    setup = HandsSetup(
        target_url=context.target_url,
        source_urls=context.source_urls,
        run_time=context.run_time(),
        snapshots=shelf.snapshots(),
    )
    hands = Hands(setup, workers=max(context.settings.workers, hands_that_suit(plan.rows, spare=0)))
    try:
        for table in plan.tables:
            site = VerifySite(
                run_id=context.run_id,
                ledger=context.ledger,
                source=shelf.get(table.source),
                checks=checks,
                hands=hands,
            )
            results = verify_table(table, site)
            strength = strength_of(results)
            strengths[table.name] = strength
            context.emit(TableVerified(table=table.name, strength=strength, checks=results))
            _set_gate(context, f"verified {table.name}", results)
        _ask_playbook(context, plan, checks)
        _check_sources(context, plan, shelf)
    finally:
        hands.close()
        shelf.close()
        checks.close()
    _set_gate(context, "conservation", _conservation(context, plan))
    proven = sum(strength == Strength.PROVEN for strength in strengths.values())
    return {"strengths": strengths, "tables": len(plan.tables), "proven": proven}


def _ask_playbook(context: RunContext, plan: Plan, checks: TargetChecks) -> None:
    """The playbook's own checks, each a gate."""
    if not plan.checks:
        return
    schema = plan.tables[0].target_schema if plan.tables else "public"
    results = tuple(
        check(item.name, expected=item.expect, actual=checks.ask(item.sql, schema=schema))
        for item in plan.checks
    )
    _set_gate(context, "playbook checks", results)


def _check_sources(context: RunContext, plan: Plan, shelf: SourceShelf) -> None:
    """Each source is as it was when the plan was made.

    A source written to while its rows moved may have been read in two states, and what came of
    that would be proven against the second: it is told, and a person decides.
    """
    results = []
    for source in plan.sources:
        opened = shelf.get(source.name)
        catalog = opened.read_catalog()
        names = fingerprinted_tables(context.playbook, source.name, catalog)
        now = opened.fingerprint([name for name in names if catalog.table(name) is not None])
        is_same = now == source.fingerprint
        results.append(
            check(
                f"{source.name} stood still",
                expected="as planned",
                actual="as planned" if is_same else "written to since the plan was made",
            )
        )
    _set_gate(context, "sources stood still", tuple(results))


def _conservation(context: RunContext, plan: Plan) -> tuple[CheckResult, ...]:
    """No table was skipped, no chunk left, and every row read is accounted for."""
    found = {p.table_number: p for p in context.ledger.chunks.progress(context.run_id, Pass.MOVE)}
    results = []
    for table in plan.tables:
        progress = found.get(table.number)
        read = progress.counts.read if progress else 0
        is_even = progress is None or (progress.counts.balances and progress.committed == progress.chunks)
        results.append(check(f"{table.name} read", expected=table.rows, actual=read))
        results.append(check(f"{table.name} balances", expected="yes", actual="yes" if is_even else "no"))
    return tuple(results)


def _set_gate(context: RunContext, gate: str, results: tuple[CheckResult, ...]) -> None:
    state, reason = gate_of(results)
    event = GateChanged(gate=gate, state="passed" if state == "passed" else "failed", reason=reason)
    context.ledger.runs.set_gate(context.run_id, event)


TASKS = {
    "verify": Task(handler=verify, words="comparing source and target row by row", milestone="gates signed")
}

"""validation: compares source and target, and opens or closes the gates by what it counted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.look_ahead import fingerprinted_tables
from engine.checking.judge import check, gate_of, strength_of
from engine.checking.verify_table import VerifySite, verify_table
from engine.hands.kit import HandsSetup
from engine.hands.pool import Hands, hands_that_suit
from engine.model.errors import CannotConnect, ConnectionCut
from engine.model.events import CheckResult, GateChanged, LookedAgain, TableVerified
from engine.model.plan import Plan, TablePlan
from engine.model.roles import Role
from engine.model.run import Pass, Strength
from engine.moving.try_again import try_again
from engine.recovering.look_again import look_at_rows
from engine.recovering.look_at_links import LinksSeen, look_at_links
from engine.stores.open_source import SourceShelf
from engine.stores.target_checks import TargetChecks

__all__ = ["TASKS"]

_Found = TypeVar("_Found")


def verify(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Every table was compared as strongly as it can be, and the gates say what came of it.

    Raises:
        FordwayError: source or target stayed away; what was not compared stays not compared.
    """
    plan = context.plan()
    sides = _BothSides(context)
    strengths: dict[str, str] = {}
    try:
        for table in plan.tables:
            results = sides.look(partial(_verify_table, context, table))
            strength = strength_of(results)
            strengths[table.name] = strength
            context.emit(TableVerified(table=table.name, strength=strength, checks=results))
            _set_gate(context, f"verified {table.name}", results)
        sides.look(lambda opened: _ask_playbook(context, plan, opened.checks))
        sides.look(lambda opened: _check_sources(context, plan, opened.shelf))
    finally:
        sides.close()
    _set_gate(context, "conservation", _conservation(context, plan))
    proven = sum(strength == Strength.PROVEN for strength in strengths.values())
    return {"strengths": strengths, "tables": len(plan.tables), "proven": proven}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What both sides are looked at through."""

    checks: TargetChecks
    shelf: SourceShelf
    hands: Hands


class _BothSides:
    """Source and target, opened anew when a server went away: looking may run twice."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._opened: _Opened | None = None

    def look(self, work: Callable[[_Opened], _Found]) -> _Found:
        """What ``work`` found.

        Raises:
            FordwayError: a server stayed away.
        """
        context = self._context

        def once() -> _Found:
            try:
                self._opened = self._opened or _open(context)
                return work(self._opened)
            except (ConnectionCut, CannotConnect):
                self.close()
                raise

        return try_again(once, wait_until_back=lambda: context.ledger.runs.read(context.run_id))

    def close(self) -> None:
        """Every connection and every worker is gone."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.hands.close()
            opened.shelf.close()
            opened.checks.close()


def _open(context: RunContext) -> _Opened:
    shelf = SourceShelf(context.source_urls)
    try:
        setup = HandsSetup(
            target_url=context.target_url,
            source_urls=context.source_urls,
            run_time=context.run_time(),
            snapshots=shelf.snapshots(),
        )
        checks = TargetChecks(context.target_url)
    except BaseException:
        shelf.close()
        raise
    # Comparing is work for the processor: here the runner itself has nothing else to do.
    workers = context.settings.workers or hands_that_suit(context.plan().rows, spare=0)
    return _Opened(checks=checks, shelf=shelf, hands=Hands(setup, workers=workers, is_helping=True))


def _verify_table(context: RunContext, table: TablePlan, opened: _Opened) -> tuple[CheckResult, ...]:
    site = VerifySite(
        run_id=context.run_id,
        ledger=context.ledger,
        source=opened.shelf.get(table.source),
        checks=opened.checks,
        hands=opened.hands,
    )
    return verify_table(table, site)


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
    brought: Counter[int] = Counter()
    for late in context.ledger.chunks.late(context.run_id):
        brought[late.table_number] += late.rows
    results = []
    for table in plan.tables:
        progress = found.get(table.number)
        read = progress.counts.read if progress else 0
        is_even = progress is None or (progress.counts.balances and progress.is_over)
        expected = table.rows + brought[table.number]
        results.append(check(f"{table.name} read", expected=expected, actual=read))
        results.append(check(f"{table.name} balances", expected="yes", actual="yes" if is_even else "no"))
    return tuple(results)


def _set_gate(context: RunContext, gate: str, results: tuple[CheckResult, ...]) -> None:
    state, reason = gate_of(results)
    event = GateChanged(gate=gate, state="passed" if state == "passed" else "failed", reason=reason)
    context.ledger.runs.set_gate(context.run_id, event)


def recheck_rows(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """The rows committed so far were looked for once more; the journal says what came of it."""
    began = time.monotonic()

    def look() -> tuple[str, ...]:
        checks = TargetChecks(context.target_url)
        try:
            return look_at_rows(
                context.plan(),
                int(facts.get("table", 0)),
                run_id=context.run_id,
                checks=checks,
                ledger=context.ledger,
            )
        finally:
            checks.close()

    findings = context.patiently(look)
    event = LookedAgain(
        role=Role.VALIDATION,
        what="the rows written so far",
        is_well=not findings,
        findings=findings,
        seconds=time.monotonic() - began,
    )
    context.emit(event)
    return {"findings": list(findings)}


def check_links(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """The run's rows of every table that parents were brought into, or for, were asked for theirs.

    The journal says what was looked at and what came of it, also where there was nothing to look at;
    ``orphans`` are the connections with rows that find no parent, in words.

    Raises:
        FordwayError: the target stayed away.
    """
    began = time.monotonic()

    def look() -> LinksSeen:
        checks = TargetChecks(context.target_url)
        try:
            return look_at_links(context.plan(), run_id=context.run_id, checks=checks, ledger=context.ledger)
        finally:
            checks.close()

    seen = context.patiently(look)
    event = LookedAgain(
        role=Role.VALIDATION,
        what=seen.words,
        is_well=bool(seen.connections) and not seen.findings,
        findings=seen.findings if seen.connections else ("not looked at, for there are none",),
        seconds=time.monotonic() - began,
    )
    context.emit(event)
    return {"orphans": list(seen.findings)}


TASKS = {
    "check-links": Task(
        handler=check_links, words="checking that every parent is there", milestone="the batch again"
    ),
    "recheck-rows": Task(handler=recheck_rows, words="looking at the rows again", milestone="one more try"),
    "verify": Task(handler=verify, words="comparing source and target row by row", milestone="gates signed"),
}

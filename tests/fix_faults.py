"""Faults of rows, met for real: a run that stops at one, its question, and what an answer led to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.model.decisions import Decision, Option
from engine.model.faults import Diagnosis
from engine.model.held import HeldChoice
from engine.playbooks.spec import Playbook
from engine.stores.ledger.decisions import Said, StoredDecision
from tests.fix_merging import Tables, merging_playbook
from tests.fix_runs import Bench, query, value


@dataclass(slots=True, kw_only=True)
class Met:
    """A run that met a fault and asks about it."""

    bench: Bench
    run_id: str
    sources: Mapping[str, str]
    answers: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """The run's state, with its reason where it rests."""
        record = self.bench.ledger.runs.read(self.run_id)
        return str(record.state)

    @property
    def decision(self) -> Decision:
        """The open question."""
        found = self.bench.ledger.decisions.open_one(self.run_id)
        assert found is not None, self.bench.ledger.runs.read(self.run_id).reason
        return found

    def events(self, kind: str) -> list[Any]:
        """The run's events of one kind, in order."""
        return [entry.event for entry in self.bench.ledger.journal.of_kind(self.run_id, kind)]

    @property
    def retried(self) -> list[str]:
        """The catalogue's code of every try again of a batch."""
        return [event.fault for event in self.events("chunk_retried")]

    @property
    def faults(self) -> list[str]:
        """The catalogue's code of every fault that a batch or step was given up for."""
        return [event.code for event in self.events("fault_met")]

    @property
    def told(self) -> list[str]:
        """The catalogue's code of every fault that nobody has to decide about."""
        return [event.code for event in self.events("fault_told")]

    @property
    def diagnosis(self) -> Diagnosis:
        """What was found of the batch, the last time it was looked through."""
        events = [e.event for e in self.bench.ledger.journal.of_kind(self.run_id, "fault_diagnosed")]
        assert events, (self.bench.ledger.runs.read(self.run_id).reason, self.decision.situation)
        return events[-1].diagnosis  # type: ignore[union-attr]  # of that kind

    @property
    def open_options(self) -> list[str]:
        """Names of the options that can be taken."""
        return [option.name for option in self.decision.options if not option.unavailable]

    def option(self, name: str) -> Option:
        """One of the open question's options."""
        found = self.decision.option(name)
        assert found is not None, f"{name} is not offered"
        return found

    def choose(self, option: str, **said: Any) -> StoredDecision:  # noqa: ANN401 - what goes with an answer
        """The question with its answer and what came of it, once a runner went as far as it could."""
        decision = self.decision
        refused = self.bench.ledger.decisions.answer(
            decision.decision_id, option, who="tester", said=Said(**said)
        )
        assert "" == refused, f"{decision.headline or decision.situation}: {refused}"
        self.answers.append(option)
        self.go_on()
        stored = self.bench.ledger.decisions.read(decision.decision_id)
        assert stored is not None
        return stored

    def go_on(self) -> None:
        """A runner takes the run as far as it can go."""
        self.bench.work(self.run_id, self.sources)

    def replay(self, numbers: Sequence[int]) -> None:
        """A runner writes these rows of the quarantine, as far as they can be written."""
        asyncio.run(
            self.bench.runner(self.run_id, self.sources, replay=HeldChoice(numbers=tuple(numbers))).run()
        )

    def counts(self) -> dict[str, tuple[int, int, int, int, int]]:
        """Read, written, quarantined, filtered and merged rows by table."""
        rows = query(
            self.bench.target_url,
            "select target_table, rows_read, rows_written, rows_quarantined, rows_filtered, rows_merged"
            " from fordway.table_progress where run_id = %s and pass = 'move' order by table_number",
            [self.run_id],
        )
        return {table: tuple(map(int, counts)) for table, *counts in rows}  # type: ignore[misc]  # five

    def held(self, column: str = "source_key") -> list[Any]:
        """One column of the rows set aside and still open, in order."""
        return [
            found
            for (found,) in query(
                self.bench.target_url,
                f"select {column} from fordway.quarantine where run_id = %s and pass = 'move'"
                " and state = 'open' order by quarantine_id",
                [self.run_id],
            )
        ]

    def differences(self) -> list[tuple[str, str, str]]:
        """Table, check and detail of every check that failed, ever."""
        return [
            (event.table, check.name, check.detail)
            for entry in self.bench.ledger.journal.of_kind(self.run_id, "table_verified")
            for event in [entry.event]
            for check in event.checks  # type: ignore[union-attr]  # of that kind
            if check.status != "pass"
        ]

    def balances(self) -> bool:
        """Whether every row read is accounted for, in every batch."""
        return bool(
            value(
                self.bench.target_url,
                "select bool_and(rows_read = rows_written + rows_quarantined + rows_filtered + rows_merged)"
                " from fordway.chunk where run_id = %s",
                [self.run_id],
            )
        )


def brought(met: Met) -> tuple[int, int]:
    """Rows that moving the missing parents first foretold, and rows it brought in."""
    foretold = met.option("parents").effect
    stored = met.choose("parents")
    assert foretold is not None
    assert stored.outcome is not None
    assert "done" == stored.outcome["state"], stored.outcome
    return foretold.brought, stored.outcome["actual"]["brought"]


def meet(
    bench: Bench,
    sources: Mapping[str, Path | str],
    tables: Tables,
    *,
    target: str = "",
    defaults: Mapping[str, Any] | None = None,
    checks: Tables | None = None,
    **settings: bool | str | float,
) -> Met:
    """A run of these tables that went as far as it could; arguments as of ``prepare``."""
    met = prepare(bench, sources, tables, target=target, defaults=defaults, checks=checks, **settings)
    met.go_on()
    return met


def prepare(
    bench: Bench,
    sources: Mapping[str, Path | str],
    tables: Tables,
    *,
    target: str = "",
    defaults: Mapping[str, Any] | None = None,
    checks: Tables | None = None,
    **settings: bool | str | float,
) -> Met:
    """A run of these tables that nobody works on yet.

    Args:
        bench: the engine.
        sources: by name.
        tables: as a playbook lists them.
        target: SQL that makes what the target holds before.
        defaults: of the playbook.
        checks: of the playbook, as it lists them.
        settings: of the run.
    """
    if target:
        query(bench.target_url, target)
    playbook = merging_playbook(bench, sources, tables)
    if defaults:
        changed = playbook.defaults.model_copy(update=dict(defaults))
        playbook = playbook.model_copy(update={"defaults": changed})
    if checks:
        playbook = Playbook.model_validate(
            {**playbook.model_dump(by_alias=True, exclude_unset=True), "checks": checks}
        )
    run_id = bench.new_run(playbook, **settings)  # type: ignore[arg-type]  # by name
    return Met(bench=bench, run_id=run_id, sources=dict(playbook.sources))

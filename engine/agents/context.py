"""What every agent of a run shares: the run, its ledger, its wire and its settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from engine.bus.office import Office
from engine.model import errors
from engine.model.catalog import Catalog, ColumnProfile
from engine.model.errors import BadInput, FordwayError
from engine.model.events import Event
from engine.model.findings import Finding
from engine.model.plan import Plan
from engine.model.run_settings import RunSettings
from engine.moving.run_table import Control
from engine.moving.try_again import try_again
from engine.planning.find_collisions import Collisions
from engine.planning.resolve_tables import Misfits
from engine.playbooks.spec import Playbook
from engine.stores.ledger import Ledger

__all__ = ["Discovery", "RunContext"]

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Everything read from sources and target before planning."""

    catalogs: Mapping[str, Catalog]
    profiles: Mapping[tuple[str, str], tuple[ColumnProfile, ...]]
    orphans: Mapping[tuple[str, str, str], int]
    fingerprints: Mapping[str, str]
    target: Catalog
    collisions: Mapping[str, Collisions] = field(default_factory=dict)
    """Ids that would come twice, by target table, where sources merge."""
    misfits: Mapping[tuple[str, str], Mapping[str, Misfits]] = field(default_factory=dict)
    """Values the move would refuse, by source and table, then by target column."""
    refused_filters: tuple[Finding, ...] = ()
    """Filters of the playbook that their source does not take."""


@dataclass(kw_only=True)
class RunContext:
    """One run in one process. Handlers run in threads; what they share is guarded or read-only."""

    run_id: str
    epoch: int
    playbook: Playbook
    settings: RunSettings
    ledger: Ledger
    office: Office
    target_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    source_urls: dict[str, str] = field(repr=False)
    target_label: str
    where: tuple[str, int]
    """Host and pid."""
    report_folder: str = ""
    """Where the report is written; empty writes none."""
    control: Control = field(default_factory=Control)
    discovery: Discovery | None = None
    guard: threading.Lock = field(default_factory=threading.Lock)

    def emit(self, event: Event) -> None:
        """The event is in the journal."""
        self.ledger.journal.record(self.run_id, event)

    def patiently(self, work: Callable[[], _Found], *, has_answered: bool = True) -> _Found:
        """What ``work`` came to, tried again when a server went away meanwhile.

        Args:
            work: only looks, or changes nothing the second time, so it may run twice.
            has_answered: whether the servers it asks have answered this run before.

        Raises:
            FordwayError: it still failed after three tries more.
        """
        return try_again(
            work, wait_until_back=lambda: self.ledger.runs.read(self.run_id), has_answered=has_answered
        )

    def plan(self) -> Plan:
        """The proposed plan.

        Raises:
            BadInput: there is none yet.
        """
        plan = self.ledger.runs.plan(self.run_id).plan
        if plan is None:
            raise BadInput("This run has no plan yet", todo="Let it discover its sources first")
        return plan

    def run_time(self) -> datetime:
        """The moment of the approval; every RUN_TIME column of the run holds it."""
        moment = self.ledger.runs.approved_at(self.run_id)
        if moment is None:
            raise BadInput("This run's plan was never approved")
        return moment


def error_to_json(error: FordwayError) -> dict[str, Any]:
    """An error as a handoff records it."""
    return {
        "kind": type(error).__name__,
        "what": error.what,
        "where": error.where,
        "safe": error.safe,
        "todo": error.todo,
        "sqlstate": error.sqlstate,
        "facts": error.facts,
    }


def error_from_json(body: Mapping[str, Any]) -> FordwayError:
    """The error a handoff recorded, of its own class again."""
    kind = getattr(errors, body.get("kind", ""), FordwayError)
    if not (isinstance(kind, type) and issubclass(kind, FordwayError)):
        kind = FordwayError
    return kind(
        body.get("what", "The work failed"),
        where=body.get("where", ""),
        safe=body.get("safe", ""),
        todo=body.get("todo", ""),
        sqlstate=body.get("sqlstate", ""),
        facts=body.get("facts") or {},
    )

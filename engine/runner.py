"""One run in one process: lease, agents, wire, lifecycle. What every way of running calls."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from engine.agents import (
    data_mapping,
    migration_execution,
    planning,
    schema_analysis,
    user_guidance,
    validation,
)
from engine.agents.agent import Agent, Task
from engine.agents.attendance import Attendance
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.orchestrator import Orchestrator
from engine.agents.patience import Patience
from engine.bus.office import Office
from engine.bus.streams import Streams
from engine.drilling.clear_drills import clear_drills
from engine.model.errors import FordwayError, LeaseLost, ServerBusy
from engine.model.events import AgentChanged
from engine.model.held import HeldChoice
from engine.model.roles import Role
from engine.model.run import RunState, Step
from engine.model.run_settings import RunSettings
from engine.model.undo import Part
from engine.moving.run_table import Control
from engine.moving.scratch import clear_scratch
from engine.playbooks.spec import Playbook
from engine.stores.ledger import Ledger

__all__ = ["Runner", "RunnerOptions"]

_TASKS: dict[Role, dict[str, Task]] = {
    Role.SCHEMA_ANALYSIS: schema_analysis.TASKS,
    Role.PLANNING: planning.TASKS,
    Role.DATA_MAPPING: data_mapping.TASKS,
    Role.MIGRATION_EXECUTION: migration_execution.TASKS,
    Role.VALIDATION: validation.TASKS,
    Role.USER_GUIDANCE: user_guidance.TASKS,
}
_SAME_START_SECONDS = 2.0
"""Two processes of one pid started within this time are taken for the same one; the safe error."""
_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerOptions:
    """Where a runner works and how patient it is."""

    run_id: str
    target_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    source_urls: dict[str, str] = field(repr=False)
    target_label: str
    namespace: str = "fordway"
    lease_seconds: float = 15.0
    wait_seconds: float = 300.0
    """How long an open question keeps this process waiting; 0 leaves at once."""
    is_undo: bool = False
    """Take the run back instead of going on with it."""
    undo_part: Part | None = None
    """Take only this part of it back."""
    replay: HeldChoice | None = None
    """Write only these rows of the quarantine, and leave the run in its state."""
    asked_by: str = "operator"
    """Who asked for the replay."""
    report_folder: str = ""
    """Where the report is written at the end; empty writes none."""


class Runner:
    """Owns a run by its lease for as long as ``run`` takes."""

    def __init__(self, options: RunnerOptions, *, ledger: Ledger) -> None:
        """Takes nothing yet."""
        self._options = options
        self._ledger = ledger
        self._host = socket.gethostname()
        self._pid = os.getpid()
        started = psutil.Process().create_time()
        self.owner = f"{self._host}:{self._pid}:{started:.2f}:{secrets.token_hex(4)}"
        self._control = Control()
        self._patience: Patience | None = None
        self._pulse = ledger

    def ask(self, request: str, who: str) -> None:
        """Asks the run for something from this process, such as from a signal handler."""
        if self._patience is not None:
            self._patience.ask(request, who)
        else:
            self._control.ask_stop()

    def take_lease(self, run_id: str = "") -> int:
        """The epoch under which this process owns the run, or the one of that id.

        Raises:
            ServerBusy: another living runner owns it.
        """
        options, run_id = self._options, run_id or self._options.run_id
        held = self._ledger.leases.read(run_id)
        dead_owner = held.owner if held is not None and self._is_dead(held.owner, held.host, held.pid) else ""
        epoch = self._ledger.leases.take(
            run_id,
            owner=self.owner,
            host=self._host,
            pid=self._pid,
            seconds=options.lease_seconds,
            dead_owner=dead_owner,
        )
        if epoch is None:
            place = f"process {held.pid} on {held.host}" if held else "another process"
            raise ServerBusy(
                f"Another runner owns this run: {place}",
                safe="It goes on undisturbed",
                todo="`fordway attach` shows it; if its machine is dead, try again in half a minute",
            )
        return epoch

    def _is_dead(self, owner: str, host: str, pid: int) -> bool:
        """Whether the owner ran on this host and its process is gone, or is another one now."""
        if host != self._host:
            return False
        try:
            started = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            return True
        parts = owner.split(":")
        # Boot time is read anew after a step of the clock, and start times move with it.
        return len(parts) < 3 or abs(started - float(parts[-2])) > _SAME_START_SECONDS

    async def run(self) -> None:
        """The run went as far as it could: its state is in the ledger.

        Raises:
            LeaseLost: another runner took over.
            ServerBusy: another living runner owns it.
        """
        options, ledger = self._options, self._ledger
        record = await asyncio.to_thread(ledger.runs.read, options.run_id)
        is_undo = options.is_undo or options.undo_part is not None or options.replay is not None
        if record.state is RunState.UNDONE or (record.state in _OVER and not is_undo):
            is_compared_now = await asyncio.to_thread(ledger.steps.is_done, options.run_id, Step.VERIFY)
            if record.state is not RunState.COMPLETE or is_compared_now:
                return
        before = await asyncio.to_thread(ledger.leases.read, options.run_id)
        epoch = await asyncio.to_thread(self.take_lease)
        # From here on nothing is written without proof that the run is still ours.
        fence = (options.run_id, epoch)
        self._ledger = Ledger(options.target_url, purpose="runner", fence=fence, has_answered=True)
        # The first beat comes seconds later, and the server may be away just then.
        self._pulse = Ledger(options.target_url, purpose="heartbeat", has_answered=True)
        reason = "ended"
        try:
            await asyncio.to_thread(self._attendance(epoch).begin, before)
            await self._with_agents(epoch)
        except LeaseLost:
            reason = "the lease was lost"
            raise
        finally:
            with suppress(FordwayError):
                await asyncio.to_thread(self._attendance(epoch).end, reason)
            self._ledger.close()
            self._pulse.close()
            self._ledger = ledger

    def _attendance(self, epoch: int) -> Attendance:
        return Attendance(
            run_id=self._options.run_id,
            ledger=self._ledger,
            epoch=epoch,
            owner=self.owner,
            where=(self._host, self._pid),
        )

    async def _with_agents(self, epoch: int) -> None:
        options = self._options
        streams = Streams(
            options.redis_url, namespace=options.namespace, run_id=options.run_id, consumer=self.owner
        )
        office = Office(run_id=options.run_id, ledger=self._ledger, streams=streams, roles=tuple(Role))
        context = await asyncio.to_thread(self._context, epoch, office)
        patience = Patience(context.settings, self._control, wait_seconds=options.wait_seconds)
        self._patience = patience
        desk = Desk(context)
        helpers = [office.run(), desk.listen(), self._beat(epoch)]
        helpers.append(patience.watch(options.run_id, self._ledger))
        helpers += [Agent(role, context, tasks).run() for role, tasks in _TASKS.items()]
        await asyncio.to_thread(
            lambda: self._ledger.coordination.set_agent(
                options.run_id,
                Role.ORCHESTRATOR,
                state="busy",
                task="driving the run",
                where=(self._host, self._pid),
                event=AgentChanged(role=Role.ORCHESTRATOR, state="busy", task="driving the run"),
            )
        )
        orchestrator = Orchestrator(context, desk, patience)
        await asyncio.to_thread(context.patiently, lambda: self._sweep(epoch))
        try:
            await self._race(self._drive(orchestrator, patience), helpers)
        finally:
            with suppress(FordwayError):
                await streams.remove(tuple(Role))
            await streams.close()

    def _sweep(self, epoch: int) -> None:
        """What rehearsals that were killed left behind is gone."""
        url, run_id = self._options.target_url, self._options.run_id
        clear_scratch(url, run_id, epoch=epoch)
        clear_drills(run_id, ledger=self._ledger, target_url=url, take=self.take_lease)

    async def _drive(self, orchestrator: Orchestrator, patience: Patience) -> None:
        options = self._options
        if options.is_undo:
            await orchestrator.undo(by=patience.asked_by or "operator")
            return
        if options.replay is not None:
            await orchestrator.replaying.replay(options.replay, by=options.asked_by)
            return
        if options.undo_part is not None:
            await orchestrator.parts.take_back(options.undo_part)
        elif await orchestrator.go_on_undoing() or await orchestrator.replaying.take_up():
            return
        else:
            await orchestrator.drive()
        if patience.asked == "undo":
            await orchestrator.undo(by=patience.asked_by)

    async def _race(
        self, main: Coroutine[None, None, None], helpers: list[Coroutine[None, None, None]]
    ) -> None:
        """The main work's result; a helper that fails ends everything with its error."""
        work = asyncio.ensure_future(main)
        others = [asyncio.ensure_future(helper) for helper in helpers]
        try:
            done, _ = await asyncio.wait([work, *others], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group
        finally:
            self._control.ask_stop()
            for task in (work, *others):
                task.cancel()
            await asyncio.gather(work, *others, return_exceptions=True)

    async def _beat(self, epoch: int) -> None:
        """Keeps lease and heartbeats fresh, on a connection that never waits behind other work."""
        options = self._options
        while True:
            await asyncio.sleep(options.lease_seconds / 4)
            await asyncio.to_thread(
                lambda: self._pulse.leases.renew(
                    options.run_id, owner=self.owner, epoch=epoch, seconds=options.lease_seconds
                )
            )
            await asyncio.to_thread(
                lambda: self._pulse.coordination.beat(options.run_id, tuple(Role), pid=self._pid)
            )

    def _context(self, epoch: int, office: Office) -> RunContext:
        options = self._options
        opening = self._ledger.runs.opening(options.run_id)
        return RunContext(
            run_id=options.run_id,
            epoch=epoch,
            playbook=Playbook.model_validate(opening.playbook_body),
            settings=RunSettings(**opening.settings),
            ledger=self._ledger,
            office=office,
            target_url=options.target_url,
            redis_url=options.redis_url,
            source_urls=options.source_urls,
            target_label=options.target_label,
            where=(self._host, self._pid),
            report_folder=options.report_folder,
            control=self._control,
        )

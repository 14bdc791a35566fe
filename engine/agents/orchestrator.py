"""orchestrator: drives a run through its steps, waits for people, and never guesses."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from engine.agents.asking import Asking, Parked
from engine.agents.carrying_out import PartUndoAsked, UndoAsked
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import DurableSteps, Paused, in_thread
from engine.agents.finishing import Finishing
from engine.agents.part_undo import PartUndo
from engine.agents.patience import Patience
from engine.agents.questions import ask_approval, ask_to_move
from engine.agents.recovery import Recovery
from engine.agents.replaying import Replaying
from engine.agents.whole_undo import WholeUndo
from engine.model.decisions import DecisionKind
from engine.model.errors import FordwayError, LeaseLost, PlanDrifted
from engine.model.roles import Role
from engine.model.run import Pass, RunState, Step
from engine.moving.move_plan import foreseen
from engine.stores.ledger.runs import StoredPlan

__all__ = ["Orchestrator"]


_MOST_DRIFTS = 3
"""Plans that may fall one after another before a run that nobody watches gives up."""


class Orchestrator:
    """One run, from its first look to its last word. Every step is durable and may be resumed."""

    def __init__(self, context: RunContext, desk: Desk, patience: Patience) -> None:
        """Asks ``patience`` how people answer: at once, after a while, or not here."""
        self._context = context
        self._desk = desk
        self._patience = patience
        self._ledger = context.ledger
        self._run_id = context.run_id
        self._steps = DurableSteps(context)
        self._asking = Asking(context, patience)
        self._recovery = Recovery(context, desk, self._asking)
        self.replaying = Replaying(context, desk, self._steps)
        self._drifts = 0

    async def drive(self) -> None:
        """The run is complete, stopped, paused or waiting when this returns.

        Raises:
            LeaseLost: another runner took over; nothing may be written any more.
        """
        may_go_on = await self._steered(self._recovery.act_on_answer())
        while may_go_on:
            may_go_on = await self._steered(self._try())

    async def _steered(self, work: Coroutine[Any, Any, bool]) -> bool:
        """Whether to walk once more, as the work says; not where the run rests, or is taken back."""
        try:
            return await work
        except Parked:
            return False
        except UndoAsked as asked:
            await self.undo(by=asked.by)
        except PartUndoAsked as asked:
            await self.parts.take_back(asked.part)
        return False

    async def _try(self) -> bool:
        """Whether to walk once more: something failed, and was healed or decided about."""
        try:
            await self._walk()
        except Paused:
            await self._rest()
        except LeaseLost:
            raise
        except FordwayError as error:
            return await self._recovery.settle(error)
        await in_thread(self._ledger.recovery.forget_trials, self._run_id, "step/")
        return False

    async def undo(self, *, by: str) -> None:
        """What the run wrote is taken back; it ends undone, or paused with the reason."""
        whole = WholeUndo(self._context, self._desk, self._steps, self._asking)
        await whole.take_back(by=by)

    @property
    def parts(self) -> PartUndo:
        """What takes back a phase, or what was written since the last checkpoint."""
        return PartUndo(self._context, self._desk, self._asking)

    async def go_on_undoing(self) -> bool:
        """Whether the run, or a part of it, was being taken back; then that went as far as it could."""
        if await self.parts.take_up():
            return True
        record = await in_thread(self._ledger.runs.read, self._run_id)
        if record.state is RunState.UNDOING or (record.state is RunState.PAUSED and record.step is Step.UNDO):
            await self.undo(by="operator")
            return True
        return False

    async def _walk(self) -> None:
        await self._asking.set_state(RunState.RUNNING, step=Step.CONNECT)
        await self._steps.guided(
            Step.CONNECT,
            lambda: self._desk.delegate(
                Role.SCHEMA_ANALYSIS, "check-connections", text="check target, Redis and sources"
            ),
        )
        while True:
            await self._agree()
            await self._rehearse_until_agreed()
            # Questions may stay open for long; what was approved must still be what is there.
            if await self._still_fits():
                break
        await self._move()
        await Finishing(self._context, self._desk, self._steps, self._asking).run()

    async def _agree(self) -> None:
        """A plan that fits the world is approved."""
        while not await self._still_fits():
            plan = await self._make_plan()
            if await self._is_approved():
                continue
            number = await self._asking.next_number(DecisionKind.APPROVE_PLAN)
            answer = await self._asking.ask(ask_approval(plan, number=number, run_id=self._run_id), Step.PLAN)
            if answer == "decline":
                await self._stop("The plan was declined; nothing was moved")
            if answer in {"approve-move", "approve-aside-move"}:
                await self._steps.mark("rehearse", {"skipped": True})
                await self._steps.mark("start-move", {"answer": answer})

    async def _still_fits(self) -> bool:
        """Whether an approved plan is there and the world is as it was.

        Raises:
            PlanDrifted: it is not, and rows have moved, so another plan can't take over.
        """
        if await self._is_approved():
            try:
                await self._desk.delegate(Role.PLANNING, "check-drift", text="is the world as planned?")
            except PlanDrifted as error:
                self._drifts += 1
                # Another text of the playbook makes no other plan: the run goes by the one it has.
                if "fault" in error.facts or await self._has_moved():
                    raise
                if self._drifts >= _MOST_DRIFTS and self._context.settings.assume_yes:
                    raise PlanDrifted(
                        f"The world changed under {self._drifts} plans in a row; last: {error.what}",
                        safe="Nothing was moved",
                        todo="Stop the program that writes there, or copy the source first, then try again",
                    ) from error
                await in_thread(self._ledger.steps.reset, self._run_id, ["rehearse", "start-move"])
                return False
            return True
        if await self._has_moved():
            raise PlanDrifted(
                "The source changed after rows had moved, so this plan can't be carried on",
                safe="Every committed batch stands",
                todo="Undo the run and start anew, or stop and keep what is there",
            )
        return False

    async def _is_approved(self) -> bool:
        stored: StoredPlan = await in_thread(self._ledger.runs.plan, self._run_id)
        return stored.is_approved

    async def _make_plan(self) -> Any:  # noqa: ANN401 - engine.model.plan.Plan
        await self._asking.set_state(RunState.RUNNING, step=Step.DISCOVER)
        self._context.discovery = None
        await self._steps.guided(
            Step.DISCOVER,
            lambda: self._desk.delegate(
                Role.SCHEMA_ANALYSIS, "discover", text="read every table of the sources"
            ),
        )
        await self._asking.set_state(RunState.RUNNING, step=Step.PLAN)
        await self._steps.guided(
            Step.PLAN,
            lambda: self._desk.delegate(Role.PLANNING, "make-plan", text="make a plan from what was found"),
        )
        await self._desk.explain("discovery")
        await self._desk.explain("plan")
        return await in_thread(self._context.plan)

    async def _rehearse_until_agreed(self) -> None:
        while True:
            steps = await in_thread(self._ledger.steps.outputs, self._run_id)
            if "start-move" in steps:
                return
            if steps.get("rehearse", ("", None, 0.0))[0] != "done":
                await self._rehearse()
            plan = await in_thread(self._context.plan)
            rehearsal = await in_thread(foreseen, self._ledger, self._run_id, plan)
            number = await self._asking.next_number(DecisionKind.START_MOVE)
            seconds = (await in_thread(self._ledger.steps.outputs, self._run_id))["rehearse"][2]
            decision = ask_to_move(
                plan,
                rehearsal,
                seconds=seconds,
                number=number,
                run_id=self._run_id,
                asks=self._context.settings.on_error == "ask",
            )
            answer = await self._asking.ask(decision, Step.REHEARSE)
            if answer == "move":
                await self._steps.mark("start-move", {"answer": answer})
            elif answer == "rehearse":
                await in_thread(self._ledger.steps.reset, self._run_id, ["rehearse"])
            else:
                await self._stop("The move was declined after the rehearsal; nothing was moved")

    async def _rehearse(self) -> None:
        await self._asking.set_state(RunState.RUNNING, step=Step.REHEARSE)
        result = await self._steps.guided(
            Step.REHEARSE,
            lambda: self._desk.delegate(
                Role.MIGRATION_EXECUTION, "rehearse", text="walk all rows into a scratch schema"
            ),
        )
        await self._desk.explain("rehearsal", seconds=result.get("seconds", 0.0))

    async def _move(self) -> None:
        await self._asking.set_state(RunState.RUNNING, step=Step.MOVE)
        await self._steps.once(
            "map",
            lambda: self._desk.delegate(
                Role.DATA_MAPPING, "prepare-mapping", text="try the transformations on real rows"
            ),
        )
        await self._steps.guided(
            Step.MOVE,
            lambda: self._desk.delegate(
                Role.MIGRATION_EXECUTION, "move", text="move the rows, batch by batch"
            ),
        )
        if await in_thread(self._ledger.chunks.late, self._run_id):
            await self._check_links()
        await self._steps.once(
            "index",
            lambda: self._desk.delegate(
                Role.MIGRATION_EXECUTION, "build", text="build keys, indexes and sequences"
            ),
        )

    async def _check_links(self) -> None:
        """Every row of the run finds its parent where parents were brought in.

        Raises:
            FordwayError: some do not; every moved row stands.
        """
        result = await self._desk.delegate(
            Role.VALIDATION, "check-links", text="check every connection of what was brought in"
        )
        if orphans := "; ".join(result["orphans"]):
            raise FordwayError(
                f"Rows are without their parents though these were brought in: {orphans}",
                safe="Every moved row stands, nothing was hidden",
                todo="Look who removed the parents or changed their keys, put it right, then try again",
                facts={"fault": "R406"},
            )

    async def _rest(self) -> None:
        """Someone asked for a pause, a stop or an undo, and the open batch has ended."""
        record = await in_thread(self._ledger.runs.read, self._run_id)
        asked = self._patience.asked
        if asked == "stop":
            await self._stop("Stopped on request; every committed batch stays")
        if asked != "undo":
            reason = f"Paused after the last committed batch: {record.rows_written:,} rows are in the target"
            await self._asking.set_state(RunState.PAUSED, step=record.step, reason=reason)
        raise Parked

    async def _stop(self, reason: str) -> None:
        record = await in_thread(self._ledger.runs.read, self._run_id)
        await in_thread(self._ledger.decisions.withdraw, self._run_id)
        await self._asking.set_state(RunState.STOPPED, step=record.step, reason=reason)
        raise Parked

    async def _has_moved(self) -> bool:
        """Whether a batch was committed or a table made: what another plan must not build upon."""
        progress = await in_thread(self._ledger.chunks.progress, self._run_id, Pass.MOVE)
        made = await in_thread(self._ledger.undo.made_tables, self._run_id)
        return bool(made) or any(table.is_begun for table in progress)

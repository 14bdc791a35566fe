"""The console's hold on rows set aside: read from the ledger, replayed by a runner of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from console.held_work import (
    count_open,
    edit_row,
    export_rows,
    give_up,
    named_rows,
    refuse_busy,
    replay_end,
    waiting_beside,
)
from console.wiring import Opened
from engine.guidance.words import count_of
from engine.model.errors import FordwayError
from engine.model.held import HeldChoice, HeldFilter
from engine.model.plan import Plan
from engine.model.run import Counts, Pass
from engine.recovering.held_cells import cells_of
from engine.recovering.waiting_children import Ties, count_waiting, waiting_for
from engine.stores.ledger import Ledger
from screens.held_link import (
    PAGE_ROWS,
    HeldDetail,
    HeldEntry,
    HeldPlace,
    HeldRule,
    HeldShown,
    HeldWaste,
    ReplayNews,
)

__all__ = ["LedgerHeld"]


class LedgerHeld:
    """Fulfils ``screens.held_link.HeldLink`` from the ledger alone."""

    def __init__(self, opened: Opened, run_id: str, *, who: str, start: Callable[[HeldChoice], None]) -> None:
        """Holds on to ``opened``.

        Args:
            opened: target, Redis and settings.
            run_id: whose quarantine.
            who: for the audit log.
            start: starts a runner that replays these rows and nothing else.
        """
        self._opened = opened
        self._run_id = run_id
        self._who = who
        self._start = start

    @cached_property
    def _ledger(self) -> Ledger:
        """A connection of its own: a long page keeps no heartbeat waiting."""
        return self._opened.ledger("console quarantine", patience_seconds=5.0)

    @cached_property
    def _plan(self) -> Plan | None:
        """Rows are set aside only after a plan was approved, which stays as it is."""
        return self._ledger.runs.plan(self._run_id).plan

    def read(self, place: HeldPlace, *, news: int) -> HeldShown:
        """That page, with groups, counts and rules."""
        ledger, run_id = self._ledger, self._run_id
        after = place.after[-1] if place.after else 0
        rows = ledger.quarantine.page(run_id, after_id=after, most=PAGE_ROWS + 1, of=place.of)
        if not rows and place.after:
            return self.read(place.page_before(), news=news)
        shown = rows[:PAGE_ROWS]
        plan = self._plan if shown else None
        ties = Ties.of(run_id, plan, ledger) if plan is not None else None
        waiting = count_waiting(shown, ties=ties, run_id=run_id, ledger=ledger) if ties is not None else {}
        progress = ledger.chunks.progress(run_id, Pass.MOVE)
        return HeldShown(
            place=place,
            groups=tuple(ledger.quarantine.groups(run_id)),
            entries=tuple(HeldEntry(row=row, waiting=waiting.get(row.quarantine_id, 0)) for row in shown),
            is_last=len(rows) <= PAGE_ROWS,
            counts=sum((table.counts for table in progress), Counts()),
            rules=tuple(
                HeldRule(rule_id=rule.rule_id, words=rule.words, by=rule.made_by, uses=rule.uses)
                for rule in ledger.recovery.rules(run_id)
            ),
            replay=self._replay(),
            news=news,
        )

    def _replay(self) -> ReplayNews | None:
        end = replay_end(self._ledger, self._run_id)
        if end is None:
            return None
        return ReplayNews(
            handoff_id=end.handoff_id,
            text=end.words(),
            is_over=end.state not in ("offered", "accepted"),
            is_well=end.state == "completed" and not end.left,
            reasons=end.reasons,
        )

    def detail(self, number: int) -> HeldDetail:
        """One row, whole, and who waits for it."""
        (row,) = named_rows(self._ledger, self._run_id, [number])
        plan = self._plan
        table = next((t for t in plan.tables if t.number == row.table_number), None) if plan else None
        ties = Ties.of(self._run_id, plan, self._ledger) if plan is not None else None
        waiting = (
            waiting_for(row, ties=ties, run_id=self._run_id, ledger=self._ledger)
            if ties is not None and row.state == "open"
            else {}
        )
        return HeldDetail(
            row=row,
            cells=cells_of(row, table, ties.obstacles if ties is not None else ()),
            waiting=tuple((name, tuple(ids)) for name, ids in waiting.items()),
        )

    def edit(self, number: int, column: str, value: str | None) -> str:
        """Another value for when it is replayed."""
        return self._refusal(
            lambda: edit_row(self._ledger, self._run_id, number, {column: value}, who=self._who)
        )

    def replay(self, choice: HeldChoice) -> str:
        """A runner is started, where none works on the run."""

        def work() -> None:
            refuse_busy(self._ledger, self._run_id)
            self._start(choice)

        if not count_open(self._ledger, self._run_id, choice):
            return "None of these rows is open any more; nothing was replayed."
        return self._refusal(work)

    def waste(self, choice: HeldChoice) -> HeldWaste:
        """Counted now; the target's name is asked of the target."""
        return HeldWaste(
            choice=choice,
            rows=count_open(self._ledger, self._run_id, choice),
            waiting=waiting_beside(self._ledger, self._run_id, choice),
            target_name=self._opened.target_name(),
        )

    def discard(self, choice: HeldChoice, *, typed: str) -> str:
        """Given up, once the target's name was typed."""
        name = self._opened.target_name()
        if typed.strip() != name:
            return f"That is not the target's name: {name}. Nothing was given up."
        return self._refusal(lambda: give_up(self._ledger, self._run_id, choice, who=self._who))

    def export(self, of: HeldFilter, path: str) -> tuple[str, str]:
        """Into a new file."""
        try:
            rows, where = export_rows(self._ledger.quarantine.all(self._run_id, of=of), path)
        except FordwayError as error:
            return "", error.sentence()
        return f"Wrote {count_of(rows, 'rows')} to {where}", ""

    def revoke_rule(self, rule_id: int) -> str:
        """Holds no longer."""
        if self._ledger.recovery.revoke_rule(self._run_id, rule_id, who=self._who):
            return ""
        return f"Rule {rule_id} does not stand any more."

    def close(self) -> None:
        """Lets go of the ledger."""
        if "_ledger" in self.__dict__:
            self._ledger.close()

    @staticmethod
    def _refusal(work: Callable[[], object]) -> str:
        try:
            work()
        except FordwayError as error:
            return error.sentence()
        return ""

"""Two lines on speed: how far the rows are, then rows a second and how long the rest takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.run import Pass, RunState
from screens.forecast import current_pass, eta_of, rate_of, stalled_seconds
from screens.widgets.words import Part, Words
from screens.wording import count, duration, plural, span

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.view_model import PassView

__all__ = ["RateLine", "bar", "sparks"]

_BARS = "▁▂▃▄▅▆▇█"


def sparks(values: list[int], cells: int) -> str:
    """The last values as bars, oldest first, at most ``cells`` wide; empty without values."""
    shown = values[-cells:]
    top = max(shown, default=0)
    if top == 0:
        return ""
    return "".join(_BARS[min(value * len(_BARS) // (top + 1), len(_BARS) - 1)] for value in shown)


def bar(done: float, cells: int) -> tuple[str, str]:
    """The filled and the open part of a bar; full only when all is done."""
    full = cells if done >= 1 else min(int(done * cells), cells - 1)
    return "█" * full, "░" * (cells - full)


class RateLine(Words):
    """Progress of a pass, from committed rows only."""

    def show_sight(self, sight: Sight, which: Pass) -> None:
        """Draws both lines for this moment."""
        self.show(*self._progress(sight, which), "\n", *self._speed(sight, which))

    def _progress(self, sight: Sight, which: Pass) -> list[Part]:
        walk = sight.view.pass_view(which)
        plan = sight.view.plan
        planned = plan.rows if plan is not None else sum(table.planned_rows for table in walk.tables)
        batches = plan_batches(sight, walk)
        share = walk.counts.read / planned if planned else 0.0
        full, rest = bar(share, 30 if self.size.width >= 100 else 16)
        percent = "100 %" if planned and walk.counts.read >= planned else f"{int(share * 100)} %"
        noun = plan.noun if plan is not None else "rows"
        return [
            (full, "ok" if share >= 1 else "busy"), (rest, "quiet"), f" {percent:>5}   ",
            (count(walk.counts.read), "strong"), f" of {count(planned)} {noun}   ",
            (f"{count(walk.chunks)} of {plural(batches, 'batch')}{_beside(walk)}", "quiet"),
        ]  # fmt: skip

    def _speed(self, sight: Sight, which: Pass) -> list[Part]:
        view = sight.view
        walk = view.pass_view(which)
        if current_pass(view) is not which or view.state is not RunState.RUNNING:
            return self._past(walk)
        silent = stalled_seconds(view, sight.now)
        if silent is not None:
            return [("! nothing heard ", "warn"), (f"for {duration(silent)}; time left unknown", "warn")]
        rate = rate_of(view, sight.now)
        shown = sparks([sample.rows for sample in walk.samples], 24 if self.size.width >= 100 else 12)
        parts: list[Part] = [
            ("rows/s ", "quiet"),
            ("unknown yet" if rate is None else count(round(rate)), "strong"),
        ]
        parts += [(f" {shown}", "busy")] if shown else []
        if walk.retries:
            parts += [("   retries ", "quiet"), (count(walk.retries), "warn")]
        return [*parts, ("   left ", "quiet"), *self._left(sight)]

    def _left(self, sight: Sight) -> list[Part]:
        eta = eta_of(sight.view, sight.now)
        if eta is None:
            return ["unknown yet"]
        return [(span(eta.low, eta.high), "strong"), (f" ({eta.basis})", "quiet")]

    def _past(self, walk: PassView) -> list[Part]:
        busy = sum(table.seconds for table in walk.tables)
        if not walk.counts.read or not busy:
            return [("not started", "quiet")]
        speed = count(round(walk.counts.read / busy))
        return [
            ("rows/s ", "quiet"),
            (speed, "strong"),
            (f" within batches, {duration(busy)} in all", "quiet"),
        ]


def _beside(walk: PassView) -> str:
    return f", {count(walk.late)} brought in" if walk.late else ""


def plan_batches(sight: Sight, walk: PassView) -> int:
    """Batches the pass has in all: as cut where a table was started, else as planned."""
    cut = {table.table: table.planned_chunks for table in walk.tables}
    plan = sight.view.plan
    if plan is None:
        return sum(cut.values())
    return sum(cut.get(table.name, table.batches) for table in plan.tables)

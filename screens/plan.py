"""Plan: what will happen, in plain words first, and the question whether it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.guidance.drill_words import drill_badge
from engine.guidance.words import count_of
from engine.model.decisions import DecisionKind
from engine.model.run import Step
from screens.plan_words import glance, technical
from screens.run_screen import RunScreen
from screens.widgets.option_rows import OptionRows
from screens.widgets.words import Part, Words
from screens.wording import count, plural

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.plan import Plan
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["PlanScreen"]


class PlanScreen(RunScreen):
    """Four lines of words, the plan at a glance, the technical plan one key away."""

    CSS_PATH = "plan.tcss"
    AUTO_FOCUS = "OptionRows"
    STEP = Step.PLAN
    ABOUT: ClassVar[str] = (
        "What will be moved, how long it should take, how safe it is, and the question whether to go on. "
        "t switches to the technical plan: phases, tables, columns, undo route. An approval holds for "
        "exactly this plan; if source or target change, it is void and the difference is shown."
    )
    KEYS = ("go-on", "technical-plan", "previous-step", "next-step", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """Reading above, answering below."""
        self.is_technical = False
        self.text = Words()
        self.question = Words(id="question")
        self.options = OptionRows(is_safest_first=False)
        with VerticalScroll(id="reading", can_focus=True):
            yield self.text
        yield self.question
        with VerticalScroll(id="asking", can_focus=False):
            yield self.options

    def option_rows(self) -> OptionRows:
        """The approval is asked for here."""
        return self.options

    def draw(self, sight: Sight) -> None:
        """Words or technical plan, and the open question."""
        view = sight.view
        decision = view.decision
        is_asked = decision is not None and decision.kind is DecisionKind.APPROVE_PLAN and sight.can_act
        self.options.show_decision(decision if is_asked else None)
        self.options.display = is_asked
        self.query_one("#asking").display = is_asked
        self.question.display = is_asked or bool(view.approved_digest)
        self.question.show(*_question(view))
        if view.plan is None:
            self.text.show(
                ("The plan is being made", "strong"),
                "\n",
                ("Findings become phases, batches, an estimate and an undo route.", "quiet"),
            )
        elif self.is_technical:
            self.text.show(*technical(view.plan, self._width()), *_drilled(view, view.plan))
        else:
            self.text.show(*_words(view, view.plan, self._width()))
        self.keys.labels = {
            "technical-plan": "plain words" if self.is_technical else "technical plan",
            "go-on": "choose" if is_asked else "go on",
        }

    def _width(self) -> int:
        return max(self.size.width - 4, 60)

    def do(self, name: str) -> None:
        """Switches between words and technical plan."""
        if name == "technical-plan":
            self.is_technical = not self.is_technical
            self.query_one("#reading", VerticalScroll).scroll_home(animate=False)
            self.draw_all()

    def command(self, sight: Sight) -> str:
        """Deciding from a script, or printing the plan."""
        view = sight.view
        if view.decision is not None and view.decision.kind is DecisionKind.APPROVE_PLAN:
            recommended = next(
                (o.name for o in view.decision.options if o.is_recommended), view.decision.safest
            )
            return f"decide {view.run_id[:8]} {view.decision.decision_id} {recommended}"
        return f"plan {view.playbook}"


def _words(view: RunView, plan: Plan, width: int) -> list[Part]:
    lines = view.words("plan") or (f"Ready to move {count_of(plan.rows, plan.noun)}",)
    parts: list[Part] = [(lines[0], "strong"), "\n"]
    asked = view.decision.question if view.decision is not None else ""
    for line in lines[1:]:
        parts += [line, "\n"] if line != asked else []
    if view.voided:
        parts += ["\n", ("! The earlier approval is void; this changed since:", "warn"), "\n"]
        for difference in view.voided:
            parts += [f"  {difference}\n"]
    parts += ["\n", *glance(plan, width), *_drilled(view, plan)]
    if plan.findings:
        said = plural(len(plan.findings), "finding")
        parts += [("findings        ", "quiet"), said, _verdict(plan), ("   2 shows them", "quiet"), "\n"]
    return parts


def _drilled(view: RunView, plan: Plan) -> list[Part]:
    """The badge of a plan whose undo was rehearsed."""
    if view.drill is None or view.drilled_at is None:
        return []
    badge = drill_badge(view.drill, view.drilled_at, digest=plan.digest)
    return [("                ", "quiet"), (badge, "ok" if badge.startswith("✓") else "warn"), "\n"]


def _verdict(plan: Plan) -> Part:
    """What the findings mean for the approval."""
    if plan.to_mend:
        return (f", {plural(len(plan.to_mend), 'blocker')}: the plan can't be approved", "bad")
    if plan.rows_aside:
        verb = "asks" if len(plan.violations) == 1 else "ask"
        rows = plural(plan.rows_aside, "row")
        return (f", {count(len(plan.violations))} {verb} whether {rows} may be set aside", "warn")
    return (", none forbids the move", "quiet")


def _question(view: RunView) -> list[Part]:
    if view.decision is not None and view.decision.kind is DecisionKind.APPROVE_PLAN:
        return [(view.decision.question, "warn")]
    if view.approved_digest:
        return [("✓ approved", "ok"), f" by {view.approved_by}, plan {view.approved_digest[:8]}"]
    return []

"""Coordination: who works on what, what changed hands, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.model.roles import Role
from screens.critical import critical_parts
from screens.run_screen import RunScreen
from screens.widgets.line_table import Cell, Column, LineTable, Row
from screens.widgets.message_feed import MessageFeed
from screens.widgets.words import Part, Words
from screens.wording import duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import HandoffRecorded
    from screens.run_link import AgentHeartbeat, LinkHealth
    from screens.sight import Sight

__all__ = ["CoordinationScreen"]

STALE_SECONDS = 15
"""Three missed heartbeats of five seconds: the agent is shown as silent."""

_STATES: dict[str, Cell] = {
    "idle": ("○ idle", "quiet"), "busy": ("● busy", "busy"), "asking": ("! asking", "warn"),
    "blocked": ("✗ blocked", "bad"), "stopped": ("○ stopped", "quiet"),
}  # fmt: skip
_HANDOFFS: dict[str, Cell] = {
    "offered": ("○ offered", "quiet"), "accepted": ("● accepted", "busy"), "completed": ("✓ completed", "ok"),
    "rejected": ("✗ rejected", "bad"), "failed": ("✗ failed", "bad"), "expired": ("! expired", "warn"),
}  # fmt: skip


class CoordinationScreen(RunScreen):
    """Agents, handoffs, messages, and whether the wire is up."""

    CSS_PATH = "coordination.tcss"
    AUTO_FOCUS = "LineTable"
    ABOUT: ClassVar[str] = (
        "First what needs a person: the open question, until when it waits and who was asked, then what "
        "blocks whom. "
        "The seven agents with their task, how far they are, what blocks them and when they were last heard; "
        "every handoff with its outcome; every message. A percentage is rows or steps done of a known total; "
        "without a known total it says unknown."
    )
    KEYS = ("decide", "follow-run", "quarantine", "coordination", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """One line of health, three tables."""
        self.critical = Words(id="critical")
        self.health = Words(id="health")
        self.agents = LineTable(_AGENTS, empty="no agent has been heard yet", id="agents")
        self.handoffs = LineTable(
            _HANDOFF_COLUMNS, empty="nothing has changed hands yet", follows=True, id="handoffs"
        )
        self.feed = MessageFeed()
        yield self.critical
        yield self.health
        yield self.agents
        yield self.handoffs
        yield self.feed

    def tells_question(self, sight: Sight) -> bool:  # noqa: ARG002 - always
        """It stands first here, with how long it waits and who was asked."""
        return True

    def draw(self, sight: Sight) -> None:
        """Shows who does what now."""
        critical = critical_parts(sight)
        self.critical.show(*critical)
        self.critical.display = bool(critical)
        self.health.show(*_health(sight))
        self.agents.show(_agent_rows(sight))
        self.handoffs.show(tuple(_handoff_row(handoff) for handoff in sight.view.handoffs))
        self.feed.show_sight(sight)
        self.keys.labels = {"coordination": "back"}

    def command(self, sight: Sight) -> str:
        """Where the run stands; for a lead, this view."""
        run = sight.view.run_id[:8]
        return f"status {run or 'latest'}" if sight.can_act else f"watch {run}"


_AGENTS = (
    Column(title="Agent", width=19),
    Column(title="State", width=9),
    Column(title="Done", width=7, align="right"),
    Column(title="Heard", width=8, align="right"),
    Column(title="Task", most=44),
    Column(title="Next", from_width=110, most=40),
)
_HANDOFF_COLUMNS = (
    Column(title="From", width=19),
    Column(title="To", width=19),
    Column(title="State", width=11),
    Column(title="Time", width=7, align="right"),
    Column(title="Task"),
)


def _agent_rows(sight: Sight) -> tuple[Row, ...]:
    if sight.heartbeats:
        silence = (sight.now - sight.heard_at).total_seconds() if sight.heard_at else 0.0
        return tuple(_beat_row(beat, max(silence, 0.0)) for beat in sight.heartbeats)
    known = sight.view.agents
    rows: list[Row] = []
    for role in Role:
        if role in known:
            event = known[role]
            task = (
                f"{'blocked by ' + '; '.join(event.blockers) + ' · ' if event.blockers else ''}{event.task}"
            )
            rows.append(
                ((role, "strong"), _STATES[event.state], ("unknown", "quiet"), ("", "quiet"),
                 (task, "plain"), (event.next_milestone, "quiet"))
            )  # fmt: skip
    return tuple(rows)


def _beat_row(beat: AgentHeartbeat, silence: float) -> Row:
    age = beat.age_seconds + silence
    is_stale = age > STALE_SECONDS and beat.state != "stopped"
    state = ("! silent", "warn") if is_stale else _STATES.get(beat.state, (beat.state, "plain"))
    done = "unknown" if beat.total is None else f"{beat.done * 100 // beat.total} %" if beat.total else "-"
    blocked = f"blocked by {'; '.join(beat.blockers)} · " if beat.blockers else ""
    return (
        (beat.role, "strong"), state, (done, "quiet" if beat.total is None else "plain"),
        (duration(age), "warn" if is_stale else "quiet"),
        (f"{blocked}{beat.task}", "warn" if blocked else "plain"),
        (beat.next_milestone, "quiet"),
    )  # fmt: skip


def _handoff_row(handoff: HandoffRecorded) -> Row:
    lasted = "open" if handoff.seconds is None else duration(handoff.seconds)
    task = f"{handoff.task}: {handoff.error}" if handoff.error else handoff.task
    return (
        (handoff.from_agent, "plain"), (handoff.to_agent, "plain"), _HANDOFFS[handoff.state],
        (lasted, "quiet"), (task, "bad" if handoff.error else "plain"),
    )  # fmt: skip


def _health(sight: Sight) -> list[Part]:
    health = sight.health
    if health is None:
        return [("agents and handoffs, from the ledger", "quiet")]
    parts: list[Part] = [("✓ ledger up", "ok")] if health.ledger == "up" else [("✗ ledger down", "bad")]
    parts.append("   ")
    parts.append(("✓ wire up", "ok") if health.bus == "up" else ("! wire down, work continues", "warn"))
    parts.append("   ")
    parts += _runner(health)
    return parts


def _runner(health: LinkHealth) -> list[Part]:
    age = "" if health.lease_age_seconds is None else f", lease {duration(health.lease_age_seconds)} old"
    match health.runner:
        case "alive":
            return [("✓ runner alive", "ok"), (age, "quiet")]
        case "absent":
            return [("○ no runner", "quiet")]
        case "silent":
            return [("! runner silent", "warn"), (age, "warn")]

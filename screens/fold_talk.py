"""The fold's share: what agents say, do and hand on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.model.events import AgentChanged, GuidanceSpoken, HandoffRecorded, MessageSent
from screens.view_model import FeedLine, Mood, RunView

if TYPE_CHECKING:
    from datetime import datetime

    from engine.guidance.recovery_words import Told

__all__ = ["Talk", "fold_talk", "say", "say_told"]

Talk = AgentChanged | HandoffRecorded | MessageSent | GuidanceSpoken

FEED_LINES = 200
"""Lines kept in the feed: more than any screen shows, few enough to copy for each event."""
HANDOFFS = 100
"""Handoffs kept for the coordination panel; the ledger has them all."""

_MOODS = {"CRITICAL": Mood.BAD, "HIGH": Mood.CARE}


def say(view: RunView, at: datetime, who: str, text: str, mood: Mood = Mood.PLAIN) -> RunView:
    """The view with one more line in the feed."""
    line = FeedLine(at=at, who=who, text=text, mood=mood)
    return replace(view, feed=(*view.feed[-FEED_LINES + 1 :], line))


def say_told(view: RunView, at: datetime, told: Told) -> RunView:
    """The view with a recovery's own sentence in the feed; its details follow where they say why."""
    text = f"{told.text} ({'; '.join(told.details)})" if told.details else told.text
    return say(view, at, told.who, text, told.mood)


def fold_talk(view: RunView, event: Talk, at: datetime) -> RunView:
    """The view after an agent's event."""
    match event:
        case AgentChanged():
            return replace(view, agents={**view.agents, event.role: event})
        case HandoffRecorded():
            others = tuple(known for known in view.handoffs if known.handoff_id != event.handoff_id)
            news = view.held_news + (event.task == "replay")
            return replace(view, handoffs=(*others[-HANDOFFS + 1 :], event), held_news=news)
        case MessageSent():
            return say(view, at, event.from_agent, event.text, _MOODS.get(event.priority.upper(), Mood.PLAIN))
        case GuidanceSpoken():
            return replace(view, guidance={**view.guidance, event.about: event.lines})
        case _:
            assert_never(event)

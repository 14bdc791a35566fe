"""AgentMessage version 1: its wire form is a contract."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from engine.model.message import AgentMessage, MessagePriority, Role, read_message

_GOLDEN = (
    '{"version":1,"message_id":"6f1c2a3e-0000-4000-8000-000000000001","from_agent":"orchestrator",'
    '"to_agent":"schema-analysis","message_type":"discover","priority":3,"timestamp":"2026-01-02T03:04:05Z",'
    '"ttl":3600,"body":{"handoff_id":"h"},"delivery_options":null}'
)


def _message(**changes: Any) -> AgentMessage:  # noqa: ANN401 - any field
    given: dict[str, Any] = {
        "message_id": "6f1c2a3e-0000-4000-8000-000000000001",
        "from_agent": Role.ORCHESTRATOR,
        "to_agent": Role.SCHEMA_ANALYSIS,
        "message_type": "discover",
        "priority": MessagePriority.HIGH,
        "timestamp": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "ttl": 3600,
        "body": {"handoff_id": "h"},
    }
    return AgentMessage(**{**given, **changes})


def test_message_is_written_as_published() -> None:
    """The fields, their names and their order are what other machines read."""
    assert _GOLDEN == _message().model_dump_json()


def test_message_read_back_is_the_message_written() -> None:
    """Nothing is lost on the wire."""
    assert _message() == read_message(json.loads(_GOLDEN))


@pytest.mark.parametrize("priority", ["low", "MEDIUM", "High", "critical"])
def test_message_of_version_0_is_brought_up(priority: str) -> None:
    """The first draft had no version and named priorities in words."""
    raw = {**json.loads(_GOLDEN), "priority": priority}
    del raw["version"]

    assert _message(priority=MessagePriority[priority.upper()]) == read_message(raw)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"surprise": 1},
        {"priority": 5},
        {"priority": "urgent", "version": 0},
        {"to_agent": "nobody"},
        {"ttl": 0},
        {"message_type": ""},
        {"body": None},
        {"timestamp": "yesterday"},
    ],
    ids=str,
)
def test_message_that_is_not_understood_whole_is_refused(changes: dict[str, Any]) -> None:
    """A newer version, an unknown field or a strange value is noticed, never half read."""
    with pytest.raises(ValidationError):
        read_message({**json.loads(_GOLDEN), **changes})


def test_message_expires_its_ttl_after_its_timestamp() -> None:
    """The moment after which it must not be handled."""
    message = _message(ttl=90)

    assert message.timestamp + timedelta(seconds=90) == message.expires_at

"""AgentMessage version 1: the only thing agents say to each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from engine.model.roles import Role

__all__ = ["AgentMessage", "DeliveryStatus", "MessagePriority", "read_message"]

CURRENT_VERSION = 1


class MessagePriority(IntEnum):
    """Higher is read first."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class DeliveryStatus(StrEnum):
    """Where a message stands; ``delivered`` means its receiver committed it."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"


class AgentMessage(BaseModel):
    """One message on the wire.

    The shape is the planning documents' own; unknown fields are refused so that a newer
    version is noticed rather than half understood.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = CURRENT_VERSION
    message_id: str
    from_agent: Role
    to_agent: Role
    message_type: str = Field(min_length=1, max_length=100)
    priority: MessagePriority = MessagePriority.MEDIUM
    timestamp: datetime
    ttl: int = Field(gt=0)
    """Seconds from ``timestamp`` until the message is worthless."""
    body: dict[str, Any]
    delivery_options: dict[str, Any] | None = None

    @field_validator("version")
    @classmethod
    def _known(cls, version: int) -> int:
        if version != CURRENT_VERSION:
            raise ValueError(f"message version {version} is not {CURRENT_VERSION}")
        return version

    @property
    def expires_at(self) -> datetime:
        """The moment after which the message must not be handled."""
        return self.timestamp + timedelta(seconds=self.ttl)


def read_message(raw: dict[str, Any]) -> AgentMessage:
    """The message in ``raw``, brought up from whichever version wrote it.

    Version 0, the documents' first draft, had no ``version`` and named priorities in words.

    Raises:
        pydantic.ValidationError: the shape is wrong, or the version is newer than ours.
    """
    data = dict(raw)
    if data.get("version", 0) == 0:
        data["version"] = 1
        priority = data.get("priority")
        if isinstance(priority, str):
            data["priority"] = (
                MessagePriority[priority.upper()]
                if priority.upper() in MessagePriority.__members__
                else priority
            )
    return AgentMessage.model_validate(data)

"""Plans and events to JSON and back: the one border where their shape is checked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, cast

from pydantic import Field, TypeAdapter

from engine.model.decisions import Decision
from engine.model.events import Event
from engine.model.faults import Diagnosis
from engine.model.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.model.plan import KeyValue

__all__ = [
    "decision_to_json",
    "diagnosis_from_json",
    "diagnosis_to_json",
    "event_from_json",
    "event_to_json",
    "key_from_json",
    "key_from_text",
    "key_text",
    "key_to_json",
    "plan_from_json",
    "plan_to_json",
    "read_decision",
    "seal",
]


@cache
def _events() -> TypeAdapter[Event]:
    return TypeAdapter(Annotated[Event, Field(discriminator="kind")])


@cache
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


@cache
def _decisions() -> TypeAdapter[Decision]:
    return TypeAdapter(Decision)


def event_to_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON values, ``kind`` included."""
    return cast("dict[str, Any]", _events().dump_python(event, mode="json"))


def event_from_json(body: Mapping[str, Any]) -> Event:
    """The event a journal row holds.

    Raises:
        pydantic.ValidationError: the row was written by an unknown version.
    """
    return _events().validate_python(body)


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values."""
    return cast("dict[str, Any]", _plans().dump_python(plan, mode="json"))


def plan_from_json(body: Mapping[str, Any]) -> Plan:
    """The plan a ledger row holds."""
    return _plans().validate_python(body)


def decision_to_json(decision: Decision) -> dict[str, Any]:
    """The decision as plain JSON values."""
    return cast("dict[str, Any]", _decisions().dump_python(decision, mode="json"))


def read_decision(body: Mapping[str, Any]) -> Decision:
    """The decision a ledger row holds."""
    return _decisions().validate_python(body)


@cache
def _diagnoses() -> TypeAdapter[Diagnosis]:
    return TypeAdapter(Diagnosis)


def diagnosis_to_json(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as plain JSON values."""
    return cast("dict[str, Any]", _diagnoses().dump_python(diagnosis, mode="json"))


def diagnosis_from_json(body: Mapping[str, Any]) -> Diagnosis:
    """The diagnosis kept with a question or a handoff."""
    return _diagnoses().validate_python(body)


def seal(plan: Plan) -> Plan:
    """The plan with its digest: SHA-256 over everything but the estimate and the digest.

    The estimate is left out because measuring again must not void an approval.
    """
    body = plan_to_json(plan)
    del body["estimate"], body["digest"]
    text = json.dumps(body, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return replace(plan, digest=hashlib.sha256(text.encode()).hexdigest())


def key_to_json(key: tuple[KeyValue, ...] | None) -> list[Any] | None:
    """A chunk key as JSON; bytes and texts jsonb can't hold are tagged, floats keep every bit."""
    if key is None:
        return None
    return [_json_value(value) for value in key]


def key_text(key: tuple[object, ...]) -> str:
    """A chunk key as text, for telling rows apart; equal for equal keys only."""
    return json.dumps(key_to_json(cast("tuple[KeyValue, ...]", key)))


def key_from_text(text: str) -> tuple[KeyValue, ...]:
    """The chunk key that ``key_text`` wrote."""
    return key_from_json(json.loads(text)) or ()


def _json_value(value: KeyValue) -> dict[str, str] | KeyValue:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        return {"text": value.encode("utf-8", "surrogateescape").hex()}
    return value


def key_from_json(values: list[Any] | None) -> tuple[KeyValue, ...] | None:
    """The chunk key that ``key_to_json`` wrote."""
    if values is None:
        return None
    return tuple(_key_value(value) for value in values)


def _key_value(value: Any) -> KeyValue:  # noqa: ANN401 - it is what JSON held
    if isinstance(value, dict):
        if "bytes" in value:
            return bytes.fromhex(value["bytes"])
        if "text" in value:
            return bytes.fromhex(value["text"]).decode("utf-8", "surrogateescape")
        return float.fromhex(value["float"])
    return cast("int | str", value)

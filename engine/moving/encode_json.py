"""One source value as a member of a JSON object. Pure."""

from __future__ import annotations

import json

from engine.model.plan import Family
from engine.moving.cant_carry import CantCarry, clean_text
from engine.moving.fit_jsonb import find_jsonb_fault

__all__ = ["json_member"]


def json_member(value: object, family: Family, *, from_text: bool) -> str:
    """The value as JSON text.

    Args:
        value: as the source gives it.
        family: of its declared type; tells numbers, truth and JSON among PostgreSQL's texts.
        from_text: the source is PostgreSQL, which gives every value as text.

    Raises:
        CantCarry: there is no such JSON, or jsonb can't hold it.
    """
    if value is None:
        return "null"
    if isinstance(value, bytes):
        raise CantCarry("bytes can't stand in JSON")
    if isinstance(value, str):
        return _json_text(value, family) if from_text else _json_string(value)
    if value in (float("inf"), float("-inf")):
        raise CantCarry("infinity is no JSON")
    return json.dumps(value)


def _json_text(value: str, family: Family) -> str:
    """PostgreSQL's text form of a value, as JSON."""
    if family in (Family.INTEGER, Family.FLOAT, Family.NUMERIC) and value.lstrip("-")[:1].isdigit():
        return value
    if family is Family.BOOLEAN:
        return "true" if value == "t" else "false"
    if family is Family.JSON:
        # The json type holds what jsonb does not.
        if fault := find_jsonb_fault(value):
            raise CantCarry(*fault)
        return value
    return _json_string(value)


def _json_string(value: str) -> str:
    return json.dumps(clean_text(value), ensure_ascii=False)

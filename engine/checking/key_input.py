"""Canonical key texts turned back into texts PostgreSQL reads as the column's type. Pure."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, timedelta

from engine.model.plan import Family

__all__ = ["input_text"]


def input_text(family: Family, canonical: str) -> str:
    """The canonical text as input for a column of this family."""
    match family:
        case Family.BYTES:
            return f"\\x{canonical}"
        case Family.FLOAT:
            return repr(struct.unpack(">d", bytes.fromhex(canonical))[0])
        case Family.DATE:
            return (date(1970, 1, 1) + timedelta(days=int(canonical))).isoformat()
        case Family.TIMESTAMP | Family.TIMESTAMPTZ:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(canonical))
            return (
                moment.isoformat(sep=" ")
                if family is Family.TIMESTAMPTZ
                else moment.replace(tzinfo=None).isoformat(sep=" ")
            )
        case Family.TIME:
            return (
                (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(canonical))).time().isoformat()
            )
        case _:
            return canonical

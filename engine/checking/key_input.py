"""Canonical key texts turned back into texts PostgreSQL reads as the column's type. Pure."""

from __future__ import annotations

import struct

from engine.checking.read_moments import clock_text, date_text, moment_text
from engine.model.plan import Family

__all__ = ["input_text"]


def input_text(family: Family, canonical: str) -> str:
    """The canonical text as input for a column of this family."""
    if family is Family.BYTES:
        return f"\\x{canonical}"
    if family is Family.FLOAT:
        return repr(struct.unpack(">d", bytes.fromhex(canonical))[0])
    if not canonical.lstrip("-").isdigit():
        # Infinity has no number; all other families are their own input.
        return canonical
    match family:
        case Family.DATE:
            return date_text(int(canonical))
        case Family.TIMESTAMP:
            return moment_text(int(canonical))
        case Family.TIMESTAMPTZ:
            moment, *era = moment_text(int(canonical)).split(" BC")
            return f"{moment}+00{' BC' if era else ''}"
        case Family.TIME:
            return clock_text(int(canonical))
        case _:
            return canonical

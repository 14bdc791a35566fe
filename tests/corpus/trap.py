"""What a trap is: a few SQLite tables, and what must be true of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    name: str
    script: str
    """Makes its tables, all of them called ``<name>`` or ``<name>_..``."""
    told: tuple[str, ...] = ()
    """Codes of the findings that must speak of it."""
    aside: dict[str, int] = field(default_factory=dict)
    """Rows set aside by table; a table that is not named loses none."""
    types: dict[str, str] = field(default_factory=dict)
    """``table.column`` and the type it must have."""
    asks: tuple[tuple[str, object], ...] = ()
    """Statements on the target, each with the one value it gives, or with an exception's SQLSTATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The statement fails with this SQLSTATE."""

    sqlstate: str

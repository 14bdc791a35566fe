"""What was found out about this machine, a target, a Redis and a source, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = [
    "CheckStatus",
    "ConnectionCheck",
    "MachineFacts",
    "RedisFacts",
    "SourceFacts",
    "TargetFacts",
]


class CheckStatus(StrEnum):
    """How one check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionCheck:
    """One line of the doctor's."""

    name: str
    """What was checked, such as ``target version``."""
    status: CheckStatus
    """``fail`` means a run can't succeed; ``warn`` means it may be worse than it could be."""
    what: str
    """What was found, in plain words, without any password."""
    todo: str = ""
    """What to do about it; empty when all is well."""
    fault: str = ""
    """Which fault of the catalogue it is; empty when all is well, or it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """This machine, as far as Fordway needs it."""

    python: tuple[int, int]
    """Major and minor version of the running Python."""
    columns: int
    """Width of the terminal in characters; 0 when there is none."""
    lines: int
    """Height of the terminal in characters; 0 when there is none."""
    encoding: str
    """Encoding of the standard output."""
    data_dir: Path
    """The user's data folder; it need not exist yet."""
    is_writable: bool
    """Whether the data folder can be written, or made."""
    free_bytes: int
    """Free space on the data folder's disk."""
    missing_postgres: str = ""
    """Why there is no embedded PostgreSQL; empty when there is one."""
    missing_redis: str = ""
    """Why there is no embedded Redis; empty when there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A PostgreSQL server that is to receive rows."""

    place: str
    """Its URL without secrets."""
    version_number: int
    """Such as 180004 for 18.4."""
    version: str
    """As the server words it."""
    database: str
    """The database connected to."""
    role: str
    """Who is connected."""
    is_superuser: bool
    """Whether that role may do everything."""
    may_create: bool
    """Whether that role may create schemas in the database."""
    is_standby: bool
    """Whether the server only follows another."""
    is_read_only: bool
    """Whether sessions of that role may only read by default."""
    encoding: str
    """The database's encoding."""
    clock_skew_seconds: float
    """The server's clock minus this machine's, to the accuracy of half a round trip."""
    round_trip_seconds: float
    """How long one small query took."""
    size_bytes: int
    """What the database takes now."""
    free_bytes: int | None
    """Free space on the server's disk; None means it can't be seen from here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisFacts:
    """A Redis that is to carry messages."""

    place: str
    """Its URL without secrets."""
    version: tuple[int, ...] | None
    """Such as (6, 2, 14); None means the server does not tell."""
    memory_policy: str
    """What it does when memory is full; empty means the server does not tell."""
    is_replica: bool
    """Whether it only follows another."""
    latency_seconds: float
    """The median of a few pings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """A source that is to be read."""

    place: str
    """The file, or the URL without secrets."""
    kind: str
    """``SQLite`` or ``PostgreSQL``."""
    version_number: int | None
    """PostgreSQL's, such as 140000; None for SQLite."""
    size_bytes: int | None
    """Size of a file; None for a server."""
    tables: int | None
    """Tables in the schema; None for a file, where discovery counts them."""
    unreadable_tables: int = 0
    """Tables that the role may not read."""
    schema: str = ""
    """The schema to be read; empty for a file."""
    has_schema: bool = True
    """Whether it exists and may be used."""

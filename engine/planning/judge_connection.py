"""Judges what was found out about machine, target, Redis and sources; every failure says what to do."""

from __future__ import annotations

from engine.model.connection import (
    CheckStatus,
    ConnectionCheck,
    MachineFacts,
    RedisFacts,
    SourceFacts,
    TargetFacts,
)
from engine.model.errors import FordwayError

__all__ = ["judge_failure", "judge_machine", "judge_redis", "judge_source", "judge_target"]

_OLDEST_PYTHON = (3, 11)
_OLDEST_POSTGRES, _NEWEST_POSTGRES = 14, 18
_OLDEST_REDIS = (6, 2)
"""Streams need XAUTOCLAIM and the options of XTRIM and XADD that came with 6.2."""
_SMALLEST_COLUMNS, _SMALLEST_LINES = 80, 24
_LITTLE_SPACE_BYTES = 200_000_000
"""A fresh embedded cluster takes 50 MB, its log as much again; below this a run soon stops."""
_NO_SPACE_BYTES = 20_000_000
"""Not even a run's ledger fits."""
_LARGE_SKEW_SECONDS = 5.0
"""A third of the default lease: beyond this, times of two machines tell the wrong story."""
_SLOW_REDIS_SECONDS = 0.05
"""Fifty round trips of an agent's handoff then take 2.5 s, and the screen lags."""


def judge_machine(facts: MachineFacts) -> list[ConnectionCheck]:
    """Whether Fordway can run here, in the order python, terminal, folder, disk, embedded services."""
    python = ".".join(str(part) for part in facts.python)
    return [
        _check("python", facts.python >= _OLDEST_PYTHON, f"Python {python}", "Use Python 3.11 or later"),
        _terminal(facts),
        _check(
            "data folder",
            facts.is_writable,
            f"{facts.data_dir} {'can' if facts.is_writable else 'can not'} be written",
            "Make it writable, or set FORDWAY_DATA_DIR to another folder",
        ),
        _space("free disk here", facts.free_bytes, "Free space, or set FORDWAY_DATA_DIR to another disk"),
        _embedded("embedded PostgreSQL", facts.missing_postgres, "FORDWAY_TARGET_URL"),
        _embedded("embedded Redis", facts.missing_redis, "FORDWAY_REDIS_URL"),
    ]


def judge_target(facts: TargetFacts) -> list[ConnectionCheck]:
    """Whether a run can write to the target, and be trusted with its clock and its disk."""
    major = facts.version_number // 10_000
    checks = [
        _ok("target", f"{facts.place} answers in {facts.round_trip_seconds * 1000:.1f} ms"),
        _check(
            "target version",
            _OLDEST_POSTGRES <= major <= _NEWEST_POSTGRES,
            f"PostgreSQL {facts.version}",
            f"Use PostgreSQL {_OLDEST_POSTGRES} to {_NEWEST_POSTGRES}",
            fault="R316",
        ),
        _privileges(facts),
        _check(
            "target encoding",
            facts.encoding == "UTF8",
            f"Database {facts.database} is encoded as {facts.encoding}",
            "Create the database with encoding UTF8: other encodings can't hold every text",
        ),
        _clock(facts.clock_skew_seconds),
    ]
    if facts.free_bytes is None:
        size = _size(facts.size_bytes)
        what = f"Unknown: the server's disk can't be seen from here; the database takes {size}"
        checks.append(_warn("target free disk", what, "Ask its administrator before a large move"))
    else:
        checks.append(_space("target free disk", facts.free_bytes, "Free space on the target's disk"))
    return checks


def judge_redis(facts: RedisFacts) -> list[ConnectionCheck]:
    """Whether the agents can talk over this Redis."""
    milliseconds = facts.latency_seconds * 1000
    return [
        ConnectionCheck(
            name="redis",
            status=CheckStatus.WARN if facts.latency_seconds > _SLOW_REDIS_SECONDS else CheckStatus.OK,
            what=f"{facts.place} answers in {milliseconds:.1f} ms",
            todo="Use a Redis nearer to this machine" if facts.latency_seconds > _SLOW_REDIS_SECONDS else "",
        ),
        _redis_version(facts.version),
        _check(
            "redis role",
            not facts.is_replica,
            "Follows another Redis and takes no writes" if facts.is_replica else "Takes writes",
            "Name the primary in the Redis URL",
        ),
        _memory_policy(facts.memory_policy),
    ]


def judge_source(facts: SourceFacts) -> list[ConnectionCheck]:
    """Whether a source can be read."""
    name = "source"
    if facts.kind == "SQLite":
        if not facts.size_bytes:
            return [_warn(name, f"{facts.place} is an empty file", "Check that this is the file you mean")]
        return [_ok(name, f"{facts.place} is a SQLite database of {_size(facts.size_bytes)}")]
    if not facts.has_schema:
        what = f"{facts.place} has no schema {facts.schema} that this role may use"
        return [_fail(name, what, "Correct the schema in the URL, or grant usage on it")]
    if facts.unreadable_tables:
        what = f"{facts.unreadable_tables} of {facts.tables} tables of {facts.schema} may not be read"
        return [_fail(name, f"{facts.place}: {what}", "Grant select on them to this role")]
    if not facts.tables:
        return [_warn(name, f"{facts.place}: schema {facts.schema} has no tables", "Check the schema's name")]
    return [_ok(name, f"{facts.place}: {facts.tables} tables of {facts.schema} can be read")]


def judge_failure(name: str, error: FordwayError) -> ConnectionCheck:
    """What could not be found out at all, as a failed check."""
    what = f"{error.what} ({error.where})" if error.where else error.what
    fault = "R314" if name == "redis" else ""
    return _fail(name, what, error.todo or "Mend that, then try again", fault=fault)


def _terminal(facts: MachineFacts) -> ConnectionCheck:
    if not facts.columns:
        return _warn("terminal", "This is no terminal", "Use `fordway run --json` in scripts")
    size = f"{facts.columns}x{facts.lines}"
    if facts.columns < _SMALLEST_COLUMNS or facts.lines < _SMALLEST_LINES:
        return _warn("terminal", f"{size} is small", "Enlarge it to 80x24 or more, or use --plain")
    if facts.encoding.lower().replace("-", "") != "utf8":
        return _warn(
            "terminal", f"{size}, encoding {facts.encoding}", "Set LANG to a UTF-8 locale, or use --plain"
        )
    return _ok("terminal", f"{size}, UTF-8")


def _privileges(facts: TargetFacts) -> ConnectionCheck:
    name = "target privileges"
    if facts.is_standby:
        return _fail(
            name,
            "The server is a standby and takes no writes",
            "Name the primary in the target URL",
            fault="R303",
        )
    if facts.is_read_only:
        what = f"Sessions of {facts.role} are read-only"
        return _fail(name, what, "Use another role: this one can watch, not move", fault="R303")
    if not facts.may_create:
        what = f"{facts.role} may not create schemas in {facts.database}"
        todo = "As the database's owner: grant create on database NAME to ROLE"
        return _fail(name, what, todo, fault="R312")
    if facts.is_superuser:
        return _ok(name, f"{facts.role} may do everything (superuser)")
    return _ok(name, f"{facts.role} may create schemas in {facts.database}")


def _clock(skew_seconds: float) -> ConnectionCheck:
    if abs(skew_seconds) <= _LARGE_SKEW_SECONDS:
        return _ok("target clock", f"{abs(skew_seconds):.1f} s from this machine's")
    direction = "ahead of" if skew_seconds > 0 else "behind"
    what = f"{abs(skew_seconds):.0f} s {direction} this machine's"
    return _warn("target clock", what, "Set both clocks by a time server", fault="R315")


def _redis_version(version: tuple[int, ...] | None) -> ConnectionCheck:
    if version is None:
        return _warn("redis version", "The server does not tell", "Make sure that it is 6.2 or later")
    text = ".".join(str(part) for part in version)
    return _check("redis version", version >= _OLDEST_REDIS, f"Redis {text}", "Use Redis 6.2 or later")


def _memory_policy(policy: str) -> ConnectionCheck:
    name = "redis memory"
    if not policy:
        return _warn(name, "The server does not tell its policy", "Make sure that it is noeviction")
    if policy == "noeviction":
        return _ok(name, "A full memory refuses writes and drops nothing")
    what = f"With {policy} a full memory drops messages; they are sent again, later"
    return _warn(name, what, "Set maxmemory-policy to noeviction")


def _embedded(name: str, missing: str, variable: str) -> ConnectionCheck:
    if not missing:
        return _ok(name, "Is installed")
    return _warn(name, missing, f"Set {variable} to a server of your own")


def _space(name: str, free_bytes: int, todo: str) -> ConnectionCheck:
    what = f"{_size(free_bytes)} free"
    if free_bytes < _NO_SPACE_BYTES:
        return _fail(name, what, todo)
    return _warn(name, what, todo) if free_bytes < _LITTLE_SPACE_BYTES else _ok(name, what)


def _size(count_bytes: int) -> str:
    value = float(count_bytes)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000:
            return f"{value:,.0f} {unit}"
        value /= 1000
    return f"{value:,.0f} TB"


def _check(name: str, is_good: bool, what: str, todo: str, *, fault: str = "") -> ConnectionCheck:
    return _ok(name, what) if is_good else _fail(name, what, todo, fault=fault)


def _ok(name: str, what: str) -> ConnectionCheck:
    return ConnectionCheck(name=name, status=CheckStatus.OK, what=what)


def _warn(name: str, what: str, todo: str, *, fault: str = "") -> ConnectionCheck:
    return ConnectionCheck(name=name, status=CheckStatus.WARN, what=what, todo=todo, fault=fault)


def _fail(name: str, what: str, todo: str, *, fault: str = "") -> ConnectionCheck:
    return ConnectionCheck(name=name, status=CheckStatus.FAIL, what=what, todo=todo, fault=fault)

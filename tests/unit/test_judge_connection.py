from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.connection import (
    CheckStatus,
    ConnectionCheck,
    MachineFacts,
    RedisFacts,
    SourceFacts,
    TargetFacts,
)
from engine.model.errors import CannotConnect
from engine.planning.judge_connection import (
    judge_failure,
    judge_machine,
    judge_redis,
    judge_source,
    judge_target,
)

TARGET = TargetFacts(
    place="postgresql://me@db/app",
    version_number=180_004,
    version="18.4",
    database="app",
    role="me",
    is_superuser=False,
    may_create=True,
    is_standby=False,
    is_read_only=False,
    encoding="UTF8",
    clock_skew_seconds=0.01,
    round_trip_seconds=0.001,
    size_bytes=8_000_000,
    free_bytes=50_000_000_000,
)
REDIS = RedisFacts(
    place="redis://db",
    version=(6, 2, 14),
    memory_policy="noeviction",
    is_replica=False,
    latency_seconds=0.001,
)
MACHINE = MachineFacts(
    python=(3, 11),
    columns=120,
    lines=36,
    encoding="utf-8",
    data_dir=Path("/srv/fordway"),
    is_writable=True,
    free_bytes=50_000_000_000,
)
SERVER = SourceFacts(
    place="postgresql://db/old",
    kind="PostgreSQL",
    version_number=140_000,
    size_bytes=None,
    tables=3,
    schema="old",
)
FILE = SourceFacts(place="/srv/old.db", kind="SQLite", version_number=None, size_bytes=4096, tables=None)


def _verdicts(checks: list[ConnectionCheck]) -> dict[str, CheckStatus]:
    return {check.name: check.status for check in checks if check.status is not CheckStatus.OK}


@pytest.mark.parametrize(
    "checks",
    [
        judge_target(TARGET),
        judge_redis(REDIS),
        judge_machine(MACHINE),
        judge_source(SERVER),
        judge_source(FILE),
    ],
    ids=["target", "redis", "machine", "server", "file"],
)
def test_judge_good_facts_finds_nothing_to_do(checks: list[ConnectionCheck]) -> None:
    """When all is well every check is ok and asks for nothing."""
    assert {} == _verdicts(checks)
    assert [""] * len(checks) == [check.todo for check in checks]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(TARGET, version_number=130_011), {"target version": "fail"}),
        (replace(TARGET, version_number=190_000), {"target version": "fail"}),
        (replace(TARGET, version_number=140_000), {}),
        (replace(TARGET, is_standby=True), {"target privileges": "fail"}),
        (replace(TARGET, is_read_only=True), {"target privileges": "fail"}),
        (replace(TARGET, may_create=False), {"target privileges": "fail"}),
        (replace(TARGET, is_superuser=True), {}),
        (replace(TARGET, encoding="SQL_ASCII"), {"target encoding": "fail"}),
        (replace(TARGET, clock_skew_seconds=-90.0), {"target clock": "warn"}),
        (replace(TARGET, clock_skew_seconds=5.0), {}),
        (replace(TARGET, free_bytes=None), {"target free disk": "warn"}),
        (replace(TARGET, free_bytes=100_000_000), {"target free disk": "warn"}),
        (replace(TARGET, free_bytes=1_000_000), {"target free disk": "fail"}),
    ],
)
def test_judge_target_with_one_flaw_names_that_flaw(facts: TargetFacts, expected: dict[str, str]) -> None:
    """One flaw gives one verdict, and that one says what to do."""
    checks = judge_target(facts)

    assert expected == _verdicts(checks)
    assert all(check.todo for check in checks if check.status is not CheckStatus.OK)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(REDIS, version=(6, 0, 16)), {"redis version": "fail"}),
        (replace(REDIS, version=(7, 2)), {}),
        (replace(REDIS, version=None), {"redis version": "warn"}),
        (replace(REDIS, memory_policy="allkeys-lru"), {"redis memory": "warn"}),
        (replace(REDIS, memory_policy=""), {"redis memory": "warn"}),
        (replace(REDIS, is_replica=True), {"redis role": "fail"}),
        (replace(REDIS, latency_seconds=0.2), {"redis": "warn"}),
    ],
)
def test_judge_redis_with_one_flaw_names_that_flaw(facts: RedisFacts, expected: dict[str, str]) -> None:
    """One flaw gives one verdict, and that one says what to do."""
    checks = judge_redis(facts)

    assert expected == _verdicts(checks)
    assert all(check.todo for check in checks if check.status is not CheckStatus.OK)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(MACHINE, python=(3, 10)), {"python": "fail"}),
        (replace(MACHINE, columns=79), {"terminal": "warn"}),
        (replace(MACHINE, columns=0, lines=0), {"terminal": "warn"}),
        (replace(MACHINE, encoding="ANSI_X3.4-1968"), {"terminal": "warn"}),
        (replace(MACHINE, is_writable=False), {"data folder": "fail"}),
        (replace(MACHINE, free_bytes=0), {"free disk here": "fail"}),
        (replace(MACHINE, missing_postgres="no wheel"), {"embedded PostgreSQL": "warn"}),
        (replace(MACHINE, missing_redis="no server"), {"embedded Redis": "warn"}),
    ],
)
def test_judge_machine_with_one_flaw_names_that_flaw(facts: MachineFacts, expected: dict[str, str]) -> None:
    """One flaw gives one verdict, and that one says what to do."""
    checks = judge_machine(facts)

    assert expected == _verdicts(checks)
    assert all(check.todo for check in checks if check.status is not CheckStatus.OK)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(FILE, size_bytes=0), "warn"),
        (replace(SERVER, has_schema=False), "fail"),
        (replace(SERVER, unreadable_tables=1), "fail"),
        (replace(SERVER, tables=0), "warn"),
    ],
)
def test_judge_source_with_one_flaw_names_that_flaw(facts: SourceFacts, expected: str) -> None:
    """A source that can't be read, or has nothing to read, is not ok."""
    [check] = judge_source(facts)

    assert expected == check.status
    assert check.todo


def test_judge_failure_keeps_the_place_and_the_advice() -> None:
    """What could not be asked at all is a failed check with the error's own words."""
    check = judge_failure(
        "target", CannotConnect("Nobody answers there", where="postgresql://db", todo="Start it")
    )

    assert (
        ConnectionCheck(
            name="target",
            status=CheckStatus.FAIL,
            what="Nobody answers there (postgresql://db)",
            todo="Start it",
        )
        == check
    )

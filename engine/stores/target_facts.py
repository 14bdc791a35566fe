"""Finds out what the doctor needs to know of a target."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from engine.model.connection import TargetFacts
from engine.stores.connect import connect
from engine.stores.dsn import scrub
from engine.stores.sqlstate import translated
from sql import load

__all__ = ["read_target_facts"]


def read_target_facts(url: str, *, now: Callable[[], float], disk: Path | None = None) -> TargetFacts:
    """What a server says of itself, over one connection; nothing is changed.

    Args:
        url: the target.
        now: this machine's clock, in seconds since 1970.
        disk: a folder on the server's disk if that is this machine's; None means it is not.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
        FordwayError: the server refuses the question.
    """
    place = scrub(url)
    with connect(url, purpose="doctor") as connection, translated(place):
        # The first query pays for the server's caches; the second measures the way.
        connection.execute(load("doctor/read_target"))
        before = now()
        row = connection.execute(load("doctor/read_target")).fetchone()
        after = now()
    if row is None:
        raise AssertionError("the role connected as is always listed")
    return TargetFacts(
        place=place,
        version_number=row[0],
        version=row[1],
        database=row[2],
        role=row[3],
        is_superuser=row[4],
        may_create=row[5],
        is_standby=row[6],
        is_read_only=row[7],
        encoding=row[8],
        clock_skew_seconds=row[9] - (before + after) / 2,
        round_trip_seconds=after - before,
        size_bytes=row[10],
        free_bytes=shutil.disk_usage(disk).free if disk else None,
    )

"""Checks everything a run needs and says what to do about each failure; changes nothing."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from console.embedded import EmbeddedServices, acquire
from console.embedded_binaries import find_postgres, find_redis
from console.settings import Settings
from engine.bus.redis_facts import read_redis_facts
from engine.model.connection import ConnectionCheck, MachineFacts
from engine.model.errors import FordwayError
from engine.planning.judge_connection import (
    judge_failure,
    judge_machine,
    judge_redis,
    judge_source,
    judge_target,
)
from engine.stores.source_facts import read_source_facts
from engine.stores.target_facts import read_target_facts

__all__ = ["machine_facts", "run_doctor"]


def run_doctor(
    settings: Settings,
    sources: Iterable[str] = (),
    *,
    on_progress: Callable[[str], None] = lambda _: None,
) -> list[ConnectionCheck]:
    """Every check, in the order machine, target, Redis, sources; a failure never ends the others.

    Embedded services are started for the check where the settings name no server.

    Args:
        settings: which servers and which folder to check.
        sources: URLs of sources to check.
        on_progress: told what is going on, in plain words, when it takes time.
    """
    checks = judge_machine(machine_facts(settings.data_dir))
    needs_target, needs_redis = settings.target_url is None, settings.redis_url is None
    if needs_target or needs_redis:
        try:
            with acquire(
                settings.data_dir, postgres=needs_target, redis=needs_redis, on_progress=on_progress
            ) as embedded:
                checks += _check_servers(settings, embedded)
        except FordwayError as error:
            checks.append(judge_failure("embedded services", error))
    else:
        checks += _check_servers(settings, None)
    for url in sources:
        checks += _checked("source", partial(_check_source, url))
    return checks


def machine_facts(data_dir: Path) -> MachineFacts:
    """What this machine offers now.

    Args:
        data_dir: the user's data folder; it need not exist, and is not made.
    """
    existing = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    size = os.get_terminal_size() if sys.stdout.isatty() else os.terminal_size((0, 0))
    return MachineFacts(
        python=(sys.version_info.major, sys.version_info.minor),
        columns=size.columns,
        lines=size.lines,
        encoding=sys.stdout.encoding or "unknown",
        data_dir=data_dir,
        is_writable=existing.is_dir() and os.access(existing, os.W_OK | os.X_OK),
        free_bytes=shutil.disk_usage(existing).free,
        missing_postgres=_why_missing(find_postgres),
        missing_redis=_why_missing(find_redis),
    )


def _check_servers(settings: Settings, embedded: EmbeddedServices | None) -> list[ConnectionCheck]:
    target_url = _revealed(settings.target_url) or (embedded.target_url if embedded else None) or ""
    redis_url = _revealed(settings.redis_url) or (embedded.redis_url if embedded else None) or ""
    # Only an embedded server's disk is this machine's for certain.
    disk = embedded.state_dir if embedded and settings.target_url is None else None
    checks = _checked("target", lambda: judge_target(read_target_facts(target_url, now=time.time, disk=disk)))
    return checks + _checked("redis", lambda: judge_redis(read_redis_facts(redis_url, now=time.perf_counter)))


def _check_source(url: str) -> list[ConnectionCheck]:
    return judge_source(read_source_facts(url))


def _checked(name: str, check: Callable[[], list[ConnectionCheck]]) -> list[ConnectionCheck]:
    try:
        return check()
    except FordwayError as error:
        return [judge_failure(name, error)]


def _why_missing(find: Callable[[], Path]) -> str:
    try:
        find()
    except FordwayError as error:
        return error.what
    return ""


def _revealed(url: SecretStr | None) -> str | None:
    return url.get_secret_value() if url else None

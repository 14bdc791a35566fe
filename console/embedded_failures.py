"""What went wrong with the embedded services, in sentences a keeper hands to its holders."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from console.embedded_places import EmbeddedPlaces
from engine.model.errors import CannotConnect, FordwayError, NotAllowed, ServerBusy, TargetFull

__all__ = [
    "crashed",
    "failure_told",
    "gave_up",
    "never_came",
    "still_busy",
    "write_failure",
    "write_whole",
]

_SMALL_DISK_BYTES = 1_000_000
"""Less than this free is a full disk, whatever else is said."""
_LOG_TAIL_BYTES = 4_000


def gave_up(places: EmbeddedPlaces, *, service: str, title: str) -> FordwayError:
    """Why a server does not start, by the end of its log."""
    tail = _tail(places.log_file(service))
    if os.strerror(28) in tail:  # 28 is ENOSPC on every Unix
        return TargetFull(
            f"The disk is full: {title} can't start",
            where=str(places.state_dir),
            safe="Everything committed is still there",
            todo="Free space, then try again",
        )
    last = tail.strip().splitlines()[-1:] or ["it says nothing"]
    return CannotConnect(
        f"The embedded {title} does not start: {last[0]}",
        where=f"log {places.log_file(service)}",
        safe="Everything committed is still there",
        todo="Read the log, mend the cause, then try again",
    )


def crashed(places: EmbeddedPlaces) -> FordwayError:
    """The keeper itself failed in a way nobody foresaw."""
    return CannotConnect(
        "The keeper of the embedded services ended unexpectedly",
        where=f"log {places.log_file('keeper')}",
        safe="Everything committed is still there",
        todo="Try again; if it comes back, report it with that log",
    )


def write_failure(places: EmbeddedPlaces, error: FordwayError) -> None:
    """Every holder that waits reads the error, and tells it from an older one by its id."""
    words = {"what": error.what, "where": error.where, "safe": error.safe, "todo": error.todo}
    text = json.dumps({"id": f"{os.getpid()}-{time.monotonic_ns()}", "kind": type(error).__name__, **words})
    write_whole(places.failure_file, text)


def write_whole(path: Path, text: str) -> None:
    """Readers see the old text or the new, never half of one."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def failure_told(failure: Mapping[str, object]) -> FordwayError:
    """The error a keeper wrote down, as it was."""
    kinds = {kind.__name__: kind for kind in (TargetFull, NotAllowed)}
    kind = kinds.get(str(failure.get("kind")), CannotConnect)
    where, safe, todo = (str(failure.get(name, "")) for name in ("where", "safe", "todo"))
    return kind(str(failure.get("what", "")), where=where, safe=safe, todo=todo)


def never_came(places: EmbeddedPlaces) -> FordwayError:
    """Why the services did not come up, as far as it can be seen from outside."""
    safe = "Everything committed is still there"
    if shutil.disk_usage(places.state_dir).free < _SMALL_DISK_BYTES:
        return TargetFull(
            "The disk is full: the embedded services can't start",
            where=str(places.state_dir),
            safe=safe,
            todo="Free space, then try again",
        )
    return CannotConnect(
        "The embedded services did not come up in time",
        where=f"logs in {places.state_dir}",
        safe=safe,
        todo="Read the logs, mend the cause, then try again",
    )


def still_busy(places: EmbeddedPlaces) -> ServerBusy:
    """The services are still in use, or have not ended in time."""
    return ServerBusy(
        "The embedded services did not end in time",
        where=str(places.state_dir),
        safe="Nothing was changed",
        todo="Wait a moment, then try again",
    )


def _tail(path: Path) -> str:
    try:
        return path.read_bytes()[-_LOG_TAIL_BYTES:].decode("utf-8", "replace")
    except OSError:
        return ""

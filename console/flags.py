"""What flags say, as settings and sources."""

from __future__ import annotations

from collections.abc import Sequence

from console.settings import Settings, load_settings
from engine.model.errors import BadInput

__all__ = ["settings_from", "sources_given"]


def sources_given(source: Sequence[str] | None) -> dict[str, str]:
    """URLs by name from ``--source name=URL`` flags."""
    found = {}
    for item in source or ():
        name, equals, url = item.partition("=")
        if not equals or not name or not url:
            raise BadInput(f"--source {name} names no URL", todo="Write --source NAME=URL")
        found[name] = url
    return found


def settings_from(*, target: str, redis: str, workers: int | None = None) -> Settings:
    """The settings in force with these flags."""
    return load_settings(target_url=target or None, redis_url=redis or None, workers=workers)

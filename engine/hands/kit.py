"""What one worker works with: its own connections, opened when first needed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from engine.model.errors import StatementFailed
from engine.model.ports import Source
from engine.stores.dsn import is_postgres
from engine.stores.open_source import open_source
from engine.stores.target_checks import TargetChecks
from engine.stores.target_session import TargetSession

__all__ = ["HandsSetup", "Kit"]

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsSetup:
    """What a worker needs to open its own connections. Holds secrets; never logged or stored."""

    target_url: str = field(repr=False)
    source_urls: Mapping[str, str] = field(repr=False)
    run_time: datetime
    """The moment of the approval, the value of RUN_TIME columns."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """By source name, what every worker must see: an exported snapshot, or a file's state."""
    further: tuple[str, ...] = ()
    """Schemas of the target in which names are looked up after those of the plan."""


class Kit:
    """One worker's connections, and what it made from plans."""

    def __init__(self, setup: HandsSetup) -> None:
        """Opens nothing yet."""
        self._setup = setup
        self.run_time = setup.run_time
        self.target = TargetSession(setup.target_url, purpose="worker", further=setup.further)
        self._checks: TargetChecks | None = None
        self._sources: dict[str, Source] = {}
        self._snapshots = dict(setup.snapshots)
        self._made: dict[Hashable, object] = {}

    @property
    def source_names(self) -> tuple[str, ...]:
        """The playbook's names of all sources of the run."""
        return tuple(self._setup.source_urls)

    def source(self, name: str) -> Source:
        """The source of that name, seen as every other worker sees it."""
        if name not in self._sources:
            self._sources[name] = self._open(name)
        return self._sources[name]

    def _open(self, name: str) -> Source:
        url = self._setup.source_urls[name]
        try:
            return open_source(name, url, snapshot=self._snapshots.get(name))
        except StatementFailed:
            if not is_postgres(url) or name not in self._snapshots:
                raise
            # The source's server was restarted before this worker first looked: as after a cut.
            del self._snapshots[name]
            return open_source(name, url)

    @property
    def checks(self) -> TargetChecks:
        """The target as the checker reads it."""
        if self._checks is None:
            self._checks = TargetChecks(self._setup.target_url)
        return self._checks

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What ``make`` returned when it was first asked for under this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("_Made", self._made[key])

    def start_over(self) -> None:
        """After a cut connection: sources are opened anew.

        A server's snapshot dies with its session and is not asked for again; verification
        compares what came of both views.
        """
        self._drop()
        self._snapshots = {
            name: state
            for name, state in self._snapshots.items()
            if not is_postgres(self._setup.source_urls[name])
        }

    def close(self) -> None:
        """Every connection is gone."""
        self._drop()
        self.target.close()

    def _drop(self) -> None:
        for source in self._sources.values():
            source.close()
        self._sources = {}
        if self._checks is not None:
            self._checks.close()
            self._checks = None

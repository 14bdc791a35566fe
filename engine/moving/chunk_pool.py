"""Where chunks are moved: one thread by default, processes when more hands are asked for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from engine.model.errors import ConnectionCut
from engine.model.events import ChunkCommitted
from engine.model.ports import Source
from engine.moving.copy_chunk import ChunkTask, copy_chunk
from engine.moving.encode_rows import RowEncoder
from engine.stores.open_source import open_source
from engine.stores.target_session import TargetSession

__all__ = ["ChunkPool", "PoolSetup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSetup:
    """What a worker needs to open its own connections. Holds secrets; never logged or stored."""

    target_url: str = field(repr=False)
    source_urls: Mapping[str, str] = field(repr=False)
    run_time: datetime
    """The moment of the approval, the value of RUN_TIME columns."""
    snapshots: Mapping[str, str] = field(default_factory=dict)
    """Exported snapshot by source name, so that every worker reads what was cut."""


class _Worker:
    """One thread's connections and encoders, opened when first needed."""

    def __init__(self, setup: PoolSetup) -> None:
        self._setup = setup
        self._target = TargetSession(setup.target_url, purpose="worker")
        self._sources: dict[str, Source] = {}
        self._encoders: dict[int, RowEncoder] = {}
        self._snapshots = dict(setup.snapshots)

    def move(self, task: ChunkTask) -> ChunkCommitted | None:
        source = self._source(task.table.source)
        encoder = self._encoders.get(task.table.number)
        if encoder is None:
            encoder = RowEncoder(task.table, engine=source.engine, run_time=self._setup.run_time)
            self._encoders[task.table.number] = encoder
        try:
            return copy_chunk(task, source=source, target=self._target, encoder=encoder)
        except ConnectionCut:
            # The next try opens the source anew, perhaps after the snapshot died with its session;
            # verification compares what came of both.
            self.drop_sources()
            self._snapshots = {}
            raise

    def _source(self, name: str) -> Source:
        if name not in self._sources:
            self._sources[name] = open_source(
                name, self._setup.source_urls[name], snapshot=self._snapshots.get(name)
            )
        return self._sources[name]

    def drop_sources(self) -> None:
        for source in self._sources.values():
            source.close()
        self._sources = {}

    def close(self) -> None:
        self.drop_sources()
        self._target.close()


_SETUP: PoolSetup | None = None
_LOCAL = threading.local()
_PARENT_CHECK_SECONDS = 0.5


def _begin(setup: PoolSetup, parent: int) -> None:
    """Runs in a new worker process; it must not outlive the runner that owns the lease.

    Args:
        setup: what to open connections with.
        parent: the runner's pid, told rather than asked for: it may be dead by now.
    """
    global _SETUP
    # Ctrl-C reaches the whole group; the runner alone decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _SETUP = setup

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


def _move_in_process(task: ChunkTask) -> ChunkCommitted | None:
    assert _SETUP is not None
    if not hasattr(_LOCAL, "worker"):
        _LOCAL.worker = _Worker(_SETUP)
    worker: _Worker = _LOCAL.worker
    return worker.move(task)


class ChunkPool:
    """Hands chunks to an executor; ``concurrent.futures`` is the seam for other machines."""

    def __init__(self, setup: PoolSetup, *, workers: int) -> None:
        """Starts nothing until the first chunk comes."""
        self.workers = max(1, workers)
        self._setup = setup
        self._single: _Worker | None = None
        self._executor: Executor | None = None

    def submit(self, task: ChunkTask) -> Future[ChunkCommitted | None]:
        """The chunk is under way."""
        if self._executor is None:
            self._executor = self._open()
        if self.workers == 1:
            assert self._single is not None
            return self._executor.submit(self._single.move, task)
        return self._executor.submit(_move_in_process, task)

    def rebuild(self) -> None:
        """A worker process died: the rest is given up and a new pool takes over."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = None

    def close(self) -> None:
        """All workers are gone; the open chunk ended first."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
        if self._single is not None:
            self._single.close()
            self._single = None

    def _open(self) -> Executor:
        if self.workers == 1:
            self._single = _Worker(self._setup)
            return ThreadPoolExecutor(max_workers=1, thread_name_prefix="chunks")
        # spawn: a forked child would share the runner's sockets and locks.
        return ProcessPoolExecutor(
            max_workers=self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._setup, os.getpid()),
        )

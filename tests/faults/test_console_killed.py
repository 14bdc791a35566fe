"""A console that dies, however it dies, never touches the run it shows."""

from __future__ import annotations

import os
import pty
import select
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from console.attach import LedgerLink
from console.settings import load_settings
from console.wiring import create_run, open_services
from engine.agents.context import RunSettings
from engine.model.run import RunState
from engine.playbooks.copy_playbook import playbook_for_copy

ROWS = 60_000


def make_source(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("create table item (id integer primary key, name text)")
    connection.executemany("insert into item values (?, ?)", ((n, f"item {n}") for n in range(1, ROWS + 1)))
    connection.commit()
    connection.close()


@pytest.fixture
def link(target_url: str, redis_url: str, data_dir: Path, tmp_path: Path) -> Iterator[LedgerLink]:
    """A run over 60,000 rows with a detached runner at work."""
    source = tmp_path / "items.db"
    make_source(source)
    settings = load_settings(target_url=target_url, redis_url=redis_url, data_dir=data_dir)
    opened = open_services(settings)
    ledger = opened.ledger("test")
    playbook = playbook_for_copy(str(source), target_url)
    run_id = create_run(
        ledger, playbook=playbook, target_url=target_url, settings=RunSettings(assume_yes=True)
    )
    ledger.close()
    link = LedgerLink(opened, run_id, source_urls={"source": str(source)})
    link.start()
    yield link
    link.close()


@contextmanager
def attached_console(link: LedgerLink, target_url: str, redis_url: str, data_dir: Path) -> Iterator[int]:
    """The pid of a `fordway attach` that has drawn the run."""
    fordway = str(Path(sys.executable).with_name("fordway"))
    settings = {
        "FORDWAY_TARGET_URL": target_url,
        "FORDWAY_REDIS_URL": redis_url,
        "FORDWAY_DATA_DIR": str(data_dir),
        "TERM": "xterm-256color",
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(fordway, [fordway, "attach", link.run_id], {**os.environ, **settings})
    seen = b""
    while link.run_id[:8].encode() not in seen:
        ready, _, _ = select.select([terminal], [], [], 20)
        assert ready, "the console drew nothing"
        seen += os.read(terminal, 65536)
    try:
        yield pid
    finally:
        os.close(terminal)


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_console_gone_in_the_middle_leaves_the_run_to_its_end(
    number: signal.Signals,
    link: LedgerLink,
    target_url: str,
    redis_url: str,
    data_dir: Path,
    eventually: Callable[..., None],
) -> None:
    """The run whose console died ends complete, with every row once."""
    with attached_console(link, target_url, redis_url, data_dir) as pid:
        os.kill(pid, number)
        os.waitpid(pid, 0)

    eventually(lambda: link.record().state is RunState.COMPLETE, seconds=60)
    with psycopg.connect(target_url) as connection:
        counted = connection.execute("select count(*), count(distinct id), max(id) from item").fetchone()

    assert (ROWS, ROWS, ROWS) == counted

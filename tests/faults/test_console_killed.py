"""A console that dies, however it dies, never touches the run it shows."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from console.attach import LedgerLink
from console.settings import load_settings
from console.wiring import create_run, open_services
from engine.model.run import RunState
from engine.model.run_settings import RunSettings
from engine.playbooks.copy_playbook import playbook_for_copy
from tests.fix_terminal import OnTerminal

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
    places = {
        "FORDWAY_TARGET_URL": target_url,
        "FORDWAY_REDIS_URL": redis_url,
        "FORDWAY_DATA_DIR": str(data_dir),
    }
    console = OnTerminal("attach", link.run_id, environment={**os.environ, **places})
    console.wait_for(link.run_id[:8])
    console.end(number)

    eventually(lambda: link.record().state is RunState.COMPLETE, seconds=60)
    with psycopg.connect(target_url) as connection:
        counted = connection.execute("select count(*), count(distinct id), max(id) from item").fetchone()

    assert (ROWS, ROWS, ROWS) == counted

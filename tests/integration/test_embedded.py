from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from console import embedded_binaries
from console.embedded import EmbeddedServices, acquire, forget
from console.embedded_places import make_folder, places_for
from engine.model.errors import CannotConnect, NotAllowed


def test_acquire_cold_gives_servers_that_answer(own_services: EmbeddedServices) -> None:
    """A first start ends with a UTF-8 database in UTC and a Redis that drops nothing."""
    with psycopg.connect(str(own_services.target_url)) as connection:
        found = connection.execute(
            "select current_user::text, current_database()::text, pg_encoding_to_char(encoding)::text,"
            " current_setting('timezone'), current_setting('listen_addresses'), current_setting('server_version_num')::int / 10000"
            " from pg_database where datname = current_database()"
        ).fetchone()
    with redis.Redis.from_url(str(own_services.redis_url)) as client:
        memory, persistence = client.info("memory"), client.info("persistence")

    assert ("fordway", "fordway", "UTF8", "UTC", "", 18) == found
    assert ("noeviction", 1) == (memory["maxmemory_policy"], persistence["aof_enabled"])


def test_acquire_warm_shares_the_servers(own_services: EmbeddedServices, data_dir: Path) -> None:
    """A second holder gets the same processes, at once."""
    before = own_services.pids()
    start = time.perf_counter()

    with acquire(data_dir) as second:
        seconds = time.perf_counter() - start

        assert before == second.pids()
    assert seconds < 1.0  # typically 0.002; a busy machine may be slow, a cold start is not this fast


def test_acquire_of_redis_alone_starts_no_postgres(data_dir: Path) -> None:
    """Who brings a target of their own gets only the Redis."""
    with acquire(data_dir, postgres=False) as services:
        assert services.target_url is None
        assert services.pids().postgres is None
        assert services.pids().redis


def test_acquire_of_postgres_later_adds_it(data_dir: Path) -> None:
    """A second holder may need more than the first."""
    with acquire(data_dir, postgres=False), acquire(data_dir) as second:
        assert second.pids().postgres


def test_acquire_after_release_keeps_what_was_written(
    data_dir: Path, eventually: Callable[..., None]
) -> None:
    """The cluster outlives its server."""
    with acquire(data_dir) as services, psycopg.connect(str(services.target_url)) as connection:
        connection.execute("create table kept as select 7 as number")
    eventually(lambda: not (places_for(data_dir).services_file.exists()))

    with acquire(data_dir) as services, psycopg.connect(str(services.target_url)) as connection:
        row = connection.execute("select number from kept").fetchone()

    assert (7,) == row


def test_acquire_tells_what_takes_time(data_dir: Path) -> None:
    """The first start says that it makes a database."""
    said: list[str] = []

    acquire(data_dir, on_progress=said.append).release()

    assert any("first time only" in line for line in said)


def test_acquire_leaves_sockets_to_their_owner_alone(own_services: EmbeddedServices) -> None:
    """Nobody else gets near the sockets: trust authentication relies on it."""
    socket_dir = Path(str(own_services.target_url).partition("host=")[2].partition("&")[0])

    assert 0o700 == stat.S_IMODE(socket_dir.stat().st_mode)
    assert 0o700 == stat.S_IMODE((own_services.state_dir / "postgresql").stat().st_mode)


def test_acquire_opens_no_folder_above_the_data(tmp_path: Path) -> None:
    """Modes and owners of folders Fordway did not make stay as they were."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [folder.stat()[:6] for folder in (closed, tmp_path)]

    acquire(closed / "data").release()

    forget(closed / "data")
    assert [entry[0] for entry in before] == [folder.stat().st_mode for folder in (closed, tmp_path)]
    assert [entry[4] for entry in before] == [folder.stat().st_uid for folder in (closed, tmp_path)]


def test_acquire_cluster_of_another_version_is_refused_in_a_sentence(
    data_dir: Path, eventually: Callable[..., None]
) -> None:
    """A cluster made by another PostgreSQL is named and left alone."""
    acquire(data_dir).release()
    places = places_for(data_dir)
    eventually(lambda: not places.services_file.exists())
    (places.cluster_dir / "PG_VERSION").write_text("17\n", "utf-8")

    with pytest.raises(CannotConnect, match="was made by PostgreSQL 17") as caught:
        acquire(data_dir)

    assert caught.value.todo


def test_find_redis_without_one_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither wheel nor program exists, the sentence names the way out."""
    monkeypatch.setattr(embedded_binaries, "_package_folder", lambda name: Path(os.devnull))
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(CannotConnect, match="no redis-server") as caught:
        embedded_binaries.find_redis()

    assert "FORDWAY_REDIS_URL" in caught.value.todo


def test_make_folder_over_a_link_is_refused(tmp_path: Path) -> None:
    """A link planted where Fordway's folder should be is never followed."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotAllowed, match="not Fordway's own"):
        make_folder(tmp_path / "link", mode=0o700)


def test_forget_after_use_leaves_nothing(data_dir: Path) -> None:
    """Neither data nor sockets nor processes remain."""
    with acquire(data_dir) as services:
        state_dir = services.state_dir

    forget(data_dir)

    assert not state_dir.exists()

"""A password in a URL is used and never shown: not in ledger, bus, log, file, line or traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psutil
import pytest
import redis

from console.embedded import EmbeddedServices
from tests.fix_runs import CommandLine, Finished, command_line, query, value

_SECRETS = {"source": "hush-s0urce/Pa:ss", "target": "hush-t4rget@Pass", "redis": "hush-redis-Pass"}


@dataclass(slots=True, kw_only=True)
class Guarded:
    """Servers that ask for passwords, and the URLs that hold them."""

    admin_url: str
    target_url: str
    source_url: str
    redis_url: str
    admin_redis_url: str
    line: CommandLine
    folder: Path


def _with_login(url: str, user: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}"))


@pytest.fixture
def guarded(own_services: EmbeddedServices, tmp_path: Path) -> Iterator[Guarded]:
    """PostgreSQL roles behind scram-sha-256 and a Redis user behind an ACL."""
    admin, bus = str(own_services.target_url), str(own_services.redis_url)
    for role in ("source", "target"):
        query(admin, f"create role {role} login createrole password '{_SECRETS[role]}'")
        query(admin, f"grant all on database {urlsplit(admin).path.lstrip('/')} to {role}")
    query(admin, "create schema legacy authorization source")
    query(
        admin,
        "create table legacy.item (id int primary key, name text); insert into legacy.item select n, 'n' || n from generate_series(1, 500) as n; alter table legacy.item owner to source; grant create, usage on schema public to target",
    )
    hba = Path(str(value(admin, "show hba_file")))
    hba.write_text("local all source,target scram-sha-256\n" + hba.read_text())
    query(admin, "select pg_reload_conf()")
    with redis.Redis.from_url(bus) as client:
        client.execute_command("acl", "setuser", "agent", "on", f">{_SECRETS['redis']}", "~*", "+@all")
    socket = bus.partition("?")[0].removeprefix("unix://")
    redis_url = f"unix://agent:{_SECRETS['redis']}@{socket}?db=0"
    target_url = _with_login(admin, "target", _SECRETS["target"])
    with command_line(target_url, redis_url, tmp_path / "cli") as line:
        yield Guarded(
            admin_url=admin,
            target_url=target_url,
            source_url=_with_login(admin, "source", _SECRETS["source"]) + "&schema=legacy",
            redis_url=redis_url,
            admin_redis_url=bus,
            line=line,
            folder=tmp_path,
        )


def _told(text: str) -> list[str]:
    """Which secrets a text gives away, in any spelling."""
    spellings = {name: {word, quote(word, safe=""), quote(word)} for name, word in _SECRETS.items()}
    return [name for name, words in spellings.items() if any(word in text for word in words)]


def _ledger_text(url: str) -> str:
    tables = query(
        url, "select relname from pg_class where relnamespace = 'fordway'::regnamespace and relkind = 'r'"
    )
    assert len(tables) > 15
    return "\n".join(str(query(url, f'select t::text from fordway."{name}" as t')) for (name,) in tables)


def _wire_text(url: str) -> str:
    with redis.Redis.from_url(url, decode_responses=True) as client:
        found = []
        for key in client.scan_iter():
            kind = client.type(key)
            content = (
                client.xrange(key) if kind == "stream" else client.get(key) if kind == "string" else kind
            )
            found.append(f"{key} {content}")
        return "\n".join(found)


def _files_text(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_text("utf-8", "replace") for path in files)


def _playbook(guarded: Guarded) -> Path:
    path = guarded.folder / "guarded.yaml"
    path.write_text(
        "playbook: guarded\ntitle: Guarded\nsources:\n  legacy: ${LEGACY_URL}\ndefaults:\n  batch_rows: 100\n",
        "utf-8",
    )
    return path


def _both(done: Finished) -> str:
    return done.out + done.err


@pytest.mark.slow
def test_passwords_of_a_whole_run_appear_nowhere(guarded: Guarded, eventually: Callable[..., None]) -> None:
    """Question, detached runner, move, status and undo: searched by content in every place they write."""
    line, playbook = guarded.line, _playbook(guarded)
    urls = {"LEGACY_URL": guarded.source_url, "FORDWAY_SOURCE_LEGACY": guarded.source_url}
    asked = line.run("run", playbook, "--json", **urls)
    assert 4 == asked.code, asked.err
    seen = [_both(asked)]
    decided = line.start("decide", "latest", "open", "approve-move", "--json", **urls)
    commands: set[str] = set()

    def is_complete() -> bool:
        seen.append(_wire_text(guarded.admin_redis_url))
        commands.update(" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"]))
        return bool(value(guarded.admin_url, "select state = 'complete' from fordway.run"))

    eventually(is_complete, seconds=40)
    seen.append(_both(line.finish(decided)))
    seen.append(_both(line.run("status", "latest", "--json", **urls)))
    assert 500 == value(guarded.admin_url, "select count(*) from public.item")
    name = urlsplit(guarded.admin_url).path.lstrip("/")
    undone = line.run("undo", "latest", "--confirm", name, "--json", **urls)
    assert 5 == undone.code, undone.err
    seen.append(_both(undone))

    detached = [command for command in commands if "runner_process" in command]
    assert detached
    assert [] == _told("\n".join(detached))
    assert [] == _told("\n".join(seen))
    assert [] == _told(_ledger_text(guarded.admin_url))
    assert [] == _told(_files_text(guarded.folder))


@pytest.mark.parametrize("place", ["source", "target", "redis"])
def test_wrong_password_ends_with_one_sentence_that_does_not_repeat_it(place: str, guarded: Guarded) -> None:
    """Code 3 for a database, in words; a run goes on without Redis. No wrong password is shown either."""
    wrong = {name: "wr0ng-hush" for name in _SECRETS if name == place}
    source = guarded.source_url
    target = guarded.target_url
    bus = guarded.redis_url
    if place == "source":
        source = source.replace(quote(_SECRETS["source"], safe=""), wrong["source"])
    if place == "target":
        target = target.replace(quote(_SECRETS["target"], safe=""), wrong["target"])
    if place == "redis":
        bus = bus.replace(_SECRETS["redis"], wrong["redis"])

    done = guarded.line.run("copy", source, target, "--schema", "public", "--redis", bus, "--json")

    assert (0 if place == "redis" else 3) == done.code, done.err
    assert place == "redis" or "The server refused the password" in done.err
    assert "Traceback" not in done.err
    assert "wr0ng-hush" not in _both(done)
    assert [] == _told(_both(done))


def test_doctor_with_passwords_tells_none(guarded: Guarded) -> None:
    """Every check names its place without the login's secret."""
    done = guarded.line.run("doctor", "--json", "--source", f"legacy={guarded.source_url}")

    assert 0 == done.code, done.out
    assert [] == _told(_both(done))

"""The ledger's connection: one at a time, one transaction a call, opened again after a cut."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, LiteralString, cast

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg.sql import SQL
from psycopg.types.json import Jsonb

from engine.model.errors import CannotConnect, ConnectionCut, LeaseLost, WrongVersion
from engine.stores.connect import connect
from engine.stores.sqlstate import translated
from sql import load

__all__ = ["LedgerConnection", "as_json", "lease_lost", "migrate"]

RECONNECT_SECONDS = 60.0
"""How long a call waits for a server that went away: a restart takes seconds, an outage is reported."""

Parameters = Mapping[str, Any]


def as_json(value: object) -> Jsonb:
    """A value as a jsonb parameter."""
    return Jsonb(value)


class LedgerConnection:
    """Runs the ledger's statements for any thread, one after the other."""

    def __init__(
        self,
        url: str,
        *,
        purpose: str,
        patience_seconds: float = RECONNECT_SECONDS,
        fence: tuple[str, int] | None = None,
        has_answered: bool = False,
    ) -> None:
        """Remembers where the ledger is; connects at the first call.

        Args:
            url: the target.
            purpose: shown in ``pg_stat_activity``.
            patience_seconds: how long a call waits for a server that went away.
            fence: run and epoch every transaction must prove first, as a runner's do.
            has_answered: whether the server answered on another connection, and so is only away
                when it does not answer on this one.
        """
        self._fence = fence
        self._url = url
        self._purpose = purpose
        self._patience_seconds = patience_seconds
        self._lock = threading.RLock()
        self._connection: psycopg.Connection[Any] | None = None
        self._has_answered = has_answered
        self._random = random.Random()  # noqa: S311 - jitter, no secret

    @contextmanager
    def transaction(self) -> Iterator[psycopg.Cursor[DictRow]]:
        """A cursor inside one transaction that commits when the block ends well.

        Raises:
            LeaseLost: this ledger belongs to a runner whose run has another owner now.
            ConnectionCut: the server went away; whether the commit happened is then unknown,
                which is why every statement may run twice.
        """
        with self._lock:
            connection = self._opened()
            try:
                with (
                    translated("ledger"),
                    connection.transaction(),
                    connection.cursor(row_factory=dict_row) as cursor,
                ):
                    self._prove_epoch(cursor)
                    yield cursor
            except ConnectionCut:
                self._forget()
                raise

    def _prove_epoch(self, cursor: psycopg.Cursor[DictRow]) -> None:
        if self._fence is None:
            return
        run_id, epoch = self._fence
        if cursor.execute(load("runs/check_epoch"), {"run_id": run_id, "epoch": epoch}).fetchone() is None:
            raise lease_lost()

    def patiently(self, work: Callable[[psycopg.Cursor[DictRow]], Any]) -> Any:  # noqa: ANN401 - whatever work returns
        """What ``work`` returns from one transaction, tried again while the server is away.

        A server that never answered is not away: then there is nothing to wait for.

        Waits grow from 0.05 s with full jitter up to 2 s, for ``patience_seconds`` in all.
        """
        deadline = time.monotonic() + self._patience_seconds
        attempt = 0
        while True:
            try:
                with self.transaction() as cursor:
                    return work(cursor)
            except (ConnectionCut, CannotConnect):
                attempt += 1
                if not self._has_answered or time.monotonic() > deadline:
                    raise
                time.sleep(self._random.uniform(0, min(2.0, 0.05 * 2**attempt)))

    def once(self, work: Callable[[psycopg.Cursor[DictRow]], Any]) -> Any:  # noqa: ANN401 - whatever work returns
        """As ``patiently``, for work whose result depends on whether it was done before.

        A commit that is cut off may have happened: the server is asked, and then it is not done again.
        """
        done: list[tuple[str, Any]] = []

        def attempt(cursor: psycopg.Cursor[DictRow]) -> Any:  # noqa: ANN401 - whatever work returns
            if done:
                asked = cursor.execute(load("ledger/ask_transaction"), {"xid": done[-1][0]}).fetchone()
                state = asked["state"] if asked else None
                if state == "committed":
                    return done[-1][1]
                if state == "in progress":
                    raise ConnectionCut("The server still ends a transaction whose connection was cut")
            result = work(cursor)
            row = cursor.execute(load("ledger/own_transaction")).fetchone()
            done.append((row["xid"] if row else "", result))
            return result

        return self.patiently(attempt)

    def run(self, name: str, parameters: Parameters | None = None) -> None:
        """Runs one statement for its effect."""
        self.patiently(lambda cursor: cursor.execute(load(name), parameters))

    def one(self, name: str, parameters: Parameters | None = None) -> DictRow | None:
        """The first row of one statement, or None."""
        return cast("DictRow | None", self.patiently(lambda c: c.execute(load(name), parameters).fetchone()))

    def many(self, name: str, parameters: Parameters | None = None) -> list[DictRow]:
        """All rows of one statement; the statement itself sets the limit."""
        return cast("list[DictRow]", self.patiently(lambda c: c.execute(load(name), parameters).fetchall()))

    def all_of(self, *statements: tuple[str, Parameters]) -> None:
        """Several statements in one transaction, once."""

        def work(cursor: psycopg.Cursor[DictRow]) -> None:
            for name, parameters in statements:
                cursor.execute(load(name), parameters)

        self.once(work)

    def many_times(self, name: str, rows: Sequence[Parameters]) -> None:
        """One statement for each set of parameters, in one transaction."""
        self.patiently(lambda cursor: cursor.executemany(load(name), rows))

    def close(self) -> None:
        """Lets the connection go."""
        with self._lock:
            self._forget()

    def _opened(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, purpose=self._purpose)
            self._has_answered = True
        return self._connection

    def _forget(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def lease_lost() -> LeaseLost:
    """The error of a runner whose run has another owner now."""
    return LeaseLost(
        "Another runner took over this run",
        safe="Nothing of the open batch was written; every committed batch stands",
        todo="`fordway attach` shows the run where it is now",
    )


def migrate(connection: LedgerConnection) -> int:
    """Brings the ledger's schema up to this version; safe to call from several at once.

    Returns:
        How many migrations were applied now.

    Raises:
        NotAllowed: the role may not create a schema in this database.
        WrongVersion: a newer program has brought it further.
    """
    return cast("int", connection.patiently(_migrate_in))


def _migrate_in(cursor: psycopg.Cursor[DictRow]) -> int:
    cursor.execute(load("ledger/lock_migrations"))
    found = cursor.execute(load("ledger/find_version")).fetchone()
    applied = set()
    if found and found["has_ledger"]:
        applied = {row["version"] for row in cursor.execute(load("ledger/list_versions"))}
        _refuse_newer(applied)
    waiting = [(version, name) for version, name in _migrations() if version not in applied]
    for version, name in waiting:
        cursor.execute(SQL(_script(name)))
        cursor.execute(load("ledger/record_version"), {"version": version, "name": name})
    return len(waiting)


def _refuse_newer(applied: Collection[int]) -> None:
    """A ledger that a newer program has changed may mean what this one can't know."""
    newest = max((version for version, _ in _migrations()), default=0)
    if max(applied, default=0) <= newest:
        return
    raise WrongVersion(
        f"A newer Fordway has worked on this target: its ledger has version {max(applied)}, "
        f"this program knows {newest}",
        where="ledger",
        safe="Nothing was changed",
        todo="Use the newer program here, too",
        facts={"fault": "R316"},
    )


def _script(name: str) -> LiteralString:
    return load(f"ledger/migrations/{name}")


def _migrations() -> list[tuple[int, str]]:
    folder = files("sql").joinpath("ledger/migrations")
    names = sorted(item.name.removesuffix(".sql") for item in folder.iterdir() if item.name.endswith(".sql"))
    return [(int(name.split("_", 1)[0]), name) for name in names]

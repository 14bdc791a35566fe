"""COPY blocks of a PostgreSQL source on their way to a target that takes them as they are.

The driver's own COPY reader hands out one row at a time, which costs more than the servers
need to write and read it; here rows are taken from libpq as they come and joined into
blocks. Waiting is done on the socket, so that other threads go on meanwhile.
"""

from __future__ import annotations

import select
from collections.abc import Iterator

from psycopg import Connection
from psycopg import errors as psycopg_errors
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from engine.stores.sqlstate import translated

__all__ = ["BlockStream"]

_BLOCK_BYTES = 1 << 17
"""Enough to forget the cost of a call; a row is never cut."""


class BlockStream:
    """One COPY out; iterate it once, inside the source's open transaction."""

    def __init__(self, connection: Connection[TupleRow], statement: Composed, *, place: str) -> None:
        """Nothing is read yet."""
        self._connection = connection
        self._statement = statement
        self._place = place
        self.rows = 0
        """Rows the source says it gave; known once every block was taken."""

    def __iter__(self) -> Iterator[bytes]:
        pgconn = self._connection.pgconn
        with translated(self._place):
            self._start(pgconn)
            is_open = True
            try:
                rows: list[bytes] = []
                size = 0
                while (row := _next_row(pgconn)) is not None:
                    rows.append(row)
                    size += len(row)
                    if size >= _BLOCK_BYTES:
                        yield b"".join(rows)
                        rows, size = [], 0
                is_open = False
                self.rows = _end(pgconn)
                if rows:
                    yield b"".join(rows)
            finally:
                if is_open:
                    # The target gave up. Reading on to the end leaves transaction and snapshot whole.
                    _pass_over(pgconn)

    def _start(self, pgconn: PGconn) -> None:
        # The first statement of a transaction is the driver's own; the snapshot was taken by it.
        pgconn.send_query(self._statement.as_bytes(self._connection))
        pgconn.flush()
        result = _next_result(pgconn)
        if result is None or result.status != ExecStatus.COPY_OUT:
            _pass_results(pgconn)
            raise _error(result, pgconn)


def _next_row(pgconn: PGconn) -> bytes | None:
    """The next row's bytes, or None behind the last one."""
    while True:
        count, row = pgconn.get_copy_data(1)
        if count > 0:
            return bytes(row)
        if count < 0:
            return None
        _wait(pgconn)


def _wait(pgconn: PGconn) -> None:
    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN)
    poll.poll()
    pgconn.consume_input()


def _next_result(pgconn: PGconn) -> PGresult | None:
    while pgconn.is_busy():
        _wait(pgconn)
    return pgconn.get_result()


def _pass_results(pgconn: PGconn) -> None:
    while _next_result(pgconn) is not None:
        pass


def _end(pgconn: PGconn) -> int:
    """How many rows the server says it sent.

    Raises:
        psycopg.Error: what stopped it.
    """
    result = _next_result(pgconn)
    _pass_results(pgconn)
    if result is None or result.status != ExecStatus.COMMAND_OK:
        raise _error(result, pgconn)
    return result.command_tuples or 0


def _pass_over(pgconn: PGconn) -> None:
    try:
        while _next_row(pgconn) is not None:
            pass
        _pass_results(pgconn)
    except psycopg_errors.Error:
        # The connection is gone as well; whoever uses it next is told so.
        return


def _error(result: PGresult | None, pgconn: PGconn) -> psycopg_errors.Error:
    if result is not None and result.status == ExecStatus.FATAL_ERROR:
        return psycopg_errors.error_from_result(result)
    return psycopg_errors.OperationalError(pgconn.get_error_message() or "the server ended the COPY")

"""A PostgreSQL source's one transaction: a read that fails costs it nothing, and locks end with their use."""

from __future__ import annotations

from psycopg import Connection, IsolationLevel
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Literal

from sql import load

__all__ = ["SourceReading"]


class SourceReading:
    """A savepoint in a repeatable-read, read-only transaction.

    A statement that was cancelled, or waited too long for a lock, ends a transaction that has none
    (manual, 13.2.2 and SAVEPOINT), and the exported snapshot with it. And a transaction keeps the
    locks of all it ever read, while the server's table of locks has room for some thousands
    (manual, 20.12); going back to the savepoint gives them back.
    """

    def __init__(self, connection: Connection[TupleRow], *, snapshot: str | None) -> None:
        """The transaction is open and has its snapshot.

        Args:
            connection: in autocommit mode; the transaction lasts as long as it.
            snapshot: another session's exported one to share, or None for a new one.
        """
        self._connection = connection
        self._table = ""
        connection.execute(load("postgres_source/set_session"))
        connection.autocommit = False
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if snapshot is not None:
            connection.execute(SQL(load("postgres_source/use_snapshot")).format(snapshot=Literal(snapshot)))
        connection.execute(load("postgres_source/take_snapshot"))
        connection.execute(load("postgres_source/begin_reading"))

    def ready_for(self, table: str) -> None:
        """The next statement may read the table, whatever became of the one before it."""
        if self._table != table:
            self._connection.execute(load("postgres_source/read_again"))
            self._table = table
        else:
            self.mend()

    def mend(self) -> None:
        """What failed before, if anything, is taken back."""
        # One statement and one savepoint: wherever this is cut off, it may be done again.
        if self._connection.info.transaction_status is TransactionStatus.INERROR:
            self._connection.execute(load("postgres_source/read_again"))

    def export_snapshot(self) -> str:
        """The identifier other sessions open the same view with, as long as this transaction lasts."""
        self._connection.execute(load("postgres_source/end_reading"))
        row = self._connection.execute(load("postgres_source/export_snapshot")).fetchone()
        self._connection.execute(load("postgres_source/begin_reading"))
        self._table = ""
        return str(row[0]) if row else ""

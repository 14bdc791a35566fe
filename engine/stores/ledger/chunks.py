"""Chunks, quarantine and progress, as the ledger holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.model.codec import key_from_json, key_to_json
from engine.model.plan import KeyRange, TablePlan
from engine.model.run import ChunkState, Counts, Pass
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.progress import TableProgress, counts_of, table_progress
from sql import load

__all__ = ["ChunkStore", "LateChunk", "StoredChunk", "WrittenChunk"]

_PAGE_CHUNKS = 1000
"""Chunk rows written or read at once: a million chunks stay a matter of seconds and little memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChunk:
    """One chunk row."""

    number: int
    span: KeyRange
    state: ChunkState
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenChunk:
    """A committed chunk and the transaction that wrote it."""

    table_number: int
    number: int
    """0 where the chunk was taken back since."""
    xid32: int
    """The transaction id as ``xmin`` shows it: the low 32 bits."""
    written: int
    kind: str
    """Empty: with the chunk; ``replayed``: later, from the quarantine; ``placeholder``: for rows that
    are nowhere in the source; ``earlier``: with a chunk that was taken back, but for these rows."""
    is_recent: bool
    """Within two billion transactions, so that ``xmin`` still names it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateChunk:
    """Rows a decision brought in, outside the batches that were cut."""

    table_number: int
    number: int
    target_table: str
    rows: int
    xid32: int
    origin: dict[str, Any]
    """``kind`` (``brought`` or ``placeholder``), ``source``, ``table``, ``for_table``, ``for_chunk``,
    ``decision``."""


class ChunkStore:
    """Chunks of every pass."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def record(self, run_id: str, pass_: Pass, table: TablePlan, spans: Iterable[KeyRange]) -> int:
        """The table's key ranges are frozen; how many there are."""
        number = 0
        waiting: list[Mapping[str, Any]] = []
        for span in spans:
            number += 1
            waiting.append(_chunk_row(run_id, pass_, table, number, span))
            if len(waiting) == _PAGE_CHUNKS:
                self._ledger.many_times("chunks/record_chunk", waiting)
                waiting = []
        if waiting:
            self._ledger.many_times("chunks/record_chunk", waiting)
        return number

    def cut_anew(
        self, run_id: str, pass_: Pass, table: TablePlan, spans: Iterable[KeyRange], *, after_number: int
    ) -> int:
        """The chunks behind a number are replaced by others, all at once; the last one's number.

        None of them may have been handed out.

        Raises:
            StatementFailed: one of them is committed; every chunk is as it was.
        """
        rows = [
            _chunk_row(run_id, pass_, table, number, span)
            for number, span in enumerate(spans, start=after_number + 1)
        ]
        place = {"run_id": run_id, "pass": pass_, "table_number": table.number, "after_number": after_number}

        def work(cursor: Any) -> None:  # noqa: ANN401 - the connection's own
            cursor.execute(load("chunks/drop_pending"), place)
            cursor.executemany(load("chunks/record_anew"), rows)

        # In one transaction: a crash between the two would leave rows that no chunk covers.
        self._ledger.patiently(work)
        return after_number + len(rows)

    def split(self, run_id: str, pass_: Pass, table_number: int, number: int, *, at: KeyRange) -> int | None:
        """The chunk ends where ``at`` ends, and the rest of it is a chunk behind all others: its number.

        None when it was committed meanwhile, or has nothing behind ``at``.
        """
        row = self._ledger.one(
            "chunks/split_chunk",
            {
                "run_id": run_id,
                "pass": pass_,
                "table_number": table_number,
                "chunk_number": number,
                "upto_key": as_json(key_to_json(at.upto)),
                "last_row": at.last_row,
            },
        )
        return int(row["chunk_number"]) if row else None

    def late(self, run_id: str, table_number: int | None = None) -> list[LateChunk]:
        """Batches of rows brought in by decisions."""
        rows = self._ledger.many("chunks/list_late_chunks", {"run_id": run_id, "table_number": table_number})
        return [
            LateChunk(
                table_number=row["table_number"],
                number=row["chunk_number"],
                target_table=row["target_table"],
                rows=row["rows_written"],
                xid32=int(row["xid"]),
                origin=row["origin"],
            )
            for row in rows
        ]

    def one(self, run_id: str, pass_: Pass, table_number: int, number: int) -> StoredChunk:
        """One chunk that was cut, by its number."""
        rows = self._ledger.many(
            "chunks/list_chunks",
            {
                "run_id": run_id,
                "pass": pass_,
                "table_number": table_number,
                "after_number": number - 1,
                "most": 1,
            },
        )
        assert [number] == [row["chunk_number"] for row in rows], "only asked for chunks that were cut"
        return stored_chunk(rows[0])

    def clear(self, run_id: str, pass_: Pass, table_number: int) -> None:
        """The table's uncommitted chunks (in a rehearsal: all) are forgotten."""
        self._ledger.run(
            "chunks/clear_chunks", {"run_id": run_id, "pass": pass_, "table_number": table_number}
        )

    def all(self, run_id: str, pass_: Pass, table_number: int, *, after: int = 0) -> Iterator[StoredChunk]:
        """The table's chunks in key order, from behind a number on."""
        of_table = {"run_id": run_id, "pass": pass_, "table_number": table_number}
        yield from map(stored_chunk, self._walk("chunks/list_chunks", of_table, after=after))

    def last_row(self, run_id: str, pass_: Pass, table_number: int) -> int:
        """The last row of the source that the table's chunks cover, counted from one; 0 without chunks."""
        of_table = {"run_id": run_id, "pass": pass_, "table_number": table_number}
        row = self._ledger.one("chunks/read_last_row", of_table)
        return int(row["last_row"] or 0) if row else 0

    def pending(self, run_id: str, pass_: Pass, table_number: int, *, after: int = 0) -> Iterator[int]:
        """Numbers of the chunks still to move, in key order, from behind a number on."""
        of_table = {"run_id": run_id, "pass": pass_, "table_number": table_number}
        for row in self._walk("chunks/list_pending", of_table, after=after):
            yield row["chunk_number"]

    def _walk(self, name: str, of_table: dict[str, object], *, after: int) -> Iterator[dict[str, Any]]:
        while True:
            rows = self._ledger.many(name, {**of_table, "after_number": after, "most": _PAGE_CHUNKS})
            yield from rows
            if len(rows) < _PAGE_CHUNKS:
                return
            after = rows[-1]["chunk_number"]

    def progress(self, run_id: str, pass_: Pass) -> list[TableProgress]:
        """Every table that has chunks, in load order."""
        return self._progress({"run_id": run_id, "pass": pass_, "table_number": None})

    def progress_of(self, run_id: str, pass_: Pass, table_number: int) -> TableProgress | None:
        """One table, or None when it has no chunks; asking for all of them each time costs their square."""
        found = self._progress({"run_id": run_id, "pass": pass_, "table_number": table_number})
        return found[0] if found else None

    def _progress(self, values: Mapping[str, Any]) -> list[TableProgress]:
        rows = self._ledger.many("chunks/read_progress", values)
        return [table_progress(row) for row in rows]

    def written(
        self, run_id: str, table_number: int | None, *, with_earlier: bool = False
    ) -> list[WrittenChunk]:
        """The committed chunks of a table, or of all the run's, with their transactions.

        Args:
            run_id: whose chunks.
            table_number: of which table; None: of all.
            with_earlier: also those of which rows had to stay when they were taken back.
        """
        values = {"run_id": run_id, "table_number": table_number, "cluster": self._cluster}
        rows = self._ledger.many("checking/list_xids", values)
        return [
            WrittenChunk(
                table_number=row["table_number"],
                number=row["chunk_number"],
                xid32=int(row["xid"]) & 0xFFFFFFFF,
                written=row["rows_written"],
                kind=row["kind"],
                is_recent=row["is_recent"],
            )
            for row in rows
            if with_earlier or row["kind"] != "earlier"
        ]

    @cached_property
    def _cluster(self) -> str:
        """Which cluster the ledger is in, asked once; empty where the role may not ask."""
        may_know = self._ledger.one("identity/may_know_cluster")
        found = self._ledger.one("identity/read_cluster") if may_know and may_know["may_know"] else None
        return str(found["cluster"]) if found else ""

    def reasons(self, run_id: str, pass_: Pass) -> list[tuple[str, str, int]]:
        """Quarantined rows: table, reason, how many."""
        rows = self._ledger.many("chunks/count_reasons", {"run_id": run_id, "pass": pass_})
        return [(row["target_table"], row["reason"], row["rows"]) for row in rows]

    def quarantined(self, run_id: str, *, after_id: int = 0, most: int = 100) -> list[dict[str, Any]]:
        """Rows set aside, oldest first."""
        return self._ledger.many(
            "chunks/list_quarantine", {"run_id": run_id, "after_id": after_id, "most": most}
        )


def _chunk_row(run_id: str, pass_: Pass, table: TablePlan, number: int, span: KeyRange) -> Mapping[str, Any]:
    return {
        "run_id": run_id,
        "pass": pass_,
        "table_number": table.number,
        "chunk_number": number,
        "target_table": table.name,
        "after_key": as_json(key_to_json(span.after)) if span.after is not None else None,
        "upto_key": as_json(key_to_json(span.upto)),
        "first_row": span.first_row,
        "last_row": span.last_row,
    }


def stored_chunk(row: Mapping[str, Any]) -> StoredChunk:
    """The chunk a ledger row holds."""
    upto = key_from_json(row["upto_key"])
    return StoredChunk(
        number=row["chunk_number"],
        span=KeyRange(
            after=key_from_json(row["after_key"]),
            upto=upto or (),
            first_row=row["first_row"],
            last_row=row["last_row"],
        ),
        state=ChunkState(row["state"]),
        counts=counts_of(row),
    )

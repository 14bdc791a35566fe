"""Rows set aside: looked at, edited, given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from engine.model.events import QuarantineChanged
from engine.model.held import HeldFilter, HeldGroup, HeldRow, Obstacle
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["HeldGroup", "HeldRow", "QuarantineStore"]

_PAGE_ROWS = 1_000
_PAGE_NUMBERS = 10_000
"""Numbers alone are read at once in larger pages: each page looks through what waits for its keys again."""
_ANY = HeldFilter()


class QuarantineStore:
    """The quarantine of every run."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def groups(self, run_id: str) -> list[HeldGroup]:
        """What was set aside and why, table by table, the most rows first."""
        return [HeldGroup(**row) for row in self._ledger.many("quarantine/count_groups", {"run_id": run_id})]

    def given_up(self, run_id: str) -> dict[int, int]:
        """How many rows somebody gave up, by the number of their table."""
        rows = self._ledger.many("quarantine/count_given_up", {"run_id": run_id})
        return {row["table_number"]: row["rows"] for row in rows}

    def page(
        self, run_id: str, *, after_id: int = 0, most: int = 100, of: HeldFilter = _ANY
    ) -> list[HeldRow]:
        """Rows set aside that the filter takes, oldest first."""
        values = {
            "run_id": run_id,
            "after_id": after_id,
            "most": most,
            "state": of.state,
            "target_table": of.table,
            "place": of.place,
            "kind": of.kind,
            "reason": of.reason,
        }
        return [HeldRow(**row) for row in self._ledger.many("quarantine/list_rows", values)]

    def pages(self, run_id: str, *, of: HeldFilter = _ANY) -> Iterator[list[HeldRow]]:
        """Every such row, so many at a time; what is no longer such a row by then is left out."""
        after = 0
        while rows := self.page(run_id, after_id=after, most=_PAGE_ROWS, of=of):
            yield rows
            after = rows[-1].quarantine_id

    def all(self, run_id: str, *, of: HeldFilter = _ANY) -> Iterator[HeldRow]:
        """Every such row, a page at a time."""
        for rows in self.pages(run_id, of=of):
            yield from rows

    def rows(self, run_id: str, ids: Sequence[int]) -> list[HeldRow]:
        """The rows of these numbers; those that are no rows of this run are left out."""
        found = self._ledger.many("quarantine/read_rows", {"run_id": run_id, "ids": list(ids)})
        return [HeldRow(**row) for row in found]

    def waiting(
        self, run_id: str, *, table: str, places: Sequence[str], values: Sequence[str]
    ) -> Iterator[int]:
        """Open rows of a table that were set aside because no row has one of these keys yet."""
        for begin in range(0, len(values), _PAGE_ROWS):
            asked = {
                "run_id": run_id,
                "target_table": table,
                "places": list(places),
                "values": list(values[begin : begin + _PAGE_ROWS]),
                "most": _PAGE_NUMBERS,
            }
            after, is_last = 0, False
            while not is_last:
                rows = self._ledger.many("quarantine/find_waiting", {**asked, "after_id": after})
                yield from (row["quarantine_id"] for row in rows)
                is_last = len(rows) < _PAGE_NUMBERS
                after = rows[-1]["quarantine_id"] if rows else after

    def refresh_statistics(self) -> None:
        """Rows that wait are sought by the index that finds them, however many were set aside just now."""
        self._ledger.run("quarantine/refresh_statistics")

    def count_waiting(
        self, run_id: str, *, table: str, places: Sequence[str], values: Sequence[str]
    ) -> dict[str, int]:
        """How many rows ``waiting`` would find, by the value they look for; none where there are none."""
        asked = {"run_id": run_id, "target_table": table, "places": list(places), "values": list(values)}
        return {row["value"]: row["rows"] for row in self._ledger.many("quarantine/count_waiting", asked)}

    def obstacles(self, run_id: str) -> list[Obstacle]:
        """Constraints and indexes that are named as being in the way of the run's rows."""
        return [
            Obstacle(
                **{**row, "columns": tuple(row["columns"]), "parent_columns": tuple(row["parent_columns"])}
            )
            for row in self._ledger.many("quarantine/list_obstacles", {"run_id": run_id})
        ]

    def edit(
        self,
        run_id: str,
        quarantine_id: int,
        edits: Mapping[str, str | None],
        *,
        who: str,
        as_read: Sequence[str] = (),
    ) -> bool:
        """Whether the row is open and has these values now, for when it is replayed.

        Args:
            run_id: whose quarantine.
            quarantine_id: the row's number.
            edits: new values by target column; None is NULL.
            who: gives them.
            as_read: columns whose values are again what the source gave.
        """

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            values = {
                "run_id": run_id,
                "quarantine_id": quarantine_id,
                "edits": as_json(dict(edits)),
                "as_read": list(as_read),
                "who": who,
            }
            row = cursor.execute(load("quarantine/set_edits"), values).fetchone()
            if row is None:
                return False
            said = [f"another value in {', '.join(edits)}"] if edits else []
            said += [f"the value that was read in {', '.join(as_read)}"] if as_read else []
            text = f"gave row {quarantine_id} of {row['target_table']} {' and '.join(said)}"
            _tell(cursor, run_id, "edited", row["target_table"], (quarantine_id,), who, text)
            return True

        return cast("bool", self._ledger.patiently(work))

    def discard(self, run_id: str, ids: Sequence[int], *, who: str, note: str = "") -> int:
        """How many of these rows were open; they are given up, and stay in the ledger."""

        def work(cursor: Any) -> int:  # noqa: ANN401 - psycopg's cursor
            values = {"run_id": run_id, "ids": list(ids), "who": who, "note": note}
            rows = cursor.execute(load("quarantine/discard_rows"), values).fetchall()
            by_table: dict[str, list[int]] = {}
            for row in rows:
                by_table.setdefault(row["target_table"], []).append(row["quarantine_id"])
            for table, given_up in by_table.items():
                text = f"gave up {len(given_up):,} rows of {table}; they stay in the ledger"
                _tell(cursor, run_id, "discarded", table, given_up, who, text)
            return len(rows)

        return cast("int", self._ledger.once(work))


def _tell(
    cursor: Any,  # noqa: ANN401 - psycopg's cursor
    run_id: str,
    what: Any,  # noqa: ANN401 - one of the event's words
    table: str,
    ids: Sequence[int],
    who: str,
    text: str,
) -> None:
    audit = {"run_id": run_id, "who": who, "did": f"{what} rows of the quarantine"}
    cursor.execute(
        load("runs/record_audit"), {**audit, "detail": as_json({"table": table, "rows": list(ids)})}
    )
    event = QuarantineChanged(what=what, table=table, rows=len(ids), by=who, text=text)
    cursor.execute(load("journal/record_event"), event_parameters(run_id, event))

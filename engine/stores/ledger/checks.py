"""Chunks that were compared and found equal, as the ledger remembers them."""

from __future__ import annotations

from typing import Any

from engine.stores.ledger.connection import LedgerConnection, as_json

__all__ = ["CheckStore"]


class CheckStore:
    """What an interrupted verification need not do again."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def record(
        self,
        run_id: str,
        table_number: int,
        chunk: int,
        *,
        xid: int,
        target_rows: int,
        verdict: dict[str, Any],
    ) -> None:
        """The chunk is equal on both sides."""
        self._ledger.run(
            "checking/record_check",
            {
                "run_id": run_id,
                "table_number": table_number,
                "chunk_number": chunk,
                "xid": xid,
                "target_rows": target_rows,
                "verdict": as_json(verdict),
            },
        )

    def known(self, run_id: str, table_number: int) -> dict[int, tuple[int, int, dict[str, Any]]]:
        """The chunk's transaction, its rows on the target then, and the verdict, by chunk number."""
        rows = self._ledger.many("checking/list_checks", {"run_id": run_id, "table_number": table_number})
        return {row["chunk_number"]: (row["xid"], row["target_rows"], row["verdict"]) for row in rows}

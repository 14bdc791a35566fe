"""The id map, read both ways."""

from __future__ import annotations

from dataclasses import dataclass

from engine.stores.ledger.connection import LedgerConnection

__all__ = ["IdStore", "LegacyKey"]

_SEPARATOR = "\x1f"
"""Between the parts of a key of several columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyKey:
    """One row of a source."""

    source: str
    """The playbook's name of the source."""
    table: str
    key: tuple[str, ...]
    """Each part as text."""


class IdStore:
    """Which new id a legacy key got, and where an id came from."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def new_id(self, run_id: str, legacy: LegacyKey) -> tuple[str, tuple[str, ...]] | None:
        """Target table and key of a source row; None when the run did not map it."""
        row = self._ledger.one(
            "ids/find_new",
            {
                "run_id": run_id,
                "source_name": legacy.source,
                "source_table": legacy.table,
                "legacy_key": _SEPARATOR.join(legacy.key),
            },
        )
        return (row["target_table"], tuple(row["target_key"].split(_SEPARATOR))) if row else None

    def legacy_keys(self, run_id: str, table: str, key: tuple[str, ...]) -> tuple[LegacyKey, ...]:
        """The source rows behind a target row; several where sources merged into it.

        Args:
            run_id: the run that mapped it.
            table: the target table, with its schema where that is not ``public``.
            key: each part of its primary key as text.
        """
        rows = self._ledger.many(
            "ids/find_legacy", {"run_id": run_id, "target_table": table, "target_key": _SEPARATOR.join(key)}
        )
        return tuple(
            LegacyKey(
                source=row["source_name"],
                table=row["source_table"],
                key=tuple(row["legacy_key"].split(_SEPARATOR)),
            )
            for row in rows
        )

    def refresh_statistics(self) -> None:
        """What joins whole tables with the map is planned for as many ids as a run has added."""
        self._ledger.run("ids/refresh_statistics")

"""Foreign keys as a target table has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model.plan import ForeignKeyPlan

__all__ = ["foreign_keys_of"]


def foreign_keys_of(rows: Iterable[Mapping[str, Any]]) -> tuple[ForeignKeyPlan, ...]:
    """What rows of ``sql/target/read_foreign_keys`` tell, in their order."""
    return tuple(
        ForeignKeyPlan(
            name=row["name"],
            columns=tuple(row["columns"]),
            parent_schema=row["parent_schema"],
            parent_table=row["parent_table"],
            parent_columns=tuple(row["parent_columns"]),
        )
        for row in rows
    )

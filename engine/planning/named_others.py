"""Kinds of objects whose names no table of the same schema may have."""

from __future__ import annotations

__all__ = ["NAMED"]

NAMED = frozenset({
    "view", "materialized view", "foreign table", "partitioned table", "partition", "virtual table",
    "shadow table", "sequence",
})  # fmt: skip
"""Triggers, constraints, rights and settings belong to a table and have names of their own."""

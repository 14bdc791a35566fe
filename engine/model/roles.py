"""The seven agents by name."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Role"]


class Role(StrEnum):
    """The seven agents."""

    ORCHESTRATOR = "orchestrator"
    USER_GUIDANCE = "user-guidance"
    SCHEMA_ANALYSIS = "schema-analysis"
    PLANNING = "planning"
    DATA_MAPPING = "data-mapping"
    MIGRATION_EXECUTION = "migration-execution"
    VALIDATION = "validation"

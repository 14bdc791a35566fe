"""What lookups should have given, asked of the target anew; nothing here knows how rows were moved."""

from __future__ import annotations

from dataclasses import replace

from engine.checking.canonical import Lookup, read_value
from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan, MadeBy, TablePlan
from engine.stores.mapping_checks import lookup_values
from engine.stores.target_checks import TargetChecks

__all__ = ["legacy_of", "resolve_lookups"]


def resolve_lookups(
    table: TablePlan, *, checks: TargetChecks, engine: Engine, run_id: str
) -> dict[str, Lookup]:
    """By target column: from a source value to the canonical text it should have become."""
    return {
        column.target: _resolver(table, column, checks=checks, engine=engine, run_id=run_id)
        for column in table.columns
        if column.made_by is MadeBy.LOOKUP
    }


def _resolver(
    table: TablePlan, column: ColumnPlan, *, checks: TargetChecks, engine: Engine, run_id: str
) -> Lookup:
    lookup = column.lookup
    assert lookup is not None, "only called for lookups"
    known = dict(lookup_values(checks, table, column, run_id=run_id))
    asked = replace(column, target_type=lookup.match_type, family=lookup.match_family)
    read = legacy_of if lookup.source_table else read_value(asked, engine)

    def resolve(value: object) -> str | None:
        wanted = read(value)
        # No target value looks like this: a row that is there all the same shows as a difference.
        return known.get(wanted, f"?{wanted}")

    return resolve


def legacy_of(value: object) -> str:
    """A source value as the id map should hold it; a whole number has no decimal point."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)

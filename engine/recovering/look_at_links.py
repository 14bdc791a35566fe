"""After rows were brought in beside their batches: does every row that was written find its parent?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.guidance.words import count_of, first_names
from engine.model.plan import ForeignKeyPlan, Plan, TablePlan
from engine.stores.ledger import Ledger
from engine.stores.target_checks import TargetChecks

__all__ = ["LinksSeen", "look_at_links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksSeen:
    """What was looked at, and what was found."""

    tables: tuple[str, ...] = ()
    """Those with connections, in load order."""
    connections: int = 0
    """Foreign keys and lookups that were looked at."""
    findings: tuple[str, ...] = ()
    """In words, one a connection with rows that find no parent; empty when all do."""

    @property
    def words(self) -> str:
        """What was looked at."""
        if not self.connections:
            return "the connections of what was brought in"
        return f"{count_of(self.connections, 'connections')} of {first_names(self.tables)}"


def look_at_links(plan: Plan, *, run_id: str, checks: TargetChecks, ledger: Ledger) -> LinksSeen:
    """Rows of the run without parent, in the tables rows were brought into and those they were brought for.

    Foreign keys are those the target's tables have by now; what the plan looks up counts as well, though
    no foreign key may stand for it. Rows of others are nobody's business here.

    Raises:
        FordwayError: the target does not answer.
    """
    late = ledger.chunks.late(run_id)
    numbers = {chunk.table_number for chunk in late} | {int(chunk.origin["for_table"]) for chunk in late}
    tables: list[str] = []
    findings: list[str] = []
    connections = 0
    for table in plan.tables:
        links = tuple(_links(table, plan, checks)) if table.number in numbers else ()
        if not links:
            continue
        xids = sorted({chunk.xid32 for chunk in ledger.chunks.written(run_id, table.number)})
        tables.append(table.name)
        connections += len(links)
        for link in links:
            if orphans := checks.count_own_orphans(table, link, xids):
                by = ", ".join(link.columns)
                rows = count_of(orphans, "rows")
                findings.append(f"{rows} of {table.target_name} without {link.parent_table} by {by}")
    return LinksSeen(tables=tuple(tables), connections=connections, findings=tuple(findings))


def _links(table: TablePlan, plan: Plan, checks: TargetChecks) -> Iterator[ForeignKeyPlan]:
    seen = set()
    for key in (*checks.foreign_keys(table), *_lookups(table, plan)):
        what = (key.columns, key.parent_schema, key.parent_table, key.parent_columns)
        if what not in seen:
            seen.add(what)
            yield key


def _lookups(table: TablePlan, plan: Plan) -> Iterator[ForeignKeyPlan]:
    """Lookups as if they were foreign keys, where both sides are of one type."""
    types = {
        (parent.target_schema, parent.target_table, column.target, column.target_type)
        for parent in plan.tables
        for column in parent.columns
    }
    for column in table.columns:
        lookup = column.lookup
        if lookup is None:
            continue
        taken = (lookup.schema, lookup.table, lookup.get, column.target_type)
        # A table the run makes has the type of what is taken.
        if not table.exists_already or taken in types:
            yield ForeignKeyPlan(
                name=column.target,
                columns=(column.target,),
                parent_schema=lookup.schema,
                parent_table=lookup.table,
                parent_columns=(lookup.get,),
            )

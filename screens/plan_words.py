"""A plan as text: at a glance, and in full."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.guidance.words import count_of
from engine.model.plan import MadeBy, Policy
from screens.widgets.flow import labelled
from screens.widgets.words import Part
from screens.wording import count, plural, span

if TYPE_CHECKING:
    from engine.model.plan import ColumnPlan, Plan, TablePlan

__all__ = ["glance", "technical"]

_RISK_TOKENS = {"low": "ok", "medium": "warn", "high": "bad"}


def glance(plan: Plan, width: int) -> list[Part]:
    """The plan in seven lines, at most ``width`` cells wide."""
    line = partial(labelled, width=width)
    batches = sum(table.batches for table in plan.tables)
    sizes = sorted({table.batch_rows for table in plan.tables})
    made_of = (
        f"{count_of(plan.rows, plan.noun)}, {plural(len(plan.tables), 'table')}, {plural(batches, 'batch')}"
    )
    size = " or ".join(count(rows) for rows in sizes)
    return [
        *line("moves", (made_of, "plain"), (f" of at most {size} rows", "quiet")),
        *line(
            "from, into", ", ".join(source.label for source in plan.sources), (" → ", "quiet"), plan.target
        ),
        *line(
            "takes",
            span(plan.estimate.low_seconds, plan.estimate.high_seconds),
            (f" ({plan.estimate.basis})", "quiet"),
        ),
        *line(
            "risk",
            (plan.risk.level, _RISK_TOKENS.get(plan.risk.level, "plain")),
            (f": {'; '.join(plan.risk.reasons)}", "quiet"),
        ),
        *line("undo", plan.undo),
        *line("checks", ", ".join(plan.validations)),
    ]


def technical(plan: Plan, width: int) -> list[Part]:
    """The whole plan: phases, tables, columns, validation, undo, digest."""
    line = partial(labelled, width=width)
    parts: list[Part] = [
        *line(
            "plan",
            (plan.digest[:12] or "not sealed", "strong"),
            ("  digest, what an approval is bound to", "quiet"),
        ),
        *line(
            "risk",
            (plan.risk.level, _RISK_TOKENS.get(plan.risk.level, "plain")),
            (f": {'; '.join(plan.risk.reasons)}", "quiet"),
        ),
        *line(
            "estimate",
            span(plan.estimate.low_seconds, plan.estimate.high_seconds),
            (f" ({plan.estimate.basis})", "quiet"),
        ),
        *line("validation", ", ".join(plan.validations)),
        *line("on error", plan.on_error),
        *line("undo", plan.undo),
    ]
    for phase in plan.phases:
        parts += ["\n", (f"Phase {phase.number}  {phase.name}", "strong"), (f"  {phase.reason}\n", "quiet")]
        for table in plan.tables:
            if table.phase == phase.number:
                parts += _table(table, width)
    return parts


def _table(table: TablePlan, width: int) -> list[Part]:
    line = partial(labelled, width=width, indent=4)
    there = f", {plural(table.target_rows, 'row')} there now" if table.exists_already else ""
    place = "fills the existing table" if table.exists_already else "makes the table"
    batches = ", ".join(
        (
            plural(table.rows, "row"),
            f"{count(table.batch_rows)} a batch",
            plural(table.batches, "batch"),
            f"{table.lane} lane",
        )
    )
    parts: list[Part] = [
        "  ", (f"{table.source}.{table.source_table} → {table.name}", "busy"), "\n",
        *line("rows", batches),
        *line("target", place, (there, "quiet")),
        *line("class", f"{table.table_class}, {table.complexity} complexity"),
        *line("transformations", ", ".join(table.transformations) or "none"),
        *line("key", ", ".join(table.primary_key) or "none"),
    ]  # fmt: skip
    if table.where:
        parts += [*line("only where", table.where)]
    if table.on_conflict is not Policy.ASK:
        by = f", by {table.newest_by}" if table.newest_by else ""
        parts += [*line("taken keys", f"{table.on_conflict.replace('_', ' ')}{by}")]
    if table.indexes or table.foreign_keys:
        later = [index.name for index in table.indexes] + [key.name for key in table.foreign_keys]
        parts += [*line("built after", ", ".join(later))]
    parts += [*line("undo", table.undo or "rows written by the run are removed")]
    wide = max((len(column.target) for column in table.columns), default=0)
    kinds = max((len(column.target_type) for column in table.columns), default=0)
    for column in table.columns:
        parts += _column(column, wide, kinds)
    return parts


def _column(column: ColumnPlan, wide: int, kinds: int) -> list[Part]:
    must = "" if column.is_nullable else "required"
    return [
        "      ", (column.target.ljust(wide), "plain"), "  ", (column.target_type.ljust(kinds), "quiet"),
        "  ← ", _made(column), (f"  {must}" if must else "", "quiet"),
        (f"  {column.transformation}" if column.transformation else "", "busy"), "\n",
    ]  # fmt: skip


def _made(column: ColumnPlan) -> str:
    match column.made_by:
        case MadeBy.COPY:
            return column.source
        case MadeBy.CONSTANT:
            return "NULL" if column.value is None else f"'{column.value}'"
        case MadeBy.RUN_TIME:
            return "the moment of approval"
        case MadeBy.JSON_OBJECT:
            return f"JSON of {', '.join(column.inputs)}" if column.inputs else "JSON {}"
        case MadeBy.UUID5:
            return f"UUID of {', '.join(column.inputs)}"
        case MadeBy.SOURCE_NAME:
            return "the source's name"
        case MadeBy.LOOKUP:
            return f"{column.source} looked up in {column.lookup.table if column.lookup else ''}"
        case MadeBy.EXPRESSION:
            return column.expression

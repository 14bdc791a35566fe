"""``fordway quarantine edit``: a row set aside has other values, for when it is replayed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.commands_quarantine import named_rows, row_body, with_ledger
from console.headless import Narrator
from console.wiring import Opened, operator_name
from engine.model.errors import BadInput
from engine.model.plan import MadeBy, TablePlan
from engine.model.run import ExitCode
from engine.stores.ledger import Ledger
from engine.stores.ledger.quarantine import HeldRow

__all__ = ["edit"]


def edit(
    run: str, number: int, values: Sequence[str], nulls: Sequence[str], *, target: str, as_json: bool
) -> int:
    """``fordway quarantine edit``: new values for when the row is replayed."""
    edits: dict[str, str | None] = {}
    for item in values:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise BadInput(f"'{item}' names no column and value", todo="Write --set COLUMN=VALUE")
        edits[name] = value
    edits |= dict.fromkeys(nulls, None)
    if not edits:
        raise BadInput("No value was given", todo="Write --set COLUMN=VALUE, or --null COLUMN")

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        (row,) = named_rows(ledger, run_id, [number])
        plan = ledger.runs.plan(run_id).plan
        table = next((t for t in plan.tables if t.number == row.table_number), None) if plan else None
        _refuse_unknown(table, row, edits)
        if not ledger.quarantine.edit(run_id, number, edits, who=operator_name()):
            raise BadInput(f"Row {number} is {row.state} already", safe="It was not changed")
        if narrator.is_json:
            (row,) = named_rows(ledger, run_id, [number])
            narrator.line({"event": "edited", "run": run_id, **row_body(row)})
        narrator.say(f"Row {number} has new values. Write it: fordway quarantine replay {run_id} {number}")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _refuse_unknown(table: TablePlan | None, row: HeldRow, names: Iterable[str]) -> None:
    """Every column has values of its own."""
    known = [c.target for c in table.columns if c.made_by is not MadeBy.EXPRESSION] if table else []
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadInput(
            f"{row.target_table} has no column {', '.join(unknown)} that takes a value in this plan",
            todo=f"It has: {', '.join(known)}",
        )

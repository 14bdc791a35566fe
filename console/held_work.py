"""What can be done with rows set aside, the same from a command and from the console."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.guidance.words import count_of
from engine.model.errors import BadInput, ServerBusy
from engine.model.held import HeldChoice, HeldFilter, HeldRow
from engine.model.plan import MadeBy, Plan
from engine.model.run import RunState
from engine.recovering.choose_held import chosen_rows
from engine.recovering.waiting_children import Ties, waiting_for
from engine.reporting.quarantine_csv import write_csv
from engine.stores.ledger import Ledger

__all__ = [
    "MOST_NUMBER",
    "ReplayEnd",
    "check_edits",
    "check_table",
    "choose",
    "count_open",
    "edit_row",
    "export_rows",
    "filter_of",
    "give_up",
    "named_rows",
    "refuse_busy",
    "refuse_moving",
    "replay_end",
    "waiting_beside",
]

_RESTING = frozenset({RunState.PAUSED, RunState.COMPLETE, RunState.STOPPED, RunState.WAITING})
MOST_NUMBER = 2**63 - 1
"""The largest number a row can have (manual, Numeric Types: bigint)."""
_MOST_ASKED = 50
"""Rows for which those that wait are counted before they are given up; of more it is a lower bound."""


def filter_of(state: str, table: str) -> HeldFilter:
    """The rows of a state, or of any for ``all``, and of a table, or of any for none."""
    return HeldFilter(state=None if state == "all" else state, table=table or None)


def named_rows(ledger: Ledger, run_id: str, numbers: Sequence[int]) -> list[HeldRow]:
    """The rows of these numbers.

    Raises:
        BadInput: one is no row of this run.
    """
    # Beyond a bigint there is no row, and the server refuses to look for one.
    rows = ledger.quarantine.rows(run_id, [number for number in numbers if 0 < number <= MOST_NUMBER])
    known = {row.quarantine_id for row in rows}
    unknown = [str(number) for number in numbers if number not in known]
    if unknown:
        raise BadInput(
            f"There is no row {', '.join(unknown)} in the quarantine of run {run_id}",
            todo=f"`fordway quarantine list {run_id}` shows them",
        )
    return rows


def choose(
    ledger: Ledger, run_id: str, numbers: Sequence[int], *, table: str, everything: bool
) -> HeldChoice:
    """The rows named, or all open ones, of one table where one is named.

    Raises:
        BadInput: none was named, or they were named in two ways, or one is no open row of this run.
    """
    if numbers and (everything or table):
        raise BadInput(
            f"Rows were named by their numbers, and with {'--all' if everything else '--table'}",
            safe="Nothing was changed",
            todo="Choose one of both",
        )
    check_table(ledger, run_id, table)
    if not numbers and not everything and not table:
        raise BadInput(
            "No row was named",
            safe="Nothing was changed",
            todo="Name rows by their numbers, a table with --table, or all of them with --all",
        )
    choice = HeldChoice(numbers=tuple(numbers), of=filter_of("open", table))
    _refuse_closed(ledger, run_id, choice)
    return choice


def check_table(ledger: Ledger, run_id: str, table: str) -> None:
    """The run's plan has this target table; an empty name means any.

    Raises:
        BadInput: it has none of this name.
    """
    plan = ledger.runs.plan(run_id).plan
    if not table or plan is None:
        return
    names = {name for planned in plan.tables for name in (planned.name, planned.target_name)}
    if table not in names:
        raise BadInput(
            f"Run {run_id} has no table {table}",
            safe="Nothing was changed",
            todo=f"It has: {', '.join(sorted(names))}",
        )


def _refuse_closed(ledger: Ledger, run_id: str, choice: HeldChoice) -> None:
    for row in named_rows(ledger, run_id, choice.numbers) if choice.numbers else ():
        if row.state != "open":
            raise BadInput(f"Row {row.quarantine_id} is {row.state} already", safe="Nothing was changed")


def count_open(ledger: Ledger, run_id: str, choice: HeldChoice) -> int:
    """How many open rows are meant, without those that wait for them."""
    if choice.numbers:
        return sum(row.state == "open" for row in ledger.quarantine.rows(run_id, choice.numbers))
    of = replace(choice.of, state="open")
    return sum(group.rows for group in ledger.quarantine.groups(run_id) if of.takes(group))


def check_edits(plan: Plan | None, row: HeldRow, columns: Iterable[str]) -> None:
    """Every column takes a value in this plan: it is written, and not computed.

    Raises:
        BadInput: one is not.
    """
    table = next((t for t in plan.tables if t.number == row.table_number), None) if plan else None
    known = [c.target for c in table.columns if c.made_by is not MadeBy.EXPRESSION] if table else []
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise BadInput(
            f"{row.target_table} has no column {', '.join(unknown)} that takes a value in this plan",
            todo=f"It has: {', '.join(known)}",
        )


def edit_row(
    ledger: Ledger,
    run_id: str,
    number: int,
    edits: Mapping[str, str | None],
    *,
    who: str,
    as_read: Sequence[str] = (),
) -> None:
    """The open row has these values, for when it is replayed, and in columns ``as_read`` again the source's.

    Raises:
        BadInput: there is no such row, or column, or the row is not open any more.
    """
    (row,) = named_rows(ledger, run_id, [number])
    check_edits(ledger.runs.plan(run_id).plan, row, (*edits, *as_read))
    if not ledger.quarantine.edit(run_id, number, edits, who=who, as_read=as_read):
        raise BadInput(f"Row {number} is {row.state} already", safe="It was not changed")


def waiting_beside(ledger: Ledger, run_id: str, choice: HeldChoice) -> int:
    """How many rows wait for these, themselves left out; asked of the first fifty."""
    plan = ledger.runs.plan(run_id).plan
    if plan is None:
        return 0
    rows = _first_rows(ledger, run_id, choice)
    own = {row.quarantine_id for row in rows}
    ties = Ties.of(run_id, plan, ledger)
    found: set[int] = set()
    for row in rows:
        for ids in waiting_for(row, ties=ties, run_id=run_id, ledger=ledger).values():
            found |= set(ids) - own
    return len(found)


def _first_rows(ledger: Ledger, run_id: str, choice: HeldChoice) -> list[HeldRow]:
    if choice.numbers:
        return ledger.quarantine.rows(run_id, choice.numbers[:_MOST_ASKED])
    return ledger.quarantine.page(run_id, most=_MOST_ASKED, of=replace(choice.of, state="open"))


def give_up(ledger: Ledger, run_id: str, choice: HeldChoice, *, who: str, note: str = "") -> int:
    """How many open rows were given up; they stay in the ledger and are not written."""
    plan = ledger.runs.plan(run_id).plan
    if plan is None:
        return 0
    return sum(
        ledger.quarantine.discard(run_id, [row.quarantine_id for row in rows], who=who, note=note)
        for rows in chosen_rows(choice, plan=plan, run_id=run_id, ledger=ledger)
    )


def export_rows(rows: Iterator[HeldRow], out: str) -> tuple[int, Path]:
    """How many rows went into a new file, and which.

    Raises:
        BadInput: the file is there already, or can't be written.
    """
    path = Path(out).expanduser()
    if path.exists():
        raise BadInput(f"{path} is there already", safe="It was not changed", todo="Name another file")
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            return write_csv(rows, file), path
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def refuse_moving(ledger: Ledger, run_id: str) -> None:
    """The run rests.

    Raises:
        BadInput: it is in a state in which nothing may be written beside it.
    """
    record = ledger.runs.read(run_id)
    if record.state not in _RESTING:
        raise BadInput(
            f"Run {run_id} is {record.state}",
            safe="Nothing was changed",
            todo="Replay when it is paused or complete",
        )


def refuse_busy(ledger: Ledger, run_id: str) -> None:
    """The run rests, and nobody works on it; a runner that died counts until its lease has run out.

    Raises:
        BadInput: it is in a state in which nothing may be written beside it.
        ServerBusy: a runner works on it.
    """
    refuse_moving(ledger, run_id)
    lease = ledger.leases.read(run_id)
    if lease is not None and lease.is_held:
        raise ServerBusy(
            f"A runner works on run {run_id}",
            safe="It goes on undisturbed",
            todo=f"Pause it first: fordway pause {run_id}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayEnd:
    """How the last replay of a run stands."""

    handoff_id: str
    state: str
    written: int = 0
    """Merged ones included."""
    left: int = 0
    reasons: tuple[str, ...] = ()
    """Of the first ten rows that stay."""
    error: str = ""

    def words(self) -> str:
        """In one sentence, without a full stop."""
        if self.state == "completed":
            stay = "stays" if self.left == 1 else "stay"
            left = f"; {count_of(self.left, 'rows')} {stay} set aside" if self.left else ""
            return f"Replayed {count_of(self.written, 'rows')}{left}"
        if self.state in ("offered", "accepted"):
            return "A replay is under way"
        return f"The replay could not be done: {self.error or self.state}"


def replay_end(ledger: Ledger, run_id: str) -> ReplayEnd | None:
    """The last replay, as its agent committed it; None when there was none."""
    found = ledger.coordination.last_handoff(run_id, "replay")
    if found is None:
        return None
    result: dict[str, Any] = found["result"] or {}
    return ReplayEnd(
        handoff_id=found["handoff_id"],
        state=found["state"],
        written=int(result.get("written", 0)) + int(result.get("merged", 0)),
        left=int(result.get("left", 0)),
        reasons=tuple(result.get("reasons", ())),
        error=str((found["error"] or {}).get("what", "")),
    )

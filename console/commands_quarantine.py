"""``fordway quarantine``: rows set aside, looked at, given up, taken out as CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from console.flags import settings_from
from console.headless import Narrator
from console.wiring import Opened, find_run, open_services, operator_name
from engine.guidance.words import count_of
from engine.model.errors import BadInput
from engine.model.run import ExitCode
from engine.recovering.held_rows import source_value
from engine.recovering.waiting_children import waiting_for
from engine.reporting.quarantine_csv import write_csv
from engine.stores.ledger import Ledger
from engine.stores.ledger.quarantine import HeldRow

__all__ = ["discard", "export", "list_rows", "named_rows", "row_body", "show", "which_rows", "with_ledger"]

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MOST_SHOWN = 50
"""Rows listed one by one; ``--after`` goes on behind them."""


def with_ledger(
    run: str,
    work: Callable[[Opened, Ledger, str, Narrator], int],
    *,
    target: str,
    as_json: bool,
    redis: str = "",
) -> int:
    """What ``work`` ends with, given the ledger of the run's target."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        ledger = opened.ledger("quarantine", patience_seconds=5.0)
        try:
            return work(opened, ledger, find_run(ledger, run), narrator)
        finally:
            ledger.close()
    finally:
        opened.close()


def list_rows(run: str, *, table: str, state: str, after: int, target: str, as_json: bool) -> int:
    """``fordway quarantine list``: how many of each kind, then the rows one by one."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        groups = [g for g in ledger.quarantine.groups(run_id) if not table or g.target_table == table]
        rows = ledger.quarantine.page(
            run_id,
            after_id=after,
            most=_MOST_SHOWN,
            state=None if state == "all" else state,
            table=table or None,
        )
        for group in groups:
            if narrator.is_json:
                narrator.line({"event": "quarantine_group", "run": run_id, **asdict(group)})
            else:
                what = f"{group.target_table}.{group.place}: {count_of(group.rows, 'rows')} {group.state}"
                narrator.say(f"{what}, {group.reason}")
        if not groups:
            narrator.say(f"Nothing was set aside in run {run_id}.")
        for row in rows:
            _tell_row(narrator, run_id, row)
        if len(rows) == _MOST_SHOWN:
            last = rows[-1].quarantine_id
            narrator.say(f"More: fordway quarantine list {run_id} --after {last}")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _tell_row(narrator: Narrator, run_id: str, row: HeldRow) -> None:
    if narrator.is_json:
        narrator.line({"event": "quarantined_row", "run": run_id, **row_body(row)})
        return
    edits = f", new: {', '.join(f'{k}={v}' for k, v in row.edits.items())}" if row.edits else ""
    state = "" if row.state == "open" else f" ({row.state})"
    place = row.place or row.column_name
    narrator.say(
        f"  {row.quarantine_id}  {row.target_table} {row.key_words}  {place}: {row.reason}{edits}{state}"
    )


def row_body(row: HeldRow) -> dict[str, Any]:
    """A row set aside, as JSON lines have it."""
    return {
        "id": row.quarantine_id,
        "table": row.target_table,
        "batch": row.chunk_number,
        "source_key": row.source_key,
        "place": row.place or row.column_name,
        "kind": row.kind,
        "value": row.value,
        "reason": row.reason,
        "state": row.state,
        "edits": row.edits,
        "note": row.note,
        "row": row.row_data,
    }


def show(run: str, number: int, *, target: str, as_json: bool) -> int:
    """``fordway quarantine show``: one row whole, why it is here, and who waits for it."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        (row,) = named_rows(ledger, run_id, [number])
        plan = ledger.runs.plan(run_id).plan
        waiting = waiting_for(row, plan=plan, run_id=run_id, ledger=ledger) if plan else {}
        if narrator.is_json:
            narrator.line({"event": "quarantined_row", "run": run_id, **row_body(row), "waiting": waiting})
            return ExitCode.COMPLETE
        narrator.say(f"{row.target_table}, key {row.key_words}, batch {row.chunk_number}: {row.state}")
        narrator.say(f"  {row.place or row.column_name}: {row.reason}")
        for name, stored in row.row_data.items():
            narrator.say(f"  {name} = {_shown(stored)}")
        for name, value in row.edits.items():
            narrator.say(f"  when replayed, {name} = {'NULL' if value is None else value}")
        for name, ids in waiting.items():
            narrator.say(
                f"  {count_of(len(ids), 'rows')} of {name} wait for it: {', '.join(map(str, ids[:10]))}"
            )
        if row.note or row.handled_by:
            narrator.say(f"  {row.state} by {row.handled_by}{f': {row.note}' if row.note else ''}")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _shown(stored: object) -> str:
    """A value on one line: NULL is not an empty text, and no sign of a terminal's gets through."""
    value = source_value(stored)
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return (
        "".join(sign if sign.isprintable() else _ESCAPES.get(sign, f"\\x{ord(sign):02x}") for sign in text)
        or "''"
    )


def discard(
    run: str,
    numbers: Sequence[int],
    *,
    table: str,
    everything: bool,
    note: str,
    confirm: str,
    target: str,
    as_json: bool,
) -> int:
    """``fordway quarantine discard``: rows are given up; they stay in the ledger."""

    def work(opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        rows = which_rows(ledger, run_id, numbers, table=table, everything=everything)
        waiting = _waiting_beside(ledger, run_id, rows)
        name = opened.target_name()
        narrator.say(
            f"{count_of(len(rows), 'rows')} would be given up; they stay in the ledger and are not written."
        )
        if waiting:
            narrator.say(f"{count_of(waiting, 'rows')} wait for them and will not find them.")
        typed = confirm or (_typed(name) if sys.stdin.isatty() else "")
        if typed != name:
            raise BadInput(
                "The target's name was not typed",
                safe="Nothing was given up",
                todo=f"Confirm with: --confirm {name}",
            )
        ids = [row.quarantine_id for row in rows]
        done = ledger.quarantine.discard(run_id, ids, who=operator_name(), note=note)
        if narrator.is_json:
            narrator.line({"event": "discarded", "run": run_id, "rows": done})
        narrator.say(f"Gave up {count_of(done, 'rows')}.")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _typed(name: str) -> str:
    try:
        return input(f"Type {name} to give them up, anything else to keep them: ").strip()
    except EOFError:
        return ""


def _waiting_beside(ledger: Ledger, run_id: str, rows: Sequence[HeldRow]) -> int:
    plan = ledger.runs.plan(run_id).plan
    if plan is None:
        return 0
    own = {row.quarantine_id for row in rows}
    found: set[int] = set()
    for row in rows[:_MOST_SHOWN]:
        for ids in waiting_for(row, plan=plan, run_id=run_id, ledger=ledger).values():
            found |= set(ids) - own
    return len(found)


def export(run: str, *, out: str, table: str, state: str, target: str, as_json: bool) -> int:
    """``fordway quarantine export``: one line of CSV a row, to a file or to standard output."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        rows = ledger.quarantine.all(run_id, state=None if state == "all" else state, table=table or None)
        if not out:
            write_csv(rows, sys.stdout)
            return ExitCode.COMPLETE
        path = Path(out).expanduser()
        if path.exists():
            raise BadInput(f"{path} is there already", safe="It was not changed", todo="Name another file")
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                count = write_csv(rows, file)
        except OSError as error:
            raise BadInput(f"{path} can't be written: {error.strerror}") from error
        if narrator.is_json:
            narrator.line({"event": "exported", "run": run_id, "rows": count, "file": str(path)})
        narrator.say(f"Wrote {count_of(count, 'rows')} to {path}.")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def which_rows(
    ledger: Ledger, run_id: str, numbers: Sequence[int], *, table: str, everything: bool
) -> list[HeldRow]:
    """The rows named, or all open ones, of one table where one is named.

    Raises:
        BadInput: none was named, or one is no open row of this run.
    """
    if numbers:
        rows = named_rows(ledger, run_id, numbers)
        closed = [row for row in rows if row.state != "open"]
        if closed:
            first = closed[0]
            raise BadInput(f"Row {first.quarantine_id} is {first.state} already", safe="Nothing was changed")
        return rows
    if not everything and not table:
        raise BadInput(
            "No row was named",
            safe="Nothing was changed",
            todo="Name rows by their numbers, a table with --table, or all of them with --all",
        )
    return list(ledger.quarantine.all(run_id, state="open", table=table or None))


def named_rows(ledger: Ledger, run_id: str, numbers: Sequence[int]) -> list[HeldRow]:
    """The rows of these numbers.

    Raises:
        BadInput: one of them is no row of this run.
    """
    rows = ledger.quarantine.rows(run_id, numbers)
    known = {row.quarantine_id for row in rows}
    unknown = [str(number) for number in numbers if number not in known]
    if unknown:
        raise BadInput(
            f"There is no row {', '.join(unknown)} in the quarantine of run {run_id}",
            todo=f"`fordway quarantine list {run_id}` shows them",
        )
    return rows

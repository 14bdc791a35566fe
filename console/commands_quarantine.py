"""``fordway quarantine``: rows set aside, looked at, mended, replayed, given up, taken out as CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from console.flags import settings_from
from console.held_work import (
    MOST_NUMBER,
    check_table,
    choose,
    count_open,
    edit_row,
    export_rows,
    filter_of,
    give_up,
    named_rows,
    waiting_beside,
)
from console.narrator import Narrator
from console.wiring import Opened, find_run, open_services, operator_name
from engine.guidance.words import batch_name, count_of
from engine.model.errors import BadInput
from engine.model.held import HeldRow
from engine.model.run import ExitCode
from engine.recovering.held_cells import shown_value
from engine.recovering.waiting_children import Ties, waiting_for
from engine.reporting.quarantine_csv import write_csv
from engine.stores.ledger import Ledger

__all__ = ["discard", "edit", "export", "list_rows", "show", "with_ledger"]

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
        check_table(ledger, run_id, table)
        groups = [g for g in ledger.quarantine.groups(run_id) if not table or g.target_table == table]
        rows = ledger.quarantine.page(
            run_id,
            after_id=min(after, MOST_NUMBER),
            most=_MOST_SHOWN,
            of=filter_of(state, table),
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
        narrator.line({"event": "quarantined_row", "run": run_id, **_body(row)})
        return
    edits = f", new: {', '.join(f'{k}={v}' for k, v in row.edits.items())}" if row.edits else ""
    state = "" if row.state == "open" else f" ({row.state})"
    place = row.where
    narrator.say(
        f"  {row.quarantine_id}  {row.target_table} {row.key_words}  {place}: {row.reason}{edits}{state}"
    )


def _body(row: HeldRow) -> dict[str, Any]:
    return {
        "id": row.quarantine_id,
        "table": row.target_table,
        "batch": row.chunk_number,
        "source_key": row.source_key,
        "place": row.where,
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
        waiting = (
            waiting_for(row, ties=Ties.of(run_id, plan, ledger), run_id=run_id, ledger=ledger) if plan else {}
        )
        if narrator.is_json:
            narrator.line({"event": "quarantined_row", "run": run_id, **_body(row), "waiting": waiting})
            return ExitCode.COMPLETE
        narrator.say(
            f"{row.target_table}, key {row.key_words}, batch {batch_name(row.chunk_number)}: {row.state}"
        )
        narrator.say(f"  {row.where}: {row.reason}")
        for name, stored in row.row_data.items():
            narrator.say(f"  {name} = {_on_one_line(shown_value(stored))}")
        for name, value in row.edits.items():
            narrator.say(f"  when replayed, {name} = {'NULL' if value is None else value}")
        for name, ids in waiting.items():
            narrator.say(
                f"  {count_of(len(ids), 'rows')} of {name} wait for it: {', '.join(map(str, ids[:10]))}"
            )
        if row.note or (row.handled_by and row.state != "open"):
            narrator.say(f"  {row.state} by {row.handled_by}{f': {row.note}' if row.note else ''}")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _on_one_line(value: str | None) -> str:
    """NULL is not an empty text, and no sign of a terminal's gets through."""
    if value is None:
        return "NULL"
    signs = (sign if sign.isprintable() else _ESCAPES.get(sign, f"\\x{ord(sign):02x}") for sign in value)
    return "".join(signs) or "''"


def edit(
    run: str,
    number: int,
    values: Sequence[str],
    nulls: Sequence[str],
    as_read: Sequence[str],
    *,
    target: str,
    as_json: bool,
) -> int:
    """``fordway quarantine edit``: new values for when the row is replayed, or those of the source again."""
    edits: dict[str, str | None] = {}
    for item in values:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise BadInput(f"'{item}' names no column and value", todo="Write --set COLUMN=VALUE")
        _give(edits, name, value)
    for name in nulls:
        _give(edits, name, None)
    for name in as_read:
        _refuse_second(edits, name)
    if not edits and not as_read:
        raise BadInput(
            "No value was given", todo="Write --set COLUMN=VALUE, --null COLUMN, or --as-read COLUMN"
        )

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        edit_row(ledger, run_id, number, edits, who=operator_name(), as_read=as_read)
        if narrator.is_json:
            (row,) = named_rows(ledger, run_id, [number])
            narrator.line({"event": "edited", "run": run_id, **_body(row)})
        has = "new values" if edits else "its own values again"
        narrator.say(f"Row {number} has {has}. Write it: fordway quarantine replay {run_id} {number}")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def _give(edits: dict[str, str | None], name: str, value: str | None) -> None:
    _refuse_second(edits, name)
    edits[name] = value


def _refuse_second(edits: dict[str, str | None], name: str) -> None:
    if name in edits:
        raise BadInput(f"{name} was given twice", safe="Nothing was changed", todo="Give it one value")


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
        choice = choose(ledger, run_id, numbers, table=table, everything=everything)
        rows, waiting = count_open(ledger, run_id, choice), waiting_beside(ledger, run_id, choice)
        name = opened.target_name()
        narrator.say(
            f"{count_of(rows, 'rows')} would be given up; they stay in the ledger and are not written."
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
        done = give_up(ledger, run_id, choice, who=operator_name(), note=note)
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


def export(run: str, *, out: str, table: str, state: str, target: str, as_json: bool) -> int:
    """``fordway quarantine export``: one line a row; CSV to a file, CSV or JSON to standard output."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        check_table(ledger, run_id, table)
        rows = ledger.quarantine.all(run_id, of=filter_of(state, table))
        if not out and narrator.is_json:
            for row in rows:
                _tell_row(narrator, run_id, row)
            return ExitCode.COMPLETE
        if not out:
            write_csv(rows, sys.stdout)
            return ExitCode.COMPLETE
        count, path = export_rows(rows, out)
        if narrator.is_json:
            narrator.line({"event": "exported", "run": run_id, "rows": count, "file": str(path)})
        narrator.say(f"Wrote {count_of(count, 'rows')} to {path}.")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)

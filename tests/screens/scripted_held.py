"""Rows set aside as a script: 250 links without their case, six names too long, and our own port over them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.model import events as ev
from engine.model.errors import BadInput
from engine.model.held import HeldCell, HeldChoice, HeldFilter, HeldGroup, HeldRow
from engine.model.roles import Role
from engine.model.run import Counts, RunState
from screens.held_link import (
    PAGE_ROWS,
    HeldDetail,
    HeldEntry,
    HeldPlace,
    HeldRule,
    HeldShown,
    HeldWaste,
    ReplayNews,
)
from tests.screens.scripted_journal import START, Script, finished

if TYPE_CHECKING:
    from collections.abc import Sequence

LINKS = 250
TARGET = "fordway_demo"
RULES = (
    HeldRule(rule_id=1, words="case_file_relationships.case_id, no row of cases for this legacy key: set aside", by="ana", uses=12),
    HeldRule(rule_id=2, words="customers.name, longer than 80 characters: cut the text to its column", by="kim", uses=1),
)  # fmt: skip
COUNTS = Counts(read=17_500, written=17_244, quarantined=256)


def link(number: int) -> HeldRow:
    case = 1001 + number % 7
    return HeldRow(
        quarantine_id=number, table_number=4, chunk_number=15, target_table="case_file_relationships",
        source_key=[case, 7000 + number], row_data={"case_id": case, "file_id": 7000 + number, "role": "exhibit"},
        column_name="case_id", value=str(case), reason=f"no row of cases for legacy key {case}", kind="no-parent",
        place="case_id", state="open", edits={}, note="", decision_id="d-R111", handled_by=None, handled_at=None,
        created_at=START,
    )  # fmt: skip


def customer(number: int, name: str, **more: object) -> HeldRow:
    body: dict[str, object] = {
        "quarantine_id": number, "table_number": 2, "chunk_number": 4, "target_table": "customers",
        "source_key": [15_000 + number], "row_data": {"id": 15_000 + number, "name": name, "email": None, "legacy_note": "[VIP]"},
        "column_name": "name", "value": name, "reason": f"{len(name)} characters, 80 fit", "kind": "too-long", "place": "name",
        "state": "open", "edits": {}, "note": "", "decision_id": "d-R103", "handled_by": None, "handled_at": None,
        "created_at": START,
    }  # fmt: skip
    return HeldRow(**{**body, **more})  # type: ignore[arg-type] # fields by name


LONG = (
    "Gemeinschaftspraxis für Kieferorthopädie und Zahnheilkunde Dr. Öztürk, Lefèvre & Partner [Zweigstelle]"
)


def rows() -> list[HeldRow]:
    names = [customer(LINKS + n, LONG) for n in range(1, 5)]
    names.append(customer(LINKS + 5, LONG, state="replayed", handled_by="ana", edits={"name": "Dr. Öztürk"}))
    names.append(customer(LINKS + 6, LONG, state="discarded", handled_by="kim", note="asked the practice"))
    return [*map(link, range(1, LINKS + 1)), *names]


class ScriptedHeld:
    """Our own port, played from memory; remembers what was asked of it."""

    def __init__(self, asked: list[object], held: Sequence[HeldRow] = ()) -> None:
        self.asked = asked
        self.rows = {row.quarantine_id: row for row in held}
        self.rules = RULES if held else ()
        self.refusal = ""
        self.counts = COUNTS if held else Counts()
        self.replayed: ReplayNews | None = None
        self.reads: list[HeldPlace] = []

    def groups(self) -> tuple[HeldGroup, ...]:
        found: dict[tuple[str, str, str, str, str], list[int]] = {}
        for row in self.rows.values():
            reason = "no parent is there" if row.kind == "no-parent" else row.reason
            key = (row.target_table, row.place, row.kind, reason, row.state)
            found.setdefault(key, []).append(row.quarantine_id)
        return tuple(
            HeldGroup(target_table=table, place=place, kind=kind, reason=reason, state=state, rows=len(ids), first_id=ids[0])
            for (table, place, kind, reason, state), ids in found.items()
        )  # fmt: skip

    def _of(self, of: HeldFilter) -> list[HeldRow]:
        return [
            row
            for row in self.rows.values()
            if of.takes(replace(self._group(row), rows=1, first_id=row.quarantine_id))
        ]

    def _group(self, row: HeldRow) -> HeldGroup:
        reason = "no parent is there" if row.kind == "no-parent" else row.reason
        return HeldGroup(
            target_table=row.target_table, place=row.place, kind=row.kind, reason=reason, state=row.state, rows=1, first_id=1
        )  # fmt: skip

    def read(self, place: HeldPlace, *, news: int) -> HeldShown:
        self.reads.append(place)
        after = place.after[-1] if place.after else 0
        found = [row for row in self._of(place.of) if row.quarantine_id > after]
        page = found[:PAGE_ROWS]
        entries = tuple(HeldEntry(row=row, waiting=self._waiting(row)) for row in page)
        return HeldShown(
            place=place, groups=self.groups(), entries=entries, is_last=len(found) <= PAGE_ROWS, counts=self.counts,
            rules=self.rules, replay=self.replayed, news=news,
        )  # fmt: skip

    @staticmethod
    def _waiting(row: HeldRow) -> int:
        return 3 if row.quarantine_id == LINKS + 1 and row.state == "open" else 0

    def detail(self, number: int) -> HeldDetail:
        row = self.rows.get(number)
        if row is None:
            raise BadInput(f"There is no row {number}")
        targets = {name for name in row.row_data if not name.startswith("legacy")}
        cells = tuple(
            HeldCell(
                target=name if name in targets else "", source=name, value=None if value is None else str(value),
                is_offending=name == row.place, is_edited=name in row.edits, new=row.edits.get(name),
            )
            for name, value in row.row_data.items()
        )  # fmt: skip
        waiting = (("orders", (301, 302, 303)),) if self._waiting(row) else ()
        return HeldDetail(row=row, cells=cells, waiting=waiting)

    def edit(self, number: int, column: str, value: str | None) -> str:
        self.asked.append(("edit", number, column, value))
        if not self.refusal:
            row = self.rows[number]
            self.rows[number] = replace(row, edits={**row.edits, column: value})
        return self.refusal

    def replay(self, choice: HeldChoice) -> str:
        self.asked.append(("replay", choice))
        return self.refusal

    def waste(self, choice: HeldChoice) -> HeldWaste:
        self.asked.append(("waste", choice))
        count = len(choice.numbers) or len(self._of(replace(choice.of, state="open")))
        return HeldWaste(choice=choice, rows=count, waiting=3, target_name=TARGET)

    def discard(self, choice: HeldChoice, *, typed: str) -> str:
        self.asked.append(("discard", choice, typed))
        return self.refusal

    def export(self, of: HeldFilter, path: str) -> tuple[str, str]:
        self.asked.append(("export", of, path))
        return ("", self.refusal) if self.refusal else (f"Wrote 256 rows to {path}", "")

    def revoke_rule(self, rule_id: int) -> str:
        self.asked.append(("revoke", rule_id))
        return self.refusal

    def finish_replay(self, script: Script, *, left: int = 0) -> Script:
        """The first four links are in the target, but for so many; the journal says so."""
        for number in range(1, 5 - left):
            self.rows[number] = replace(self.rows[number], state="replayed", handled_by="ana")
        done = 4 - left
        self.counts = replace(
            self.counts, written=self.counts.written + done, quarantined=self.counts.quarantined - done
        )
        stay = (
            f"; {left} row{'s' if left > 1 else ''} stay{'s' if left == 1 else ''} set aside" if left else ""
        )
        reasons = (
            ("4  case_file_relationships 1005, 7004: no row of cases for legacy key 1005",) if left else ()
        )
        self.replayed = ReplayNews(
            handoff_id="h9",
            text=f"Replayed {done} rows{stay}",
            is_over=True,
            is_well=not left,
            reasons=reasons,
        )
        script.add(
            ev.QuarantineChanged(
                what="replayed", table="case_file_relationships", rows=done, by="ana", text=f"replayed {done} rows of case_file_relationships",
                written=done,
            )
        )  # fmt: skip
        script.handoff("h9", Role.MIGRATION_EXECUTION, "replay", "completed", 0.4)
        return script


def settled() -> Script:
    """A complete run that set rows aside."""
    return finished()


def paused_with_rows() -> Script:
    """A run that rests in the middle of its move."""
    return settled().state(RunState.PAUSED, "paused after batch 15")


def later(script: Script, seconds: float) -> Script:
    script.at += timedelta(seconds=seconds)
    return script

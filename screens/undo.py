"""Undo: what it would remove, the name to type, then how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.model.run import RunState, Step
from screens import intents
from screens.run_screen import RunScreen
from screens.widgets.confirm_by_typing import ConfirmByTyping, SafeAnswer
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.words import Part, Words
from screens.wording import count, duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import TableUndone
    from engine.model.undo import TableUndoPreview
    from screens.sight import Sight

__all__ = ["UndoScreen"]


class UndoScreen(RunScreen):
    """Preview, typed confirmation, progress, result."""

    CSS_PATH = "undo.tcss"
    AUTO_FOCUS = "SafeAnswer"
    STEP = Step.UNDO
    ABOUT: ClassVar[str] = (
        "An undo removes exactly what this run wrote. Rows that someone changed since are left alone and "
        "listed; rows the run did not write are never touched. "
        "Nothing happens before the target's name is typed."
    )
    KEYS = ("pause-run", "resume-run", "previous-step", "next-step", "follow-run", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """Words, tables, kept rows, confirmation."""
        self.words = Words(id="guidance")
        self.tables = LineTable(_COLUMNS, empty="counting what an undo would remove", id="undo-tables")
        self.kept = Words()
        self.confirm = ConfirmByTyping()
        yield self.words
        yield self.tables
        with VerticalScroll(id="kept", can_focus=False):
            yield self.kept
        self.confirm.display = False
        yield self.confirm

    def draw(self, sight: Sight) -> None:
        """Shows the preview before, the progress during and the result after."""
        view = sight.view
        is_before = view.state not in (RunState.UNDOING, RunState.UNDONE)
        preview = sight.preview
        self.words.show(*_headline(sight))
        undone = {table.table: table for table in view.undone}
        tables = preview.tables if preview else ()
        rows = [_row(table, undone.get(table.table)) for table in tables]
        rows += [
            _done_row(done) for name, done in undone.items() if name not in {table.table for table in tables}
        ]
        self.tables.show(tuple(rows))
        self.kept.show(*_kept(sight))
        can_ask = is_before and preview is not None and not preview.unavailable and sight.can_act
        is_new = can_ask and not self.confirm.display
        self.confirm.display = can_ask
        if is_new:
            self.confirm.safe.focus()
        if can_ask and preview is not None:
            self.confirm.ask(preview.target_name, "To take the run back,")

    def on_confirm_by_typing_confirmed(self, event: ConfirmByTyping.Confirmed) -> None:
        """Sends the typed name up."""
        event.stop()
        self.post_message(intents.UndoConfirmed(event.typed))

    def on_safe_answer_taken(self, event: SafeAnswer.Taken) -> None:
        """Leaves everything as it is."""
        event.stop()
        self.post_message(intents.FollowRequested())

    def command(self, sight: Sight) -> str:
        """The same from a script, with the same name to type."""
        return f"undo {sight.view.run_id[:8]}"


_COLUMNS = (
    Column(title="Table", most=32),
    Column(title="Written", width=9, align="right"),
    Column(title="To remove", width=9, align="right"),
    Column(title="Left alone", width=10, align="right"),
    Column(title="Not ours", width=9, align="right"),
    Column(title="Then", width=5, from_width=76),
    Column(title="State", width=10),
)


def _row(table: TableUndoPreview, done: TableUndone | None) -> Row:
    return (
        (table.table, "strong"), (count(table.written), "plain"), (count(table.removable), "plain"),
        (count(table.kept), "warn" if table.kept else "quiet"), (count(table.foreign), "quiet"),
        ("goes" if table.drops_table else "marks" if table.is_marked else "stays", "plain"),
        ("○ to do", "quiet") if done is None else ("✓ undone", "ok"),
    )  # fmt: skip


def _done_row(done: TableUndone) -> Row:
    return (
        (done.table, "strong"), (count(done.removed + done.marked + done.kept), "plain"),
        (count(done.removed + done.marked), "plain"),
        (count(done.kept), "warn" if done.kept else "quiet"), ("", "quiet"),
        ("gone" if done.dropped else "marks" if done.marked else "stays", "plain"), ("✓ undone", "ok"),
    )  # fmt: skip


def _headline(sight: Sight) -> list[Part]:
    view = sight.view
    if view.undo_outcome is not None:
        done = view.undo_outcome
        marked = f", {count(done.marked)} marked as deleted" if done.marked else ""
        said = f"{count(done.removed)} rows removed{marked}, {count(done.kept)} left alone"
        lines = view.words("undo") or (said,)
        return [
            (lines[0], "ok"),
            *(f"\n{line}" for line in lines[1:]),
            "\n",
            ("took ", "quiet"),
            duration(done.seconds),
        ]
    if view.state is RunState.UNDOING:
        return [
            ("Taking back what this run wrote, newest first", "strong"),
            "\n",
            (f"started by {view.undo_by}", "quiet"),
        ]
    if sight.preview is None:
        return [("Counting what an undo would remove; nothing is changed by looking", "strong")]
    if sight.preview.unavailable:
        return [("There can be no undo now", "strong"), "\n", (f"{sight.preview.unavailable}", "warn")]
    rows = sum(table.removable for table in sight.preview.tables if not table.is_marked)
    kept = sum(table.removable for table in sight.preview.tables if table.is_marked)
    gone = sum(1 for table in sight.preview.tables if table.drops_table)
    tables = f" and drop {gone} table{'s' if gone != 1 else ''} it made" if gone else ""
    tables += f", and mark {count(kept)} as deleted" if kept else ""
    return [
        (f"An undo would remove {count(rows)} rows this run wrote{tables}", "strong"),
        "\n",
        ("Nothing else is touched; nothing has happened yet.", "quiet"),
    ]


def _kept(sight: Sight) -> list[Part]:
    parts: list[Part] = []
    for table in sight.preview.tables if sight.preview and not sight.view.undone else ():
        if table.note:
            parts += [(f"{table.table}: {table.note}\n", "warn")]
        if table.restores:
            parts += [(f"{count(table.restores)} rows {table.table} had overwritten are put back\n", "quiet")]
        if table.kept:
            keys = ", ".join(table.kept_keys)
            parts += [
                (f"! {count(table.kept)} rows of {table.table} changed since and stay: ", "warn"),
                keys,
                "\n",
            ]
    for done in sight.view.undone:
        if done.kept:
            parts += [
                (f"! {count(done.kept)} rows of {done.table} were left alone: ", "warn"),
                ", ".join(done.kept_keys),
                "\n",
            ]
        if done.note:
            parts += [(f"{done.table}: {done.note}\n", "quiet")]
    return parts

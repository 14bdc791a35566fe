"""Rows set aside as the screens say them: lists, sentences, and which rows are meant. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.guidance.words import count_of
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.held import HeldChoice, HeldFilter
from screens.held_link import PAGE_ROWS
from screens.widgets.line_table import Column
from screens.wording import count

if TYPE_CHECKING:
    from datetime import datetime

    from engine.model.held import HeldCell, HeldGroup
    from screens.held_link import HeldDetail, HeldEntry, HeldRule, HeldShown, ReplayAsked
    from screens.widgets.line_table import Cell, Row
    from screens.widgets.words import Part

__all__ = [
    "CELL_COLUMNS",
    "ENTRY_COLUMNS",
    "GROUP_COLUMNS",
    "RULE_COLUMNS",
    "cell_row",
    "choices_of",
    "detail_parts",
    "entry_row",
    "group_rows",
    "headline",
    "news_parts",
    "page_words",
    "revoke_question",
    "rule_row",
    "which_rows",
]

KEEP = "keep"
LATE_SECONDS = 20
"""A runner is there within a few seconds; after so many something keeps it from starting."""
_STATES: dict[str, Cell] = {
    "open": ("! open", "warn"),
    "replayed": ("✓ replayed", "ok"),
    "discarded": ("○ given up", "quiet"),
}
_STATE_WORDS = {"open": "open", "replayed": "replayed", "discarded": "given up"}

GROUP_COLUMNS = (
    Column(title="Set aside in", most=28),
    Column(title="Where", width=16),
    Column(title="Why"),
    Column(title="Rows", width=9, align="right"),
    Column(title="State", width=10),
)
ENTRY_COLUMNS = (
    Column(title="Row", width=6, align="right"),
    Column(title="Table", width=16, from_width=100),
    Column(title="Key in the source", width=17),
    Column(title="Where", width=16, from_width=100),
    Column(title="Why"),
    Column(title="Wait", width=5, align="right"),
    Column(title="State", width=10),
)
CELL_COLUMNS = (
    Column(title="Column", width=20),
    Column(title="In the source", width=20, from_width=90),
    Column(title="Value"),
    Column(title="When replayed", width=22),
)
RULE_COLUMNS = (
    Column(title="Rule", width=4, align="right"),
    Column(title="Answers every such error so"),
    Column(title="By", width=12),
    Column(title="Used for", width=11, align="right"),
)


def headline(shown: HeldShown | None) -> list[Part]:
    """How many rows are set aside, and what became of them."""
    if shown is None:
        return [("Reading what was set aside", "strong")]
    whole = sum(group.rows for group in shown.groups)
    if not whole:
        return [("No row of this run was set aside", "strong")]
    parts = [
        f"{count(rows)} {word}" for state, word in _STATE_WORDS.items() if (rows := shown.rows_in(state))
    ]
    is_are = "row was" if whole == 1 else "rows were"
    return [(f"{count(whole)} {is_are} set aside: {', '.join(parts)}", "strong")]


def news_parts(shown: HeldShown | None, asked: ReplayAsked | None, now: datetime) -> list[Part]:
    """What came of the last replay; nothing where there was none.

    Args:
        shown: what was read last.
        asked: what was known when this console asked for a replay; None: it did not.
        now: this moment.
    """
    replay = shown.replay if shown is not None else None
    if asked is not None and asked.handoff_id == (replay.handoff_id if replay is not None else ""):
        waited = (now - asked.at).total_seconds()
        if waited < LATE_SECONDS:
            return [("● ", "busy"), ("The replay was asked for; its runner is being started", "busy")]
        late = f"No runner has taken the replay up for {waited:.0f} s; nothing was changed so far."
        return [("! ", "warn"), (late, "warn"), " Its log is in the data folder, under logs."]
    if replay is None or shown is None:
        return []
    if not replay.is_over:
        return [("● ", "busy"), (f"{replay.text}; what is written shows here", "busy")]
    change: list[Part] = []
    if asked is not None and asked.counts != shown.counts:
        was, since = asked.counts, shown.counts
        change = [
            f" Written {count(was.written)} -> {count(since.written)}, "
            f"quarantined {count(was.quarantined)} -> {count(since.quarantined)}."
        ]
    if replay.is_well:
        return [("✓ ", "ok"), (f"{replay.text}.", "ok"), *change]
    why = f" {replay.reasons[0].strip()}" if replay.reasons else ""
    return [("! ", "warn"), (f"{replay.text.rstrip('.')}.", "warn"), *change, (why, "quiet")]


def page_words(shown: HeldShown, place: int) -> str:
    """``row 117 of 12,345``; where one stands in the list."""
    before = len(shown.place.after) * PAGE_ROWS
    return f"row {count(before + place + 1)} of {count(shown.total)}" if shown.entries else ""


def group_rows(groups: tuple[HeldGroup, ...], of: HeldFilter) -> tuple[Row, ...]:
    """A line for all rows, then one a group; what is shown below is marked."""
    if not groups:
        return ()
    whole = sum(group.rows for group in groups)
    every = _group_row(("every row", "", "", whole), ("", "plain"), is_shown=of == HeldFilter())
    lines = [
        _group_row(
            (group.target_table, group.place, group.reason, group.rows),
            _STATES.get(group.state, (group.state, "plain")),
            is_shown=of == HeldFilter.of(group),
        )
        for group in groups
    ]
    return (every, *lines)


def _group_row(words: tuple[str, str, str, int], state: Cell, *, is_shown: bool) -> Row:
    table, place, reason, rows = words
    token = "plain" if state[1] in ("warn", "plain") else "quiet"
    name = (f"› {table}" if is_shown else f"  {table}", "strong")
    return (name, (place, token), (reason, token), (count(rows), token), state)


def entry_row(entry: HeldEntry) -> Row:
    """One line of the rows."""
    row = entry.row
    edits = ""
    if row.edits and row.state == "open":
        edits = f"will be {', '.join(f'{k}={_value(v)}' for k, v in row.edits.items())} · "
    return (
        (str(row.quarantine_id), "quiet"), (row.target_table, "quiet"), (row.key_words, "strong"),
        (row.where, "quiet"), (f"{edits}{row.reason}", "busy" if edits else "plain"),
        (count(entry.waiting) if entry.waiting else "", "warn"),
        _STATES.get(row.state, (row.state, "plain")),
    )  # fmt: skip


def rule_row(rule: HeldRule) -> Row:
    """One line of the rules."""
    return (
        (str(rule.rule_id), "quiet"), (rule.words, "plain"), (rule.by, "quiet"),
        (count_of(rule.uses, "batches"), "quiet"),
    )  # fmt: skip


def _value(value: str | None) -> str:
    return "NULL" if value is None else value


def cell_row(cell: HeldCell) -> Row:
    """One value of a row: the one in its way is marked."""
    name = f"! {cell.target or cell.source}" if cell.is_offending else f"  {cell.target or cell.source}"
    value: Cell = ("NULL", "quiet") if cell.value is None else (cell.value, "plain")
    if cell.target and not cell.source:
        value = ("made when it is written", "quiet")
    new: Cell = (_value(cell.new), "busy") if cell.is_edited else ("", "quiet")
    if not cell.target:
        new = ("not moved", "quiet")
    return (
        (name, "warn" if cell.is_offending else "strong"), (cell.source, "quiet"),
        (value[0], "warn" if cell.is_offending else value[1]), new,
    )  # fmt: skip


def detail_parts(detail: HeldDetail) -> list[Part]:
    """Why the row is here, what became of it, and who waits for it."""
    row = detail.row
    parts: list[Part] = [_STATES.get(row.state, (row.state, "plain")), "  "]
    parts += [(f"{row.where}: ", "strong"), (row.reason, "warn")]
    if row.handled_by and row.state != "open":
        note = f": {row.note}" if row.note else ""
        parts += [(f"\n{_STATE_WORDS.get(row.state, row.state)} by {row.handled_by}{note}", "quiet")]
    for table, numbers in detail.waiting:
        named = ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")
        wait = "waits" if len(numbers) == 1 else "wait"
        parts += [("\n! ", "warn"), f"{count_of(len(numbers), 'rows')} of {table} {wait} for it: {named}"]
    return parts


# Which rows are meant


def choices_of(shown: HeldShown, entry: HeldEntry | None) -> dict[str, HeldChoice]:
    """What may be meant at this moment, by the answer's name."""
    found: dict[str, HeldChoice] = {}
    if entry is not None and entry.row.state == "open":
        number = entry.row.quarantine_id
        found["row"] = HeldChoice(numbers=(number,))
        if entry.waiting:
            found["children"] = HeldChoice(numbers=(number,), with_children=True)
    of = shown.place.of
    if of != HeldFilter() and of.state in (None, "open"):
        found["group"] = HeldChoice(of=of)
    found["all"] = HeldChoice(of=HeldFilter(state="open"))
    return found


def which_rows(shown: HeldShown, entry: HeldEntry | None, *, question: str, does: str) -> Decision:
    """The question which rows are meant; keeping them is the safe answer.

    Args:
        shown: the list.
        entry: the marked row.
        question: ``Which rows are written?``.
        does: what is done with them: ``is written`` or ``is given up``.
    """
    choices = choices_of(shown, entry)
    here = sum(group.rows for group in shown.groups if shown.place.of.takes(group) and group.state == "open")
    key = f"{entry.row.target_table} {entry.row.key_words}" if entry is not None else ""
    wait = "that waits" if entry is not None and entry.waiting == 1 else "that wait"
    waiting = f"{count_of(entry.waiting, 'rows')} {wait}" if entry is not None else ""
    words = {
        "row": ("r", "This row", f"{key} {does}."),
        "children": ("c", f"This row and the {waiting} for it", f"{key} {does}, then those."),
        "group": ("g", f"The {count_of(here, 'open rows')} shown", f"All of {_of(shown)}: each {does}."),
        "all": (
            "a",
            f"All {count_of(shown.rows_in('open'), 'open rows')}",
            f"Each open row of the run {does}.",
        ),
    }
    options = [Option(name=KEEP, key="k", label="Leave them", consequence="Nothing changes.")]
    for name in choices:
        letter, label, consequence = words[name]
        options.append(Option(name=name, key=letter, label=label, consequence=consequence))
    return Decision(
        decision_id=f"held-{question}",
        kind=DecisionKind.FAULT,
        question=question,
        situation=f"{count_of(shown.rows_in('open'), 'rows')} are open.",
        options=tuple(options),
        safest=KEEP,
    )


def revoke_question(rule: HeldRule) -> Decision:
    """Shall the standing answer hold no longer? Keeping it is the safe answer."""
    revoke = Option(
        name="revoke",
        key="v",
        label="Revoke it",
        consequence="The next such error asks again. What the rule did stays done.",
    )
    return Decision(
        decision_id=f"rule-{rule.rule_id}",
        kind=DecisionKind.FAULT,
        question=f"Revoke rule {rule.rule_id}?",
        situation=f"{rule.words} (by {rule.by}, used for {count_of(rule.uses, 'batches')}).",
        options=(Option(name=KEEP, key="k", label="Keep it", consequence="Nothing changes."), revoke),
        safest=KEEP,
    )


def _of(shown: HeldShown) -> str:
    of = shown.place.of
    return ", ".join(part for part in (of.table, of.place, of.reason) if part)

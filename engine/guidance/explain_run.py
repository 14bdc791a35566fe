"""What is going on and what came of it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.guidance.fault_catalogue import FAULTS
from engine.guidance.words import count_of, duration, duration_range, number, one_of, percent
from engine.model.plan import Plan
from engine.model.run import Counts, Rehearsal, Strength, TableOutcome, Unlinked

__all__ = [
    "celebrate",
    "describe_progress",
    "explain_escalation",
    "explain_fault",
    "explain_pause",
    "explain_rehearsal",
    "explain_undo",
    "explain_unlinked",
    "explain_verification",
    "given_up_words",
]

_STRENGTHS = {
    Strength.PROVEN: "proven: every row was compared on both sides",
    Strength.SAMPLED: "sampled: some rows were compared over all columns, the rest was counted",
    Strength.COUNT_ONLY: "count only: the numbers agree, no value was compared",
    Strength.NOT_COMPARED: "not compared",
    Strength.DIFFERENT: "different: a check found something else than it expected",
}


def _total(outcomes: Sequence[TableOutcome]) -> Counts:
    return sum((outcome.counts for outcome in outcomes), Counts())


def describe_progress(
    done_rows: int, total_rows: int, noun: str, seconds_left: tuple[float, float] | None
) -> str:
    """How far the move is: ``Migrated 500 of 1,569 brackets (32% complete).``, then the time left.

    Args:
        done_rows: rows committed.
        total_rows: rows planned.
        noun: what they are, in the plural.
        seconds_left: lowest and highest guess; None while nobody knows.
    """
    of = f"{number(done_rows)} of {count_of(total_rows, noun)}"
    done = f"Migrated {of} ({percent(done_rows, total_rows)}% complete)."
    if seconds_left is None or done_rows >= total_rows:
        return done
    left = duration_range(*seconds_left)
    return f"{done} {left[0].upper()}{left[1:]} left."


def explain_rehearsal(plan: Plan, rehearsal: Rehearsal, seconds: float) -> tuple[str, ...]:
    """What the dry run predicts for the real one."""
    counts = _total(rehearsal.tables)
    lines = [
        f"Rehearsed {count_of(counts.read, plan.noun)} in {duration(seconds)}; the target is as it was.",
        f"{count_of(counts.written, plan.noun)} would be written.",
    ]
    if counts.quarantined:
        lines.append(
            f"{count_of(counts.quarantined, plan.noun)} would be set aside, with the reason of each."
        )
    if counts.filtered:
        lines.append(f"{count_of(counts.filtered, plan.noun)} would be left out by the playbook's filter.")
    if counts.merged:
        lines.append(f"{count_of(counts.merged, plan.noun)} would be merged with rows that are there.")
    lines += [f"{explain_unlinked(each)}." for each in rehearsal.unlinked]
    if not counts.balances:
        lines.append("The numbers do not add up: do not go on before this is explained.")
    elif not counts.quarantined and not rehearsal.unlinked:
        lines.append("Every row has a place.")
    return tuple(lines)


def explain_unlinked(found: Unlinked) -> str:
    """Rows the target will refuse, without a full stop."""
    name = "names" if found.rows == 1 else "name"
    return (
        f"{count_of(found.rows, 'rows')} of {found.table} {name} no row of {found.parent}, moved or in the "
        f"target, so the target refuses {'it' if found.rows == 1 else 'them'}"
    )


def explain_pause(reason: str, *, done_batches: int, total_batches: int) -> str:
    """Why nothing moves now, what is safe and what to do.

    Args:
        reason: in words, without a full stop; empty for a pause on request.
        done_batches: committed.
        total_batches: planned.
    """
    where = f"Paused after batch {number(done_batches)} of {number(total_batches)}"
    why = f": {reason.rstrip('.')}" if reason else ""
    return f"{where}{why}. Nothing is half-written. Press r to resume."


def explain_fault(what: str, where: str = "", safe: str = "", todo: str = "") -> str:
    """What happened, where, what is safe and what to do, in one line."""
    head = f"{what.rstrip('.')} ({where})" if where else what
    return " ".join(f"{part.rstrip('.')}." for part in (head, safe, todo) if part)


def explain_escalation(code: str, what: str) -> tuple[str, ...]:
    """What a fault means while the agents look again: the headline, what is safe, what happens now."""
    fault = FAULTS.get(code)
    if fault is None:
        return (f"Hit a snag: {what.rstrip('.')}.", "We are looking at it again before anybody is asked.")
    return (
        f"Hit a snag, {fault.name}: {what.rstrip('.')}.",
        f"{fault.safe}.",
        "The target and the rows are looked at again, then it is tried once more.",
    )


def explain_verification(
    plan: Plan, strengths: Mapping[str, Strength], outcomes: Sequence[TableOutcome] = ()
) -> tuple[str, ...]:
    """Per table how well its rows were compared; a table nobody compared says so.

    Args:
        plan: what was moved.
        strengths: by target table as plans show it; missing ones count as not compared.
        outcomes: what became of each table's rows; those that are not in the target are named.
    """
    found = [(table.name, strengths.get(table.name, Strength.NOT_COMPARED)) for table in plan.tables]
    aside = {outcome.table: outcome.counts.quarantined for outcome in outcomes}
    lines = [f"{name}: {_strength(strength, aside.get(name, 0))}." for name, strength in found]
    if all(strength is Strength.PROVEN for _, strength in found):
        has_own = any(table.exists_already and table.target_rows for table in plan.tables)
        held = (
            "The target holds the source's rows beside its own"
            if has_own
            else "Source and target hold the same rows"
        )
        lines.append(f"{held}{_exceptions(_total(outcomes))}.")
    else:
        weak = sum(1 for _, strength in found if strength is not Strength.PROVEN)
        lines.append(f"{count_of(weak, 'tables')} {'is' if weak == 1 else 'are'} not proven row by row.")
    return tuple(lines)


def _strength(strength: Strength, aside: int) -> str:
    words = _STRENGTHS[strength]
    if strength is Strength.PROVEN and aside:
        return words.replace("every row", f"every row but the {count_of(aside, 'rows')} set aside")
    return words


def _exceptions(counts: Counts) -> str:
    """Rows of the source that are not in the target as they were, after what holds of the others."""
    kinds = (
        (counts.quarantined, "set aside"),
        (counts.filtered, "the playbook's filter left out"),
        (counts.merged, "merged with others"),
    )
    parts = [f"the {count_of(rows, 'rows')} {words}" for rows, words in kinds if rows]
    if not parts:
        return ""
    listed = ", ".join(parts[:-1])
    return f", except {listed} and {parts[-1]}" if listed else f", except {parts[-1]}"


def celebrate(plan: Plan, outcomes: Sequence[TableOutcome], seconds: float) -> tuple[str, ...]:
    """What is in the new system now; rows that are not are said first.

    Args:
        plan: what was meant to move.
        outcomes: what became of each table.
        seconds: the whole run's.
    """
    counts = _total(outcomes)
    brought = sum(outcome.brought for outcome in outcomes)
    missing = plan.rows + brought - counts.written - counts.filtered - counts.merged
    decided = _by_decision(brought, sum(outcome.placeholders for outcome in outcomes))
    if counts.quarantined or missing != 0:
        given_up = sum(outcome.given_up for outcome in outcomes)
        gaps = _with_gaps(plan, counts, missing - counts.quarantined, given_up=given_up)
        return (*gaps, *decided)
    stays = (
        f" {count_of(counts.filtered, plan.noun)} stayed behind by the playbook's filter."
        if counts.filtered
        else ""
    )
    return (
        f"{_merged_there(plan, counts) if counts.merged else _all_there(plan, counts.written)}{stays}",
        *decided,
        "You can now move what depends on them.",
        f"It took {duration(seconds)}, and it can still be undone.",
    )


def _by_decision(brought: int, placeholders: int) -> tuple[str, ...]:
    """Rows that are there because somebody decided so."""
    lines = []
    if brought:
        verb = "was" if brought == 1 else "were"
        lines.append(f"{number(brought)} of them {verb} brought in from elsewhere, because others need them.")
    if placeholders:
        verb = "stands" if placeholders == 1 else "stand"
        lines.append(
            f"{count_of(placeholders, 'placeholders')} {verb} for what is in no source; fill them in."
        )
    return tuple(lines)


def _all_there(plan: Plan, written: int) -> str:
    those = "The one" if written == 1 else f"All {number(written)}"
    return f"{those} {_records(plan, written)} {'is' if written == 1 else 'are'} in your new system."


def _merged_there(plan: Plan, counts: Counts) -> str:
    """Rows merged are no rows more in the new system: of rows of one key one stays there."""
    placed = counts.written + counts.merged
    those = "The one" if placed == 1 else f"All {number(placed)}"
    new = f"{number(counts.written)} {'is' if counts.written == 1 else 'are'} new in your new system"
    parts = [new, _merged(counts.merged)] if counts.written else [_merged(counts.merged)]
    which = f"{those} {_records(plan, placed)} found {'its' if placed == 1 else 'their'} place"
    return f"{which}: {', '.join(parts)}."


def _merged(rows: int) -> str:
    with_what = "was merged with a row" if rows == 1 else "were merged with rows"
    return f"{number(rows)} {with_what} of the same key, as the playbook says"


def _records(plan: Plan, count: int) -> str:
    if plan.noun == "rows":
        return count_of(count, "rows").split(" ", 1)[1]
    return f"{one_of(plan.noun)} {'record' if count == 1 else 'records'}"


def _with_gaps(plan: Plan, counts: Counts, unread: int, *, given_up: int) -> tuple[str, ...]:
    verb = "is" if plan.rows == 1 or counts.written == 1 else "are"
    of = f"{number(counts.written)} of {number(plan.rows)} {_records(plan, plan.rows)}"
    lines = [f"{of} {verb} in your new system."]
    if counts.merged:
        lines.append(f"{_merged(counts.merged)}.")
    if waiting := counts.quarantined - given_up:
        verb, each = ("waits", "") if waiting == 1 else ("wait", " of each")
        lines.append(f"{count_of(waiting, plan.noun)} {verb} in quarantine, with the reason{each}.")
        them = "it" if waiting == 1 else "them"
        lines.append(f"Look at {them} before you move what depends on them.")
    if given_up:
        lines.append(given_up_words(given_up, plan.noun))
    if unread > 0:
        lines.append(
            f"{count_of(unread, plan.noun)} {'was' if unread == 1 else 'were'} planned and not read."
        )
    if unread < 0:
        lines.append(
            f"{count_of(-unread, plan.noun)} more than planned: find out why before you rely on them."
        )
    lines.append("Everything written can still be undone.")
    return tuple(lines)


def given_up_words(rows: int, noun: str) -> str:
    """What became of rows set aside that nobody waits for any more."""
    verb = "was" if rows == 1 else "were"
    return f"{count_of(rows, noun)} {verb} given up, and {verb} not written."


def explain_undo(tables: Sequence[tuple[str, int, int]]) -> tuple[str, ...]:
    """What undo takes back, table by table, newest first.

    Args:
        tables: table, rows that will be removed, rows that stay because someone changed them.
    """
    lines = []
    for name, removed, kept in tables:
        stays = f"; {count_of(kept, 'rows')} changed since {'stays' if kept == 1 else 'stay'}" if kept else ""
        lines.append(f"{name}: {count_of(removed, 'rows')} will be removed{stays}.")
    return tuple(lines) if lines else ("There is nothing to take back.",)

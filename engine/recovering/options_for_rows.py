"""Options that say what becomes of rows: what each does, whether it can be taken, and what it costs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from engine.guidance.words import count_of
from engine.model.decisions import Option
from engine.model.faults import Effect, MissingParents, Offence, OffenceGroup, WayBack, Whereabouts
from engine.recovering.circumstances import Circumstances, rest_in_words
from engine.recovering.options_for_keys import keep_source, keep_target, newest
from engine.recovering.place_parents import why_no_placeholder

__all__ = ["ROW_OPTIONS"]

_LEFT = {
    Whereabouts.QUARANTINED: "that was set aside",
    Whereabouts.NOWHERE: "that is nowhere",
}
_UNDO_ROWS = "Undo takes these rows back with the others of the run"


def _parents(c: Circumstances) -> list[OffenceGroup]:
    return [group for group in c.groups if group.kind is Offence.NO_PARENT and group.parents]


def parents(c: Circumstances) -> Option:
    """Move the missing parents first."""
    groups = _parents(c)
    told = [group.parents for group in groups if group.parents]
    reach = [p for parents in told for p in parents.places if p.whereabouts.is_in_reach]
    hindered = sum(parents.hindered_keys for parents in told)
    found = sum(p.keys for p in reach) - hindered - sum(parents.shared_in_reach for parents in told)
    own = sum(parents.own_parents for parents in told)
    rows = sum(p.rows for p in reach) - sum(parents.hindered_rows for parents in told)
    low, high = c.seconds(found + own + (c.diagnosis.rows if c.diagnosis else 0))
    return Option(
        name="parents",
        key="m",
        label="Move the missing parents first",
        consequence=(
            f"Finds the {count_of(found, 'rows')} that {'is' if found == 1 else 'are'} missing, "
            f"{f'and {own:,} they belong to, ' if own else ''}moves exactly these, "
            f"then tries the batch again and checks every connection."
            f"{_fit_in_words(told, rows)}{rest_in_words(c, rows)}"
        ),
        unavailable="" if found > 0 else _why_no_parents(groups),
        effect=Effect(
            rows=rows,
            brought=found + own,
            low_seconds=low,
            high_seconds=high,
            way_back=WayBack.UNDO,
            undo=_UNDO_ROWS,
        ),
    )


def _fit_in_words(told: list[MissingParents], fit: int) -> str:
    """How many rows then have their parent, and what the others still name; empty where all have."""
    left: Counter[str] = Counter()
    for parents in told:
        for place in parents.places:
            left[_LEFT.get(place.whereabouts, "")] += place.rows
        left[f"that can't be written: {parents.hindered}"] += parents.hindered_rows
    named = [
        f"{rows:,} still {'names' if rows == 1 else 'name'} a row {what}"
        for what, rows in left.items()
        if what and rows
    ]
    waiting = sum(place.rows for parents in told for place in parents.places)
    fits = "fits" if fit == 1 else "fit"
    return f" Then {fit:,} of {count_of(waiting, 'rows')} {fits}; {', '.join(named)}." if named else ""


def _why_no_parents(groups: list[OffenceGroup]) -> str:
    if not groups:
        return "no parent is missing"
    if not all(g.parents and g.parents.is_planned for g in groups):
        return f"{groups[0].parents.parent if groups[0].parents else ''} is not part of this plan"
    hindered = next((g.parents.hindered for g in groups if g.parents and g.parents.hindered), "")
    if hindered:
        return f"none of them can be written, such as {hindered}"
    found = {p.whereabouts for g in groups for p in (g.parents.places if g.parents else ())}
    if Whereabouts.QUARANTINED in found:
        return "they were set aside by this run: mend and replay them first"
    return "they are in none of the sources"


def placeholders(c: Circumstances) -> Option:
    """Create placeholder parents."""
    groups = _parents(c)
    keys = sum(g.parents.keys - g.parents.shared for g in groups if g.parents)
    rows = sum(g.rows for g in groups)
    why = "" if groups else "no parent is missing"
    places = [p for g in groups for p in (g.parents.places if g.parents else ())]
    later = sum(p.keys for p in places if p.whereabouts is Whereabouts.PENDING)
    beside = sum(p.keys for p in places if p.whereabouts is Whereabouts.SAME_BATCH)
    # A placeholder would stand in the way of the row itself.
    if later:
        why = f"{later:,} of them {'is' if later == 1 else 'are'} moved later in this run"
    elif beside:
        why = f"{beside:,} of them {'is' if beside == 1 else 'are'} in this batch"
    for group in groups if c.plan else ():
        assert group.parents is not None
        parent = (
            next((t for t in c.plan.tables if t.target_name == group.parents.parent), None)
            if c.plan
            else None
        )
        why = why or why_no_placeholder(parent, group)
    low, high = c.seconds(keys)
    return Option(
        name="placeholders",
        key="c",
        label="Create placeholder parents",
        consequence=(
            f"Makes {count_of(keys, 'rows')} that hold nothing but their key and what is required, marked in "
            f"the report; the {count_of(rows, 'rows')} point at them. Fill them in later."
        ),
        unavailable=why,
        effect=Effect(
            rows=rows,
            placeholders=keys,
            low_seconds=low,
            high_seconds=high,
            way_back=WayBack.UNDO,
            undo="Undo removes the placeholders with the run's rows",
        ),
    )


def quarantine(c: Circumstances) -> Option:
    """Set the rows aside and go on."""
    rows = c.diagnosis.offending if c.diagnosis else 0
    low, high = c.seconds(c.diagnosis.rows if c.diagnosis else 0)
    these = "this row" if rows == 1 else f"these {count_of(rows, 'rows')}" if rows else "the rows"
    waits = f" Rows of {', '.join(c.downstream)} that refer to them will wait, too." if c.downstream else ""
    return Option(
        name="quarantine",
        key="q",
        label=f"Set {these} aside, go on",
        consequence=(
            f"Writes the other {count_of(c.written_if(0), 'rows')} of the batch; "
            f"{'this one is' if rows == 1 else 'these are'} kept whole with the reason, "
            f"to be mended and replayed later.{waits}"
        ),
        unavailable="" if rows else "no row was found that can't be written",
        can_repeat=True,
        effect=Effect(
            rows=rows,
            written=c.written_if(0),
            set_aside=rows,
            low_seconds=low,
            high_seconds=high,
            downstream=c.downstream,
            way_back=WayBack.UNDO,
            undo="They can be replayed at any time; undo takes back the others",
        ),
    )


def _rule(c: Circumstances, name: str, key: str, label: str, says: str) -> Option:
    """A value rule: ``says`` what becomes of the value."""
    mended = [(g, dict(g.mends).get(name, 0)) for g in c.groups]
    rows = sum(fits for _, fits in mended)
    offending = sum(g.rows for g, fits in mended if fits)
    why = "" if rows else _why_no_rule(c, name)
    fit = f"{rows:,} of the {count_of(offending, 'rows')}" if rows < offending else f"All {rows:,}"
    some = f" {fit} then {'fits' if fit == 'All 1' else 'fit'}; each change is kept with the old value."
    low, high = c.seconds(c.diagnosis.rows if c.diagnosis else 0)
    default = next((g.default for g, _ in mended if g.default), "")
    return Option(
        name=name,
        key=key,
        label=label,
        consequence=f"{says}{some}{rest_in_words(c, rows)}" if rows else says,
        unavailable=why,
        can_repeat=True,
        wants_value="the value to fill in" if name == "default" else "",
        value=default if name == "default" else "",
        effect=Effect(
            rows=rows,
            written=c.written_if(rows),
            changed=rows,
            low_seconds=low,
            high_seconds=high,
            way_back=WayBack.UNDO,
            undo="Undo takes the rows back; the old values stay in the ledger",
        ),
    )


def _why_no_rule(c: Circumstances, name: str) -> str:
    kinds = {group.kind for group in c.groups}
    if not kinds & {Offence.CAST, Offence.EMPTY, Offence.TOO_LONG, Offence.OUT_OF_RANGE, Offence.NUL,
                    Offence.ENCODING, Offence.NO_PARENT, Offence.AMBIGUOUS_PARENT}:  # fmt: skip
        return "it is no single value that is wrong"
    return {
        "null": "the column must not be empty",
        "default": "its values are looked up or computed",
        "truncate": "no text is too long",
        "cast": "none of the values can be read in another way",
    }[name]


def null(c: Circumstances) -> Option:
    """Leave the value empty."""
    return _rule(c, "null", "n", "Leave the value empty", "The value becomes NULL.")


def default(c: Circumstances) -> Option:
    """Fill in one value."""
    return _rule(c, "default", "f", "Fill in a value", "The value becomes one that you give.")


def truncate(c: Circumstances) -> Option:
    """Cut the text."""
    return _rule(c, "truncate", "t", "Cut the text to its column", "What is longer is cut off for good.")


def cast(c: Circumstances) -> Option:
    """Read the value generously."""
    says = "Blanks are trimmed, numbers and times in other spellings are read, and rounded where needed."
    return _rule(c, "cast", "k", "Read the value generously", says)


ROW_OPTIONS: dict[str, Callable[[Circumstances], Option]] = {
    "parents": parents,
    "placeholders": placeholders,
    "quarantine": quarantine,
    "null": null,
    "default": default,
    "truncate": truncate,
    "cast": cast,
    "keep-target": keep_target,
    "keep-source": keep_source,
    "newest": newest,
}

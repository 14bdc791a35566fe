"""The question about a fault: what happened, what is safe, and every option with its consequence. Pure."""

from __future__ import annotations

from dataclasses import replace

from engine.guidance.fault_catalogue import Fault, fault_of_group, filled
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.faults import OffenceGroup
from engine.recovering.circumstances import Circumstances, facts_of_group
from engine.recovering.options_for_rows import ROW_OPTIONS
from engine.recovering.options_for_runs import RUN_OPTIONS

__all__ = ["ask_about_fault", "fault_of"]

_CURES = frozenset({"keep-target", "keep-source", "newest", "quarantine"})
"""Options that should have cured the fault: taken once and met again, they are no help. Value rules are not
among them: what they left is what is asked about, and the diagnosis says whether one of them helps it.
Neither are parents: those that are missing by now are others, the second ones of rows that miss two."""
_GETS_ON = frozenset({"parents"})
"""Each time it brings in rows that were not there before, or fails; so it may be advised again."""
_AGAIN = frozenset({"retry", "smaller"})
_ADVISED = frozenset({"R121"})
"""Faults of rows whose error knows more than the options say: which trigger to disable."""
_EXAMPLES = 3


def fault_of(c: Circumstances) -> Fault:
    """The fault the question is about: of rows, that of the largest group."""
    if c.diagnosis is not None and c.diagnosis.groups:
        return fault_of_group(c.diagnosis.groups[0])
    return c.fault


def ask_about_fault(c: Circumstances, *, number: int) -> Decision:
    """One open question with its options in the catalogue's order, the safest in focus."""
    fault = fault_of(c)
    group = c.diagnosis.groups[0] if c.diagnosis and c.diagnosis.groups else None
    facts = {"again": "", "server": "the server", "words": c.words, **c.facts}
    if group is not None:
        facts |= facts_of_group(group, c.table)
    options = _options(c, fault)
    headline = filled(fault.situation, facts) or c.words
    told = (*_facts(c, fault, facts), *c.findings)
    return Decision(
        decision_id=f"{c.run_id}-fault-{number}",
        kind=DecisionKind.FAULT,
        question="What shall become of these rows?" if group else "How shall we go on?",
        situation=" ".join(f"{part.rstrip('.')}." for part in (headline, *told, fault.safe) if part),
        options=options,
        safest=fault.safest,
        fault=fault.code,
        headline=headline,
        facts=told,
        safe=fault.safe,
        why=next((fault.why for option in options if option.is_recommended), ""),
        at=c.at,
        repeats_for=_repeats_for(c, group),
        handed_to=c.handed_to,
    )


def _options(c: Circumstances, fault: Fault) -> tuple[Option, ...]:
    makers = {**ROW_OPTIONS, **RUN_OPTIONS}
    options = [_failed(_tried(makers[name](c), c.tried), c.failed) for name in _names(c, fault)]
    available = [option.name for option in options if not option.unavailable]
    no_help = {*c.failed, *(set(c.tried) - _GETS_ON)}
    wanted = [name for name in fault.recommended if name in available and name not in no_help]
    best = wanted[0] if wanted else "pause"
    return tuple(replace(option, is_recommended=option.name == best) for option in options)


def _names(c: Circumstances, fault: Fault) -> list[str]:
    """The fault's own options, those of the batch's other faults among them; how to go on comes last."""
    names = list(fault.options) or ["retry", "pause", "undo", "stop", "lead"]
    for group in c.diagnosis.groups[1:] if c.diagnosis else ():
        names += [name for name in fault_of_group(group).options if name not in names]
    return [name for name in names if name in ROW_OPTIONS] + [n for n in names if n not in ROW_OPTIONS]


def _tried(option: Option, tried: tuple[str, ...]) -> Option:
    if option.name not in tried:
        return option
    if option.name in _CURES and not option.unavailable:
        return replace(option, unavailable="it was done, and the fault is the same")
    if option.name in _AGAIN:
        return replace(option, consequence=f"{option.consequence} It was tried before.")
    return option


def _failed(option: Option, failed: tuple[str, ...]) -> Option:
    """What could not be done may be possible by now; but nobody advises it."""
    if option.name not in failed or option.unavailable:
        return option
    return replace(option, consequence=f"{option.consequence} It could not be done before.")


def _facts(c: Circumstances, fault: Fault, facts: dict[str, str]) -> tuple[str, ...]:
    told = [filled(fault.impact, facts)]
    groups = c.diagnosis.groups if c.diagnosis else ()
    if groups and groups[0].examples:
        told.append(_such_as(groups[0]))
    told += [
        f"{filled(fault_of_group(g).situation, facts_of_group(g, c.table)) or g.reason}" for g in groups[1:]
    ]
    told.append(f"Cause: {cause}" if (cause := filled(fault.cause, facts)) else "")
    told.append(f"What helps: {c.todo}" if c.todo and (not groups or fault.code in _ADVISED) else "")
    return tuple(line for line in told if line)


def _such_as(group: OffenceGroup) -> str:
    shown = [f"{row.key}{f': {row.value}' if row.value else ''}" for row in group.examples[:_EXAMPLES]]
    more = group.rows - len(shown)
    return f"Rows {', '.join(shown)}" + (f" and {more:,} more" if more > 0 else "")


def _repeats_for(c: Circumstances, group: OffenceGroup | None) -> str:
    if group is None or c.table is None:
        return ""
    return f"{fault_of_group(group).name} in {c.table.target_name}, {group.place}"

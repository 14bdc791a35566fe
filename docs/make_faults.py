"""Writes docs/faults.md from the fault catalogue, so that the page and the program can't part ways.

Run it with ``python docs/make_faults.py``; a test holds the page against what this writes.
"""

from __future__ import annotations

from pathlib import Path

from engine.guidance.fault_catalogue import FAULTS, Fault, Handling, filled
from engine.recovering.circumstances import Circumstances
from engine.recovering.options_for_rows import ROW_OPTIONS
from engine.recovering.options_for_runs import RUN_OPTIONS

__all__ = ["faults_page"]

_HEAD = """# Faults

What can go wrong while rows move, what it means, and what may be done about it. Each fault has a code that means one thing
and is never given to another; the code stands in the dialog, in the journal, in the report and in the [ledger](ledger.md).
This page is made from the catalogue in `engine/guidance` by `python docs/make_faults.py`.

**Who deals with it.** *Healed*: the agents, by themselves: up to three tries, each after a longer wait and with half the
rows; then the orchestrator holds the run, has the target and the rows looked at again and tries once more; only then is
a person asked. *Asked*: the same, but without the first three tries, because the rows would be refused again. *Paused*: the
run rests at once and says what to do. *Told*: nobody has to do anything.

**Options** stand in the order in which they are offered. Each says beforehand how many rows it is about, what it costs in
time, which tables it touches and how it can be taken back; those that can't be taken at the moment are listed with the
reason. Their keys and what they do stand [at the end](#options).
"""
_PARTS = {
    "R1": "## R1: rows",
    "R2": "## R2: schemas, sources and playbooks",
    "R3": "## R3: servers",
    "R4": "## R4: runs",
}
_WORDS = {
    Handling.HEALED: "healed",
    Handling.ASKED: "asked",
    Handling.PAUSED: "paused",
    Handling.TOLD: "told",
}
_FACTS = {
    "rows": "Some rows", "place": "a column", "type": "value of its type", "table": "a table", "batch": "15",
    "parents": "some parents", "parent": "a table", "where": "another source", "server": "The server",
    "words": "(the database's own words)", "expression": "The expression", "again": "", "hold": "hold", "have": "have", "break": "break",
    "overlap": "overlap", "are": "are", "do": "do", "belong": "belong", "look": "look", "reference": "reference",
}  # fmt: skip


def faults_page() -> str:
    """The whole page as Markdown."""
    lines = [_HEAD]
    part = ""
    for fault in FAULTS.values():
        if fault.code[:2] != part:
            part = fault.code[:2]
            lines += [_PARTS[part], ""]
        lines += _of_fault(fault)
    lines += _options()
    return "\n".join(lines).rstrip() + "\n"


def _of_fault(fault: Fault) -> list[str]:
    said = {
        name: filled(getattr(fault, name), _FACTS) for name in ("situation", "impact", "cause", "why", "safe")
    }
    lines = [
        f"### {fault.code} {fault.name}",
        "",
        f"{_sentence(said['situation'])} {_sentence(said['impact'])}",
        "",
        f"- **Cause**: {said['cause']}.",
        f"- **Safe now**: {said['safe']}.",
        f"- **Who deals with it**: {_WORDS[fault.handling]}.",
    ]
    if fault.options:
        lines.append(f"- **Options**: {', '.join(f'`{name}`' for name in fault.options)}.")
        recommended = ", else ".join(f"`{name}`" for name in fault.recommended)
        lines.append(f"- **Recommended**: {recommended}. {_sentence(said['why'])}")
    else:
        lines.append(f"- **What to do**: {_sentence(said['why'])}")
    return [*lines, ""]


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _options() -> list[str]:
    """Every option with its key and its first words, from what makes them."""
    some = Circumstances(run_id="0" * 12, fault=FAULTS["R122"], words="", plan=None)
    lines = ["## Options", "", "| option | key | what it says | for every such error |", "|---|---|---|---|"]
    for name, make in {**ROW_OPTIONS, **RUN_OPTIONS}.items():
        option = make(some)
        every = "yes" if option.can_repeat else "no"
        lines.append(f"| `{name}` | {option.key} | {option.label} | {every} |")
    return lines


if __name__ == "__main__":
    Path(__file__).with_name("faults.md").write_text(faults_page(), "utf-8")

"""The evidence behind a fault's question: example rows for a list, and all that was found in words. Pure."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.fault_words import every_words, fitted, full_effect
from screens.widgets.line_table import Column, Row
from screens.wording import count, plural

if TYPE_CHECKING:
    from engine.model.decisions import Decision, Option
    from engine.model.faults import Diagnosis, MissingParents, OffenceGroup
    from screens.widgets.words import Part

__all__ = ["diagnosis_of", "evidence_parts", "example_columns", "example_rows", "row_parts"]

_TITLES = (("key", 20), ("where", 28), ("value", 24))
"""Columns as wide as what is in them, up to so many cells; the reason has the rest."""
_PLACES = {
    "elsewhere": "in {source}, table {table}",
    "filtered": "in {source}, table {table}, left out by the playbook's filter",
    "pending": "in {source}, table {table}, and not moved yet",
    "same-batch": "in {source}, table {table}, in the same batch",
    "quarantined": "set aside by this run",
    "nowhere": "in none of the sources",
}


def diagnosis_of(decision: Decision, diagnosis: Diagnosis | None) -> Diagnosis | None:
    """The diagnosis when it is of the batch that the question is about."""
    if diagnosis is None or decision.at is None:
        return None
    ours, theirs = decision.at, diagnosis.at
    is_same = (ours.pass_, ours.table_number, ours.chunk) == (theirs.pass_, theirs.table_number, theirs.chunk)
    return diagnosis if is_same else None


def example_rows(diagnosis: Diagnosis) -> tuple[Row, ...]:
    """Every example there is, group by group: key, place, value and reason."""
    return tuple(
        (
            (row.key, "strong"),
            (group.place, "quiet"),
            ("NULL" if row.value is None else row.value, "quiet" if row.value is None else "plain"),
            (row.reason or group.reason, "warn"),
        )
        for group in diagnosis.groups
        for row in group.examples
    )


def example_columns(rows: tuple[Row, ...]) -> tuple[Column, ...]:
    """The list's columns for these rows."""
    narrow = tuple(
        Column(
            title=title, width=min(max([cell_len(title), *(cell_len(row[place][0]) for row in rows)]), most)
        )
        for place, (title, most) in enumerate(_TITLES)
    )
    return (*narrow, Column(title="why it can't be written"))


def row_parts(rows: tuple[Row, ...], place: int, width: int) -> list[Part]:
    """One example in full, its value broken over at most two lines; nothing where there is none."""
    if place >= len(rows):
        return []
    (key, _), (where, _), (value, token), (reason, _) = rows[place]
    parts: list[Part] = [(key, "strong"), f"  {where}: ", (reason, "warn"), "\n"]
    return [*parts, ("\n".join(fitted(wrap(value, width), width, most=2)), token)]


def evidence_parts(decision: Decision, diagnosis: Diagnosis | None, width: int) -> list[Part]:
    """Everything that is known: what was found, what was looked through, and each answer in full."""
    parts: list[Part] = []
    found = [decision.headline, *decision.facts] if decision.headline else [decision.situation]
    parts += _section("What was found", found, width)
    if decision.safe:
        parts += _section("What is safe", [decision.safe], width)
    if diagnosis is not None:
        parts += _section("What was looked through", _looked_through(diagnosis), width)
    if decision.why:
        parts += _section("Why that is recommended", [decision.why], width)
    parts.append(("The answers\n", "head"))
    for option in decision.options:
        parts += _answer(option, width)
    about = [f"Fault {decision.fault}" if decision.fault else "", f"question {decision.decision_id}"]
    repeats = f"For every such fault means: {every_words(decision)}" if decision.repeats_for else ""
    return [*parts, *_section("About the question", [" · ".join(filter(None, about)), repeats], width)[:-1]]


def _section(title: str, sentences: list[str], width: int) -> list[Part]:
    parts: list[Part] = [(f"{title}\n", "head")]
    for sentence in dict.fromkeys(filter(None, sentences)):
        parts += [f"{line}\n" for line in wrap(sentence, width)]
    return [*parts, "\n"]


def _looked_through(diagnosis: Diagnosis) -> list[str]:
    found = f"{count(diagnosis.offending)} of {plural(diagnosis.rows, 'row')} can't be written"
    lines = [f"{found}; looking took {diagnosis.seconds:.1f} s"]
    for group in diagnosis.groups:
        lines += _group(group)
    return [*lines, f"The database said: {diagnosis.cause}" if diagnosis.cause else ""]


def _group(group: OffenceGroup) -> list[str]:
    state = f" (SQLSTATE {group.sqlstate})" if group.sqlstate else ""
    lines = [f"{plural(group.rows, 'row')}, {group.place}: {group.reason}{state}"]
    return lines + (_parents(group.parents) if group.parents is not None else [])


def _parents(parents: MissingParents) -> list[str]:
    lines = []
    for place in parents.places:
        where = _PLACES[place.whereabouts].format(source=place.source, table=place.source_table)
        lines.append(
            f"{count(place.keys)} missing in {parents.parent}: {where}, for {plural(place.rows, 'row')}"
        )
    return lines


def _answer(option: Option, width: int) -> list[Part]:
    told = [f"Not now: {option.unavailable}" if option.unavailable else "", option.consequence]
    told.append(full_effect(option.effect) if option.effect is not None else "")
    parts: list[Part] = [
        (f"{option.key}  ", "key"),
        (option.label, "strong"),
        (f"  {option.name}\n", "quiet"),
    ]
    for sentence in filter(None, told):
        parts += [f"   {line}\n" for line in wrap(sentence, width - 3)]
    return [*parts, "\n"]

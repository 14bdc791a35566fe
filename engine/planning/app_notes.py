"""What a program that used the SQLite file may notice although every value is the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.model.catalog import Engine
from engine.model.findings import Finding, Severity
from engine.model.plan import Family, MadeBy
from engine.planning.table_draft import TableDraft

__all__ = ["find_app_notes"]

_MOST_NAMED = 6


def find_app_notes(source: str, drafts: Iterable[TableDraft]) -> list[Finding]:
    """At most one note a kind of change.

    Args:
        source: the playbook's name of the source.
        drafts: its tables, settled.
    """
    made = [draft for draft in drafts if draft.is_new and draft.crossing.catalog.engine is Engine.SQLITE]
    copied = [(draft, column) for draft in made for column in draft.columns if column.made_by is MadeBy.COPY]
    wide = [f"{d.crossing.target}.{c.target}" for d, c in copied if c.target_type == "bigint"]
    zoned = [f"{d.crossing.target}.{c.target}" for d, c in copied if c.family is Family.TIMESTAMPTZ]
    renamed = [f"{d.crossing.table.name} is {d.crossing.target}" for d in made if _is_renamed(d)]
    renamed += [
        f"{d.crossing.table.name}.{c.source} is {c.target}"
        for d, c in copied
        if c.source != c.target and c.target not in d.crossing.spec.columns
    ]
    return [
        *_note("F118", source, "whole numbers become bigint, 64 bits wide", wide, _WIDE),
        *_note("F119", source, "times with a zone become timestamptz", zoned, _ZONED),
        *_note("F242", source, "names were changed to suit PostgreSQL", renamed, _RENAMED),
    ]


_WIDE = "Programs that read them as 32-bit integers must be told"
_ZONED = "PostgreSQL shows them in the time zone of whoever asks; the moment is the same"
_RENAMED = "Programs must use the new names; 'names: keep' keeps all that PostgreSQL can hold"


def _is_renamed(draft: TableDraft) -> bool:
    return draft.crossing.table.name != draft.crossing.target and not draft.crossing.spec.to


def _note(code: str, place: str, what: str, named: Sequence[str], remedy: str) -> list[Finding]:
    if not named:
        return []
    rest = len(named) - _MOST_NAMED
    evidence = ", ".join(named[:_MOST_NAMED]) + (f" and {rest:,} more" if rest > 0 else "")
    return [
        Finding(code=code, severity=Severity.NOTE, place=place, what=what, evidence=evidence, remedy=remedy)
    ]

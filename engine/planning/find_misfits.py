"""Values that will not go into the column they are meant for."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.model.catalog import Column, ColumnProfile, Engine
from engine.model.findings import Finding, Severity
from engine.model.plan import ColumnPlan, Family, MadeBy
from engine.planning.evidence import SET_ASIDE, Evidence
from engine.planning.plan_rules import ruled_profile
from engine.planning.resolve_tables import Crossing, Misfits
from engine.planning.target_types import family_of, misfits

__all__ = ["find_misfits"]

_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_LENGTH = re.compile(r"(?:character(?: varying)?|varchar|char)\((\d+)\)")
_REFUSED = "PostgreSQL refuses the batch that holds them, and the run pauses with a question"
"""Values of a PostgreSQL source are not looked at on their way."""
_EITHER = "Those rows will be quarantined, or their batch refused and the run pauses with a question"
"""Rows that are handed on untouched are not even looked at for NULL."""
_WIDER = {
    (Family.INTEGER, Family.NUMERIC),
    (Family.INTEGER, Family.FLOAT),
    (Family.DATE, Family.TIMESTAMP),
}
"""Pairs of families of which the second holds every value of the first."""
_MADE_FOR = {
    MadeBy.JSON_OBJECT: frozenset({Family.JSON}),
    MadeBy.UUID5: frozenset({Family.UUID, Family.TEXT}),
    MadeBy.RUN_TIME: frozenset({Family.TIMESTAMPTZ, Family.TIMESTAMP, Family.DATE, Family.TEXT}),
    MadeBy.SOURCE_NAME: frozenset({Family.TEXT}),
}


def find_misfits(crossing: Crossing, column: ColumnPlan, existing: Column | None) -> list[Finding]:
    """Findings on one planned column; empty when every value fits.

    Args:
        crossing: the table.
        column: as planned.
        existing: the target's column, when the table is there already.
    """
    if column.made_by is not MadeBy.COPY:
        return _made_misfits(crossing, column)
    known = crossing.profiles.get(column.source)
    if known is None:
        return []
    profile = ruled_profile(known, column.rules, column.target_type, is_target=True)
    evidence = Evidence(crossing.table, crossing.table.column(column.source), profile)
    is_decided_by_values = existing is None and not column.transformation.startswith("cast_")
    findings = [] if is_decided_by_values else _type_misfits(crossing, column, evidence)
    findings += _guessed_zone(crossing, column, evidence)
    if profile.nulls and not column.is_nullable:
        what = "NULL in a required column"
        is_postgres = crossing.catalog.engine is Engine.POSTGRES
        if is_postgres:
            findings.append(evidence.finding("F116", what, profile.nulls, _EITHER))
        elif column.source not in crossing.table.primary_key or not is_decided_by_values:
            ways = "give them a value by the rule default, or say 'on_misfit: quarantine'"
            findings.append(
                evidence.violation("F116", what, profile.nulls, example=profile.example("null"), ways=ways)
            )
    return findings


def _made_misfits(crossing: Crossing, column: ColumnPlan) -> list[Finding]:
    fitting = _MADE_FOR.get(column.made_by)
    findings = []
    if fitting is not None and column.family not in fitting:
        findings.append(
            Finding(
                code="F405",
                severity=Severity.BLOCKER,
                place=f"{crossing.target}.{column.target}",
                what=f"a made value can't go into a column of type {column.target_type}",
                evidence=column.made_by.value.replace("_", " "),
                remedy="Change the playbook or the target's column",
            )
        )
    for name in column.inputs if column.made_by is MadeBy.JSON_OBJECT else ():
        profile = crossing.profiles.get(name)
        unfit = profile and max(
            profile.blobs, profile.nul_texts, profile.not_utf8_texts, profile.infinite_reals
        )
        if profile is not None and unfit:
            evidence = Evidence(crossing.table, crossing.table.column(name), profile)
            is_postgres = crossing.catalog.engine is Engine.POSTGRES
            what = "values JSON can't hold"
            findings.append(
                evidence.finding("F117", what, unfit, SET_ASIDE)
                if is_postgres
                else evidence.violation("F117", what, unfit)
            )
    return findings


def _type_misfits(crossing: Crossing, column: ColumnPlan, evidence: Evidence) -> list[Finding]:
    if crossing.catalog.engine is Engine.POSTGRES:
        return _family_misfits(crossing, column, evidence)
    profile, counted = evidence.profile, crossing.misfits.get(column.target)
    if counted is not None:
        return _counted_misfits(crossing, column, evidence, counted)
    odd = misfits(profile, column.target_type) + _too_long(profile, column.target_type)
    if not odd:
        return []
    what = _unfit_words(profile, column, odd)
    if odd < evidence.filled:
        return [evidence.violation("F405", what, odd)]
    return [_none_fits(crossing, column, what)]


def _counted_misfits(
    crossing: Crossing, column: ColumnPlan, evidence: Evidence, counted: Misfits
) -> list[Finding]:
    """What a look at every value told, with the reason the first one's quarantine would have."""
    if not counted.rows:
        return []
    what = _unfit_words(evidence.profile, column, counted.rows)
    if counted.rows == counted.filled:
        return [_none_fits(crossing, column, what)]
    found = evidence.violation("F405", what, counted.rows, example=counted.example_key)
    return [replace(found, evidence=f"{found.evidence} ({counted.reason})")]


def _unfit_words(profile: ColumnProfile, column: ColumnPlan, odd: int) -> str:
    if profile.not_utf8_texts + profile.nul_texts == odd and column.family is Family.TEXT:
        return "text PostgreSQL can't hold"
    return f"values a {column.target_type} column can't hold"


def _guessed_zone(crossing: Crossing, column: ColumnPlan, evidence: Evidence) -> list[Finding]:
    profile = evidence.profile
    count = profile.iso_dates + profile.iso_times - profile.zoned_times
    is_guessed = crossing.catalog.engine is Engine.SQLITE and column.family is Family.TIMESTAMPTZ
    if not count or not is_guessed:
        return []
    what = f"times without a zone are taken as UTC in a {column.target_type} column"
    remedy = "Where they mean another zone's time, "
    if profile.zoned_times:
        remedy += "mend them in the source"
    else:
        remedy += f"say so by 'expr': {_quoted(column.source)} at time zone 'Europe/Berlin'"
    return [evidence.finding("F122", what, count, remedy)]


def _is_too_long(profile: ColumnProfile, declared: str) -> bool:
    found = _LENGTH.fullmatch(declared)
    return found is not None and profile.longest > int(found[1])


def _too_long(profile: ColumnProfile, declared: str) -> int:
    """How many texts are too long, where their lengths are known one by one; else at least one."""
    if not _is_too_long(profile, declared):
        return 0
    found = _LENGTH.fullmatch(declared)
    limit = int(found[1]) if found else 0
    return max(1, sum(count for length, count in profile.lengths if length > limit))


def _family_misfits(crossing: Crossing, column: ColumnPlan, evidence: Evidence) -> list[Finding]:
    declared = evidence.column.declared_type
    families = (family_of(declared), column.family)
    is_same = declared == column.target_type or (families[0] is families[1] is not Family.OTHER)
    if is_same or column.family is Family.TEXT or families in _WIDER:
        too_long = _is_too_long(evidence.profile, column.target_type)
        too_large = misfits(evidence.profile, column.target_type) if column.family is Family.INTEGER else 0
        if too_long or too_large:
            what = f"values a {column.target_type} column can't hold"
            return [evidence.finding("F405", what, max(1, too_large), _REFUSED)]
        return []
    return [
        _none_fits(crossing, column, f"{declared} does not go into a column of type {column.target_type}")
    ]


def _none_fits(crossing: Crossing, column: ColumnPlan, what: str) -> Finding:
    if column.family is Family.OTHER:
        return _not_cast(crossing, column)
    return Finding(
        code="F405",
        severity=Severity.BLOCKER,
        place=f"{crossing.target}.{column.target}",
        what=what,
        evidence=f"no value of {crossing.table.name}.{column.source} fits",
        remedy="Map another column, or change the target's type",
    )


def _not_cast(crossing: Crossing, column: ColumnPlan) -> Finding:
    """A type nobody here can judge a value of: its server can, where the playbook has it cast there."""
    declared = crossing.table.column(column.source).declared_type.lower()
    name = column.source if _PLAIN_NAME.fullmatch(column.source) else _quoted(column.source)
    through = "" if family_of(declared) is Family.TEXT else "::text"
    expression = f"{name}{through}::{column.target_type}"
    return Finding(
        code="F405",
        severity=Severity.BLOCKER,
        place=f"{crossing.target}.{column.target}",
        what=f"Fordway does not cast {declared or 'values'} to {column.target_type} by itself",
        evidence=f"{crossing.table.name}.{column.source} goes into a column of that type",
        remedy=f"Have the server cast it, by {{expr: {_in_yaml(expression)}}} without a type, or map another",
    )


def _quoted(name: str) -> str:
    """As one identifier, which is what an expression needs."""
    return '"' + name.replace('"', '""') + '"'


def _in_yaml(text: str) -> str:
    return f"'{text}'" if '"' in text else f'"{text}"'

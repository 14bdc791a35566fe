"""What value rules make of a column's profile, and how many rows they change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.guidance.words import count_of
from engine.model.catalog import Column, ColumnProfile
from engine.model.findings import Finding, Severity
from engine.planning.declared_limits import LENGTH
from engine.planning.resolve_tables import Crossing

__all__ = ["rule_findings", "ruled_profile", "rules_of"]

_EPOCHS = frozenset({"epoch_seconds", "epoch_milliseconds"})
_WITHOUT_ZONE = frozenset({"timestamp", "timestamp without time zone", "date"})
_BOOLEAN = re.compile(r"bool", re.IGNORECASE)
_MOMENT = re.compile(r"date|time", re.IGNORECASE)
_INTEGER = re.compile(r"int|serial", re.IGNORECASE)
_NUMBER = re.compile(r"real|floa|doub|num|dec", re.IGNORECASE)


def rules_of(crossing: Crossing, source: str) -> tuple[str, ...]:
    """The rules of the first target column that is copied from this source column."""
    return next((way.rule for way in crossing.spec.columns.values() if way.from_ == source), ())


def ruled_profile(
    profile: ColumnProfile, rules: Sequence[str], declared: str, *, is_target: bool = False
) -> ColumnProfile:
    """The profile as it is after the rules, as far as counts can tell.

    Args:
        profile: of the source's values.
        rules: in their order.
        declared: the type they are meant for: the source's, or the target's.
        is_target: it is the target's, and epoch numbers become what that type holds.
    """
    for rule in rules:
        profile = _after(profile, rule, declared)
        if rule in _EPOCHS and is_target and declared in _WITHOUT_ZONE:
            profile = replace(
                profile, zoned_times=0, iso_dates=profile.iso_dates + profile.iso_times, iso_times=0
            )
    return profile


def _after(p: ColumnProfile, rule: str, declared: str) -> ColumnProfile:
    match rule:
        case "empty_to_null":
            return replace(p, nulls=p.nulls + p.empty_texts, texts=p.texts - p.empty_texts, empty_texts=0)
        case "null_misfits":
            return _only_fitting(p, declared)
        case "truncate":
            return _cut(p, declared)
        case "epoch_seconds" | "epoch_milliseconds":
            moments = p.integers
            return replace(
                p, integers=0, smallest=None, largest=None, texts=p.texts + moments,
                iso_times=p.iso_times + moments, zoned_times=p.zoned_times + moments,
            )  # fmt: skip
        case "words_to_boolean":
            words = p.words_of_truth
            return replace(
                p, texts=p.texts - words, integers=p.integers + words, zero_or_one=p.zero_or_one + words,
                words_of_truth=0, smallest=min(p.smallest or 0, 0), largest=max(p.largest or 1, 1),
            )  # fmt: skip
        case _:
            return _filled(p, rule) if rule.startswith("default:") else p


def _filled(p: ColumnProfile, rule: str) -> ColumnProfile:
    """NULLs become the value; what kind it is, its text tells."""
    value, nulls = rule.removeprefix("default:"), p.nulls
    if re.fullmatch(r"-?\d+", value) and p.texts < max(1, p.integers):
        number = int(value)
        return replace(
            p, nulls=0, integers=p.integers + nulls,
            zero_or_one=p.zero_or_one + (nulls if number in (0, 1) else 0),
            smallest=number if p.smallest is None else min(p.smallest, number),
            largest=number if p.largest is None else max(p.largest, number),
        )  # fmt: skip
    is_like_others = {
        name: getattr(p, name) == p.texts > 0 for name in ("iso_dates", "iso_times", "number_texts")
    }
    more = {name: getattr(p, name) + nulls for name, is_like in is_like_others.items() if is_like}
    return replace(p, nulls=0, texts=p.texts + nulls, longest=max(p.longest, len(value)), **more)


def _cut(p: ColumnProfile, declared: str) -> ColumnProfile:
    found = LENGTH.fullmatch(declared.strip())
    if found is None:
        return p
    limit = int(found[1])
    kept = tuple((min(length, limit), count) for length, count in p.lengths)
    return replace(p, longest=min(p.longest, limit), lengths=kept, beyond_declared=0)


def _only_fitting(p: ColumnProfile, declared: str) -> ColumnProfile:
    """Values of the kind the type is for; all others are NULL."""
    nothing: dict[str, Any] = {
        "integers": 0, "reals": 0, "texts": 0, "blobs": 0, "zero_or_one": 0, "iso_dates": 0, "iso_times": 0,
        "zoned_times": 0, "number_texts": 0, "words_of_truth": 0, "empty_texts": 0, "nul_texts": 0,
        "not_utf8_texts": 0, "infinite_reals": 0, "uuid_texts": 0, "json_texts": 0, "clock_times": 0,
    }  # fmt: skip
    if _BOOLEAN.search(declared):
        kept = {"integers": p.zero_or_one, "zero_or_one": p.zero_or_one, "texts": p.words_of_truth,
                "words_of_truth": p.words_of_truth}  # fmt: skip
    elif _MOMENT.search(declared):
        unzoned = p.iso_times - p.zoned_times
        kept = {"texts": p.iso_dates + p.iso_times, "iso_dates": p.iso_dates, "iso_times": p.iso_times,
                "zoned_times": p.zoned_times if p.zoned_times > unzoned else 0}  # fmt: skip
        if p.zoned_times <= unzoned:
            kept |= {"texts": p.iso_dates + unzoned, "iso_times": unzoned}
    elif _INTEGER.search(declared):
        kept = {"integers": p.integers, "zero_or_one": p.zero_or_one}
    elif _NUMBER.search(declared):
        kept = {"integers": p.integers, "reals": p.reals}
    else:
        lost = p.nul_texts + p.not_utf8_texts
        kept = {"integers": p.integers, "reals": p.reals, "texts": p.texts - lost}
    filled = sum(kept.get(name, 0) for name in ("integers", "reals", "texts", "blobs"))
    return replace(p, nulls=p.rows - filled, **{**nothing, **kept})


def rule_findings(crossing: Crossing, column: Column, rules: Sequence[str]) -> list[Finding]:
    """How many rows each rule changes, one note a rule that changes any."""
    profile = crossing.profiles.get(column.name)
    if profile is None:
        return []
    found = []
    for rule in rules:
        count, kind = _changed(profile, rule, column.declared_type)
        profile = _after(profile, rule, column.declared_type)
        if count:
            example = crossing.profiles[column.name].example(kind)
            found.append(
                Finding(
                    code="F120",
                    severity=Severity.NOTE,
                    place=f"{crossing.table.name}.{column.name}",
                    what=f"the rule {rule.replace(':', ' ')} changes values",
                    evidence=f"{count:,} of {count_of(profile.rows, 'rows')}"
                    + (f", e.g. key {example}" if example else ""),
                )
            )
    return found


def _changed(p: ColumnProfile, rule: str, declared: str) -> tuple[int, str]:
    """Rows the rule changes, and the kind of their values; trimming is not counted beforehand."""
    match rule:
        case "empty_to_null":
            return p.empty_texts, "empty"
        case "null_misfits":
            return _only_fitting(p, declared).nulls - p.nulls, ""
        case "truncate":
            return p.beyond_declared or 0, ""
        case "epoch_seconds" | "epoch_milliseconds":
            return p.integers, "integer"
        case "words_to_boolean":
            return p.words_of_truth, "text"
        case _:
            return (p.nulls, "null") if rule.startswith("default:") else (0, "")

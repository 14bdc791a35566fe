"""A SQLite column's PostgreSQL type: the declaration proposes, the values decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine.model.catalog import ColumnProfile
from engine.model.findings import Finding
from engine.model.plan import Family
from engine.planning.declared_limits import limit_of
from engine.planning.evidence import Evidence

__all__ = ["TypeChoice", "judge_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeChoice:
    """The type proposed for one column, and what there is to say about it."""

    target_type: str
    family: Family
    default: str | None = None
    """As a PostgreSQL expression."""
    findings: tuple[Finding, ...] = ()


_LARGEST_EXACT = 2**53
"""Whole numbers up to here pass through double precision unchanged."""
_TYPES = {
    Family.INTEGER: "bigint",
    Family.FLOAT: "double precision",
    Family.NUMERIC: "numeric",
    Family.BOOLEAN: "boolean",
    Family.TEXT: "text",
    Family.BYTES: "bytea",
    Family.DATE: "date",
    Family.TIMESTAMP: "timestamp",
    Family.TIMESTAMPTZ: "timestamptz",
    Family.TIME: "time",
    Family.JSON: "jsonb",
    Family.UUID: "uuid",
}
_AS_TEXT = "The column becomes text, so every value fits"
_KINDS = (
    (re.compile(r"BOOL"), "boolean"),
    (re.compile(r"^(DATETIME|TIMESTAMP|TIMESTAMPTZ|SMALLDATETIME)"), "moment"),
    (re.compile(r"^DATE$"), "date"),
    (re.compile(r"^TIME$|^TIME WITHOUT"), "time"),
    (re.compile(r"JSON"), "json"),
    (re.compile(r"UUID|GUID|UNIQUEIDENTIFIER"), "uuid"),
    (re.compile(r"INT|SERIAL"), "integer"),
    (re.compile(r"CHAR|CLOB|TEXT|STRING"), "text"),
    (re.compile(r"BLOB|BYTEA|BINARY"), "bytes"),
    (re.compile(r"REAL|FLOA|DOUB"), "real"),
    (re.compile(r"DEC|NUM|MONEY"), "number"),
)
"""First match wins; SQLite itself looks for INT, CHAR, BLOB, REAL in this order
(https://sqlite.org/datatype3.html, section 3.1), the others are what people write."""


def judge_values(evidence: Evidence) -> TypeChoice:
    """The type that holds the column's values, the declared one wherever it does."""
    return _JUDGES[_kind_of(evidence.column.declared_type)](evidence)


def _kind_of(declared: str) -> str:
    bare = " ".join(re.sub(r"\([^)]*\)", "", declared).upper().split())
    return next((kind for pattern, kind in _KINDS if pattern.search(bare)), "unknown")


def _choice(family: Family, *findings: Finding) -> TypeChoice:
    return TypeChoice(target_type=_TYPES[family], family=family, findings=findings)


def _integer(e: Evidence) -> TypeChoice:
    p = e.profile
    if e.filled == p.integers:
        return _choice(Family.INTEGER)
    if p.texts or p.blobs:
        kind, count = ("text", p.texts) if p.texts else ("binary data", p.blobs)
        return _choice(
            Family.TEXT,
            e.proposal("F101", f"{kind} in an integer column", count, _AS_TEXT),
        )
    family = _number_family(e)
    remedy = f"The column becomes {_TYPES[family]}, so every value fits"
    return _choice(
        family,
        e.proposal("F102", "fractions in an integer column", p.reals, remedy, example=p.example("real")),
    )


def _number_family(e: Evidence) -> Family:
    """Double precision where it loses nothing, else numeric."""
    p = e.profile
    is_exact = max(abs(p.smallest or 0), abs(p.largest or 0)) <= _LARGEST_EXACT
    return Family.FLOAT if is_exact or p.infinite_reals else Family.NUMERIC


_NO_TRUTH = "values other than 0 and 1 in a boolean column"


def _boolean(e: Evidence) -> TypeChoice:
    p = e.profile
    fitting = p.zero_or_one + p.words_of_truth
    if e.filled == fitting:
        words = e.note("F103", "words such as yes and no become true and false")
        return _choice(Family.BOOLEAN, *([words] if p.words_of_truth else []))
    odd = e.filled - fitting
    family = _by_evidence(e).family
    remedy = f"The column becomes {_TYPES[family]}, so every value stays as it is"
    return _choice(family, e.proposal("F103", _NO_TRUTH, odd, remedy, example=p.example("not_boolean")))


def _date(e: Evidence) -> TypeChoice:
    if e.filled == e.profile.iso_dates:
        return _choice(Family.DATE)
    return _moment(e)


def _moment(e: Evidence) -> TypeChoice:
    p = e.profile
    if e.filled == p.iso_dates + p.iso_times:
        if p.zoned_times == 0:
            return _choice(Family.TIMESTAMP)
        if p.zoned_times == e.filled:
            return _choice(Family.TIMESTAMPTZ)
        remedy = "The column becomes text, because one type can't hold both without changing some"
        return _choice(
            Family.TEXT, e.proposal("F105", "times with a zone among times without", p.zoned_times, remedy)
        )
    if e.filled == p.integers:
        return _choice(
            Family.INTEGER,
            e.proposal("F104", _epoch_words(p), p.integers, _epoch_remedy(p)),
        )
    family = _by_evidence(e).family
    odd = e.filled - p.iso_dates - p.iso_times
    remedy = f"The column becomes {_TYPES[family]}, so every value stays as it is"
    return _choice(
        family,
        e.proposal("F104", _NO_DATE, odd, remedy, example=p.example("not_moment") or p.example("integer")),
    )


_NO_DATE = "values that are no ISO date in a date column"


def _epoch_words(p: ColumnProfile) -> str:
    for count, unit in ((p.epoch_seconds, "seconds"), (p.epoch_milliseconds, "milliseconds")):
        if count == p.integers:
            return f"numbers in a date column, epoch {unit} by their size"
    return "numbers in a date column"


def _epoch_remedy(p: ColumnProfile) -> str:
    unchanged = "The column becomes bigint, unchanged"
    for count, rule in ((p.epoch_seconds, "epoch_seconds"), (p.epoch_milliseconds, "epoch_milliseconds")):
        if count == p.integers:
            return f"{unchanged}; the rule {rule} would make moments of them"
    return unchanged


def _time(e: Evidence) -> TypeChoice:
    if e.filled == e.profile.clock_times:
        return _choice(Family.TIME)
    family = _by_evidence(e).family
    odd = e.filled - e.profile.clock_times
    return _choice(
        family,
        e.proposal("F104", "values that are no time of day", odd, f"The column becomes {_TYPES[family]}"),
    )


def _json(e: Evidence) -> TypeChoice:
    p = e.profile
    # SQLite itself makes a number of '5' in a column of JSON, which is as good a document.
    odd = e.filled - p.json_texts - p.integers - p.reals + p.infinite_reals
    if not odd:
        note = e.note(
            "F107", "jsonb keeps the values, not the spacing, the order of keys or a key given twice"
        )
        return _choice(Family.JSON, *([note] if e.filled else []))
    family = Family.TEXT if not p.blobs or p.blobs < e.filled else Family.BYTES
    remedy, example = f"The column becomes {_TYPES[family]}", p.example("not_json")
    return _choice(family, e.proposal("F106", "values that are no valid JSON", odd, remedy, example=example))


def _uuid(e: Evidence) -> TypeChoice:
    if e.filled == e.profile.uuid_texts:
        return _choice(Family.UUID)
    family = _by_evidence(e).family
    odd = e.filled - e.profile.uuid_texts
    what = "values that are no UUID in lower case with hyphens"
    return _choice(
        family, e.proposal("F121", what, odd, f"The column becomes {_TYPES[family]}, so every value fits")
    )


def _text(e: Evidence) -> TypeChoice:
    p = e.profile
    if e.filled and e.filled == p.blobs:
        return _choice(
            Family.BYTES,
            e.proposal("F108", "binary data in a text column", p.blobs, "The column becomes bytea"),
        )
    if p.beyond_declared:
        what = f"texts longer than the declared {e.column.declared_type}, which SQLite does not enforce"
        return _choice(Family.TEXT, e.beyond("F109", what, _AS_TEXT))
    notes = []
    if "(" in e.column.declared_type:
        notes = [e.note("F109", "SQLite does not enforce the declared length, so it is not carried")]
    return _choice(Family.TEXT, *notes)


def _bytes(e: Evidence) -> TypeChoice:
    p = e.profile
    if p.blobs or not e.filled:
        return _choice(Family.BYTES)
    family = _by_evidence(e).family
    remedy = f"The column becomes {_TYPES[family]}"
    return _choice(family, e.proposal("F108", "no binary data in a binary column", e.filled, remedy))


def _real(e: Evidence) -> TypeChoice:
    p = e.profile
    if e.filled == p.reals + p.integers:
        return _choice(_number_family(e))
    return _choice(
        Family.TEXT,
        e.proposal(
            "F101",
            "text in a number column",
            p.texts or p.blobs,
            _AS_TEXT,
        ),
    )


def _number(e: Evidence) -> TypeChoice:
    p = e.profile
    if e.filled != p.reals + p.integers + p.number_texts:
        odd = e.filled - p.reals - p.integers - p.number_texts
        return _choice(
            Family.TEXT,
            e.proposal("F101", "text in a number column", odd, _AS_TEXT),
        )
    limit = limit_of(e.column.declared_type)
    if limit is None or p.beyond_declared is None or p.infinite_reals:
        return _choice(Family.NUMERIC)
    if p.beyond_declared == 0:
        return TypeChoice(target_type=f"numeric({limit[1]},{limit[2]})", family=Family.NUMERIC)
    remedy = "The column becomes numeric without limits, so nothing is rounded"
    what = f"values beyond the declared {e.column.declared_type}, which SQLite does not enforce"
    return _choice(Family.NUMERIC, e.beyond("F109", what, remedy))


def _unknown(e: Evidence) -> TypeChoice:
    choice = _by_evidence(e)
    if not e.column.declared_type:
        return choice
    what = (
        f"the declared type '{e.column.declared_type}' is not known, the values decide: {choice.target_type}"
    )
    return replace(choice, findings=(e.note("F113", what),))


def _by_evidence(e: Evidence) -> TypeChoice:
    p = e.profile
    if not e.filled:
        return _choice(Family.TEXT)
    if e.filled == p.integers:
        return _choice(Family.INTEGER)
    if e.filled == p.integers + p.reals:
        return _choice(_number_family(e))
    return _choice(Family.BYTES if e.filled == p.blobs else Family.TEXT)


_JUDGES: dict[str, Callable[[Evidence], TypeChoice]] = {
    "boolean": _boolean,
    "moment": _moment,
    "date": _date,
    "time": _time,
    "json": _json,
    "uuid": _uuid,
    "integer": _integer,
    "text": _text,
    "bytes": _bytes,
    "real": _real,
    "number": _number,
    "unknown": _unknown,
}

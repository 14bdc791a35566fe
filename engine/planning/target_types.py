"""PostgreSQL type names: which family they are of, and which of a SQLite column's values they can't hold."""

from __future__ import annotations

import re

from engine.model.catalog import ColumnProfile
from engine.model.plan import Family

__all__ = ["family_of", "is_built_in", "misfits"]

_FAMILIES = {
    "smallint": Family.INTEGER,
    "integer": Family.INTEGER,
    "bigint": Family.INTEGER,
    "real": Family.FLOAT,
    "double precision": Family.FLOAT,
    "numeric": Family.NUMERIC,
    "boolean": Family.BOOLEAN,
    "text": Family.TEXT,
    "character varying": Family.TEXT,
    "bytea": Family.BYTES,
    "date": Family.DATE,
    "timestamp without time zone": Family.TIMESTAMP,
    "timestamp": Family.TIMESTAMP,
    "timestamp with time zone": Family.TIMESTAMPTZ,
    "timestamptz": Family.TIMESTAMPTZ,
    "time without time zone": Family.TIME,
    "time": Family.TIME,
    "json": Family.JSON,
    "jsonb": Family.JSON,
    "uuid": Family.UUID,
}
_OTHERS = frozenset({
    "character", "bpchar", "name", '"char"', "bit", "bit varying", "money", "interval",
    "time with time zone", "inet", "cidr", "macaddr", "macaddr8", "point", "line", "lseg", "box",
    "path", "polygon", "circle", "tsvector", "tsquery", "xml", "oid", "pg_lsn", "jsonpath",
    "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "int4multirange",
    "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange",
    "varchar", "char", "int", "decimal", "interval year to month", "interval day to second",
})  # fmt: skip
"""Built in too (manual, chapter 8 "Data Types"); carried as PostgreSQL's own text."""
_LIMITS = re.compile(r"\([^)]*\)")
_INTEGER_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def _bare(declared: str) -> str:
    return " ".join(_LIMITS.sub("", declared).split())


def family_of(declared: str) -> Family:
    """The family of a type as ``format_type`` spells it; OTHER for arrays and the rest."""
    return _FAMILIES.get(_bare(declared), Family.OTHER)


def is_built_in(declared: str) -> bool:
    """Whether every PostgreSQL has the type."""
    base = _bare(declared).removesuffix("[]")
    return base in _FAMILIES or base in _OTHERS


def misfits(profile: ColumnProfile, declared: str) -> int:
    """How many values of a SQLite column the type surely can't hold.

    Args:
        profile: the column's values.
        declared: the target column's type.
    """
    filled = profile.rows - profile.nulls
    fitting = {
        Family.INTEGER: profile.integers,
        Family.FLOAT: profile.integers + profile.reals,
        Family.NUMERIC: profile.integers + profile.reals + profile.number_texts,
        Family.BOOLEAN: profile.zero_or_one + profile.words_of_truth,
        Family.TEXT: filled - profile.blobs - max(profile.nul_texts, profile.not_utf8_texts),
        Family.BYTES: profile.blobs,
        Family.DATE: profile.iso_dates,
        Family.TIMESTAMP: profile.iso_dates + profile.iso_times - profile.zoned_times,
        Family.TIMESTAMPTZ: profile.iso_dates + profile.iso_times,
        Family.TIME: profile.clock_times,
        Family.JSON: profile.json_texts + profile.integers + profile.reals - profile.infinite_reals,
        Family.UUID: profile.uuid_texts,
    }.get(family_of(declared), 0)
    return filled - fitting + _out_of_range(profile, declared)


def _out_of_range(profile: ColumnProfile, declared: str) -> int:
    counts = {"smallint": profile.beyond_smallint, "integer": profile.beyond_integer}
    bare = _bare(declared)
    limit = _INTEGER_LIMITS.get(bare)
    if limit is None or profile.smallest is None or profile.largest is None:
        return 0
    is_beyond = profile.smallest < -limit or profile.largest >= limit
    return max(1, counts.get(bare, 0)) if is_beyond else 0

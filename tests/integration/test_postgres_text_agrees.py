"""A PostgreSQL source's own text, handed on: both halves of the comparison agree for every type.

The values are legal in PostgreSQL and strange elsewhere: five-digit years, years BC, 24:00:00,
float4, padded texts, netmasks, JSON that is no jsonb.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from engine.checking.canonical import digest_of, row_reader
from engine.checking.key_input import input_text
from engine.model.catalog import Engine, TableClass
from engine.model.plan import ColumnPlan, Family, KeyRange, Lane, TablePlan
from engine.moving.encode_rows import RowEncoder
from engine.planning.target_types import family_of
from engine.stores.open_source import open_source
from engine.stores.target_checks import TargetChecks
from engine.stores.target_session import TargetSession

_MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
_LEGAL: dict[str, list[str]] = {
    "smallint": ["-32768", "32767"],
    "bigint": ["-9223372036854775808", "9223372036854775807"],
    "real": ["0.1", "-0", "NaN", "Infinity", "-Infinity", "1e-45", "3.4028235e38", "16777217", "1.1754944e-38", "8388608.5"],
    "double precision": ["0.1", "-0", "NaN", "-Infinity", "5e-324", "1.7976931348623157e308", "0.30000000000000004", "1e22"],
    "numeric": ["NaN", "Infinity", "-Infinity", "1e400", "-1.50", "0.000", "1e-400", "123456789012345678901234567890.5"],
    "numeric(10,2)": ["1.50", "-99999999.99"],
    "boolean": ["t", "f"],
    "text": ["", " ", "größe", "a\\b", "tab\tnewline\n", "\\N", "\\."],
    "character varying(9)": ["a  ", "   ", ""],
    "character(5)": ["a", "", "a b", " a", "äöü"],
    "character(5)[]": ["{a,bc}"],
    '"char"': ["x"],
    "name": ["a name"],
    "bytea": ["\\x", "\\x00ff5c"],
    "date": ["10000-01-01", "0044-03-15 BC", "4713-01-01 BC", "5874897-12-31", "0001-01-01", "0001-12-31 BC", "infinity", "-infinity", "2000-02-29"],
    "timestamp without time zone": [
        "294276-12-31 23:59:59.999999", "10000-01-01", "4713-01-01 00:00:00 BC", "0044-03-15 12:00:00.000001 BC",
        "infinity", "-infinity", "1969-12-31 23:59:59.999999", "2024-02-29 24:00:00",
    ],
    "timestamp with time zone": [
        "294276-12-31 23:59:59.999999+00", "12000-06-01 02:30:00.5-11", "0044-03-15 12:00:00+00 BC", "infinity",
        "2024-03-31 02:30:00+05:45",
    ],
    "time without time zone": ["24:00:00", "00:00:00", "23:59:59.999999", "12:34:56.5"],
    "time with time zone": ["24:00:00+00", "12:00:00-05:30"],
    "interval": ["-1 mons +2 days -03:04:05.6", "178000000 years", "0"],
    "json": ['{"a": 1,  "a": 2}', '"\\u0000"', '"\\ud800"', "1e999999", "-0", " [ ] "],
    "jsonb": [
        '{"n": -0}', '{"n": -0.0}', '[0e5, 0.10, 1E-7, 1e400, 1.50]', '{"größe": "\\u00e9", "b": 1, "aa": 2}', '"\\\\u0000"',
        "123456789012345678901234567890", "null", '"\\ud83d\\ude00"',
    ],
    "uuid": ["6F1C2A3E-0000-4000-8000-00000000000A"],
    "inet": ["10.0.0.1", "10.0.0.1/8", "::1"],
    "cidr": ["10.0.0.0/8"],
    "macaddr": ["08:00:2b:01:02:03"],
    "bit(3)": ["101"],
    "integer[]": ["{1,NULL,3}", "{}"],
    "real[]": ["{0.1,NaN}"],
    "timestamp with time zone[]": ['{"2024-01-01 00:00:00+05"}'],
    "text[]": ['{"a b","q\\"x",NULL,"NULL",""}'],
    "int4range": ["[1,5]", "empty"],
    "point": ["(0.1,-0)"],
    "tsvector": ["'a' 'b':2"],
}  # fmt: skip
_NO_KEYS = {"json", "point"}


@dataclass(slots=True)
class _Lane:
    """One typed column in two tables: a source and a target."""

    url: str

    def table(self, source_type: str, target_type: str, values: list[str]) -> TablePlan:
        """Both tables made, the source's filled."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for name, type_name in (("s", source_type), ("t", target_type)):
                connection.execute(
                    SQL("create table public.{} (id bigint primary key, v {})").format(
                        Identifier(name),
                        SQL(type_name),  # type: ignore[arg-type]  # from the table above
                    )
                )
            for number, value in enumerate([*values, None], start=1):
                connection.execute(
                    SQL("insert into public.s values ({}, {})").format(Literal(number), Literal(value))
                )
        return TablePlan(
            number=1, phase=1, source="s", source_table="s", target_schema="public", target_table="t",
            chunk_key=("id",), rows=len(values) + 1, batch_rows=99, table_class=TableClass.CATALOG, complexity="low",
            primary_key=("id",), lane=Lane.PIPED,
            columns=(
                ColumnPlan(target="id", target_type="bigint", family=Family.INTEGER, source="id", is_nullable=False),
                ColumnPlan(target="v", target_type=target_type, family=family_of(target_type), source="v"),
            ),
        )  # fmt: skip

    def move(
        self, table: TablePlan
    ) -> tuple[list[tuple[str | None, ...]], list[tuple[str | None, ...]], bool]:
        """What the target should read like, what it reads like, and whether the digests agree."""
        source = open_source("s", self.url)
        target, checks = TargetSession(self.url, purpose="test"), TargetChecks(self.url)
        encoder = RowEncoder(table, engine=Engine.POSTGRES, run_time=_MOMENT)
        read = row_reader(table, engine=Engine.POSTGRES, columns=encoder.columns, run_time=_MOMENT)
        span = KeyRange(after=None, upto=(str(table.rows),), first_row=1, last_row=table.rows)
        pages = source.read_range("s", columns=encoder.columns, key=("id",), span=span, where="")
        rows = [row for page in pages for row in page]
        with target.transaction("test") as cursor:
            target.copy_rows(cursor, table, "public", [encoder.encode(row) for row in rows])  # type: ignore[misc]
            found = cursor.execute("select pg_current_xact_id()::text::bigint as xid").fetchone()
        assert found is not None
        stretches = checks.streams.stretches(table, [found["xid"]])[found["xid"]]
        theirs = [row for _, row in checks.streams.rows(table, stretches)]
        agree = [digest_of(read(row)) for row in rows] == list(checks.streams.digests(table, stretches))
        for opened in (source, target, checks):
            opened.close()
        return [read(row) for row in rows], sorted(theirs, key=lambda row: int(row[0] or 0)), agree


@pytest.fixture
def lane(target_url: str) -> _Lane:
    """A fresh database."""
    return _Lane(target_url)


@pytest.mark.parametrize("type_name", list(_LEGAL))
def test_every_legal_value_reads_alike_on_both_sides(type_name: str, lane: _Lane) -> None:
    """What PostgreSQL holds arrives in PostgreSQL as it left, and the comparison says so."""
    ours, theirs, agree = lane.move(lane.table(type_name, type_name, _LEGAL[type_name]))

    assert ours == theirs
    assert agree


@pytest.mark.parametrize(
    ("source_type", "target_type", "value"),
    [
        ("integer", "numeric", "7"),
        ("date", "timestamp without time zone", "0044-03-15 BC"),
        ("bigint", "double precision", "9007199254740992"),
        ("character varying(9)", "character(5)", "ab"),
        ("character(5)", "text", "ab"),
        ("json", "jsonb", '{"b": 1, "a": -0}'),
    ],
)
def test_value_of_a_narrower_type_reads_alike_in_a_wider_one(
    source_type: str, target_type: str, value: str, lane: _Lane
) -> None:
    """Casts that lose nothing are no differences."""
    ours, theirs, agree = lane.move(lane.table(source_type, target_type, [value]))

    assert (ours, True) == (theirs, agree)


@pytest.mark.parametrize(
    ("source_type", "target_type", "value"),
    [
        ("double precision", "real", "0.30000000000000004"),
        ("bigint", "double precision", "9007199254740993"),
        ("numeric", "numeric(10,2)", "1.234"),
        ("timestamp without time zone", "timestamp(0) without time zone", "2024-01-01 00:00:00.6"),
    ],
)
def test_value_the_target_rounds_is_a_difference(
    source_type: str, target_type: str, value: str, lane: _Lane
) -> None:
    """PostgreSQL rounds without a word; the comparison does not."""
    ours, theirs, agree = lane.move(lane.table(source_type, target_type, [value]))

    assert ours[0] != theirs[0]
    assert not agree


@pytest.mark.parametrize("type_name", [name for name in _LEGAL if name not in _NO_KEYS])
def test_row_is_found_by_a_key_of_any_legal_value(type_name: str, lane: _Lane) -> None:
    """The sample check fetches rows by keys made from the source alone, the empty text included."""
    table = lane.table(type_name, type_name, _LEGAL[type_name])
    ours, _, _ = lane.move(table)
    checks = TargetChecks(lane.url)
    family = table.columns[1].family
    keyed = [row for row in ours if row[1] is not None]

    found = [
        checks.row_by_key(table, {"id": str(row[0]), "v": input_text(family, str(row[1]))}) for row in keyed
    ]
    checks.close()

    assert keyed == found

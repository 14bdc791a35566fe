"""Whole rows: made columns, required columns, legacy keys, and rows refused whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import pytest

from engine.model.catalog import Engine, TableClass
from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.moving.encode_rows import RejectedRow, RowEncoder

_MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def _encoder(
    *columns: ColumnPlan, engine: Engine = Engine.SQLITE, key: tuple[str, ...] = ("id",)
) -> RowEncoder:
    table = TablePlan(
        number=1, phase=1, source="legacy", source_table="item", target_schema="public", target_table="item",
        chunk_key=key, rows=1, batch_rows=1, table_class=TableClass.CATALOG, complexity="low",
        primary_key=("id",), columns=columns,
    )  # fmt: skip
    return RowEncoder(table, engine=engine, run_time=_MOMENT)


def _column(target: str, family: Family = Family.TEXT, **more: object) -> ColumnPlan:
    types = {Family.INTEGER: "bigint", Family.TEXT: "text", Family.JSON: "jsonb", Family.UUID: "uuid"}
    return ColumnPlan(target=target, target_type=types[family], family=family, **more)  # type: ignore[arg-type]


def test_columns_to_read_are_the_key_first_and_each_once() -> None:
    """A key column that is copied too is read once."""
    encoder = _encoder(
        _column("name", source="name"),
        _column("id", Family.INTEGER, source="id"),
        _column("m", Family.JSON, made_by=MadeBy.JSON_OBJECT, inputs=("name", "extra")),
    )

    assert ("id", "name", "extra") == encoder.columns


def test_made_values_are_what_the_plan_says() -> None:
    """A constant, NULL, the moment of approval and the source's name need no source value."""
    encoder = _encoder(
        _column("c", made_by=MadeBy.CONSTANT, value="x"),
        _column("n", made_by=MadeBy.CONSTANT, value=None),
        _column("at", made_by=MadeBy.RUN_TIME),
        _column("who", made_by=MadeBy.SOURCE_NAME),
    )

    assert ("x", None, "2026-01-02 03:04:05+00:00", "legacy") == encoder.encode((1,))


def test_new_id_of_a_legacy_key_is_always_the_same() -> None:
    """UUIDv5 of source, table and key; another key gives another id."""
    encoder = _encoder(_column("id", Family.UUID, made_by=MadeBy.UUID5, inputs=("id",)))
    expected = str(uuid5(uuid5(NAMESPACE_URL, "fordway:legacy:item"), "7"))

    assert (expected,) == encoder.encode((7,))
    assert encoder.encode((8,)) != encoder.encode((7,))
    assert ("7", expected) == encoder.id_pair((7,), (expected,))


def test_row_without_a_legacy_key_is_refused() -> None:
    """There is nothing to make an id from, and none is invented."""
    encoder = _encoder(_column("id", Family.UUID, made_by=MadeBy.UUID5, inputs=("id",)))

    refused = encoder.encode((None,))

    assert isinstance(refused, RejectedRow)
    assert "no legacy key to make the id from" == refused.reason


def test_row_with_an_empty_required_column_is_refused_whole() -> None:
    """The refused row carries its key, every value, the column and the reason."""
    encoder = _encoder(
        _column("id", Family.INTEGER, source="id"), _column("name", source="name", is_nullable=False)
    )

    refused = encoder.encode((5, None))

    assert refused == RejectedRow(
        key=(5,),
        row={"id": 5, "name": None},
        column="name",
        value=None,
        reason="a required column is empty",
        kind="empty",
    )


def test_empty_text_stays_an_empty_text_and_null_stays_null() -> None:
    """Nothing becomes nothing else."""
    encoder = _encoder(_column("name", source="name"))

    assert ("",) == encoder.encode((1, ""))
    assert (None,) == encoder.encode((1, None))


def test_json_object_of_a_sqlite_row_keeps_kinds_of_values() -> None:
    """Numbers stay numbers, texts texts, NULL null."""
    encoder = _encoder(_column("m", Family.JSON, made_by=MadeBy.JSON_OBJECT, inputs=("a", 'b"', "c", "d")))

    (text,) = encoder.encode((1, 5, "5", None, 0.1))  # type: ignore[misc]

    assert {"a": 5, 'b"': "5", "c": None, "d": 0.1} == json.loads(str(text))


def test_json_object_of_a_postgres_row_reads_numbers_by_their_family() -> None:
    """PostgreSQL gives text forms; the declared families say which are numbers."""
    families = (Family.INTEGER, Family.TEXT, Family.BOOLEAN, Family.NUMERIC, Family.JSON, Family.NUMERIC)
    encoder = _encoder(
        _column(
            "m", Family.JSON, made_by=MadeBy.JSON_OBJECT, inputs=tuple("abcdef"), input_families=families
        ),
        engine=Engine.POSTGRES,
    )

    (text,) = encoder.encode(("1", "5", "5", "t", "-1.50", '{"x": 1}', "NaN"))  # type: ignore[misc]

    assert '{"a": 5, "b": "5", "c": true, "d": -1.50, "e": {"x": 1}, "f": "NaN"}' == text


@pytest.mark.parametrize("value", [b"bytes", float("inf"), "a\0b", "\udc80"])
def test_json_object_of_what_json_cant_hold_is_refused(value: object) -> None:
    """Bytes, infinities, NUL and broken text make no JSON."""
    encoder = _encoder(_column("m", Family.JSON, made_by=MadeBy.JSON_OBJECT, inputs=("a",)))

    assert isinstance(encoder.encode((1, value)), RejectedRow)

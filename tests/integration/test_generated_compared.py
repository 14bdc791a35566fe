"""Values the target generates are held against the source's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.planning import keep_shape, plan_soft_objects
from tests.fix_runs import Bench, CommandLine, in_schema, make_source, query, value

_SQLITE = """
create table item (
    id integer primary key, price integer, name text, ratio real,
    double integer generated always as (price * 2) virtual,
    half real generated always as (ratio / 2) stored,
    label text generated always as (name || '-' || price)
);
insert into item (id, price, name, ratio) values
    (1, 10, 'a', 0.1), (2, null, 'b', 1e300), (3, -7, null, 3.0), (4, 12, 'ö\', null);
"""
_POSTGRES = """
create schema old;
create function public.of_item(integer) returns integer immutable language sql as 'select $1 + 1';
create table old.item (
    id integer primary key, price numeric(10, 2), name text, body jsonb,
    double numeric generated always as (price * 2) stored,
    label character(8) generated always as (name || '-') stored,
    title text generated always as (body ->> 'title') stored,
    words tsvector generated always as (to_tsvector('english', name)) stored,
    next integer generated always as (id + 1) stored
);
insert into old.item (id, price, name, body) values
    (1, 10.10, 'a cat', '{"title": "x"}'), (2, null, 'b', '{}'), (3, -7, null, null);
"""


def _verified(url: str) -> dict[str, Any]:
    rows = query(
        url, "select body from fordway.event where kind = 'table_verified' order by number desc limit 1"
    )
    body: dict[str, Any] = rows[0][0]
    return body


def _told(verified: dict[str, Any]) -> str:
    return " ".join(check["detail"] for check in verified["checks"] if check["status"] == "fail")


def _generated(url: str, table: str) -> int:
    return int(
        value(
            url,
            "select count(*) from pg_attribute where attrelid = %s::regclass and attgenerated <> ''",
            [table],
        )
    )


def test_generated_columns_of_sqlite_are_compared_and_proven(
    bench: Bench, target_url: str, tmp_path: Path
) -> None:
    """Whole numbers, fractions, texts and NULL."""
    bench.copy(make_source(tmp_path / "s.db", _SQLITE))

    verified = _verified(target_url)

    assert 3 == _generated(target_url, "item")
    assert "proven" == verified["strength"], _told(verified)


def test_generated_columns_of_postgres_are_compared_and_proven(
    bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """Whatever their types, and whether PostgreSQL stores them."""
    query(source_pg_url, _POSTGRES)
    bench.copy(in_schema(source_pg_url, "old"))

    verified = _verified(target_url)

    assert 5 == _generated(target_url, "item")
    assert "proven" == verified["strength"], _told(verified)


def test_generated_column_of_sqlite_with_other_values_on_the_target_is_found(
    bench: Bench, target_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An expression that was translated wrongly is no matter of the rows copied, and yet one of the proof."""
    take = plan_soft_objects._take

    def take_wrongly(draft: Any, column: Any, term: Any) -> None:  # noqa: ANN401 - handed on
        take(draft, column, term)
        wrong = [
            _with(made, expression=f"({made.expression}) + 1") if made.name == "double" else made
            for made in draft.generated
        ]
        draft.generated = tuple(wrong)

    monkeypatch.setattr(plan_soft_objects, "_take", take_wrongly)
    run_id = bench.copy(make_source(tmp_path / "s.db", _SQLITE))

    verified = _verified(target_url)

    assert "different" == verified["strength"]
    assert "id 1 differs in double" in _told(verified)
    assert "complete" != str(bench.ledger.runs.read(run_id).state)


def test_generated_column_of_postgres_with_other_values_on_the_target_is_found(
    bench: Bench, source_pg_url: str, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of an expression is the same, what it calls need not be."""
    query(source_pg_url, _POSTGRES)
    keep = keep_shape._generated

    def keep_wrongly(draft: Any, offer: Any) -> tuple[Any, ...]:  # noqa: ANN401 - handed on
        return tuple(
            _with(made, expression="id + 2") if made.name == "next" else made for made in keep(draft, offer)
        )

    monkeypatch.setattr(keep_shape, "_generated", keep_wrongly)
    bench.copy(in_schema(source_pg_url, "old"))

    verified = _verified(target_url)

    assert "different" == verified["strength"]
    assert "id 1 differs in next" in _told(verified)


def test_generated_column_over_values_a_rule_changed_is_named_as_not_covered(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """The source has no such values; the other columns are proven."""
    path = make_source(tmp_path / "s.db", _SQLITE)
    playbook = tmp_path / "rule.yaml"
    playbook.write_text(
        f"playbook: rules\ntitle: Rules\ntarget: {target_url}\nsources: {{old: {str(path)!r}}}\n"
        "tables: [{from: item, to: item, columns: {price: {from: price, rule: {default: 5}}}}]\n"
    )

    done = fordway.run("run", playbook, "--yes", "--json")

    assert 0 == done.code, done.err
    assert ["proven"] == [table["strength"] for table in done.last["tables"]]
    details = [
        check["detail"] for check in _verified(target_url)["checks"] if check["name"] == "full digests"
    ]
    assert ["columns not covered: double, label"] == details


def _with(made: Any, **changes: str) -> Any:  # noqa: ANN401 - a plan's part
    return replace(made, **changes)

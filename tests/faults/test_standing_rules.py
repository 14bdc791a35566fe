"""Answers that stand for every such fault of a run: what they cover, what they do not, and how they end."""

from __future__ import annotations

from pathlib import Path

from engine.stores.ledger.recovery import StoredRule
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_ITEMS = """
create table item (id integer primary key, name text, code text, amount integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
insert into item select i, 'name ' || i, 'c' || i, i from n;
create table other (id integer primary key, amount integer);
insert into other select id, amount from item;
"""
_TARGET = """
create table item (id bigint primary key, name text, code text,
    amount bigint constraint positive check (amount > 0), constraint short check (length(name) < 20));
create table other (id bigint primary key, amount bigint constraint positive_too check (amount > 0));
"""
_TABLES = [{"from": "item", "batch_rows": 50}, {"from": "other", "batch_rows": 50}]


def _meet(bench: Bench, tmp_path: Path, damage: str) -> Met:
    source = make_source(tmp_path / "s.db", _ITEMS + damage)
    return meet(bench, {"old": source}, _TABLES, target=_TARGET)


def _rules(met: Met) -> list[StoredRule]:
    return met.bench.ledger.recovery.rules(met.run_id, only_standing=False)


def _asked(met: Met) -> list[str]:
    """Faults that were asked about, in order."""
    return [e.decision.fault for e in met.events("decision_asked") if e.decision.fault]


_BAD_AMOUNTS = "update item set amount = -1 where id in (10, 60, 61, 110, 160);"


def test_fault_answered_for_every_such_one_is_not_asked_about_again(bench: Bench, tmp_path: Path) -> None:
    """One question for four batches; the rule counts the three it answered for, and is told."""
    met = _meet(bench, tmp_path, _BAD_AMOUNTS)
    assert "a check that does not hold in item, positive" == met.decision.repeats_for
    met.choose("quarantine", for_every=True)

    assert ("complete", ["R107"]) == (met.state, _asked(met))
    assert [[10], [60], [61], [110], [160]] == met.held()
    assert (True, []) == (met.balances(), met.differences())
    (rule,) = _rules(met)
    assert ("item", "check", "positive", "quarantine", 3, "tester", None) == (
        rule.target_table, rule.kind, rule.place, rule.action, rule.uses, rule.made_by, rule.revoked_by,
    )  # fmt: skip
    assert [(rule.rule_id, "tester")] == [(e.rule_id, e.by) for e in met.events("rule_made")]
    assert 5 == len(met.held("decision_id"))
    assert {rule.decision_id} == set(met.held("decision_id"))


def test_rule_that_was_revoked_is_asked_about_again(bench: Bench, tmp_path: Path) -> None:
    """What it did stays done; the batches after it ask."""
    damage = _BAD_AMOUNTS + "update item set name = printf('%.50c', 'x') where id = 115;"
    met = _meet(bench, tmp_path, damage)
    met.choose("quarantine", for_every=True)
    # Batch 3 has another fault, so the run stands before it.
    assert ("R107", "short") == (met.decision.fault, met.diagnosis.groups[0].place)
    (rule,) = _rules(met)
    assert bench.ledger.recovery.revoke_rule(met.run_id, rule.rule_id, who="lead")
    assert not bench.ledger.recovery.revoke_rule(met.run_id, rule.rule_id, who="lead")
    used = rule.uses
    met.choose("pause")
    met.go_on()

    # The batch's own faults are both open again.
    assert ({"short", "positive"}, 2) == (
        {group.place for group in met.diagnosis.groups}, met.diagnosis.offending,
    )  # fmt: skip
    met.choose("quarantine")
    while met.state == "waiting":
        met.choose("quarantine")
    assert "complete" == met.state
    (revoked,) = _rules(met)
    assert (used, "lead") == (revoked.uses, revoked.revoked_by)
    assert [rule.rule_id] == [e.rule_id for e in met.events("rule_revoked")]


def test_rule_covers_only_its_own_table_place_and_fault(bench: Bench, tmp_path: Path) -> None:
    """Another check of the table, and another table's, are asked about."""
    damage = (
        "update item set amount = -1 where id in (10, 60);"
        "update item set name = printf('%.50c', 'x') where id = 110;"
        "update other set amount = -1 where id = 10;"
    )
    met = _meet(bench, tmp_path, damage)
    met.choose("quarantine", for_every=True)
    assert [("item", "short")] == [(met.diagnosis.at.table, group.place) for group in met.diagnosis.groups]
    met.choose("quarantine")
    assert [("other", "positive_too")] == [
        (met.diagnosis.at.table, group.place) for group in met.diagnosis.groups
    ]
    met.choose("quarantine")

    assert ("complete", ["R107"] * 3) == (met.state, _asked(met))
    assert [[10], [60], [110], [10]] == met.held()


def test_rows_a_rule_covers_are_not_asked_about_beside_others_of_their_batch(
    bench: Bench, tmp_path: Path
) -> None:
    """The question is about the row nobody said anything of, and counts no other."""
    damage = (
        "update item set amount = -1 where id in (10, 60, 61);"
        "update item set name = printf('%.50c', 'x') where id = 70;"
    )
    met = _meet(bench, tmp_path, damage)
    met.choose("quarantine", for_every=True)

    assert (48, 1, ["short"]) == (
        met.diagnosis.rows, met.diagnosis.offending, [group.place for group in met.diagnosis.groups],
    )  # fmt: skip
    foretold = met.option("quarantine").effect
    stored = met.choose("quarantine")

    assert "complete" == met.state
    assert foretold is not None
    assert stored.outcome is not None
    assert (1, 47, 1) == (foretold.rows, foretold.written, foretold.set_aside)
    assert (1, 47, 1) == tuple(stored.outcome["actual"][name] for name in ("rows", "written", "set_aside"))
    assert [[10], [60], [61], [70]] == met.held()
    (rule,) = _rules(met)
    assert 1 == rule.uses


def test_rule_for_values_fills_in_the_same_value_in_every_batch(
    bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """The value somebody gave once stands in every such row, each with its old one and who said so."""
    query(
        source_pg_url,
        "create table item (id bigint primary key, amount bigint);"
        "insert into item select i, case when i in (10, 60, 160) then 3000000000 else i end"
        " from generate_series(1, 200) as i",
    )
    met = meet(
        bench, {"old": source_pg_url}, [{"from": "item", "batch_rows": 50}],
        target="create table item (id bigint primary key, amount integer)",
    )  # fmt: skip
    met.choose("default", value="-7", for_every=True)

    assert ("complete", ["R104"]) == (met.state, _asked(met))
    assert [(10,), (60,), (160,)] == query(
        bench.target_url, "select id from item where amount = -7 order by 1"
    )
    assert (True, []) == (met.balances(), met.differences())
    assert [("3000000000", "-7", "tester", 3)] == query(
        bench.target_url,
        "select old_value, new_value, changed_by, count(*) from fordway.amended_value group by 1, 2, 3",
    )
    (rule,) = _rules(met)
    assert (2, "-7") == (rule.uses, rule.value)


def test_rule_for_a_value_holds_for_rows_the_plan_would_have_set_aside(bench: Bench, tmp_path: Path) -> None:
    """Text in a column of numbers was foretold; the batch asked about had a taken key besides."""
    damage = "update item set amount = 'many' where id in (5, 171, 199, 200);"
    source = make_source(tmp_path / "s.db", _ITEMS + damage)
    query(bench.target_url, _TARGET + "insert into item values (10, 'theirs', 'x', 1);")
    tables = [{**_TABLES[0], "batch_rows": 10}, _TABLES[1]]
    met = meet(bench, {"old": source}, tables, target="select 1")
    met.choose("keep-source")
    met.choose("default", value="7", for_every=True)

    assert ("complete", []) == (met.state, met.held())
    assert [(5,), (171,), (199,), (200,)] == query(
        bench.target_url, "select id from item where amount = 7 and id <> 7 order by id"
    )
    assert 2 == next(rule.uses for rule in _rules(met))
    assert (True, []) == (met.balances(), met.differences())

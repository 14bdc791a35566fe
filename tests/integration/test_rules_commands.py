"""``fordway rules``: answers that stand for every such error of a run."""

from __future__ import annotations

from pathlib import Path

from tests.fix_commands import Command
from tests.fix_faults import meet
from tests.fix_runs import Bench, make_source

_SOURCE = """
create table owner (id integer primary key, name text);
insert into owner values (1, 'one'), (2, ''), (3, '');
"""
_TARGET = "create table owner (id bigint primary key, name text constraint has_name check (name <> ''));"


def test_rules_are_listed_and_revoked(bench: Bench, tmp_path: Path, command: Command) -> None:
    """With whose they are and how often they were followed; one that does not stand is refused."""
    source = make_source(tmp_path / "s.db", _SOURCE)
    met = meet(bench, {"old": source}, [{"from": "owner"}], target=_TARGET)
    none = command("rules", "list", met.run_id)
    met.choose("quarantine", for_every=True, from_where="desk")
    (rule,) = bench.ledger.recovery.rules(met.run_id)

    listed = command("rules", "list", met.run_id)
    as_json = command("rules", "list", "latest", "--json").last
    revoked = command("rules", "revoke", met.run_id, rule.rule_id, "--json")
    refused = command("rules", "revoke", met.run_id, rule.rule_id)

    assert f"No answer stands for every such error in run {met.run_id}." in none.out
    assert "owner.has_name, the check has_name does not hold: set aside (by tester" in listed.out
    assert ("quarantine", "tester", "desk", None) == tuple(
        as_json[name] for name in ("action", "by", "from", "revoked_by")
    )
    assert (0, "rule_revoked") == (revoked.code, revoked.last["event"])
    assert (2, f"No rule {rule.rule_id} stands in run {met.run_id}" in refused.err) == (refused.code, True)
    assert 2 == command("rules", "revoke", met.run_id, "99999999999999999999").code
    assert "revoked by" in command("rules", "list", met.run_id).out

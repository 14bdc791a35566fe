"""A rehearsal over tables that stand: foreign keys foretell what the target will refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.events import GuidanceSpoken
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_OLD = """
create table office (id integer primary key);
create table person (id integer primary key, office_id integer);
insert into office values (1), (2);
insert into person values (1, 1), (2, 2), (3, 7), (4, 8), (5, null);
"""
_TARGET = """
create table office (id bigint primary key);
create table person (id bigint primary key, office_id bigint references office);
insert into office values (7);
"""
_TABLES = [{"from": "office", "on_conflict": "keep_target"}, {"from": "person"}]


def _rehearsed(bench: Bench, folder: Path, tables: list[dict[str, object]]) -> Met:
    return meet(bench, {"old": make_source(folder / "s.db", _OLD)}, tables, target=_TARGET, rehearse=True)


def _told(met: Met) -> list[str]:
    spoken = [e.event for e in met.bench.ledger.journal.of_kind(met.run_id, "guidance_spoken")]
    return [
        line
        for event in spoken
        if isinstance(event, GuidanceSpoken) and event.about == "rehearsal"
        for line in event.lines
    ]


@pytest.mark.parametrize(
    ("tables", "named"),
    [(_TABLES, 1), ([{"from": "person"}], 3)],
    ids=["parents move along", "parents stay where they are"],
)
def test_rows_without_their_parent_are_counted_by_the_rehearsal_and_asked_about_by_the_move(
    tables: list[dict[str, object]], named: int, bench: Bench, tmp_path: Path
) -> None:
    """Office 7 is in the target and office 8 nowhere; what is in the target already is a parent too."""
    met = _rehearsed(bench, tmp_path, tables)

    verb = "names" if named == 1 else "name"
    refused = f"{named} row{'s' if named > 1 else ''} of person {verb} no row of office"
    assert any(line.startswith(refused) for line in _told(met))
    assert ("waiting", named) == (met.state, met.diagnosis.offending)
    assert "R1" == met.decision.fault[:2]


def test_rehearsal_over_rows_with_their_parents_tells_of_none(bench: Bench, tmp_path: Path) -> None:
    """Every row has a place."""
    query(bench.target_url, _TARGET + "insert into office values (8);")
    source = make_source(tmp_path / "s.db", _OLD)
    met = meet(bench, {"old": source}, _TABLES, target="select 1", rehearse=True)

    assert ("complete", "Every row has a place.") == (met.state, _told(met)[-1])

"""Every fault of rows, caused for real: the right diagnosis, exact counts, and each option does what it foretold."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.faults import Effect
from tests.fix_faults import Met
from tests.fix_row_cases import BATCH, CASES, ROWS, meet_case
from tests.fix_runs import Bench, query

_ABOUT_ROWS = {
    "parents", "placeholders", "quarantine", "null", "default", "truncate", "cast", "keep-target",
    "keep-source", "newest",
}  # fmt: skip


@pytest.mark.fault("R101", "R102", "R103", "R104", "R105", "R106", "R107", "R108", "R110")
@pytest.mark.fault("R114", "R115", "R116", "R117", "R118", "R120", "R121", "R122")
@pytest.mark.parametrize("name", CASES)
def test_fault_of_rows_is_diagnosed_with_every_row_and_set_aside_as_foretold(
    name: str, bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """The batch stops, every bad row is known, and setting them aside writes all the others."""
    case = CASES[name]
    met = meet_case(case, bench, tmp_path, source_pg_url)

    group = met.diagnosis.groups[0]
    assert ("waiting", name[:4], len(case.keys), case.place) == (
        met.state,
        met.decision.fault,
        group.rows,
        group.place,
    )
    assert [str(key) for key in case.keys] == [row.key for row in group.examples]
    assert (BATCH, len(case.keys) + len(case.beside)) == (met.diagnosis.rows, met.diagnosis.offending)
    assert set(case.options) == _ABOUT_ROWS & set(met.open_options)

    foretold = met.option("quarantine").effect
    stored = met.choose("quarantine")

    aside = sorted((*case.keys, *case.beside))
    assert "complete" == met.state
    assert aside == [_number(key) for key in met.held()]
    assert (ROWS, ROWS - len(aside), len(aside), 0, 0) == met.counts()["item"]
    assert (True, []) == (met.balances(), met.differences())
    assert _of_rows(foretold) == _of_rows(Effect(**stored.outcome["actual"]))  # type: ignore[index]  # it was done


@pytest.mark.parametrize(
    ("name", "option"), [(name, option) for name, case in CASES.items() for option in case.mends]
)
def test_rule_for_values_changes_exactly_the_rows_it_foretold_and_keeps_their_old_values(
    name: str, option: str, bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """Rows it can't mend are asked about next; what stood there before is in the ledger, and undo knows all."""
    case = CASES[name]
    met = meet_case(case, bench, tmp_path, source_pg_url)
    foretold = met.option(option).effect

    first = met.decision.decision_id
    met.choose(option, value=case.given if option == "default" else "")
    left = sorted({*case.keys, *case.beside} - set(case.mends[option]))
    if left:
        assert ("waiting", len(left)) == (met.state, met.diagnosis.offending)
        met.choose("quarantine")

    assert "complete" == met.state
    assert left == [_number(key) for key in met.held()]
    assert (ROWS, ROWS - len(left), len(left), 0, 0) == met.counts()["item"]
    assert (True, []) == (met.balances(), met.differences())
    assert dict(case.mends[option]) == _standing(met, case.shown, case.mends[option])
    actual = met.bench.ledger.decisions.read(first).outcome["actual"]  # type: ignore[union-attr,index]  # it was done
    assert _of_rows(foretold) == _of_rows(Effect(**actual))
    assert len(case.mends[option]) == len(
        query(bench.target_url, "select 1 from fordway.amended_value where run_id = %s", [met.run_id])
    )
    before = [key for (key,) in query(bench.target_url, "select id from item where id > 9000")]
    assert "undone" == bench.undo(met.run_id)
    assert before == [key for (key,) in query(bench.target_url, "select id from item")]


def _standing(met: Met, column: str, keys: object) -> dict[int, object]:
    rows = query(met.bench.target_url, f"select id, {column} from item where id = any(%s)", [list(keys)])  # type: ignore[call-overload]  # keys
    return dict(rows)


def _number(key: list[int | str]) -> int:
    return int(key[0])


def _of_rows(effect: Effect | None) -> tuple[int, ...]:
    assert effect is not None
    return (effect.rows, effect.written, effect.set_aside, effect.changed, effect.merged)

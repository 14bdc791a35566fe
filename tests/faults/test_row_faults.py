"""Every fault of rows, caused for real: the right diagnosis, exact counts, and each option does what it foretold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.model.faults import Effect
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_ROWS = 400
_BATCH = 100
_ITEMS = f"""
create table item (id integer primary key, name text, amount numeric, day text, code text, parent integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {_ROWS})
insert into item select i, 'name ' || i, i, '2024-01-' || printf('%02d', 1 + i % 28), 'c' || i, null from n;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault of rows: how it is caused, and what must be found."""

    target: str
    """SQL that makes the target's table, and what it holds."""
    damage: str
    """SQL that makes rows of the source bad, all of batch 2: rows 101 to 200."""
    keys: tuple[int, ...]
    """The bad rows."""
    place: str
    options: tuple[str, ...]
    """Options about rows that can be taken."""
    mends: tuple[str, ...] = ()
    """Of them, those that write every bad row after all."""


_PLAIN = "create table item (id bigint primary key, name text, amount numeric, day text, code text, parent bigint);"
CASES = {
    "R107": Case(
        target=_PLAIN.replace("amount numeric", "amount numeric constraint positive check (amount > 0)"),
        damage="update item set amount = -1 where id in (110, 120, 199)",
        keys=(110, 120, 199),
        place="positive",
        options=("quarantine",),
    ),
    "R108": Case(
        target=_PLAIN + "create unique index code_once on item (code);",
        damage="update item set code = 'same' where id in (105, 150, 160)",
        keys=(150, 160),
        place="code_once",
        options=("quarantine",),
    ),
    "R110": Case(
        target=_PLAIN
        + "create unique index code_once on item (code); insert into item (id, code) values (9001, 'c111'), (9002, 'c112');",
        damage="select 1",
        keys=(111, 112),
        place="code_once",
        options=("quarantine",),
    ),
    "R116": Case(
        target=_PLAIN.replace("code text", "code text, constraint one_name exclude (name with =)"),
        damage="update item set name = 'name 101' where id in (102, 103)",
        keys=(102, 103),
        place="one_name",
        options=("quarantine",),
    ),
    "R120": Case(
        target=_PLAIN
        + """
        create function refuse() returns trigger language plpgsql as
        $$ begin if new.amount = 133 then raise exception 'no 133 here'; end if; return new; end $$;
        create trigger guard before insert on item for each row execute function refuse();
        """,
        damage="select 1",
        keys=(133,),
        place="guard",
        options=("quarantine",),
    ),
    "R121": Case(
        target=_PLAIN
        + """
        create function swallow() returns trigger language plpgsql as
        $$ begin if new.amount in (140, 141) then return null; end if; return new; end $$;
        create trigger thief before insert on item for each row execute function swallow();
        """,
        damage="select 1",
        keys=(140, 141),
        place="thief",
        options=("quarantine",),
    ),
    "R114": Case(
        target="create table owner (id bigint primary key); insert into owner values (1);"
        + _PLAIN.replace("parent bigint", "parent bigint constraint item_owner references owner"),
        damage="update item set parent = 1 where id < 150; update item set parent = 77 where id in (170, 180)",
        keys=(170, 180),
        place="item_owner",
        options=("quarantine", "null"),
        mends=("null",),
    ),
}


def _meet(case: Case, bench: Bench, tmp_path: Path) -> Met:
    source = make_source(tmp_path / "s.db", _ITEMS + case.damage + ";")
    return meet(bench, {"old": source}, [{"from": "item", "batch_rows": _BATCH}], target=case.target)


@pytest.mark.fault("R107", "R108", "R110", "R114", "R116", "R120", "R121")
@pytest.mark.parametrize("code", CASES)
def test_fault_of_rows_is_diagnosed_with_every_row_and_set_aside_as_foretold(
    code: str, bench: Bench, tmp_path: Path
) -> None:
    """The batch stops, every bad row is known, and setting them aside writes all the others."""
    case = CASES[code]
    met = _meet(case, bench, tmp_path)

    assert ("waiting", code, len(case.keys), case.place) == (
        met.state,
        met.decision.fault,
        met.diagnosis.offending,
        met.diagnosis.groups[0].place,
    )
    assert [str(key) for key in case.keys] == [row.key for row in met.diagnosis.groups[0].examples]
    about_rows = [o.name for o in met.decision.options if o.name in _ABOUT_ROWS and not o.unavailable]
    assert list(case.options) == about_rows

    foretold = met.option("quarantine").effect
    stored = met.choose("quarantine")

    assert "complete" == met.state
    assert [[key] for key in case.keys] == met.held()
    assert (_ROWS, _ROWS - len(case.keys), len(case.keys), 0, 0) == met.counts()["item"]
    assert met.balances()
    assert [] == met.differences()
    assert _of_rows(foretold) == _of_rows(Effect(**stored.outcome["actual"]))  # type: ignore[index]  # it was done


_ABOUT_ROWS = {
    "parents", "placeholders", "quarantine", "null", "default", "truncate", "cast", "keep-target",
    "keep-source", "newest",
}  # fmt: skip


def _of_rows(effect: Effect | None) -> tuple[int, ...]:
    assert effect is not None
    return (
        effect.rows,
        effect.written,
        effect.set_aside,
        effect.changed,
        effect.merged,
    )


@pytest.mark.parametrize(
    ("code", "option"), [(code, name) for code, case in CASES.items() for name in case.mends]
)
def test_rule_for_values_writes_every_row_and_keeps_the_old_value(
    code: str, option: str, bench: Bench, tmp_path: Path
) -> None:
    """No row is left behind, and the ledger has what stood there before."""
    case = CASES[code]
    met = _meet(case, bench, tmp_path)

    foretold = met.option(option).effect
    stored = met.choose(option)

    assert "complete" == met.state
    assert (_ROWS, _ROWS, 0, 0, 0) == met.counts()["item"]
    assert [] == met.differences()
    assert _of_rows(foretold) == _of_rows(Effect(**stored.outcome["actual"]))  # type: ignore[index]  # it was done
    assert len(case.keys) == len(
        query(bench.target_url, "select 1 from fordway.amended_value where run_id = %s", [met.run_id])
    )

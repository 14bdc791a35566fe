"""Faults of rows as cases: how each is caused, what must be found, and what each option must lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

__all__ = ["BATCH", "CASES", "ROWS", "Case", "meet_case"]

ROWS = 400
BATCH = 100
_SQLITE = f"""
create table item (id integer primary key, name text, amount, day text, code text, parent integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {ROWS})
insert into item select i, 'name ' || i, i, '2024-01-' || printf('%02d', 1 + i % 28), 'c' || i, null from n;
"""
_POSTGRES = f"""
create table item (id bigint primary key, name text, amount bigint, day date, code text, parent bigint, note json);
insert into item select i, 'name ' || i, i, date '2024-01-01' + i, 'c' || i, null, '{{"n": 1}}'
from generate_series(1, {ROWS}) as i;
"""
_PLAIN = "create table item (id bigint primary key, name text, amount numeric, day text, code text, parent bigint);"
_FROM_POSTGRES = "create table item (id bigint primary key, name text, amount bigint, day date, code text, parent bigint, note {note});"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One fault of rows."""

    target: str
    """SQL that makes the target's table, and what it holds."""
    damage: str = "select 1"
    """SQL that makes rows of the source bad, all of batch 2: rows 101 to 200."""
    keys: tuple[int, ...]
    """The bad rows."""
    place: str
    mends: Mapping[str, Mapping[int, object]] = field(default_factory=dict)
    """By value rule that can be taken: the rows it makes fit, with what then stands in ``shown``."""
    shown: str = ""
    """The target's column whose values the rules change."""
    given: str = ""
    """What is said with the rule ``default``; empty: what it proposes itself."""
    from_postgres: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)
    """Of the playbook."""
    beside: tuple[int, ...] = ()
    """Rows of the batch with another fault."""

    @property
    def options(self) -> list[str]:
        """Options about rows that can be taken."""
        return ["quarantine", *self.mends]


def meet_case(
    case: Case, bench: Bench, tmp_path: Path, source_url: str, **settings: bool | str | float
) -> Met:
    """A run that stands before the case's fault."""
    if case.from_postgres:
        query(source_url, _POSTGRES + case.damage)
        source: Path | str = source_url
    else:
        source = make_source(tmp_path / "s.db", _SQLITE + case.damage + ";")
    table = {"from": "item", "batch_rows": BATCH, "columns": dict(case.columns)}
    return meet(bench, {"old": source}, [table], target=case.target, **settings)


def _function(name: str, body: str, when: str = "before") -> str:
    return (
        f"create function {name}() returns trigger language plpgsql as $$ begin {body} return new; end $$;"
        f"create trigger {name} {when} insert on item for each row execute function {name}();"
    )


CASES = {
    "R101": Case(
        target="create type mood as enum ('good', 'bad');" + _FROM_POSTGRES.format(note="json, mood mood"),
        damage="; create type mood as enum ('good', 'bad', 'ugly'); alter table item add column mood mood default 'good';"
        "update item set mood = 'ugly' where id in (110, 120)",
        keys=(110, 120),
        place="mood",
        mends={"null": dict.fromkeys((110, 120)), "default": dict.fromkeys((110, 120), "bad")},
        given="bad",
        shown="mood",
        from_postgres=True,
    ),
    "R101 beside another fault": Case(
        target=_PLAIN.replace("amount numeric", "amount integer default 7").replace(
            "code text", "code text unique"
        ),
        damage="update item set amount = case id when 110 then 'many' when 120 then ' 1e3' else 12.6 end"
        " where id in (110, 120, 199); update item set code = 'c100' where id = 130",
        keys=(110, 120, 199),
        place="amount",
        mends={
            "null": {110: None, 120: None, 199: None},
            "default": {110: 7, 120: 7, 199: 7},
            "cast": {120: 1000},
        },
        shown="amount",
        beside=(130,),
    ),
    "R102": Case(
        target=_FROM_POSTGRES.format(note="json").replace("name text", "name text not null default 'nobody'"),
        damage="update item set name = null where id in (101, 150)",
        keys=(101, 150),
        place="name",
        mends={"default": {101: "nobody", 150: "nobody"}},
        shown="name",
        from_postgres=True,
    ),
    "R103": Case(
        target=_FROM_POSTGRES.format(note="json").replace("name text", "name varchar(9) default 'short'"),
        damage="update item set name = 'much too long' where id in (111, 112, 113)",
        keys=(111, 112, 113),
        place="name",
        mends={
            "truncate": dict.fromkeys((111, 112, 113), "much too "),
            "null": dict.fromkeys((111, 112, 113)),
            "default": dict.fromkeys((111, 112, 113), "other"),
        },
        given="other",
        shown="name",
        from_postgres=True,
    ),
    "R104": Case(
        target=_FROM_POSTGRES.format(note="json").replace("amount bigint", "amount integer default -1"),
        damage="update item set amount = 3000000000 + id where id in (130, 131)",
        keys=(130, 131),
        place="amount",
        mends={"null": dict.fromkeys((130, 131)), "default": dict.fromkeys((130, 131), -1)},
        shown="amount",
        from_postgres=True,
    ),
    "R105": Case(
        target=_FROM_POSTGRES.format(note="jsonb"),
        damage="""update item set note = '{"n": "a\\u0000b"}' where id in (140, 160)""",
        keys=(140, 160),
        place="note",
        mends={"null": dict.fromkeys((140, 160)), "default": {key: {"n": 2} for key in (140, 160)}},
        given='{"n": 2}',
        shown="note",
        from_postgres=True,
    ),
    "R106": Case(
        target=_PLAIN.replace("amount numeric", "amount numeric check (amount > 0)"),
        damage="update item set name = cast(x'63616665e9' as text) where id in (170, 171, 172);"
        " update item set amount = -1 where id = 180",
        keys=(170, 171, 172),
        place="name",
        mends={"null": dict.fromkeys((170, 171, 172)), "default": dict.fromkeys((170, 171, 172), "café")},
        given="café",
        shown="name",
        beside=(180,),
    ),
    "R107": Case(
        target=_PLAIN.replace("amount numeric", "amount numeric constraint positive check (amount > 0)"),
        damage="update item set amount = -1 where id in (110, 120, 199)",
        keys=(110, 120, 199),
        place="positive",
    ),
    "R108": Case(
        target=_PLAIN + "create unique index code_once on item (code);",
        damage="update item set code = 'same' where id in (105, 150, 160)",
        keys=(150, 160),
        place="code_once",
    ),
    "R110": Case(
        target=_PLAIN
        + "create unique index code_once on item (code); insert into item (id, code) values (9001, 'c111'), (9002, 'c112');",
        keys=(111, 112),
        place="code_once",
    ),
    "R114": Case(
        target="create table owner (id bigint primary key); insert into owner values (1);"
        + _PLAIN.replace("parent bigint", "parent bigint constraint item_owner references owner"),
        damage="update item set parent = 1 where id < 150; update item set parent = 77 where id in (170, 180)",
        keys=(170, 180),
        place="item_owner",
        mends={"null": dict.fromkeys((170, 180))},
        shown="parent",
    ),
    "R115": Case(
        target=_PLAIN + "create table owner (id bigint, name text, born text);"
        "insert into owner values (1, 'Ann', '1980'), (2, 'Ann', '1990'), (3, 'Bob', '1985');",
        damage="update item set code = 'Bob'; update item set code = 'Ann' where id in (190, 191)",
        columns={"parent": {"from": "code", "lookup": {"table": "owner", "match": "name", "get": "id"}}},
        keys=(190, 191),
        place="parent",
        mends={"null": dict.fromkeys((190, 191))},
        shown="parent",
    ),
    "R116": Case(
        target=_PLAIN.replace("code text", "code text, constraint one_name exclude (name with =)"),
        damage="update item set name = 'name 101' where id in (102, 103)",
        keys=(102, 103),
        place="one_name",
    ),
    "R117": Case(
        target=_PLAIN.replace("day text", "day text, ratio numeric"),
        columns={"ratio": {"expr": "1000 / (id - 150)"}},
        keys=(150,),
        place="ratio",
    ),
    "R118": Case(
        target=_PLAIN.rstrip(";") + " partition by range (id);"
        "create table item_low partition of item for values from (0) to (180);"
        "create table item_high partition of item for values from (183) to (1000);",
        keys=(180, 181, 182),
        place="item",
    ),
    "R120": Case(
        target=_PLAIN + _function("guard", "if new.amount = 133 then raise exception 'no 133 here'; end if;"),
        keys=(133,),
        place="guard",
    ),
    "R121": Case(
        target=_PLAIN + _function("thief", "if new.amount in (140, 141) then return null; end if;"),
        keys=(140, 141),
        place="thief",
    ),
    "R122": Case(
        target=_PLAIN + "create index odd on item ((1 / (amount - 145)));",
        keys=(145,),
        place="item",
    ),
}
"""By the catalogue's code first; those of parents, of taken keys and of row security have tests of their own."""

"""One run that meets every fault of rows there is: it comes to its end, and no row is lost from sight."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.fix_runs import CommandLine, Finished, make_source, query, value

_ROWS = 40
_NUMBERS = f"with recursive n (i) as (select 1 union all select i + 1 from n where i < {_ROWS})"


def _table(name: str, columns: str, values: str, *damage: str) -> str:
    return (
        f"create table {name} (id integer primary key, {columns});"
        f"{_NUMBERS} insert into {name} select i, {values} from n;" + ";".join((*damage, ""))
    )


_SOURCE = "".join((
    # R101 to R106: what the profile sees beforehand.
    _table(
        "reading", "name text, amount, born, note text, label text", "'reading ' || i, i, '2020-01-01', 'fine', 'ok'",
        "update reading set amount = 'many' where id = 3",
        "update reading set name = null where id = 4",
        "update reading set label = 'far too long for that' where id = 5",
        "update reading set amount = 3000000000 where id = 6",
        "update reading set note = 'a' || char(0) || 'b' where id = 7",
        "update reading set note = cast(x'63616665e9' as text) where id = 8",
    ),
    # R107 to R110, R116
    _table(
        "product", "code text, mail text, place text, amount integer",
        "'c' || i, 'm' || i || '@x', 'p' || i, i",
        "update product set amount = -1 where id = 10",
        "update product set code = 'c11' where id = 12",
        "update product set place = 'p14' where id = 15",
    ),
    # R111, R112: what is brought in first.
    _table("person", "boss integer, name text, is_hidden integer", "null, 'person ' || i, i = 30",
           "update person set boss = 35 where id in (5, 6)"),
    _table("visit", "person integer", "1 + i % 20", "update visit set person = 30 where id in (7, 8)"),
    # R113, R114
    _table("house", "name text", "'house ' || i", "update house set name = '' where id = 9"),
    _table("room", "house integer", "1 + i % 8", "update room set house = 9 where id in (20, 21)"),
    _table("key", "house integer", "1 + i % 8", "update key set house = 777 where id in (22, 23)"),
    # R115
    _table("letter", "town text", "'Ulm'", "update letter set town = 'Neustadt' where id = 24"),
    # R117, R118, R119, R120, R121, R122
    _table("share", "parts integer", "1", "update share set parts = 0 where id = 25"),
    _table("event", "year integer", "2020 + i % 3", "update event set year = 1999 where id = 26"),
    _table("secret", "owner text", "'us'", "update secret set owner = 'them' where id = 27"),
    _table("guarded", "amount integer", "i"),
    _table("fallen", "amount integer", "i"),
    _table("ratio", "amount integer", "i"),
))  # fmt: skip
_TARGET = """
create table reading (id bigint primary key, name text not null, amount integer, born date, note text, label varchar(9));
create table product (
    id bigint primary key, code text constraint one_code unique, mail text constraint one_mail unique, place text,
    amount bigint constraint in_stock check (amount > 0), constraint one_place exclude (place with =)
);
insert into product values (13, 'there', 'there@x', 'there', 1), (900, 'other', 'm16@x', 'other', 1);
create table person (id bigint primary key, boss bigint references person, name text, is_hidden bigint);
create table visit (id bigint primary key, person bigint references person);
create table house (id bigint primary key, name text constraint named check (name <> ''));
create table room (id bigint primary key, house bigint constraint room_house references house);
create table key (id bigint primary key, house bigint constraint key_house references house);
create table town (id bigint primary key, name text);
insert into town values (1, 'Ulm'), (2, 'Neustadt'), (3, 'Neustadt');
create table letter (id bigint primary key, town bigint);
create table share (id bigint primary key, parts bigint, part numeric);
create table event (id bigint, year bigint) partition by range (year);
create table event_now partition of event for values from (2000) to (2100);
create table secret (id bigint primary key, owner text);
alter table secret enable row level security;
alter table secret force row level security;
create policy ours on secret using (true) with check (owner = 'us');
create table guarded (id bigint primary key, amount bigint);
create function no_28() returns trigger language plpgsql as
$$ begin if new.amount = 28 then raise exception 'no 28 here'; end if; return new; end $$;
create trigger guard before insert on guarded for each row execute function no_28();
create table fallen (id bigint primary key, amount bigint);
create function no_29() returns trigger language plpgsql as
$$ begin if new.amount = 29 then return null; end if; return new; end $$;
create trigger thief before insert on fallen for each row execute function no_29();
create table ratio (id bigint primary key, amount bigint);
create index odd on ratio ((1 / (amount - 31)));
"""
_TABLES: list[dict[str, Any]] = [
    {"from": "reading"}, {"from": "product"},
    {"from": "person", "batch_rows": 5, "where": "is_hidden = 0"}, {"from": "visit"},
    {"from": "house"}, {"from": "room"}, {"from": "key"},
    {"from": "letter", "columns": {"town": {"from": "town", "lookup": {"table": "town", "match": "name", "get": "id"}}}},
    {"from": "share", "columns": {"part": {"expr": "100 / parts"}}},
    {"from": "event"}, {"from": "secret"}, {"from": "guarded"}, {"from": "fallen"}, {"from": "ratio"},
]  # fmt: skip
_LEFT = {
    ("reading", 3): ("amount", "many", "text in an integer column"),
    ("reading", 4): ("name", "", "a required column is empty"),
    ("reading", 5): ("label", "far too long for that", "longer than 9 characters"),
    ("reading", 6): ("amount", "3000000000", "too large for the column"),
    ("reading", 7): ("note", "a\\x00b", "NUL character"),
    ("reading", 8): ("note", "cafe\\udce9", "UTF-8"),
    ("product", 10): ("in_stock", "-1", "the check in_stock does not hold"),
    ("product", 12): ("one_code", "c11", "an earlier row of the batch has the same one_code"),
    ("product", 13): ("product_pkey", "13", "the target holds this primary key already"),
    ("product", 15): ("one_place", "p14", "another row is in its way by one_place"),
    ("product", 16): ("one_mail", "m16@x", "the target holds this one_mail already"),
    ("house", 9): ("named", "", "the check named does not hold"),
    ("room", 20): ("room_house", "9", "no row of house with id 9"),
    ("room", 21): ("room_house", "9", "no row of house with id 9"),
    ("key", 22): ("key_house", "777", "no row of house with id 777"),
    ("key", 23): ("key_house", "777", "no row of house with id 777"),
    ("letter", 24): ("town", "Neustadt", "2 rows of town with name Neustadt"),
    ("share", 25): ("part", "", "division by zero"),
    ("event", 26): ("event", "", "no partition of event takes the row"),
    ("secret", 27): ("secret", "", "row-level security"),
    ("guarded", 28): ("guard", "", "no 28 here"),
    ("fallen", 29): ("thief", "", "thief lets the row fall without a word"),
    ("ratio", 31): ("ratio", "", "division by zero"),
}
"""By table and key: where, the value, and words of the reason."""
_ASKED = {
    "R107", "R111", "R112", "R113", "R114", "R115", "R117", "R118", "R119", "R120", "R121", "R122",
}  # fmt: skip
"""Faults a question was about; R101 to R106 were foretold, R108 to R110 and R116 stand beside R107."""


@pytest.fixture
def writer_url(target_url: str) -> Any:  # noqa: ANN401 - a generator
    """The target's URL for a role that policies hold for, which owns the tables."""
    parts = urlsplit(target_url)
    role = f"mover_{value(target_url, 'select oid from pg_database where datname = current_database()')}"
    query(target_url, f'create role {role} login; grant create on database "{parts.path[1:]}" to {role}')
    query(target_url, f"grant usage, create on schema public to {role}")
    url = urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))
    query(url, _TARGET)
    yield url
    query(target_url, f"drop owned by {role} cascade; drop role {role}")


def _run(fordway: CommandLine, url: str, folder: Path) -> Finished:
    source = make_source(folder / "everything.db", _SOURCE)
    playbook = {
        "playbook": "everything", "title": "Every fault", "target": url, "sources": {"old": str(source)},
        "defaults": {"names": "keep"}, "tables": _TABLES,
    }  # fmt: skip
    path = folder / "everything.yaml"
    path.write_text(json.dumps(playbook), "utf-8")
    return fordway.run("run", path, "--yes", "--on-error", "recommended", "--json", "--target", url)


@pytest.mark.slow
def test_run_that_meets_every_fault_of_rows_ends_with_each_of_them_explained(
    fordway: CommandLine, writer_url: str, tmp_path: Path
) -> None:
    """Moved, or in the quarantine with table, key, value, reason and what to do: there is no third place."""
    done = _run(fordway, writer_url, tmp_path)

    assert (6, "complete") == (done.code, done.last["state"]), done.err
    assert _ASKED == {e["decision"]["fault"] for e in done.events("decision_asked") if e["decision"]["fault"]}
    held = _held(fordway, writer_url)
    assert sorted(_LEFT) == sorted(held)
    for left, (place, shown, reason) in _LEFT.items():
        row = held[left]
        assert (place, shown) == (row["place"], row["value"]), left
        assert reason in row["reason"], left
    _assert_every_row_is_accounted_for(writer_url, tmp_path / "everything.db", done, set(held))
    _assert_report_explains(next(fordway.folder.rglob("fordway-*.md")).read_text("utf-8"), held)


def _held(fordway: CommandLine, url: str) -> dict[tuple[str, int], dict[str, str]]:
    exported = fordway.run("quarantine", "export", "latest", "--target", url)
    return {
        (row["table"], int(json.loads(row["source_key"])[0])): row
        for row in csv.DictReader(io.StringIO(exported.out))
    }


def _assert_every_row_is_accounted_for(
    url: str, source: Path, done: Finished, held: set[tuple[str, int]]
) -> None:
    assert source.exists()
    for table in done.last["tables"]:
        name = table["table"]
        there = {key for (key,) in query(url, f"select id from {name}")}
        aside = {key for held_table, key in held if held_table == name}
        expected = set(range(1, _ROWS + 1))
        assert expected == (there | aside) & expected, name
        # Of a key that is taken the target's own row is there.
        assert there & aside <= {13}, name
        assert table["read"] == sum(table[c] for c in ("written", "quarantined", "filtered", "merged")), name
        assert "proven" == table["strength"], name


def _assert_report_explains(report: str, held: dict[tuple[str, int], dict[str, str]]) -> None:
    section = report.partition("## Rows left behind, one by one")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    assert len(held) == len(lines)
    for (name, key), row in held.items():
        (line,) = [line for line in lines if line.startswith(f"| {row['id']} |")]
        cells = [cell.strip().replace("\\", "") for cell in line.strip("|").split(" | ")]
        assert [row["id"], name, str(key), row["place"]] == cells[:4]
        assert (row["value"].replace("\\", "") or cells[4]) == cells[4]
        assert row["reason"].replace("\\", "") == cells[5]
        assert "replay it" in cells[6] or "new run" in cells[6]
        assert "open" == cells[7]

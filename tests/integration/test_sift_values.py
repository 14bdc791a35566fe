"""Values of a failed batch that do not fit their columns: all of them found, counted, and what would mend them."""

from __future__ import annotations

from pathlib import Path

from engine.model.faults import Offence
from engine.model.remedies import Action
from tests.fix_runs import Bench, make_source, query, value
from tests.fix_sifting import failing, group_of, remedy, rows_of, told

_TARGET = """
create table item (
    id bigint primary key, code varchar(5) not null, n integer, price numeric(6,2) default 1.5, day date,
    flag boolean, code2 text, mood text, note text, at timestamp, key uuid
);
"""
_THEN = """
create domain short_code as text check (length(value) < 4);
create type mood as enum ('good', 'bad');
alter table item alter column code2 type short_code, alter column mood type mood using mood::mood;
"""
_SOURCE = """
create table item (id integer primary key, code text, n, price, day text, flag, code2 text, mood text, note, at text, key text);
insert into item (id, code, n, price, day, flag, code2, mood, note, at, key) values
  (1, 'ok', 1, 1.5, '2020-01-01', 1, 'abc', 'good', 'fine', '2020-01-01 10:00:00', '6f1b7f5c-1111-4222-8333-444455556666'),
  (2, 'too long', 1, 1.5, null, null, null, null, null, null, null),
  (3, null, 1, 1.5, null, null, null, null, null, null, null),
  (4, 'ok', 'abc', 1.5, null, null, null, null, null, null, null),
  (5, 'ok', ' 12 ', 1.5, null, null, null, null, null, null, null),
  (6, 'ok', 3000000000, 1.5, null, null, null, null, null, null, null),
  (7, 'ok', 1, 1.555, null, null, null, null, null, null, null),
  (8, 'ok', 1, 12345.5, null, null, null, null, null, null, null),
  (9, 'ok', 1, 1, '2020-02-31', null, null, null, null, null, null),
  (10, 'ok', 1, 1, '2020-02-03 04:05:06', null, null, null, null, null, null),
  (11, 'ok', 1, 1, null, ' YES ', null, null, null, null, null),
  (12, 'ok', 1, 1, null, null, 'abcd', null, null, null, null),
  (13, 'ok', 1, 1, null, null, null, 'ugly', null, null, null),
  (14, 'ok', 1, 1, null, null, null, null, 'a' || char(0), null, null),
  (15, 'ok', 1, 1, null, null, null, null, cast(x'41ff' as text), null, null),
  (16, 'ok', 1, 1, null, null, null, null, null, '2020-01-01T10:00:00+02:00', null),
  (17, 'ok', 1, 1, null, null, null, null, null, null, '{6F1B7F5C-1111-4222-8333-444455556666}'),
  (18, 'long', 'x', 'y', null, null, null, null, null, null, null),
  (19, 'ok', 1, 1, null, null, null, null, x'00ff', null, null);
"""
_FOUND = [
    ((2,), "too-long", "code"),
    ((3,), "empty", "code"),
    ((4,), "cast", "n"),
    ((5,), "cast", "n"),
    ((6,), "out-of-range", "n"),
    ((7,), "cast", "price"),
    ((8,), "out-of-range", "price"),
    ((9,), "cast", "day"),
    ((10,), "cast", "day"),
    ((11,), "cast", "flag"),
    ((12,), "check", "code2"),
    ((13,), "cast", "mood"),
    ((14,), "nul", "note"),
    ((15,), "encoding", "note"),
    ((16,), "cast", "at"),
    ((17,), "cast", "key"),
    ((18,), "cast", "n"),
    ((19,), "cast", "note"),
]


def test_every_value_that_does_not_fit_is_found_with_its_kind(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Each row once, in its first column at fault, whichever way the server judges values."""
    query(target_url, _TARGET)
    with failing(bench, make_source(tmp_path / "s.db", _SOURCE), then=_THEN) as run:
        sifted, tried = run.sift(), run.sift(is_soft=False)

    assert (_FOUND, _FOUND) == (rows_of(sifted), rows_of(tried))
    assert (19, 18) == (sifted.diagnosis.rows, sifted.diagnosis.offending)
    assert 18 == sum(group.rows for group in sifted.diagnosis.groups)
    assert ("cast", "n", 3) == told(sifted)[0]


def test_values_are_told_for_people(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """A group's reason is one for all its rows; odd characters are escaped, and long values cut."""
    query(target_url, _TARGET)
    long_text = "update item set code = (select group_concat('0123456789', '') from (values (1),(2),(3),(4),(5),(6),(7),(8),(9),(10),(11),(12),(13),(14),(15),(16),(17),(18),(19),(20),(21))) where id = 2"
    with failing(bench, make_source(tmp_path / "s.db", f"{_SOURCE}; {long_text};"), then=_THEN) as run:
        sifted = run.sift()

    too_long = group_of(sifted, "too-long")
    assert ("longer than 5 characters", ("code",)) == (too_long.reason, too_long.columns)
    assert ("2", 200) == (too_long.examples[0].key, len(too_long.examples[0].value or ""))
    assert "a\\x00" == group_of(sifted, "nul").examples[0].value
    assert "A\\udcff" == group_of(sifted, "encoding").examples[0].value
    assert "required, and empty" == group_of(sifted, "empty").reason
    assert "a check of the type short_code does not hold" == group_of(sifted, "check").reason
    assert "infinite" not in str(sifted.diagnosis)


def test_rules_that_would_mend_values_are_counted(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """What each rule would do for how many rows; rules that help none, or can't be applied, are left out."""
    query(target_url, _TARGET)
    with failing(bench, make_source(tmp_path / "s.db", _SOURCE), then=_THEN) as run:
        sifted, tried = run.sift(), run.sift(is_soft=False)

    mends = {(str(group.kind), group.place): dict(group.mends) for group in sifted.diagnosis.groups}
    assert {
        ("cast", "n"): {"null": 3, "cast": 1, "default": 3},
        ("out-of-range", "n"): {"null": 1, "default": 1},
        ("too-long", "code"): {"truncate": 1, "default": 1},
        ("empty", "code"): {"default": 1},
        ("cast", "price"): {"null": 1, "default": 1, "cast": 1},
        ("out-of-range", "price"): {"null": 1, "default": 1},
        ("cast", "day"): {"null": 2, "cast": 1, "default": 2},
        ("cast", "flag"): {"null": 1, "cast": 1, "default": 1},
        ("check", "code2"): {"null": 1, "default": 1},
        ("cast", "mood"): {"null": 1, "default": 1},
        ("nul", "note"): {"null": 1, "default": 1},
        ("encoding", "note"): {"null": 1, "default": 1},
        ("cast", "at"): {"null": 1, "default": 1},
        ("cast", "key"): {"null": 1, "cast": 1, "default": 1},
        ("cast", "note"): {"null": 1, "default": 1},
    } == mends
    assert mends == {(str(group.kind), group.place): dict(group.mends) for group in tried.diagnosis.groups}
    assert {"", "1.50"} == {group.default for group in sifted.diagnosis.groups}


def test_remedies_change_values_that_then_fit(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """What they change is told with both values; a row that still does not fit stays an offender, unchanged."""
    query(target_url, _TARGET)
    with failing(bench, make_source(tmp_path / "s.db", _SOURCE), then=_THEN) as run:
        useless = run.sift(
            remedy(Action.NULL, kind=Offence.TOO_LONG),
            remedy(Action.NULL, kind=Offence.EMPTY),
            remedy(Action.DEFAULT, place="n", value="many"),
        )
        sifted = run.sift(
            remedy(Action.CAST, kind=Offence.CAST),
            remedy(Action.TRUNCATE, kind=Offence.TOO_LONG, place="code"),
            remedy(Action.DEFAULT, kind=Offence.EMPTY, place="code", value="none"),
            remedy(Action.NULL, kind=Offence.NUL),
            remedy(Action.QUARANTINE),
        )
        assert 9 == run.move_rest(sifted)

    assert ((), _FOUND) == (useless.amendments, rows_of(useless))
    changed = [(a.key, a.column, a.old, a.new, str(a.action)) for a in sifted.amendments]
    assert [
        ((2,), "code", "too long", "too l", "truncate"),
        ((3,), "code", None, "none", "default"),
        ((5,), "n", " 12 ", "12", "cast"),
        ((7,), "price", "1.555", "1.56", "cast"),
        ((10,), "day", "2020-02-03 04:05:06", "2020-02-03", "cast"),
        ((11,), "flag", " YES ", "true", "cast"),
        ((14,), "note", "a\\x00", None, "null"),
        (
            (17,),
            "key",
            "{6F1B7F5C-1111-4222-8333-444455556666}",
            "6f1b7f5c-1111-4222-8333-444455556666",
            "cast",
        ),
    ] == changed
    assert [4, 6, 8, 9, 12, 13, 15, 16, 18, 19] == [offender.key[0] for offender in sifted.offenders]


def test_changed_values_take_part_in_later_checks(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """A text cut to what another row has is a key that comes twice."""
    query(target_url, "create table item (id bigint primary key, code varchar(3) unique)")
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, code text);"
        "insert into item values (1, 'abc'), (2, 'abcd'), (3, 'xyzz');",
    )
    with failing(bench, source) as run:
        sifted = run.sift(remedy(Action.TRUNCATE))

    assert [((2,), "duplicate-inside", "item_code_key")] == rows_of(sifted)
    assert [((3,), "xyz")] == [(amendment.key, amendment.new) for amendment in sifted.amendments]


def test_values_of_a_postgres_source_are_judged_by_the_target(
    bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """Whatever lane its rows take: text that is no number, too long, out of range."""
    query(
        source_pg_url,
        "create table item (id integer primary key, n text, code text, big bigint);"
        "insert into item values (1, '1', 'ok', 1), (2, 'x', 'ok', 1), (3, '1', 'too long', 1), (4, '1', 'ok', 3000000000)",
    )
    query(target_url, "create table item (id integer primary key, n text, code varchar(5), big integer)")
    with failing(
        bench, source_pg_url, then="alter table item alter column n type integer using n::integer"
    ) as run:
        sifted = run.sift()

    assert [
        (("2",), "cast", "n"),
        (("3",), "too-long", "code"),
        (("4",), "out-of-range", "big"),
    ] == rows_of(sifted)
    assert 'invalid input syntax for type integer: "x"' == sifted.offenders[0].reason
    assert "no value of the type integer" == group_of(sifted, "cast").reason


def test_nothing_is_left_of_a_diagnosis(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """No row, no table, no number of a sequence, and no transaction that stays open."""
    query(
        target_url,
        "create table item (serial_no serial, odd bigint generated always as identity, id bigint primary key, code varchar(5));"
        "insert into item (id) values (100)",
    )
    before = _state(target_url)
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, code text);"
        "insert into item values (1, 'ok'), (2, 'too long'), (100, 'ok');",
    )
    with failing(bench, source) as run:
        sifted = run.sift()
        assert [(2,), (100,)] == [offender.key for offender in sifted.offenders]

        assert before == _state(target_url)
        assert 0 == value(target_url, "select count(*) from pg_stat_activity where state like 'idle in transaction%%'"
                          " and datname = current_database() and application_name = 'fordway worker'")  # fmt: skip
        run.kit.target.close()
    assert 0 == value(
        target_url, "select count(*) from pg_class where relname like 'fordway%%' and relpersistence = 't'"
    )


def _state(url: str) -> list[tuple[object, ...]]:
    return [
        *query(url, "select serial_no, odd, id, code from item"),
        *query(
            url, "select sequencename, last_value from pg_sequences where schemaname = 'public' order by 1"
        ),
        *query(url, "select count(*) from fordway.quarantine"),
    ]

# ruff: noqa: ANN401 - keyword arguments of many types are handed on
from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.catalog import ColumnProfile, Table
from engine.model.errors import BadSource
from engine.model.plan import KeyRange
from engine.stores.open_source import open_source
from engine.stores.sqlite_file import open_read_only
from engine.stores.sqlite_source import PAGE_ROWS, SqliteSource, open_sqlite_source

Make = Callable[..., SqliteSource]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "old file #1?.db"


@pytest.fixture
def make(path: Path) -> Iterator[Make]:
    """Runs a script, adds rows, and opens the file as a source."""
    opened: list[SqliteSource] = []

    def make_source(script: str, *rows: tuple[str, Sequence[Sequence[object]]]) -> SqliteSource:
        write(path, script, *rows)
        opened.append(open_sqlite_source("old", path))
        return opened[-1]

    yield make_source
    for source in opened:
        source.close()


def write(path: Path, script: str, *rows: tuple[str, Sequence[Sequence[object]]]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
        for statement, values in rows:
            connection.executemany(statement, values)
        connection.commit()


@contextmanager
def opened(path: Path) -> Iterator[SqliteSource]:
    source = open_sqlite_source("old", path)
    try:
        yield source
    finally:
        source.close()


def fingerprint(path: Path, *tables: str) -> str:
    with opened(path) as source:
        return source.fingerprint(tables)


def table_of(source: SqliteSource, name: str = "t") -> Table:
    found = source.read_catalog().table(name)
    assert found is not None
    return found


def ranges(source: SqliteSource, rows: int, where: str = "", name: str = "t") -> list[KeyRange]:
    return list(source.cut_ranges(name, key=table_of(source, name).chunk_key, rows=rows, where=where))


def read_all(
    source: SqliteSource, columns: Sequence[str], rows: int, where: str = ""
) -> list[tuple[Any, ...]]:
    """Every row of table t, chunk by chunk."""
    key = table_of(source).chunk_key
    return [
        row
        for span in ranges(source, rows, where)
        for page in source.read_range("t", columns=columns, key=key, span=span, where=where)
        for row in page
    ]


def profile_of(source: SqliteSource, column: str) -> ColumnProfile:
    return next(found for found in source.profile(table_of(source)) if found.column == column)


def test_open_missing_file_is_refused_and_not_made(path: Path) -> None:
    """Looking at a path never creates a database there."""
    with pytest.raises(BadSource, match="There is no such file"):
        open_source("old", str(path))

    assert not path.exists()


def test_open_folder_is_refused(tmp_path: Path) -> None:
    """A folder is named as what it is."""
    with pytest.raises(BadSource, match="This is a folder, not a file"):
        open_sqlite_source("old", tmp_path)


def test_open_empty_file_is_refused(path: Path) -> None:
    """An empty file holds no database, although SQLite would take it for one."""
    path.touch()

    with pytest.raises(BadSource, match="it holds no database"):
        open_sqlite_source("old", path)


def test_open_file_that_is_no_database_is_refused(path: Path) -> None:
    """Any other file is told from a database."""
    path.write_text("name,type\n" * 200)

    with pytest.raises(BadSource, match="This file is no SQLite database"):
        open_sqlite_source("old", path)


def test_read_catalog_of_a_damaged_file_is_refused(path: Path) -> None:
    """Broken pages are told as damage."""
    write(path, "create table t (a text)", ("insert into t values (?)", [("x" * 900,)] * 500))
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_960)

    with pytest.raises(BadSource, match=r"damaged|can't be read"), opened(path) as source:
        source.profile(table_of(source))


def test_open_source_never_changes_the_file(path: Path, make: Make) -> None:
    """Reading everything leaves every byte as it was."""
    source = make("create table t (a text)", ("insert into t values (?)", [("x",)] * 100))
    before = path.read_bytes()

    source.profile(table_of(source))
    read_all(source, ["a"], 10)

    assert before == path.read_bytes()


def test_open_wal_file_reads_what_is_only_in_its_log(path: Path) -> None:
    """Rows committed to the log count, checkpointed or not."""
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("create table t (a text)")
        writer.execute("insert into t values ('x')")
        writer.commit()

        with opened(path) as source:
            assert 1 == source.count_rows("t", where="")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes into read-only folders")
def test_open_wal_file_in_a_read_only_folder_works(path: Path) -> None:
    """A WAL file without a log is read where SQLite can't make its shared memory."""
    write(path, "pragma journal_mode = wal; create table t (a text); insert into t values ('x')")
    path.parent.chmod(0o555)
    try:
        with opened(path) as source:
            assert 1 == source.count_rows("t", where="")
    finally:
        path.parent.chmod(0o755)


def test_open_wal_file_that_cant_be_opened_falls_back_to_immutable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second way is tried when the first one fails for want of a shared-memory file."""
    write(path, "pragma journal_mode = wal; create table t (a text); insert into t values ('x')")
    asked, connect = [], sqlite3.connect

    def refuse_first(address: str, **more: Any) -> sqlite3.Connection:
        asked.append(address.rpartition("?")[2])
        if len(asked) == 1:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(address, **more)

    monkeypatch.setattr(sqlite3, "connect", refuse_first)
    open_read_only(path).close()

    assert ["mode=ro", "immutable=1"] == asked


def test_source_keeps_its_snapshot_while_others_write(path: Path) -> None:
    """Rows committed after opening are not seen."""
    write(path, "pragma journal_mode = wal; create table t (a text); insert into t values ('x')")
    with opened(path) as source:
        write(path, "insert into t values ('y')")

        assert 1 == source.count_rows("t", where="")


def test_read_catalog_composite_foreign_key_stays_whole(make: Make) -> None:
    """Two columns are one key, and REFERENCES without columns means the primary key."""
    source = make(
        "create table p (a text, b int, primary key (a, b));"
        "create table t (x text, y int, z int references P, foreign key (x, y) references P on delete cascade);"
    )

    keys = {
        key.columns: (key.parent_table, key.parent_columns, key.on_delete)
        for key in table_of(source).foreign_keys
    }

    assert ("p", ("a", "b"), "cascade") == keys["x", "y"]


def test_read_catalog_index_kinds_are_flagged(make: Make) -> None:
    """Partial, expression, collated and unique indexes are told apart."""
    source = make(
        "create table t (a text unique, b text);"
        "create index part on t (b) where b > 'x'; create index expr on t (lower(b));"
        "create index blind on t (b collate nocase desc);"
    )

    found = {index.name: index for index in table_of(source).indexes}

    assert (True, ("b",)) == (found["part"].is_partial, found["part"].columns)
    assert () == found["expr"].columns
    assert (("nocase",), (True,)) == (found["blind"].collations, found["blind"].descending)
    assert (True, True) == (
        found["sqlite_autoindex_t_1"].is_unique,
        found["sqlite_autoindex_t_1"].is_constraint,
    )


def test_read_catalog_generated_columns_are_seen(make: Make) -> None:
    """table_info hides them; they are in the catalog with their kind."""
    source = make("create table t (a int, b int as (a * 2) stored, c int as (a * 3) virtual)")

    assert ["", "stored", "virtual"] == [column.generated for column in table_of(source).columns]


def test_read_catalog_other_objects_are_listed(make: Make) -> None:
    """Views, triggers, virtual tables and their shadows are no tables."""
    source = make(
        "create table t (a text); create view v as select a from t; create virtual table f using fts5(a);"
        "create trigger tr after insert on t begin select 1; end;"
    )

    catalog = source.read_catalog()

    assert ["t"] == [table.name for table in catalog.tables]
    assert {"view", "trigger", "virtual table", "shadow table"} == {other.kind for other in catalog.others}


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("id integer primary key, a text", ("id",)),
        ("rowid text, a text", ("_rowid_",)),
        ("ROWID text, _rowid_ text, a text", ("oid",)),
        ("rowid text, _rowid_ text, oid text primary key", ("oid",)),
        ("rowid text, _rowid_ text, oid text", ()),
    ],
)
def test_read_catalog_chunk_key_is_the_rowid_by_a_name_that_is_free(
    make: Make, declaration: str, expected: tuple[str, ...]
) -> None:
    """A column that is the rowid is its name; a column called rowid hides the real one."""
    assert expected == table_of(make(f"create table t ({declaration})")).chunk_key


def test_read_catalog_without_rowid_is_cut_by_its_primary_key(make: Make) -> None:
    """Such a table has no rowid at all."""
    found = table_of(make("create table t (a text, b int, primary key (b, a)) without rowid"))

    assert (("b", "a"), True) == (found.chunk_key, found.is_without_rowid)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("id integer primary key", (True, 8)),
        ("id integer primary key autoincrement", (True, 10)),
        ("id integer primary key desc", (False, None)),
        ("id int primary key", (False, None)),
    ],
)
def test_read_catalog_next_number_is_the_sources(
    make: Make, declaration: str, expected: tuple[bool, int | None]
) -> None:
    """AUTOINCREMENT remembers deleted rows; only INTEGER PRIMARY KEY hands out numbers."""
    source = make(
        f"create table t ({declaration}); insert into t values (7), (9); delete from t where id = 9;"
    )

    found = table_of(source)

    assert expected == (found.columns[0].is_identity, found.sequence_next)


def test_profile_counts_what_values_really_are(make: Make) -> None:
    """Declared integer, held: integers, reals, text, blobs and NULL."""
    source = make(
        "create table t (id integer primary key, x)",
        (
            "insert into t (x) values (?)",
            [(1,), (0,), (-5,), (2.5,), ("",), ("abc",), (b"\x00\x01",), (None,)],
        ),
    )

    found = profile_of(source, "x")

    assert (8, 1, 3, 1, 2, 1) == (
        found.rows,
        found.nulls,
        found.integers,
        found.reals,
        found.texts,
        found.blobs,
    )
    assert (-5, 1, 3, 1, 2) == (
        found.smallest,
        found.largest,
        found.longest,
        found.empty_texts,
        found.zero_or_one,
    )


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("2024-02-29", "iso_dates", 1),
        ("2023-02-29", "iso_dates", 0),
        ("0000-01-01", "iso_dates", 0),
        ("2024-01-31 10:00", "iso_times", 1),
        ("2024-01-31T10:00:00.123456Z", "iso_times", 1),
        ("2024-01-31T10:00:00.1234567Z", "iso_times", 0),
        ("2024-01-31T25:00:00", "iso_times", 0),
        ("2024-01-31T10:00:00+02:00", "zoned_times", 1),
        ("2024-01-31T10:00:00", "zoned_times", 0),
        ("10:30", "clock_times", 1),
        ("10:61", "clock_times", 0),
        ("-12.50", "number_texts", 1),
        ("1e5", "number_texts", 1),
        ("1-2", "number_texts", 0),
        ("e", "number_texts", 0),
        ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "uuid_texts", 1),
        ("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "uuid_texts", 0),
        ('{"a": 1}', "json_texts", 1),
        ("{a: 1}", "json_texts", 0),
        ('"\\u0000"', "json_texts", 0),
        ("a\0b", "nul_texts", 1),
        ("\0", "nul_texts", 1),
        ("plain", "nul_texts", 0),
        ("2024-01-31\0", "iso_dates", 0),
        ("12\0", "number_texts", 0),
    ],
)
def test_profile_recognises_texts_by_all_their_bytes(
    make: Make, text: str, field: str, expected: int
) -> None:
    """Dates that exist, numbers that are numbers, NUL wherever it stands."""
    source = make("create table t (json_x text)", ("insert into t values (?)", [(text,)]))

    assert expected == getattr(profile_of(source, "json_x"), field)


@pytest.mark.parametrize("bad", [b"\xff", b"abc\xc3", b"\xed\xa0\x80", b"a\x00\xff"])
def test_profile_invalid_utf8_is_counted(make: Make, bad: bytes) -> None:
    """Bytes that are no text are noticed, behind a NUL too."""
    source = make(
        "create table t (x text)", ("insert into t values (cast(? as text))", [(bad,), ("größe".encode(),)])
    )

    assert 1 == profile_of(source, "x").not_utf8_texts


def test_profile_gives_the_key_of_a_value_that_stands_out(make: Make) -> None:
    """The finding can name a row."""
    source = make(
        "create table t (id integer primary key, x integer)",
        ("insert into t values (?, ?)", [(n, n if n != 40 else "forty") for n in range(1, 60)]),
    )

    assert "40" == profile_of(source, "x").example_key


def test_profile_infinity_in_a_number_column_is_counted(make: Make) -> None:
    """1e999 is an infinity in SQLite."""
    assert (
        1
        == profile_of(
            make("create table t (x real); insert into t values (9e999), (1.5)"), "x"
        ).infinite_reals
    )


def test_profile_of_an_empty_table_counts_nothing(make: Make) -> None:
    """No rows, no values, no fault."""
    assert ColumnProfile(column="x", rows=0) == profile_of(make("create table t (x text)"), "x")


def test_profile_of_a_table_wider_than_one_scan_covers_each_column(make: Make) -> None:
    """300 columns are profiled in order."""
    names = [f"c{number}" for number in range(300)]
    source = make(f"create table t ({', '.join(names)})")

    assert names == [found.column for found in source.profile(table_of(source))]


def test_names_of_any_signs_are_quoted(make: Make) -> None:
    """Quotes, spaces, backquotes, braces and keywords are ordinary letters of a name."""
    column = 'sel`ect "from" [x] {table} -- ;\''
    quoted = column.replace('"', '""')
    source = make(f"create table t (\"{quoted}\" text); insert into t values ('v')")

    assert [("v",)] == read_all(source, [column], 10)
    assert 1 == profile_of(source, column).texts


def test_read_range_of_a_misspelt_column_is_refused(make: Make) -> None:
    """SQLite takes a misspelt name in double quotes for a string; ours is an error."""
    source = make("create table t (name text); insert into t values ('v')")

    with pytest.raises(BadSource, match="no such column: nmae"):
        read_all(source, ["nmae"], 10)


def test_cut_ranges_of_1569_rows_by_500_are_the_documents_four(make: Make) -> None:
    """1-500, 501-1000, 1001-1500, 1501-1569."""
    source = make(
        "create table t (id integer primary key)",
        ("insert into t values (?)", [(n,) for n in range(1, 1_570)]),
    )

    assert ["1-500", "501-1000", "1001-1500", "1501-1569"] == [span.label for span in ranges(source, 500)]


def test_cut_ranges_of_an_empty_table_are_none(make: Make) -> None:
    """No rows, no chunks."""
    assert [] == ranges(make("create table t (a text)"), 10)


def test_read_range_gives_pages_of_bounded_size(make: Make) -> None:
    """A large chunk comes page by page."""
    source = make(
        "create table t (id integer primary key)", ("insert into t values (?)", [(n,) for n in range(2_500)])
    )
    (span,) = ranges(source, 10_000)

    pages = [len(page) for page in source.read_range("t", columns=["id"], key=["rowid"], span=span, where="")]

    assert 2_500 == sum(pages)
    assert PAGE_ROWS == max(pages)


def test_read_range_with_a_filter_stays_within_it(make: Make) -> None:
    """The playbook's condition stands in brackets of its own, whatever is in it."""
    source = make(
        "create table t (id integer primary key)", ("insert into t values (?)", [(n,) for n in range(1, 101)])
    )

    found = read_all(source, ["id"], 7, where="id <= 10 or id > 95 -- ends")

    assert [*range(1, 11), *range(96, 101)] == [row[0] for row in found]


def test_read_range_text_that_is_no_utf8_comes_through_with_surrogates(make: Make) -> None:
    """Reading never stops at a bad byte; the row arrives and can be told apart."""
    source = make("create table t (x text)", ("insert into t values (cast(? as text))", [(b"a\xff",)]))

    assert [("a\udcff",)] == read_all(source, ["x"], 10)


def test_read_range_by_keys_that_are_no_utf8_covers_each_row_once(make: Make) -> None:
    """Such keys go back to SQLite as the bytes they are."""
    keys = [bytes([first, second]) for first in (65, 200, 255) for second in (66, 254)]
    source = make(
        "create table t (k text primary key) without rowid",
        ("insert into t values (cast(? as text))", [(key,) for key in keys]),
    )

    assert sorted(keys) == [row[0].encode("utf-8", "surrogateescape") for row in read_all(source, ["k"], 2)]


def test_read_row_finds_by_key_or_gives_none(make: Make) -> None:
    """One row, or none when it has gone."""
    source = make(
        "create table t (a text, b int, c text, primary key (a, b)) without rowid; insert into t values ('x', 1, 'v')"
    )

    def read(*at: str | int) -> object:
        return source.read_row("t", columns=["c"], key=["a", "b"], at=at)

    assert (("v",), None) == (read("x", 1), read("x", 2))


def test_count_orphans_counts_set_keys_without_parent(make: Make) -> None:
    """NULL in a key names no parent on purpose; a missing parent table makes every set key an orphan."""
    source = make(
        "create table p (a, b, primary key (a, b)); insert into p values (1, 1);"
        "create table t (a, b, g references gone, foreign key (a, b) references p);"
        "insert into t values (1, 1, 1), (1, 2, null), (null, 2, 3), (9, 9, null);"
    )
    table = table_of(source)

    assert {("a", "b"): 2, ("g",): 2} == {
        key.columns: source.count_orphans(table, key) for key in table.foreign_keys
    }


def test_fingerprint_of_an_untouched_file_stays(path: Path, make: Make) -> None:
    """Looking twice gives the same."""
    make("create table t (a text); insert into t values ('x')").close()

    assert fingerprint(path, "t") == fingerprint(path, "t")


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values ('z')",
        "update t set a = 'z'",
        "delete from t",
        "create index i on t (a)",
        "insert into other values ('z')",
    ],
)
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_fingerprint_changes_with_any_write(path: Path, mode: str, statement: str) -> None:
    """Each committed write voids an approval, in both journal modes."""
    script = "create table t (a text); create table other (a text); insert into t values ('x')"
    write(path, f"pragma journal_mode = {mode}; {script}")
    before = fingerprint(path, "t")

    write(path, statement)

    assert before != fingerprint(path, "t")


def test_fingerprint_changes_while_an_old_log_is_overwritten(path: Path) -> None:
    """Size, salts and counts may all stay the same in WAL mode; the log's checksum does not."""
    write(path, "pragma journal_mode = wal; create table t (a text); insert into t values ('x')")
    seen = set()
    with closing(sqlite3.connect(path)) as writer:
        for number in range(40):
            writer.execute("update t set a = ?", (f"v{number:04d}",))
            writer.commit()
            if number % 10 == 0:
                writer.execute("pragma wal_checkpoint(restart)").fetchall()
            seen.add(fingerprint(path, "t"))

    assert 40 == len(seen)


_KEYS = st.lists(
    st.one_of(
        st.integers(-(2**63), 2**63 - 1),
        st.text(max_size=5),
        st.binary(max_size=5),
        st.floats(allow_nan=False),
    ),
    max_size=60,
)


@settings(max_examples=60)
@given(keys=_KEYS, rows=st.integers(1, 17))
def test_cut_ranges_of_any_keys_cover_each_row_once(keys: list[object], rows: int) -> None:
    """Integers, reals, texts and blobs mixed in one key: no row is lost, none read twice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.db"
        write(path, "create table t (k primary key, v) without rowid")
        with closing(sqlite3.connect(path)) as connection:
            connection.executemany("insert or ignore into t values (?, 1)", [(key,) for key in keys])
            connection.commit()
            expected = connection.execute("select k from t order by k").fetchall()
        with opened(path) as source:
            spans = ranges(source, rows)
            found = read_all(source, ["k"], rows)

    assert expected == found
    assert [min(rows, len(expected) - n * rows) for n in range(len(spans))] == [span.rows for span in spans]


@settings(max_examples=40)
@given(
    keys=st.sets(st.tuples(st.integers(-3, 3), st.text("ab", max_size=3)), max_size=40),
    rows=st.integers(1, 7),
)
def test_cut_ranges_of_composite_keys_cover_each_row_once(keys: set[tuple[int, str]], rows: int) -> None:
    """Row values compare as the key sorts, ends of ranges included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys.db"
        statement = "insert into t values (?, ?)"
        write(
            path,
            "create table t (a int, b text, primary key (a, b)) without rowid",
            (statement, sorted(keys)),
        )
        with opened(path) as source:
            found = read_all(source, ["a", "b"], rows)

    assert sorted(keys) == found

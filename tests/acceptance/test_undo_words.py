"""What ``fordway undo`` says beforehand and afterwards is what happens."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fix_runs import CommandLine, make_source, query

_ROWS = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20) insert into item select i, 'x' from n;
"""


@pytest.mark.parametrize(
    ("meanwhile", "before", "after"),
    [
        ("select 1", "20 of 20 rows go, then the table goes too", "20 rows taken back; the table is gone"),
        ("delete from item where id < 6", "15 of 20 rows go, then", "5 were deleted by someone before"),
        (
            "update item set name = 'mine' where id = 7",
            "1 stay, changed or needed",
            "19 rows taken back, 1 stay (7)",
        ),
        (
            "create view seen as select id from item",
            "unless something else depends on it",
            "the table stays: something depends on it",
        ),
        (
            "create table child (id bigint references item (id)); insert into child values (3)",
            "20 of 20 rows go",
            "19 rows taken back, 1 stay (3)",
        ),
    ],
)
def test_undo_tells_what_went_and_what_stayed(
    meanwhile: str, before: str, after: str, fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """Rows deleted, changed or needed by others, and tables others rest on, are told as what they are."""
    source = make_source(tmp_path / "s.db", _ROWS)
    assert 0 == fordway.run("copy", source, target_url).code
    query(target_url, meanwhile)
    name = urlsplit(target_url).path.lstrip("/")

    done = fordway.run("undo", "latest", "--confirm", name)

    told = done.out + done.err
    assert 5 == done.code, told
    assert before in told
    assert after in told

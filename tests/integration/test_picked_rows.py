"""Single rows of a source, read as if they were a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.codec import key_to_json
from engine.model.errors import PlanDrifted
from engine.model.plan import KeyRange
from engine.recovering.picked_rows import PickedRows
from engine.stores.open_source import open_source
from tests.fix_runs import make_source, query

_NO_RANGE = KeyRange(after=None, upto=(), first_row=1, last_row=0)
_MANY = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000) insert into item select i, 'n' || i from n;
"""
_ODD = """
create table item (id, name text, primary key (id)) without rowid;
insert into item values (1, 'whole'), (1.5, 'real'), ('1', 'text'), (x'01', 'bytes'), ('a' || char(0), 'nul'),
    (cast(x'ff' as text), 'no UTF-8'), ('ä', 'letter');
"""


def _read(source: Any, keys: list[Any], *, columns: tuple[str, ...] = ("id", "name")) -> list[Any]:  # noqa: ANN401 - any
    picked = PickedRows(source, "item", [key_to_json((key,)) for key in keys])
    pages = picked.read_range("item", columns=columns, key=("id",), span=_NO_RANGE, where="")
    return [row for page in pages for row in page]


def _count_reads(source: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: ANN401 - any source
    reads: list[str] = []
    for name in ("read_row", "find_rows"):
        real = getattr(source, name)
        monkeypatch.setattr(
            source, name, lambda *given, _real=real, _name=name, **named: (reads.append(_name), _real(*given, **named))[1]
        )  # fmt: skip
    return reads


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_many_rows_are_read_by_few_statements_in_the_order_they_were_picked_in(
    kind: str, tmp_path: Path, source_pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand at once, from the last to the first."""
    if kind == "sqlite":
        url = str(make_source(tmp_path / "s.db", _MANY))
    else:
        url = source_pg_url
        query(url, "create table item (id bigint primary key, name text)")
        query(url, "insert into item select i, 'n' || i from generate_series(1, 6000) as i")
    source = open_source("s", url)
    reads = _count_reads(source, monkeypatch)
    wanted: list[Any] = list(range(5_000, 2_500, -1))

    found = _read(source, wanted if kind == "sqlite" else [str(key) for key in wanted])

    source.close()
    assert [(str(key), f"n{key}") for key in wanted] == [(str(key), name) for key, name in found]
    assert ["find_rows"] * 3 == reads


def test_keys_that_text_does_not_tell_are_read_one_by_one(tmp_path: Path) -> None:
    """A whole number, a text of the same look, bytes and text that is no UTF-8 are rows of their own."""
    source = open_source("s", str(make_source(tmp_path / "s.db", _ODD)))
    keys = [b"\x01", "1", 1.5, 1, "a\0", "\udcff", "ä"]

    found = _read(source, keys, columns=("name",))

    source.close()
    assert ["bytes", "text", "real", "whole", "nul", "no UTF-8", "letter"] == [name for (name,) in found]


def test_row_that_is_gone_is_told(tmp_path: Path) -> None:
    """Nothing is read in its place."""
    source = open_source("s", str(make_source(tmp_path / "s.db", _MANY)))

    with pytest.raises(PlanDrifted, match="A row of item that was to be brought in is gone"):
        _read(source, [1, 6001])

    source.close()

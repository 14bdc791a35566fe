"""Single rows of a source, read as if they were a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from engine.model.codec import key_from_json, key_text
from engine.model.errors import PlanDrifted
from engine.model.plan import KeyRange, KeyValue
from engine.model.ports import Row, RowSearch, SearchedSource, Source

__all__ = ["PickedRows"]

_PAGE_ROWS = 1_000
"""Rows read by one statement, and held at once."""
_ADDRESS = "ctid"
"""Where a PostgreSQL row lies: found at once by itself, and by reading the whole table among others."""


class PickedRows:
    """A source whose every range is the rows that were picked; all else is the source's own."""

    def __init__(self, source: Source, table: str, keys: Sequence[Any]) -> None:
        """Reads nothing yet.

        Args:
            source: where the rows are.
            table: what their table is called there.
            keys: chunk keys as the ledger holds them.
        """
        self._source = source
        self._table = table
        self._keys = [cast("tuple[KeyValue, ...]", key_from_json(key)) for key in keys]
        self.name = source.name
        self.engine = source.engine

    def read_range(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], span: KeyRange, where: str
    ) -> Iterator[list[Row]]:
        """The picked rows, a page at a time; range and filter mean nothing here.

        Raises:
            PlanDrifted: one of them is not there any more.
        """
        del table, span, where
        for first in range(0, len(self._keys), _PAGE_ROWS):
            yield self._page(self._keys[first : first + _PAGE_ROWS], columns=columns, key=key)

    def _page(
        self, keys: Sequence[tuple[KeyValue, ...]], *, columns: Sequence[str], key: Sequence[str]
    ) -> list[Row]:
        found = self._found([at for at in keys if _is_sought_by_text(at)], columns=columns, key=key)
        page: list[Row] = []
        for at in keys:
            row = found.get(key_text(at)) or self._source.read_row(
                self._table, columns=columns, key=key, at=at
            )
            if row is None:
                raise PlanDrifted(
                    f"A row of {self._table} that was to be brought in is gone",
                    where=self.name,
                    safe="Nothing of them was written",
                    todo="Look at the source, then answer anew",
                )
            page.append(row)
        return page

    def _found(
        self, keys: Sequence[tuple[KeyValue, ...]], *, columns: Sequence[str], key: Sequence[str]
    ) -> dict[str, Row]:
        """Rows by their keys, read by one statement; none of a source that has to be asked for each."""
        if not keys or _ADDRESS in key or not isinstance(self._source, SearchedSource):
            return {}
        search = RowSearch(
            table=self._table,
            columns=(*key, *columns),
            by=tuple(key),
            values=tuple(tuple(map(str, at)) for at in keys),
        )
        width = len(key)
        rows = (row for page in self._source.find_rows(search) for row in page)
        return {key_text(row[:width]): row[width:] for row in rows}

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its key."""
        del table
        return self._source.read_row(self._table, columns=columns, key=key, at=at)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the source has under that name
        return getattr(self._source, name)


def _is_sought_by_text(at: tuple[KeyValue, ...]) -> bool:
    """Whether text says it all: bytes, numbers with a point and text that is no UTF-8 are read one by one."""
    return all(isinstance(part, int) or (isinstance(part, str) and _is_plain(part)) for part in at)


def _is_plain(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)

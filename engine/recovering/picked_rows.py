"""Single rows of a source, read as if they were a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from engine.model.codec import key_from_json
from engine.model.errors import PlanDrifted
from engine.model.plan import KeyRange, KeyValue
from engine.model.ports import Row, Source

__all__ = ["PickedRows"]

_PAGE_ROWS = 1_000


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
        page: list[Row] = []
        for at in self._keys:
            row = self._source.read_row(self._table, columns=columns, key=key, at=at)
            if row is None:
                raise PlanDrifted(
                    f"A row of {self._table} that was to be brought in is gone",
                    where=self.name,
                    safe="Nothing of them was written",
                    todo="Look at the source, then answer anew",
                )
            page.append(row)
            if len(page) == _PAGE_ROWS:
                yield page
                page = []
        if page:
            yield page

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its key."""
        del table
        return self._source.read_row(self._table, columns=columns, key=key, at=at)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the source has under that name
        return getattr(self._source, name)

"""Rows of a source by the keys others refer to them with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from engine.hands.kit import Kit
from engine.model.errors import FordwayError, Transient
from engine.model.plan import KeyRange, KeyValue, MadeBy, TablePlan
from engine.model.ports import Row, RowSearch, SearchedSource
from engine.moving.cant_carry import CantCarry
from engine.moving.legacy_keys import legacy_inputs, legacy_text
from engine.recovering.links import Link

__all__ = ["Key", "ParentSearch", "search_for"]

Key = tuple[str, ...]
"""A parent's key as text, as the rows that refer to it have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentSearch:
    """How one plan's source rows are found by what others call them."""

    kit: Kit
    plan: TablePlan
    by: tuple[str, ...]
    """Source columns that hold the key."""

    def own(
        self, keys: Collection[Key], *, is_filtered: bool = True, span: KeyRange | None = None
    ) -> dict[Key, tuple[KeyValue, ...]]:
        """Chunk keys, by key, of rows in the plan's own source.

        Args:
            keys: to look for.
            is_filtered: only rows the playbook's filter lets through.
            span: where they lie; None: anywhere.
        """
        where = self.plan.where if is_filtered else ""
        return self._search(self.plan.source, keys, where=where, span=span)

    def elsewhere(self, source: str, keys: Collection[Key]) -> dict[Key, tuple[KeyValue, ...]]:
        """The same in another source's table of the same name; none where it lacks a column."""
        opened = _searched(self.kit, source)
        try:
            # Asked for nothing, a statement fails all the same where a column is missing.
            list(opened.find_rows(self._sought((), columns=self.plan.columns_read)))
            return self._search(source, keys)
        except Transient:
            raise
        except FordwayError:
            return {}

    def _search(
        self, source: str, keys: Collection[Key], *, where: str = "", span: KeyRange | None = None
    ) -> dict[Key, tuple[KeyValue, ...]]:
        if not keys:
            return {}
        sought = self._sought(tuple(keys), columns=self.by + self.plan.chunk_key, where=where, span=span)
        wanted, width = frozenset(keys), len(self.by)
        found: dict[Key, tuple[KeyValue, ...]] = {}
        for page in _searched(self.kit, source).find_rows(sought):
            for row in page:
                key = _key_of(row[:width])
                if key in wanted:
                    found.setdefault(key, cast("tuple[KeyValue, ...]", row[width:]))
        return found

    def _sought(
        self,
        keys: tuple[Key, ...],
        *,
        columns: tuple[str, ...],
        where: str = "",
        span: KeyRange | None = None,
    ) -> RowSearch:
        return RowSearch(
            table=self.plan.source_table,
            columns=columns,
            by=self.by,
            values=keys,
            where=where,
            key=self.plan.chunk_key,
            span=span,
        )


def search_for(kit: Kit, link: Link, plan: TablePlan) -> ParentSearch | None:
    """How the parents of a link are found in a plan's source; None: what they are called is not there."""
    if link.is_mapped:
        return ParentSearch(kit=kit, plan=plan, by=legacy_inputs(plan))
    copied: Mapping[str, str] = {
        column.target: column.source for column in plan.columns if column.made_by is MadeBy.COPY
    }
    if not set(link.columns) <= set(copied):
        return None
    return ParentSearch(kit=kit, plan=plan, by=tuple(copied[name] for name in link.columns))


def _searched(kit: Kit, source: str) -> SearchedSource:
    opened = kit.source(source)
    assert isinstance(opened, SearchedSource), "every source of ours finds rows"
    return opened


def _key_of(values: Row) -> Key | None:
    try:
        return tuple(legacy_text(value) for value in values)
    except CantCarry:
        return None

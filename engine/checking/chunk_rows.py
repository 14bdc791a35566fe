"""One chunk's source rows, as the checks of it read them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

from engine.checking.canonical import Canonical, Lookup, row_reader
from engine.checking.decided_rows import Changed, Picked
from engine.checking.plain_texts import PlainPages
from engine.checking.resolve_lookups import resolve_lookups
from engine.hands.kit import Kit
from engine.model.codec import key_from_json, key_to_json
from engine.model.plan import KeyRange, KeyValue, TablePlan
from engine.model.ports import LineSigns, Row, Source, SummedSource
from engine.stores.target_streams import Stretch

__all__ = ["CheckTask", "ChunkRows", "key_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """Which chunk to compare."""

    table: TablePlan
    run_id: str
    chunk: int
    span: KeyRange
    xid: int
    """The transaction that wrote it, as ``xmin`` shows it; 0 when none did."""
    stretches: tuple[Stretch, ...]
    """Where its rows lie on the target, as far as nobody changed them since."""
    signs: LineSigns
    """What stands between fields, after rows and for NULL in the lines of both sides."""
    skipped: frozenset[str] = frozenset()
    """Chunk keys of source rows that are not on the target on purpose."""
    wanted: tuple[int, ...] = ()
    """Ordinals (from 1, of the rows compared) of the rows drawn for the sample check."""
    changed: Changed = field(default_factory=dict)
    """Values that stand there by decision."""
    picked: Picked | None = None
    """Rows that were brought in one by one; None: those of ``span``."""
    is_apart: bool = False
    """Its rows do not lie together as one transaction left them: they are compared one by one."""

    @property
    def rows(self) -> int:
        """How many rows lie on the target."""
        return sum(stretch.rows for stretch in self.stretches)


def key_text(key: tuple[object, ...]) -> str:
    """A chunk key as text, the same for the source's row and the quarantine's; equal for equal keys only."""
    return json.dumps(key_to_json(cast("tuple[KeyValue, ...]", key)))


class ChunkRows:
    """Reads the chunk's rows, as often as asked."""

    def __init__(self, kit: Kit, task: CheckTask) -> None:
        """Reads nothing yet."""
        self._kit = kit
        self._task = task
        self.source: Source = kit.source(task.picked.source if task.picked else task.table.source)
        self.columns = task.table.columns_read
        """What a row holds, in order: the chunk key first."""
        self._drawn: dict[int, Row] = {}

    def pages(self) -> Iterator[list[Row]]:
        """The rows, less those left out on purpose."""
        for page, _ in self._pages_to_keys():
            yield page

    def lines(self) -> Iterator[tuple[list[str], tuple[KeyValue, ...]]]:
        """The rows as lines, page by page, and the chunk key that ends each page."""
        task = self._task
        plain = PlainPages(
            task.table,
            engine=self.source.engine,
            columns=self.columns,
            run_time=self._kit.run_time,
            null=task.signs.null,
            between=task.signs.between,
            lookups=self._lookups(),
        )
        for page, key in self._draw():
            if page:
                yield plain.lines(page), key

    def drawn(self) -> list[Row]:
        """The rows drawn for the sample; who hashed the chunk has met them on the way."""
        task, source = self._task, self.source
        if len(self._drawn) == len(task.wanted):
            return list(self._drawn.values())
        is_whole = not task.skipped and not task.table.where and task.picked is None
        if isinstance(source, SummedSource) and is_whole:
            return source.read_ordinals(
                task.table.source_table,
                columns=self.columns,
                key=task.table.chunk_key,
                span=task.span,
                ordinals=task.wanted,
            )
        for _ in self._draw():
            pass
        return list(self._drawn.values())

    def canonical(self) -> Iterator[Canonical]:
        """Each row's canonical texts."""
        read = self.reader()
        for page in self.pages():
            for row in page:
                yield read(row)

    def reader(self) -> Callable[[Row], Canonical]:
        """Turns a row into its canonical texts, as decided where somebody decided."""
        task = self._task
        read = row_reader(
            task.table,
            engine=self.source.engine,
            columns=self.columns,
            run_time=self._kit.run_time,
            lookups=self._lookups(),
        )
        if not task.changed:
            return read
        names = [column.target for column in task.table.columns]
        width = len(task.table.chunk_key)

        def decided(row: Row) -> Canonical:
            changed = task.changed.get(key_text(row[:width]))
            if changed is None:
                return read(row)
            return tuple(changed.get(name, text) for name, text in zip(names, read(row), strict=True))

        return decided

    def _draw(self) -> Iterator[tuple[list[Row], tuple[KeyValue, ...]]]:
        """The pages; rows drawn for the sample are kept on the way."""
        wanted, ordinal = set(self._task.wanted), 0
        for page, key in self._pages_to_keys():
            for place in wanted & set(range(ordinal + 1, ordinal + len(page) + 1)) if wanted else ():
                self._drawn[place] = page[place - ordinal - 1]
            ordinal += len(page)
            yield page, key

    def _pages_to_keys(self) -> Iterator[tuple[list[Row], tuple[KeyValue, ...]]]:
        task, table = self._task, self._task.table
        width = len(table.chunk_key)
        if task.picked is not None:
            yield self._picked_rows(task.picked), ()
            return
        pages = self.source.read_range(
            table.source_table, columns=self.columns, key=table.chunk_key, span=task.span, where=table.where
        )
        for page in pages:
            kept = (
                [row for row in page if key_text(row[:width]) not in task.skipped] if task.skipped else page
            )
            yield kept, cast("tuple[KeyValue, ...]", page[-1][:width])

    def _picked_rows(self, picked: Picked) -> list[Row]:
        """The rows that were brought in, those that are still there."""
        key = self._task.table.chunk_key
        rows = (
            self.source.read_row(picked.table, columns=self.columns, key=key, at=key_from_json(at) or ())
            for at in picked.keys
        )
        return [row for row in rows if row is not None]

    def _lookups(self) -> dict[str, Lookup]:
        """What looked-up columns should hold, asked once a table."""
        task, engine = self._task, self.source.engine
        return self._kit.once(
            ("lookups", task.run_id, task.table.number),
            lambda: resolve_lookups(task.table, checks=self._kit.checks, engine=engine, run_id=task.run_id),
        )

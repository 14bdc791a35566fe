"""One chunk's lines hashed on both sides, in whichever way both sides can do alike.

Equal hashes are equal rows. Where they differ, nothing is said yet: the rows may lie in another
order, or two spellings may mean the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from engine.checking.chunk_rows import CheckTask, ChunkRows
from engine.hands.kit import Kit
from engine.model.errors import StatementFailed
from engine.model.plan import Family, KeyValue, Lane, MadeBy, TablePlan
from engine.model.ports import SummedSource

__all__ = ["Alike", "digest_of_all", "hash_chunk", "key_of_both"]

_DIGEST_BYTES = 16
_LIMIT_EXCEEDED = "54000"
"""SQLSTATE program_limit_exceeded: a text has at most a gigabyte."""
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_PORTION_ROWS, _PORTION_LETTERS = 8_000, 4_000_000
"""Rows looked for by their keys at once: enough to forget the cost of a statement."""


@dataclass(frozen=True, slots=True)
class Alike:
    """What was found equal."""

    digest: str
    """Of both sides."""
    rows: int
    """Hashed on each side."""


def hash_chunk(kit: Kit, task: CheckTask, rows: ChunkRows) -> Alike | None:
    """What both sides have; None when they differ, or could not be hashed."""
    # Piped rows are of the same types on both sides: both servers sum them up alike.
    # Where rows may be set aside, the source's must be gone through to leave them out.
    table = task.table
    is_piped = table.lane is Lane.PIPED and not table.keeps_id_map and not task.skipped
    if is_piped and isinstance(rows.source, SummedSource):
        return _summed(kit, task, rows.source)
    try:
        found = _as_they_lie(kit, task, rows.lines())
        # Rows of a worker's batch do not lie in its order where another worker wrote beside it.
        return found or (_by_key(kit, task, rows.lines()) if key_of_both(table) else None)
    except StatementFailed as error:
        # Values so wide that the lines of a few blocks make no text.
        if error.sqlstate != _LIMIT_EXCEEDED:
            raise
        return None


def key_of_both(table: TablePlan) -> tuple[str, ...]:
    """The target's primary key, where its order is that of the source's chunk key too; empty elsewhere.

    Whole numbers are ordered alike everywhere, texts go by their collations.
    """
    by_source = {
        column.source: column.target
        for column in table.columns
        if column.made_by is MadeBy.COPY and column.family is Family.INTEGER and not column.rules
    }
    names = tuple(by_source.get(name, "") for name in table.chunk_key)
    return names if names == table.primary_key else ()


def _summed(kit: Kit, task: CheckTask, source: SummedSource) -> Alike | None:
    """By the sums of hashes each server makes of its lines."""
    table = task.table
    with ThreadPoolExecutor(max_workers=1) as other:
        theirs = other.submit(kit.checks.streams.sums, table, task.stretches, task.signs)
        ours = source.sum_range(
            table.source_table, columns=table.columns, key=table.chunk_key, span=task.span, signs=task.signs
        )
    is_alike = ours == theirs.result()
    return Alike(digest_of_all(str(ours)), ours[0]) if is_alike else None


def _as_they_lie(
    kit: Kit, task: CheckTask, pages: Iterable[tuple[list[str], tuple[KeyValue, ...]]]
) -> Alike | None:
    """In the order of the target's blocks, where that is the chunk's.

    The server hashes its lines some blocks at a time, and the source's lines are hashed
    in portions of as many rows.
    """
    with kit.checks.streams.ahead(task.table, task.stretches, task.signs) as segments:
        found: list[str] = []
        waiting: list[str] = []
        hashed = 0
        rows, digest = next(segments, (0, ""))
        for lines, _ in pages:
            waiting += lines
            while 0 < rows <= len(waiting):
                if digest != _md5(task.signs.end.join(waiting[:rows])):
                    return None
                found.append(digest)
                hashed += rows
                del waiting[:rows]
                rows, digest = next(segments, (0, ""))
            if waiting and not rows:
                return None
        is_all = not rows and not waiting
        return Alike(digest_of_all(*found), hashed) if is_all else None


def _by_key(
    kit: Kit, task: CheckTask, pages: Iterable[tuple[list[str], tuple[KeyValue, ...]]]
) -> Alike | None:
    """In the order of the primary key, by the target's index: some pages' keys at a time."""
    key, after, found, rows = key_of_both(task.table), task.span.after, list[str](), 0
    for lines, upto in _portions(pages):
        if not _are_whole((*(after or ()), *upto)):
            return None
        count, digest = kit.checks.streams.digest_keys(
            task.table, task.signs, xid=task.xid, key=key, after=after, upto=upto
        )
        if count != len(lines) or digest != _md5(task.signs.end.join(lines)):
            return None
        found.append(digest)
        rows += count
        after = upto
    # Rows of the same transaction that lie elsewhere would not have been looked at.
    return Alike(digest_of_all(*found), rows) if rows == task.rows else None


def _are_whole(values: Iterable[KeyValue]) -> bool:
    """Whether an index of whole numbers can be asked about them: a SQLite column holds anything."""
    return all(
        isinstance(value, int) or (isinstance(value, str) and _WHOLE.fullmatch(value)) for value in values
    )


def _portions(
    pages: Iterable[tuple[list[str], tuple[KeyValue, ...]]],
) -> Iterator[tuple[list[str], tuple[KeyValue, ...]]]:
    waiting: list[str] = []
    letters = 0
    last: tuple[KeyValue, ...] = ()
    for lines, last in pages:
        waiting += lines
        letters += sum(map(len, lines))
        if len(waiting) >= _PORTION_ROWS or letters >= _PORTION_LETTERS:
            yield waiting, last
            waiting, letters = [], 0
    if waiting:
        yield waiting, last


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def digest_of_all(*parts: str) -> str:
    """One digest of texts in their order, in hex."""
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        found.update(part.encode())
    return found.hexdigest()

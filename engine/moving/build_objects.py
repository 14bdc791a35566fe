"""What stands after the rows: keys, indexes, constraints, sequences, views, statistics.

Every piece looks first whether it stands already, so that a resumed run goes on where the
last one ended. Building after loading is the order the PostgreSQL manual advises (14.4
"Populating a Database"). Pieces of one stage do not wait for one another and are built
several at once; a stage begins when the one before it is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from engine.model.events import ObjectBuilt
from engine.model.plan import Plan, TablePlan
from engine.moving.build_pieces import (
    build_column_sequence,
    build_comments,
    build_constraint,
    build_foreign_key,
    build_index,
    build_key_index,
    build_object,
    build_primary_key,
    build_sequence,
    build_statistics,
)
from engine.moving.build_site import Build, BuildSite
from engine.moving.try_again import try_again
from engine.stores.constraint_statements import primary_key_index
from engine.stores.target_session import TargetSession

__all__ = ["build_objects", "build_types"]


@dataclass(frozen=True, slots=True)
class _Piece:
    table: str
    build: Build


def build_types(plan: Plan, site: BuildSite) -> None:
    """Types, domains and sequences the tables need stand, in the plan's order."""
    for thing in plan.types:
        _build(_Piece(thing.name, build_object(thing, site)), site, site.target)


def build_objects(plan: Plan, site: BuildSite, *, is_stopping: Callable[[], bool]) -> bool:
    """Every planned object stands; False when a pause came first.

    Raises:
        StatementFailed: an object can't be built, such as a key over duplicate rows.
        LeaseLost: another runner took over.
    """
    # Where several plans fill one table, the first of them stands for it.
    plan = replace(plan, tables=tuple(table for table in plan.tables if not table.is_extra))
    made = tuple(table for table in plan.tables if not table.exists_already)
    foreign_keys = [
        _Piece(t.name, build_foreign_key(t, k, site, plan.tables)) for t in made for k in t.foreign_keys
    ]
    stages = [
        (list(_indexes(made, site)), site.hands),
        # A key locks its whole table, so no index is being built when it is made.
        (list(_keys(made, site)), site.hands),
        ([_Piece(t.name, build_constraint(t, c, site)) for t in made for c in t.constraints], site.hands),
        # Foreign keys lock two tables each: side by side they would stand in one another's way.
        (foreign_keys, 1),
        (list(_last(plan, made, site)), site.hands),
    ]
    for stage, hands in stages:
        if not _build_stage(stage, site, is_stopping, hands=min(hands, len(stage))):
            return False
    # Views may rest on one another, so they come one by one, in the plan's order.
    for thing in plan.views:
        if is_stopping():
            return False
        _build(_Piece(thing.name, build_object(thing, site)), site, site.target)
    return True


def _indexes(made: tuple[TablePlan, ...], site: BuildSite) -> Iterator[_Piece]:
    for table in made:
        if table.primary_key and not table.key_definition:
            yield _Piece(table.name, build_key_index(table, primary_key_index(table), site))
        for index in table.indexes:
            build = build_key_index if index.is_constraint else build_index
            yield _Piece(table.name, build(table, index, site))


def _keys(made: tuple[TablePlan, ...], site: BuildSite) -> Iterator[_Piece]:
    for table in made:
        if table.primary_key:
            yield _Piece(table.name, build_primary_key(table, site))
        for index in table.indexes:
            if index.is_constraint:
                yield _Piece(table.name, build_index(table, index, site))


def _last(plan: Plan, made: tuple[TablePlan, ...], site: BuildSite) -> Iterator[_Piece]:
    for table in made:
        if table.comments:
            yield _Piece(table.name, build_comments(table, site))
    for table in plan.tables:
        own = () if site.scratch or table.exists_already else table.sequences
        for sequence in own:
            yield _Piece(table.name, build_column_sequence(table, sequence, site))
        is_told = any(sequence.column == table.identity_column for sequence in own)
        if table.identity_column and not site.scratch and not is_told:
            yield _Piece(table.name, build_sequence(table, site))
        yield _Piece(table.name, build_statistics(table, site))


def _build_stage(
    pieces: list[_Piece], site: BuildSite, is_stopping: Callable[[], bool], *, hands: int
) -> bool:
    """The stage's pieces stand, several built at once; False when a pause came first."""
    if hands <= 1:
        for piece in pieces:
            if is_stopping():
                return False
            _build(piece, site, site.target)
        return True
    waiting = iter(pieces)
    has_failed = threading.Event()

    def work(target: TargetSession) -> None:
        try:
            # next() of a list's iterator is one step for the interpreter: no piece is taken twice.
            for piece in waiting:
                if is_stopping() or has_failed.is_set():
                    return
                _build(piece, site, target)
        except BaseException:
            # Nothing is begun after a failed statement; what others are at ends by itself.
            has_failed.set()
            raise
        finally:
            target.close()

    with ThreadPoolExecutor(max_workers=hands, thread_name_prefix="build") as pool:
        done = [pool.submit(work, site.target.another()) for _ in range(hands)]
    for future in done:
        future.result()
    return not is_stopping()


def _build(piece: _Piece, site: BuildSite, target: TargetSession) -> None:
    began = time.monotonic()
    what = try_again(lambda: piece.build(target), wait_until_back=site.wait_until_back)
    if what is not None:
        site.on_built(ObjectBuilt(table=piece.table, what=what, seconds=time.monotonic() - began))

"""A whole plan, table after table: the rehearsal and the real move are the same walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from engine.hands.kit import Kit
from engine.hands.pool import Hands
from engine.model.errors import CannotConnect, ConnectionCut, FordwayError
from engine.model.events import ChunkCommitted, Event, ObjectBuilt
from engine.model.plan import ForeignKeyPlan, Plan, TablePlan
from engine.model.remedies import Treatment
from engine.model.run import Counts, Pass, Rehearsal, TableOutcome, Unlinked
from engine.moving.build_objects import build_objects, build_types
from engine.moving.build_site import BuildSite
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import move_chunk
from engine.moving.cut_table import CutSite, cut_anew, cut_table, split_chunk
from engine.moving.prepare_target import prepare_schema, prepare_table
from engine.moving.run_table import Control, TableJob, move_table
from engine.moving.scratch import drop_scratch, make_scratch, make_scratch_tables, scratch_schema
from engine.moving.try_again import try_again
from engine.stores.ledger import Ledger
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from engine.stores.unlinked_rows import count_unlinked

__all__ = ["MoveSite", "build_after_move", "foreseen", "move_rows", "outcomes", "rehearse"]

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveSite:
    """All that moving needs of its surroundings."""

    run_id: str
    epoch: int
    plan: Plan
    ledger: Ledger
    target: TargetSession
    pool: Hands
    control: Control
    shelf: SourceShelf
    emit: Callable[[Event], None]
    on_chunk: Callable[[ChunkCommitted], None]
    remedy: Callable[[TablePlan, Pass, FordwayError], Treatment | None] = field(
        default=lambda _table, _pass, _error: None
    )
    """What standing rules say about rows of a batch that failed so."""
    treat: Callable[[Kit, ChunkTask], ChunkCommitted | None] = move_chunk
    """How a worker writes a batch that has a treatment."""


def move_rows(site: MoveSite) -> bool:
    """Every row of the plan is in the target or accounted for; False when a pause came first.

    Tables and chunks that are done stay as they are, so this may be called again after a
    crash at any instant.
    """
    _prepare_schemas(site)
    for table in site.plan.tables:
        if site.control.is_stopping:
            return False
        _prepare(site, table)
        _cut(site, table, Pass.MOVE)
        if not move_table(
            _job(site, table, Pass.MOVE, table.target_schema),
            ledger=site.ledger,
            pool=site.pool,
            control=site.control,
        ):
            return False
    return True


def _prepare_schemas(site: MoveSite) -> None:
    """Schemas and types stand before the first table needs them."""
    made = {table.target_schema for table in site.plan.tables if not table.exists_already}
    for schema in sorted(made):

        def work(schema: str = schema) -> None:
            prepare_schema(schema, run_id=site.run_id, epoch=site.epoch, target=site.target)

        try_again(work, wait_until_back=lambda: site.ledger.runs.read(site.run_id))
    build_types(site.plan, _build_site(site))


def _prepare(site: MoveSite, table: TablePlan) -> None:
    def work() -> None:
        prepare_table(table, run_id=site.run_id, epoch=site.epoch, target=site.target, ledger=site.ledger)

    try_again(work, wait_until_back=lambda: site.ledger.runs.read(site.run_id))


def _cut(site: MoveSite, table: TablePlan, pass_: Pass) -> None:
    _look_at_source(site, lambda: cut_table(_cut_site(site), table, pass_))


def _look_at_source(site: MoveSite, work: Callable[[], _Found]) -> _Found:
    """Work that reads a source: its server may be restarted meanwhile."""

    def once() -> _Found:
        try:
            return work()
        except (ConnectionCut, CannotConnect):
            site.shelf.start_over()
            raise

    return try_again(once, wait_until_back=lambda: site.ledger.runs.read(site.run_id))


def build_after_move(site: MoveSite) -> bool:
    """Keys, indexes, foreign keys, sequences and statistics stand; False when a pause came first."""
    if any(table.keeps_id_map for table in site.plan.tables):
        site.ledger.ids.refresh_statistics()
    place = replace(_build_site(site), aside=_set_aside(site, Pass.MOVE))
    return build_objects(site.plan, place, is_stopping=lambda: site.control.is_stopping)


def _build_site(site: MoveSite) -> BuildSite:
    return BuildSite(
        run_id=site.run_id,
        epoch=site.epoch,
        target=site.target,
        hands=site.pool.workers + 1,
        on_built=site.emit,
        wait_until_back=lambda: site.ledger.runs.read(site.run_id),
    )


def rehearse(site: MoveSite) -> Rehearsal | None:
    """The move's result, foreseen: all rows walked into a scratch schema that is gone again.

    Returns:
        One outcome a table, or None when a pause came first.

    Raises:
        FordwayError: what would have failed in the real move; the scratch schema is gone.
    """
    scratch = scratch_schema(site.run_id)
    place = replace(_build_site(site), scratch=scratch, on_built=_ignore_object)
    try:
        try_again(lambda: _make_scratch(site, place), wait_until_back=place.wait_until_back)
        for table in site.plan.tables:
            site.ledger.chunks.clear(site.run_id, Pass.REHEARSE, table.number)
            _cut(site, table, Pass.REHEARSE)
            if not move_table(
                _job(site, table, Pass.REHEARSE, scratch),
                ledger=site.ledger,
                pool=site.pool,
                control=site.control,
            ):
                return None
        broken: dict[tuple[int, str], tuple[TablePlan, ForeignKeyPlan, str]] = {}
        place = replace(
            place,
            aside=_set_aside(site, Pass.REHEARSE),
            on_unlinked=lambda t, key, parent: broken.update({(t.number, key.name): (t, key, parent)}),
        )
        plan = replace(site.plan, tables=tuple(_with_its_own_keys(site, t) for t in site.plan.tables))
        if not build_objects(plan, place, is_stopping=lambda: site.control.is_stopping):
            return None
        unlinked = tuple(_count_unlinked(site, scratch, *found) for found in broken.values())
    finally:
        try_again(lambda: _drop(site), wait_until_back=place.wait_until_back)
    found = outcomes(site.ledger, site.run_id, site.plan, Pass.REHEARSE)
    return Rehearsal(tables=found, unlinked=tuple(each for each in unlinked if each.rows))


def _count_unlinked(
    site: MoveSite, scratch: str, table: TablePlan, key: ForeignKeyPlan, parent: str
) -> Unlinked:
    def work() -> int:
        with site.target.transaction(f"counting rows of {table.name} without {key.parent_table}") as cursor:
            return count_unlinked(cursor, table, key, scratch=scratch, parent=parent)

    rows = try_again(work, wait_until_back=lambda: site.ledger.runs.read(site.run_id))
    return Unlinked(table=table.name, parent=key.parent_table, rows=rows)


def _make_scratch(site: MoveSite, place: BuildSite) -> None:
    """The scratch schema has the plan's types and tables; what an earlier try left of it is gone."""
    _drop(site)
    make_scratch(place.scratch, run_id=site.run_id, epoch=site.epoch, target=site.target)
    build_types(site.plan, place)
    make_scratch_tables(
        site.plan.tables,
        [place.path_of(table.target_schema) for table in site.plan.tables],
        run_id=site.run_id,
        epoch=site.epoch,
        target=site.target,
    )


def _with_its_own_keys(site: MoveSite, table: TablePlan) -> TablePlan:
    """An existing table's scratch copy gets the foreign keys LIKE leaves out."""
    if not table.exists_already:
        return table
    with site.target.transaction(f"reading keys of {table.name}") as cursor:
        keys = site.target.read_foreign_keys(cursor, table.target_schema, table.target_table)
    return replace(
        table,
        exists_already=False,
        primary_key=(),
        indexes=(),
        constraints=(),
        foreign_keys=keys,
        identity_column="",
    )


def _set_aside(site: MoveSite, pass_: Pass) -> frozenset[tuple[str, str]]:
    """Target tables some of whose rows went to the quarantine."""
    progress = site.ledger.chunks.progress(site.run_id, pass_)
    numbers = {p.table_number for p in progress if p.counts.quarantined}
    return frozenset((t.target_schema, t.target_table) for t in site.plan.tables if t.number in numbers)


def _ignore_object(_event: ObjectBuilt) -> None:
    """Objects of a rehearsal are gone a moment later."""


def _drop(site: MoveSite) -> None:
    drop_scratch(site.run_id, epoch=site.epoch, target=site.target)


def _job(site: MoveSite, table: TablePlan, pass_: Pass, schema: str) -> TableJob:
    return TableJob(
        run_id=site.run_id,
        epoch=site.epoch,
        pass_=pass_,
        table=table,
        schema=schema,
        on_chunk=site.on_chunk,
        cut_anew=lambda after_number, rows: _look_at_source(
            site,
            lambda: cut_anew(_cut_site(site), table, pass_, after_number=after_number, rows=rows),
        ),
        split=lambda number: _look_at_source(
            site, lambda: split_chunk(_cut_site(site), table, pass_, number=number)
        ),
        remedy=lambda error: site.remedy(table, pass_, error),
        treat=site.treat,
    )


def _cut_site(site: MoveSite) -> CutSite:
    return CutSite(run_id=site.run_id, plan=site.plan, ledger=site.ledger, shelf=site.shelf, emit=site.emit)


def foreseen(ledger: Ledger, run_id: str, plan: Plan) -> Rehearsal:
    """What the rehearsal that is done foretold, as the ledger has it."""
    _, told, _ = ledger.steps.outputs(run_id).get("rehearse", ("", None, 0.0))
    unlinked = tuple(Unlinked(**each) for each in (told or {}).get("unlinked", ()))
    return Rehearsal(tables=outcomes(ledger, run_id, plan, Pass.REHEARSE), unlinked=unlinked)


def outcomes(ledger: Ledger, run_id: str, plan: Plan, pass_: Pass) -> tuple[TableOutcome, ...]:
    """What became of each table's rows, counted from the ledger's chunks."""
    found = {p.table_number: p for p in ledger.chunks.progress(run_id, pass_)}
    late = ledger.chunks.late(run_id) if pass_ is Pass.MOVE else []
    made = ledger.recovery.placeholders(run_id) if late else {}
    given_up = ledger.quarantine.given_up(run_id) if pass_ is Pass.MOVE else {}
    return tuple(
        TableOutcome(
            table=table.name,
            planned=table.rows,
            counts=found[table.number].counts if table.number in found else Counts(),
            seconds=found[table.number].seconds if table.number in found else 0.0,
            brought=sum(chunk.rows for chunk in late if chunk.table_number == table.number),
            placeholders=made.get(table.number, 0),
            given_up=given_up.get(table.number, 0),
        )
        for table in plan.tables
    )

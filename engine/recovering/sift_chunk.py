"""Looks through a batch that failed: every row that can't be written, and why; nothing is written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.hands.kit import Kit
from engine.model.codec import key_from_text
from engine.model.errors import ConnectionCut
from engine.model.faults import ChunkAddress, Diagnosis, Offence, OffenceGroup
from engine.model.plan import KeyRange, Lane, MadeBy, Plan
from engine.model.ports import Source
from engine.model.remedies import Action, Treatment
from engine.moving.chunk_task import ChunkTask
from engine.moving.close_recovery import present_rows
from engine.moving.encode_rows import RowEncoder
from engine.recovering.group_faults import FaultGroup, group_faults, offence_group, offenders_of
from engine.recovering.links import Link, links_of
from engine.recovering.look_through import LookThrough, Step
from engine.recovering.sifted import Amendment, Sifted
from engine.recovering.stage_rows import RowStage
from engine.recovering.trace_parents import trace_parents
from engine.recovering.word_faults import Words
from engine.stores.sifting import Cursor, Missing, SiftSite, open_site, read_span, sifting
from engine.stores.target_session import place_of

__all__ = ["sift_chunk"]

_OF_VALUES = frozenset({
    Offence.CAST, Offence.TOO_LONG, Offence.OUT_OF_RANGE, Offence.EMPTY, Offence.NUL, Offence.ENCODING,
    Offence.CHECK, Offence.NO_PARENT, Offence.AMBIGUOUS_PARENT,
})  # fmt: skip
"""Faults another value may mend; of checks only those of domains, which stand for one column."""
_NO_TREATMENT = Treatment()
_LOOSE = KeyRange(after=None, upto=(), first_row=1, last_row=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a batch is looked through."""

    treatment: Treatment
    is_soft: bool | None
    source: Source | None
    is_loose: bool


@dataclass(slots=True, kw_only=True)
class _Look:
    """What one look through the batch gave, once its transaction is over."""

    rows: int
    words: Words
    groups: tuple[FaultGroup, ...]
    told: list[OffenceGroup]
    amendments: tuple[Amendment, ...]
    links: tuple[Link, ...]
    missing: tuple[Missing, ...]


def sift_chunk(
    task: ChunkTask,
    *,
    kit: Kit,
    plan: Plan | None,
    treatment: Treatment = _NO_TREATMENT,
    cause: str = "",
    is_soft: bool | None = None,
    source: Source | None = None,
    is_loose: bool = False,
) -> Sifted:
    """Every row of the batch that can't be written is known, with its first fault; nothing is written.

    All of it happens in one transaction of the target that is rolled back. A batch that was
    committed meanwhile has nothing wrong with it.

    Args:
        task: the chunk.
        kit: connections to the target and to every source of the run.
        plan: the whole, by which missing parents are traced.
        treatment: value rules that are tried first; rows they mend are no offenders.
        cause: what made the batch fail.
        source: where the batch's rows are read; None: the plan's.
        is_loose: the rows belong to no batch yet; all that the source gives are looked at.
        is_soft: False has a server that judges values without errors try them, as older ones must.

    Raises:
        FordwayError: source or target can't be read; after a cut the sources are opened anew.
    """
    began = time.monotonic()
    try:
        how = _How(treatment=treatment, is_soft=is_soft, source=source, is_loose=is_loose)
        return _sift(task, kit, plan, how, began=began, cause=cause)
    except ConnectionCut:
        kit.start_over()
        raise


def _sift(task: ChunkTask, kit: Kit, plan: Plan | None, how: _How, *, began: float, cause: str) -> Sifted:
    where = task.where
    with sifting(kit.target, where) as cursor:
        place = place_of(task.run_id, task.pass_, task.table.number, task.chunk)
        span, is_open = (_LOOSE, True) if how.is_loose else read_span(cursor, place)
        look = _look(task, kit, plan, how, cursor=cursor, span=span) if is_open else None
    at = ChunkAddress(
        pass_=task.pass_,
        table=task.table.name,
        table_number=task.table.number,
        chunk=task.chunk,
        label=span.label,
    )
    diagnosis = Diagnosis(at=at, rows=0, offending=0, groups=(), seconds=0.0, cause=cause)
    if look is None:
        return Sifted(diagnosis=replace(diagnosis, seconds=time.monotonic() - began))
    waiting = {
        group.link: number
        for number, group in enumerate(look.groups)
        if group.link is not None and group.kind is Offence.NO_PARENT
    }
    own = None if how.is_loose or how.source is not None else span
    traced = trace_parents(task, kit, look.links, waiting, look.missing, span=own)
    return Sifted(
        diagnosis=replace(
            diagnosis,
            rows=look.rows,
            offending=sum(len(group.rows) for group in look.groups),
            groups=tuple(
                replace(told, parents=traced.parents.get(number)) for number, told in enumerate(look.told)
            ),
            seconds=time.monotonic() - began,
        ),
        offenders=offenders_of(look.groups, look.words),
        amendments=look.amendments,
        missing=traced.missing,
    )


def _look(
    task: ChunkTask, kit: Kit, plan: Plan | None, how: _How, *, cursor: Cursor, span: KeyRange
) -> _Look:
    table = task.table
    looks_up = table.lane is Lane.STAGED
    site = open_site(cursor, table, task.schema, looks_up=looks_up, is_soft=how.is_soft)
    links = links_of(table, plan, site.shape.foreign_keys, schema=task.schema)
    stage = _stage(task, kit, site, span, source=how.source)
    inputs = list(zip(stage.input_places, stage.inputs, strict=True))
    checks = LookThrough(site, task, links, inputs, treatment=how.treatment)
    checks.run()
    groups = group_faults(list(site.settle()))
    words = Words(shape=site.shape, links=links)
    told = [_with_mends(offence_group(group, words), group, checks, links) for group in groups]
    return _Look(
        rows=site.count(is_live=False),
        words=words,
        groups=groups,
        told=told,
        amendments=_amendments(site, how.treatment),
        links=links,
        missing=site.missing(),
    )


def _stage(task: ChunkTask, kit: Kit, site: SiftSite, span: KeyRange, *, source: Source | None) -> RowStage:
    table = task.table
    source = source or kit.source(table.source)
    encoder = RowEncoder(table, engine=source.engine, run_time=kit.run_time)
    stage = RowStage(table, encoder, step=Step.READ)
    pages = source.read_range(
        table.source_table, columns=encoder.columns, key=table.chunk_key, span=span, where=table.where
    )
    present = present_rows(site.cursor, task) if task.has_late_rows else frozenset()
    site.stage(stage.columns, stage.copied, stage.lines(pages, present))
    site.refuse(stage.refused)
    return stage


def _with_mends(
    told: OffenceGroup, group: FaultGroup, checks: LookThrough, links: Sequence[Link]
) -> OffenceGroup:
    """The group with what value rules would do for its rows."""
    if group.kind not in _OF_VALUES:
        return told
    link = links[group.link] if group.link is not None else None
    if link is not None and link.key is not None:
        return replace(told, mends=((str(Action.NULL), told.rows),)) if checks.changeable(link) else told
    place = checks.place_of(group.place)
    if place is None or checks.made_by(place) is MadeBy.EXPRESSION:
        return told
    mends = checks.cells.count_mends(place, group.kind, group.place, told.rows)
    has_default = any(rule == Action.DEFAULT for rule, _ in mends)
    return replace(told, mends=mends, default=checks.cells.default_of(place) if has_default else "")


def _amendments(site: SiftSite, treatment: Treatment) -> tuple[Amendment, ...]:
    return tuple(
        Amendment(
            key=key_from_text(row["source_key"]),
            column=row["column_name"],
            old=row["old_value"],
            new=row["new_value"],
            action=treatment.remedies[row["remedy"]].action,
            remedy=treatment.remedies[row["remedy"]],
        )
        for row in site.amended()
    )

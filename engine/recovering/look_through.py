"""The checks a batch goes through, in order; each sees only rows that passed the ones before."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from engine.model.faults import Offence
from engine.model.plan import Lane, MadeBy
from engine.model.remedies import Action, Remedy, Treatment
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.recovering.judge_refusal import judge_refusal
from engine.recovering.links import Link, key_links
from engine.stores.sifting import SiftSite
from engine.stores.sifting_cells import SiftCells
from engine.stores.sifting_keys import SiftKeys
from engine.stores.sifting_made import SiftMade
from engine.stores.sifting_rows import SiftRows
from engine.stores.sifting_trial import SiftTrial

__all__ = ["LookThrough", "Step"]


class Step(IntEnum):
    """The order of the checks; a row counts in the first that finds something."""

    READ = 1
    """Each value by itself."""
    RECORDED = 2
    """The legacy key in the id map."""
    LOOKED_UP = 3
    COMPUTED = 4
    RESULT = 5
    """What came of lookups and expressions."""
    TYPED = 10
    """From here on whole rows, as the table would hold them."""
    EMPTY = 11
    CHECK = 12
    PARTITION = 13
    TAKEN = 14
    PARENT = 15
    REPEATED = 16
    LOST = 17
    """Parents within the table itself."""
    WRITTEN = 20
    """What only the real table tells."""


_MADE = (MadeBy.LOOKUP, MadeBy.EXPRESSION)
_OF_ROWS = (Action.NULL, Action.DEFAULT)
"""What can be done to a value only whole rows show the fault of."""


class LookThrough:
    """One batch that was staged."""

    def __init__(
        self,
        site: SiftSite,
        task: ChunkTask,
        links: Sequence[Link],
        inputs: Sequence[tuple[int, tuple[str, str, str]]],
        *,
        treatment: Treatment,
    ) -> None:
        """Nothing is checked yet.

        Args:
            site: the staged batch.
            task: the chunk.
            links: what its rows refer to.
            inputs: of expressions: the plan's column that reads it first, and where it is staged.
            treatment: what is done about values that do not fit.
        """
        self._site = site
        self._task = task
        self._table = task.table
        self._links = links
        self._inputs = inputs
        self._treatment = treatment
        self.cells = SiftCells(site)
        self._made = SiftMade(site, run_id=task.run_id, pass_=task.pass_)
        self._places = {column.target: place for place, column in enumerate(task.table.columns)}
        self._is_void_final = not site.shape.changes_rows
        """Nothing fills what the batch leaves empty."""

    def run(self) -> None:
        """Every row that can't be written is known, with all that was found before its row was left."""
        self._check_values()
        self._look_up()
        self._compute()
        rows = SiftRows(self._site)
        self._check_rows(rows)
        while self._mend_rows():
            # With another value a row may fail, or pass, any of these checks.
            self._site.forget_from(Step.TYPED)
            self._check_rows(rows)
        # Rules are followed by INSERT alone: COPY would write what a trial here would not.
        if self._table.lane is Lane.STAGED or not self._site.shape.rules:
            self._try_to_write()

    def place_of(self, name: str) -> int | None:
        """The plan's column that fills the target column of that name."""
        return self._places.get(name)

    def made_by(self, place: int) -> MadeBy:
        """Where the column's values come from."""
        return self._table.columns[place].made_by

    def _check_values(self) -> None:
        for place, column in enumerate(self._table.columns):
            if column.made_by not in _MADE:
                self.cells.find_misread(place, step=Step.READ)
                if self._is_void_final:
                    self.cells.find_void(place, step=Step.READ)
            elif column.lookup is not None and not column.lookup.source_table:
                self.cells.find_misread_wanted(place, step=Step.READ)
        for place, (stage, _, kind) in self._inputs:
            self.cells.find_misread_input(stage, kind, place, step=Step.READ)
        self._mend_values()
        table = self._table
        is_recorded = table.keeps_id_map and (self._task.pass_ is Pass.MOVE or table.is_looked_up)
        if is_recorded and table.lane is not Lane.STAGED:
            self._made.find_mapped(step=Step.RECORDED)

    def _look_up(self) -> None:
        for link in self._links:
            if link.place is not None:
                self._made.look_up(link.place, step=Step.LOOKED_UP, link=link.number)
        if any(link.place is not None for link in self._links):
            self._mend_values()

    def _compute(self) -> None:
        inputs = [staged for _, staged in self._inputs]
        for place, column in enumerate(self._table.columns):
            if column.made_by is MadeBy.EXPRESSION:
                self._made.compute(place, inputs, step=Step.COMPUTED)
        for place, column in enumerate(self._table.columns):
            if column.made_by in _MADE:
                self.cells.find_misread(place, step=Step.RESULT)
                if self._is_void_final or not column.is_nullable:
                    self.cells.find_void(place, step=Step.RESULT)

    def _mend_values(self) -> None:
        """Values the remedies make fit are no faults any more."""
        for kind, place in self._site.kinds() if self._treatment.remedies else ():
            at = self._places.get(place)
            if at is None or self._table.columns[at].made_by is MadeBy.EXPRESSION:
                continue
            fault = (Offence(kind), place)
            for number, remedy in self._treatment.changes_for(*fault):
                if self.cells.amend(at, fault, remedy, number=number):
                    self.cells.forget_amended(at, fault, number=number)

    def _check_rows(self, rows: SiftRows) -> None:
        keys = SiftKeys(self._site, rows)
        rows.fill(step=Step.TYPED)
        rows.rank()
        rows.find_empty(step=Step.EMPTY)
        rows.find_unchecked(step=Step.CHECK)
        rows.find_unplaced(step=Step.PARTITION)
        rows.judge()
        keys.find_taken(step=Step.TAKEN)
        links = key_links(self._links)
        keys.find_orphans(links, step=Step.PARENT)
        keys.find_repeated(step=Step.REPEATED)
        keys.find_lost(links, step=Step.LOST)

    def _try_to_write(self) -> None:
        trial = SiftTrial(self._site)
        if trial.insert_new():
            self._record(trial)
        if trial.update_taken():
            self._record(trial)
        # What was found of rows a trigger changes first is a suspicion only.
        suspects = {"step": Step.TYPED, "before": Step.WRITTEN}
        if self._site.shape.changes_rows and trial.insert_suspects(**suspects):
            self._record(trial)
        self._write_late(trial)

    def _write_late(self, trial: SiftTrial) -> None:
        """Rows whose parents of the same table were written after them are tried again, while that helps."""
        own = [number for number, key in key_links(self._links) if key.is_self]
        left = self._site.count_step(Step.WRITTEN) if own else 0
        while left and trial.insert_lost(own, step=Step.WRITTEN):
            self._record(trial)
            before, left = left, self._site.count_step(Step.WRITTEN)
            if left >= before:
                return

    def _record(self, trial: SiftTrial) -> None:
        by_name = {key.name: (number, key) for number, key in key_links(self._links)}
        is_staged = self._table.lane is Lane.STAGED
        for refusal in trial.settle(step=Step.TYPED):
            kind, place = judge_refusal(refusal, self._site.shape, sees_rules=is_staged)
            link = by_name.get(place) if kind is Offence.NO_PARENT else None
            trial.record(refusal, kind.value, place, step=Step.WRITTEN, link=link)

    def _mend_rows(self) -> bool:
        """Whether remedies changed values that only whole rows show the fault of."""
        is_changed = False
        for kind, place in self._site.kinds() if self._treatment.remedies else ():
            fault = (Offence(kind), place)
            for number, remedy in self._treatment.changes_for(*fault):
                for at, part in self._columns_of(fault, remedy) if remedy.action in _OF_ROWS else ():
                    is_changed |= self.cells.amend(at, fault, remedy, number=number, part=part)
        return is_changed

    def _columns_of(self, fault: tuple[Offence, str], remedy: Remedy) -> list[tuple[int, int]]:
        """Columns the remedy may change, each with its place in the key of the missing parent."""
        kind, place = fault
        link = next((link for link in self._links if link.key and link.key.name == place), None)
        if kind is not Offence.NO_PARENT or link is None:
            return []
        return self.changeable(link) if remedy.action is Action.NULL else self._only_one(link)

    def _only_one(self, link: Link) -> list[tuple[int, int]]:
        places = [self._places[name] for name in link.targets if name in self._places]
        return [(places[0], 1)] if len(places) == len(link.targets) == 1 else []

    def changeable(self, link: Link) -> list[tuple[int, int]]:
        """Columns of a reference that may be empty, so that it refers to nothing; none: it can't be.

        Each comes with its part of the parent's key, from 1.
        """
        found = [
            (self._places[name], part)
            for part, name in enumerate(link.targets, start=1)
            if name in self._places
            and self._table.columns[self._places[name]].made_by not in _MADE
            and self.cells.may_be_null(self._places[name])
        ]
        is_whole = len(found) == len(link.targets)
        return found if is_whole or not (link.key is not None and link.key.is_full) else []

"""Where and on whose behalf objects are built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.model.errors import PlanDrifted
from engine.model.events import ObjectBuilt
from engine.model.plan import ForeignKeyPlan, TablePlan
from engine.stores.target_identity import Kind, find_identity, remember_identity
from engine.stores.target_session import TargetSession

__all__ = ["Build", "BuildSite", "in_the_way"]

Build = Callable[[TargetSession], str | None]
"""Makes one object in transactions of its own; what was made in words, or None when it stood already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSite:
    """Where and on whose behalf objects are built."""

    run_id: str
    epoch: int
    target: TargetSession
    hands: int = 1
    """How many objects of one kind are built at once."""
    scratch: str = ""
    """The rehearsal's schema; empty in the real move."""
    on_built: Callable[[ObjectBuilt], None] = lambda _: None
    aside: frozenset[tuple[str, str]] = frozenset()
    """Target tables, schema and name, some of whose rows were set aside in this pass."""
    on_unlinked: Callable[[TablePlan, ForeignKeyPlan, str], None] | None = None
    """Told of a foreign key that rows break, and of the schema its parent is in; None: that is a fault."""
    wait_until_back: Callable[[], object] = lambda: None
    """Returns when the target answers again."""

    def schema_of(self, table: TablePlan) -> str:
        """Where the table stands."""
        return self.scratch or table.target_schema

    def path_of(self, schema: str) -> tuple[str, ...]:
        """Where the names in definitions are looked up, first to last."""
        return (self.scratch, schema) if self.scratch else (schema,)

    @contextmanager
    def transaction(self, target: TargetSession, where: str, *, schema: str) -> Iterator[Any]:
        """A transaction of the run's owner that looks names up in ``schema``.

        Raises:
            LeaseLost: another runner took over.
        """
        with target.transaction(where) as cursor:
            target.check_epoch(cursor, self.run_id, self.epoch)
            target.look_up_in(cursor, self.path_of(schema))
            yield cursor

    def stands(self, cursor: Any, kind: Kind, what: str, *, schema: str, name: str) -> bool:  # noqa: ANN401 - a cursor
        """Whether the object was built before, by this run, under whatever name it has now.

        A rehearsal's schema is its own: what stands there is ours.

        Args:
            cursor: the open transaction.
            kind: of what kind it is.
            what: the object in words, for the error.
            schema: where the plan has it.
            name: what the plan calls it.

        Raises:
            PlanDrifted: somebody else's has the name.
        """
        query = "type_exists" if kind == "type" else "relation_exists"
        there = TargetSession.exists(cursor, query, schema=schema, name=name)
        if self.scratch:
            return there is not None
        known = find_identity(cursor, self.run_id, kind, schema=schema, name=name)
        if there is None:
            return known is not None and not known.is_gone
        if known is None or not known.stands_as(schema, name):
            raise in_the_way(what, schema)
        return True

    def remember(self, cursor: Any, kind: Kind, *, schema: str, name: str) -> None:  # noqa: ANN401 - a cursor
        """The object just built is known as the run's, once the transaction commits."""
        if not self.scratch:
            remember_identity(cursor, self.run_id, kind, schema=schema, name=name)


def in_the_way(what: str, where: str) -> PlanDrifted:
    """The error of an object that has the name of one the run is to build."""
    return PlanDrifted(
        f"There is something else in place of the {what}, and this run did not make it",
        where=where,
        safe="It was left as it is, and every committed batch stands",
        todo="Rename or remove it, then try again; or undo the run",
        facts={"fault": "R206"},
    )

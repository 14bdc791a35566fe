"""Where and on whose behalf objects are built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.model.events import ObjectBuilt
from engine.model.plan import TablePlan
from engine.stores.target_session import TargetSession

__all__ = ["Build", "BuildSite"]

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

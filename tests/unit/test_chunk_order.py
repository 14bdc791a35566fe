from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from threading import Timer
from types import SimpleNamespace
from typing import Any

import pytest

from engine.model.run import Pass
from engine.moving.run_table import Control, TableJob, move_table

from .plan_facts import catalog, plan, table


class _Pool:
    """Three hands that take a moment for each batch."""

    workers = 3

    def __init__(self) -> None:
        self.open: list[Future[None]] = []
        self.most = 0
        self.order: list[int] = []

    def submit(self, _work: object, task: Any) -> Future[None]:  # noqa: ANN401 - a chunk's task
        future: Future[None] = Future()
        self.open = [other for other in self.open if not other.done()] + [future]
        self.most = max(self.most, len(self.open))
        self.order.append(task.chunk)
        # A moment later, so that whoever hands out more at once does so before.
        Timer(0.02, future.set_result, [None]).start()
        return future


def _pending(*_key: object) -> Iterator[int]:
    return iter(range(1, 7))


@pytest.mark.parametrize(("keeps_order", "most"), [(True, 1), (False, 4)])
def test_batches_whose_rows_may_meet_go_one_after_another(keeps_order: bool, most: int) -> None:
    """However many hands there are, their order decides; other batches use all hands, and one waits behind."""
    [found] = plan(catalog(table("item"))).tables
    job = TableJob(
        run_id="r", epoch=1, pass_=Pass.MOVE, table=replace(found, keeps_order=keeps_order), schema="public"
    )
    pool = _Pool()
    ledger = SimpleNamespace(
        chunks=SimpleNamespace(pending=_pending, late=lambda *_: []),
        recovery=SimpleNamespace(said=lambda *_: {}, standing=lambda *_: (), open_faults=lambda *_: []),
    )

    is_done = move_table(job, ledger=ledger, pool=pool, control=Control())  # type: ignore[arg-type]  # doubles

    assert (True, most, [1, 2, 3, 4, 5, 6]) == (is_done, pool.most, pool.order)

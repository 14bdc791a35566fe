"""A table's chunks compared by hands that die."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace
from typing import cast

import pytest

from engine.checking.chunk_rows import CheckTask
from engine.checking.compare_chunk import Verdict
from engine.checking.compare_rows import Comparison, compare_chunks
from engine.hands.pool import Hands
from engine.model.errors import Transient


class _MortalHands:
    """Dies at the submissions whose ordinals are named; the task is lost, or refused at once."""

    workers = 2

    def __init__(self, *, lost: frozenset[int] = frozenset(), refused: frozenset[int] = frozenset()) -> None:
        self.given = 0
        self.rebuilt = 0
        self._lost, self._refused = lost, refused

    def submit(self, _work: object, task: CheckTask) -> Future[Verdict]:
        self.given += 1
        future: Future[Verdict] = Future()
        if self.given in self._refused:
            raise BrokenProcessPool
        if self.given in self._lost:
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(_verdict(task.chunk))
        return future

    def rebuild(self) -> None:
        self.rebuilt += 1


def _verdict(chunk: int) -> Verdict:
    digest = f"of {chunk}"
    return Verdict(
        chunk=chunk, source_rows=1, target_rows=1, source_digest=digest, target_digest=digest, matching=1
    )


def _tasks(count: int) -> Iterator[CheckTask]:
    table = SimpleNamespace(name="item")
    return (cast("CheckTask", SimpleNamespace(chunk=number, table=table)) for number in range(1, count + 1))


def _compare(hands: _MortalHands, chunks: int) -> tuple[Comparison, list[int]]:
    told: list[int] = []
    found = compare_chunks(
        _tasks(chunks),
        hands=cast("Hands", hands),
        known=lambda _: None,
        on_verdict=lambda task, _: told.append(task.chunk),
    )
    return found, told


@pytest.mark.parametrize("how", ["lost", "refused"])
@pytest.mark.parametrize("ordinal", [1, 4, 9])
def test_chunks_of_a_dead_worker_are_compared_again(how: str, ordinal: int) -> None:
    """The sum is the one that living hands would have found; each chunk is told of."""
    hands = _MortalHands(**{how: frozenset({ordinal})})

    found, told = _compare(hands, 9)

    assert _compare(_MortalHands(), 9)[0] == found
    assert (1, 9, set(range(1, 10))) == (hands.rebuilt, found.matching, set(told))


def test_workers_that_die_again_and_again_end_in_a_sentence() -> None:
    """Four deaths without a verdict between them: something ends the workers, and a person has to look."""
    with pytest.raises(Transient, match="Worker processes die again and again"):
        _compare(_MortalHands(lost=frozenset(range(1, 100))), 9)

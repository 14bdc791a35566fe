"""From the journal to what the screens show: one pure fold.

The fold is split by what an event is about; each part matches its share exhaustively, and
the shares together are the whole union. One event costs the same however long the run is:
tuples that are copied have a bound, and chunks live in a ``ChunkLog``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from screens.fold_facts import Facts, Outcome, fold_facts, fold_outcome
from screens.fold_life import Life, fold_life
from screens.fold_recovery import Recovery, fold_recovery
from screens.fold_rows import Rows, fold_rows
from screens.fold_talk import Talk, fold_talk
from screens.forecast import Eta, eta_of, rate_of
from screens.view_model import RunView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.events import JournalEntry

__all__ = ["Eta", "RunView", "eta_of", "fold", "fold_all", "rate_of"]


def fold(view: RunView, entry: JournalEntry) -> RunView:
    """The view after the entry; an entry it already holds changes nothing."""
    if entry.number <= view.number:
        return view
    view = replace(view, number=entry.number, last_at=entry.at)
    event = entry.event
    if isinstance(event, Life):
        return fold_life(view, event, entry.at)
    if isinstance(event, Facts):
        return fold_facts(view, event, entry.at)
    if isinstance(event, Rows):
        return fold_rows(view, event, entry.at)
    if isinstance(event, Outcome):
        return fold_outcome(view, event, entry.at)
    if isinstance(event, Recovery):
        return fold_recovery(view, event, entry.at)
    if isinstance(event, Talk):
        return fold_talk(view, event, entry.at)
    assert_never(event)


def fold_all(view: RunView, entries: Iterable[JournalEntry]) -> RunView:
    """The view after all entries, in their order."""
    for entry in entries:
        view = fold(view, entry)
    return view

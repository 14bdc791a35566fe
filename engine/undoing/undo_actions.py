"""What a run made besides tables and rows is taken back: views, types, sequences' positions, schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.model.errors import FordwayError, StatementFailed
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_identity import find_identity, kind_of
from engine.stores.target_undo import TargetUndo
from engine.undoing.undo_site import UndoSite

__all__ = ["is_view", "undo_actions"]


def undo_actions(site: UndoSite, actions: list[UndoAction], is_meant: Callable[[UndoAction], bool]) -> None:
    """What is armed and meant is taken back, newest first.

    Of a part of the run, what has to stay stays armed.
    """
    for action in actions:
        if action.state == "armed" and is_meant(action):
            _undo_action(site, action)


def is_view(action: UndoAction) -> bool:
    """Whether it made a view."""
    return action.kind == "create_object" and bool(action.object["kind"].endswith("view"))


def _undo_action(site: UndoSite, action: UndoAction) -> None:
    """A sequence goes back if nobody drew from it since; a schema goes if it is empty."""
    thing = action.object
    try:
        with site.target.transaction("undoing what the run made") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            state, note = "done", ""
            if action.kind == "create_schema":
                note = _drop_schema(cursor, site.run_id, thing["schema"])
            elif action.kind == "create_object":
                note = _drop_object(cursor, site.run_id, thing)
            elif site.target.sequence_stands_at(cursor, thing["name"], thing["set_to"]):
                site.target.set_sequence(
                    cursor, thing["name"], thing["last_value"], is_called=thing["is_called"]
                )
            else:
                state, note = "kept", "numbers were drawn from it since"
            if state == "done" or site.part is None:
                TargetUndo.close_action(cursor, site.run_id, action.number, state=state, note=note)
    except StatementFailed as error:
        if site.part is not None:
            return
        with site.target.transaction("undoing what the run made") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            TargetUndo.close_action(cursor, site.run_id, action.number, state="kept", note=_reason(error))


def _drop_schema(cursor: Any, run_id: str, name: str) -> str:  # noqa: ANN401 - a cursor
    """The schema is gone under whatever name, if it was empty; what there is to say of it."""
    known = find_identity(cursor, run_id, "schema", name=name)
    if known is not None and known.is_gone:
        return "removed by someone else"
    TargetUndo.drop_schema(cursor, name if known is None else known.name)
    return ""


def _drop_object(cursor: Any, run_id: str, thing: dict[str, Any]) -> str:  # noqa: ANN401 - a cursor
    """The object is gone under whatever name; what there is to say of it."""
    schema, name = thing["schema"], thing["name"]
    known = find_identity(cursor, run_id, kind_of(thing["kind"]), schema=schema, name=name)
    if known is not None and known.is_gone:
        return "removed by someone else"
    if known is not None:
        schema, name = known.schema, known.name
    TargetUndo.drop_object(cursor, thing["kind"], schema, name)
    return ""


def _reason(error: FordwayError) -> str:
    return error.what

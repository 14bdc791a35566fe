"""Notices that the playbook's file says something else than what was approved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.agents.context import RunContext
from engine.model.errors import BadInput, PlanDrifted
from engine.playbooks.load import load_playbook
from engine.playbooks.spec import Playbook

__all__ = ["check_playbook", "playbook_differences"]

_PLACES = ("sources", "target")
"""Flags and the environment have a say in these; drift of what is in them is looked for elsewhere."""


def check_playbook(context: RunContext) -> None:
    """The file says what it said when the run was made, or somebody said that this does not matter.

    A file that is not there tells nothing: the run may go on at another machine.

    Raises:
        PlanDrifted: it says something else now.
    """
    file = context.settings.playbook_file
    if not file or not Path(file).exists():
        return
    digest, changed = _read(context.playbook, file)
    key = f"playbook/{digest}"
    if not changed or "retry" in context.ledger.recovery.trial(context.run_id, key).tried:
        return
    raise PlanDrifted(
        f"The playbook was edited since this run was made: {', '.join(changed)}",
        where=file,
        safe="The run goes by what was approved",
        todo="Go on by the approved plan, or undo and start a new run with the new text",
        facts={"fault": "R207", "key": key},
    )


def playbook_differences(was: Playbook, now: Playbook) -> tuple[str, ...]:
    """What differs, by the playbook's keys: ``defaults``, ``table visit``."""
    before, after = _said(was), _said(now)
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return tuple(
        name
        for key in keys
        for name in (_tables(was, now) or ("the order of tables",) if key == "tables" else (key,))
    )


def _read(was: Playbook, file: str) -> tuple[str, tuple[str, ...]]:
    """The digest of what the file says, and how that differs."""
    try:
        now = load_playbook(file, environment=_AnyVariable())
    except BadInput as error:
        return hashlib.sha256(error.what.encode()).hexdigest()[:12], (f"it has a fault: {error.what}",)
    text = json.dumps(_said(now), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12], playbook_differences(was, now)


def _said(playbook: Playbook) -> dict[str, Any]:
    body = playbook.model_dump(mode="json", by_alias=True, exclude_unset=True)
    said = {key: value for key, value in body.items() if key not in _PLACES}
    # Where the file names no size of batches, the run's is that of the machine it was made on.
    defaults = {key: value for key, value in said.pop("defaults", {}).items() if key != "batch_rows"}
    return {**said, "defaults": defaults} if defaults else said


def _tables(was: Playbook, now: Playbook) -> tuple[str, ...]:
    before, after = _by_name(was), _by_name(now)
    return tuple(f"table {name}" for name in {**before, **after} if before.get(name) != after.get(name))


def _by_name(playbook: Playbook) -> dict[str, list[Any]]:
    """The texts of each target table, which several sources may fill."""
    found: dict[str, list[Any]] = {}
    for table in playbook.tables:
        found.setdefault(table.to or table.from_, []).append(
            table.model_dump(mode="json", by_alias=True, exclude_unset=True)
        )
    return found


class _AnyVariable(Mapping[str, str]):
    """An environment in which every variable is set: only URLs hold them, and these are not looked at."""

    def __getitem__(self, name: str) -> str:
        return name

    def __iter__(self) -> Any:  # noqa: ANN401 - of no names
        return iter(())

    def __len__(self) -> int:
        return 0

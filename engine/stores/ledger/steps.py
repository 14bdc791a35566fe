"""Durable steps: what is done is never done again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.stores.ledger.connection import LedgerConnection, as_json

__all__ = ["PHASES", "StepStore"]

PHASES = ("discover", "plan", "rehearse", "move", "index", "verify")
"""The phases whose seconds are published, in order."""


class StepStore:
    """Durable steps: what is done is never done again."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def start(self, run_id: str, key: str, *, input_hash: str = "") -> bool:
        """Whether the step has to be done; False when it was done with the same input."""
        row = self._ledger.one(
            "runs/start_step", {"run_id": run_id, "step_key": key, "input_hash": input_hash}
        )
        return row is not None

    def finish(self, run_id: str, key: str, *, seconds: float, output: object = None) -> None:
        """The step is done."""
        self._ledger.run(
            "runs/finish_step",
            {"run_id": run_id, "step_key": key, "output": as_json(output), "seconds": seconds},
        )

    def fail(self, run_id: str, key: str, *, error: str, seconds: float) -> None:
        """The step ended without being done; the time it took counts all the same."""
        self._ledger.run(
            "runs/fail_step",
            {"run_id": run_id, "step_key": key, "error": error or "unknown", "seconds": seconds},
        )

    def outputs(self, run_id: str) -> dict[str, tuple[str, Any, float]]:
        """State, output and seconds by step key."""
        rows = self._ledger.many("runs/list_steps", {"run_id": run_id})
        return {row["step_key"]: (row["state"], row["output"], row["seconds"]) for row in rows}

    def is_done(self, run_id: str, key: str) -> bool:
        """Whether the step came to its end, and its result still holds."""
        return self.outputs(run_id).get(key, ("", None, 0.0))[0] == "done"

    def reset(self, run_id: str, keys: Sequence[str]) -> None:
        """These steps will be done anew."""
        self._ledger.run("runs/reset_steps", {"run_id": run_id, "keys": list(keys)})

    def phase_seconds(self, run_id: str) -> dict[str, float]:
        """Seconds by phase for the final report, in order; a phase not run is absent."""
        found = self.outputs(run_id)
        return {
            name: round(found[name][2], 3)
            for name in PHASES
            if name in found and not (isinstance(found[name][1], dict) and found[name][1].get("skipped"))
        }

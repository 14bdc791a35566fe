"""Rules, treatments, trials and amendments: what decisions about faults left in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from engine.model.events import RuleMade, RuleRevoked
from engine.model.faults import Offence
from engine.model.plan import Policy
from engine.model.remedies import Action, Remedy
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["NewRule", "RecoveryStore", "StoredRule", "Trial"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """An answer that shall stand for every such fault of the run."""

    table_number: int
    target_table: str
    kind: Offence
    place: str
    action: Action
    value: str | None
    words: str
    decision_id: str
    by: str
    from_where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRule:
    """A rule and whether it stands."""

    rule_id: int
    table_number: int
    target_table: str
    kind: Offence
    place: str
    action: Action
    value: str | None
    words: str
    decision_id: str
    made_by: str
    made_from: str
    made_at: datetime
    uses: int
    """Batches it answered for."""
    revoked_by: str | None
    revoked_at: datetime | None

    @property
    def remedy(self) -> Remedy:
        """What it says about a batch's rows."""
        return Remedy(
            action=self.action,
            kind=self.kind,
            place=self.place,
            value=self.value,
            decision_id=self.decision_id,
            by=self.made_by,
            rule_id=self.rule_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How far the escalation of a fault has come."""

    level: int
    attempts: int
    tried: tuple[str, ...] = ()
    """Options that were taken for it, oldest first."""


class RecoveryStore:
    """What was decided about faults, and how often each was tried."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def make_rule(self, run_id: str, rule: NewRule) -> int:
        """The rule stands, in place of an earlier one for the same fault, and the journal says so."""
        values = {
            "run_id": run_id,
            "table_number": rule.table_number,
            "target_table": rule.target_table,
            "kind": rule.kind,
            "place": rule.place,
            "action": rule.action,
            "value": rule.value,
            "words": rule.words,
            "decision_id": rule.decision_id,
            "made_by": rule.by,
            "made_from": rule.from_where,
        }

        def work(cursor: Any) -> int:  # noqa: ANN401 - psycopg's cursor
            rule_id = int(cursor.execute(load("recovery/add_rule"), values).fetchone()["rule_id"])
            made = RuleMade(rule_id=rule_id, words=rule.words, by=rule.by)
            cursor.execute(load("journal/record_event"), event_parameters(run_id, made))
            return rule_id

        return cast("int", self._ledger.once(work))

    def rules(self, run_id: str, *, only_standing: bool = True) -> list[StoredRule]:
        """The run's rules, oldest first."""
        rows = self._ledger.many("recovery/list_rules", {"run_id": run_id, "only_standing": only_standing})
        return [
            StoredRule(**{**row, "kind": Offence(row["kind"]), "action": Action(row["action"])})
            for row in rows
        ]

    def standing(self, run_id: str, table_number: int) -> tuple[Remedy, ...]:
        """What standing rules say about rows of a table, the oldest first."""
        return tuple(rule.remedy for rule in self.rules(run_id) if rule.table_number == table_number)

    def said(self, run_id: str, table_number: int) -> dict[int, tuple[Remedy, ...]]:
        """What is done with rows of batches where somebody said something: first what rules say."""
        armed = self.treatments(run_id, table_number)
        standing = self.standing(run_id, table_number) if armed else ()
        return {
            number: (*_not_from(standing, {remedy.decision_id for remedy in remedies}), *remedies)
            for number, remedies in armed.items()
        }

    def revoke_rule(self, run_id: str, rule_id: int, *, who: str) -> bool:
        """Whether the rule stood until now; what it did stays done."""

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            values = {"run_id": run_id, "rule_id": rule_id, "who": who}
            row = cursor.execute(load("recovery/revoke_rule"), values).fetchone()
            if row is None:
                return False
            event = RuleRevoked(rule_id=rule_id, words=row["words"], by=who)
            cursor.execute(load("journal/record_event"), event_parameters(run_id, event))
            return True

        return cast("bool", self._ledger.once(work))

    def arm(self, run_id: str, table_number: int, chunk: int, remedies: tuple[Remedy, ...]) -> None:
        """The remedies are carried out when the batch is written."""
        self._ledger.many_times(
            "recovery/arm_treatment",
            [
                {
                    "run_id": run_id,
                    "table_number": table_number,
                    "chunk_number": chunk,
                    "kind": remedy.kind or "",
                    "place": remedy.place,
                    "action": remedy.action,
                    "value": remedy.value,
                    "decision_id": remedy.decision_id,
                }
                for remedy in remedies
            ],
        )
        self._ledger.run(
            "recovery/supersede_answers",
            {"run_id": run_id, "table_number": table_number, "chunk_number": chunk},
        )

    def treatments(self, run_id: str, table_number: int) -> dict[int, tuple[Remedy, ...]]:
        """What waits to be carried out, by batch."""
        found: dict[int, tuple[Remedy, ...]] = {}
        rows = self._ledger.many("recovery/list_treatments", {"run_id": run_id, "table_number": table_number})
        for row in rows:
            remedy = Remedy(
                action=Action(row["action"]),
                kind=Offence(row["kind"]) if row["kind"] else None,
                place=row["place"],
                value=row["value"],
                decision_id=row["decision_id"],
                by=row["answered_by"] or "",
            )
            found[row["chunk_number"]] = (*found.get(row["chunk_number"], ()), remedy)
        return found

    def decided(self, run_id: str, table_number: int) -> tuple[Remedy, ...]:
        """What answers said about rows of the table's batches, done or not, each once, the oldest first."""
        rows = self._ledger.many("recovery/list_decided", {"run_id": run_id, "table_number": table_number})
        return tuple(
            Remedy(
                action=Action(row["action"]),
                kind=Offence(row["kind"]) if row["kind"] else None,
                place=row["place"],
                value=row["value"],
            )
            for row in rows
        )

    def amend(
        self, run_id: str, table_number: int, policy: Policy, *, newest_by: str, decision_id: str
    ) -> None:
        """From now on the table's taken keys are merged so."""
        self._ledger.run(
            "recovery/amend_plan",
            {
                "run_id": run_id,
                "table_number": table_number,
                "on_conflict": policy,
                "newest_by": newest_by,
                "decision_id": decision_id,
            },
        )

    def amendments(self, run_id: str) -> dict[int, tuple[Policy, str]]:
        """Policy and the column it compares, by table."""
        rows = self._ledger.many("recovery/list_amendments", {"run_id": run_id})
        return {row["table_number"]: (Policy(row["on_conflict"]), row["newest_by"]) for row in rows}

    def count_trial(self, run_id: str, fault: str, *, level: int, error: str) -> Trial:
        """The fault was tried once more; how often that makes on this level."""
        values = {"run_id": run_id, "fault": fault, "level": level, "error": error}
        row = self._ledger.one("recovery/count_trial", values)
        assert row is not None, "an upsert returns its row"
        return Trial(level=row["level"], attempts=row["attempts"])

    def trial(self, run_id: str, fault: str) -> Trial:
        """How far the fault's escalation has come; level 0 when it was never met."""
        row = self._ledger.one("recovery/read_trial", {"run_id": run_id, "fault": fault})
        if row is None:
            return Trial(level=0, attempts=0)
        return Trial(level=row["level"], attempts=row["attempts"], tried=tuple(row["tried"]))

    def note_tried(self, run_id: str, fault: str, option: str) -> None:
        """The option was taken for the fault."""
        self._ledger.run("recovery/note_tried", {"run_id": run_id, "fault": fault, "option": option})

    def failed_options(self, run_id: str, fault: str) -> tuple[str, ...]:
        """Options that were taken for the fault and could not be carried out."""
        rows = self._ledger.many("decisions/list_failed", {"run_id": run_id, "fault": fault})
        return tuple(row["answer"] for row in rows)

    def give_up(self, run_id: str, decision_id: str, *, why: str) -> None:
        """The answer could not be carried out, and nothing of it waits to be written: both, or neither.

        What it has written stands.
        """
        outcome = {"decision_id": decision_id, "outcome": as_json({"state": "failed", "why": why})}

        def work(cursor: Any) -> None:  # noqa: ANN401 - psycopg's cursor
            cursor.execute(load("recovery/forget_open_late"), {"run_id": run_id, "decision_id": decision_id})
            cursor.execute(load("decisions/set_outcome"), outcome)

        self._ledger.patiently(work)

    def late_keys(self, run_id: str, table_number: int, chunk: int) -> list[Any]:
        """Source keys of a batch that was brought in, as the ledger holds them."""
        values = {"run_id": run_id, "table_number": table_number, "chunk_number": chunk}
        return [row["source_key"] for row in self._ledger.many("recovery/list_late_rows", values)]

    def brought(self, run_id: str, decision_id: str) -> dict[str, int]:
        """Rows, by target table, that a decision brought in or made placeholders of."""
        rows = self._ledger.many("recovery/count_brought", {"run_id": run_id, "decision_id": decision_id})
        return {row["target_table"]: row["rows"] for row in rows}

    def amended(self, run_id: str, table_number: int) -> list[dict[str, Any]]:
        """Values decisions changed in one table, as ``sql/recovery/list_amended`` names them."""
        values = {"run_id": run_id, "table_number": table_number, "chunk_number": None}
        return self._ledger.many("recovery/list_amended", values)

    def amended_counts(self, run_id: str) -> list[dict[str, Any]]:
        """How many values decisions changed: table_number, column_name, action, changed_by, changed."""
        return self._ledger.many("recovery/count_amended", {"run_id": run_id})

    def placeholders(self, run_id: str) -> dict[int, int]:
        """Placeholders that stand in the target, by table number."""
        rows = self._ledger.many("recovery/list_chunk_writes", {"run_id": run_id, "table_number": None})
        found: dict[int, int] = {}
        for row in rows:
            if row["kind"] == "placeholder":
                found[row["table_number"]] = found.get(row["table_number"], 0) + row["rows"]
        return found

    def connections(self) -> tuple[int, int]:
        """Connections of the target's server in use, and how many it allows."""
        row = self._ledger.one("doctor/count_connections")
        return (row["used"], row["most"]) if row else (0, 0)

    def open_faults(self, run_id: str, prefix: str) -> list[str]:
        """Faults beginning so whose escalation is not over."""
        rows = self._ledger.many("recovery/list_trials", {"run_id": run_id, "prefix": prefix})
        return [row["fault"] for row in rows]

    def forget_trials(self, run_id: str, prefix: str) -> None:
        """Faults beginning so are over; should they come again, it is with all their attempts."""
        self._ledger.run("recovery/forget_trials", {"run_id": run_id, "prefix": prefix})


def _not_from(standing: tuple[Remedy, ...], decisions: set[str]) -> tuple[Remedy, ...]:
    """Rules but for those that these decisions made: the batch they were made for has the answer itself."""
    return tuple(remedy for remedy in standing if remedy.decision_id not in decisions)

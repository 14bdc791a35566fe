"""``fordway rules``: standing answers, seen and revoked."""

from __future__ import annotations

from console.commands_quarantine import with_ledger
from console.held_work import MOST_NUMBER
from console.narrator import Narrator
from console.wiring import Opened, operator_name
from engine.guidance.words import count_of
from engine.model.errors import BadInput
from engine.model.run import ExitCode
from engine.stores.ledger import Ledger

__all__ = ["list_rules", "revoke"]


def list_rules(run: str, *, target: str, as_json: bool) -> int:
    """``fordway rules list``."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        rules = ledger.recovery.rules(run_id, only_standing=False)
        for rule in rules:
            if narrator.is_json:
                narrator.line(
                    {
                        "event": "rule", "run": run_id, "id": rule.rule_id, "table": rule.target_table,
                        "kind": str(rule.kind), "place": rule.place, "action": str(rule.action),
                        "value": rule.value, "words": rule.words, "by": rule.made_by, "from": rule.made_from,
                        "uses": rule.uses, "revoked_by": rule.revoked_by,
                    }
                )  # fmt: skip
                continue
            gone = f", revoked by {rule.revoked_by}" if rule.revoked_by else ""
            narrator.say(
                f"{rule.rule_id}  {rule.words} (by {rule.made_by}, {count_of(rule.uses, 'uses')}{gone})"
            )
        if not rules:
            narrator.say(f"No answer stands for every such error in run {run_id}.")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)


def revoke(run: str, number: int, *, target: str, as_json: bool) -> int:
    """``fordway rules revoke``."""

    def work(_opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        if number > MOST_NUMBER or not ledger.recovery.revoke_rule(run_id, number, who=operator_name()):
            raise BadInput(
                f"No rule {number} stands in run {run_id}", todo=f"`fordway rules list {run_id}` shows them"
            )
        if narrator.is_json:
            narrator.line({"event": "rule_revoked", "run": run_id, "id": number})
        narrator.say(f"Rule {number} holds no longer; the next such error asks again.")
        return ExitCode.COMPLETE

    return with_ledger(run, work, target=target, as_json=as_json)

"""A value somebody gives with an answer: tried in the columns it is meant for before the answer is taken."""

from __future__ import annotations

from engine.model.codec import diagnosis_from_json
from engine.model.plan import Plan
from engine.stores.ledger.answers import StoredDecision
from engine.stores.target_trial import why_no_value

__all__ = ["why_not_given"]


def why_not_given(stored: StoredDecision, option: str, value: str, *, plan: Plan | None, url: str) -> str:
    """Empty when the value can stand in one of the columns at least, else why not.

    What only whole rows show, such as a check, is found when the batch is written: then it is asked again.

    Args:
        stored: the open question.
        option: the answer.
        value: what is given with it; empty: what the option itself proposes.
        plan: of the run.
        url: of the target.

    Raises:
        CannotConnect: the target does not answer.
    """
    chosen, body, at = stored.decision.option(option), stored.evidence.get("diagnosis"), stored.decision.at
    if chosen is None or not chosen.wants_value or not value or not body or plan is None or at is None:
        return ""
    table = next((table for table in plan.tables if table.number == at.table_number), None)
    places = {group.place for group in diagnosis_from_json(body).groups if dict(group.mends).get(option)}
    columns = [column for column in (table.columns if table else ()) if column.target in places]
    refused = [why_no_value(url, table, column, value) for column in columns] if table else []
    return refused[0] if refused and all(refused) else ""

from __future__ import annotations

import pytest

from engine.agents.questions import ask_approval
from engine.model.catalog import Catalog, ColumnProfile
from engine.model.findings import Severity
from engine.model.plan import Plan
from engine.planning.accept_misfits import accept_by_run

from .plan_facts import catalog, column, identity, plan, profile, table

SOURCE = catalog(table("a", identity(), column("t"), column("n", "INTEGER")))
VALUES = {
    "a": (
        profile("id", integers=10),
        profile("t", texts=10, nul_texts=3, examples=(("nul", "7"),)),
        profile("n", integers=8, blobs=2, examples=(("blob", "4"),)),
    )
}


def found(
    source: Catalog = SOURCE, values: dict[str, tuple[ColumnProfile, ...]] = VALUES, **body: object
) -> Plan:
    return plan(source, profiles=values, **body)


def test_rows_that_would_be_set_aside_forbid_the_approval_until_somebody_says_so() -> None:
    """Each such finding counts its rows and names one of them by its key."""
    assert [("F110", "a.t", 3, "3 of 10 rows, e.g. id 7"), ("F115", "a.n", 2, "2 of 10 rows, e.g. id 4")] == [
        (f.code, f.place, f.violates, f.evidence) for f in found().violations
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"defaults": {"on_misfit": "quarantine"}},
        {
            "tables": [
                {"from": "a", "columns": {"t": {"from": "t", "on_misfit": "quarantine"}, "n": {"from": "n", "on_misfit": "quarantine"}}}
            ]
        },
        {"tables": [{"from": "a", "leave": ["t", "n"]}]},
        {
            "tables": [
                {"from": "a", "leave": ["t"], "columns": {"n": {"from": "n", "rule": "null_misfits"}}}
            ]
        },
    ],
    ids=["all", "columns", "left", "rule"],
)  # fmt: skip
def test_what_the_playbook_explains_no_longer_forbids(body: dict[str, object]) -> None:
    """By a word for all, a word for the column, by leaving it, or by a rule for its values."""
    assert () == found(**body).violations


def test_a_column_may_ask_although_the_playbook_accepts_all_others() -> None:
    """The nearer word wins."""
    columns = {"t": {"from": "t", "on_misfit": "ask"}}
    body = {"defaults": {"on_misfit": "quarantine"}, "tables": [{"from": "a", "columns": columns}]}

    assert ["a.t"] == [f.place for f in found(**body).violations]


@pytest.mark.parametrize(
    ("on_error", "is_yes", "why"),
    [("quarantine", False, "--on-error quarantine"), ("recommended", False, "--on-error recommended"), ("ask", True, "--yes")],
)  # fmt: skip
def test_consent_given_when_the_run_was_started_is_said_in_the_finding(
    on_error: str, is_yes: bool, why: str
) -> None:
    """The rows are still counted; who accepted them stands beside."""
    accepted = accept_by_run(found(), on_error=on_error, is_yes=is_yes)

    assert () == accepted.violations
    assert {f"Those rows will be quarantined, the others move: {why} accepts that"} == {
        f.remedy for f in accepted.findings if f.violates
    }
    assert {Severity.WARNING} == {f.severity for f in accepted.findings if f.violates}


def test_approval_offers_to_set_the_rows_aside() -> None:
    """The plain approvals say why they can't be chosen, and two others name the rows."""
    question = ask_approval(found(), number=1, run_id="r")

    assert {"approve": False, "approve-move": False, "approve-aside": True, "approve-aside-move": True, "decline": True} == {
        option.name: not option.unavailable for option in question.options
    }  # fmt: skip
    assert "decline" == question.safest
    aside = question.option("approve-aside")
    assert aside is not None
    assert "Set these 5 rows aside, rehearse first" == aside.label

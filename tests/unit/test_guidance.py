from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import guidance
from engine.guidance.words import count_of, duration, duration_range, one_of, percent
from engine.model.findings import Finding, Severity
from engine.model.plan import Estimate, Plan, Risk
from engine.model.run import Counts, Rehearsal, Strength, TableOutcome
from engine.planning.accept_misfits import accept_by_run
from engine.planning.find_risks import judge_again

from .plan_facts import catalog, column, identity, plan, profile, table

BRACKETS = plan(
    catalog(table("brackets", identity(), column("name"), rows=1_569), name="old"), noun="brackets"
)


def outcome(**counts: int) -> tuple[TableOutcome, ...]:
    return (TableOutcome(table="brackets", planned=1_569, counts=Counts(**counts)),)


def timed(low: float, high: float) -> Plan:
    return replace(BRACKETS, estimate=Estimate(low_seconds=low, high_seconds=high, basis=""))


def test_explain_discovery_of_brackets_uses_the_documents_words() -> None:
    """The first sentence, the type, the impact and the recommendation are those of the planning document."""
    assert (
        "Found 1,569 bracket records in your old system that need to be moved.",
        "Type: catalog/reference data.",
        "Impact: These are lookup values that other parts of your system reference.",
        "Recommendation: Safe to migrate - low risk operation.",
    ) == guidance.explain_discovery(BRACKETS)


def test_explain_discovery_of_nothing_says_so() -> None:
    """An empty source is no success."""
    assert "Found nothing that could be moved." == guidance.explain_discovery(plan(catalog()))[0]


def test_confirm_plan_of_brackets_asks_in_four_lines() -> None:
    """Summary, time, safety, question."""
    assert (
        "Ready to move your 1,569 brackets.",
        "Should take 2 to 3 minutes.",
        "Very safe: we can undo it.",
        "Shall we proceed?",
    ) == guidance.confirm_plan(timed(120, 180))


def test_confirm_plan_of_high_risk_says_why() -> None:
    """Risk is named with its reasons, never smoothed over."""
    risky = replace(BRACKETS, risk=Risk(level="high", reasons=("some rows name parents that are not there",)))

    expected = "Risky: we can undo it, but read this first: some rows name parents that are not there."
    assert expected == guidance.confirm_plan(risky)[2]


def test_confirm_plan_with_a_blocker_does_not_ask() -> None:
    """What can't be approved is not offered."""
    blocker = Finding(code="F404", severity=Severity.BLOCKER, place="a", what="x")

    told = guidance.confirm_plan(replace(BRACKETS, findings=(blocker,)))

    assert ("Not ready to move your 1,569 brackets.", "1 finding must be mended first.") == (
        told[0],
        told[3],
    )


def _with(*findings: Finding) -> Plan:
    return judge_again(replace(BRACKETS, findings=findings))


_MEND = Finding(code="F404", severity=Severity.BLOCKER, place="a", what="x")
_ASKS = Finding(code="F110", severity=Severity.BLOCKER, place="a.b", what="y", violates=12)
_ONE = replace(_ASKS, violates=1)


@pytest.mark.parametrize(
    ("findings", "ready", "reasons", "last"),
    [
        ((_MEND,), "Not ready to move your 1,569 brackets.", ("1 finding must be mended first",), "1 finding must be mended first."),
        ((_MEND, _MEND), "Not ready to move your 1,569 brackets.", ("2 findings must be mended first",), "2 findings must be mended first."),
        ((_ASKS,), "Ready to move your 1,569 brackets, if 12 rows may be set aside.", ("12 rows would be set aside",), "Shall we proceed?"),
        ((_ONE,), "Ready to move your 1,569 brackets, if 1 row may be set aside.", ("1 row would be set aside",), "Shall we proceed?"),
        (
            (_MEND, _ASKS), "Not ready to move your 1,569 brackets.",
            ("1 finding must be mended first", "12 rows would be set aside"), "1 finding must be mended first.",
        ),
    ],
)  # fmt: skip
def test_confirm_plan_and_its_risk_count_the_same_findings(
    findings: tuple[Finding, ...], ready: str, reasons: tuple[str, ...], last: str
) -> None:
    """What must be mended is told from what an answer settles, and no two sentences disagree."""
    asked = _with(*findings)
    told = guidance.confirm_plan(asked)

    assert (ready, last, reasons) == (told[0], told[3], asked.risk.reasons)


def test_rows_somebody_accepted_are_no_longer_forbidding_anywhere() -> None:
    """After --yes nothing is left to be mended or asked, and the risk says so too."""
    settled = judge_again(accept_by_run(_with(_ASKS), on_error="ask", is_yes=True))

    assert (("1 warning to read",), "Ready to move your 1,569 brackets.") == (
        settled.risk.reasons,
        guidance.confirm_plan(settled)[0],
    )


def test_explain_discovery_tells_rows_to_set_aside_from_findings_to_mend() -> None:
    """Each with its own number and its own words."""
    told = guidance.explain_discovery(_with(_MEND, _ONE))

    assert "To look at: 1 finding that must be mended first, 1 row that would be set aside." == told[-1]
    assert "Recommendation: look at the rows that would be set aside before you approve." in (
        guidance.explain_discovery(_with(_ASKS))
    )


def test_celebrate_of_one_row_agrees_with_one() -> None:
    """One row is, many rows are."""
    one = plan(catalog(table("t", identity(), rows=1), name="old"))
    aside = (TableOutcome(table="t", planned=1, counts=Counts(read=1, quarantined=1)),)
    written = (TableOutcome(table="t", planned=1, counts=Counts(read=1, written=1)),)

    assert "The one row is in your new system." == guidance.celebrate(one, written, 1)[0]
    assert ("0 of 1 row is in your new system.", "1 row waits in quarantine, with the reason.") == (
        guidance.celebrate(one, aside, 1)[:2]
    )


@pytest.mark.parametrize(
    ("done", "seconds_left", "expected"),
    [
        (500, None, "Migrated 500 of 1,569 brackets (32% complete)."),
        (500, (100, 170), "Migrated 500 of 1,569 brackets (32% complete). 1 to 3 minutes left."),
        (1_568, None, "Migrated 1,568 of 1,569 brackets (99% complete)."),
        (1_569, (0, 0), "Migrated 1,569 of 1,569 brackets (100% complete)."),
    ],
)
def test_describe_progress_counts_and_never_rounds_up_to_done(
    done: int, seconds_left: tuple[float, float] | None, expected: str
) -> None:
    """100% stands for all of it and nothing less."""
    assert expected == guidance.describe_progress(done, 1_569, "brackets", seconds_left)


def test_celebrate_when_all_rows_are_there_says_what_is_next() -> None:
    """The documents' last sentence."""
    told = guidance.celebrate(BRACKETS, outcome(read=1_569, written=1_569), 134)

    assert (
        "All 1,569 bracket records are in your new system.",
        "You can now move what depends on them.",
        "It took 2m 14s, and it can still be undone.",
    ) == told


@pytest.mark.parametrize(
    ("written", "merged", "expected"),
    [
        (1_469, 100, "1,469 are new in your new system, 100 were merged with rows of the same key"),
        (1_568, 1, "1,568 are new in your new system, 1 was merged with a row of the same key"),
        (0, 1_569, "1,569 were merged with rows of the same key"),
    ],
)
def test_celebrate_of_merged_rows_counts_them_apart(written: int, merged: int, expected: str) -> None:
    """A row that met another of its key is no row more in the new system."""
    told = guidance.celebrate(BRACKETS, outcome(read=1_569, written=written, merged=merged), 1)

    assert f"All 1,569 bracket records found their place: {expected}, as the playbook says." == told[0]


def test_celebrate_with_rows_set_aside_tells_of_merged_ones_too() -> None:
    """The numbers told add up to what was planned."""
    told = guidance.celebrate(BRACKETS, outcome(read=1_569, written=1_400, merged=160, quarantined=9), 1)

    assert (
        "1,400 of 1,569 bracket records are in your new system.",
        "160 were merged with rows of the same key, as the playbook says.",
        "9 brackets wait in quarantine, with the reason of each.",
    ) == told[:3]


def test_celebrate_with_quarantined_rows_does_not_celebrate() -> None:
    """Rows set aside come first."""
    told = guidance.celebrate(BRACKETS, outcome(read=1_569, written=1_546, quarantined=23), 134)

    assert (
        "1,546 of 1,569 bracket records are in your new system.",
        "23 brackets wait in quarantine, with the reason of each.",
        "Look at them before you move what depends on them.",
        "Everything written can still be undone.",
    ) == told


def test_celebrate_tells_rows_given_up_from_rows_that_wait() -> None:
    """Nobody is sent to look at what was decided."""
    (held,) = outcome(read=1_569, written=1_546, quarantined=23)
    told = guidance.celebrate(BRACKETS, (replace(held, given_up=1),), 134)
    none_left = guidance.celebrate(BRACKETS, (replace(held, given_up=23),), 134)

    assert (
        "1,546 of 1,569 bracket records are in your new system.",
        "22 brackets wait in quarantine, with the reason of each.",
        "Look at them before you move what depends on them.",
        "1 bracket was given up, and was not written.",
        "Everything written can still be undone.",
    ) == told
    assert "23 brackets were given up, and were not written." == none_left[1]


@pytest.mark.parametrize("written", [0, 1_500, 1_570])
def test_celebrate_with_other_numbers_than_planned_never_says_all(written: int) -> None:
    """Neither missing nor surplus rows pass as success."""
    told = guidance.celebrate(BRACKETS, outcome(read=written, written=written), 1)

    assert not any(line.startswith("All") for line in told)


def test_explain_rehearsal_that_does_not_balance_forbids_to_go_on() -> None:
    """Numbers that don't add up are said in words."""
    told = guidance.explain_rehearsal(BRACKETS, Rehearsal(tables=outcome(read=1_569, written=1_500)), 0.4)

    assert "The numbers do not add up: do not go on before this is explained." in told


def test_explain_verification_of_a_table_nobody_compared_is_not_green() -> None:
    """A missing strength counts as not compared."""
    assert ("brackets: not compared.", "1 table is not proven row by row.") == guidance.explain_verification(
        BRACKETS, {}
    )


def test_explain_verification_of_a_table_found_different_says_so() -> None:
    """It was compared, and that is how it is known."""
    told = guidance.explain_verification(BRACKETS, {"brackets": Strength.DIFFERENT})

    assert "brackets: different: a check found something else than it expected." == told[0]
    assert "1 table is not proven row by row." == told[-1]


def test_explain_verification_of_proven_tables_says_equal() -> None:
    """Every row compared: the two sides hold the same."""
    told = guidance.explain_verification(BRACKETS, {"brackets": Strength.PROVEN})

    assert "Source and target hold the same rows." == told[-1]


@pytest.mark.parametrize(
    ("counts", "table_line", "last_line"),
    [
        (
            {"read": 1_569, "written": 1_546, "quarantined": 23},
            "brackets: proven: every row but the 23 rows set aside was compared on both sides.",
            "Source and target hold the same rows, except the 23 rows set aside.",
        ),
        (
            {"read": 1_569, "written": 1_568, "quarantined": 1},
            "brackets: proven: every row but the 1 row set aside was compared on both sides.",
            "Source and target hold the same rows, except the 1 row set aside.",
        ),
        (
            {"read": 1_569, "written": 1_500, "quarantined": 23, "filtered": 40, "merged": 6},
            "brackets: proven: every row but the 23 rows set aside was compared on both sides.",
            "Source and target hold the same rows, except the 23 rows set aside, the 40 rows the playbook's "
            "filter left out and the 6 rows merged with others.",
        ),
        (
            {"read": 1_569, "written": 1_529, "filtered": 40},
            "brackets: proven: every row was compared on both sides.",
            "Source and target hold the same rows, except the 40 rows the playbook's filter left out.",
        ),
    ],
)
def test_explain_verification_never_calls_equal_what_stayed_behind(
    counts: dict[str, int], table_line: str, last_line: str
) -> None:
    """Rows set aside, filtered and merged are named with their number beside the proof."""
    told = guidance.explain_verification(BRACKETS, {"brackets": Strength.PROVEN}, outcome(**counts))

    assert (table_line, last_line) == told


def test_explain_verification_of_a_table_with_rows_of_its_own_does_not_call_both_sides_equal() -> None:
    """A target table that held rows before holds more than the source."""
    filled = replace(
        BRACKETS, tables=tuple(replace(t, exists_already=True, target_rows=5) for t in BRACKETS.tables)
    )
    told = guidance.explain_verification(filled, {"brackets": Strength.PROVEN}, ())

    assert "The target holds the source's rows beside its own." == told[-1]


def test_explain_pause_says_where_and_what_to_press() -> None:
    """Nothing half-written, and the key to go on."""
    expected = "Paused after batch 41 of 97. Nothing is half-written. Press r to resume."

    assert expected == guidance.explain_pause("", done_batches=41, total_batches=97)


def test_explain_fault_has_its_four_parts() -> None:
    """What, where, what is safe, what to do."""
    told = guidance.explain_fault("The disk is full", "orders", "40 chunks are committed", "Free space")

    assert "The disk is full (orders). 40 chunks are committed. Free space." == told


def test_explain_undo_lists_rows_that_stay() -> None:
    """Rows someone changed since are never touched, and are counted."""
    told = guidance.explain_undo([("brackets", 1_567, 2)])

    assert ("brackets: 1,567 rows will be removed; 2 rows changed since stay.",) == told


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1, 4, "a few seconds"),
        (5, 30, "less than a minute"),
        (20, 40, "20 to 40 seconds"),
        (30, 150, "up to 3 minutes"),
        (120, 180, "2 to 3 minutes"),
        (600, 5_000, "between 10 minutes and 2 hours"),
        (4_000, 9_000, "1 to 3 hours"),
    ],
)
def test_duration_range_reads_as_people_say_it(low: float, high: float, expected: str) -> None:
    """Ranges, in the unit that fits."""
    assert expected == duration_range(low, high)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.42, "0.4 seconds"), (1, "1 second"), (134, "2m 14s"), (11_100, "3h 05m")]
)
def test_duration_measured_is_exact(seconds: float, expected: str) -> None:
    """A time that was measured is a number."""
    assert expected == duration(seconds)


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("brackets", "bracket"),
        ("case files", "case file"),
        ("entries", "entry"),
        ("classes", "class"),
        ("cases", "case"),
    ],
)
def test_one_of_usual_noun_is_its_singular(plural: str, singular: str) -> None:
    """1 bracket, not 1 brackets."""
    assert f"1 {singular}" == count_of(1, plural)
    assert singular == one_of(plural)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_percent_of_unfinished_work_is_below_100(done: int, more: int) -> None:
    """100 means all of it."""
    assert (percent(done, done + more) == 100) is (more == 0)


@given(st.floats(0, 10**6), st.floats(0, 10**6))
def test_duration_range_of_any_range_has_no_shouting(low: float, high: float) -> None:
    """Words of the product are calm whatever the numbers."""
    told = guidance.confirm_plan(timed(low, high))

    assert "!" not in " ".join(told)


def test_evidence_of_a_table_of_one_row_agrees_with_one() -> None:
    """One row is counted in the singular, in findings too."""
    source = table("t", identity(), column("n"), rows=1)
    found = plan(
        catalog(source),
        profiles={"t": (profile("id", 1, integers=1), profile("n", 1, texts=1, nul_texts=1))},
    )

    (asks,) = [finding for finding in found.findings if finding.violates]
    assert "1 of 1 row" == asks.evidence

"""What checks amount to: one failure or one skipped check never shows green."""

from __future__ import annotations

import pytest

from engine.checking.judge import check, gate_of, strength_of
from engine.model.events import CheckResult
from engine.model.run import Strength

_NAMES = ("count match", "50 samples", "full digests")


def _checks(**status: str) -> tuple[CheckResult, ...]:
    names = {"count": _NAMES[0], "samples": _NAMES[1], "digests": _NAMES[2]}
    return tuple(
        CheckResult(name=names[key], status=state, expected="1", actual="1")  # type: ignore[arg-type]
        for key, state in status.items()
    )


@pytest.mark.parametrize(
    ("checks", "strength"),
    [
        (_checks(count="pass", samples="pass", digests="pass"), Strength.PROVEN),
        (_checks(count="pass", samples="pass", digests="not-run"), Strength.SAMPLED),
        (_checks(count="pass", samples="pass"), Strength.SAMPLED),
        (_checks(count="pass", samples="not-run", digests="not-run"), Strength.COUNT_ONLY),
        (_checks(count="not-run"), Strength.NOT_COMPARED),
        (_checks(count="fail", samples="pass", digests="pass"), Strength.DIFFERENT),
        (_checks(count="pass", samples="pass", digests="fail"), Strength.DIFFERENT),
        ((), Strength.NOT_COMPARED),
    ],
)
def test_strength_is_the_strongest_comparison_that_ran(
    checks: tuple[CheckResult, ...], strength: Strength
) -> None:
    """One failed check leaves nothing proven, whatever else passed."""
    assert strength == strength_of(checks)


def test_gate_of_passed_checks_is_passed() -> None:
    """The reason counts what was checked."""
    assert ("passed", "3 checks passed") == gate_of(_checks(count="pass", samples="pass", digests="pass"))


def test_gate_with_a_check_that_did_not_run_is_red() -> None:
    """An aborted check can never show green."""
    assert ("failed", "not run: full digests") == gate_of(_checks(count="pass", digests="not-run"))


def test_gate_with_a_failed_check_names_it() -> None:
    """Whoever reads the gate knows what to look at."""
    assert ("failed", "failed: 50 samples") == gate_of(
        _checks(count="pass", samples="fail", digests="not-run")
    )


def test_check_compares_numbers_as_numbers_read() -> None:
    """The words shown are the ones compared."""
    equal, unequal = check("c", expected=1569, actual=1569), check("c", expected=1569, actual=1568)

    assert ("pass", "1,569", "1,569") == (equal.status, equal.expected, equal.actual)
    assert ("fail", "1,569", "1,568") == (unequal.status, unequal.expected, unequal.actual)


def test_gate_without_any_check_is_red() -> None:
    """Nothing checked is nothing held."""
    assert ("failed", "nothing was checked") == gate_of(())

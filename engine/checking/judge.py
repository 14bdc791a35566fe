"""What the checks of a table amount to. Pure; an aborted check can never show green."""

from __future__ import annotations

from engine.guidance.words import count_of
from engine.model.events import CheckResult
from engine.model.run import Strength

__all__ = ["check", "gate_of", "strength_of"]


def check(name: str, *, expected: object, actual: object, detail: str = "") -> CheckResult:
    """A check that passes when both sides read the same."""
    want, got = _text(expected), _text(actual)
    return CheckResult(
        name=name, status="pass" if want == got else "fail", expected=want, actual=got, detail=detail
    )


def _text(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def strength_of(checks: tuple[CheckResult, ...]) -> Strength:
    """The strongest comparison that ran to its end; one that failed leaves nothing proven."""
    by_name = {item.name: item.status for item in checks}
    if "fail" in by_name.values():
        return Strength.DIFFERENT
    if by_name.get("full digests") == "pass":
        return Strength.PROVEN
    if by_name.get("50 samples") == "pass":
        return Strength.SAMPLED
    if by_name.get("count match") == "pass":
        return Strength.COUNT_ONLY
    return Strength.NOT_COMPARED


def gate_of(checks: tuple[CheckResult, ...]) -> tuple[str, str]:
    """``passed`` or ``failed`` with the reason in words."""
    failed = [item.name for item in checks if item.status == "fail"]
    skipped = [item.name for item in checks if item.status == "not-run"]
    if not checks:
        return "failed", "nothing was checked"
    if failed:
        return "failed", f"failed: {', '.join(failed)}"
    if skipped:
        return "failed", f"not run: {', '.join(skipped)}"
    return "passed", f"{count_of(len(checks), 'checks')} passed"

"""What was noticed, worst first; the marked finding is spelled out below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.findings import Finding
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FindingList", "detail_of", "worst_first"]

_MARKS = {
    "blocker": ("✗ blocker", "bad"),
    "asks": ("? asks", "warn"),
    "warning": ("! warning", "warn"),
    "note": ("○ note", "quiet"),
}
_RANK = {word: rank for rank, word in enumerate(_MARKS)}


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Blockers, what asks, warnings, notes; within each by code and place."""
    return tuple(sorted(findings, key=lambda f: (_RANK[f.word], f.code, f.place)))


def detail_of(finding: Finding | None) -> tuple[Part, ...]:
    """The finding in full: what, evidence, and what is done about it."""
    if finding is None:
        return (("Nothing was noticed that needs your attention.", "quiet"),)
    mark, token = _MARKS[finding.word]
    parts: list[Part] = [(mark, token), f"  {finding.code} ", (finding.place, "strong"), f": {finding.what}"]
    if finding.evidence:
        parts += ["\n", ("evidence ", "quiet"), finding.evidence]
    if finding.remedy:
        parts += ["\n", ("remedy   ", "quiet"), finding.remedy]
    return tuple(parts)


class FindingList(LineTable):
    """Severity, code, place, what."""

    def __init__(self) -> None:
        """Starts empty."""
        columns = (
            Column(title="Finding", width=9),
            Column(title="Code", width=4),
            Column(title="Place", width=28),
            Column(title="What was noticed"),
        )
        super().__init__(columns, empty="nothing noticed")
        self.findings: tuple[Finding, ...] = ()

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Shows these findings, worst first."""
        self.findings = worst_first(findings)
        self.show(tuple(_row(finding) for finding in self.findings))

    @property
    def marked(self) -> Finding | None:
        """The finding the mark stands on."""
        return self.findings[self.place] if self.place < len(self.findings) else None


def _row(finding: Finding) -> Row:
    return (
        _MARKS[finding.word],
        (finding.code, "plain"),
        (finding.place, "strong"),
        (finding.what, "plain"),
    )

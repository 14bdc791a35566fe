"""What Fordway noticed, in a form that can be shown, counted and acted on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Finding", "Severity"]


class Severity(StrEnum):
    """How much a finding matters, mildest first."""

    NOTE = "note"
    WARNING = "warning"
    BLOCKER = "blocker"
    """The plan can't be approved while this stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing noticed, with its place, its evidence and its remedy.

    Codes: F1xx values, F2xx schema, F3xx relations, F4xx the target, F5xx the plan. Each means
    one thing, stands in ``docs/findings.md``, and is never given to another.
    """

    code: str
    severity: Severity
    place: str
    """Table, or table.column; ``target`` for the whole target."""
    what: str
    """One clause: ``text in an integer column``."""
    evidence: str = ""
    """``12 of 1,204 rows, e.g. id 40``."""
    remedy: str = ""
    """What Fordway does about it, or what the operator can do."""
    violates: int = 0
    """Rows that will be set aside because of it; as a blocker it asks whether that is meant."""

    @property
    def word(self) -> str:
        """How much it matters in one word: ``asks`` for a blocker an answer can settle, else the severity."""
        return "asks" if self.severity is Severity.BLOCKER and self.violates else self.severity.value

    def sentence(self) -> str:
        """The finding on one line, code first."""
        evidence = f": {self.evidence}" if self.evidence else ""
        remedy = f". {self.remedy}" if self.remedy else ""
        return f"{self.code} {self.place}: {self.what}{evidence}{remedy}"

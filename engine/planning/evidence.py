"""One column's declaration beside its values, and the findings both give."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.catalog import Column, ColumnProfile, Table
from engine.model.findings import Finding, Severity
from engine.model.plan import Family

__all__ = ["Evidence", "value_findings"]

_QUARANTINED = "Those rows will be quarantined, the others move"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A column of a SQLite table with what its values are."""

    table: Table
    column: Column
    profile: ColumnProfile

    @property
    def filled(self) -> int:
        """Rows in which the column is not NULL."""
        return self.profile.rows - self.profile.nulls

    @property
    def place(self) -> str:
        """``table.column``."""
        return f"{self.table.name}.{self.column.name}"

    def finding(self, code: str, what: str, count: int, remedy: str) -> Finding:
        """A warning with its evidence: ``12 of 1,204 rows, e.g. id 40``."""
        example = f", e.g. {self._key_name()} {self.profile.example_key}" if self.profile.example_key else ""
        return Finding(
            code=code,
            severity=Severity.WARNING,
            place=self.place,
            what=what,
            evidence=f"{count:,} of {self.profile.rows:,} rows{example}",
            remedy=remedy,
        )

    def note(self, code: str, what: str) -> Finding:
        """Something to know that needs no decision."""
        return Finding(code=code, severity=Severity.NOTE, place=self.place, what=what)

    def _key_name(self) -> str:
        # The rowid of a table with an INTEGER PRIMARY KEY is that key.
        identity = next((column.name for column in self.table.columns if column.is_identity), "")
        return identity or ", ".join(self.table.chunk_key)


def value_findings(evidence: Evidence, family: Family) -> tuple[Finding, ...]:
    """What PostgreSQL can't hold although the type is right.

    Args:
        evidence: the column.
        family: of the type chosen.
    """
    profile, found = evidence.profile, []
    if profile.nul_texts:
        found.append(evidence.finding("F110", "text with a NUL character", profile.nul_texts, _QUARANTINED))
    if profile.not_utf8_texts:
        found.append(evidence.finding("F111", "text that is no UTF-8", profile.not_utf8_texts, _QUARANTINED))
    if profile.nulls and evidence.column.name in evidence.table.primary_key:
        found.append(evidence.finding("F112", "NULL in the primary key", profile.nulls, _QUARANTINED))
    odd = _unfit_classes(profile, evidence.filled, family)
    if odd:
        found.append(
            evidence.finding("F115", f"values the {family.value} column can't hold", odd, _QUARANTINED)
        )
    return tuple(found)


def _unfit_classes(profile: ColumnProfile, filled: int, family: Family) -> int:
    if family is Family.TEXT:
        return profile.blobs
    return filled - profile.blobs if family is Family.BYTES else 0

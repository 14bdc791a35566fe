"""One column's declaration beside its values, and the findings both give."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.guidance.words import count_of
from engine.model.catalog import Column, ColumnProfile, Table
from engine.model.findings import Finding, Severity
from engine.model.plan import Family

__all__ = ["ASKED", "SET_ASIDE", "Evidence", "value_findings"]

SET_ASIDE = "Those rows will be quarantined, the others move"
ASKED = "Those rows would be quarantined, the others move"
_KEPT = "mend them in the source, or say 'on_misfit: quarantine'"
_WAYS = "give the column another type (cast), a rule, or say 'on_misfit: quarantine'"


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

    def finding(self, code: str, what: str, count: int, remedy: str, *, example: str = "") -> Finding:
        """A warning with its evidence: ``fits 1,192, violates 12 of 1,204 rows, e.g. id 40``.

        Args:
            code: the finding's.
            what: one clause.
            count: rows it speaks of.
            remedy: what is done about it.
            example: the chunk key of one of them; empty: of the value that stands out most.
        """
        return Finding(
            code=code,
            severity=Severity.WARNING,
            place=self.place,
            what=what,
            evidence=f"{count:,} of {count_of(self.profile.rows, 'rows')}{self._shown(example)}",
            remedy=remedy,
        )

    def proposal(self, code: str, what: str, odd: int, remedy: str, *, example: str = "") -> Finding:
        """A warning that another type than the declared one is proposed, with what speaks for it."""
        plain = self.finding(code, what, odd, remedy, example=example)
        return replace(plain, evidence=f"fits {self.filled - odd:,}, violates {plain.evidence}")

    def beyond(self, code: str, what: str, remedy: str) -> Finding:
        """A warning of values that break what the type declares."""
        count = self.profile.beyond_declared or 0
        return self.proposal(code, what, count, remedy, example=self.profile.beyond_example)

    def violation(self, code: str, what: str, count: int, *, example: str = "", ways: str = "") -> Finding:
        """Rows that will be set aside: a blocker until it is said that this is meant.

        Args:
            code: the finding's.
            what: one clause.
            count: rows that will be set aside.
            example: the chunk key of one of them.
            ways: what would carry them, in words; empty: the usual ones.
        """
        plain = self.finding(code, what, count, f"{ASKED}; {ways or _WAYS}", example=example)
        return replace(plain, severity=Severity.BLOCKER, violates=count)

    def _shown(self, key: str) -> str:
        key = key or self.profile.example_key
        return f", e.g. {self._key_name()} {key}" if key else ""

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
    for code, what, count, kind in (
        ("F110", "text with a NUL character", profile.nul_texts, "nul"),
        ("F111", "text that is no UTF-8", profile.not_utf8_texts, "not_utf8"),
    ):
        if count and family is not Family.BYTES:
            example = profile.example(kind)
            found.append(evidence.violation(code, what, count, example=example, ways=_KEPT))
    if profile.nulls and evidence.column.name in evidence.table.primary_key:
        found.append(
            evidence.violation(
                "F112", "NULL in the primary key", profile.nulls, example=profile.example("null"),
                ways="give it a value by the rule default, or say 'on_misfit: quarantine'",
            )
        )  # fmt: skip
    odd, kind = _unfit_classes(profile, evidence.filled, family)
    if odd:
        what = f"values the {family.value} column can't hold"
        found.append(evidence.violation("F115", what, odd, example=profile.example(kind)))
    return tuple(found)


def _unfit_classes(profile: ColumnProfile, filled: int, family: Family) -> tuple[int, str]:
    if family is Family.TEXT:
        return profile.blobs, "blob"
    kinds = ("text", "integer", "real")
    found = next((kind for kind in kinds if profile.example(kind)), "")
    return (filled - profile.blobs, found) if family is Family.BYTES else (0, "")

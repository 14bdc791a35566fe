"""All that a question about a fault rests on. Values only: deciding is pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.guidance.fault_catalogue import Fault
from engine.guidance.words import count_of
from engine.model.faults import ChunkAddress, Diagnosis, MissingParents, OffenceGroup, Whereabouts
from engine.model.plan import Plan, TablePlan

__all__ = ["Circumstances", "facts_of_group", "parents_in_words", "rest_in_words"]

_VERBS = {
    "hold": "holds",
    "have": "has",
    "break": "breaks",
    "overlap": "overlaps",
    "are": "is",
    "do": "does",
    "belong": "belongs",
    "look": "looks",
    "reference": "references",
}
_PLACES = {
    Whereabouts.ELSEWHERE: "{n} {exist} in the source {source}",
    Whereabouts.FILTERED: "{n} {exist} in the source {source}, left out by the playbook's filter",
    Whereabouts.PENDING: "{n} {are} moved later in this run",
    Whereabouts.SAME_BATCH: "{n} {are} of this batch",
    Whereabouts.QUARANTINED: "{n} {were} set aside by this run",
    Whereabouts.NOWHERE: "{n} {exist} nowhere",
}
_ROWS_A_SECOND = 20_000.0
"""What a run moves that has not moved anything yet; the first batches say better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """One fault, where it was met, and how the run stands."""

    run_id: str
    fault: Fault
    words: str
    """The database's own, or what failed, in words."""
    plan: Plan | None
    at: ChunkAddress | None = None
    diagnosis: Diagnosis | None = None
    rows_written: int = 0
    """Of the whole run."""
    rows_beside: int = 0
    """Brought in, or put as placeholders, for the batch that fails."""
    has_treatments: bool = False
    """Something was decided about this batch before."""
    rows_a_second: float = _ROWS_A_SECOND
    tried: tuple[str, ...] = ()
    """Options that were taken before and did not cure it."""
    failed: tuple[str, ...] = ()
    """Options that were taken before and could not be carried out."""
    todo: str = ""
    """What the error itself says that can be done about it, beside the options."""
    findings: tuple[str, ...] = ()
    """What the agents found when they looked again."""
    handed_to: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """For the catalogue's texts: ``server``, ``table``, ``again``."""

    @property
    def table(self) -> TablePlan | None:
        """The plan of the batch's table."""
        if self.at is None or self.plan is None:
            return None
        return next((t for t in self.plan.tables if t.number == self.at.table_number), None)

    @property
    def downstream(self) -> tuple[str, ...]:
        """Tables whose rows refer to the batch's table, through others too, in load order."""
        table = self.table
        if table is None or self.plan is None:
            return ()
        found = {table.target_table}
        names: list[str] = []
        for other in self.plan.tables:
            parents = {key.parent_table for key in other.foreign_keys}
            parents |= {column.lookup.table for column in other.columns if column.lookup}
            if parents & found and other.target_table not in found:
                found.add(other.target_table)
                names.append(other.target_name)
        return tuple(names)

    @property
    def groups(self) -> tuple[OffenceGroup, ...]:
        """Offending rows by fault and place; none without a diagnosis."""
        return self.diagnosis.groups if self.diagnosis else ()

    def written_if(self, mended: int) -> int:
        """Rows of the batch in the target when so many of the offending ones go through."""
        if self.diagnosis is None:
            return 0
        return self.diagnosis.rows - self.diagnosis.offending + mended

    def seconds(self, rows: int) -> tuple[float, float]:
        """How long so many rows take, as a range."""
        low = rows / max(self.rows_a_second, 1.0)
        return low, max(3 * low, 1.0)


def rest_in_words(c: Circumstances, rows: int) -> str:
    """What happens to offending rows beside those an option is about; empty where there are none."""
    left = (c.diagnosis.offending if c.diagnosis else 0) - rows
    are = "is" if left == 1 else "are"
    return (
        f" The other {count_of(left, 'rows')} that can't be written {are} asked about next."
        if left > 0
        else ""
    )


def parents_in_words(group: OffenceGroup) -> str:
    """``7 cases``; ``7 rows of staff`` where the table's name is no plural."""
    assert group.parents is not None, "only called for missing parents"
    name = group.parents.parent.rpartition(".")[2]
    if name.endswith("s") and not name.endswith("ss"):
        return count_of(group.parents.keys, name.replace("_", " "))
    return f"{count_of(group.parents.keys, 'rows')} of {group.parents.parent}"


def facts_of_group(group: OffenceGroup, table: TablePlan | None) -> dict[str, str]:
    """What the catalogue's texts say of a group of rows."""
    is_one = group.rows == 1
    facts = {verb: third if is_one else verb for verb, third in _VERBS.items()}
    facts |= {
        "rows": count_of(group.rows, "rows"),
        "place": group.place,
        "words": group.examples[0].reason if group.examples else group.reason,
    }
    if table is not None:
        facts["table"] = table.target_name
        column = next((c for c in table.columns if c.target == group.place), None)
        facts["type"] = column.target_type if column else "value"
        facts["expression"] = (column.expression if column else "") or "the expression"
    if group.parents is not None:
        facts |= {
            "parents": parents_in_words(group),
            "parent": group.parents.parent,
            "where": _where(group),
            "places": _places(group.parents),
        }
    return facts


def _where(group: OffenceGroup) -> str:
    assert group.parents is not None, "only called for missing parents"
    place = group.parents.places[0] if group.parents.places else None
    if place is None or not place.source:
        return "no source"
    if place.whereabouts is Whereabouts.FILTERED:
        return f"the source {place.source}, left out by the playbook's filter"
    return f"the source {place.source}"


def _places(parents: MissingParents) -> str:
    """``4 exist in the source archive, 1 exists nowhere``."""
    keys: Counter[tuple[Whereabouts, str]] = Counter()
    for place in parents.places:
        keys[place.whereabouts, place.source] += place.keys
    return ", ".join(
        _PLACES[whereabouts].format(
            n=f"{count:,}",
            source=source,
            exist="exists" if count == 1 else "exist",
            are="is" if count == 1 else "are",
            were="was" if count == 1 else "were",
        )
        for (whereabouts, source), count in keys.items()
    )

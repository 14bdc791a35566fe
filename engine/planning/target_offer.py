"""What the definitions of a PostgreSQL source find on the target: types, sequences, extensions, functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.model.catalog import Catalog, Column, Table
from engine.model.objects import ObjectKind, ObjectPlan
from engine.model.postgres_objects import Need, SequenceState, UserType
from engine.planning.named_others import NAMED

__all__ = ["TargetOffer", "offer_of"]

_MULTIRANGE = re.compile(r"multirange_type_name = (\"(?:[^\"]|\"\")+\"|\w+)")
_OID_ALIASES = frozenset({
    "regclass", "regcollation", "regconfig", "regdictionary", "regnamespace", "regoper", "regoperator",
    "regproc", "regprocedure", "regrole", "regtype",
})  # fmt: skip
"""Names of objects that need not be on the target (manual, 8.19 "Object Identifier Types")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetOffer:
    """What one source's definitions may rest on, once the plan's own objects are made."""

    source: Catalog
    target: Catalog
    objects: tuple[ObjectPlan, ...] = ()
    """Types and sequences the plan makes, in order."""
    names: frozenset[str] = frozenset()
    """Types and sequences of the source's schema that the target then has."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why another one of them is not carried, by name."""

    def is_taken(self, name: str) -> bool:
        """Whether the target's schema has a table, view or sequence of this name."""
        drawn = (column.sequence for table in self.target.tables for column in table.columns)
        return (
            any(table.name == name for table in self.target.tables)
            or any(other.name == name and other.kind in NAMED for other in self.target.others)
            or any(
                sequence is not None and sequence.name == name
                for sequence in (*self.target.sequences, *drawn)
            )
        )

    @property
    def is_older(self) -> bool:
        """The target's PostgreSQL may lack built-in functions the source's has."""
        return _major(self.target) < _major(self.source)

    @property
    def has_virtual_columns(self) -> bool:
        """PostgreSQL 18 computes generated columns when they are read."""
        return _major(self.target) >= 18

    def lacks(self, needs: Iterable[Need]) -> str:
        """The first thing that will not be there, in words; empty when all of it will."""
        return next((reason for need in needs if (reason := self._lack(need))), "")

    def _lack(self, need: Need) -> str:
        if need.extension:
            return self._extension_lack(need)
        is_own = need.schema == self.source.schema
        if is_own and (need.name in self.names or self._has_function(need)):
            return ""
        reason = self.refused.get(need.name, "") if is_own else "of another schema"
        return f"{need.label}, {reason or 'which is not carried'}"

    def _has_function(self, need: Need) -> bool:
        """Someone made the function on the target beforehand."""
        return need.kind in {"function", "aggregate", "procedure"} and any(
            other.kind == "function" and other.name.startswith(f"{need.name}(")
            for other in self.target.others
        )

    def _extension_lack(self, need: Need) -> str:
        found = dict(self.target.extensions).get(need.extension)
        if found is None:
            return f"the extension {need.extension}, which the target does not have"
        is_bare = need.schema == self.source.schema
        fitting = {self.target.schema, "public"} if is_bare else {need.schema}
        if found in fitting:
            return ""
        return f"the extension {need.extension}, which the target has in the schema {found}"

    def type_lack(self, column: Column) -> str:
        """Why the column can't have its own type, in words; empty when it can."""
        if column.user_type is not None:
            return self.lacks([column.user_type])
        bare = column.declared_type.removesuffix("[]")
        return "its values are names of objects the target may not have" if bare in _OID_ALIASES else ""


def _major(catalog: Catalog) -> int:
    digits = re.match(r"\d+", catalog.version)
    return int(digits[0]) if digits else 0


def offer_of(
    source: Catalog,
    target: Catalog,
    tables: Iterable[Table],
    *,
    is_everything: bool,
    made: Iterable[ObjectPlan] = (),
) -> TargetOffer:
    """What the plan makes for this source before its tables, and what it can't.

    Args:
        source: a PostgreSQL schema.
        target: what stands there already.
        tables: of the source, those the plan moves.
        is_everything: no tables were picked, so objects nothing uses are meant too.
        made: what the plan makes for other sources already.
    """
    moved = list(tables)
    wanted = None if is_everything else _wanted(source, moved)
    taken = {table.name for table in target.tables} | {table.name for table in moved}
    taken |= {other.name for other in target.others if other.kind in NAMED}
    maker = _Maker(source=source, target=target, taken=taken, made={thing.name: thing for thing in made})
    for kind in source.types:
        if wanted is None or kind.name in wanted:
            maker.add_type(kind)
    for sequence in source.sequences:
        if wanted is None or sequence.name in wanted:
            maker.add_sequence(sequence)
    return TargetOffer(
        source=source,
        target=target,
        objects=tuple(maker.objects),
        names=frozenset(maker.names),
        refused=maker.refused,
    )


def _wanted(source: Catalog, tables: Iterable[Table]) -> set[str]:
    """Names of types and sequences the tables rest on, and those rest on."""
    by_name = {kind.name: kind for kind in source.types}
    by_name |= {_multirange(kind): kind for kind in source.types if _multirange(kind)}
    needs = [
        need for table in tables for column in table.columns for need in (column.user_type, *column.needs)
    ]
    waiting = [need.name for need in needs if need is not None and need.schema == source.schema]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        kind = by_name.get(name)
        if name in found:
            continue
        found |= {name, kind.name} if kind else {name}
        waiting += [need.name for need in kind.needs if need.schema == source.schema] if kind else []
    return found


def _multirange(kind: UserType) -> str:
    found = _MULTIRANGE.search(kind.definition) if kind.kind == "range" else None
    return found[1].strip('"').replace('""', '"') if found else ""


@dataclass(slots=True, kw_only=True)
class _Maker:
    source: Catalog
    target: Catalog
    taken: set[str]
    made: Mapping[str, ObjectPlan]
    objects: list[ObjectPlan] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def add_type(self, kind: UserType) -> None:
        """The type is made, found equal, or refused with its reason."""
        there = next((other for other in self.target.types if other.name == kind.name), None)
        reason = self._type_trouble(kind, there)
        if reason:
            self.refused[kind.name] = reason
            return
        self.names |= {kind.name, _multirange(kind)} - {""}
        if there is None and kind.name not in self.made:
            self.objects.append(
                ObjectPlan(
                    kind=ObjectKind.DOMAIN if kind.kind == "domain" else ObjectKind.TYPE,
                    schema=self.target.schema,
                    name=kind.name,
                    definition=kind.definition,
                    comment=kind.comment,
                )
            )

    def _type_trouble(self, kind: UserType, there: UserType | None) -> str:
        if not kind.definition:
            return "which is made of compiled code"
        offer = TargetOffer(
            source=self.source, target=self.target, names=frozenset(self.names), refused=self.refused
        )
        lack = offer.lacks(kind.needs)
        if lack:
            return f"which rests on {lack}"
        if kind.name in self.made:
            is_same = self.made[kind.name].definition == kind.definition
            return "" if is_same else "of which another source has another one"
        if there is not None:
            return "" if there.definition == kind.definition else "of which the target has another one"
        return "whose name the target has given to something else" if kind.name in self.taken else ""

    def add_sequence(self, sequence: SequenceState) -> None:
        """The sequence is made where the source's stands, or refused with its reason."""
        if sequence.name in {*self.taken, *self.made} or any(
            s.name == sequence.name for s in self.target.sequences
        ):
            self.refused[sequence.name] = "whose name the target has given to something else"
            return
        self.names.add(sequence.name)
        self.objects.append(
            ObjectPlan(
                kind=ObjectKind.SEQUENCE,
                schema=self.target.schema,
                name=sequence.name,
                definition=f"as {sequence.data_type} {sequence.options}",
                comment=sequence.comment,
                position=(sequence.last_value, sequence.is_called),
            )
        )

"""What of a PostgreSQL schema is not carried: one finding a kind, with the names."""

from __future__ import annotations

from collections.abc import Mapping

from engine.guidance.words import first_names
from engine.model.catalog import Catalog, OtherObject
from engine.model.findings import Finding, Severity
from engine.planning.target_offer import TargetOffer

__all__ = ["find_left_postgres"]

_WARNING, _NOTE = Severity.WARNING, Severity.NOTE
_LEFT: Mapping[str, tuple[str, Severity, str, str]] = {
    "trigger": ("F211", _WARNING, "triggers are not carried", "Make them anew after the move"),
    "foreign table": (
        "F213", _WARNING, "foreign tables are not carried", "Their rows live on another server",
    ),
    "function": (
        "F220", _WARNING, "functions are not carried",
        "Make them on the target before the move, then what rests on them is carried",
    ),
    "rule": ("F221", _WARNING, "rules are not carried", "Make them anew after the move"),
    "policy": ("F222", _WARNING, "row security policies are not carried", "Make them anew before opening"),
    "row security": (
        "F222", _WARNING, "row security is not switched on", "Every role with rights reads every row",
    ),
    "grant": ("F223", _WARNING, "rights of other roles are not carried", "Grant them anew after the move"),
    "owner": (
        "F224", _NOTE, "what is made belongs to the role that moves it", "Change the owners after the move",
    ),
    "unlogged table": ("F225", _NOTE, "unlogged tables become ordinary ones", "They survive a crash then"),
    "storage setting": (
        "F226", _NOTE, "storage settings and tablespaces are not carried", "Set them anew where they matter",
    ),
    "column setting": (
        "F226", _NOTE, "storage, compression and statistics settings of columns are not carried",
        "Set them anew where they matter",
    ),
    "replica identity": (
        "F227", _NOTE, "replica identities are not carried", "Set them anew before replicating",
    ),
    "publication": ("F227", _NOTE, "publications are not carried", "Make them anew before replicating"),
    "statistics": ("F228", _NOTE, "extended statistics are not carried", "Make them anew after the move"),
    "inherited table": (
        "F229", _WARNING, "inheritance is not carried, parents and children become tables of their own",
        "Every row moves once; a query of the parent then shows its own rows only",
    ),
    "other schema": (
        "F230", _WARNING, "tables of other schemas are not part of this move",
        "Copy each schema by a run of its own",
    ),
    "collation": ("F231", _WARNING, "collations are not carried", "Make them on the target before the move"),
    "operator": ("F231", _WARNING, "operators are not carried", "Make them on the target before the move"),
    "text search configuration": (
        "F231", _WARNING, "text search configurations are not carried",
        "Make them on the target before the move",
    ),
    "unchecked rule": (
        "F234", _WARNING, "rules of columns and domains that old rows may break are not carried",
        "Add them by hand after the move",
    ),
    "index of a partition": (
        "F236", _WARNING, "indexes and constraints of single partitions are not carried",
        "Make them anew after the move",
    ),
    "comment": (
        "F237", _NOTE, "comments on indexes, constraints and partitions are not carried", "Write them anew",
    ),
}  # fmt: skip


def find_left_postgres(
    catalog: Catalog, offer: TargetOffer, tables: frozenset[str], *, is_everything: bool
) -> list[Finding]:
    """One finding a kind of object that stays behind, and one for types and sequences refused.

    Args:
        catalog: the source's.
        offer: what the plan makes for it.
        tables: source tables the plan moves.
        is_everything: no tables were picked, so every object was meant.
    """
    left: dict[str, list[str]] = {}
    for other in catalog.others:
        if other.kind in _LEFT and _is_meant(other, tables, is_everything=is_everything):
            left.setdefault(other.kind, []).append(other.name)
    found = [
        Finding(
            code=_LEFT[kind][0],
            severity=_LEFT[kind][1],
            place=catalog.name,
            what=_LEFT[kind][2],
            evidence=_listed(names),
            remedy=_LEFT[kind][3],
        )
        for kind, names in left.items()
    ]
    return [*found, *_refused(catalog, offer), *_serials(catalog, tables)]


def _is_meant(other: OtherObject, tables: frozenset[str], *, is_everything: bool) -> bool:
    return is_everything or other.table in tables or other.kind == "other schema"


def _refused(catalog: Catalog, offer: TargetOffer) -> list[Finding]:
    return [
        Finding(
            code="F232",
            severity=_WARNING,
            place=f"{catalog.name}: {name}",
            what="the type or sequence is not carried",
            evidence=f"{name}, {reason}",
            remedy="Make it on the target before the move, or rename what stands in its way",
        )
        for name, reason in offer.refused.items()
    ]


def _serials(catalog: Catalog, tables: frozenset[str]) -> list[Finding]:
    names = [
        f"{table.name}.{column.name}"
        for table in catalog.tables
        if table.name in tables
        for column in table.columns
        if column.sequence is not None and not column.identity
    ]
    if not names:
        return []
    return [
        Finding(
            code="F235",
            severity=_NOTE,
            place=catalog.name,
            what="serial columns become identity columns",
            evidence=_listed(names),
            remedy="They go on counting where the source's sequences stand",
        )
    ]


def _listed(names: list[str]) -> str:
    return f"{len(names):,}: {first_names(names)}"

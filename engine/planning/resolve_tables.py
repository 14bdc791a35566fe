"""Which source table goes into which target table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.model.catalog import Catalog, ColumnProfile, Table
from engine.model.errors import BadInput
from engine.planning.classify import Classified, classify
from engine.planning.names import target_names
from engine.playbooks.spec import ColumnSpec, Playbook, TableSpec

__all__ = ["Crossing", "Misfits", "resolve_tables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """How many values of one column the move would refuse, each of them looked at as the move does."""

    filled: int
    """Rows whose column is not NULL, after the playbook's filter."""
    rows: int
    """Of those, the ones that would be set aside."""
    example_key: str = ""
    """The chunk key of the first."""
    reason: str = ""
    """Why that one would be, in the words its quarantine has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """One source table on its way into one target table, with all that is known of both."""

    source: str
    """The playbook's name of the source."""
    catalog: Catalog
    """The source's."""
    table: Table
    spec: TableSpec
    target: str
    """The target table's name."""
    existing: Table | None
    """The target table when it is there already."""
    profiles: Mapping[str, ColumnProfile]
    """By source column."""
    classified: Classified
    style: str
    """``snake`` or ``keep``."""
    misfits: Mapping[str, Misfits] = field(default_factory=dict)
    """By target column, where the values were looked at one by one."""
    sets_aside: bool = False
    """The playbook says that rows that don't fit are set aside without asking."""

    def may_set_aside(self, spec: ColumnSpec) -> bool:
        """Whether the playbook says so of one of its columns."""
        return spec.on_misfit == "quarantine" or (self.sets_aside and spec.on_misfit is None)


def resolve_tables(
    playbook: Playbook,
    *,
    catalogs: Mapping[str, Catalog],
    profiles: Mapping[tuple[str, str], tuple[ColumnProfile, ...]],
    target: Catalog,
    misfits: Mapping[tuple[str, str], Mapping[str, Misfits]],
) -> tuple[Crossing, ...]:
    """The tables to move, in the order the playbook or the sources list them.

    Args:
        playbook: names them, or none for all.
        catalogs: what each source holds.
        profiles: what the values are, by source and table.
        target: what the target's schema holds.
        misfits: values that were looked at one by one, by source and table, then by target column.

    Raises:
        BadInput: a table or source that is not there, or two tables with one target.
    """
    chosen = _chosen(playbook, catalogs)
    named = _target_of(playbook, chosen)
    crossings = []
    for (source, table, spec), name in zip(chosen, named, strict=True):
        found = profiles.get((source, table.name), ())
        crossings.append(
            Crossing(
                source=source,
                catalog=catalogs[source],
                table=table,
                spec=spec,
                target=name,
                existing=target.table(name),
                profiles={profile.column: profile for profile in found},
                classified=classify(table, catalogs[source]),
                style=playbook.defaults.names,
                misfits=misfits.get((source, table.name), {}),
                sets_aside=playbook.defaults.on_misfit == "quarantine",
            )
        )
    return tuple(crossings)


def _chosen(playbook: Playbook, catalogs: Mapping[str, Catalog]) -> list[tuple[str, Table, TableSpec]]:
    for name in playbook.sources:
        if name not in catalogs:
            raise BadInput(f"The source '{name}' was not looked at", where=playbook.playbook)
    if not playbook.tables:
        return [
            (name, table, TableSpec(from_=f"{name}.{table.name}"))
            for name in playbook.sources
            for table in catalogs[name].tables
        ]
    return [(*_find(spec.from_, playbook, catalogs), spec) for spec in playbook.tables]


def _find(wanted: str, playbook: Playbook, catalogs: Mapping[str, Catalog]) -> tuple[str, Table]:
    """The source and table that ``table`` or ``source.table`` names; a table's own name may have dots."""
    found = [
        (name, table) for name in playbook.sources if (table := catalogs[name].table(wanted)) is not None
    ]
    source, _, rest = wanted.partition(".")
    if not found and source in playbook.sources and (table := catalogs[source].table(rest)) is not None:
        found = [(source, table)]
    if len(found) == 1:
        return found[0]
    if found:
        sources = " and ".join(name for name, _ in found)
        raise BadInput(
            f"'{wanted}' is in {sources}", where=playbook.playbook, todo=f"Say {found[0][0]}.{wanted}"
        )
    there = sorted(table.name for name in playbook.sources for table in catalogs[name].tables)
    raise BadInput(
        f"No source has a table '{wanted}'",
        where=playbook.playbook,
        todo="There are: " + ", ".join(there[:20]) if there else "The sources have no tables at all",
    )


def _target_of(playbook: Playbook, chosen: Sequence[tuple[str, Table, TableSpec]]) -> list[str]:
    unnamed = {table.name for _, table, spec in chosen if not spec.to}
    made = target_names(unnamed and sorted(unnamed), playbook.defaults.names, place=playbook.playbook)
    names = [spec.to or made[table.name] for _, table, spec in chosen]
    for name, (_, _, spec) in zip(names, chosen, strict=True):
        # Rows of several tables meet in one only where the playbook says so, never by chance.
        if names.count(name) > 1 and not spec.to:
            raise BadInput(
                f"Several tables would go into '{name}'",
                where=playbook.playbook,
                todo=f"Say 'to: {name}' for each of them to merge them, or give each its own 'to'",
            )
    return names

"""Rows written into the real table and taken back: what no query foresees shows here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.stores.sifting import SiftSite
from engine.stores.sifting_made import try_stretches
from engine.stores.sifting_shape import ShapeKey
from engine.stores.target_statements import column_names

__all__ = ["HELD_BACK", "Refusal", "SiftTrial"]

HELD_BACK = "FW000"
"""Our own code of a row that was sent and did not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What some rows were refused for."""

    code: str
    constraint_name: str | None
    column_name: str | None
    trigger_name: str | None
    """The trigger the error was raised in."""
    rows: int


class SiftTrial:
    """The trials of one batch's typed rows."""

    def __init__(self, site: SiftSite) -> None:
        """From here on every constraint is checked at once, in this transaction."""
        self._site = site
        given = {column.target for column in site.table.columns}
        # A value that would be drawn is given, so that nothing is drawn.
        self._columns = [
            column.name
            for column in site.shape.columns
            if not column.is_generated and (column.name in given or column.is_drawn)
        ]
        site.run("set_constraints")

    def insert_new(self) -> bool:
        """Whether there were rows with no fault so far; they are in the real table, but for those refused."""
        return self._insert(SQL("typed.{} = 0").format(self._site.state))

    def insert_suspects(self, *, step: int, before: int) -> bool:
        """The same for rows something was found wrong with from this step on, and before another one."""
        which = self._site.compose(
            "is_suspect", ordinal=self._site.ordinal, step=Literal(step), before=Literal(before)
        )
        return self._insert(which)

    def insert_lost(self, links: Sequence[int], *, step: int) -> bool:
        """The same for rows that this step refused because a parent of the same table was not there.

        Args:
            links: numbers of the foreign keys to the table itself.
            step: of the diagnosis.
        """
        ordinal = self._site.ordinal
        return self._insert(
            self._site.compose("is_lost", ordinal=ordinal, step=Literal(step), links=Literal(list(links)))
        )

    def _insert(self, which: Composable) -> bool:
        site = self._site
        within = site.compose("within", ordinal=SQL("trial.{}").format(site.place))
        statement = site.compose(
            "try_insert",
            table=site.target,
            columns=column_names(self._columns),
            place=site.place,
            within=within,
        )
        return self._try(statement, which)

    def update_taken(self) -> bool:
        """The same for rows that overwrite those of their key."""
        site = self._site
        key = site.table.primary_key
        changed = [column.target for column in site.table.columns if column.target not in key]
        within = site.compose("within", ordinal=SQL("trial.{}").format(site.place))
        statement = site.compose(
            "try_update",
            table=site.target,
            assignments=SQL(", ").join(SQL("{0} = trial.{0}").format(Identifier(name)) for name in changed),
            matches=SQL(" and ").join(SQL("victim.{0} = trial.{0}").format(Identifier(name)) for name in key),
            within=within,
        )
        return self._try(statement, SQL("typed.{} = 3").format(site.state))

    def _try(self, statement: Composed, which: Composable) -> bool:
        site = self._site
        columns = SQL(", ").join(SQL("typed.{}").format(Identifier(name)) for name in self._columns)
        site.run("drop_trial")
        most = site.run("create_trial", place=site.place, ordinal=site.ordinal, columns=columns, which=which)
        if not most:
            return False
        table = Identifier("pg_temp", "fordway_trial")
        site.run("index_ordinals", table=table, ordinal=site.place)
        site.analyze("fordway_trial", site.place)
        try_stretches(site, statement, most=most, judge=site.compose("judge_done"))
        triggers = site.shape.triggers
        site.run(
            "name_triggers",
            names=Literal([trigger.name for trigger in triggers]),
            functions=Literal([trigger.function_name for trigger in triggers]),
        )
        return True

    def settle(self, *, step: int) -> tuple[Refusal, ...]:
        """What the rows tried last were suspected of from this step on stands only if they failed for it."""
        site = self._site
        site.run("clear_suspects", place=site.place, ordinal=site.ordinal, step=Literal(step))
        return tuple(Refusal(**row) for row in site.rows("list_refusals"))

    def record(
        self, refusal: Refusal, kind: str, place: str, *, step: int, link: tuple[int, ShapeKey] | None
    ) -> None:
        """Rows refused so are known, unless something else is known of them.

        Args:
            refusal: what they were refused for.
            kind: of fault.
            place: column, constraint, trigger or index.
            step: of the diagnosis.
            link: number and foreign key, where a parent is missing.
        """
        site = self._site
        alias = Identifier(site.shape.name)
        columns = link[1].columns if link and set(link[1].columns) <= set(self._columns) else ()
        texts = self._texts(alias, columns)
        site.run(
            "find_unwritten",
            alias=alias,
            place_column=site.place,
            ordinal=site.ordinal,
            step=Literal(step),
            kind=Literal(kind),
            place=Literal(place),
            code=Literal(refusal.code),
            constraint=Literal(refusal.constraint_name),
            column=Literal(refusal.column_name),
            trigger=Literal(refusal.trigger_name),
            link=SQL("{}::smallint").format(Literal(link[0] if link else None)),
            shown=SQL("array_to_string({}, ', ')").format(texts),
            texts=texts,
        )

    @staticmethod
    def _texts(alias: Identifier, columns: Sequence[str]) -> Composed:
        item = SQL("{}.{}::text")
        texts = SQL(", ").join(item.format(alias, Identifier(name)) for name in columns)
        return SQL("array[{}]::text[]").format(texts) if columns else Composed([SQL("null::text[]")])

"""Values a batch that is looked through gets from elsewhere: looked up, computed, recorded as legacy keys."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.column_plan import ColumnPlan
from engine.model.faults import Offence
from engine.model.run import Pass
from engine.stores.sifting import SiftSite, cell_of
from engine.stores.staging_statements import by_each_name, unlimited, wanted_name
from engine.stores.target_statements import table_identifier, trusted

__all__ = ["LEGACY_KEYS", "SiftMade", "try_stretches"]

_MAPS = {Pass.MOVE: "id_map", Pass.REHEARSE: "rehearsed_id"}
LEGACY_KEYS = "id_map_pkey"
"""The place of a legacy key that would be recorded twice."""


class SiftMade:
    """The lookups and expressions of one batch."""

    def __init__(self, site: SiftSite, *, run_id: str, pass_: Pass) -> None:
        """Nothing is looked up yet."""
        self._site = site
        self._run_id = run_id
        self._map = Identifier("fordway", _MAPS[pass_])
        self._live = site.compose("is_live")

    def look_up(self, place: int, *, step: int, link: int) -> None:
        """The staged column has what the lookup finds; rows that find nothing, or several, are known."""
        site = self._site
        lookup = site.table.columns[place].lookup
        assert lookup is not None, "only called for lookups"
        parts: dict[str, Composable] = {
            "column": cell_of(place),
            "wanted": Identifier(wanted_name(place)),
            "live": self._live,
        }
        fault: dict[str, Composable] = {
            "step": Literal(step),
            "rank": Literal(place),
            "place": Literal(site.table.columns[place].target),
            "link": Literal(link),
        }
        if lookup.source_table:
            site.run("resolve_mapped", map=self._map, **self._origin(lookup.source_table), **parts)
            site.run("find_unmapped", **parts, **fault)
            return
        schema = site.schema if lookup.is_planned else lookup.schema
        site.run(
            "resolve_matched",
            table=table_identifier(schema, lookup.table),
            match=Identifier(lookup.match),
            get=Identifier(lookup.get),
            type=trusted(lookup.match_type),
            **parts,
            **fault,
        )

    def find_mapped(self, *, step: int) -> None:
        """Rows whose legacy key would be recorded twice are known."""
        self._site.run(
            "find_mapped",
            map=self._map,
            step=Literal(step),
            place=Literal(LEGACY_KEYS),
            live=self._live,
            **self._origin(self._site.table.source_table),
        )

    def _origin(self, source_table: str) -> dict[str, Composable]:
        return {
            "run_id": Literal(self._run_id),
            "source_name": Literal(self._site.table.source),
            "source_table": Literal(source_table),
        }

    def compute(self, place: int, inputs: Sequence[tuple[str, str, str]], *, step: int) -> None:
        """The staged column has the expression's values; rows it fails for are known.

        Args:
            place: of the column in the plan.
            inputs: staging column, the source's name and SQL type of each input.
            step: of the diagnosis.
        """
        site, column = self._site, self._site.table.columns[place]
        computed = self._computed(column, inputs, self._live)
        if site.attempt("set_computed", column=cell_of(place), computed=computed):
            return
        within = site.compose("within", ordinal=SQL("staged.ordinal"))
        some = self._computed(column, inputs, SQL(" and ").join([self._live, within]))
        site.run("index_ordinals", table=Identifier("pg_temp", "fordway_sift"), ordinal=Identifier("ordinal"))
        try_stretches(site, site.compose("try_computed", computed=some), most=site.count(is_live=False))
        site.run(
            "find_refused",
            step=Literal(step),
            rank=Literal(place),
            kind=Literal(Offence.EXPRESSION.value),
            place=Literal(column.target),
        )
        site.run("set_computed", column=cell_of(place), computed=computed)

    def _computed(
        self, column: ColumnPlan, inputs: Sequence[tuple[str, str, str]], live: Composable
    ) -> Composed:
        item = self._site.compose
        kinds = {stage: kind for stage, _, kind in inputs} | {"ordinal": "bigint"}
        named = by_each_name([("ordinal", "fordway_ordinal"), *((stage, name) for stage, name, _ in inputs)])
        return self._site.compose(
            "computed",
            expression=trusted(column.expression),
            type=trusted(unlimited(column.target_type)),
            inputs=SQL(", ").join(
                item(
                    "input_item", column=Identifier(stage), name=Identifier(name), type=trusted(kinds[stage])
                )
                for stage, name in named
            ),
            live=live,
        )


def try_stretches(site: SiftSite, statement: Composed, *, most: int, judge: Composable | None = None) -> None:
    """``fordway_refusal`` has each of the rows from 1 to ``most`` that the statement fails for.

    Args:
        site: the batch.
        statement: over the stretch of rows that ``within`` names.
        most: rows to try.
        judge: what the function does behind the statement; None: nothing.
    """
    attempt = Identifier("pg_temp", "fordway_attempt")
    body = site.compose("attempt_body", statement=statement, judge=judge or SQL("")).as_string(site.cursor)
    if site.rows("has_refusals")[0]["there"]:
        site.run("clear_refusals")
    else:
        site.run("create_refusals")
    site.run("create_attempt", attempt=attempt, body=Literal(body))
    site.run("run_attempt", attempt=attempt, most=Literal(most))

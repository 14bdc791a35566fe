"""A batch's rows as the target table would hold them, and what the table demands of each by itself."""

from __future__ import annotations

import re

from psycopg.sql import SQL, Composable, Identifier, Literal

from engine.model.faults import Offence
from engine.model.plan import Policy
from engine.stores.sifting import SiftSite, cell_of
from engine.stores.sifting_made import try_stretches
from engine.stores.sifting_shape import ShapeColumn
from engine.stores.target_statements import column_names, trusted
from sql import load

__all__ = ["SiftRows", "policy_of"]

_DRAWS = re.compile(r"(?:pg_catalog\.)?\bnextval\(")
_ORDERS = {Policy.KEEP_SOURCE: "order_last", Policy.NEWEST: "order_newest"}


class SiftRows:
    """The typed rows of one batch."""

    def __init__(self, site: SiftSite) -> None:
        """Nothing is typed yet."""
        self._site = site
        self._given = {column.target: place for place, column in enumerate(site.table.columns)}
        self._names: dict[str, Composable] = {"ordinal": site.ordinal, "state": site.state}
        self._alias = Identifier(site.shape.name)
        if any(column.is_drawn for column in self._made()):
            site.run("create_drawn")
            body = site.compose("next_body").as_string(site.cursor)
            site.run("create_next", body=Literal(body))

    def _made(self) -> list[ShapeColumn]:
        """Columns that are neither generated nor given by the plan."""
        return [c for c in self._site.shape.columns if not c.is_generated and c.name not in self._given]

    def fill(self, *, step: int) -> None:
        """Rows nothing was found wrong with are typed; those the table can't make values for are known."""
        site, columns = self._site, self._site.shape.columns
        part = self._site.compose
        definitions = [
            part(
                "typed_column",
                name=Identifier(column.name),
                type=trusted(column.base_type),
                collation=trusted(f" collate {column.collation}") if column.collation else SQL(""),
            )
            for column in columns
        ]
        site.run("drop_typed")
        site.run("create_typed", columns=SQL(", ").join(definitions), **self._names)
        if not site.attempt("fill_typed", within=SQL("true"), **self._filling()):
            within = part("within", ordinal=SQL("staged.ordinal"))
            site.attempt(
                "index_ordinals", table=Identifier("pg_temp", "fordway_sift"), ordinal=SQL("ordinal")
            )
            try_stretches(
                site, part("fill_typed", within=within, **self._filling()), most=site.count(is_live=False)
            )
            site.run(
                "find_refused",
                step=Literal(step),
                rank=Literal(0),
                kind=Literal(Offence.OTHER.value),
                place=Literal(self._made_place()),
            )
        site.analyze("fordway_typed", site.ordinal)

    def _filling(self) -> dict[str, Composable]:
        columns = self._site.shape.columns
        return {
            **self._names,
            "columns": column_names([column.name for column in columns]),
            "values": SQL(", ").join(
                trusted(f"({column.expression})") if column.is_generated else Identifier(column.name)
                for column in columns
            ),
            "given": SQL(", ").join(self._item(column) for column in columns if not column.is_generated),
            "alias": self._alias,
            "live": self._site.compose("is_live"),
        }

    def _item(self, column: ShapeColumn) -> Composable:
        place = self._given.get(column.name)
        names = {"name": Identifier(column.name), "type": trusted(column.base_type)}
        if place is not None:
            return self._site.compose("given_item", column=cell_of(place), **names)
        default: Composable = SQL("null")
        if column.sequence is not None:
            default = SQL("pg_temp.fordway_next({}::regclass)").format(Literal(column.sequence))
        elif column.expression is not None:
            # What a sequence would give next is foretold; drawn, it would be gone.
            default = trusted(_DRAWS.sub("pg_temp.fordway_next(", column.expression))
        return self._site.compose("default_item", default=default, **names)

    def _made_place(self) -> str:
        """Where a value the table makes itself failed: the one column there is, or the table."""
        made = [c.name for c in self._site.shape.columns if c.is_generated or c in self._made()]
        return made[0] if len(made) == 1 else self._site.shape.name

    def mark(self, step: int) -> None:
        """Rows found in this step take no part in the next ones."""
        self._site.run("mark_out", step=Literal(step), **self._names)

    def find_empty(self, *, step: int) -> None:
        """Rows with NULL in a required column are known."""
        required = [column.name for column in self._site.shape.columns if column.is_required]
        if not required:
            return
        tests = [(SQL("{} is null").format(Identifier(name)), name) for name in required]
        whens = [SQL("when {} then {}").format(test, Literal(name)) for test, name in tests]
        self._site.run(
            "find_empty",
            step=Literal(step),
            which=SQL("case {} end").format(SQL(" ").join(whens)),
            any=SQL(" or ").join(test for test, _ in tests),
            **self._names,
        )
        self.mark(step)

    def find_unchecked(self, *, step: int) -> None:
        """Rows for which a check does not hold are known; a check that raises is left to the trial."""
        for rank, check in enumerate(self._site.shape.checks):
            value: Composable = SQL("null::text")
            if len(check.columns) == 1:
                value = SQL("{}::text").format(Identifier(check.columns[0]))
            self._site.attempt(
                "find_unchecked",
                step=Literal(step),
                rank=Literal(rank),
                place=Literal(check.name),
                value=value,
                check=trusted(check.expression),
                alias=self._alias,
                **self._names,
            )
        self.mark(step)

    def find_unplaced(self, *, step: int) -> None:
        """Rows no partition takes are known."""
        shape = self._site.shape
        if not shape.is_partitioned or not shape.partitions:
            return
        bounds = SQL(" or ").join(trusted(f"({bounds})") for bounds in shape.partitions)
        self._site.attempt(
            "find_unplaced",
            step=Literal(step),
            place=Literal(shape.name),
            bounds=SQL("({})").format(bounds),
            alias=self._alias,
            **self._names,
        )
        self.mark(step)

    def rank(self) -> None:
        """Of rows with one key only the policy's choice goes on."""
        site, table = self._site, self._site.table
        policy = policy_of(site)
        if policy is Policy.ASK:
            return
        keys = [Identifier(f"fordway_k{at}") for at in range(len(table.primary_key))]
        moment: Composable = Identifier(table.newest_by) if policy is Policy.NEWEST else SQL("null")
        site.run(
            "rank_typed",
            moment=moment,
            keys=SQL(", ").join(
                SQL("{} as {}").format(Identifier(name), key)
                for name, key in zip(table.primary_key, keys, strict=True)
            ),
            names=SQL(", ").join(keys),
            order=SQL(load(f"staging/{_ORDERS.get(policy, 'order_first')}")).format(
                moment=Identifier("fordway_moment")
            ),
            **self._names,
        )

    def judge(self) -> None:
        """Rows whose key the target holds overwrite its row or fall, as the policy says."""
        site, table = self._site, self._site.table
        policy = policy_of(site)
        if policy is Policy.ASK:
            return
        wins: Composable = SQL("true" if policy is Policy.KEEP_SOURCE else "false")
        if policy is Policy.NEWEST:
            newest = Identifier(table.newest_by)
            wins = SQL(load("staging/wins_newer")).format(column=newest, staged=newest)
        part = SQL("victim.{0} = staged.{0}")
        site.run(
            "judge_typed",
            state=site.state,
            table=site.target,
            matches=SQL(" and ").join(part.format(Identifier(name)) for name in table.primary_key),
            wins=wins,
        )


def policy_of(site: SiftSite) -> Policy:
    """What becomes of rows whose primary key is taken."""
    table = site.table
    given = {column.target for column in table.columns}
    if not table.primary_key or not set(table.primary_key) <= given:
        return Policy.ASK
    # Rows that are nothing but their key have nothing to overwrite.
    is_changing = given != set(table.primary_key)
    return table.on_conflict if is_changing or table.on_conflict is Policy.ASK else Policy.KEEP_TARGET

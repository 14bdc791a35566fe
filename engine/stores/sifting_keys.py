"""What rows of a batch are to others, of the batch or the target: keys taken, repeated, without a parent."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.faults import Offence
from engine.model.plan import Policy
from engine.stores.sifting import SiftSite
from engine.stores.sifting_rows import SiftRows, policy_of
from engine.stores.sifting_shape import ShapeIndex, ShapeKey
from engine.stores.target_statements import column_names, table_identifier, trusted

__all__ = ["SiftKeys"]

_ALIKE, _OVERLAPPING = "23505", "23P01"
_RIVALS = SQL("pg_temp.fordway_rival as {}")


class SiftKeys:
    """The keys of one batch's typed rows."""

    def __init__(self, site: SiftSite, rows: SiftRows) -> None:
        """Nothing is compared yet.

        Args:
            site: the batch.
            rows: its typed rows, which faults are marked in.
        """
        self._site = site
        self._rows = rows
        self._names: dict[str, Composable] = {"ordinal": site.ordinal, "state": site.state}
        self._alias = Identifier(site.shape.name)

    def find_taken(self, *, step: int) -> None:
        """Rows whose key, or whose place, the target holds are known."""
        for rank, index in enumerate(self._site.shape.indexes):
            if self._is_foreseen(index):
                continue
            kind = Offence.DUPLICATE_KEY if index.is_primary else Offence.DUPLICATE_OTHER
            held = self._held(self._target_rows(), self._keys(index), index)
            self._site.attempt(
                "find_taken",
                keyed=self._keyed([*self._keys(index), *self._own()], index.predicate),
                held=held,
                matches=_matches(index),
                is_other=self._is_other(),
                **self._fault(index, kind, step=step, rank=rank),
            )
        self._rows.mark(step)

    def _is_foreseen(self, index: ShapeIndex) -> bool:
        """The policy says what becomes of rows whose key is taken."""
        is_partial = index.predicate is not None or index.is_exclusion
        if policy_of(self._site) is Policy.ASK or is_partial:
            return False
        return sorted(index.columns) == sorted(self._site.table.primary_key) and len(index.keys) == len(
            index.columns
        )

    def _fault(self, index: ShapeIndex, kind: Offence, *, step: int, rank: int) -> dict[str, Composable]:
        return {
            "step": Literal(step),
            "rank": Literal(rank),
            "kind": Literal((Offence.EXCLUSION if index.is_exclusion else kind).value),
            "place": Literal(index.name),
            "sqlstate": Literal(_OVERLAPPING if index.is_exclusion else _ALIKE),
            "shown": _shown([f"({key})" for key in index.keys], is_wrapped=_is_wrapped(index)),
        }

    def _keys(self, index: ShapeIndex) -> list[Composed]:
        """Select items; where NULL equals NULL they are compared as arrays, which do so (manual, 9.19)."""
        form = SQL("array[{}] as {}") if _is_wrapped(index) else SQL("{} as {}")
        return [form.format(trusted(key), _key(at)) for at, key in enumerate(index.keys)]

    def _own(self) -> list[Composed]:
        """The primary key, by which a row that would be overwritten is told from others."""
        if policy_of(self._site) is Policy.ASK:
            return []
        item = SQL("{} as {}")
        return [
            item.format(Identifier(name), Identifier(f"fordway_p{at}"))
            for at, name in enumerate(self._site.table.primary_key)
        ]

    def _is_other(self) -> Composable:
        own = [Identifier(f"fordway_p{at}") for at in range(len(self._own()))]
        if not own:
            return SQL("true")
        sides = [
            SQL("row({})").format(SQL(", ").join(SQL("{}.{}").format(SQL(side), name) for name in own))
            for side in ("held", "asked")
        ]
        return SQL("(asked.fordway_became <> 3 or {} is distinct from {})").format(*sides)

    def _keyed(self, keys: Sequence[Composable], predicate: str | None = None) -> Composed:
        return self._site.compose(
            "keyed",
            alias=self._alias,
            keys=SQL(", ").join(keys),
            predicate=trusted(predicate or "true"),
            **self._names,
        )

    def _held(self, rows: Composable, keys: Sequence[Composable], index: ShapeIndex) -> Composed:
        return self._site.compose(
            "held",
            rows=rows,
            keys=SQL(", ").join([*keys, *(self._own() if rows == self._target_rows() else [])]),
            predicate=trusted(index.predicate or "true"),
        )

    def _target_rows(self) -> Composed:
        only = SQL("{} as {}") if self._site.shape.is_partitioned else SQL("only {} as {}")
        return only.format(self._site.target, self._alias)

    def find_repeated(self, *, step: int) -> None:
        """Rows an earlier row of the batch is in the way of are known: as if they came one after another."""
        indexes = [index for index in self._site.shape.indexes if not self._is_foreseen(index)]
        if not indexes:
            return
        self._find_alike(indexes)
        if not self._site.rows("count_alike")[0]["rows"]:
            return
        self._let_meet(indexes)
        row = SQL("{} as fordway_row").format(self._site.ordinal)
        for rank, index in enumerate(indexes):
            keys = self._keys(index)
            self._site.attempt(
                "find_repeated",
                keyed=self._keyed(keys, index.predicate),
                held=self._held(_RIVALS.format(self._alias), [*keys, row], index),
                ordinal=self._site.ordinal,
                matches=_matches(index),
                **self._fault(index, Offence.DUPLICATE_INSIDE, step=step, rank=rank),
            )
        self._rows.mark(step)

    def _find_alike(self, indexes: Sequence[ShapeIndex]) -> None:
        """Only rows that can be in each other's way need to meet."""
        self._site.run("create_alike")
        for index in indexes:
            if index.is_exclusion:
                self._site.run("find_all_alike", **self._names)
                break
            names = SQL(", ").join(_key(at) for at in range(len(index.keys)))
            keyed = self._keyed(self._keys(index), index.predicate)
            self._site.attempt("find_alike", keyed=keyed, names=names)
        self._site.analyze("fordway_alike", Identifier("ordinal"))

    def _let_meet(self, indexes: Sequence[ShapeIndex]) -> None:
        self._site.run("create_rivals")
        for index in indexes:
            self._site.attempt(
                "bind_rivals" if index.is_exclusion else "index_rivals", tail=trusted(index.tail)
            )
        columns = column_names([column.name for column in self._site.shape.columns])
        self._site.attempt("insert_rivals", columns=columns, **self._names)
        self._site.analyze("fordway_rival", self._site.ordinal)

    def find_orphans(self, links: Sequence[tuple[int, ShapeKey]], *, step: int) -> None:
        """Rows whose parent is not in another table are known.

        Args:
            links: number and foreign key; those to the table itself are left out.
            step: of the diagnosis.
        """
        for link, key in links:
            if not key.is_self:
                self._site.attempt("find_orphans", **self._orphan(link, key, step=step))
        self._rows.mark(step)

    def find_lost(self, links: Sequence[tuple[int, ShapeKey]], *, step: int) -> None:
        """Rows whose parent should be a row of the same table, and won't be there, are known."""
        own = [(link, key) for link, key in links if key.is_self]
        is_done = not own
        while not is_done:
            before = self._site.count_step(step)
            for link, key in own:
                names = [
                    SQL("{} as {}").format(Identifier(c), _key(at)) for at, c in enumerate(key.parent_columns)
                ]
                parts = self._orphan(link, key, step=step)
                is_above = SQL(" and ").join(
                    SQL("above.{0} {1} asked.{0}").format(_key(at), trusted(operator))
                    for at, operator in enumerate(key.operators)
                )
                self._site.attempt("find_lost", above=self._keyed(names), is_above=is_above, **parts)
                self._rows.mark(step)
            # With two keys to the table itself, a row lost by the one may be a parent by the other.
            is_done = len(own) == 1 or self._site.count_step(step) == before

    def _orphan(self, link: int, key: ShapeKey, *, step: int) -> dict[str, Composable]:
        names = [Identifier(column) for column in key.columns]
        join = SQL(" or " if key.is_full else " and ")
        keys = [SQL("{} as {}").format(name, _key(at)) for at, name in enumerate(names)]
        parents = [SQL("{} as {}").format(Identifier(c), _key(at)) for at, c in enumerate(key.parent_columns)]
        only = SQL("{}") if key.is_partitioned else SQL("only {}")
        operators = zip(range(len(names)), key.operators, strict=True)
        given = SQL("({})").format(join.join(SQL("{} is not null").format(name) for name in names))
        return {
            "keyed": self._site.compose(
                "keyed", alias=self._alias, keys=SQL(", ").join(keys), predicate=given, **self._names
            ),
            "held": self._site.compose(
                "held",
                rows=only.format(table_identifier(key.parent_schema, key.parent_table)),
                keys=SQL(", ").join(parents),
                predicate=SQL("true"),
            ),
            "matches": SQL(" and ").join(
                SQL("held.{0} {1} asked.{0}").format(_key(at), trusted(operator))
                for at, operator in operators
            ),
            "step": Literal(step),
            "rank": Literal(link),
            "place": Literal(key.name),
            "link": Literal(link),
            "shown": _shown(key.columns),
            "texts": SQL("array[{}]").format(
                SQL(", ").join(SQL("asked.{}::text").format(_key(at)) for at in range(len(names)))
            ),
        }


def _key(at: int) -> Identifier:
    return Identifier(f"fordway_k{at}")


def _is_wrapped(index: ShapeIndex) -> bool:
    return index.has_equal_nulls and not index.is_exclusion


def _matches(index: ShapeIndex) -> Composed:
    form = SQL("held.{0} = asked.{0}") if _is_wrapped(index) else SQL("held.{0} {1} asked.{0}")
    return SQL(" and ").join(
        form.format(_key(at), trusted(operator)) for at, operator in enumerate(index.operators)
    )


def _shown(keys: Sequence[str], *, is_wrapped: bool = False) -> Composed:
    """The key for people: its parts with commas between."""
    item = SQL("asked.{}[1]::text") if is_wrapped else SQL("asked.{}::text")
    return SQL("concat_ws(', ', {})").format(SQL(", ").join(item.format(_key(at)) for at in range(len(keys))))

"""Single values of a batch that is looked through: which do not fit, and what a rule would make of them."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Identifier, Literal

from engine.model.faults import Offence
from engine.model.remedies import Action, Remedy
from engine.stores.sifting import SiftSite, cell_of
from engine.stores.sifting_shape import ShapeColumn
from engine.stores.staging_statements import wanted_name
from engine.stores.target_statements import trusted

__all__ = ["SiftCells"]

_GENEROUS = {
    **dict.fromkeys(("int2", "int4", "int8"), "generous_whole"),
    **dict.fromkeys(("numeric", "float4", "float8"), "generous_number"),
    "bool": "generous_boolean",
    "date": "generous_date",
    "timestamp": "generous_moment",
    "timestamptz": "generous_zoned",
    "time": "generous_clock",
    "uuid": "generous_uuid",
}
"""By the type's name in the catalog; every other type's values may lose the blanks around them."""
_ANY_TEXT = frozenset({"text", "varchar", "bpchar"})
_UNREADABLE = frozenset({Offence.NUL, Offence.ENCODING})
"""What a text without its odd characters would have meant, nobody can say."""
_LITERALS = re.compile(r"'(?:[^']|'')*'(?:::[\w \".]+(?:\(\d+(?:,\d+)?\))?)?")
_CALLS = re.compile(r"\(|\b(?:CURRENT|SESSION|LOCAL|USER)")
"""Functions, also those that are written without brackets."""


class SiftCells:
    """The values of one batch."""

    def __init__(self, site: SiftSite) -> None:
        """Nothing is judged yet."""
        self._site = site
        self._readers: dict[str, Identifier] = {}

    def find_misread(self, place: int, *, step: int) -> None:
        """Values of the plan's column that are none of the real column's type are known."""
        column = self._site.shape_of(place)
        if not _takes_any_text(column):
            self._misread(cell_of(place), column.type_name, column.name, step=step, rank=place)

    def find_misread_wanted(self, place: int, *, step: int) -> None:
        """Values a lookup can't compare with the column it asks are known."""
        column = self._site.table.columns[place]
        assert column.lookup is not None, "only called for lookups"
        wanted = Identifier(wanted_name(place))
        self._misread(wanted, column.lookup.match_type, column.target, step=step, rank=place)

    def find_misread_input(self, stage: str, type_name: str, place: int, *, step: int) -> None:
        """Values an expression can't take are known."""
        column = self._site.table.columns[place]
        self._misread(Identifier(stage), type_name, column.target, step=step, rank=place)

    def _misread(self, cell: Identifier, type_name: str, place: str, *, step: int, rank: int) -> None:
        site = self._site
        parts: dict[str, Composable] = {
            "column": cell,
            "step": Literal(step),
            "rank": Literal(rank),
            "place": Literal(place),
        }
        if site.is_soft:
            kind = site.compose("kind_of_code", code=SQL("told.sql_error_code"))
            # Types whose input functions raise all the same are asked the older way.
            if site.attempt("find_misread", type=Literal(type_name), kind=kind, **parts):
                return
        if not self._reads_all(cell, type_name):
            kind = site.compose("kind_of_code", code=SQL("told[1]"))
            site.run("find_misread_caught", reader=self._reader(type_name), kind=kind, **parts)

    def _reads_all(self, cell: Identifier, type_name: str) -> bool:
        """Whether the whole column is read without a single error."""
        reader = Identifier("pg_temp", f"fordway_plain_{len(self._readers)}")
        self._create("create_plain_reader", "plain_reader_body", reader, type_name)
        return self._site.attempt("read_all", column=cell, reader=reader)

    def _reader(self, type_name: str) -> Identifier:
        """The function that tells why a text is no value of the type."""
        if type_name not in self._readers:
            reader = Identifier("pg_temp", f"fordway_reader_{len(self._readers)}")
            self._create("create_reader", "reader_body", reader, type_name)
            self._readers[type_name] = reader
        return self._readers[type_name]

    def _create(self, file: str, body_file: str, reader: Identifier, type_name: str) -> None:
        body = self._site.compose(body_file, type=trusted(type_name)).as_string(self._site.cursor)
        self._site.run(file, reader=reader, body=Literal(body))

    def find_void(self, place: int, *, step: int) -> None:
        """Rows with nothing in the plan's column are known, where the real one is required."""
        column = self._site.shape_of(place)
        if self._refuses_null(column):
            self._site.run(
                "find_void",
                column=cell_of(place),
                step=Literal(step),
                rank=Literal(place),
                place=Literal(column.name),
            )

    def may_be_null(self, place: int) -> bool:
        """Whether the real column takes NULL."""
        return not self._refuses_null(self._site.shape_of(place))

    def _refuses_null(self, column: ShapeColumn) -> bool:
        if column.is_required or not column.is_domain:
            return column.is_required
        # A check of a domain may refuse NULL too.
        return not self._site.attempt("try_null", type=trusted(column.type_name))

    def amend(
        self, place: int, fault: tuple[Offence, str], remedy: Remedy, *, number: int, part: int = 0
    ) -> bool:
        """Whether the rule gave the column values that fit, where others did not.

        Args:
            place: of the plan's column.
            fault: what was wrong, and the column or constraint that was offended.
            remedy: the rule.
            number: of the rule.
            part: of a missing parent's key, that the column holds, from 1; 0: the value itself is at fault.
        """
        ways = self._ways(place, fault[0], remedy)
        if ways is None:
            return False
        given, fits, normal = ways
        site, column = self._site, self._site.table.columns[place]
        named = {"column": Literal(column.target), "remedy": Literal(number)}
        old: Composable = SQL("coalesce(fault.value, fault.raw)")
        if part:
            old = SQL("fault.parent[{}]").format(Literal(part))
        changed = site.run(
            "amend_cells",
            given=given,
            fits=fits,
            normal=normal,
            old=old,
            kind=Literal(fault[0].value),
            place=Literal(fault[1]),
            **named,
        )
        cells = (
            [cell_of(place)] if column.lookup is None else [cell_of(place), Identifier(wanted_name(place))]
        )
        assignments = [SQL("{} = amended.new_value").format(cell) for cell in cells]
        if changed:
            site.run("set_amended", assignments=SQL(", ").join(assignments), **named)
        return changed > 0

    def forget_amended(self, place: int, fault: tuple[Offence, str], *, number: int) -> None:
        """Values the rule changed are no faults any more."""
        self._site.run(
            "forget_amended",
            column=Literal(self._site.table.columns[place].target),
            remedy=Literal(number),
            kind=Literal(fault[0].value),
            place=Literal(fault[1]),
        )

    def _ways(
        self, place: int, kind: Offence, remedy: Remedy
    ) -> tuple[Composable, Composable, Composable] | None:
        """The new value, whether it fits, and how the column prints it; None: the rule is none for this."""
        column = self._site.shape_of(place)
        is_null = remedy.action is Action.NULL or (remedy.action is Action.DEFAULT and remedy.value is None)
        if is_null:
            if self._refuses_null(column):
                return None
            return SQL("null::text"), SQL("true"), SQL("null::text")
        if self._site.table.columns[place].lookup is not None:
            # The batch would look the value up instead of taking it.
            return None
        given = self._given(column, kind, remedy)
        if given is None:
            return None
        fits = self._fits(column)
        if remedy.action is Action.DEFAULT:
            # A constant would be read before anything asks whether it fits.
            return given, fits, SQL("given.value")
        return given, fits, self._site.compose("normal_text", fits=fits, type=trusted(column.type_name))

    def _given(self, column: ShapeColumn, kind: Offence, remedy: Remedy) -> Composable | None:
        match remedy.action:
            case Action.DEFAULT:
                return SQL("{}::text").format(Literal(remedy.value))
            case Action.TRUNCATE:
                if column.most_characters is None or kind is not Offence.TOO_LONG:
                    return None
                return self._site.compose("cut_text", most=Literal(column.most_characters))
            case Action.CAST:
                if kind in _UNREADABLE or kind is Offence.EMPTY:
                    return None
                return self._site.compose(_GENEROUS.get(column.base_name, "generous_text"))
            case _:
                return None

    def _fits(self, column: ShapeColumn) -> Composable:
        if self._site.is_soft:
            return self._site.compose("fits_soft", type=Literal(column.type_name))
        return self._site.compose("fits_caught", reader=self._reader(column.type_name))

    def count_mends(
        self, place: int, kind: Offence, fault_place: str, rows: int
    ) -> tuple[tuple[str, int], ...]:
        """How many of a group's rows each value rule would make fit; rules that help none are left out."""
        column = self._site.shape_of(place)
        counts: list[tuple[str, int]] = []
        if not self._refuses_null(column) and kind is not Offence.EMPTY:
            counts.append((Action.NULL, rows))
        if self._site.table.columns[place].lookup is None:
            if not column.is_generated:
                # Whoever says it gives the value, or takes the column's own.
                counts.append((Action.DEFAULT, rows))
            for action in (Action.TRUNCATE, Action.CAST):
                counts.append((action, self._count(column, kind, fault_place, action)))
        return tuple((str(rule), count) for rule, count in counts if count)

    def _count(self, column: ShapeColumn, kind: Offence, fault_place: str, action: Action) -> int:
        given = self._given(column, kind, Remedy(action=action))
        if given is None:
            return 0
        (row,) = self._site.rows(
            "count_mends",
            kind=Literal(kind.value),
            place=Literal(fault_place),
            given=given,
            fits=self._fits(column),
        )
        return int(row["rows"])

    def default_of(self, place: int) -> str:
        """What the column's own default gives, as text; empty without one, or where each row has another."""
        column = self._site.shape_of(place)
        expression = _LITERALS.sub("0", column.expression or "")
        # A value that is another one each time stands for none.
        if not expression or column.is_generated or column.is_drawn or _CALLS.search(expression):
            return ""
        try:
            with self._site.cursor.connection.transaction():
                rows: list[dict[str, Any]] = self._site.rows(
                    "read_default",
                    default=trusted(column.expression or ""),
                    type=trusted(column.type_name),
                )
        except psycopg.OperationalError:
            raise
        except psycopg.Error:
            return ""
        return "" if rows[0]["value"] is None else str(rows[0]["value"])


def _takes_any_text(column: ShapeColumn) -> bool:
    """Whether any text fits: it has no limit, and no domain stands above it."""
    return column.base_name in _ANY_TEXT and not column.is_domain and column.most_characters is None

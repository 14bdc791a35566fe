"""What the target holds, in canonical texts and digests, by its own queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString, cast

from psycopg.rows import dict_row, tuple_row
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import ColumnPlan, ForeignKeyPlan, TablePlan
from engine.stores.connect import connect
from engine.stores.line_statements import canonical
from engine.stores.sqlstate import translated
from engine.stores.standing_keys import foreign_keys_of
from engine.stores.target_statements import on_table, quoted_name, table_identifier
from engine.stores.target_streams import TargetStreams
from engine.stores.unlinked_rows import each_pair
from sql import load

__all__ = ["TargetChecks"]


def _fragment(name: str) -> SQL:
    return SQL(load(f"checking/{name}"))


def _orphan_parts(key: ForeignKeyPlan) -> dict[str, Composable]:
    return {
        "parent": table_identifier(key.parent_schema, key.parent_table),
        "joined": each_pair("join_condition", key),
        "present": each_pair("present_condition", key),
    }


class TargetChecks:
    """Read-only queries for verification, on a connection of their own."""

    def __init__(self, url: str) -> None:
        """Connects now.

        Raises:
            CannotConnect: the target does not answer.
        """
        self._connection = connect(url, purpose="validation")
        with translated("the target"):
            self.streams = TargetStreams(self._connection)
            """The rows of single transactions."""
        self._looks_in = ""

    def close(self) -> None:
        """The connection is gone."""
        self._connection.close()

    def row_by_key(self, table: TablePlan, key: dict[str, str]) -> tuple[str | None, ...] | None:
        """Canonical texts of the row with this primary key (canonical texts by column), or None."""
        self._look_up_in(table.target_schema)
        part = _fragment("key_condition")
        by_name = {column.target: column for column in table.columns}
        conditions = SQL(" and ").join(
            part.format(
                column=Identifier(name),
                value=Literal(value),
                type=SQL(cast("LiteralString", by_name[name].target_type)),
            )
            for name, value in key.items()
        )
        columns = SQL(", ").join(canonical(column) for column in table.columns)
        statement = on_table(
            "checking/read_row_by_key",
            table.target_schema,
            table.target_table,
            columns=columns,
            conditions=conditions,
        )
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(statement).fetchone()

    def _look_up_in(self, schema: str) -> None:
        """Types of users are found where the plan found them: in the target's schema, then in ``public``."""
        if schema != self._looks_in:
            path = f"{quoted_name(schema)}, public"
            with translated("the target's schema"):
                self._connection.execute(load("target/look_up_types"), {"path": path})
            self._looks_in = schema

    def canonical_texts(
        self, table: TablePlan, column: ColumnPlan, given: list[str | None]
    ) -> list[str | None]:
        """How the target prints these texts once its column holds them, in the order given."""
        self._look_up_in(table.target_schema)
        statement = SQL(load("checking/canonical_of")).format(
            canonical=canonical(column),
            column=Identifier(column.target),
            type=SQL(cast("LiteralString", column.target_type)),
        )
        return [row["canonical"] for row in self._all(statement, {"given": given}, table)]

    def count(self, table: TablePlan) -> int:
        """All rows of the target table."""
        rows = self._all(on_table("target/count_rows", table.target_schema, table.target_table), {}, table)
        return int(rows[0]["count"])

    def count_nulls(self, table: TablePlan, column: str) -> int:
        """Rows in which the column is empty."""
        statement = on_table(
            "checking/count_nulls", table.target_schema, table.target_table, column=Identifier(column)
        )
        return int(self._all(statement, {}, table)[0]["count"])

    def count_orphans(self, table: TablePlan, key: ForeignKeyPlan) -> int:
        """Child rows without their parent."""
        statement = SQL(load("checking/count_orphans")).format(
            child=table_identifier(table.target_schema, table.target_table), **_orphan_parts(key)
        )
        return int(self._all(statement, {}, table)[0]["count"])

    def count_own_orphans(self, table: TablePlan, key: ForeignKeyPlan, xids: Sequence[int]) -> int:
        """Child rows without their parent, of those these transactions wrote and nobody changed since."""
        statement = on_table(
            "checking/count_own_orphans", table.target_schema, table.target_table, **_orphan_parts(key)
        )
        return int(self._all(statement, {"xids": list(xids)}, table)[0]["count"])

    def foreign_keys(self, table: TablePlan) -> tuple[ForeignKeyPlan, ...]:
        """Those the target table has now, by name."""
        values = {"schema": table.target_schema, "relation": table.target_table}
        return foreign_keys_of(self._all(SQL(load("target/read_foreign_keys")), values, table))

    def fetch(
        self, statement: Composed | SQL, values: dict[str, Any] | None, *, where: str
    ) -> list[dict[str, Any]]:
        """The rows of a query of ``engine.stores.mapping_checks``."""
        with translated(f"comparing {where}"), self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, values).fetchall()

    def constraint(self, table: TablePlan, name: str) -> bool | None:
        """Whether a constraint is validated; None when it does not stand."""
        values = {"schema": table.target_schema, "relation": table.target_table, "name": name}
        rows = self._all(SQL(load("target/constraint_exists")), values, table)
        return bool(rows[0]["is_validated"]) if rows else None

    def has_primary_key(self, table: TablePlan) -> bool:
        """Whether the target table has a primary key."""
        values = {"schema": table.target_schema, "relation": table.target_table}
        return bool(self._all(SQL(load("target/primary_key_exists")), values, table))

    def ask(self, query: str, *, schema: str) -> str:
        """The one value of a playbook's own check, as text; it can only read.

        Args:
            query: the operator's select.
            schema: where its unqualified names are looked up first.
        """
        with (
            translated("the playbook's check"),
            self._connection.transaction(),
            self._connection.cursor() as cursor,
        ):
            cursor.execute(load("checking/forbid_writing"))
            cursor.execute(load("checking/set_search_path"), {"path": f'"{schema}", public'})
            row = cursor.execute(SQL(cast("LiteralString", query))).fetchone()
            return "" if row is None or row[0] is None else str(row[0])

    def _all(
        self, statement: Composed | SQL, values: dict[str, Any], table: TablePlan
    ) -> list[dict[str, Any]]:
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement, values or None).fetchall()

"""One table's part of a plan: what is read, what it becomes, in which chunks it moves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.catalog import TableClass
from engine.model.column_plan import ColumnPlan, MadeBy
from engine.model.objects import (
    ColumnSequence,
    CommentPlan,
    ConstraintPlan,
    ForeignKeyPlan,
    GeneratedColumn,
    IndexPlan,
    PartitionPlan,
)

__all__ = ["KeyRange", "KeyValue", "Lane", "Policy", "SoftDelete", "TablePlan"]

KeyValue = int | float | str | bytes
"""One value of a chunk key, as the source's driver gives it."""


class Policy(StrEnum):
    """What becomes of a row whose key the target table has already."""

    ASK = "ask"
    """Nothing of that kind is foreseen; the batch that meets one is refused."""
    KEEP_TARGET = "keep_target"
    KEEP_SOURCE = "keep_source"
    NEWEST = "newest"
    """The source's row wins where it is strictly newer by ``TablePlan.newest_by``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftDelete:
    """How an undo marks the run's rows, which it keeps."""

    column: str
    value: str
    """As PostgreSQL reads it; ``now`` where ``is_moment``."""
    target_type: str
    """The column's, as it stands behind a cast."""
    is_moment: bool = False
    """The value is the moment of the undo."""


class Lane(StrEnum):
    """How a table's rows travel."""

    DIRECT = "direct"
    """Judged and encoded value by value, COPY into the table."""
    PIPED = "piped"
    """Blocks of COPY text handed on without a look at single values: those of a PostgreSQL source
    as they come, those of a SQLite source when the profile saw that every value fits as it is."""
    STAGED = "staged"
    """Encoded, COPY into a temporary table, and from there by statements over the whole batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRange:
    """One chunk's rows: after ``after`` (exclusive) up to ``upto`` (inclusive)."""

    after: tuple[KeyValue, ...] | None
    """None: from the table's beginning."""
    upto: tuple[KeyValue, ...]
    first_row: int
    """Ordinal of the first row in key order, from 1."""
    last_row: int

    @property
    def rows(self) -> int:
        """How many rows the source had in this range when it was cut."""
        return self.last_row - self.first_row + 1

    @property
    def label(self) -> str:
        """The range as operators read it: ``501-1000``."""
        return f"{self.first_row}-{self.last_row}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """One source table into one target table."""

    number: int
    """Load order, from 1; parents before children."""
    phase: int
    source: str
    """The playbook's name of the source."""
    source_table: str
    target_schema: str
    target_table: str
    chunk_key: tuple[str, ...]
    columns: tuple[ColumnPlan, ...]
    rows: int
    """Rows the source had when the plan was made."""
    batch_rows: int
    """Rows a batch has; where ``most_batch_rows`` is more, only the first ones."""
    table_class: TableClass
    complexity: str
    """``low``, ``medium`` or ``high``."""
    is_binary: bool = False
    """Piped blocks are of COPY's binary form: both sides have the same built-in types."""
    most_batch_rows: int = 0
    """How large batches may grow when they take less time than they should; 0: they stay as they are."""
    lane: Lane = Lane.DIRECT
    where: str = ""
    """A filter in the source's own SQL; empty moves everything."""
    primary_key: tuple[str, ...] = ()
    """Target columns."""
    indexes: tuple[IndexPlan, ...] = ()
    foreign_keys: tuple[ForeignKeyPlan, ...] = ()
    constraints: tuple[ConstraintPlan, ...] = ()
    generated: tuple[GeneratedColumn, ...] = ()
    comments: tuple[CommentPlan, ...] = ()
    key_name: str = ""
    """The primary key's name; empty: the one PostgreSQL would give."""
    key_definition: str = ""
    """The primary key by its definition, where it is more than its columns or spans partitions."""
    partition_by: str = ""
    """``range (day)``: the table is partitioned, and ``partitions`` hold its rows."""
    partitions: tuple[PartitionPlan, ...] = ()
    """Parents before their own partitions."""
    sequences: tuple[ColumnSequence, ...] = ()
    """Sequences that go on otherwise than ``identity_column``'s does."""
    exists_already: bool = False
    """The target has the table; it is filled, never created, dropped or truncated."""
    target_rows: int = 0
    """Rows the existing target table had when the plan was made."""
    identity_column: str = ""
    """Target column whose sequence must continue; empty without one."""
    sequence_next: int | None = None
    keeps_id_map: bool = False
    """Legacy key and new id of each row are recorded in ``fordway.id_map``."""
    source_columns: tuple[str, ...] = ()
    """Every column of the source table; a row set aside is kept with all of them."""
    checked_columns: tuple[str, ...] = ()
    """Columns the playbook names for the sample check; empty means all."""
    on_conflict: Policy = Policy.ASK
    newest_by: str = ""
    """The target column ``Policy.NEWEST`` compares; empty otherwise."""
    made_columns: tuple[ColumnPlan, ...] = ()
    """All columns of a table that several sources fill; empty: ``columns``."""
    merged_from: str = ""
    """What tells this plan from the others that fill the same target table; empty when it is the only one."""
    is_extra: bool = False
    """Another plan makes the table and what stands on it; this one only fills it."""
    needs_key_first: bool = False
    """The primary key stands before the rows: conflicts are found by it."""
    keeps_order: bool = False
    """Rows of different batches may have one key, so the batches go one after another, in order."""
    keys_may_meet: bool = False
    """Rows the source tells apart may get one key, so keys are counted before anybody approves."""
    unique_may_meet: tuple[str, ...] = ()
    """Unique indexes of which the same is true."""
    is_looked_up: bool = False
    """Other tables of the plan take values from it."""
    why_here: str = ""
    """Why the table stands in this phase, in words."""
    undo: str = ""
    """How its part is taken back, in words."""
    is_truncated: bool = False
    """An undo empties the table in one go where every row in it is the run's."""
    soft_delete: SoftDelete | None = None
    """An undo keeps the rows and marks them so; None: it removes them."""

    @property
    def name(self) -> str:
        """The table as plans and batch lists show it, no two of a plan the same."""
        return f"{self.target_name} (from {self.merged_from})" if self.merged_from else self.target_name

    @property
    def target_name(self) -> str:
        """The target table's name; several plans share it where sources merge."""
        return (
            self.target_table
            if self.target_schema == "public"
            else f"{self.target_schema}.{self.target_table}"
        )

    @property
    def is_junction(self) -> bool:
        """Rows are links: every column of the key is another table's new id."""
        by_name = {column.target: column for column in self.columns}
        keys = [by_name.get(name) for name in self.primary_key]
        return len(keys) > 1 and all(k and k.lookup and k.lookup.source_table for k in keys)

    @property
    def rehearses_over_rows(self) -> bool:
        """What the target table holds already decides what becomes of the rows of this plan or of others."""
        return self.exists_already and (self.needs_key_first or self.is_looked_up)

    @property
    def columns_read(self) -> tuple[str, ...]:
        """Source columns the plan needs, each once: the chunk key first, then in plan order."""
        # A column of SQLite may have an empty name, so emptiness alone does not say that nothing is copied.
        used = [
            name
            for column in self.columns
            for name in (column.source, *column.inputs)
            if name or column.made_by is MadeBy.COPY
        ]
        return self.chunk_key + tuple(dict.fromkeys(name for name in used if name not in self.chunk_key))

    @property
    def transformations(self) -> tuple[str, ...]:
        """Names of the transformations, in column order, each once."""
        return tuple(dict.fromkeys(c.transformation for c in self.columns if c.transformation))

    @property
    def batches(self) -> int:
        """How many chunks the rows make."""
        return -(-self.rows // self.batch_rows)

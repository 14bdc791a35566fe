"""What a database holds, as far as a migration cares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.postgres_objects import Constraint, Need, Partition, SequenceState, UserType, View

__all__ = [
    "Catalog",
    "Column",
    "ColumnProfile",
    "Engine",
    "ForeignKey",
    "Index",
    "OtherObject",
    "Table",
    "TableClass",
]


class Engine(StrEnum):
    """The kinds of database a catalog can describe."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


class TableClass(StrEnum):
    """What a table is for, judged from its shape (``engine.planning.classify``)."""

    CATALOG = "catalog"
    """Lookup values that other tables reference."""
    TRANSACTIONAL = "transactional"
    """Records of what happened, with parents of their own."""
    JUNCTION = "junction"
    """Nothing but links between other tables."""
    LOG = "log"
    """Append-only history."""
    SYSTEM = "system"
    """Housekeeping of a framework or of the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column as the database declares it."""

    name: str
    declared_type: str
    """As written in the schema; SQLite allows anything, and nothing (empty)."""
    position: int
    """From 1, in table order."""
    is_nullable: bool = True
    default: str | None = None
    """The default as SQL text of that database; None when there is none."""
    generated: str = ""
    """Empty, ``stored`` or ``virtual``."""
    is_identity: bool = False
    """The database hands out the values (INTEGER PRIMARY KEY, serial, identity)."""
    expression: str = ""
    """A PostgreSQL generated column's expression."""
    identity: str = ""
    """PostgreSQL: ``always`` or ``by default``; empty for serial columns and all others."""
    sequence: SequenceState | None = None
    """PostgreSQL: the sequence an identity or serial column draws from."""
    collation: str = ""
    """PostgreSQL: as it stands behind COLLATE, where it is not the type's own."""
    user_type: Need | None = None
    """PostgreSQL: the type, or the array's element type, where it is none of ``pg_catalog``."""
    needs: tuple[Need, ...] = ()
    """PostgreSQL: what the default or the generation expression rests on."""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """One foreign key; columns pair up by position."""

    name: str
    columns: tuple[str, ...]
    parent_table: str
    parent_columns: tuple[str, ...]
    on_delete: str = "no action"
    """Lower case, as in SQL: ``cascade``, ``set null``, ``no action``, ..."""
    on_update: str = "no action"
    is_validated: bool = True
    """False: declared NOT VALID, so old rows were never checked."""
    timing: str = ""
    """``deferrable``, ``deferrable initially deferred``; empty: checked at once."""
    match_full: bool = False
    set_columns: tuple[str, ...] = ()
    """The columns ON DELETE SET NULL or SET DEFAULT names; empty means all."""
    odd: str = ""
    """The whole definition, where it says more than all this (PERIOD, NOT ENFORCED)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One index that is not the primary key."""

    name: str
    columns: tuple[str, ...]
    """Column names in order; empty when an expression is indexed."""
    is_unique: bool = False
    is_constraint: bool = False
    """Made by a UNIQUE constraint rather than by CREATE INDEX."""
    is_partial: bool = False
    descending: tuple[bool, ...] = ()
    collations: tuple[str, ...] = ()
    """Per column, where the database says so; empty when all are the default."""
    statement: str = ""
    """The statement that made it, as the source remembers it."""
    tail: str = ""
    """PostgreSQL: what follows the table's name in that statement, ``USING btree (a) WHERE ..``."""
    is_plain: bool = True
    """PostgreSQL: nothing but its columns, upwards or downwards; False when only ``tail`` says it all."""
    touched: tuple[str, ...] = ()
    """PostgreSQL: every column it rests on, in expressions and predicate too."""
    is_valid: bool = True
    """PostgreSQL: False after a CREATE INDEX CONCURRENTLY that failed."""
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table and what hangs on it."""

    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    row_count: int = 0
    """Counted, never estimated."""
    chunk_key: tuple[str, ...] = ()
    """The columns chunks are cut by: of SQLite tables with a rowid the column that is it, or one of
    its free names; else the primary key, else ``ctid`` (PostgreSQL tables without a key)."""
    sequence_next: int | None = None
    """The next number the source would hand out; None without an identity column."""
    is_strict: bool = False
    is_without_rowid: bool = False
    statement: str = ""
    """The statement that made it, where the source remembers it."""
    key_name: str = ""
    """PostgreSQL: the primary key's name."""
    key_definition: str = ""
    """PostgreSQL: the primary key's whole definition, where it is more than its columns."""
    constraints: tuple[Constraint, ...] = ()
    partition_by: str = ""
    """PostgreSQL: ``RANGE (day)``; empty for an ordinary table."""
    partition_needs: tuple[Need, ...] = ()
    partitions: tuple[Partition, ...] = ()
    """PostgreSQL: parents before their own partitions."""
    comment: str = ""
    has_policies: bool = False
    """PostgreSQL: row security holds for the role that asked, which COPY into it does not go with."""

    @property
    def stored_in(self) -> frozenset[str]:
        """The table's own name and those of its partitions, whose triggers fire for its rows too."""
        return frozenset({self.name, *(partition.name for partition in self.partitions)})

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherObject:
    """Something that is not a plain table: a view, a trigger, a virtual or shadow table."""

    kind: str
    """``view``, ``trigger``, ``virtual table``, ``shadow table``, ``partitioned table``, ..."""
    name: str
    table: str = ""
    """The table it belongs to, where it has one."""
    statement: str = ""
    """The statement that made it, where the source remembers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything found in one source or in the target's schema."""

    name: str
    """The playbook's name for the source; ``target`` for the target."""
    engine: Engine
    label: str
    """Where it is, scrubbed of secrets, for people."""
    schema: str
    """The PostgreSQL schema; ``main`` for SQLite."""
    version: str
    """The server's or library's version."""
    tables: tuple[Table, ...]
    others: tuple[OtherObject, ...] = ()
    types: tuple[UserType, ...] = ()
    """PostgreSQL: of this schema, each after those it rests on."""
    sequences: tuple[SequenceState, ...] = ()
    """PostgreSQL: those no identity or serial column draws from."""
    views: tuple[View, ...] = ()
    """PostgreSQL: each after those it rests on."""
    extensions: tuple[tuple[str, str], ...] = ()
    """PostgreSQL: name and schema of each installed extension."""

    def table(self, name: str) -> Table | None:
        """The table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """What the values of one column really are, from a scan of every row."""

    column: str
    rows: int
    nulls: int = 0
    integers: int = 0
    reals: int = 0
    texts: int = 0
    blobs: int = 0
    smallest: int | None = None
    """The smallest integer; None without integers."""
    largest: int | None = None
    longest: int = 0
    """Characters of the longest text, or bytes of the longest blob."""
    empty_texts: int = 0
    zero_or_one: int = 0
    """Integers that are 0 or 1."""
    iso_dates: int = 0
    """Texts that read as ``YYYY-MM-DD``."""
    iso_times: int = 0
    """Texts that read as an ISO date and time."""
    zoned_times: int = 0
    """Of ``iso_times``, those that name a zone (``Z``, ``+02:00``)."""
    clock_times: int = 0
    """Texts that read as ``HH:MM`` or ``HH:MM:SS``."""
    json_texts: int = 0
    """Texts that are valid JSON; counted only where the column's name or type suggests it."""
    number_texts: int = 0
    """Texts that read as decimal numbers."""
    uuid_texts: int = 0
    """Texts that read as a UUID in lower case."""
    nul_texts: int = 0
    """Texts with a NUL character, which PostgreSQL can't hold."""
    not_utf8_texts: int = 0
    """Texts whose bytes are no UTF-8, which PostgreSQL can't hold."""
    infinite_reals: int = 0
    """Reals that are an infinity."""
    escaped_texts: int = 0
    """Texts with a backslash, a tab or a line end, which COPY's text form must escape."""
    words_of_truth: int = 0
    """Texts that say true or false in a word, in any case: true, false, t, f, yes, no, y, n, on, off."""
    epoch_seconds: int = 0
    """Integers from 100,000,000 up to 10,000,000,000: moments of 1973 to 2286, when they are moments."""
    epoch_milliseconds: int = 0
    """Integers a thousand times as large."""
    bytes: int = 0
    """Bytes of all texts and blobs together."""
    lengths: tuple[tuple[int, int], ...] = ()
    """How many texts have how many characters, shortest first; empty without texts, and for a column
    of more than a thousand different lengths."""
    beyond_smallint: int = 0
    """Integers a ``smallint`` can't hold."""
    beyond_integer: int = 0
    """Integers an ``integer`` can't hold."""
    beyond_declared: int | None = None
    """Values that break the digits or the length the type declares, ``numeric(10,2)``; None where it
    declares none."""
    beyond_example: str = ""
    """The chunk key of the first of them."""
    example_key: str = ""
    """The chunk key of one value that stands out, for a finding's evidence: of the rarest
    storage class, else one PostgreSQL can't hold, else one that is no date among dates."""
    examples: tuple[tuple[str, str], ...] = ()
    """By kind of value, the chunk key of the first row that has it. Kinds: ``integer``, ``real``,
    ``text``, ``blob``, ``null``, ``empty``, ``nul``, ``not_utf8``, ``infinite``, ``not_moment`` (text that
    is no ISO date or time), ``not_number``, ``not_json``, ``not_uuid``, ``not_boolean``, ``not_clock``."""

    def example(self, kind: str) -> str:
        """The key of the first row with that kind of value; empty when there is none."""
        return dict(self.examples).get(kind, "")

"""Where the values of one target column come from, and how they travel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ColumnPlan", "Family", "Form", "LookupPlan", "MadeBy"]


class Family(StrEnum):
    """How a target type's values are written and compared."""

    INTEGER = "integer"
    FLOAT = "float"
    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    TEXT = "text"
    BYTES = "bytes"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    TIME = "time"
    JSON = "json"
    UUID = "uuid"
    OTHER = "other"
    """Carried as PostgreSQL's own text form, PostgreSQL sources only."""


class MadeBy(StrEnum):
    """Where a column's value comes from when it is not simply copied."""

    COPY = "copy"
    CONSTANT = "constant"
    """``ColumnPlan.value``."""
    RUN_TIME = "run_time"
    """The moment the run was approved: one value for the whole run."""
    JSON_OBJECT = "json_object"
    """A JSON object of ``ColumnPlan.inputs``, key = source column."""
    UUID5 = "uuid5"
    """Deterministic id from source name, source table and ``ColumnPlan.inputs``."""
    SOURCE_NAME = "source_name"
    """The playbook's name of the source the row came from."""
    LOOKUP = "lookup"
    """What ``ColumnPlan.lookup`` gives for the value of ``ColumnPlan.source``."""
    EXPRESSION = "expression"
    """``ColumnPlan.expression`` over ``ColumnPlan.inputs``, evaluated by the target."""


class Form(StrEnum):
    """How one column's values go into a COPY of a SQLite source."""

    CHECKED = "checked"
    """Each value is judged and encoded by itself."""
    PLAIN = "plain"
    """The profile saw every value: its text is what COPY reads."""
    FLOAT = "float"
    """Doubles of a column of doubles: any decimal will do that is read as the same one."""
    REAL = "real"
    """Doubles among other values, of a column that keeps the digits: the shortest decimal of each."""
    ESCAPED = "escaped"
    """The same, but for backslashes, tabs and line ends."""
    HEX = "hex"
    """Binary data as bytea's hex form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupPlan:
    """Where a looked-up value comes from."""

    schema: str
    table: str
    """The target table asked."""
    is_planned: bool
    """The plan fills that table itself, so a rehearsal asks its scratch copy."""
    source_table: str = ""
    """The legacy keys of this source table, through the id map; empty: ``match`` and ``get`` of the table."""
    match: str = ""
    match_type: str = "text"
    match_family: Family = Family.TEXT
    """What the source's value is encoded as before it is compared."""
    get: str = ""
    """The target column whose value is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPlan:
    """How one target column gets its values."""

    target: str
    target_type: str
    """SQL type as it stands in CREATE TABLE: ``bigint``, ``numeric(10,2)``."""
    family: Family
    made_by: MadeBy = MadeBy.COPY
    source: str = ""
    """The source column copied; empty when made."""
    inputs: tuple[str, ...] = ()
    """Source columns a made value is made from."""
    input_families: tuple[Family, ...] = ()
    """Families of the inputs' declared types, by position; PostgreSQL sources give all
    values as text, and a JSON object must know which of them are numbers."""
    input_types: tuple[str, ...] = ()
    """SQL types of the inputs of an expression, by position."""
    lookup: LookupPlan | None = None
    expression: str = ""
    value: str | None = None
    """The constant, as text; None is NULL."""
    is_nullable: bool = True
    default: str | None = None
    """PostgreSQL default expression for CREATE TABLE; None without one."""
    is_identity: bool = False
    rules: tuple[str, ...] = ()
    """Value rules applied to what was read, in this order: ``empty_to_null``, ``default:0``, ..."""
    form: Form = Form.CHECKED
    has_nulls: bool = True
    """False when the profile saw no NULL in it."""
    identity: str = ""
    """What follows GENERATED where it is not the usual: ``always as identity (increment by 10)``."""
    collation: str = ""
    """As it stands behind COLLATE; empty: the type's own."""
    sets_aside: bool = False
    """Rows whose value is not found, or comes out empty where it must not, are set aside without asking,
    because the playbook or the run says so."""
    transformation: str = ""
    """The step's name as plans show it: ``preserve_legacy_id``; empty for a plain copy."""

"""The playbook: the file that describes one migration, and what it may say."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    field_validator,
    model_validator,
)

__all__ = [
    "VALUE_RULES",
    "CheckSpec",
    "ColumnSpec",
    "Defaults",
    "LookupSpec",
    "OnConflict",
    "OnError",
    "Playbook",
    "SoftDeleteSpec",
    "SoftDeleteUndo",
    "TableSpec",
    "playbook_json_schema",
]

OnError = Literal["ask", "recommended", "quarantine", "stop", "pause"]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
OnConflict = Literal["ask", "skip", "keep_source", "keep_target", "newest"]
VALUE_RULES = (
    "empty_to_null",
    "null_misfits",
    "truncate",
    "trim",
    "epoch_seconds",
    "epoch_milliseconds",
    "words_to_boolean",
)
"""Rules by their name alone; ``default`` has a value with it."""
_WAYS = ("from_", "value", "json_of", "generate", "expr")
_MOST_BATCH_ROWS = 1_000_000
"""A batch is one transaction and one undo step; beyond a million rows neither is quick any more."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


class LookupSpec(_Model):
    """A table of the target schema that knows the value: the row that matches gives it."""

    table: str = Field(min_length=1)
    match: str = Field(min_length=1)
    """Its column that is compared with the source's value."""
    get: str = Field(min_length=1)
    """Its column the value is taken from."""


class SoftDeleteSpec(_Model):
    """Rows of the run that an undo keeps, and marks as deleted."""

    column: str = Field(min_length=1)
    """A column of the target table, empty in rows that live."""
    value: str | int | float | bool = "now"
    """What a deleted row has there; ``now`` in a column of times: the moment of the undo."""


class SoftDeleteUndo(_Model):
    """An undo that marks rows instead of removing them."""

    soft_delete: SoftDeleteSpec


_Undo = Annotated[
    Annotated[Literal["delete", "truncate"], Tag("Way")] | Annotated[SoftDeleteUndo, Tag("SoftDeleteUndo")],
    Discriminator(lambda given: "SoftDeleteUndo" if isinstance(given, dict | SoftDeleteUndo) else "Way"),
]
_Lookup = Annotated[
    Annotated[str, Field(min_length=1), Tag("TableName")] | Annotated[LookupSpec, Tag("LookupSpec")],
    Discriminator(lambda given: "LookupSpec" if isinstance(given, dict | LookupSpec) else "TableName"),
]
"""A table's name, or the three parts of a lookup by value; told apart by their form, so that a fault
in one is not told as a fault in both."""


def read_rules(given: object) -> tuple[str, ...]:
    """A rule or a list of them as names; ``{default: v}`` becomes ``default:v``.

    Raises:
        ValueError: there is no such rule.
    """
    listed = given if isinstance(given, list | tuple) else [given]
    found = []
    for rule in listed:
        if isinstance(rule, dict) and list(rule) == ["default"] and rule["default"] is not None:
            value = rule["default"]
            text = str(int(value)) if isinstance(value, bool) else str(value)
            found.append(f"default:{text}")
        elif rule in VALUE_RULES or (isinstance(rule, str) and rule.startswith("default:")):
            found.append(str(rule))
        else:
            raise ValueError(f"there is no rule '{rule}'; there are {', '.join(VALUE_RULES)} and default")
    return tuple(found)


class ColumnSpec(_Model):
    """Where one target column's values come from; exactly one way is named."""

    from_: str | None = Field(default=None, alias="from")
    """A source column, copied."""
    value: str | int | float | bool | None = None
    """One constant for every row; null is NULL."""
    json_of: tuple[str, ...] | Literal["remaining"] | None = Field(default=None, alias="json")
    """Source columns as one JSON object; ``remaining`` takes all that go nowhere else."""
    generate: Literal["uuid5", "run_time", "source_name"] | None = None
    """``uuid5``: the same id for the same legacy key, always; ``run_time``: the moment of approval;
    ``source_name``: the playbook's name of the source."""
    cast: str | None = None
    """The column's PostgreSQL type where the proposed one does not suit; goes with ``from``."""
    lookup: _Lookup | None = None
    """Goes with ``from``. A table of this playbook: the new id it gave the legacy key in ``from``;
    or ``{table, match, get}``: any table of the target schema."""
    expr: Annotated[str, Field(min_length=1)] | None = None
    """A PostgreSQL expression over the source's columns, by their names there."""
    type_: str | None = Field(default=None, alias="type")
    """The PostgreSQL type of what ``expr`` gives; empty: text, or the target column's."""
    rule: tuple[str, ...] = ()
    """What is done to the values first, in this order: names of ``VALUE_RULES`` and ``{default: v}``; goes
    with ``from``."""
    on_misfit: Literal["ask", "quarantine"] | None = None
    """``quarantine``: rows whose value does not fit are set aside, and the plan need not ask; goes with
    ``from``."""
    step: str = ""
    """The transformation's name as the plan shows it."""

    @field_validator("rule", mode="before")
    @classmethod
    def _read_rules(cls, given: Any) -> Any:  # noqa: ANN401 - it is what the file held
        return read_rules(given)

    @model_validator(mode="after")
    def _take_one_way(self) -> Self:
        ways = [way for way in _WAYS if way in self.model_fields_set]
        if len(ways) != 1:
            raise ValueError("name exactly one of: from, value, json, generate, expr")
        for key, value in (("cast", self.cast), ("lookup", self.lookup)):
            if value is not None and self.from_ is None:
                raise ValueError(f"'{key}' goes with 'from'")
        if self.from_ is None and (self.rule or self.on_misfit):
            raise ValueError("'rule' and 'on_misfit' go with 'from'")
        if self.lookup is not None and (self.cast is not None or self.rule):
            raise ValueError("neither 'cast' nor 'rule' goes with 'lookup'")
        if self.type_ is not None and self.expr is None:
            raise ValueError("'type' goes with 'expr'; say 'cast' for a copied column")
        return self


class TableSpec(_Model):
    """One source table into one target table; what is not said follows from the names."""

    from_: str = Field(alias="from", min_length=1)
    """``table``, or ``source.table`` where several sources are named."""
    to: str = ""
    """Empty: the source table's name in the playbook's style."""
    key: tuple[str, ...] = ()
    """The source columns that tell rows apart; empty: the primary key."""
    columns: dict[str, ColumnSpec] = Field(default_factory=dict)
    """By target column; columns of the same name map by themselves."""
    leave: tuple[str, ...] = ()
    """Source columns that stay behind on purpose."""
    where: str = ""
    """A condition in the source's own SQL."""
    on_conflict: OnConflict = "ask"
    """What becomes of a row whose id the target table has already: ``skip`` and ``keep_target`` leave the
    target's row, ``keep_source`` overwrites it, ``newest`` does where the source's row is newer;
    ``ask`` moves nothing before somebody chose."""
    newest_by: str = ""
    """Goes with ``newest``: the target column that tells which row is newer; empty: the first of
    updated_at, modified_at and created_at that is moved."""
    required: tuple[str, ...] = ()
    """Target columns that must be filled in every row."""
    undo: _Undo = "delete"
    """How the rows are taken back: removed; by emptying the table at once where all its rows are the
    run's; or kept, and marked as deleted."""
    batch_rows: int | None = Field(default=None, ge=1, le=_MOST_BATCH_ROWS)
    check: tuple[str, ...] = ()
    """Target columns the sample check names; empty: all."""

    @field_validator("columns", mode="before")
    @classmethod
    def _spell_out_copies(cls, given: Any) -> Any:  # noqa: ANN401 - it is what the file held
        if not isinstance(given, dict):
            return given
        return {name: {"from": way} if isinstance(way, str) else way for name, way in given.items()}

    @field_validator("key", mode="before")
    @classmethod
    def _list_one_key(cls, given: Any) -> Any:  # noqa: ANN401 - it is what the file held
        return (given,) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _keep_newest_together(self) -> Self:
        if self.newest_by and self.on_conflict != "newest":
            raise ValueError("'newest_by' goes with 'on_conflict: newest'")
        return self


class Defaults(_Model):
    """What holds for every table that does not say otherwise."""

    batch_rows: int | None = Field(default=None, ge=1, le=_MOST_BATCH_ROWS)
    """None: 500 for catalog tables, else 5,000."""
    workers: int | None = Field(default=None, ge=1, le=64)
    """None: cores minus one, as far as there are rows for them."""
    on_error: OnError = "ask"
    on_misfit: Literal["ask", "quarantine"] = "ask"
    """``quarantine``: rows with a value that does not fit are set aside, and no plan need ask."""
    decide_within: int = Field(default=240, ge=0, le=100_000)
    """Minutes a question may stay open before the run is paused, safely; 0: as long as it takes."""
    names: Literal["snake", "keep"] = "snake"


class CheckSpec(_Model):
    """A query of the operator's own, run on the target after the move."""

    name: str = Field(min_length=1)
    sql: str = Field(min_length=1)
    expect: str
    """The one value it must return, as text."""

    @field_validator("expect", mode="before")
    @classmethod
    def _take_numbers(cls, given: Any) -> Any:  # noqa: ANN401 - it is what the file held
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


class Playbook(_Model):
    """One migration as its file describes it, environment filled in."""

    playbook: str
    title: str = Field(min_length=1)
    noun: str = "rows"
    """What the rows are to people, in the plural: ``brackets``."""
    target: str = Field(default="", repr=False)
    """A PostgreSQL URL; empty: the one of the settings."""
    sources: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1, repr=False)
    """URL by name."""
    defaults: Defaults = Field(default_factory=Defaults)
    tables: tuple[TableSpec, ...] = ()
    """Empty: every table of every source."""
    checks: tuple[CheckSpec, ...] = ()
    gates: tuple[str, ...] = ()
    notes: str = ""
    _file: str = PrivateAttr(default="")

    @property
    def file(self) -> str:
        """The absolute path of the file it was read from; empty for a shipped or a made one."""
        return self._file

    def read_from(self, path: str) -> Self:
        """The same playbook, which knows its file; copies know it, too."""
        self._file = path
        return self

    @field_validator("playbook")
    @classmethod
    def _keep_names_plain(cls, given: str) -> str:
        if not _NAME.fullmatch(given):
            raise ValueError("use small letters, digits, '-' and '_' only, at most 63")
        return given


def playbook_json_schema() -> dict[str, Any]:
    """The JSON Schema of playbook files, for editors that complete and check YAML."""
    return Playbook.model_json_schema(by_alias=True)

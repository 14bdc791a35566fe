"""A PostgreSQL source's column on a PostgreSQL target: its own type, default and identity, or why not."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Column, Table
from engine.model.findings import Finding, Severity
from engine.model.plan import ColumnPlan, Family
from engine.planning.judge_values import TypeChoice
from engine.planning.sql_defaults import postgres_default
from engine.planning.sql_terms import quoted_identifier
from engine.planning.target_offer import TargetOffer
from engine.planning.target_types import family_of

__all__ = ["keep_column", "other_type", "own_column", "printed_otherwise", "spelled_otherwise"]

_XML = frozenset({"xml", "xml[]"})


def keep_column(table: Table, column: Column, offer: TargetOffer) -> TypeChoice:
    """The column's own type where the target has it or gets it; else text, with the reason.

    Its default is kept where everything it rests on is there.
    """
    lack = offer.type_lack(column)
    if lack:
        choice = TypeChoice(target_type="text", family=Family.TEXT, findings=(_no_type(table, column, lack),))
    else:
        choice = TypeChoice(target_type=column.declared_type, family=family_of(column.declared_type))
    if column.is_identity or column.default is None:
        return choice
    reason = lack or _default_lack(table, column, offer)
    if not reason:
        return replace(choice, default=column.default)
    return replace(choice, findings=(*choice.findings, _no_default(table, column, reason)))


def _default_lack(table: Table, column: Column, offer: TargetOffer) -> str:
    needs = [need for need in column.needs if need.kind != "table" or need.name != table.name]
    lack = offer.lacks(needs)
    if lack or not offer.is_older:
        return lack
    try:
        postgres_default(column.default)
    except ValueError:
        return "the target is an older PostgreSQL, which may lack a function in it"
    return ""


def _no_type(table: Table, column: Column, lack: str) -> Finding:
    return Finding(
        code="F114",
        severity=Severity.WARNING,
        place=f"{table.name}.{column.name}",
        what=f"the type {column.declared_type} is not carried",
        evidence=lack,
        remedy="The column becomes text and its values keep PostgreSQL's text form",
    )


def _no_default(table: Table, column: Column, reason: str) -> Finding:
    return Finding(
        code="F208",
        severity=Severity.WARNING,
        place=f"{table.name}.{column.name}",
        what="a default is not carried",
        evidence=f"{column.default}: {reason}",
        remedy="The column goes without a default; the rows are not affected",
    )


def other_type(plan: ColumnPlan, column: Column, table: str, offer: TargetOffer) -> list[Finding]:
    """A finding where a column of an existing table has a type of the same name that is another one.

    Args:
        plan: the copy into the existing column.
        column: the source's.
        table: the target table's name.
        offer: what definitions find on the target.
    """
    lack = offer.type_lack(column) if column.user_type and plan.target_type == column.declared_type else ""
    if not lack:
        return []
    return [
        Finding(
            code="F405",
            severity=Severity.WARNING,
            place=f"{table}.{plan.target}",
            what=f"the target's type {plan.target_type} may not hold every value of the source's",
            evidence=lack,
            remedy="PostgreSQL refuses a batch with a value it does not hold, and the run pauses to ask",
        )
    ]


def spelled_otherwise(plan: ColumnPlan, column: Column, table: str) -> list[Finding]:
    """A warning where documents go into a column of ``jsonb`` that is there, or that a cast makes.

    It keeps values, of a key given twice the last one (manual, 8.14 "JSON Types").
    """
    if plan.target_type != "jsonb" or column.declared_type == "jsonb":
        return []
    return [
        Finding(
            code="F107",
            severity=Severity.WARNING,
            place=f"{table}.{plan.target}",
            what="jsonb keeps no spacing and no order of keys, and of a key given twice the last value",
            remedy="Where the spelling counts, let the target's column be json or text",
        )
    ]


def printed_otherwise(table: Table, column: Column) -> list[Finding]:
    """A note where PostgreSQL itself prints less of a value than was stored.

    Of XML it leaves out a declaration of version 1.0, and the encoding of any other (manual, 8.13.2
    "Encoding Handling"); COPY, which reads the rows, and every comparison see it as printed.
    """
    if column.declared_type not in _XML:
        return []
    return [
        Finding(
            code="F123",
            severity=Severity.NOTE,
            place=f"{table.name}.{column.name}",
            what="XML arrives as PostgreSQL prints it, without the encoding its declaration names, "
            "and without a plain declaration of version 1.0",
            remedy="Where programs need the declaration, let them write it anew",
        )
    ]


def own_column(plan: ColumnPlan, column: Column, table: str, offer: TargetOffer) -> ColumnPlan:
    """The planned copy with the source's identity and collation, where the type is the source's.

    Args:
        plan: the copy.
        column: the source's.
        table: the target table's name.
        offer: what definitions find on the target.
    """
    if plan.target_type != column.declared_type:
        return plan
    has_own_collation = bool(column.collation) and _has_collation(column, offer)
    return replace(
        plan,
        identity=_identity_clause(plan, column, table, offer) if plan.is_identity else "",
        collation=column.collation if has_own_collation else "",
    )


def _has_collation(column: Column, offer: TargetOffer) -> bool:
    # One of the source's schema is deparsed without it, as the built-in ones are.
    own = {other.name for other in offer.source.others if other.kind == "collation"}
    name = column.collation.strip('"').replace('""', '"')
    there = {other.name for other in offer.target.others if other.kind == "collation"}
    return name not in own or name in there


def _identity_clause(plan: ColumnPlan, column: Column, table: str, offer: TargetOffer) -> str:
    """What follows GENERATED: the kind, the sequence's name where it is not the usual one, how it counts."""
    kind = column.identity or "by default"
    sequence = column.sequence
    if sequence is None:
        return f"{kind} as identity"
    is_usual = sequence.name == f"{table}_{plan.target}_seq"
    name = (
        ""
        if is_usual or offer.is_taken(sequence.name)
        else f"sequence name {quoted_identifier(sequence.name)} "
    )
    return f"{kind} as identity ({name}{sequence.options})"

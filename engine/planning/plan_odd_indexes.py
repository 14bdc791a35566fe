"""SQLite indexes that are more than columns: partial ones, over expressions, without regard to case."""

from __future__ import annotations

from engine.model.catalog import Engine, Index
from engine.model.objects import IndexPlan
from engine.planning.source_relation import scope_of, text_of
from engine.planning.sql_terms import CantTranslate, Scope, Term, as_value, fold_case, quoted_identifier
from engine.planning.sqlite_text import IndexPart, read_index_text
from engine.planning.table_draft import TableDraft
from engine.planning.translate_functions import translator

__all__ = ["fold_primary_key", "is_odd", "odd_index"]

_NOCASE = "an index without regard to case (NOCASE)"


def is_odd(draft: TableDraft, index: Index) -> bool:
    """Whether column names alone do not say what a SQLite index is."""
    has_collation = any(collation.upper() != "BINARY" for collation in index.collations)
    is_generated = any(name in draft.generated_terms for name in index.columns)
    return draft.crossing.catalog.engine is Engine.SQLITE and (
        index.is_partial or not index.columns or has_collation or is_generated
    )


def odd_index(draft: TableDraft, index: Index, name: str) -> IndexPlan | None:
    """The index in PostgreSQL's words, or None with a finding that gives the reason.

    Args:
        draft: columns are settled.
        index: for which ``is_odd`` holds.
        name: the target's name for it.
    """
    place = f"{draft.crossing.table.name}.{index.name}"
    try:
        tail, columns = _tail(draft, index)
    except CantTranslate as reason:
        code = "F201" if index.is_partial else "F203" if index.columns else "F202"
        what = {"F201": "a partial index", "F202": "an index over an expression", "F203": _NOCASE}[code]
        evidence = f"{' '.join(index.statement.split()) or ', '.join(index.columns)}: {reason}"
        remedy = "Make it by hand after the move"
        draft.warn(code, place, f"{what} is not carried", evidence=evidence, remedy=remedy)
        return None
    if any(collation.upper() == "NOCASE" for collation in index.collations):
        _warn_of_case(draft, place, tail, is_unique=index.is_unique)
    return IndexPlan(name=name, columns=columns, is_unique=index.is_unique, tail=tail)


def _warn_of_case(draft: TableDraft, place: str, tail: str, *, is_unique: bool) -> None:
    remedy = (
        "PostgreSQL compares with case: queries must say lower(..) = lower(..) to find what SQLite found; "
        + (
            'the index folds A to Z only, as SQLite does, by collate "C"'
            if is_unique
            else "the index serves them"
        )
    )
    draft.warn("F203", place, _NOCASE, evidence=f"carried as {tail}", remedy=remedy)


def _tail(draft: TableDraft, index: Index) -> tuple[str, tuple[str, ...]]:
    scope, names = scope_of(draft), []
    text = read_index_text(index.statement)
    parts = text.parts or tuple(IndexPart(text=quoted_identifier(name)) for name in index.columns)
    keys = []
    for place, part in enumerate(parts):
        work = translator()
        term = as_value(work.expression(part.text, scope))
        if work.caveats:
            raise CantTranslate(work.caveats[0])
        collation = index.collations[place].lower() if index.collations else "binary"
        is_down = index.descending[place] if index.descending else False
        keys.append(_key(term, collation, is_unique=index.is_unique) + (" desc" if is_down else ""))
        names += [term.name] if term.name else []
    where = f" where {_condition(text.where, scope)}" if text.where else ""
    if index.is_partial and not where:
        raise CantTranslate("its condition can't be read")
    return f"({', '.join(keys)}){where}", tuple(names)


def _condition(text: str, scope: Scope) -> str:
    work = translator()
    condition = work.condition(text, scope)
    if work.caveats:
        raise CantTranslate(work.caveats[0])
    return condition if condition.startswith("(") else f"({condition})"


def _key(term: Term, collation: str, *, is_unique: bool) -> str:
    if collation == "nocase" and term.kind is not None and term.kind.value == "text":
        # Unique must mean what it meant: only A to Z fold. Others serve what people write, lower(..).
        return fold_case(term.sql) if is_unique else f"lower({term.sql})"
    if collation not in {"binary", "nocase"}:
        raise CantTranslate(f"it compares by the collation {collation.upper()}")
    if term.name:
        return term.sql
    # Only a unique index must fold exactly as SQLite does; others should serve lower(..) as people write it.
    is_exact = is_unique or "'" in term.sql
    sql = term.sql if is_exact else term.sql.replace(' collate "C"', "")
    return f"({sql})"


def fold_primary_key(draft: TableDraft, name: str) -> IndexPlan | None:
    """A unique index that keeps a NOCASE primary key as strict as it was; None where there is none."""
    if draft.crossing.catalog.engine is not Engine.SQLITE or not draft.is_new:
        return None
    collations, scope = text_of(draft).collations, scope_of(draft)
    table = draft.crossing.table
    if not draft.copies(table.primary_key) or "nocase" not in {collations.get(n) for n in table.primary_key}:
        return None
    terms = [scope.column(key.lower(), "", is_quoted=False) for key in table.primary_key]
    try:
        keys = [_key(term, term.collation, is_unique=True) for term in terms]
    except CantTranslate:
        return None
    tail = f"({', '.join(keys)})"
    _warn_of_case(draft, f"{table.name}.{', '.join(table.primary_key)}", tail, is_unique=True)
    return IndexPlan(name=name, columns=tuple(term.name for term in terms), is_unique=True, tail=tail)

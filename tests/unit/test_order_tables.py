from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.planning.order_tables import order_tables

_TABLES = st.integers(1, 12).flatmap(
    lambda size: st.fixed_dictionaries(
        {f"t{n}": st.sets(st.sampled_from([f"t{k}" for k in range(size)])) for n in range(size)}
    )
)


def _reaches(start: str, end: str, parents: dict[str, set[str]]) -> bool:
    seen, waiting = set(), list(parents[start])
    while waiting:
        table = waiting.pop()
        if table == end:
            return True
        if table not in seen:
            seen.add(table)
            waiting += parents[table]
    return False


def test_order_tables_junction_waits_for_both_parents() -> None:
    """Cases and files first, then what links them."""
    phases = order_tables({"case_files": {"cases", "files"}, "cases": set(), "files": set()})

    assert [("cases", "files"), ("case_files",)] == [phase.tables for phase in phases]


def test_order_tables_own_parent_is_no_circle() -> None:
    """A table that references itself needs no other phase."""
    (phase,) = order_tables({"tree": {"tree"}})

    assert (("tree",), ()) == (phase.tables, phase.circles)


def test_order_tables_circle_stays_in_one_phase() -> None:
    """Tables that need one another move together and are named as a circle."""
    phases = order_tables({"a": {"b"}, "b": {"a"}, "c": {"a"}})

    assert [(("a", "b"), (("a", "b"),)), (("c",), ())] == [(phase.tables, phase.circles) for phase in phases]


def test_order_tables_parent_outside_the_plan_does_not_count() -> None:
    """What the plan does not move can't be waited for."""
    assert [("a",)] == [phase.tables for phase in order_tables({"a": {"elsewhere"}})]


def test_order_tables_chain_longer_than_the_stack_is_ordered() -> None:
    """Five thousand tables, each the child of the one before, are no recursion."""
    chain = {f"t{n}": ({f"t{n - 1}"} if n else set()) for n in reversed(range(5_000))}

    assert 5_000 == len(order_tables(chain))


@given(_TABLES)
def test_order_tables_any_keys_puts_each_table_in_one_phase(parents: dict[str, set[str]]) -> None:
    """No table is lost, none moves twice."""
    placed = [table for phase in order_tables(parents) for table in phase.tables]

    assert sorted(parents) == sorted(placed)


@given(_TABLES)
def test_order_tables_any_keys_puts_parents_first_outside_circles(parents: dict[str, set[str]]) -> None:
    """Each foreign key points to an earlier phase unless it is part of a circle."""
    phases = order_tables(parents)
    place = {table: phase.number for phase in phases for table in phase.tables}

    late = [
        (child, parent)
        for child, wanted in parents.items()
        for parent in wanted
        if place[parent] >= place[child] and parent != child and not _reaches(parent, child, parents)
    ]

    assert [] == late


@given(_TABLES)
def test_order_tables_circles_are_exactly_what_references_itself_in_the_end(
    parents: dict[str, set[str]],
) -> None:
    """Two tables share a circle when each reaches the other."""
    phases = order_tables(parents)
    together = {
        frozenset((a, b))
        for phase in phases
        for group in phase.circles
        for a in group
        for b in group
        if a != b
    }

    expected = {
        frozenset((a, b))
        for a in parents
        for b in parents
        if a != b and _reaches(a, b, parents) and _reaches(b, a, parents)
    }

    assert expected == together

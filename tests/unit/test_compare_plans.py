from __future__ import annotations

from dataclasses import replace

from engine.planning.compare_plans import differences

from .plan_facts import catalog, column, empty_target, identity, plan, profile, table


def test_differences_of_equal_plans_are_none() -> None:
    """Nothing changed, nothing is said."""
    assert () == differences(plan(catalog(table("a"))), plan(catalog(table("a"))))


def test_differences_of_one_row_more_tell_both_numbers() -> None:
    """The operator reads what the digest only proves."""
    old, new = (plan(catalog(table("dispatch_bracket", rows=rows))) for rows in (1_569, 1_570))

    assert ("dispatch_bracket had 1,569 rows, now 1,570",) == differences(old, new)


def test_differences_of_tables_come_and_gone_name_them() -> None:
    """New and missing tables are named."""
    old, new = plan(catalog(table("a"))), plan(catalog(table("b", rows=3)))

    assert ("a is no longer part of the plan", "b is new in the plan, 3 rows") == differences(old, new)


def test_differences_of_a_columns_type_tell_both_types() -> None:
    """A column that changed its type is named with both."""
    source = catalog(table("a", identity(), column("n", "INTEGER")))
    odd = {"a": (profile("id", integers=10), profile("n", integers=9, texts=1))}

    told = differences(plan(source), plan(source, profiles=odd))

    assert "the column a.n was bigint, now text" == told[0]


def test_differences_of_the_target_filled_meanwhile_are_told() -> None:
    """Someone else wrote into the planned table."""
    targets = [
        empty_target(table("a", column("id", "bigint"), column("name", "text"), rows=rows)) for rows in (0, 5)
    ]
    old, new = (plan(catalog(table("a")), target) for target in targets)

    assert "the target table a had 0 rows, now 5" in differences(old, new)


def test_differences_of_values_alone_are_told_by_the_fingerprint() -> None:
    """An update changes no count, and still voids the approval in words."""
    old = plan(catalog(table("a")))
    new = replace(old, sources=(replace(old.sources[0], fingerprint="other"),))

    assert ("the source old has been written since, with as many rows as before",) == differences(old, new)

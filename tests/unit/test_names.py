from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import BadInput
from engine.planning.names import (
    MOST_NAME_BYTES,
    claim_name,
    column_name,
    fit_name,
    target_name,
    target_names,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dispatch_bracket", "dispatch_bracket"),
        ("customerOrders", "customer_orders"),
        ("Customer Orders", "customer_orders"),
        ("HTTPServerLog", "http_server_log"),
        ("order-2-items", "order_2_items"),
        ("_hidden", "_hidden"),
        ("表", "表"),
    ],
)
def test_target_name_in_snake_style_is_readable(name: str, expected: str) -> None:
    """Humps, spaces and signs become single underscores."""
    assert expected == target_name(name, "snake")


def test_target_name_in_keep_style_stays() -> None:
    """Keep means keep, capitals and spaces included."""
    assert "Customer Orders" == target_name("Customer Orders", "keep")


def test_target_names_that_collide_are_refused_by_name() -> None:
    """Two tables never silently become one."""
    with pytest.raises(BadInput, match="'userId' and 'user_id' would both be called 'user_id'"):
        target_names(["userId", "user_id"], "snake", place="test")


def test_column_name_of_a_system_column_gets_an_underscore() -> None:
    """PostgreSQL refuses a column called ctid."""
    assert "ctid_" == column_name("ctid", "snake")


@given(st.text(min_size=1, max_size=200))
def test_fit_name_of_any_text_has_at_most_63_bytes(name: str) -> None:
    """PostgreSQL never cuts a name of ours."""
    assert len(fit_name(name).encode("utf-8", "surrogateescape")) <= MOST_NAME_BYTES


def test_fit_name_of_long_names_that_begin_alike_stays_different() -> None:
    """The hash at the end keeps apart what the first 63 bytes don't."""
    assert fit_name("a" * 80 + "1") != fit_name("a" * 80 + "2")


@given(st.lists(st.sampled_from(["a", "b" * 63, "ä" * 40]), max_size=20))
def test_claim_name_many_times_never_gives_a_name_twice(wanted: list[str]) -> None:
    """Index names are unique in their schema whatever they were in the source."""
    taken: set[str] = set()

    given_names = [claim_name(name, taken) for name in wanted]

    assert len(wanted) == len(set(given_names))

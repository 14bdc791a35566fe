"""What the target's schema holds already."""

from __future__ import annotations

from engine.model.catalog import Catalog
from engine.stores.connect import connect
from engine.stores.dsn import scrub, split_schema
from engine.stores.postgres_catalog import read_postgres_catalog
from engine.stores.sqlstate import translated

__all__ = ["read_target_catalog"]


def read_target_catalog(url: str) -> Catalog:
    """Tables of the schema the target URL names (``public`` when it names none).

    Raises:
        CannotConnect: the target does not answer.
    """
    _, schema = split_schema(url)
    with connect(url, purpose="schema-analysis") as connection, translated("the target's schema"):
        return read_postgres_catalog(connection, name="target", label=scrub(url), schema=schema)

"""A first playbook from what is there, for the operator to edit."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from engine.model.catalog import Catalog, Table
from engine.stores.dsn import scrub

__all__ = ["draft_playbook"]


def draft_playbook(catalogs: Mapping[str, Catalog], target_url: str) -> str:
    """A playbook as YAML, loadable as it stands.

    URLs stand in it without passwords, each behind a variable that may carry the whole
    URL: ``${FORDWAY_SOURCE_LEGACY:-...}``.

    Args:
        catalogs: what was found, by the source's name.
        target_url: where the rows shall go.
    """
    head = {
        "playbook": "draft",
        "title": "Move " + " and ".join(catalogs),
        "target": f"${{FORDWAY_TARGET_URL:-{scrub(target_url)}}}",
        "sources": {name: f"${{{_variable(name)}:-{catalog.label}}}" for name, catalog in catalogs.items()},
        "defaults": {"names": "snake"},
    }
    lines = [_yaml(head).rstrip(), "tables:"]
    for name, catalog in catalogs.items():
        for table in catalog.tables:
            lines += _table_lines(name if len(catalogs) > 1 else "", table)
    return "\n".join(lines) + "\n"


def _variable(name: str) -> str:
    return (
        "FORDWAY_SOURCE_"
        + "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in name).upper()
    )


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000)


def _table_lines(source: str, table: Table) -> list[str]:
    spelt = f"{source}.{table.name}" if source else table.name
    entry = _yaml([{"from": spelt}]).rstrip()
    columns = ", ".join(column.name for column in table.columns if column.name.isprintable())
    return [f"  # {table.row_count:,} rows: {columns}", f"  {entry}"]

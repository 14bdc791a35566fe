"""Names of the source as names PostgreSQL takes, each of them once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from engine.model.errors import BadInput

__all__ = ["MOST_NAME_BYTES", "claim_name", "column_name", "fit_name", "target_name", "target_names"]

MOST_NAME_BYTES = 63
"""PostgreSQL cuts longer names off without a word (manual, 4.1.1 "Identifiers")."""
_HASH_SIGNS = 8
_SYSTEM_COLUMNS = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})
"""Every PostgreSQL table has these already (manual, 5.6 "System Columns")."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNUSUAL = re.compile(r"[^0-9a-z_]+")


def target_name(name: str, style: str) -> str:
    """The name in the playbook's style, short enough for PostgreSQL.

    Args:
        name: as the source spells it.
        style: ``snake``: ``customerOrders`` and ``Customer Orders`` become
            ``customer_orders``; ``keep``: as it is.
    """
    if style == "keep":
        return fit_name(name)
    snake = _UNUSUAL.sub("_", _HUMP.sub("_", name).lower()).strip("_")
    # A leading underscore is part of the name people know; a name of no usual sign stays.
    return fit_name(("_" if name.startswith("_") else "") + snake if snake else name)


def column_name(name: str, style: str) -> str:
    """The column's name in the playbook's style; PostgreSQL's own column names get an underscore."""
    wanted = target_name(name, style)
    return f"{wanted}_" if wanted in _SYSTEM_COLUMNS else wanted


def fit_name(name: str) -> str:
    """The name within 63 bytes; a longer one ends in eight signs of its hash, so that two stay two."""
    encoded = name.encode("utf-8", "surrogateescape")
    if not encoded:
        # SQLite takes an empty name, PostgreSQL does not.
        return "unnamed"
    if len(encoded) <= MOST_NAME_BYTES:
        return name
    ending = hashlib.sha256(encoded).hexdigest()[:_HASH_SIGNS]
    kept = encoded[: MOST_NAME_BYTES - _HASH_SIGNS - 1].decode("utf-8", "ignore")
    return f"{kept}_{ending}"


def target_names(names: Iterable[str], style: str, *, place: str) -> dict[str, str]:
    """Target name by source name, no two the same.

    Args:
        names: as the source spells them.
        style: ``snake`` or ``keep``.
        place: what they are names of, for the message.

    Raises:
        BadInput: two of them would get the same name.
    """
    given: dict[str, str] = {}
    for name in names:
        wanted = target_name(name, style)
        rival = next((other for other, taken in given.items() if taken == wanted), None)
        if rival is not None:
            raise BadInput(
                f"'{rival}' and '{name}' would both be called '{wanted}'",
                where=place,
                todo="Name one of them in the playbook, or say 'names: keep'",
            )
        given[name] = wanted
    return given


def claim_name(wanted: str, taken: set[str]) -> str:
    """The wanted name, or the first free one with a number behind it; ``taken`` holds it afterwards."""
    name, number = fit_name(wanted), 2
    while name in taken:
        ending = f"_{number}"
        kept = wanted.encode()[: MOST_NAME_BYTES - len(ending)].decode("utf-8", "ignore")
        name, number = kept + ending, number + 1
    taken.add(name)
    return name

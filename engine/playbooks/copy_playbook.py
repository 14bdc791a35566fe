"""The playbook of ``fordway copy``: everything, as it is."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from engine.playbooks.spec import Defaults, Playbook, TableSpec

__all__ = ["playbook_for_copy"]


def playbook_for_copy(
    source_url: str, target_url: str, *, schema: str = "", only: Sequence[str] = ()
) -> Playbook:
    """A playbook that copies every table, or those named, under its own name.

    Args:
        source_url: a file or a PostgreSQL URL.
        target_url: a PostgreSQL URL.
        schema: the target schema; empty: the URL's, else ``public``.
        only: source tables; empty: all of them.
    """
    return Playbook(
        playbook="copy",
        title="Copy everything" if not only else f"Copy {', '.join(only)}",
        target=_in_schema(target_url, schema),
        sources={"source": source_url},
        defaults=Defaults(names="keep"),
        tables=tuple(TableSpec(from_=table) for table in only),
    )


def _in_schema(url: str, schema: str) -> str:
    if not schema:
        return url
    parts = urlsplit(url)
    pairs = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "schema"]
    return urlunsplit(parts._replace(query=urlencode([*pairs, ("schema", schema)], quote_via=quote)))

"""Opening connections to PostgreSQL the way Fordway needs them."""

from __future__ import annotations

import psycopg
from psycopg.rows import TupleRow

from engine.model.errors import CannotConnect
from engine.stores.dsn import scrub, split_schema
from engine.stores.sqlstate import cannot_connect

__all__ = ["connect"]

CONNECT_TIMEOUT_SECONDS = 10
"""libpq tries each address this long; a dead host must not look like a hang."""

_SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in (
        # How values are printed, whatever the server, the database or the role says of it.
        ("timezone", "UTC"),
        ("datestyle", "ISO,YMD"),
        ("intervalstyle", "postgres"),
        ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
        ("lc_monetary", "C"),
        ("xmlbinary", "base64"),
        ("xmloption", "content"),
        # How expressions are printed and read.
        ("quote_all_identifiers", "off"),
        ("standard_conforming_strings", "on"),
        ("array_nulls", "on"),
        ("transform_null_equals", "off"),
        # Rows of hundreds of columns make expressions that take longer to compile than to run.
        ("jit", "off"),
        ("lock_timeout", "30s"),
        # What conflicts there is with strangers ends in a lock, not in work to be done again.
        ("default_transaction_isolation", "read\\ committed"),
    )
)
"""Settings a client gives while it connects go before those of databases and roles (manual, 20.1.3)."""


def connect(url: str, *, purpose: str) -> psycopg.Connection[TupleRow]:
    """An open connection in autocommit mode, with a session that renders values one way only.

    Args:
        url: a PostgreSQL URL; Fordway's own ``schema`` parameter is taken out.
        purpose: shown in ``pg_stat_activity`` behind "fordway".

    Raises:
        BadInput: the URL's password is not encoded.
        CannotConnect: nobody answers, or the answer is no.
    """
    clean, _ = split_schema(url) if "://" in url else (url, "public")
    try:
        return psycopg.connect(
            clean,
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            application_name=f"fordway {purpose}",
            options=_SESSION,
            client_encoding="UTF8",
            # A cut wire must be noticed within half a minute, not after two hours.
            keepalives=1,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=30_000,
        )
    except psycopg.OperationalError as error:
        raise cannot_connect(error, place=scrub(url)) from error
    except psycopg.ProgrammingError:
        # libpq quotes the part it can't read, and that part may be a password's.
        raise CannotConnect(
            "The URL can't be read",
            where=scrub(url),
            safe="Nothing was changed",
            todo="Write postgresql://user:password@host:port/database; encode signs in the password",
        ) from None

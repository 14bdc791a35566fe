"""A database beside the target, for sample sources that live in PostgreSQL."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from psycopg.sql import SQL, Identifier

from engine.stores.connect import connect
from engine.stores.sqlstate import translated
from sql import load

__all__ = ["ensure_database"]


def ensure_database(url: str, name: str) -> str:
    """URL of the database ``name`` on the same server; it is made when it is not there.

    Raises:
        NotAllowed: the role may not create databases.
    """
    with connect(url, purpose="samples") as connection, translated(f"database {name}"):
        if connection.execute(load("samples/database_exists"), {"name": name}).fetchone() is None:
            connection.execute(SQL(load("samples/create_database")).format(database=Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

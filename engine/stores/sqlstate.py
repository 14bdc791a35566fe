"""Driver errors become ours here, and nowhere else.

SQLSTATE classes: PostgreSQL manual, appendix A "PostgreSQL Error Codes".
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from engine.model.errors import (
    BadSource,
    CannotConnect,
    ConnectionCut,
    FordwayError,
    NotAllowed,
    ServerBusy,
    StatementFailed,
    TargetFull,
)
from engine.stores.dsn import scrub_text

__all__ = ["READ_THE_CAUSE", "cannot_connect", "translated", "translated_sqlite"]

_BUSY_CODES = frozenset({"40001", "40P01", "55P03", "53300", "57014", "55006"})
_CUT_CODES = frozenset(
    {"57P01", "57P02", "57P03", "57P05", "25P03", "08000", "08003", "08006", "08001", "08004"}
)
_DENIED_CODES = frozenset({"42501", "25006"})
_FULL_CODES = frozenset({"53100"})
_OUT_OF_MEMORY = "53200"
"""Of the backend's own memory, or of the memory all share: locks are what fills that."""
_MORE_LOCKS = (
    "Raise max_locks_per_transaction on that server, to 256 say, and restart it, "
    "or move fewer tables at once; then resume"
)
_SAFE = "Nothing of the open batch was written"


READ_THE_CAUSE = "Read the cause, mend it, then resume"
"""What is advised where only the server knows what it did not like."""


NOT_REACHED = "08001"
"""The class of SQLSTATE for a server that could not be reached (manual, appendix A)."""


def _from_postgres(error: psycopg.Error, where: str) -> FordwayError:
    code = error.sqlstate or ""
    detail = error.diag.message_primary or str(error).strip().split("\n")[0] or type(error).__name__
    text = scrub_text(detail)
    kind, todo = _judge(code, error)
    # A server that reports out of shared memory or temp space words it in class 53.
    if kind is StatementFailed and "No space left on device" in text:
        kind, todo = TargetFull, "Free space on the target, then resume"
    if code == _OUT_OF_MEMORY and "shared memory" in detail:
        text = f"The server's table of locks is full: {text}"
        todo = _MORE_LOCKS
    if kind is TargetFull:
        text = f"The target's disk is full: {text}"
    place = error.diag.constraint_name or error.diag.column_name or ""
    facts = {"place": place} if place else {}
    return kind(text, where=where, safe=_SAFE, todo=todo, sqlstate=code, facts=facts)


def _judge(code: str, error: psycopg.Error) -> tuple[type[FordwayError], str]:
    if code in _FULL_CODES:
        return TargetFull, "Free space on the target, then resume"
    if code in _DENIED_CODES:
        return NotAllowed, "Use a role that may create schemas and tables in the target, then try again"
    if code in _BUSY_CODES:
        return ServerBusy, "Fordway tries again by itself"
    if code in _CUT_CODES or (not code and isinstance(error, psycopg.OperationalError)):
        return ConnectionCut, "Fordway tries again by itself; if the server stays away, start it and resume"
    return StatementFailed, READ_THE_CAUSE


_NO_WAY_IN: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("password authentication failed", "no password supplied"),
     "The server refused the password", "Check user and password in the URL or in PGPASSWORD", ""),
    (("no pg_hba.conf entry",),
     "The server does not let this machine in", "Ask its administrator for a pg_hba.conf entry", ""),
    (("could not translate host name", "failed to resolve"),
     "The host name is unknown", "Correct the host in the URL", ""),
    (("timeout", "timed out"),
     "The server did not answer in time", "Check the address, the network and the firewall", NOT_REACHED),
    (("too many c", "connection slots"),
     "The server has no free connection", "Close other programs' connections, or raise the limit", "53300"),
    (("is starting up", "is shutting down", "in recovery mode", "not yet accepting connections"),
     "The server is just starting or stopping", "Wait until it is up, then try again", "57P03"),
    # libpq quotes what stands where a port should; it may be a piece of a password.
    (("invalid port", "invalid integer"),
     "The port in the URL is no number", "Correct the URL; encode signs in its password", ""),
    (("refused", "No such file"),
     "Nobody answers there", "Start the server, or correct host and port in the URL", NOT_REACHED),
)  # fmt: skip
"""Words of libpq and of servers, what happened, what helps, and the SQLSTATE that psycopg does not tell."""
_NOT_THERE = {
    "database": ("There is no such database on the server", "Create it, or correct the name in the URL"),
    "role": ("There is no such user on the server", "Correct the user name in the URL"),
}


def cannot_connect(error: psycopg.Error, *, place: str) -> CannotConnect:
    """The error of a failed connection attempt, in one sentence a person can act on."""
    text = scrub_text(str(error)).strip()
    state = ""
    absent = next((kind for kind in _NOT_THERE if kind in text and "does not exist" in text), "")
    known = next((told for words, *told in _NO_WAY_IN if any(word in text for word in words)), None)
    if absent:
        what, todo = _NOT_THERE[absent]
    elif known is not None:
        what, todo, state = known
    else:
        what, todo = "No connection: " + text.splitlines()[-1], "Correct the URL, then try again"
    return CannotConnect(what, where=place, safe="Nothing was changed", todo=todo, sqlstate=state)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raises our errors where psycopg would raise its own; the cause stays chained."""
    try:
        yield
    except psycopg.Error as error:
        raise _from_postgres(error, where) from error


@contextmanager
def translated_sqlite(where: str) -> Iterator[None]:
    """Raises our errors where sqlite3 would raise its own; the cause stays chained."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(error, where) from error


def _from_sqlite(error: sqlite3.Error, where: str) -> FordwayError:
    text = str(error)
    safe = "The file was only read"
    if "not a database" in text:
        return BadSource("This file is no SQLite database", where=where, safe=safe, todo="Name a SQLite file")
    if "unable to open" in text:
        return BadSource(
            "The file can't be opened", where=where, safe=safe, todo="Check that it exists and may be read"
        )
    if "malformed" in text or "corrupt" in text:
        return BadSource(
            "The SQLite file is damaged",
            where=where,
            safe=safe,
            todo="Recover it with sqlite3's .recover, then use the copy",
        )
    if "locked" in text or "busy" in text:
        return ServerBusy(
            "The SQLite file is locked by another program",
            where=where,
            safe=safe,
            todo="Close the program that writes it",
        )
    return BadSource(
        f"The SQLite file can't be read: {text}",
        where=where,
        safe=safe,
        todo="Check the file with sqlite3's `pragma integrity_check`",
    )

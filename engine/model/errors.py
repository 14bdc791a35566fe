"""What can go wrong, by what may be done about it.

    FordwayError
    |-- Transient            retry with backoff, the checkpoint stands
    |   |-- ConnectionCut    the server went away in the middle of something
    |   `-- ServerBusy       lock timeout, deadlock, too many connections
    |-- Terminal             stop here, the checkpoint stands, a person decides
    |   |-- CannotConnect    wrong password, nobody listens, no such database
    |   |-- BadSource        the file is missing, no database, or damaged
    |   |-- BadInput         a playbook, a flag or a name that makes no sense
    |   |-- WrongVersion     a newer program has worked here
    |   |-- TargetFull       the target's disk is full
    |   |-- NotAllowed       the role lacks a privilege, or is read-only
    |   |-- LeaseLost        another runner owns the run now
    |   |-- PlanDrifted      source or target changed since the approval
    |   |-- RowsRefused      rows of a batch can't be written, and nobody foresaw it
    |   `-- StatementFailed  the database refused a statement
    `-- RowRejected          one row is not as planned: look at each row of its batch

Every error carries a sentence for a person in four parts: what happened,
where, what is safe, what to do.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "BadInput",
    "BadSource",
    "CannotConnect",
    "ConnectionCut",
    "FordwayError",
    "LeaseLost",
    "NotAllowed",
    "PlanDrifted",
    "RowRejected",
    "RowsRefused",
    "ServerBusy",
    "StatementFailed",
    "TargetFull",
    "Terminal",
    "Transient",
    "WrongVersion",
]


class FordwayError(Exception):
    """The base of everything Fordway raises on purpose."""

    exit_code = 1
    """Process exit code when this ends a command (PRODUCT: command line contract)."""

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        safe: str = "",
        todo: str = "",
        sqlstate: str = "",
        facts: dict[str, Any] | None = None,
    ) -> None:
        """Holds the four parts of the sentence.

        Args:
            what: what happened, without a full stop.
            where: table, chunk, file or server; empty when there is no place.
            safe: what has not been lost or touched.
            todo: the next thing the person can do.
            sqlstate: PostgreSQL's five-character code, empty for other errors.
            facts: plain JSON values that tell where exactly: the batch under ``at``, the
                constraint, the column.
        """
        super().__init__(what)
        self.what = what
        self.where = where
        self.safe = safe
        self.todo = todo
        self.sqlstate = sqlstate
        self.facts: dict[str, Any] = facts or {}

    def sentence(self) -> str:
        """The whole message for a person, on one line."""
        head = f"{self.what} ({self.where})" if self.where else self.what
        return " ".join(f"{part.rstrip('.')}." for part in (head, self.safe, self.todo) if part)

    def __str__(self) -> str:
        return self.sentence()

    def __reduce__(self) -> tuple[object, ...]:
        """Survives the trip from a worker process."""
        parts = {"where": self.where, "safe": self.safe, "todo": self.todo, "sqlstate": self.sqlstate}
        return (_rebuild, (type(self), self.what, {**parts, "facts": self.facts}))


def _rebuild(kind: type[FordwayError], what: str, parts: dict[str, Any]) -> FordwayError:
    return kind(what, **parts)


class Transient(FordwayError):
    """May succeed when tried again."""


class ConnectionCut(Transient):
    """The server went away in the middle of something."""


class ServerBusy(Transient):
    """A lock, a deadlock or a connection limit stood in the way."""


class Terminal(FordwayError):
    """Trying again changes nothing; a person has to act."""


class CannotConnect(Terminal):
    """Nobody answers, or the answer is no."""

    exit_code = 3


class BadSource(Terminal):
    """The source is missing, is no database, or is damaged."""

    exit_code = 3


class BadInput(Terminal):
    """A playbook, a flag or a name that makes no sense."""

    exit_code = 2


class WrongVersion(Terminal):
    """A newer program has worked here, and this one does not know what it wrote."""

    exit_code = 3


class TargetFull(Terminal):
    """The target's disk is full."""


class NotAllowed(Terminal):
    """The role lacks a privilege."""


class LeaseLost(Terminal):
    """Another runner owns the run now; this one must not write any more."""


class PlanDrifted(Terminal):
    """Source or target changed since the plan was approved."""


class StatementFailed(Terminal):
    """The database refused a statement."""


class RowsRefused(Terminal):
    """Rows of a batch can't be written, and nobody foresaw it; nothing of the batch was written."""


class RowRejected(FordwayError):
    """A row is not of the form the plan counted on: its batch is moved again, row by row."""

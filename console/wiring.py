"""Settings into opened services, ledger and runs: the one place where they meet."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from console.embedded import EmbeddedServices, acquire
from console.settings import Settings
from engine.model.errors import BadInput
from engine.model.events import RunCreated
from engine.model.run_settings import RunSettings
from engine.playbooks.spec import Playbook
from engine.stores.dsn import check_url, is_postgres, scrub, split_schema, sqlite_path
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession

__all__ = [
    "Opened",
    "create_run",
    "find_run",
    "open_services",
    "operator_name",
    "source_urls_of",
    "with_settings",
    "with_sources",
]

Tell = Callable[[str], None]


@dataclass(slots=True, kw_only=True)
class Opened:
    """Where target and Redis are, and the hold on the embedded ones."""

    settings: Settings
    target_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    services: EmbeddedServices | None

    def ledger(self, purpose: str, *, patience_seconds: float = 60.0) -> Ledger:
        """The ledger in the target."""
        return Ledger(self.target_url, purpose=purpose, patience_seconds=patience_seconds)

    def target_name(self) -> str:
        """The target database's name, which an operator types to confirm."""
        session = TargetSession(self.target_url, purpose="command line")
        try:
            with session.transaction("the target") as cursor:
                return session.database_name(cursor)
        finally:
            session.close()

    def close(self) -> None:
        """The hold is gone; services nobody needs end within seconds."""
        if self.services is not None:
            self.services.release()


def open_services(settings: Settings, *, target: str = "", tell: Tell = lambda _: None) -> Opened:
    """Target and Redis, the embedded ones where no URL says otherwise.

    Args:
        target: a URL that wins over the settings, such as a flag's or a playbook's.

    Raises:
        FordwayError: an embedded service can't be had here.
    """
    target_url = target or (settings.target_url.get_secret_value() if settings.target_url else "")
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else ""
    services = None
    if not target_url or not redis_url:
        services = acquire(settings.data_dir, postgres=not target_url, redis=not redis_url, on_progress=tell)
        target_url = target_url or services.target_url or ""
        redis_url = redis_url or services.redis_url or ""
    return Opened(settings=settings, target_url=target_url, redis_url=redis_url, services=services)


def operator_name() -> str:
    """Who is at this terminal, for decisions and the audit log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "operator"


def create_run(ledger: Ledger, *, playbook: Playbook, target_url: str, settings: RunSettings) -> str:
    """A new run's id, with its first journal entry; no secret goes with it.

    Raises:
        CannotConnect: the target does not answer.
        NotAllowed: the role may not make the ledger there.
    """
    for url in (target_url, *playbook.sources.values()):
        check_url(url)
    _, schema = split_schema(target_url)
    if schema == "fordway" or schema == "information_schema" or schema.startswith("pg_"):
        raise BadInput(
            f"The schema {schema} is not yours to fill",
            safe="Nothing was changed",
            todo="Name another with --schema",
        )
    ledger.migrate()
    sources = {name: _label(url) for name, url in playbook.sources.items()}
    body = playbook.model_dump(mode="json", by_alias=True, exclude_unset=True)
    run_id = ledger.runs.create(
        title=playbook.title,
        playbook=playbook.playbook,
        playbook_body={**body, "target": "", "sources": sources},
        places={
            "target": scrub(target_url),
            "sources": sources,
            "settings": replace(settings, playbook_file=playbook.file).to_json(),
        },
        created_by=settings.operator,
    )
    ledger.journal.record(
        run_id,
        RunCreated(
            title=playbook.title,
            playbook=playbook.playbook,
            sources=tuple(sources.values()),
            target=scrub(target_url),
            operator=settings.operator,
        ),
    )
    return run_id


def _label(url: str) -> str:
    """How a source is remembered: its whole path, or its URL without the password."""
    return scrub(url) if is_postgres(url) else str(sqlite_path(url).absolute())


def source_urls_of(
    ledger: Ledger, run_id: str, *, given: dict[str, str], environment: dict[str, str]
) -> dict[str, str]:
    """A run's source URLs when it is opened again.

    The ledger knows them without passwords. Where one is needed, ``--source name=URL`` or the
    variable ``FORDWAY_SOURCE_<NAME>`` gives the whole URL; PGPASSWORD and .pgpass work as ever.
    """
    known = ledger.runs.opening(run_id).sources
    unknown = set(given) - set(known)
    if unknown:
        raise BadInput(
            f"This run has no source {', '.join(sorted(unknown))}", todo=f"It has: {', '.join(known)}"
        )
    return {
        name: given.get(name) or environment.get(f"FORDWAY_SOURCE_{name.upper().replace('-', '_')}") or url
        for name, url in known.items()
    }


def find_run(ledger: Ledger, name: str) -> str:
    """The run's id from an id, a unique prefix of one, or ``latest``.

    Raises:
        BadInput: no run is meant, or several are.
    """
    ledger.migrate()
    if name == "latest":
        found = ledger.runs.find("", most=1)
        if not found:
            raise BadInput("There is no run here yet", todo="`fordway demo` makes one")
        return found[0]
    found = ledger.runs.find(name, most=2)
    if not found:
        raise BadInput(f"There is no run {name} here", todo="`fordway status` lists the runs of this target")
    if len(found) > 1:
        raise BadInput(f"Several runs begin with {name}", todo="Type more of the id")
    return found[0]


def with_sources(playbook: Playbook, urls: dict[str, str]) -> Playbook:
    """The playbook with other source URLs."""
    return playbook.model_copy(update={"sources": {**playbook.sources, **urls}})


def with_settings(playbook: Playbook, settings: Settings) -> Playbook:
    """The playbook with the machine's batch size where it names none itself."""
    if settings.batch_rows is None or playbook.defaults.batch_rows is not None:
        return playbook
    defaults = playbook.defaults.model_copy(update={"batch_rows": settings.batch_rows})
    return playbook.model_copy(update={"defaults": defaults})

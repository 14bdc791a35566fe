"""Sample data for playbooks whose source reads ``sample:NAME``, made on the spot."""

from __future__ import annotations

from console.wiring import Opened, Tell, with_sources
from engine.model.errors import BadInput
from engine.playbooks import brackets_sample
from engine.playbooks.spec import Playbook
from engine.stores.sample_database import ensure_database

__all__ = ["provide_samples"]

_PREFIX = "sample:"


def provide_samples(
    playbook: Playbook, opened: Opened, *, kind: str, prepares_target: bool, tell: Tell
) -> Playbook:
    """The playbook with real URLs where it asked for samples.

    Args:
        kind: ``sqlite`` or ``postgres``.
        prepares_target: make what the new system looks like before the move, as the demo does.

    Raises:
        BadInput: there is no such sample.
    """
    urls = {}
    for name, url in playbook.sources.items():
        if url.startswith(_PREFIX):
            urls[name] = _make(url.removeprefix(_PREFIX), opened, kind=kind, tell=tell)
            if prepares_target:
                brackets_sample.prepare_target(opened.target_url)
    return with_sources(playbook, urls) if urls else playbook


def _make(sample: str, opened: Opened, *, kind: str, tell: Tell) -> str:
    if sample != "brackets":
        raise BadInput(f"There is no sample {sample}", todo="The samples are: brackets")
    tell(f"Making the legacy system's sample data ({'SQLite' if kind == 'sqlite' else 'PostgreSQL'})")
    if kind == "postgres":
        url = ensure_database(opened.target_url, "fordway_legacy_brackets")
        brackets_sample.make_postgres(url)
        return url
    path = opened.settings.data_dir / "samples" / "brackets.db"
    brackets_sample.make_sqlite(path)
    return str(path)

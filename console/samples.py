"""Sample data for playbooks whose source reads ``sample:NAME``, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.wiring import Opened, Tell, with_sources
from engine.model.errors import BadInput
from engine.playbooks import brackets_sample, case_files_sample
from engine.playbooks.spec import Playbook
from engine.stores.sample_database import ensure_database

__all__ = ["provide_samples"]

_PREFIX = "sample:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """One legacy system that can be made; every way of making it may run twice."""

    what: str
    """What is made, for the line the operator reads meanwhile."""
    make_sqlite: Callable[[Path], None]
    make_postgres: Callable[[str], None]
    prepare_target: Callable[[str], None] | None = None
    """Makes what the new system looks like before the move; None: the run makes its tables itself."""


_SAMPLES = {
    "brackets": _Sample(
        what="the legacy system's sample data",
        make_sqlite=brackets_sample.make_sqlite,
        make_postgres=brackets_sample.make_postgres,
        prepare_target=brackets_sample.prepare_target,
    ),
    "case-files": _Sample(
        what="the legacy system's sample data",
        make_sqlite=case_files_sample.make_sqlite,
        make_postgres=case_files_sample.make_postgres,
    ),
    "case-files-archive": _Sample(
        what="the legacy system's archive",
        make_sqlite=case_files_sample.make_archive_sqlite,
        make_postgres=case_files_sample.make_archive_postgres,
    ),
}


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
            sample = url.removeprefix(_PREFIX)
            urls[name] = _make(sample, opened, kind=kind, tell=tell)
            prepare = _SAMPLES[sample].prepare_target
            if prepares_target and prepare is not None:
                prepare(opened.target_url)
    return with_sources(playbook, urls) if urls else playbook


def _make(name: str, opened: Opened, *, kind: str, tell: Tell) -> str:
    """The URL of the sample, which is there now."""
    sample = _SAMPLES.get(name)
    if sample is None:
        raise BadInput(f"There is no sample {name}", todo=f"The samples are: {', '.join(_SAMPLES)}")
    tell(f"Making {sample.what} ({'SQLite' if kind == 'sqlite' else 'PostgreSQL'})")
    if kind == "postgres":
        url = ensure_database(opened.target_url, "fordway_legacy_" + name.replace("-", "_"))
        sample.make_postgres(url)
        return url
    path = opened.settings.data_dir / "samples" / f"{name}.db"
    sample.make_sqlite(path)
    return str(path)

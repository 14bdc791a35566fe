"""Commands that start, steer or take back a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.answering import expire_question, refused_undo
from console.commands_decide import from_here
from console.demo import prepare_demo
from console.flags import settings_from, sources_given
from console.headless import run_headless
from console.narrator import Narrator
from console.plain import answer_at_prompt
from console.samples import provide_samples
from console.settings import Settings, load_settings
from console.wiring import (
    Opened,
    create_run,
    find_run,
    open_services,
    operator_name,
    source_urls_of,
    with_settings,
    with_sources,
)
from engine.guidance.explain_run import given_up_words
from engine.model.decisions import DecisionKind
from engine.model.errors import BadInput
from engine.model.run import RunState, Step
from engine.model.run_settings import RunSettings
from engine.model.undo import Part
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.load import load_playbook
from engine.playbooks.spec import Playbook
from engine.runner import RunnerOptions
from engine.stores.dsn import is_postgres, scrub
from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import Said
from screens.run_link import UNDO

__all__ = ["RunFlags", "copy", "demo_headless", "in_foreground", "resume", "run_playbook"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFlags:
    """Flags of a run in this terminal."""

    yes: bool = False
    rehearse: bool = False
    on_error: str | None = None
    workers: int | None = None
    decide_within: int | None = None
    """Minutes a question may stay open before the run is paused; 0: as long as it takes."""
    as_json: bool = False
    plain: bool = False

    def settings(self, playbook: Playbook, settings: Settings) -> RunSettings:
        """The run's own settings: flags win over the playbook, the playbook over the machine."""
        within = self.decide_within if self.decide_within is not None else playbook.defaults.decide_within
        return RunSettings(
            assume_yes=self.yes,
            rehearse=self.rehearse,
            on_error=self.on_error or playbook.defaults.on_error,
            workers=self.workers or max(playbook.defaults.workers or 0, settings.workers or 0),
            operator=operator_name(),
            decide_within_seconds=within * 60.0,
        )


def demo_headless(name: str, *, kind: str, rehearse: bool, workers: int | None, as_json: bool) -> int:
    """``fordway demo --headless``."""
    settings = load_settings(workers=workers)
    narrator = Narrator(as_json=as_json)
    run_settings = RunSettings(
        assume_yes=True,
        rehearse=rehearse,
        # Nobody is there to be asked.
        on_error="recommended",
        operator=operator_name(),
        is_demo=True,
        workers=settings.workers or 0,
    )
    opened, run_id, playbook = prepare_demo(
        name, settings=settings, kind=kind, run_settings=run_settings, tell=narrator.say
    )
    try:
        return in_foreground(opened, run_id, dict(playbook.sources), narrator)
    finally:
        opened.close()


def run_playbook(name: str, *, flags: RunFlags, target: str, redis: str, source: Sequence[str] | None) -> int:
    """``fordway run``."""
    settings = settings_from(target=target, redis=redis, workers=flags.workers)
    playbook = with_sources(load_playbook(name), sources_given(source))
    return _run(playbook, settings=settings, target=target or playbook.target, flags=flags)


def copy(source: str, target: str, *, schema: str, only: tuple[str, ...], redis: str, flags: RunFlags) -> int:
    """``fordway copy``: naming both ends is the approval, unless a person sits at the terminal."""
    if not is_postgres(target):
        raise BadInput(f"{scrub(target)} is no PostgreSQL URL", todo="Write postgresql://user@host/database")
    settings = settings_from(target="", redis=redis, workers=flags.workers)
    playbook = playbook_for_copy(source, target, schema=schema, only=only)
    is_attended = sys.stdin.isatty() and not flags.as_json
    flags = replace(flags, yes=flags.yes or not is_attended, plain=True)
    return _run(playbook, settings=settings, target=playbook.target, flags=flags)


def _run(playbook: Playbook, *, settings: Settings, target: str, flags: RunFlags) -> int:
    narrator = Narrator(as_json=flags.as_json)
    opened = open_services(settings, target=target, tell=narrator.say)
    try:
        playbook = with_settings(playbook, settings)
        playbook = provide_samples(playbook, opened, kind="sqlite", prepares_target=False, tell=narrator.say)
        ledger = opened.ledger("command line")
        run_id = create_run(
            ledger,
            playbook=playbook,
            target_url=opened.target_url,
            settings=flags.settings(playbook, settings),
        )
        ledger.close()
        asks = not flags.yes and not flags.as_json and sys.stdin.isatty()
        return in_foreground(opened, run_id, dict(playbook.sources), narrator, asks=asks)
    finally:
        opened.close()


def in_foreground(
    opened: Opened,
    run_id: str,
    urls: dict[str, str],
    narrator: Narrator,
    *,
    asks: bool = False,
    is_undo: bool = False,
    part: Part | None = None,
) -> int:
    """Runs the run in this process until it rests; the exit code comes from the ledger."""
    ledger = opened.ledger("command line")
    options = RunnerOptions(
        run_id=run_id,
        target_url=opened.target_url,
        redis_url=opened.redis_url,
        source_urls=urls,
        target_label=scrub(opened.target_url),
        namespace=opened.settings.redis_namespace,
        lease_seconds=opened.settings.lease_seconds,
        wait_seconds=0.0,
        is_undo=is_undo,
        undo_part=part,
        report_folder=str(opened.settings.data_dir / "reports"),
    )

    def give(decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        asked = ledger.decisions.read(decision_id)
        if option == UNDO and asked is not None and asked.decision.kind is DecisionKind.FAULT:
            refused, value = refused_undo(opened.target_name(), value), ""
            if refused:
                return refused
        said = Said(from_where=from_here(), for_every=for_every, value=value)
        return ledger.decisions.answer(decision_id, option, who=operator_name(), said=said)

    def prompt(waiting: str) -> bool:
        decision = ledger.decisions.open_one(waiting)
        return decision is not None and answer_at_prompt(decision, give, target_name=opened.target_name)

    try:
        return run_headless(options, ledger=ledger, narrator=narrator, on_waiting=prompt if asks else None)
    finally:
        ledger.close()


def resume(
    run: str, *, target: str, redis: str, source: Sequence[str] | None, yes: bool, as_json: bool
) -> int:
    """``fordway resume``: goes on in this terminal."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        ledger = opened.ledger("command line")
        run_id = find_run(ledger, run)
        urls = source_urls_of(ledger, run_id, given=sources_given(source), environment=dict(os.environ))
        expire_question(ledger, run_id)
        record = ledger.runs.read(run_id)
        if record.state is RunState.COMPLETE and not ledger.steps.is_done(run_id, Step.VERIFY):
            narrator.say(f"Run {run_id} is complete, but not compared since rows were replayed.")
        elif record.state in (RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE):
            narrator.say(f"Run {run_id} is {record.state}; there is nothing to resume.")
        if record.rows_given_up and record.state in (RunState.COMPLETE, RunState.STOPPED):
            narrator.say(given_up_words(record.rows_given_up, "rows"))
        if yes:
            _answer_routine_questions(ledger, run_id)
        ledger.close()
        asks = not as_json and sys.stdin.isatty()
        return in_foreground(opened, run_id, urls, narrator, asks=asks)
    finally:
        opened.close()


def _answer_routine_questions(ledger: Ledger, run_id: str) -> None:
    """From now on the run's plan and move are approved beforehand."""
    ledger.runs.set_setting(run_id, "assume_yes", value=True)

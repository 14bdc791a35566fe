"""``fordway watch --plain``: a run read along in words, by who may answer what is asked about faults."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from console.flags import settings_from, sources_given
from console.narrator import Narrator
from console.open_run import watch_run
from console.plain import answer_at_prompt
from console.watch_link import WatchLink
from engine.model.decisions import Decision, DecisionKind
from engine.model.events import DecisionAnswered, JournalEntry
from engine.model.run import RunRecord, RunState, exit_code_of
from screens.fault_words import with_lead_asked
from screens.sight import Viewer

__all__ = ["watch"]

_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE})
_MOST_ENTRIES = 500


def watch(run: str, *, target: str, redis: str, source: Sequence[str] | None, as_json: bool) -> int:
    """Tells what happens until the run has ended; the exit code is the run's."""
    narrator = Narrator(as_json=as_json)
    settings = settings_from(target=target, redis=redis)
    link = watch_run(run, settings=settings, source_urls=sources_given(source), tell=narrator.say)
    try:
        return _Watching(link, narrator, asks=not as_json and sys.stdin.isatty()).follow()
    finally:
        link.close()


class _Watching:
    """One run, read along from now on."""

    def __init__(self, link: WatchLink, narrator: Narrator, *, asks: bool) -> None:
        self._link = link
        self._narrator = narrator
        self._asks = asks
        self._told = ""
        """The question that was told last."""

    def follow(self) -> int:
        """The run's exit code, once it has ended."""
        link = self._link
        number = link.last_number()
        record = link.record()
        self._narrator.say(
            f"Watching run {link.run_id}: {record.title}, {record.state} at {record.step}. "
            "Questions about faults can be answered from here; nothing else is asked of the run."
        )
        while True:
            entries = link.entries_after(number, limit=_MOST_ENTRIES)
            for entry in entries:
                number = entry.number
                self._narrator.tell(link.run_id, entry, asked=self._asked(entry))
            record = link.record()
            if record.state is RunState.WAITING:
                self._tell_question(link.open_question())
            elif record.state in _OVER and not entries:
                return self._end(record)

    def _asked(self, entry: JournalEntry) -> Decision | None:
        if not isinstance(entry.event, DecisionAnswered):
            return None
        return self._link.question(entry.event.decision_id)

    def _tell_question(self, decision: Decision | None) -> None:
        """Asks here what may be answered here, and says of the rest who answers it; each once."""
        if decision is None:
            return
        told = f"{decision.decision_id} {decision.handed_to}"
        if told == self._told:
            return
        self._told = told
        if decision.kind is not DecisionKind.FAULT:
            self._narrator.say(f"Waits for the operator: {decision.question}")
        elif self._asks:
            ours = with_lead_asked(decision, Viewer.LEAD)
            answer_at_prompt(ours, self._link.answer, target_name=self._link.opened.target_name)
        else:
            run_id = self._link.run_id
            words = decision.headline or decision.question
            self._narrator.say(f"Waits for an answer: {words}. fordway decide {run_id} lists the options.")

    def _end(self, record: RunRecord) -> int:
        reason = f": {record.reason}" if record.reason else ""
        self._narrator.say(f"Run {self._link.run_id} is {record.state}{reason}")
        return exit_code_of(
            record.state, step=record.step, quarantined=record.rows_quarantined, is_failed=record.is_failed
        )

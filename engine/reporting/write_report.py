"""The report as files: Markdown for people with terminals, HTML for people with browsers."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from engine.model.errors import FordwayError
from engine.model.run import RunState
from engine.reporting.facts import gather_facts
from engine.reporting.markdown import report_markdown
from engine.stores.ledger import Ledger

__all__ = ["write_report"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "td,th{border:1px solid #767676;padding:.25rem .5rem;text-align:left}"
)


def write_report(run_id: str, ledger: Ledger, folder: Path, *, state: RunState | None = None) -> Path:
    """The Markdown file's path; the HTML lies beside it under the same name.

    Args:
        run_id: whose report.
        ledger: where its facts are.
        folder: made when it is not there.
        state: the state a run is about to take, when the report is part of taking it.

    Raises:
        FordwayError: the folder can't be written; the run itself is not touched by that.
    """
    facts = gather_facts(run_id, ledger)
    if state is not None:
        facts = replace(facts, record=replace(facts.record, state=state, reason=""))
    text = report_markdown(facts)
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    title = escape(f"{facts.record.title} - run {run_id}")
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n{body}</body></html>\n"
    )
    path = folder / f"fordway-{run_id}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.with_suffix(".html").write_text(page, "utf-8")
    except OSError as error:
        raise FordwayError(
            f"The report can't be written: {error.strerror}",
            where=str(folder),
            safe="The run and its ledger are complete",
            todo=f"Free or name another folder, then: fordway report {run_id} --out FOLDER",
        ) from error
    return path

"""Commands that only look: plans, sources, runs and the machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from console.flags import settings_from, sources_given
from console.narrator import Narrator
from console.samples import provide_samples
from console.wiring import find_run, open_services, with_sources
from engine.guidance.words import count_of
from engine.model.codec import plan_to_json
from engine.model.errors import BadInput
from engine.model.plan import Plan
from engine.model.run import ExitCode
from engine.playbooks.draft import draft_playbook
from engine.playbooks.load import load_playbook
from engine.reporting.write_report import write_report
from engine.stores.dsn import scrub
from engine.stores.open_source import open_source

__all__ = ["doctor", "draft", "inspect", "report", "show_plan"]


def draft(urls: Sequence[str], *, to: str, out: str) -> int:
    """``fordway plan --from .. --to .. --out ..``: a playbook that says what would happen anyway."""
    if not to or not out:
        raise BadInput("A draft needs a target and a file", todo="Add --to URL and --out FILE.yaml")
    path = Path(out).expanduser()
    if path.exists():
        raise BadInput(f"{path} is there already", safe="It was not changed", todo="Name another file")
    catalogs = {}
    for number, url in enumerate(urls, start=1):
        name = "source" if len(urls) == 1 else f"source{number}"
        source = open_source(name, url)
        try:
            catalogs[name] = source.read_catalog()
        finally:
            source.close()
    try:
        path.write_text(draft_playbook(catalogs, to), "utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}", safe="Nothing was changed") from error
    typer.echo(f"Wrote {path}. Read it, change it, then: fordway run {path}")
    return ExitCode.COMPLETE


def show_plan(name: str, *, target: str, redis: str, source: Sequence[str] | None, as_json: bool) -> int:
    """``fordway plan PLAYBOOK``: discovers and plans; nothing is moved."""
    if not name:
        raise BadInput("Name a playbook, or --from URL --to URL --out FILE")
    from engine.agents.look_ahead import look_ahead

    narrator = Narrator(as_json=as_json)
    playbook = with_sources(load_playbook(name), sources_given(source))
    settings = settings_from(target=target, redis=redis)
    opened = open_services(settings, target=target or playbook.target, tell=narrator.say)
    try:
        playbook = provide_samples(playbook, opened, kind="sqlite", prepares_target=False, tell=narrator.say)
        plan = look_ahead(
            playbook,
            target_url=opened.target_url,
            target_label=scrub(opened.target_url),
            source_urls=dict(playbook.sources),
            on_error=playbook.defaults.on_error,
        )
    finally:
        opened.close()
    if as_json:
        narrator.line({"event": "plan", **plan_to_json(plan)})
    else:
        for line in plan_lines(plan):
            typer.echo(line)
    return ExitCode.COMPLETE


def plan_lines(plan: Plan) -> list[str]:
    """The technical plan as lines of text."""
    lines = [f"{plan.title}", f"target {plan.target}", f"digest {plan.digest}", ""]
    for phase in plan.phases:
        lines.append(f"phase {phase.number} {phase.name}: {phase.reason}")
        for table in plan.tables:
            if table.phase == phase.number:
                steps = ", ".join(table.transformations) or "plain copy"
                lines.append(
                    f"  {table.source_table} -> {table.name}: {count_of(table.rows, 'rows')}, "
                    f"{count_of(table.batches, 'batches')} of {table.batch_rows:,}, {table.table_class}, "
                    f"{table.lane} lane, {steps}"
                )
    low, high = plan.estimate.low_seconds, plan.estimate.high_seconds
    lines += [
        "",
        f"estimate {low:.0f}-{high:.0f} s ({plan.estimate.basis})",
        f"risk {plan.risk.level}: {'; '.join(plan.risk.reasons)}",
        f"undo {plan.undo}",
        *(f"{finding.word} {finding.sentence()}" for finding in plan.findings),
    ]
    return lines


def inspect(url: str, *, as_json: bool) -> int:
    """``fordway inspect URL``."""
    source = open_source("source", url)
    try:
        catalog = source.read_catalog()
    finally:
        source.close()
    for table in catalog.tables:
        if as_json:
            body = {
                "event": "table", "table": table.name, "rows": table.row_count, "columns": len(table.columns),
                "primary_key": list(table.primary_key), "foreign_keys": len(table.foreign_keys),
                "indexes": len(table.indexes),
            }  # fmt: skip
            typer.echo(json.dumps(body))
        else:
            typer.echo(
                f"{table.name}: {count_of(table.row_count, 'rows')}, "
                f"{count_of(len(table.columns), 'columns')}"
            )
    for other in catalog.others:
        typer.echo(
            json.dumps({"event": "other", "kind": other.kind, "name": other.name})
            if as_json
            else f"{other.kind} {other.name}"
        )
    return ExitCode.COMPLETE


def report(run: str, *, out: str, target: str, as_json: bool) -> int:
    """``fordway report RUN``: the report of the run as it stands now."""
    narrator = Narrator(as_json=as_json)
    settings = settings_from(target=target, redis="")
    opened = open_services(settings, target=target, tell=narrator.say)
    try:
        ledger = opened.ledger("report", patience_seconds=5.0)
        run_id = find_run(ledger, run)
        path = write_report(run_id, ledger, Path(out).expanduser() if out else settings.data_dir / "reports")
        ledger.close()
    finally:
        opened.close()
    if as_json:
        narrator.line(
            {"event": "report", "run": run_id, "markdown": str(path), "html": str(path.with_suffix(".html"))}
        )
    else:
        narrator.say(f"Wrote {path} and {path.with_suffix('.html').name} beside it.")
    return ExitCode.COMPLETE


def doctor(*, target: str, redis: str, source: Sequence[str] | None, as_json: bool) -> int:
    """``fordway doctor``: 0 when everything a run needs is there, 1 otherwise."""
    from console.doctor import run_doctor

    checks = run_doctor(settings_from(target=target, redis=redis), tuple(sources_given(source).values()))
    for check in checks:
        if as_json:
            body = {"event": "check", "name": check.name, "status": str(check.status), "what": check.what}
            typer.echo(json.dumps({**body, "todo": check.todo}))
        else:
            typer.echo(
                f"{check.status:<5} {check.name}: {check.what}"
                + (f"\n      {check.todo}" if check.todo else "")
            )
    return ExitCode.FAILED if any(check.status == "fail" for check in checks) else ExitCode.COMPLETE

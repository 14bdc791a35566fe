"""Ten faults as the engine asks about them: each a question, what was looked through, and a journal with both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from engine.model import events as ev
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.faults import (
    ChunkAddress,
    Diagnosis,
    Effect,
    MissingParents,
    Offence,
    OffenceGroup,
    OffendingRow,
    ParentPlace,
    WayBack,
    Whereabouts,
)
from engine.model.run import STEP_ORDER, Counts, Pass, RunState, Step
from tests.screens.scripted_journal import Script

ANSWER_WITHIN = timedelta(minutes=8)
WAITED = timedelta(seconds=42)
"""What the console's clock stands at, after the question."""

SAFE = "The batch was rolled back: nothing of it was written, and every committed batch stands."
WITH_RUN = "taken back with the run"
NOTHING = Effect(way_back=WayBack.NOT_NEEDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptedFault:
    """A question, and the look through the batch it rests on."""

    decision: Decision
    diagnosis: Diagnosis | None = None


def at(table: str, number: int, chunk: int, label: str) -> ChunkAddress:
    return ChunkAddress(pass_=Pass.MOVE, table=table, table_number=number, chunk=chunk, label=label)


def effect(rows: int, written: int, *, low: float = 0.0, high: float = 0.0, **more: int) -> Effect:
    return Effect(
        rows=rows,
        written=written,
        low_seconds=low,
        high_seconds=high,
        way_back=WayBack.UNDO,
        undo=WITH_RUN,
        **more,
    )  # type: ignore[arg-type] # counts, by name


def aside(rows: int, of: int, *downstream: str, is_best: bool = True) -> Option:
    return Option(
        name="quarantine", key="q", label=f"Set the {rows} rows aside, go on",
        consequence=f"The other {of - rows} rows are written. The {rows} are kept whole with their reason, and can be mended and replayed.",
        is_recommended=is_best, can_repeat=True,
        effect=replace(effect(rows, of - rows, set_aside=rows), downstream=downstream),
    )  # fmt: skip


def rest(rows: int, *, done: int, chunk: int, retry: str = "Same rows, same rules: the result is the same unless something changed since.") -> tuple[Option, ...]:  # fmt: skip
    return (
        Option(name="retry", key="r", label="Try the batch again", consequence=retry, effect=effect(rows, rows, low=0.2, high=0.6)),
        Option(name="smaller", key="s", label="Try again in smaller batches", consequence="Each row that can't be written is then refused alone; the rest goes through.", unavailable="the rows are known already, smaller batches find the same"),
        Option(name="pause", key="p", label="Pause here", consequence=f"The run rests at its checkpoint after batch {chunk - 1}. Nothing else happens until you resume it.", effect=NOTHING),
        Option(name="checkpoint", key="b", label="Return to the last checkpoint", consequence=f"Batch {chunk} is cut anew from batch {chunk - 1} on, and tried again.", effect=effect(rows, rows, low=0.5, high=1.5)),
        Option(name="undo", key="u", label="Undo the whole run", consequence=f"Takes back all {done:,} rows this run wrote; asks for the target's name first.", effect=Effect(removed=done, low_seconds=3, high_seconds=6, undo="a new run moves the rows again")),
        Option(name="stop", key="x", label="Stop, keep what is committed", consequence="The run ends here and can't be resumed; it can still be undone."),
        Option(name="lead", key="h", label="Hand it to the lead", consequence="The lead is asked as well; whoever answers first decides, and the run waits safely.", effect=NOTHING),
    )  # fmt: skip


def question(code: str, headline: str, **words: object) -> Decision:
    body: dict[str, object] = {
        "decision_id": f"d-{code}", "kind": DecisionKind.FAULT, "question": headline, "situation": headline,
        "fault": code, "headline": headline, "safe": SAFE, "safest": "pause", **words,
    }  # fmt: skip
    return Decision(**body)  # type: ignore[arg-type] # fields by name


LINKS = at("case_file_relationships", 4, 15, "7001-7500")
MISSING_PARENTS = ScriptedFault(
    decision=question(
        "R111", "23 rows reference 7 cases that are not there yet", at=LINKS,
        facts=(
            "All 7 cases are in the archive, in its table dispatch_case.",
            "2 of the 7 belong to an office that is only in the archive, too.",
            "The other 477 rows of the batch have both their ends.",
        ),
        why="It is what we would do for production data: every row keeps its connection.",
        repeats_for="every link whose case is missing in case_file_relationships",
        options=(
            Option(name="parents", key="m", label="Move the 7 missing cases first", consequence="7 cases and 1 office are moved from the archive, with new ids of their own. Then all 500 rows of the batch are written.", is_recommended=True, can_repeat=True, effect=effect(23, 500, low=1, high=3, brought=8)),
            aside(23, 500, "case_notes", is_best=False),
            Option(name="placeholders", key="c", label="Make 7 placeholder cases", consequence="7 cases with nothing but their legacy id are made and marked as placeholders; all 500 rows are written.", can_repeat=True, effect=effect(23, 500, low=0.2, high=0.6, placeholders=7)),
            Option(name="null", key="n", label="Leave the case empty", consequence="The rows are written without their case.", unavailable="case_id is part of the key and can't be empty"),
            *rest(500, done=17_202, chunk=15),
        ),
    ),
    diagnosis=Diagnosis(
        at=LINKS, rows=500, offending=23, seconds=0.4,
        cause='insert or update on table "case_file_relationships" violates foreign key constraint "case_file_relationships_case_id_fkey"',
        groups=(
            OffenceGroup(
                kind=Offence.NO_PARENT, place="case_id", columns=("case_id",), rows=23, reason="no row of cases for this legacy key", sqlstate="23503",
                examples=tuple(
                    OffendingRow(key=f"{case}, {file}", value=str(case), reason=f"no row of cases for legacy key {case}")
                    for case, files in ((1001, range(7128, 7132)), (1002, range(7132, 7135)), (1003, range(7152, 7157)), (1007, range(7190, 7191)), (1012, range(7241, 7245)), (1013, range(7245, 7247)), (1019, range(7305, 7306)))
                    for file in files
                ),
                parents=MissingParents(parent="cases", columns=("id",), keys=7, places=(ParentPlace(whereabouts=Whereabouts.ELSEWHERE, keys=7, rows=23, source="archive", source_table="dispatch_case"),)),
            ),
        ),
    ),
)  # fmt: skip

CUSTOMERS = at("customers", 2, 9, "40001-45000")
DUPLICATE_KEYS = ScriptedFault(
    decision=question(
        "R109", "14 rows have a key the target holds already", at=CUSTOMERS,
        facts=(
            "All 14 are customers with ids from 41,210 to 41,223.",
            "The rows in the target were not written by this run; 3 of them differ from the source's in email.",
        ),
        why="Nothing that is in the target is touched, and nothing of the source is lost.",
        repeats_for="every row of customers whose id is taken",
        options=(
            aside(14, 5_000),
            Option(name="keep-target", key="g", label="Keep the target's rows", consequence="The 14 rows of the source stay behind and count as merged; the target's rows are not touched.", can_repeat=True, effect=effect(14, 4_986, merged=14)),
            Option(name="keep-source", key="k", label="Overwrite with the source's", consequence="The 14 rows in the target get the source's values. What they held is kept, and an undo puts it back.", can_repeat=True, effect=effect(14, 5_000, merged=14)),
            Option(name="newest", key="w", label="The newer row stays", consequence="Each pair is compared by updated_at.", unavailable="customers has no column that tells which row is newer"),
            *rest(5_000, done=40_000, chunk=9),
        ),
    ),
    diagnosis=Diagnosis(
        at=CUSTOMERS, rows=5_000, offending=14, seconds=0.7, cause='duplicate key value violates unique constraint "customers_pkey"',
        groups=(OffenceGroup(kind=Offence.DUPLICATE_KEY, place="customers_pkey", columns=("id",), rows=14, reason="the target holds a row of this key", sqlstate="23505", examples=tuple(OffendingRow(key=str(key), value=str(key), reason="the target holds a row of this key") for key in range(41_210, 41_224))),),
    ),
)  # fmt: skip

NAMES = at("customers", 2, 4, "15001-20000")
TOO_LONG = ScriptedFault(
    decision=question(
        "R103", "6 rows hold a text longer than customers.name takes", at=NAMES,
        facts=("customers.name is varchar(80); the longest of the 6 texts has 143 characters.", "SQLite does not enforce the length the source declares."),
        why="Cutting a text loses its end for good, setting the row aside loses nothing.",
        repeats_for="every text too long in customers.name",
        options=(
            aside(6, 5_000, "orders"),
            Option(name="truncate", key="t", label="Cut the texts to 80 characters", consequence="The 6 names lose everything after their 80th character. Each row's whole text stays in the ledger.", can_repeat=True, effect=effect(6, 5_000, changed=6)),
            Option(name="null", key="n", label="Leave the names empty", consequence="The 6 rows are written without a name.", unavailable="customers.name is required"),
            Option(name="default", key="f", label="Write another name instead", consequence="The 6 rows get the value you type in place of their name.", can_repeat=True, wants_value="the name to fill in", value="(name too long)", effect=effect(6, 5_000, changed=6)),
            *rest(5_000, done=15_000, chunk=4),
        ),
    ),
    diagnosis=Diagnosis(
        at=NAMES, rows=5_000, offending=6, seconds=0.5, cause="value too long for type character varying(80)",
        groups=(OffenceGroup(kind=Offence.TOO_LONG, place="name", columns=("name",), rows=6, reason="longer than 80 characters", sqlstate="22001", mends=(("truncate", 6),), examples=tuple(OffendingRow(key=str(key), value="Gemeinschaftspraxis für Kieferorthopädie und Zahnheilkunde Dr. Öztürk, Lefèvre & Partner [Zweigstelle]", reason=f"{length} characters, 80 fit") for key, length in ((15_204, 103), (16_011, 143), (16_840, 98), (17_777, 103), (18_002, 88), (19_431, 91)))),),
    ),
)  # fmt: skip

VISITS = at("visits", 5, 2, "5001-10000")
EMPTY = ScriptedFault(
    decision=question(
        "R102", "118 rows have nothing in visits.visited_on, which is required", at=VISITS,
        facts=("The target's column is NOT NULL, the source's is not.", "All 118 are visits with status 'planned': they have no day yet."),
        why="Rows set aside are kept whole with their reason, and change nothing about the others.",
        repeats_for="every empty value in visits.visited_on",
        options=(
            aside(118, 5_000, "invoices", "visit_notes"),
            Option(name="default", key="f", label="Fill in a value", consequence="The 118 rows get the day you type.", can_repeat=True, wants_value="the day to fill in, as 2026-03-14", value="1970-01-01", effect=effect(118, 5_000, changed=118)),
            *rest(5_000, done=62_400, chunk=2),
        ),
    ),
    diagnosis=Diagnosis(
        at=VISITS, rows=5_000, offending=118, seconds=0.6, cause='null value in column "visited_on" of relation "visits" violates not-null constraint',
        groups=(OffenceGroup(kind=Offence.EMPTY, place="visited_on", columns=("visited_on",), rows=118, reason="nothing in a required column", sqlstate="23502", examples=tuple(OffendingRow(key=str(key), value=None, reason="nothing in a required column") for key in range(5_120, 5_140))),),
    ),
)  # fmt: skip

INVOICES = at("invoices", 6, 31, "150001-155000")
CHECK = ScriptedFault(
    decision=question(
        "R107", "2 rows break the check invoices_total_not_negative", at=INVOICES,
        facts=("The check says: total >= 0. The two invoices have totals of -12.50 and -0.01.",),
        why="Rows set aside are kept whole with their reason, and change nothing about the others.",
        repeats_for="every row that breaks invoices_total_not_negative",
        options=(aside(2, 5_000, "payments"), *rest(5_000, done=212_400, chunk=31)),
    ),
    diagnosis=Diagnosis(
        at=INVOICES, rows=5_000, offending=2, seconds=0.4, cause='new row for relation "invoices" violates check constraint "invoices_total_not_negative"',
        groups=(OffenceGroup(kind=Offence.CHECK, place="invoices_total_not_negative", columns=("total",), rows=2, reason="total >= 0 does not hold", sqlstate="23514", examples=(OffendingRow(key="151774", value="-12.50", reason="total >= 0 does not hold"), OffendingRow(key="152009", value="-0.01", reason="total >= 0 does not hold"))),),
    ),
)  # fmt: skip

SCANS = at("scans", 7, 212, "105501-106000")
DISK_FULL = ScriptedFault(
    decision=question(
        "R307", "The target's disk is full", at=SCANS,
        facts=("The server said: could not extend file \"base/16401/24871\": No space left on device.", "About 3.1 GB are still to be written, and the disk has 0 bytes free.", "Other programs that write to this server are stopped by it, too."),
        safe="The open batch was rolled back, every committed batch stands: 105,500 of 140,000 rows.",
        why="Free at least 3.1 GB on the server, then resume; nothing is repeated.",
        options=(
            Option(name="pause", key="p", label="Pause until there is room", consequence="The run rests at its checkpoint after batch 211. Free space on the server, then resume it.", is_recommended=True),
            Option(name="retry", key="r", label="Try the batch again now", consequence="Goes through only if somebody has freed space meanwhile.", effect=effect(500, 500, low=1, high=4)),
            Option(name="undo", key="u", label="Undo the whole run", consequence="Takes back all 105,500 rows this run wrote; asks for the target's name first.", effect=Effect(removed=105_500, low_seconds=40, high_seconds=90)),
            Option(name="stop", key="x", label="Stop, keep what is committed", consequence="The run ends here and can't be resumed; it can still be undone."),
            Option(name="lead", key="h", label="Hand it to the lead", consequence="The lead is asked as well; whoever answers first decides, and the run waits safely."),
        ),
    ),
)  # fmt: skip

CONNECTION_LOST = ScriptedFault(
    decision=question(
        "R301", "The connection to the target was lost, for the fourth time", at=at("files", 3, 18, "8501-9000"),
        facts=("db-7:5432 does not answer: connection refused. It answered last at 03:01:48.", "Three more tries failed within 14 seconds.", "The source answers as before."),
        safe="The open batch was rolled back, every committed batch stands.",
        why="The last checkpoint is in the target; going on from there repeats nothing.",
        options=(
            Option(name="retry", key="r", label="Connect again, then go on", consequence="Waits for the server for up to two minutes. If it is still away then, the run pauses.", is_recommended=True, effect=effect(500, 500, low=0, high=120)),
            Option(name="pause", key="p", label="Pause here", consequence="The run rests at its checkpoint. Resume it once the server answers."),
            Option(name="undo", key="u", label="Undo the whole run", consequence="Takes back all rows this run wrote.", unavailable="the target does not answer"),
            Option(name="stop", key="x", label="Stop, keep what is committed", consequence="The run ends here and can't be resumed.", unavailable="the target does not answer"),
            Option(name="lead", key="h", label="Hand it to the lead", consequence="The lead is asked as well.", unavailable="the ledger is in the target, which does not answer"),
        ),
        safest="pause",
    ),
)  # fmt: skip

DEADLOCK = ScriptedFault(
    decision=question(
        "R304", "Two sessions waited for each other, three times in a row", at=at("customers", 2, 11, "50001-55000"),
        facts=("The server ended ours each time; the other is process 4182, app 'billing'.", "billing updates customers by email, this batch writes them by id.", "The last try was 1.6 s ago, with 2,500 rows a batch."),
        why="A smaller batch holds its locks for a shorter time.",
        repeats_for="every deadlock in customers",
        options=(
            Option(name="smaller", key="s", label="Try again in smaller batches", consequence="The batch is cut into eight of 625 rows, each written and committed by itself.", is_recommended=True, can_repeat=True, effect=effect(5_000, 5_000, low=2, high=5)),
            Option(name="retry", key="r", label="Try the batch again", consequence="Goes through if billing has stopped meanwhile.", effect=effect(5_000, 5_000, low=0.5, high=1.5)),
            *rest(5_000, done=50_000, chunk=11)[2:],
        ),
    ),
)  # fmt: skip

MISMATCH = ScriptedFault(
    decision=question(
        "R401", "Verification found 3 rows that are not as in the source", at=at("invoices", 6, 7, "30001-35000"),
        facts=("invoices 31,002, 31,003 and 34,771 differ in total: 12.50 in the source, 12.49 in the target.", "The rows were written by this run and changed afterwards, by role billing.", "All other 249,997 rows compared so far are equal."),
        safe="Nothing is being written; the 3 rows stand as somebody left them.",
        why="Only whoever changed the rows knows whether the new values are meant.",
        options=(
            Option(name="pause", key="p", label="Pause and ask billing", consequence="The run rests before the last comparison. Resume it and it compares the table anew.", is_recommended=True),
            Option(name="retry", key="r", label="Compare the batch again", consequence="Reads both sides once more, as they are now.", effect=Effect(rows=5_000, low_seconds=0.5, high_seconds=1, way_back=WayBack.NOT_NEEDED, undo="it only reads")),
            Option(name="accept", key="a", label="Accept the difference", consequence="The table is called DIFFERENT in the report, with the three keys, and the run goes on."),
            Option(name="undo", key="u", label="Undo the whole run", consequence="Takes back what the run wrote; the 3 changed rows are left alone and listed.", effect=Effect(removed=249_997, low_seconds=20, high_seconds=45)),
            Option(name="lead", key="h", label="Hand it to the lead", consequence="The lead is asked as well; whoever answers first decides, and the run waits safely."),
        ),
    ),
)  # fmt: skip

DENIED = ScriptedFault(
    decision=question(
        "R203", "The role mover may not write into audit_log", at=at("audit_log", 9, 1, "1-5000"),
        facts=("The server said: permission denied for table audit_log.", "The privilege was there when the run began; somebody took it away since."),
        why="Only an owner of the table can give the privilege; nothing is lost by waiting.",
        options=(
            Option(name="pause", key="p", label="Pause until it is granted", consequence="Have an owner run: grant insert, select, delete on audit_log to mover. Then resume.", is_recommended=True),
            Option(name="retry", key="r", label="Try the batch again now", consequence="Goes through only if the privilege was given meanwhile.", effect=effect(5_000, 5_000, low=0.2, high=0.6)),
            Option(name="leave", key="l", label="Leave audit_log out", consequence="The table's rows stay behind; the report counts them as not moved.", effect=Effect(rows=88_200, way_back=WayBack.NOT_NEEDED, undo="it can be moved by a run of its own", downstream=("audit_detail",))),
            replace(rest(5_000, done=0, chunk=1)[4], effect=None, consequence="Takes back what this run wrote.", unavailable="this run has written nothing yet"),
            *rest(5_000, done=0, chunk=1)[5:],
        ),
    ),
)  # fmt: skip

FAULTS = {
    "missing-parents": MISSING_PARENTS, "duplicate-keys": DUPLICATE_KEYS, "text-too-long": TOO_LONG, "empty-required": EMPTY,
    "check": CHECK, "disk-full": DISK_FULL, "connection-lost": CONNECTION_LOST, "deadlock": DEADLOCK,
    "verification": MISMATCH, "permission-denied": DENIED,
}  # fmt: skip


def moved_upto(place: ChunkAddress) -> Script:
    """A run that has committed the six batches before that one."""
    script = Script().add(
        ev.RunCreated(title="Practice data into the new system", playbook="practice", sources=("sqlite legacy.db",), target="practice on db-7:5432", operator="ana"),
        ev.RunnerStarted(epoch=1, host="console-1", pid=4711),
    )  # fmt: skip
    script.state(RunState.RUNNING)
    for step in STEP_ORDER[: STEP_ORDER.index(Step.MOVE)]:
        script.add(ev.StepStarted(step=step), ev.StepFinished(step=step, seconds=0.8))
    script.add(ev.StepStarted(step=Step.MOVE))
    script.add(
        ev.TableStarted(
            pass_=Pass.MOVE,
            table=place.table,
            phase=2,
            chunks=place.chunk + 16,
            rows=500 * (place.chunk + 16),
        )
    )
    for chunk in range(max(place.chunk - 6, 1), place.chunk):
        counts = Counts(read=500, written=500)
        label = f"{chunk * 500 - 499}-{chunk * 500}"
        script.add(
            ev.ChunkCommitted(
                pass_=Pass.MOVE, table=place.table, chunk=chunk, label=label, counts=counts, seconds=0.11
            ),
            after=0.6,
        )
    return script


def asked(name: str) -> Script:
    """A run that waits with that fault; eight minutes are left when it is asked."""
    fault = FAULTS[name]
    assert fault.decision.at is not None
    script = moved_upto(fault.decision.at)
    if fault.diagnosis is not None:
        script.add(ev.FaultDiagnosed(fault=fault.decision.fault, diagnosis=fault.diagnosis), after=0.4)
    return script.add(
        ev.DecisionAsked(decision=replace(fault.decision, deadline=script.at + ANSWER_WITHIN))
    ).state(RunState.WAITING, fault.decision.headline)

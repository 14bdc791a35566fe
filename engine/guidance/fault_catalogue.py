"""The fault catalogue: every fault Fordway knows, and which one an error or a group of rows is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from engine.guidance.fault import Fault, Handling
from engine.guidance.faults_of_places import FAULTS_OF_PLACES
from engine.guidance.faults_of_rows import FAULTS_OF_ROWS
from engine.guidance.faults_of_runs import FAULTS_OF_RUNS
from engine.guidance.faults_of_servers import FAULTS_OF_SERVERS
from engine.model.errors import (
    BadSource,
    CannotConnect,
    ConnectionCut,
    FordwayError,
    LeaseLost,
    NotAllowed,
    PlanDrifted,
    RowsRefused,
    ServerBusy,
    StatementFailed,
    TargetFull,
)
from engine.model.faults import Offence, OffenceGroup, Whereabouts
from engine.model.run import Step

__all__ = ["FAULTS", "Fault", "Handling", "concerns_rows", "fault_of_error", "fault_of_group", "filled"]

FAULTS: dict[str, Fault] = {
    fault.code: fault for fault in (*FAULTS_OF_ROWS, *FAULTS_OF_PLACES, *FAULTS_OF_SERVERS, *FAULTS_OF_RUNS)
}
"""By code, in the order of ``docs/faults.md``."""

_GROUPS = {
    Offence.CAST: "R101",
    Offence.EMPTY: "R102",
    Offence.TOO_LONG: "R103",
    Offence.OUT_OF_RANGE: "R104",
    Offence.NUL: "R105",
    Offence.ENCODING: "R106",
    Offence.CHECK: "R107",
    Offence.DUPLICATE_INSIDE: "R108",
    Offence.DUPLICATE_KEY: "R109",
    Offence.DUPLICATE_OTHER: "R110",
    Offence.AMBIGUOUS_PARENT: "R115",
    Offence.EXCLUSION: "R116",
    Offence.EXPRESSION: "R117",
    Offence.NO_PARTITION: "R118",
    Offence.ROW_POLICY: "R119",
    Offence.TRIGGER: "R120",
    Offence.HELD_BACK: "R121",
    Offence.OTHER: "R122",
}
_PARENTS = {
    Whereabouts.ELSEWHERE: "R111",
    Whereabouts.FILTERED: "R111",
    Whereabouts.PENDING: "R112",
    Whereabouts.SAME_BATCH: "R123",
    Whereabouts.QUARANTINED: "R113",
    Whereabouts.NOWHERE: "R114",
}
_WHY_SOME = "Rows whose parents can be moved keep their connection; the others are asked about next"
_BUSY = {
    "40P01": "R304",
    "55P03": "R305",
    "55006": "R305",
    "57014": "R306",
    "40001": "R307",
    "53300": "R311",
}
_PLAIN: dict[type[FordwayError], str] = {
    TargetFull: "R308",
    LeaseLost: "R403",
    RowsRefused: "R122",
}
_NO_WAY_IN = {"53300": "R311", "57P03": "R302", "08001": "R301"}
"""What keeps us out of a server, where it is no password or address."""
_RESTARTED = frozenset({"57P01", "57P02", "57P03", "57P05"})
_REFUSED = {
    "53200": "R309",
    "42P01": "R201",
    "42703": "R201",
    "42804": "R201",
    "42P16": "R201",
    "3F000": "R201",
    "42P07": "R206",
    "42710": "R206",
    "42P06": "R206",
}
"""SQLSTATE codes of statements the database refused (manual, appendix A)."""
_NOT_OF_ROWS = frozenset(
    {"08", "0A", "25", "26", "28", "34", "3D", "3F", "42", "53", "54", "55", "57", "58", "F0", "HV", "XX"}
)
"""Classes of SQLSTATE that never blame a row; a trigger may raise any other."""
_HELD_BACK = "held-back"


def fault_of_group(group: OffenceGroup) -> Fault:
    """What is wrong with rows of one group; of missing parents, by where most of them are."""
    if group.kind is Offence.NO_PARENT:
        places = group.parents.places if group.parents else ()
        fault = FAULTS[_PARENTS[places[0].whereabouts] if places else "R114"]
        return _of_several_places(fault) if group.parents and group.parents.is_mixed else fault
    return FAULTS[_GROUPS[group.kind]]


def _of_several_places(fault: Fault) -> Fault:
    """What is true of all the missing parents, though the fault's own words are of one place."""
    return replace(
        fault,
        situation="{rows} {reference} {parents} that are not there yet: {places}",
        impact=FAULTS["R111"].impact,
        cause="What they belong to is in more than one place",
        why=_WHY_SOME if fault.recommended[0] == "parents" else fault.why,
    )


def concerns_rows(error: FordwayError) -> bool:
    """Whether an error of a batch may be one of its rows', so that looking through them tells more."""
    if isinstance(error, RowsRefused) or error.facts.get("kind") == _HELD_BACK:
        return True
    if isinstance(error, NotAllowed):
        return "row-level security" in error.what
    return (
        isinstance(error, StatementFailed) and bool(error.sqlstate) and error.sqlstate[:2] not in _NOT_OF_ROWS
    )


def fault_of_error(error: FordwayError, step: Step) -> Fault:
    """Which fault an error is, met at this step, before anybody looked at rows."""
    told = str(error.facts.get("fault", ""))
    if told in FAULTS:
        return FAULTS[told]
    plain = next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), "")
    if plain:
        return FAULTS[plain]
    match error:
        case CannotConnect():
            # A server that never answered was named wrongly; later it has gone away.
            return FAULTS["R313" if step is Step.CONNECT else _NO_WAY_IN.get(error.sqlstate, "R313")]
        case ConnectionCut():
            return FAULTS["R302" if error.sqlstate in _RESTARTED else "R301"]
        case ServerBusy():
            return FAULTS[_BUSY.get(error.sqlstate, "R301" if error.sqlstate else "R205")]
        case NotAllowed():
            return FAULTS["R303" if error.sqlstate == "25006" else "R312"]
        case BadSource():
            return FAULTS["R204" if "damaged" in error.what else "R203"]
        case PlanDrifted():
            return FAULTS[_drift(error, step)]
        case StatementFailed():
            return FAULTS[_refused(error, step)]
        case _:
            return FAULTS["R208"]


def _drift(error: PlanDrifted, step: Step) -> str:
    if error.facts.get("side") == "target" or step in (Step.VERIFY, Step.FINISH):
        return "R201"
    return "R202"


def _refused(error: StatementFailed, step: Step) -> str:
    if error.sqlstate == "53200" and "table of locks" in error.what:
        return "R310"
    if step is Step.MOVE and not error.facts.get("at"):
        if error.sqlstate in ("23505", "23P01"):
            return "R209"
        if error.sqlstate == "23503":
            return "R210"
    is_of_batch = bool(error.facts.get("at")) and concerns_rows(error)
    return _REFUSED.get(error.sqlstate, "R122" if is_of_batch else "R317")


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its ``{names}`` filled in; empty when one of them is not known."""
    names = re.findall(r"\{(\w+)\}", text)
    if any(name not in facts for name in names):
        return ""
    told = text.format_map(dict(facts)) if names else text
    # A table or a trigger keeps its name at the head of a sentence; a server has none.
    return f"{told[:1].upper()}{told[1:]}" if text.startswith("{server}") else told

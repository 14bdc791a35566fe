"""The brackets playbook's two systems: the legacy database, and the new one before the move.

The rows follow from their numbers alone, so every machine makes the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from engine.stores.sample_store import CopyIn, SampleRow, write_postgres_sample, write_sqlite_sample

__all__ = [
    "BRACKETS",
    "PROJECTS",
    "bracket_rows",
    "make_postgres",
    "make_sqlite",
    "prepare_target",
    "project_rows",
]

PROJECTS = 42
BRACKETS = 1_569

_CLINICS = (
    "Orthodontics am Markt", "Clínica Sant Jordi", "Smile Studio North", "Praxis Dr. Öztürk",
    "Harbour Dental",    "Cabinet Lefèvre", "Lakeside Orthodontics", "Klinika Łódź", "Park Avenue Braces",
    "Tandartsen aan de Gracht",
)  # fmt: skip
_SYSTEMS = ("Roth", "MBT")
_SLOTS = ("0.018", "0.022")
_MATERIALS = ("stainless steel", "ceramic", "titanium", "composite")
_QUADRANTS = (("1", "UR"), ("2", "UL"), ("3", "LL"), ("4", "LR"))
_TORQUES = {
    ("Roth", "U"): (12, 8, -2, -7, -7, -14, -14),
    ("Roth", "L"): (-1, -1, -11, -17, -22, -30, -30),
    ("MBT", "U"): (17, 10, -7, -7, -7, -14, -14),
    ("MBT", "L"): (-6, -6, -6, -12, -17, -20, -10),
}
"""Degrees from the central incisor back, as the two prescriptions state them."""
_TIPS = {
    ("Roth", "U"): (5, 9, 13, 0, 0, 0, 0),
    ("Roth", "L"): (2, 2, 7, -1, -1, -1, -1),
    ("MBT", "U"): (4, 8, 8, 0, 0, 0, 0),
    ("MBT", "L"): (0, 0, 3, 2, 2, 0, 0),
}
_FIRST_MOLAR = 6
_CANINE = 3
_TEETH_A_SIDE = 7
_FIRST_DAY = date(2016, 1, 11)
_REMARKS = {
    0: "discontinued, use up stock",
    1: "rebonded once",
    2: 'marked "left" on the tray',
    3: "für Lingualtechnik",
}
_REMARK_EVERY = 23


def project_rows() -> Iterator[SampleRow]:
    """The 42 projects: id, name, clinic, opened_on (ISO text)."""
    for number in range(1, PROJECTS + 1):
        clinic = _CLINICS[number % len(_CLINICS)]
        opened = _FIRST_DAY + timedelta(days=number * 37)
        yield number, f"Case series {opened.year}-{number:02d}", clinic, opened.isoformat()


def bracket_rows() -> Iterator[SampleRow]:
    """The 1,569 brackets in id order, columns as ``dispatch_bracket`` has them."""
    for number in range(1, BRACKETS + 1):
        yield _bracket(number)


def _bracket(number: int) -> SampleRow:
    project = (number - 1) % PROJECTS + 1
    turn = (number - 1) // PROJECTS
    digit, side = _QUADRANTS[turn % len(_QUADRANTS)]
    place = turn // len(_QUADRANTS) % _TEETH_A_SIDE + 1
    is_second_set = turn >= len(_QUADRANTS) * _TEETH_A_SIDE
    system = _SYSTEMS[project % len(_SYSTEMS)]
    slot = _SLOTS[(project // 2 + is_second_set) % len(_SLOTS)]
    is_tube = place >= _FIRST_MOLAR
    hooks = 1 if is_tube or place == _CANINE else 0
    jaw = (system, side[0])
    kind = "tube" if is_tube else "self-ligating" if is_second_set else "twin"
    name = f"{system} {slot} {side}{place} {kind}{' with hook' if hooks else ''}"
    # Tubes of one maker come without a stated tip: the legacy system has NULL there.
    tip = None if is_tube and system == "Roth" else _TIPS[jaw][place - 1]
    remark = _REMARKS[number // _REMARK_EVERY % len(_REMARKS)] if number % _REMARK_EVERY == 0 else None
    return (
        number, name, kind, project, int(f"{digit}{place}"), system, slot,
        _TORQUES[jaw][place - 1], tip, hooks,
        _MATERIALS[(project + turn) % len(_MATERIALS)], f"BR-{project:02d}-{number:05d}", remark,
    )  # fmt: skip


def make_sqlite(path: Path) -> None:
    """The file holds the legacy system: 42 projects and 1,569 brackets; a second call changes nothing.

    Raises:
        BadSource: the file is something else, or can't be written.
    """
    write_sqlite_sample(
        path,
        make="samples/brackets_make_sqlite",
        inserts=(
            ("samples/brackets_insert_project_sqlite", project_rows()),
            ("samples/brackets_insert_bracket_sqlite", bracket_rows()),
        ),
    )


def make_postgres(url: str) -> None:
    """The URL's schema holds the legacy system; a second call changes nothing.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
    """
    write_postgres_sample(
        url,
        make="samples/brackets_make_postgres",
        copies=(_projects_into("samples/brackets_insert_project_postgres"), _brackets()),
        finish="samples/brackets_continue_ids",
    )


def prepare_target(url: str) -> None:
    """The URL's schema is the new system before the move: projects filled, brackets made.

    A second call changes nothing; rows that are in brackets stay.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
    """
    write_postgres_sample(
        url,
        make="samples/brackets_make_target",
        copies=(_projects_into("samples/brackets_insert_project_target"),),
    )


def _projects_into(insert: str) -> CopyIn:
    return CopyIn(
        stage="samples/brackets_stage_project",
        copy="samples/brackets_copy_project",
        insert=insert,
        rows=project_rows(),
    )


def _brackets() -> CopyIn:
    return CopyIn(
        stage="samples/brackets_stage_bracket",
        copy="samples/brackets_copy_bracket",
        insert="samples/brackets_insert_bracket_postgres",
        rows=bracket_rows(),
    )

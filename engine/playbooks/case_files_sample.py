"""The case-files playbook's two files of one legacy system: the one in use, and its archive.

Seven cases were taken out of the file in use and stand in the archive, two of them under an office that went
with them; 23 links to them stayed behind, as SQLite lets them unless it is told to look. The rows follow from
their numbers alone, so every machine makes the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.stores.sample_store import CopyIn, SampleRow, write_postgres_sample, write_sqlite_sample

__all__ = [
    "ARCHIVED_OFFICE",
    "CASES",
    "FILES",
    "LINKS",
    "LINKS_TO_MISSING",
    "OFFICES",
    "archived_case_rows",
    "archived_office_rows",
    "case_rows",
    "file_rows",
    "link_rows",
    "make_archive_postgres",
    "make_archive_sqlite",
    "make_postgres",
    "make_sqlite",
    "office_rows",
]

OFFICES = 18
"""In the file in use."""
CASES = 1_184
"""In the file in use."""
FILES = 9_000
LINKS = 15_420
ARCHIVED_OFFICE = 7
"""Closed, and in the archive alone: the file in use goes from 6 to 8."""
LINKS_TO_MISSING = {1001: 4, 1002: 3, 1003: 5, 1007: 1, 1012: 4, 1013: 2, 1019: 4}
"""By the cases that are in the archive alone; in order of their keys the links are rows 7,128 to 7,308."""

_FIRST_CASE = 453
"""Cases before it are on paper, but for those somebody archived."""
_LAST_CASE = _FIRST_CASE + CASES + len(LINKS_TO_MISSING) - 1
_ARCHIVED_UNMISSED = (401, 402, 417, 430, 449)
"""Cases in the archive that no link names."""
_UNDER_ARCHIVED_OFFICE = (1012, 1013)
_OFFICES = (
    ("Orthodontics am Markt", "Jena"), ("Clínica Sant Jordi", "Girona"), ("Smile Studio North", "Leeds"),
    ("Praxis Dr. Öztürk", "Köln"), ("Harbour Dental", "Cork"), ("Cabinet Lefèvre", "Nantes"),
    ("Smile Studio South", "Brighton"), ("Lakeside Orthodontics", "Zürich"), ("Klinika Łódź", "Łódź"),
    ("Park Avenue Braces", "Dublin"), ("Tandartsen aan de Gracht", "Utrecht"), ("Praxis am Dom", "Erfurt"),
    ("Studio Bianchi", "Trento"), ("Ortodoncia Ruzafa", "València"), ("Queen Street Dental", "Bath"),
    ("Tandklinik Havnen", "Aarhus"), ("Praxis Lindenhof", "Bern"), ("Cabinet des Remparts", "Dijon"),
    ("Kieferorthopädie Süd", "München"),
)  # fmt: skip
_TITLES = (
    "Crowding, both arches", "Class II, functional appliance", "Open bite, fixed appliance",
    "Deep bite, bite ramps", "Impacted canine, upper left", "Crossbite, palatal expansion",
    "Retention after fixed appliance", "Lingual treatment, upper arch", "Aligners, both arches",
    "Class III, growth observation", "Space closure after extraction",
)  # fmt: skip
_FIRST_NAMES = "ABCDEFGHIJKLMNOPRSTUVWZÉÖŁ"
_LAST_NAMES = "KLMNOPRSTUVWZABCDEFGHŠÜ"
_KINDS = (
    ("front", "jpg", "image/jpeg", "photo", 2_400_000),
    ("occlusal", "jpg", "image/jpeg", "photo", 2_100_000),
    ("panoramic", "dcm", "application/dicom", "x-ray", 8_600_000),
    ("upper", "stl", "model/stl", "model", 14_200_000),
    ("lower", "stl", "model/stl", "model", 13_700_000),
    ("ceph", "dcm", "application/dicom", "x-ray", 5_300_000),
    ("consent", "pdf", "application/pdf", "document", 180_000),
    ("letter", "pdf", "application/pdf", "document", 95_000),
)
"""What a file shows, its ending, its type, the role it has for a case, and its usual bytes."""
_FIRST_DAY = date(2017, 2, 6)
_CASES_IN_TREATMENT = 260
"""The youngest ones."""
_RETENTION_EVERY = 4


def office_rows() -> Iterator[SampleRow]:
    """The 18 offices of the file in use: id, name, city, opened_on (ISO text)."""
    for number in range(1, len(_OFFICES) + 1):
        if number != ARCHIVED_OFFICE:
            yield _office(number)


def archived_office_rows() -> Iterator[SampleRow]:
    """The offices the archived cases belong to, as they are in the file in use; one is only here."""
    for number in sorted({_office_of(case) for case in _archived()}):
        yield _office(number)


def case_rows() -> Iterator[SampleRow]:
    """The 1,184 cases of the file in use in id order, columns as ``dispatch_case`` has them."""
    for number in range(_FIRST_CASE, _LAST_CASE + 1):
        if number not in LINKS_TO_MISSING:
            yield _case(number)


def archived_case_rows() -> Iterator[SampleRow]:
    """The archive's twelve cases in id order: the seven that links name, and five that none does."""
    for number in _archived():
        yield _case(number)


def file_rows() -> Iterator[SampleRow]:
    """The 9,000 files in id order, columns as ``dispatch_file`` has them."""
    for number in range(1, FILES + 1):
        yield _file(number)


def link_rows() -> Iterator[SampleRow]:
    """The 15,420 links by case, columns as ``dispatch_case_file`` has them."""
    done = 0
    for case in range(_FIRST_CASE, _LAST_CASE + 1):
        most = LINKS - done if case == _LAST_CASE else _links_of(case)
        for position in range(1, most + 1):
            # Files are handed out in a round: those of old cases come again with a later case of the patient.
            yield _link(case, done % FILES + 1, position)
            done += 1


def _archived() -> list[int]:
    return sorted((*_ARCHIVED_UNMISSED, *LINKS_TO_MISSING))


def _links_of(case: int) -> int:
    """9 to 17; of an archived case, the ones somebody forgot."""
    return LINKS_TO_MISSING.get(case) or 9 + case * 5 % 9


def _office_of(case: int) -> int:
    if case in _UNDER_ARCHIVED_OFFICE:
        return ARCHIVED_OFFICE
    place = case * 11 % OFFICES + 1
    return place + 1 if place >= ARCHIVED_OFFICE else place


def _opened(case: int) -> date:
    return _FIRST_DAY + timedelta(days=(case - _FIRST_CASE) * 5 // 2)


def _office(number: int) -> SampleRow:
    name, city = _OFFICES[number - 1]
    return number, name, city, (date(2003, 4, 1) + timedelta(days=number * 211)).isoformat()


def _case(number: int) -> SampleRow:
    opened = _opened(number)
    is_archived = number in LINKS_TO_MISSING or number < _FIRST_CASE
    status = (
        "closed" if is_archived
        else "in treatment" if number > _LAST_CASE - _CASES_IN_TREATMENT
        else "retention" if number % _RETENTION_EVERY == 0
        else "closed"
    )  # fmt: skip
    closed = None if status == "in treatment" else opened + timedelta(days=400 + number * 17 % 500)
    patient = f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]}. {_LAST_NAMES[number * 7 % len(_LAST_NAMES)]}."
    return (
        number, f"{opened.year}-{number:05d}", _TITLES[number * 3 % len(_TITLES)], _office_of(number),
        patient, status, opened.isoformat(), closed.isoformat() if closed else None,
    )  # fmt: skip


def _file(number: int) -> SampleRow:
    view, ending, mime, _, usual_bytes = _KINDS[number % len(_KINDS)]
    stored = datetime.combine(_FIRST_DAY, datetime.min.time()) + timedelta(
        hours=8 + number * 9 // 2, seconds=number % 3600
    )
    return (
        number, f"{view}-{stored:%Y%m%d}-{number:05d}.{ending}", mime, usual_bytes + number * 7_919 % 50_021,
        hashlib.sha256(f"legacy file {number}".encode()).hexdigest(), stored.isoformat(" "),
    )  # fmt: skip


def _link(case: int, file: int, position: int) -> SampleRow:
    linked = datetime.combine(_opened(case), datetime.min.time()) + timedelta(
        days=position * 9, hours=9, minutes=file % 480
    )
    return case, file, _KINDS[file % len(_KINDS)][3], position, linked.isoformat(" ")


def make_sqlite(path: Path) -> None:
    """The file holds the legacy system in use; a second call changes nothing.

    Raises:
        BadSource: the file is something else, or can't be written.
    """
    _write_sqlite(path, office=office_rows(), case=case_rows(), file=file_rows(), link=link_rows())


def make_archive_sqlite(path: Path) -> None:
    """The file holds the archive, its files and links empty; a second call changes nothing.

    Raises:
        BadSource: the file is something else, or can't be written.
    """
    _write_sqlite(path, office=archived_office_rows(), case=archived_case_rows())


def make_postgres(url: str) -> None:
    """The URL's schema holds the legacy system in use; a second call changes nothing.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
    """
    _write_postgres(url, office=office_rows(), case=case_rows(), file=file_rows(), link=link_rows())


def make_archive_postgres(url: str) -> None:
    """The URL's schema holds the archive, its files and links empty; a second call changes nothing.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
    """
    _write_postgres(url, office=archived_office_rows(), case=archived_case_rows())


def _write_sqlite(path: Path, **rows: Iterable[SampleRow]) -> None:
    inserts = [(f"samples/case_files_insert_{what}_sqlite", made) for what, made in rows.items()]
    write_sqlite_sample(path, make="samples/case_files_make_sqlite", inserts=inserts)


def _write_postgres(url: str, **rows: Iterable[SampleRow]) -> None:
    write_postgres_sample(
        url,
        make="samples/case_files_make_postgres",
        copies=[
            CopyIn(
                stage=f"samples/case_files_stage_{what}",
                copy=f"samples/case_files_copy_{what}",
                insert=f"samples/case_files_insert_{what}_postgres",
                rows=made,
            )
            for what, made in rows.items()
        ],
        finish="samples/case_files_settle",
    )

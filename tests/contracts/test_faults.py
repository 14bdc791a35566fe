from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from docs.make_faults import faults_page
from engine.guidance.fault_catalogue import FAULTS, Fault, Handling
from engine.model.faults import Offence
from engine.recovering.options_for_rows import ROW_OPTIONS
from engine.recovering.options_for_runs import RUN_OPTIONS

_ROOT = Path(__file__).parents[2]
_LEAST = 30


def _caused() -> set[str]:
    """Codes that fault tests say they cause, by ``@pytest.mark.fault("R101")`` or its parameters."""
    found: set[str] = set()
    for file in sorted((_ROOT / "tests" / "faults").glob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_mark = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.fault")
            if is_mark:
                found |= set(re.findall(r"R\d{3}", ast.unparse(node)))
    return found


def test_page_of_faults_is_what_the_catalogue_says() -> None:
    """`python docs/make_faults.py` writes it; nobody edits it by hand."""
    assert faults_page() == (_ROOT / "docs" / "faults.md").read_text("utf-8")


def test_catalogue_knows_at_least_thirty_faults_each_code_once_and_in_order() -> None:
    """A code means one thing."""
    codes = list(FAULTS)

    assert len(codes) >= _LEAST
    assert sorted(set(codes)) == codes


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_offers_only_options_there_are_and_recommends_one_of_them(fault: Fault) -> None:
    """What the catalogue promises can be carried out."""
    known = {*ROW_OPTIONS, *RUN_OPTIONS}

    assert set() == set(fault.options) - known
    assert set() == set(fault.recommended) - set(fault.options)
    assert bool(fault.options) == bool(fault.recommended)
    assert all((fault.situation, fault.impact, fault.cause, fault.why, fault.safe))
    assert not fault.options or fault.handling in (Handling.ASKED, Handling.HEALED, Handling.PAUSED)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_is_caused_for_real_by_a_test(fault: Fault) -> None:
    """Every fault we know has been met: a test of `tests/faults` bears its code."""
    assert fault.code in _caused()


def test_every_offence_of_a_row_is_a_fault_of_the_catalogue() -> None:
    """Whatever a diagnosis finds has words."""
    text = (_ROOT / "engine" / "guidance" / "fault_catalogue.py").read_text("utf-8")

    assert [] == [offence for offence in Offence if f"Offence.{offence.name}" not in text]

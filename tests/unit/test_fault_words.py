from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.faults import Effect, WayBack
from engine.model.run import Pass
from screens.fault_words import (
    EFFECT_WORDS,
    detail_parts,
    fitted,
    full_effect,
    title_of,
    top_lines,
    waiting_words,
)
from tests.screens.scripted_faults import FAULTS

NOW = datetime(2026, 3, 14, 3, 2, 42, tzinfo=UTC)
PARENTS = FAULTS["missing-parents"].decision


def text_of(parts: list[object]) -> str:
    return "".join(part if isinstance(part, str) else part[0] for part in parts)  # type: ignore[index] # text and token


def test_title_names_table_batch_and_rows() -> None:
    """Row numbers are read at a glance."""
    assert "DECISION NEEDED · case_file_relationships · batch 15 · rows 7,001-7,500" == title_of(PARENTS)


def test_title_of_a_rehearsal_says_so() -> None:
    """Nothing real is at stake, and one should know."""
    assert PARENTS.at is not None
    rehearsed = replace(PARENTS, at=replace(PARENTS.at, pass_=Pass.REHEARSE))

    assert "DECISION NEEDED · rehearsal · case_file" in title_of(rehearsed)


@pytest.mark.parametrize(
    ("asked", "deadline", "handed", "words"),
    [
        (42, 440, "", "waiting 0:42, pauses safely at 03:10"),
        (3_723, 440, "", "waiting 1:02:03, pauses safely at 03:10"),
        (0, 86_400, "", "waiting 0:00, pauses safely at Sun 03:02"),
        (42, -1, "", "waiting 0:42, pausing safely now"),
        (42, None, "lead", "waiting 0:42, for as long as it takes, the lead was asked"),
    ],
)
def test_waiting_words_tell_how_long_and_until_when(
    asked: int, deadline: int | None, handed: str, words: str
) -> None:
    """A deadline of another day has its day with it."""
    until = None if deadline is None else NOW + timedelta(seconds=deadline)
    decision = replace(PARENTS, deadline=until, handed_to=handed)

    assert words == text_of([*waiting_words(decision, NOW - timedelta(seconds=asked), now=NOW, zone=UTC)])


def test_effect_in_full_tells_rows_time_undo_and_who_waits() -> None:
    """Nothing that was counted is kept back."""
    effect = Effect(
        rows=23, written=477, set_aside=23, low_seconds=2, high_seconds=4, downstream=("notes",),
        way_back=WayBack.UNDO, undo="with the run",
    )  # fmt: skip

    assert (
        "477 written, 23 set aside · 2-4 s more · undo: with the run · then without their rows: notes"
        == full_effect(effect)
    )


@pytest.mark.parametrize(
    ("way_back", "words", "full"),
    [
        (WayBack.UNDO, "23 rows · can be undone", "23 rows · no extra time · undo: so"),
        (WayBack.NONE, "23 rows · can't be undone", "23 rows · no extra time · can't be undone: so"),
        (WayBack.NOT_NEEDED, "23 rows · nothing to undo", "23 rows · no extra time · nothing to undo: so"),
    ],
)
def test_effect_can_be_undone_only_where_undo_takes_it_back(way_back: WayBack, words: str, full: str) -> None:
    """What is said of a way back promises none."""
    effect = Effect(rows=23, way_back=way_back, undo="so")

    assert (words, full) == (EFFECT_WORDS[0](effect), full_effect(effect))


def test_effect_in_fewer_words_never_grows() -> None:
    """Each way to say it is at most as long as the one before."""
    effects = [o.effect for f in FAULTS.values() for o in f.decision.options if o.effect is not None]
    lengths = [[len(words(effect)) for words in EFFECT_WORDS] for effect in effects]

    assert lengths == [sorted(found, reverse=True) for found in lengths]


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_fitted_lines_are_at_most_so_many_and_so_wide(most: int) -> None:
    """The last one ends in … where some are left out."""
    found = fitted(["a" * 20, "b" * 20, "c" * 20], 20, most=most)

    assert most == len(found)
    assert all(len(line) <= 20 for line in found)
    assert (most in (1, 2)) == (bool(found) and found[-1].endswith("…"))


@pytest.mark.parametrize("fault", FAULTS)
def test_words_of_a_fault_fit_the_smallest_window(fault: str) -> None:
    """At 80 by 24 headline and facts take four lines, a marked answer four, and none is wider than its place."""
    decision = FAULTS[fault].decision
    told = [text_of([*top_lines(decision, 76, most=4)])]
    told += [
        text_of([*detail_parts(decision, option, is_every=option.can_repeat, room=(74, 4))])
        for option in decision.options
    ]

    assert all(len(text.split("\n")) <= 4 for text in told)
    assert all(len(line) <= 76 for text in told for line in text.split("\n"))


def test_marked_answer_in_little_room_still_tells_each_thing() -> None:
    """Consequence, numbers and reason have a line each before any has two."""
    told = text_of([*detail_parts(PARENTS, PARENTS.options[0], is_every=False, room=(74, 3))]).split("\n")

    assert ["7 cases", "500 wri", "★ recom"] == [line[:7] for line in told]

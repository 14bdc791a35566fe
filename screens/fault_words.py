"""What a fault's question says, cut to the room there is. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING

from engine.guidance.words import batch_name, is_late
from engine.model.faults import WayBack
from engine.model.run import Pass
from screens.run_link import HAND_ON
from screens.sight import Viewer
from screens.wording import plural, span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, tzinfo

    from engine.model.decisions import Decision, Option
    from engine.model.faults import Effect
    from screens.widgets.words import Part

__all__ = [
    "EFFECT_WORDS",
    "detail_parts",
    "every_words",
    "first_sentence",
    "fitted",
    "full_effect",
    "safe_words",
    "title_of",
    "top_lines",
    "waiting_words",
    "with_lead_asked",
    "without_repeat",
]

_BATCH = re.compile(r"\d+-\d+")
_MORE = " …"
_MINUTE, _HOUR = 60, 3600


def title_of(decision: Decision) -> str:
    """``DECISION NEEDED · case_file_relationships · batch 15 · rows 7,001-7,500``."""
    parts = ["DECISION NEEDED"]
    at = decision.at
    if at is not None:
        label = at.label
        if _BATCH.fullmatch(label):
            label = re.sub(r"\d+", lambda number: f"{int(number[0]):,}", label)
        parts += ["rehearsal"] if at.pass_ is Pass.REHEARSE else []
        parts += [at.table, f"batch {batch_name(at.chunk)}"]
        parts += [] if is_late(at.chunk) else [f"rows {label}"]
    return " · ".join(parts)


def first_sentence(text: str) -> str:
    """The text up to its first full stop, without it."""
    return re.split(r"\.(?:\s|$)", text, maxsplit=1)[0]


def top_lines(decision: Decision, width: int, *, most: int) -> list[Part]:
    """Headline and facts in at most ``most`` lines, each fact on a line of its own."""
    headline = wrap(decision.headline or decision.question, width)[:2]
    facts = decision.facts or (decision.situation,)
    lines = fitted(
        (line for fact in facts for line in wrap(_sentence(fact), width)), width, most=most - len(headline)
    )
    parts: list[Part] = []
    for line in headline:
        parts += [(line, "strong"), "\n"]
    for line in lines:
        parts += [line, "\n"]
    return parts[:-1]


def safe_words(decision: Decision, width: int) -> list[str]:
    """What is safe, in at most two lines; none where nothing was said of it."""
    return fitted(wrap(f"Safe: {_sentence(decision.safe)}", width), width, most=2) if decision.safe else []


def fitted(lines: Iterable[str], width: int, *, most: int) -> list[str]:
    """At most so many lines; the last one ends in … when some are left out."""
    found = list(lines)
    if len(found) <= most or most < 1:
        return found[: max(most, 0)]
    return [*found[: most - 1], found[most - 1][: width - len(_MORE)].rstrip(" .,;") + _MORE]


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "?", "…")) else f"{text}."


def waiting_words(
    decision: Decision,
    asked_at: datetime | None,
    *,
    now: datetime,
    zone: tzinfo | None,
    handed_by: str = "",
) -> list[Part]:
    """How long it has waited, what becomes of it when nobody answers, and who was asked by whom."""
    waited = max((now - asked_at).total_seconds(), 0) if asked_at is not None else 0
    words = [f"waiting {_stopwatch(waited)}"]
    deadline = decision.deadline
    if deadline is not None and deadline <= now:
        words.append("pausing safely now")
    elif deadline is not None:
        local = deadline.astimezone(zone)
        is_today = local.date() == now.astimezone(zone).date()
        words.append(f"pauses safely at {local:%H:%M}" if is_today else f"pauses safely at {local:%a %H:%M}")
    else:
        words.append("for as long as it takes")
    if decision.handed_to:
        words.append(f"the {decision.handed_to} was asked{f' by {handed_by}' if handed_by else ''}")
    return [(", ".join(words), "warn")]


def _stopwatch(seconds: float) -> str:
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // _HOUR}:{whole % _HOUR // 60:02d}:{whole % 60:02d}"


def with_lead_asked(decision: Decision, viewer: Viewer) -> Decision:
    """The question, which can be handed on once only, and by the lead to nobody."""
    if not decision.handed_to and viewer is not Viewer.LEAD:
        return decision
    asked = "you are the lead" if viewer is Viewer.LEAD else f"the {decision.handed_to} was asked already"
    options = tuple(
        replace(option, unavailable=option.unavailable or asked) if option.name == HAND_ON else option
        for option in decision.options
    )
    return replace(decision, options=options)


# What an option does


def _rows(effect: Effect) -> str:
    number = effect.rows or effect.removed or effect.written
    return plural(number, "row") if number else ""


def _seconds(effect: Effect) -> str:
    """The time an option takes beside the batch; empty where it takes none."""
    low, high = effect.low_seconds, effect.high_seconds
    if not high:
        return ""
    if low < 1:
        most = f"{math.ceil(high)} s" if high <= _MINUTE else f"{math.ceil(high / _MINUTE)} min"
        return "< 1 s" if high < 1 else f"up to {most}"
    return span(low, high)


def _all_rows(effect: Effect) -> list[str]:
    counted = (
        (effect.written, "written"),
        (effect.brought, "parents moved first"),
        (effect.placeholders, "placeholders"),
        (effect.set_aside, "set aside"),
        (effect.changed, "changed"),
        (effect.merged, "merged"),
        (effect.removed, "taken back"),
    )
    return [f"{number:,} {word}" for number, word in counted if number]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


_BACK = {
    WayBack.UNDO: "can be undone",
    WayBack.NONE: "can't be undone",
    WayBack.NOT_NEEDED: "nothing to undo",
}
_BACK_SHORT = {WayBack.UNDO: "undo ok", WayBack.NONE: "no undo", WayBack.NOT_NEEDED: ""}


def _most(effect: Effect) -> str:
    rows = ", ".join(_all_rows(effect)) or _rows(effect)
    return _joined(rows, _seconds(effect), _BACK[effect.way_back])


def _some(effect: Effect) -> str:
    return _joined(_rows(effect), _seconds(effect), _BACK[effect.way_back])


def _few(effect: Effect) -> str:
    return _joined(_rows(effect), _seconds(effect), _BACK_SHORT[effect.way_back])


def _fewest(effect: Effect) -> str:
    only_bad = _BACK_SHORT[effect.way_back] if effect.way_back is WayBack.NONE else ""
    return _joined(_rows(effect), _seconds(effect), only_bad)


EFFECT_WORDS: tuple[Callable[[Effect], str], ...] = (_most, _some, _few, _fewest, _rows)
"""Ways to say an effect on one line, the most telling first."""


_BACK_FULL = _BACK | {WayBack.UNDO: "undo"}


def full_effect(effect: Effect) -> str:
    """Everything that is known of it, in one line: rows, time, undo, and who waits for the rows."""
    seconds = f"{_seconds(effect)} more" if effect.high_seconds else "no extra time"
    undo = ": ".join(part for part in (_BACK_FULL[effect.way_back], effect.undo) if part)
    waiting = f"then without their rows: {', '.join(effect.downstream)}" if effect.downstream else ""
    return _joined(", ".join(_all_rows(effect)) or _rows(effect), seconds, undo, waiting)


def detail_parts(decision: Decision, option: Option, *, is_every: bool, room: tuple[int, int]) -> list[Part]:
    """The marked option in full, or as much of it as there is room for.

    Args:
        decision: the question.
        option: one of its answers.
        is_every: it is to hold for every such fault of the run.
        room: cells and lines.
    """
    width, most = room
    told: list[tuple[str, str]] = []
    if option.unavailable:
        told.append((f"Not now: {_sentence(option.unavailable)}", "warn"))
    told.append((_sentence(option.consequence), "plain"))
    if option.effect is not None:
        told.append((full_effect(option.effect), "busy"))
    if is_every:
        every = every_words(decision)
        told.append((f"{every[:1].upper()}{every[1:]}, from now on.", "warn"))
    if option.wants_value:
        told.append((f"Asks for {option.wants_value} first.", "plain"))
    if option.is_recommended and decision.why:
        told.append((f"★ recommended: {_sentence(decision.why)}", "plain"))
    return _shared([(wrap(text, width), token) for text, token in told if text][:most], width, most)


def _shared(told: list[tuple[list[str], str]], width: int, most: int) -> list[Part]:
    """Each has a line at least; what comes first takes of the lines that are left over."""
    spare = most - len(told)
    parts: list[Part] = []
    for lines, token in told:
        shown = fitted(lines, width, most=1 + spare)
        spare -= len(shown) - 1
        for line in shown:
            parts += [(line, token), "\n"]
    return parts[:-1]


def every_words(decision: Decision) -> str:
    """What an answer for every such fault is about."""
    return decision.repeats_for or "every such fault of this run"


def without_repeat(option: Option) -> str:
    """Why the option can't be said for every such fault."""
    if option.unavailable:
        return f"{option.label}: {option.unavailable}"
    return f"{option.label} can only be said for this fault, not for every such one"

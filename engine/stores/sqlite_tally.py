"""What the values of one SQLite column really are, counted page by page. Pure.

A page is looked at column by column, so that most questions are answered by one call for all
its values; only values that may be a date, a number or a UUID by their length and first
character are read one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from engine.model.catalog import ColumnProfile
from engine.stores.text_shapes import (
    CLOCK_LENGTHS,
    DATE_LENGTH,
    LONGEST_WORD,
    NUMBERS_BEGIN,
    TIME_LENGTHS,
    UUID_LENGTH,
    WORDS_BEGIN,
    is_clock,
    is_damaged,
    is_date,
    is_number,
    is_time,
    is_uuid,
    is_word,
    is_zoned_time,
)

__all__ = ["ColumnTally", "shown_key"]

_EARLIEST, _LATEST = 100_000_000, 10_000_000_000
_MILLI = 1_000
_MOST_SHOWN = 60
_INFINITIES = (float("inf"), float("-inf"))
_MOST_LENGTHS = 1_000
_SMALLINT, _INTEGER = 2**15, 2**31

Keys = Callable[[int], str]
"""The chunk key of a page's row, for people, by its place in the page."""


def shown_key(values: Iterable[object]) -> str:
    """A chunk key for people; what neither jsonb nor a terminal can hold is escaped."""
    return ", ".join(_shown(value) for value in values)


def _shown(value: object) -> str:
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("\x00", "\\x00")


class ColumnTally:
    """The counts of one column so far."""

    def __init__(self, column: str) -> None:
        """Nothing was looked at yet."""
        self._column = column
        self._rows = 0
        self._counts: Counter[str] = Counter()
        self._smallest: int | None = None
        self._largest: int | None = None
        self._longest = 0
        self._examples: dict[str, str] = {}
        self._lengths: Counter[int] = Counter()

    def take(self, values: Sequence[object], keys: Keys) -> None:
        """Counts one page's values."""
        self._rows += len(values)
        kinds = Counter(map(type, values))
        for kind, name in ((int, "integers"), (float, "reals"), (str, "texts"), (bytes, "blobs")):
            if kinds[kind]:
                self._counts[name] += kinds[kind]
                self._example(name[:-1], values, keys, lambda value, kind=kind: type(value) is kind)  # type: ignore[misc]  # bound now
        self._counts["nulls"] += kinds[type(None)]
        if kinds[type(None)]:
            self._example("null", values, keys, lambda value: value is None)
        is_one_kind = len(kinds) == 1

        def of(kind: type) -> Sequence[object]:
            return values if is_one_kind else [value for value in values if type(value) is kind]

        if kinds[int]:
            self._integers(of(int))
        if kinds[float]:
            self._reals(of(float), values, keys)
        if kinds[str]:
            self._texts(of(str), values, keys)  # type: ignore[arg-type]  # only texts are left
        if kinds[bytes]:
            self._blobs(of(bytes))  # type: ignore[arg-type]  # only blobs are left
        if "not_boolean" not in self._examples and self._counts["zero_or_one"] < self._rows:
            self._example(
                "not_boolean", values, keys, lambda value: value is not None and not _is_truth(value)
            )

    def take_json(self, flags: Sequence[object], values: Sequence[object], keys: Keys) -> None:
        """Counts one page's texts that are JSON, as SQLite's json_valid() says of each value."""
        valid = {
            place
            for place, (flag, value) in enumerate(zip(flags, values, strict=True))
            # jsonb can't hold the character, and rightly escaped backslashes before it are rare.
            if flag == 1 and isinstance(value, str) and "\\u0000" not in value
        }
        self._counts["json_texts"] += len(valid)
        if "not_json" not in self._examples and len(valid) < len(values):
            # A number is a document of its own; JSON has no infinite ones.
            places = (
                place
                for place, value in enumerate(values)
                if place not in valid and (isinstance(value, str | bytes) or value in _INFINITIES)
            )
            self._first("not_json", places, keys)

    def profile(self) -> ColumnProfile:
        """All counts so far."""
        return ColumnProfile(
            column=self._column,
            rows=self._rows,
            smallest=self._smallest,
            largest=self._largest,
            longest=self._longest,
            example_key=self._standing_out(),
            beyond_example="",
            examples=tuple(self._examples.items()),
            lengths=tuple(sorted(self._lengths.items())) if len(self._lengths) <= _MOST_LENGTHS else (),
            **{name: count for name, count in self._counts.items() if count},
        )

    def _standing_out(self) -> str:
        kinds = {name: self._counts[f"{name}s"] for name in ("integer", "real", "text", "blob")}
        present = {name: count for name, count in kinds.items() if count}
        if len(present) > 1:
            return self._examples[min(present, key=lambda name: present[name])]
        for kind in ("nul", "not_utf8"):
            if kind in self._examples:
                return self._examples[kind]
        dated = self._counts["iso_dates"] + self._counts["iso_times"]
        return self._examples.get("not_moment", "") if 0 < dated < self._counts["texts"] else ""

    def _integers(self, values: Sequence[object]) -> None:
        low, high = min(values), max(values)  # type: ignore[type-var]  # integers only
        assert isinstance(low, int)
        assert isinstance(high, int)
        self._smallest = low if self._smallest is None else min(low, self._smallest)
        self._largest = high if self._largest is None else max(high, self._largest)
        self._counts["zero_or_one"] += values.count(0) + values.count(1) if low <= 1 and high >= 0 else 0
        for name, limit in (("beyond_smallint", _SMALLINT), ("beyond_integer", _INTEGER)):
            if low < -limit or high >= limit:
                self._counts[name] += len(values) - _between(values, low, high, -limit, limit)
        self._counts["epoch_seconds"] += _between(values, low, high, _EARLIEST, _LATEST)
        self._counts["epoch_milliseconds"] += _between(
            values, low, high, _EARLIEST * _MILLI, _LATEST * _MILLI
        )

    def _reals(self, reals: Sequence[object], values: Sequence[object], keys: Keys) -> None:
        infinite = reals.count(float("inf")) + reals.count(float("-inf"))
        if infinite:
            self._counts["infinite_reals"] += infinite
            self._example("infinite", values, keys, lambda value: value in _INFINITIES)

    def _blobs(self, blobs: Sequence[bytes]) -> None:
        lengths = list(map(len, blobs))
        self._longest = max(self._longest, max(lengths))
        self._counts["bytes"] += sum(lengths)

    def _texts(self, texts: Sequence[str], values: Sequence[object], keys: Keys) -> None:
        joined = "".join(texts)
        counted = Counter(map(len, texts))
        lengths = set(counted)
        self._lengths.update(counted)
        self._longest = max(self._longest, max(lengths))
        self._counts["bytes"] += (
            len(joined) if joined.isascii() else len(joined.encode("utf-8", "surrogateescape"))
        )
        if 0 in lengths:
            self._counts["empty_texts"] += texts.count("")
            self._example("empty", values, keys, lambda value: value == "")
        self._unfit(joined, texts, values, keys)
        if any(sign in joined for sign in "\\\t\n\r"):
            self._counts["escaped_texts"] += sum(
                1 for text in texts if "\\" in text or "\t" in text or "\n" in text or "\r" in text
            )
        self._shapes(texts, lengths, values, keys)

    def _unfit(self, joined: str, texts: Sequence[str], values: Sequence[object], keys: Keys) -> None:
        """What PostgreSQL's text can't hold; lone surrogates stand for bytes that are no UTF-8."""
        if "\x00" in joined:
            self._counts["nul_texts"] += sum("\x00" in text for text in texts)
            self._example("nul", values, keys, lambda value: isinstance(value, str) and "\x00" in value)
        if not joined.isascii() and is_damaged(joined):
            self._counts["not_utf8_texts"] += sum(map(is_damaged, texts))
            self._example(
                "not_utf8", values, keys, lambda value: isinstance(value, str) and is_damaged(value)
            )

    def _shapes(self, texts: Sequence[str], lengths: set[int], values: Sequence[object], keys: Keys) -> None:
        begins = {text[:1] for text in texts}
        is_like_number = not begins.isdisjoint(NUMBERS_BEGIN)
        tests: tuple[tuple[str, bool, Callable[[str], bool], str], ...] = (
            ("iso_dates", is_like_number and DATE_LENGTH in lengths, is_date, ""),
            ("iso_times", is_like_number and not lengths.isdisjoint(TIME_LENGTHS), is_time, ""),
            (
                "clock_times",
                is_like_number and not lengths.isdisjoint(CLOCK_LENGTHS),
                is_clock,
                "not_clock",
            ),
            ("number_texts", is_like_number, is_number, "not_number"),
            ("uuid_texts", UUID_LENGTH in lengths, is_uuid, "not_uuid"),
            (
                "words_of_truth",
                min(lengths) <= LONGEST_WORD and not begins.isdisjoint(WORDS_BEGIN),
                is_word,
                "",
            ),
        )
        found: dict[str, int] = {}
        for name, is_likely, judge, unlike in tests:
            count = sum(map(judge, texts)) if is_likely else 0
            found[name] = count
            self._counts[name] += count
            if unlike and count < len(texts) and unlike not in self._examples:
                self._example(unlike, values, keys, lambda v, j=judge: isinstance(v, str) and not j(v))  # type: ignore[misc]  # bound now
        if found["iso_times"]:
            self._counts["zoned_times"] += sum(1 for text in texts if is_zoned_time(text))
        if found["iso_dates"] + found["iso_times"] < len(texts):
            self._example(
                "not_moment",
                values,
                keys,
                lambda v: isinstance(v, str) and not is_date(v) and not is_time(v),
            )

    def _example(
        self, kind: str, values: Sequence[object], keys: Keys, is_meant: Callable[[object], bool]
    ) -> None:
        if kind not in self._examples:
            self._first(kind, (place for place, value in enumerate(values) if is_meant(value)), keys)

    def _first(self, kind: str, places: Iterable[int], keys: Keys) -> None:
        place = next(iter(places), None)
        if place is not None:
            self._examples[kind] = keys(place)


def _between(values: Sequence[object], low: int, high: int, first: int, end: int) -> int:
    """How many of the values, which lie from ``low`` to ``high``, lie in [first, end)."""
    if high < first or low >= end:
        return 0
    if low >= first and high < end:
        return len(values)
    return sum(1 for value in values if isinstance(value, int) and first <= value < end)


def _is_truth(value: object) -> bool:
    return (isinstance(value, int) and value in (0, 1)) or (isinstance(value, str) and is_word(value))

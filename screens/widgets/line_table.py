"""A table drawn line by line: only what is visible costs anything, however long it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.binding import Binding
from textual.geometry import Offset, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.style import Style
    from textual.binding import BindingType

__all__ = ["Cell", "Column", "LineTable", "Row", "Rows", "clean", "lay_out"]

Cell = tuple[str, str]
"""Text and colour token."""
Row = tuple[Cell, ...]


class Rows(Protocol):
    """What a table shows: counted and read by place, never walked through."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, place: int, /) -> Row:
        """The row at ``place``, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    title: str
    width: int = 0
    """Cells; 0 shares what is left with the other columns of width 0."""
    align: Literal["left", "right"] = "left"
    from_width: int = 0
    """The table's width from which the column is shown at all."""
    most: int = 0
    """The widest a sharing column gets; 0 is no limit."""


GAP = 2
"""Cells between columns."""
GUTTER = 2
"""Cells before the first column, where the cursor's mark stands."""


def clean(text: str) -> str:
    """The text on one line, with nothing in it that a terminal would obey."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " if letter in "\n\r\t" else "·" for letter in text)


def lay_out(columns: tuple[Column, ...], width: int) -> tuple[tuple[int, int], ...]:
    """Place and width of each column that fits, left to right.

    Returns:
        Pairs of index into ``columns`` and cells; sharing columns get at least 4.
    """
    shown = [(place, column) for place, column in enumerate(columns) if width >= column.from_width]
    left = width - GUTTER - GAP * (len(shown) - 1) - sum(column.width for _, column in shown)
    sharing = [column for _, column in shown if column.width == 0]
    widths: list[tuple[int, int]] = []
    for place, column in shown:
        cells = column.width
        if cells == 0:
            cells = max(left // len(sharing), 4)
            cells = min(cells, column.most) if column.most else cells
            left -= cells
            sharing = sharing[1:]
        widths.append((place, cells))
    return tuple(widths)


def _fit(text: str, cells: int, align: str) -> str:
    text = clean(text)
    size = cell_len(text)
    if size > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…" if cells else ""
    return " " * (cells - size) + text if align == "right" else text + " " * (cells - size)


class LineTable(ScrollView, can_focus=True):
    """Rows under a heading that stays; up and down move the mark."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--plain", "line-table--ok", "line-table--warn", "line-table--bad",
        "line-table--busy", "line-table--quiet", "line-table--strong",
        "line-table--head", "line-table--marked",
    }  # fmt: skip

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", "Up", show=False),
        Binding("down", "mark(1)", "Down", show=False),
        Binding("pageup", "mark_page(-1)", "Page up", show=False),
        Binding("pagedown", "mark_page(1)", "Page down", show=False),
        Binding("home", "mark_end(0)", "First", show=False),
        Binding("end", "mark_end(1)", "Last", show=False),
    ]

    class Marked(Message):
        """Another row is marked."""

        def __init__(self, table: LineTable, place: int) -> None:
            """Holds the table and the row's place, from 0."""
            super().__init__()
            self.table = table
            self.place = place

        @property
        def control(self) -> LineTable:
            """The table."""
            return self.table

    class Beyond(Message):
        """The mark was to go past the first or the last row: a list in pages may have more."""

        def __init__(self, table: LineTable, by: int) -> None:
            """Holds the table, and 1 for behind the last row, -1 for before the first."""
            super().__init__()
            self.table = table
            self.by = by

        @property
        def control(self) -> LineTable:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: tuple[Column, ...],
        *,
        empty: str = "nothing yet",
        follows: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        """Shows ``empty`` while there are no rows; ``follows`` keeps the last row in sight."""
        super().__init__(id=id)
        self.columns = columns
        self.rows: Rows = ()
        self.empty = empty
        self.follows = follows
        self.place = 0
        self._widths: tuple[tuple[int, int], ...] = ()

    def show(self, rows: Rows) -> None:
        """Draws these rows from now on; the same rows again cost nothing."""
        if rows == self.rows:
            return
        at_end = self.follows and self.place >= len(self.rows) - 1
        grew = len(rows) != len(self.rows)
        self.rows = rows
        self.place = max(len(rows) - 1, 0) if at_end else min(self.place, max(len(rows) - 1, 0))
        self._measure()
        if grew and self.styles.is_auto_height:
            self.refresh(layout=True)
        else:
            self.refresh()
        self.call_after_refresh(self._keep_in_sight)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's contract
        """One line a row, one for the heading, one for the words of an empty table."""
        return max(len(self.rows), 1) + 1

    def on_resize(self) -> None:
        """Cuts the columns to the new width."""
        self._measure()
        self.call_after_refresh(self._keep_in_sight)

    def _measure(self) -> None:
        width = self.scrollable_content_region.width or self.size.width
        self._widths = lay_out(self.columns, width)
        self.virtual_size = Size(width, len(self.rows) + 1)

    def _keep_in_sight(self, tries: int = 3) -> None:
        """Scrolls to the marked row; before the bar is laid out that does nothing, and is tried again."""
        visible = max(self.size.height - 1, 1)
        top = round(self.scroll_offset.y)
        wanted = min(max(top, self.place - visible + 1), self.place)
        if wanted == top:
            return
        self.scroll_to(y=wanted, animate=False, immediate=True)
        if round(self.scroll_offset.y) == top and tries > 0:
            self.call_after_refresh(self._keep_in_sight, tries - 1)

    def render_line(self, y: int) -> Strip:
        """The heading, or the row that stands at screen line ``y``."""
        width = self.size.width
        if not self._widths:
            self._measure()
        if y == 0:
            return self._heading(width)
        place = y - 1 + round(self.scroll_offset.y)
        if not self.rows and y == 1:
            text = _fit("  " + self.empty, width, "left")
            return Strip([Segment(text, self._style("quiet"))], width)
        if place >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        return self._row(place, width)

    def _style(self, token: str) -> Style:
        return self.get_component_rich_style(f"line-table--{token}")

    def _heading(self, width: int) -> Strip:
        parts = [
            _fit(self.columns[place].title, cells, self.columns[place].align) for place, cells in self._widths
        ]
        text = " " * GUTTER + (" " * GAP).join(parts)
        return Strip([Segment(_fit(text, width, "left"), self._style("head"))], width)

    def _row(self, place: int, width: int) -> Strip:
        is_marked = place == self.place and self.has_focus
        ground = self._style("marked") if is_marked else self.rich_style
        segments = [Segment("▶ " if is_marked else "  ", ground)]
        row = self.rows[place]
        for number, (column, cells) in enumerate(self._widths):
            text, token = row[column] if column < len(row) else ("", "plain")
            style = self._style(token)
            style = style + ground.background_style if is_marked else style
            if number:
                segments.append(Segment(" " * GAP, ground))
            segments.append(Segment(_fit(text, cells, self.columns[column].align), style))
        return Strip(segments).adjust_cell_length(width, ground)

    def on_focus(self) -> None:
        """Draws the mark, and puts the terminal's own cursor there for screen readers."""
        self._point()

    def on_blur(self) -> None:
        """Takes the mark away."""
        self.refresh()

    def _point(self) -> None:
        self.refresh()
        line = self.place - round(self.scroll_offset.y) + 1
        self.app.cursor_position = self.content_region.offset + Offset(0, max(line, 0))

    def mark(self, place: int) -> None:
        """Marks that row, or the nearest there is."""
        place = max(0, min(place, len(self.rows) - 1))
        if place == self.place or not self.rows:
            return
        self.place = place
        self._keep_in_sight()
        self._point()
        self.post_message(self.Marked(self, place))

    def action_mark(self, by: int) -> None:
        """Marks the row ``by`` lines further down."""
        if not 0 <= self.place + by < len(self.rows):
            self.post_message(self.Beyond(self, by))
        self.mark(self.place + by)

    def action_mark_page(self, by: int) -> None:
        """Marks the row ``by`` pages further down."""
        if self.place == (len(self.rows) - 1 if by > 0 else 0):
            self.post_message(self.Beyond(self, by))
        self.mark(self.place + by * max(self.size.height - 2, 1))

    def action_mark_end(self, is_last: int) -> None:
        """Marks the first or the last row."""
        self.mark(len(self.rows) - 1 if is_last else 0)

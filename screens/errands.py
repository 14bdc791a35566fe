"""What worker threads do for the app: open a run, and carry one request to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from engine.model.errors import FordwayError
from screens import news
from screens.sight import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from screens.run_link import RunLink

__all__ = ["carry_request", "open_run"]


def open_run(opening: Callable[[Callable[[str], None]], RunLink], tell: Callable[[Message], bool]) -> None:
    """Tells of the link, or of the trouble; a link nobody waits for any more is closed.

    Args:
        opening: starts what must be started; is handed where to tell its progress.
        tell: takes a message from any thread; False when the console is gone.
    """

    def progress(line: str) -> None:
        tell(news.OpeningProgress(line))

    try:
        link = opening(progress)
    except FordwayError as error:
        trouble = Trouble(what=error.what, where=error.where, safe=error.safe, todo=error.todo)
        tell(news.OpeningFailed(trouble))
    except Exception as error:  # noqa: BLE001 - outermost frame of this thread: a sentence, never a traceback
        why = f"The run could not be opened: {error}" if str(error) else "The run could not be opened"
        todo = "Run fordway doctor in another window, then press r"
        tell(news.OpeningFailed(Trouble(what=why, safe="Nothing was moved", todo=todo)))
    else:
        if not tell(news.LinkOpened(link)):
            with suppress(FordwayError):
                link.ask("park")
            link.close()


def carry_request(what: str, call: Callable[[], str], tell: Callable[[Message], bool]) -> None:
    """Makes the call and tells its answer: empty, or the sentence why it does not stand."""
    try:
        sentence = call()
    except FordwayError as error:
        sentence = error.sentence()
    except Exception as error:  # noqa: BLE001 - outermost frame of this thread: a sentence, never a traceback
        sentence = f"It could not be asked for: {error}"
    tell(news.RequestReturned(what, sentence))

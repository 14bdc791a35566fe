"""Why one value can't be carried as it is."""

from __future__ import annotations

from engine.model.faults import Offence

__all__ = ["CantCarry", "clean_text"]


class CantCarry(ValueError):
    """The reason one value is refused; its text goes into the quarantine."""

    def __init__(self, reason: str, kind: Offence = Offence.CAST) -> None:
        """Holds both.

        Args:
            reason: in words.
            kind: of fault; where nothing else is said, the value is none of the column's type.
        """
        super().__init__(reason)
        self.kind = kind


def clean_text(text: str, what: str = "text") -> str:
    """The text, which PostgreSQL can store.

    Raises:
        CantCarry: it holds a NUL character, or is no UTF-8.
    """
    if "\x00" in text:
        raise CantCarry(f"the {what} holds a NUL character, which PostgreSQL can't store", Offence.NUL)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CantCarry(f"the {what} is not valid UTF-8", Offence.ENCODING) from None
    return text

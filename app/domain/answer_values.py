"""One answer, in the shapes that the form's field types give it."""

from dataclasses import dataclass
from typing import TypeAlias

from app.domain.form import Code, SpecialValue


@dataclass(frozen=True, slots=True)
class Chosen:
    """Codes of the field, at least one; exactly one for a choice."""

    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A text, clean as `plain_text.clean_text` leaves it. Also a month or a date with time."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number, such as a year."""

    value: int


@dataclass(frozen=True, slots=True)
class Several:
    """Some one-line texts, in the order given."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Special:
    """Why there is no answer. Never the same as a question left blank, which has no entry."""

    value: SpecialValue


Answer: TypeAlias = Chosen | Words | Number | Several | Special

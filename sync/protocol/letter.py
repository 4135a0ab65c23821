"""What is inside a piece of mail: a question, or news of what became of a report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError

FORMAT = "nearmiss-mail-1"
TICKET_LENGTH = 16
_QUESTION, _NEWS = "question", "news"
_COMMON = ("format", "kind", "turn", "month", "text")


class NewsWord(StrEnum):
    """What became of the report.

    screened: somebody has read it and it belongs here. published: it stands in the archive.
    used: others have learnt from it.
    """

    SCREENED = "screened"
    PUBLISHED = "published"
    USED = "used"


@dataclass(frozen=True, slots=True)
class Question:
    """What an analyst asks.

    turn: counts the letters of one case from 1. month: "YYYY-MM" of writing; nothing finer is
    told. ticket: 16 random bytes; the answer shows them, and so that its writer has opened
    the question.
    """

    turn: int
    month: str
    text: str
    ticket: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The canonical bytes that are sealed."""
        more = {"kind": _QUESTION, "ticket": canonical.to_base64(self.ticket)}
        return canonical.encode({**_common(self), **more})


@dataclass(frozen=True, slots=True)
class News:
    """turn, month: as of a question. number: of the record in the archive. text: where it was
    used, or a word more; may be empty unless it says where.
    """

    turn: int
    month: str
    word: NewsWord
    number: int | None = None
    text: str = ""

    def to_bytes(self) -> bytes:
        """The canonical bytes that are sealed."""
        more = {"kind": _NEWS, "news": self.word.value, "number": self.number}
        return canonical.encode({**_common(self), **more})


Letter: TypeAlias = Question | News


def read_letter(raw: bytes) -> Letter:
    """The question or the news in raw. Raises MalformedError for anything else."""
    message = canonical.decode(raw)
    canonical.expect_format(message, FORMAT)
    reader = _READERS.get(canonical.text_of(message, "kind"))
    if reader is None:
        raise MalformedError("neither a question nor news")
    turn = canonical.number_of(message, "turn")
    if turn == 0:
        raise MalformedError("letters count from 1")
    return reader(message, turn, canonical.month_of(message, "month"))


def _read_question(message: dict[str, Json], turn: int, month: str) -> Letter:
    canonical.expect_only(message, *_COMMON, "ticket")
    text = canonical.text_of(message, "text")
    if not text:
        raise MalformedError("a question that asks nothing")
    return Question(turn, month, text, canonical.from_base64(message.get("ticket"), TICKET_LENGTH))


def _read_news(message: dict[str, Json], turn: int, month: str) -> Letter:
    canonical.expect_only(message, *_COMMON, "news", "number")
    word = canonical.text_of(message, "news")
    if word not in set(NewsWord):
        raise MalformedError("news of an unknown kind")
    number = None if message.get("number") is None else canonical.number_of(message, "number")
    found = News(turn, month, NewsWord(word), number, canonical.text_of(message, "text"))
    check_news(found)
    return found


def check_news(news: News) -> None:
    """Raises MalformedError for news that say too little or too much."""
    if news.number == 0:
        raise MalformedError("archive numbers count from 1")
    if news.word is NewsWord.PUBLISHED and news.number is None:
        raise MalformedError("published, but under no number")
    if news.word is NewsWord.SCREENED and news.number is not None:
        raise MalformedError("screened, and yet in the archive")
    if news.word is NewsWord.USED and not news.text:
        raise MalformedError("used, but nowhere")


def _common(letter: Letter) -> Mapping[str, object]:
    return {
        "format": FORMAT,
        "turn": letter.turn,
        "month": letter.month,
        "text": letter.text,
    }


_READERS: Mapping[str, Callable[[dict[str, Json], int, str], Letter]] = {
    _QUESTION: _read_question,
    _NEWS: _read_news,
}

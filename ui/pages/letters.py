"""The messages of one report, one card each, with a place to answer below a question."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.submission import SubmissionState
from sync.mail import describe_news
from sync.protocol.letter import Letter, News, NewsWord
from ui.ages import name_month
from ui.pages.answer_box import AnswerBox
from ui.pages.letters_work import ShownMail, ShownReply
from ui.session import Session
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.heading import Caption, PlainLabel, Prose
from ui.widgets.states import Shape, StateChip

OPEN_QUESTION: tuple[str, Shape, BannerKind] = ("Question for you", "disc", "info")
PUBLISHED: tuple[str, Shape, BannerKind] = ("Published", "square", "success")
_ANSWERED: tuple[str, Shape, BannerKind] = ("Answered", "tick", "success")
_WAITS: tuple[str, Shape, BannerKind] = ("Answer waits", "half", "leaves")


class LettersView(QWidget):
    """sealed: an answer was put into the outbox. grown: a part that may be out of sight."""

    sealed = Signal()
    grown = Signal(QWidget)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("role", "plain")
        self._session = session
        self.boxes: list[AnswerBox] = []
        self._parts: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)

    def show_mail(self, mail: ShownMail) -> None:
        """Show it, the first message first."""
        self.clear()
        if not mail.opened.letters:
            self._add(_make_empty(mail))
        if mail.opened.unreadable:
            self._add(
                Banner(
                    "warning",
                    "There is something under these words that cannot be opened.",
                    "It was not written for them. Nothing is shown of it.",
                )
            )
        for letter in mail.opened.letters:
            self._add(self._make_card(mail, letter))

    def clear(self) -> None:
        """Show nothing."""
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts, self.boxes = [], []

    def flush(self) -> None:
        """Keep what is unsaved."""
        for box in self.boxes:
            box.flush()

    def typed(self) -> dict[str, str]:
        """The answers that are being written, by the turn of their question."""
        return {str(box.turn): box.editor.value() for box in self.boxes}

    def put_back(self, typed: Mapping[str, str]) -> None:
        """Answers as they stood when `typed` was called."""
        for box in self.boxes:
            if str(box.turn) in typed:
                box.put_back(typed[str(box.turn)])

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._column.addWidget(part)

    def _make_card(self, mail: ShownMail, letter: Letter) -> QWidget:
        if isinstance(letter, News):
            return _make_news(letter)
        reply = mail.replies.get(letter.turn)
        card = _make_frame("A question from the research team", letter, _chip(reply))
        card.body.addWidget(Prose(letter.text, role="reading"))
        if reply is not None and reply.is_sealed:
            card.body.addWidget(_make_sealed(reply))
        elif mail.can_answer:
            box = AnswerBox(self._session, mail, letter, reply.text if reply else "")
            box.sealed.connect(self.sealed)
            box.shown.connect(self.grown)
            self.boxes.append(box)
            card.body.addWidget(box)
        else:
            card.body.addWidget(
                Prose(
                    "To answer, open your vault or make one: the answer waits in its outbox. "
                    "Then read the messages again.",
                    role="help",
                )
            )
        return card


def _make_news(news: News) -> QWidget:
    chip = PUBLISHED if news.word is NewsWord.PUBLISHED else None
    card = _make_frame(describe_news(news), news, chip)
    if news.text:
        card.body.addWidget(Prose(news.text, role="reading"))
    return card


def _make_frame(title: str, letter: Letter, chip: tuple[str, Shape, BannerKind] | None) -> Card:
    card = Card()
    card.setAccessibleName(title)
    top = QHBoxLayout()
    top.setSpacing(12)
    names = QVBoxLayout()
    names.setSpacing(2)
    names.addWidget(PlainLabel(title, "label"))
    names.addWidget(Caption(f"Written in {name_month(letter.month)}"))
    top.addLayout(names, 1)
    if chip is not None:
        top.addWidget(StateChip(*chip))
    card.body.addLayout(top)
    return card


def _make_sealed(reply: ShownReply) -> QWidget:
    if reply.state is None:
        text = "Your answer was sent and received. It is destroyed here."
        return Prose(text, role="help")
    banner = Banner("leaves", "Your answer waits in the outbox", "")
    banner.body.addWidget(Prose(reply.text, role="reading"))
    return banner


def _make_empty(mail: ShownMail) -> Card:
    card = Card()
    card.body.addWidget(PlainLabel("No message is here", "label"))
    day = f"that of {mail.signed_on}" if mail.signed_on else "not fetched yet"
    text = (
        f"Messages come with the archive; the one on this computer is {day}. They are written "
        "some days to weeks after a report has arrived, and stay for half a year."
    )
    if not mail.is_kept:
        text += " If there should be one, compare each word with your paper."
    card.body.addWidget(Prose(text, role="help"))
    return card


def _chip(reply: ShownReply | None) -> tuple[str, Shape, BannerKind]:
    if reply is None or not reply.is_sealed:
        return OPEN_QUESTION
    return _ANSWERED if reply.state in {None, SubmissionState.RECEIVED} else _WAITS

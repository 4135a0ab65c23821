"""What leaves this computer: the exact next requests, and one of them as a file for counsel."""

import json
from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QTextOption
from PySide6.QtWidgets import QWidget

from sync.dry_run import DryRun, describe_way
from sync.leaving import NextRequest
from ui.file_choice import choose_new_file
from ui.messages import ask
from ui.pages.leaves_work import (
    Leaving,
    ShownRequest,
    read_dry,
    read_leaving,
    write_counsel_file,
)
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import Caption, PlainLabel, Prose, SectionTitle
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row
from ui.widgets.text import PlainTextEdit

_LONGEST = 1_000_000
_MOST_LINES = 16
_LINE_CHARS = 78
_FRAME_PX = 28
_ALWAYS = (
    "About once a day this program asks what is new in the archive. It fetches everything, so what "
    "you read or search cannot be told by it. Once enrolled, it fetches twelve tokens a quarter on "
    "a day by chance, and sends two empty reports a quarter that nobody on the way can tell from "
    "yours; they are not in the list above. Nothing else is sent: no statistics, no crash reports."
)


class LeavesPage(Page):
    """One card a request. open(None): all that waits; open(a draft's id): that draft."""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        self._back = SecondaryButton("Back", "arrow_back")
        super().__init__("What leaves this computer", self._back)
        self._session = session
        self._draft_id = ""
        self.result = Banner("info", "")
        self.body.addWidget(
            Prose(
                "Written down by the same code that sends it. Looking at it sends nothing.",
                role="help",
            )
        )
        self.body.addWidget(self.result)
        self.result.hide()
        self.cards: list[QWidget] = []
        self._back.clicked.connect(self._go_back)
        session.outbox_changed.connect(self._read)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """Show the requests as they are now."""
        self._draft_id = argument if isinstance(argument, str) else ""
        self.result.hide()
        self.clear()
        self._read()

    def clear(self) -> None:
        """Show nothing."""
        for card in self.cards:
            self.body.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []

    def _go_back(self) -> None:
        place = "check" if self._draft_id else "outbox"
        self.navigate.emit(place, self._draft_id or None)

    def _read(self) -> None:
        session, draft_id = self._session, self._draft_id
        if session.is_unlocked and not session.is_connected:
            self._place([Prose("This program is not connected to a service: nothing can leave.")])
        elif session.is_unlocked:
            task = Task(self, lambda _progress: read_leaving(session, draft_id))
            task.on_done(self._show).start()

    def _show(self, found: Leaving) -> None:
        if not self._session.is_unlocked:
            return
        made: list[QWidget] = []
        for each in found.waiting:
            card = RequestCard(each.title, each.when, each.request)
            self._let_write(card, each)
            made.append(card)
        fetch = RequestCard(
            "One file of the archive", "About once a day.", found.fetch, is_yours=False
        )
        nothing = [] if made else [Prose("Nothing of yours waits to be sent.")]
        always = SectionTitle("Whether or not you report")
        self._place([*made, *nothing, always, Prose(_ALWAYS), fetch])

    def _place(self, parts: list[QWidget]) -> None:
        self.clear()
        self.cards = parts
        for each in parts:
            self.body.addWidget(each)

    def _let_write(self, card: "RequestCard", shown: ShownRequest) -> None:
        session = self._session
        card.content.clicked.connect(
            lambda: Task(self, lambda _: read_dry(session, shown)).on_done(card.show_seal).start()
        )
        card.file.clicked.connect(lambda: self._write(shown))

    def _write(self, shown: ShownRequest) -> None:
        if not ask(
            self,
            "Write it into a file?",
            "The file is for your lawyer. It is not encrypted, and it holds the report as it "
            "leaves and the id under which it arrives: whoever has it and knows that it is yours "
            "knows who wrote the report. Put it on a stick of your own, not on this computer.",
            "Choose where",
            "Do not write it",
        ):
            return
        path = choose_new_file(self, "A dry run for your lawyer", "dry-run.txt")
        if not path:
            return
        session = self._session
        task = Task(self, lambda _progress: write_counsel_file(session, shown, path))
        task.on_done(self._tell).start()

    def _tell(self, _path: str) -> None:
        self.result.set_content(
            "warning",
            "The file is written. It is not encrypted.",
            "Nothing was sent. This program cannot destroy copies of the file.",
        )
        self.result.show()
        self.show_widget(self.result)


class RequestCard(Card):
    """Title, when, the lines as they leave, and what follows them.

    content, file: the buttons for what is in the seal, and for the file.
    """

    def __init__(
        self, title: str, when: str, request: NextRequest, *, is_yours: bool = True
    ) -> None:
        super().__init__()
        self.body.setSpacing(10)
        self.setAccessibleName(title)
        self.body.addWidget(PlainLabel(title, "label"))
        self.body.addWidget(Prose(when))
        self.lines = _make_view("\n".join(request.head), f"The request: {title}")
        self.body.addWidget(self.lines)
        if request.body:
            after = f"Then {len(request.body):,} bytes. SHA-256 {request.body_hash}"
            self.body.addWidget(Caption(after))
        self.body.addWidget(Prose(describe_way(request), role="help"))
        self.content = SecondaryButton("Show what is in the seal", "visibility")
        self.file = QuietButton("Write a file for your lawyer", "gavel")
        for button in (self.content, self.file):
            button.setAccessibleDescription(title)
        self.seal = _make_view("", f"In the seal: {title}")
        self.seal.hide()
        has_seal = is_yours and not request.is_withdrawal
        self.body.addWidget(self.seal)
        row = in_a_row(self.content, self.file)
        self.body.addWidget(row)
        self.content.setVisible(has_seal)
        self.file.setVisible(is_yours)
        row.setVisible(is_yours)

    def show_seal(self, dry: DryRun) -> None:
        """Show the bytes that are sealed, or that they are not here any more."""
        text = "The words of an answer are not kept here once it is sealed."
        if dry.content is not None:
            text = json.dumps(json.loads(dry.content), indent=2, ensure_ascii=False)
        self.seal.set_value(text)
        _fit(self.seal)
        self.seal.show()
        self.content.hide()


def _make_view(text: str, name: str) -> PlainTextEdit:
    view = PlainTextEdit(_LONGEST)
    view.setReadOnly(True)
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    view.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    view.setAccessibleName(name)
    view.set_value(text)
    _fit(view)
    return view


def _fit(view: PlainTextEdit) -> None:
    """As high as its lines, some of which are wrapped, up to a limit."""
    view.ensurePolished()
    metrics = QFontMetricsF(view.font())
    lines = sum(1 + len(line) // _LINE_CHARS for line in view.value().split("\n"))
    is_long = lines > _MOST_LINES
    policy = Qt.ScrollBarPolicy
    view.setVerticalScrollBarPolicy(
        policy.ScrollBarAsNeeded if is_long else policy.ScrollBarAlwaysOff
    )
    view.setFixedHeight(ceil(min(lines, _MOST_LINES) * metrics.lineSpacing()) + _FRAME_PX)

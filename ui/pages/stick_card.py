"""The part of the outbox about sticks: out of a computer without a network, and back."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.progress import Progress
from ui.file_choice import choose_folder
from ui.messages import ask
from ui.session import Session
from ui.stick_work import Passed, pass_on, take_in, write_out
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import QuietButton, SecondaryButton
from ui.widgets.cards import Banner, BannerKind, Card
from ui.widgets.heading import Prose, SectionTitle
from ui.widgets.rows import in_a_row

_TEXT = (
    "Without a network here, a stick can carry your sealed reports to a computer that has one. "
    "There, choose \u201cPass on what others carry\u201d on this page. Bring the stick back, and "
    "choose \u201cTake in what came back\u201d."
)
_BEFORE = (
    "Each report that waits becomes one sealed file with a name by chance. Whoever finds the "
    "stick cannot open it, but sees that somebody here has reported. Here everything goes on "
    "waiting, and leaves by itself if it can: twice does no harm."
)


class StickCard(Card):
    """grown: what it says may lie out of sight."""

    grown = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.news = Banner("info", "")
        self.news.hide()
        self.strip = ProgressStrip()
        self.out = SecondaryButton("Carry out by stick", "arrow_forward")
        self.back = SecondaryButton("Take in what came back", "undo")
        self.on = QuietButton("Pass on what others carry", "send")
        self.body.setSpacing(12)
        self.body.addWidget(SectionTitle("By stick"))
        self.body.addWidget(Prose(_TEXT, role="help"))
        self.buttons = in_a_row(self.out, self.back, self.on)
        for part in (self.buttons, self.strip, self.news):
            self.body.addWidget(part)
        self.out.clicked.connect(self._write_out)
        self.back.clicked.connect(self._take_in)
        self.on.clicked.connect(self._pass_on)
        session.locked.connect(self.news.hide)

    def offer(self, *, is_waiting: bool) -> None:
        """is_waiting: whether there is something to be carried out."""
        self.out.setEnabled(is_waiting)
        self.out.setToolTip("" if is_waiting else "Nothing waits")

    def _write_out(self) -> None:
        if ask(self, "Carry it out by stick?", _BEFORE, "Choose the stick", "Let it wait"):
            session = self._session
            self._run(
                "The folder to write into",
                lambda folder, _progress: write_out(session, folder),
                "Writing",
                _tell_written,
            )

    def _take_in(self) -> None:
        session = self._session
        self._run(
            "The folder with what came back",
            lambda folder, progress: take_in(session, folder, progress),
            "Reading what came back",
            _tell_taken,
        )

    def _pass_on(self) -> None:
        session = self._session
        self._run(
            "The folder with the files",
            lambda folder, progress: pass_on(session, folder, progress),
            "Passing them on",
            _tell_passed,
        )

    def _run(
        self,
        title: str,
        work: Callable[[str, Progress], Passed],
        text: str,
        tell: Callable[[Passed], tuple[BannerKind, str, str]],
    ) -> None:
        self.news.hide()
        folder = choose_folder(cast("QWidget", self), title)
        if not folder:
            return
        self._set_busy(True)
        task = Task(self, lambda progress: work(folder, progress))
        self.strip.follow(task, text)
        task.on_end(lambda: self._set_busy(False))
        task.on_done(lambda passed: self._tell(*tell(passed))).start()

    def _tell(self, kind: BannerKind, title: str, text: str) -> None:
        self.news.set_content(kind, title, text)
        self.news.show()
        self.grown.emit()
        self._session.drafts_changed.emit()
        self._session.outbox_changed.emit()

    def _set_busy(self, is_busy: bool) -> None:
        self.buttons.setEnabled(not is_busy)


def _tell_written(passed: Passed) -> tuple[BannerKind, str, str]:
    if not passed.count:
        return "warning", "Nothing was written", passed.trouble or "Nothing waits."
    title = (
        "One report is on the stick"
        if passed.count == 1
        else _many(passed.count, "are on the stick")
    )
    more = (
        "On a computer with a network, choose \u201cPass on what others carry\u201d in the outbox. "
        "Then bring the stick back."
    )
    return ("warning" if passed.trouble else "success"), title, f"{more} {passed.trouble}".strip()


def _tell_taken(passed: Passed) -> tuple[BannerKind, str, str]:
    if passed.count:
        title = (
            "One report has arrived" if passed.count == 1 else _many(passed.count, "have arrived")
        )
        kind: BannerKind = "warning" if passed.trouble else "success"
        return kind, title, passed.trouble or "The service has signed for it."
    if passed.others:
        text = "What is on this stick belongs to another computer, or was taken in before."
        return "info", "Nothing for a report that waits here", passed.trouble or text
    text = "Choose the folder with the files that were passed on; what came back lies beside them."
    return "warning", "Nothing has come back on this stick", passed.trouble or text


def _tell_passed(passed: Passed) -> tuple[BannerKind, str, str]:
    if passed.count:
        title = (
            "One report is passed on" if passed.count == 1 else _many(passed.count, "are passed on")
        )
        more = "What the service signed lies beside the files. Carry the stick back."
        kind: BannerKind = "warning" if passed.trouble else "success"
        return kind, title, f"{more} {passed.trouble}".strip()
    text = "Choose the folder with the files, on a stick that somebody has carried here."
    return "warning", "Nothing was passed on", passed.trouble or text


def _many(count: int, rest: str) -> str:
    return f"{count} reports {rest}"

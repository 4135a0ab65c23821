"""The archive from a stick: for a computer without a network."""

from PySide6.QtCore import Signal

from sync.feed import ExpiredFeedError
from ui.file_choice import choose_folder
from ui.messages import ask
from ui.session import Session
from ui.stick_work import bring_in
from ui.task import Task
from ui.widgets.bars import ProgressStrip
from ui.widgets.buttons import QuietButton


class BringInButton(QuietButton):
    """Asks for the folder and reads it. begun: without anything; brought: with the Update; failed:
    with what went wrong.
    """

    begun = Signal()
    brought = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, strip: ProgressStrip) -> None:
        super().__init__("Bring in from a stick")
        self._session = session
        self._strip = strip
        self.clicked.connect(self._choose)

    def _choose(self) -> None:
        folder = choose_folder(self, "The folder with the archive")
        if folder:
            self.begun.emit()
            self._read(folder, allow_expired=False)

    def _read(self, folder: str, *, allow_expired: bool) -> None:
        session = self._session
        self.setEnabled(False)
        task = Task(
            self,
            lambda progress: bring_in(session, folder, progress, allow_expired=allow_expired),
        )
        self._strip.follow(task, "Reading the archive from the stick")
        task.on_end(lambda: self.setEnabled(True)).on_done(self.brought.emit)
        task.on_failed(lambda error: self._refuse(folder, error)).start()

    def _refuse(self, folder: str, error: Exception) -> None:
        if not isinstance(error, ExpiredFeedError):
            self.failed.emit(error)
        elif ask(
            self,
            "This copy is out of date",
            f"It was signed on {error.signed_on}. It is brought in only if it is not older than "
            "what is here. Newer reports may be missing from it.",
            "Bring it in",
            "Leave it",
        ):
            self._read(folder, allow_expired=True)

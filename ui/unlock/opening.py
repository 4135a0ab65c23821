"""What happens behind the door: the vault is opened in the background."""

from PySide6.QtCore import QObject

from app.errors import InputError, UserError
from app.progress import Cancelled, Progress
from sync.uploader import Settled
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.page import UnlockPage
from ui.widgets.bars import ProgressStrip


class Opening(QObject):
    """Belongs to a door; opens what was entered there, also what was entered before it came."""

    def __init__(self, page: UnlockPage, session: Session) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._strip = ProgressStrip()
        self._strip.setMaximumWidth(480)
        page.add_below(self._strip)
        page.entered.connect(self._start)
        if page.entry is not None:
            self._start()

    def _start(self) -> None:
        if self._page.entry is None:
            return
        (name, passphrase), session = self._page.entry, self._session

        def work(progress: Progress) -> Settled:
            settled = session.unlock(name, passphrase)
            try:
                progress.report(1, 1)
            except Cancelled:
                session.lock()
                raise
            return settled

        task = Task(self._page, work).on_done(self._enter).on_failed(self._refuse)
        task.on_end(lambda: self._page.refuse(""))
        self._strip.follow(task, "Opening the vault")
        task.start()

    def _enter(self, settled: Settled) -> None:
        self._page.open(None)
        self._session.unlocked.emit()
        self._page.navigate.emit("reports", settled)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, InputError):
            self._page.refuse(f"{error.title} {error.hint}")
        elif isinstance(error, UserError):
            self._page.refuse(error.sentence())
        else:
            show_failure(self._page, error)

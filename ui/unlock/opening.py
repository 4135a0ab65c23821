"""What happens behind the door: the vault is opened in the background."""

from PySide6.QtCore import QObject

from app.errors import InputError, UserError
from app.progress import Cancelled, Progress
from app.use_cases import keep_safe
from sync.uploader import Settled
from ui.messages import show_failure
from ui.session import Session
from ui.task import Task
from ui.unlock.page import UnlockPage
from ui.widgets.bars import ProgressStrip
from ui.widgets.dangers import DangerBanners


class Opening(QObject):
    """Belongs to a door; opens what was entered there, also what was entered before it came."""

    def __init__(self, page: UnlockPage, session: Session) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._strip = ProgressStrip()
        self._strip.setMaximumWidth(480)
        page.add_below(self._strip)
        self.dangers = DangerBanners(session.home, of_account=False)
        page.body.addWidget(self.dangers)
        self.dangers.look()
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

        task = Task(self._page, work).on_done(self._enter)
        task.on_failed(lambda error: self._refuse(name, error))
        task.on_end(lambda: self._page.refuse(""))
        self._strip.follow(task, "Opening the vault")
        task.start()

    def _enter(self, settled: Settled) -> None:
        self._page.open(None)
        session = self._session
        session.unlocked.emit()
        Task(self._page, lambda _progress: session.copy_if_due()).start()
        self._page.navigate.emit("reports", settled)

    def _refuse(self, name: str, error: Exception) -> None:
        if isinstance(error, InputError):
            wait_s = keep_safe.wait_before_try(self._session.home, name)
            self._page.refuse(error.title if wait_s else f"{error.title} {error.hint}")
            if wait_s:
                self._page.make_wait(wait_s)
        elif isinstance(error, UserError):
            self._page.refuse(error.sentence())
        else:
            show_failure(self._page, error)

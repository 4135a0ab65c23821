"""What else can be done with a draft, behind one button of its row."""

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.progress import Progress
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton

DUPLICATE = "Make a copy"
SAVE_AS_FILE = "Save as an encrypted file"
DISCARD = "Discard"
DESTROY = "Destroy it now"


class DraftMenu(QuietButton):
    """wanted: another place with an argument, as pages navigate. discarded: it was thrown away."""

    wanted = Signal(str, object)
    discarded = Signal()

    def __init__(self, session: Session, draft_id: DraftId, title: str) -> None:
        super().__init__("More")
        self.setAccessibleName(f"More: {title}")
        self._session = session
        self._draft_id = draft_id
        self.menu_of: QMenu | None = None
        self.clicked.connect(self._open)

    def _open(self) -> None:
        if self.menu_of is not None:
            self.menu_of.deleteLater()
        menu = self.menu_of = QMenu(self)
        menu.setAccessibleName(self.accessibleName())
        self._add(menu, DUPLICATE).triggered.connect(self._duplicate)
        self._add(menu, SAVE_AS_FILE).triggered.connect(
            lambda: self.wanted.emit("draft-file", self._draft_id)
        )
        self._add(menu, DISCARD).triggered.connect(self._discard)
        self._add(menu, DESTROY).triggered.connect(
            lambda: self.wanted.emit("destroy", self._draft_id)
        )
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        menu.setActiveAction(menu.actions()[0])

    def _add(self, menu: QMenu, text: str) -> QAction:
        action = QAction(text, menu)
        menu.addAction(action)
        return action

    def _duplicate(self) -> None:
        session, draft_id = self._session, self._draft_id

        def work(_progress: Progress) -> None:
            write_report.duplicate(session.drafts, session.form, draft_id)

        Task(self, work).on_done(lambda _nothing: session.drafts_changed.emit()).start()

    def _discard(self) -> None:
        session, draft_id = self._session, self._draft_id

        def work(_progress: Progress) -> None:
            write_report.discard(session.drafts, draft_id)

        def tell(_nothing: None) -> None:
            self.discarded.emit()
            session.drafts_changed.emit()

        Task(self, work).on_done(tell).start()

"""What was noticed about the files of the open vault: older than they were, or a failed backup."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.progress import Progress
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import QuietButton
from ui.widgets.cards import Banner
from ui.widgets.rows import in_a_row


class OlderFiles(QWidget):
    """A banner for each thing, and a button to say that it was read. Hidden while there is none.

    accepted: the button was pressed and it is noted.
    """

    accepted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._banners: list[Banner] = []
        self._trouble = Banner("warning", "", "")
        self._read = QuietButton("I have read this", "check_circle")
        self._read.clicked.connect(self._accept)
        self._row = in_a_row(self._read)
        self._column.addWidget(self._trouble)
        self._column.addWidget(self._row)
        self.show_all()

    def show_all(self) -> None:
        """Show what the session knows now."""
        for old in self._banners:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._banners = [
            Banner("warning", each.title.rstrip("."), f"{each.text} {each.hint}")
            for each in self._session.notices
        ]
        for place, banner in enumerate(self._banners):
            self._column.insertWidget(place, banner)
        trouble = self._session.backup_trouble
        if trouble is not None:
            text = f"{trouble.text} {trouble.hint}".strip()
            self._trouble.set_content("warning", trouble.title.rstrip("."), text)
        self._trouble.setVisible(trouble is not None)
        self._row.setVisible(bool(self._banners))
        self.setVisible(bool(self._banners) or trouble is not None)

    def _accept(self) -> None:
        session = self._session

        def work(_progress: Progress) -> None:
            session.accept_older()

        Task(self, work).on_done(self._tell).start()

    def _tell(self, _nothing: None) -> None:
        self.show_all()
        self.accepted.emit()

"""What was laid aside on the old computer, until the vault has arrived on the new one."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.progress import Progress
from app.use_cases.move_vault import erase_moved, use_again
from ui.messages import ask
from ui.session import Session
from ui.task import Task
from ui.widgets.buttons import DangerButton, SecondaryButton
from ui.widgets.cards import Banner, Card
from ui.widgets.heading import PlainLabel, Prose, SectionTitle
from ui.widgets.rows import in_a_row


class AsideCard(Card):
    """Hidden while there is nothing. changed: something was erased or put back."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._news = Banner("success", "", "")
        self._news.hide()
        self._rows: list[QWidget] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self.body.addWidget(SectionTitle("Laid aside here"))
        self.body.addWidget(self._news)
        self.body.addWidget(
            Prose(
                "Erase it once the vault has arrived. If the file is lost, use it again here: "
                "nothing is missing but its tokens, which only the file has."
            )
        )
        self.body.addLayout(self._list)

    def show_names(self, names: tuple[str, ...]) -> None:
        """A row for each."""
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._make_row(name) for name in names]
        for row in self._rows:
            self._list.addWidget(row)
        self._news.hide()
        self.setVisible(bool(names))

    def say_written(self) -> None:
        """The file has just been written."""
        self._news.set_content(
            "success", "The file is written and was read back", "Take it to the new computer."
        )
        self._news.show()

    def _make_row(self, name: str) -> QWidget:
        erase = DangerButton("Erase it")
        erase.setAccessibleName(f"Erase {name}")
        erase.clicked.connect(lambda: self._erase(name))
        again = SecondaryButton("Use it here again")
        again.setAccessibleName(f"Use {name} here again")
        again.clicked.connect(lambda: self._use_again(name))
        return in_a_row(PlainLabel(name, "label", wrap=False), erase, again, spacing=12)

    def _erase(self, name: str) -> None:
        if ask(
            self,
            f"Erase “{name}” here?",
            "If it has not arrived on the other computer, it is lost.",
            "Erase it",
            "Keep it",
            danger=True,
        ):
            self._start(lambda: erase_moved(self._session.home, name))

    def _use_again(self, name: str) -> None:
        if ask(
            self,
            f"Use “{name}” here again?",
            "Only if the file was lost and the vault is not in use elsewhere. Its tokens do not "
            "come back: what you report waits until the next quarter's, unless you get a new card.",
            "Use it here",
            "Leave it",
        ):
            self._start(lambda: use_again(self._session.home, name))

    def _start(self, do_it: Callable[[], object]) -> None:
        def work(_progress: Progress) -> None:
            do_it()

        Task(self, work).on_end(self.changed.emit).start()

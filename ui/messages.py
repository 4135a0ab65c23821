"""The only message boxes. Plain text, what happened first, then what to do."""

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import UserError
from ui.defect import describe_defect, trace_defect
from ui.theme.icons import IconPicture, top_of
from ui.widgets.buttons import DangerButton, PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.heading import Prose, SectionTitle

_WIDTH = 520


class Message(QDialog):
    """A title, sentences and buttons over the window that they belong to.

    The window's own title stays neutral, because a task bar shows it to whoever passes by.
    """

    def __init__(self, parent: QWidget | None, symbol: str, role: str, title: str) -> None:
        super().__init__(parent.window() if parent is not None else None)
        self.setModal(True)
        self.setWindowTitle(QGuiApplication.applicationDisplayName())
        self.setAccessibleName(title)
        self.setFixedWidth(_WIDTH)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 24, 24, 20)
        whole.setSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(top_of(IconPicture(symbol, role, 32)))
        self._texts = QVBoxLayout()
        self._texts.setSpacing(8)
        self._texts.addWidget(SectionTitle(title))
        row.addLayout(self._texts, 1)
        whole.addLayout(row)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        whole.addSpacing(4)
        whole.addLayout(self._buttons)

    def add_text(self, text: str) -> None:
        """One more paragraph; an empty one is left out."""
        if text:
            self._texts.addWidget(Prose(text, 56))
            self.setAccessibleDescription(f"{self.accessibleDescription()} {text}".strip())

    def add_widget(self, widget: QWidget) -> None:
        """Something below the paragraphs, such as a field."""
        self._texts.addWidget(widget)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Take the height that the wrapped paragraphs need; Qt would guess it too low."""
        layout = self.layout()
        if layout is not None:
            self.setFixedHeight(layout.heightForWidth(_WIDTH))
        super().showEvent(event)

    def add_button(self, button: QPushButton, *, accepts: bool | None = None) -> None:
        """One more button, from left to right; None does not close the box."""
        self._buttons.addWidget(button)
        if accepts is not None:
            button.clicked.connect(self.accept if accepts else self.reject)


def show_error(parent: QWidget | None, error: UserError) -> None:
    """Show an expected failure in its own words, and wait until it is read."""
    box = Message(parent, "warning", "warning_mark", error.title)
    box.add_text(error.text)
    box.add_text(error.hint)
    _add_close(box)
    _run(box)


def show_defect(parent: QWidget | None, error: BaseException) -> None:
    """Show a defect of ours by its code; details without answers and paths can be copied."""
    box = Message(parent, "error", "error_mark", "This did not work")
    box.add_text(describe_defect(error))
    copy = QuietButton("Copy the details", "content_copy")
    details = trace_defect(error)

    def copy_details() -> None:
        QGuiApplication.clipboard().setText(details)
        copy.set_text("Copied")

    copy.clicked.connect(copy_details)
    box.add_button(copy)
    _add_close(box)
    _run(box)


def show_failure(parent: QWidget | None, error: Exception) -> None:
    """Show whatever went wrong: a `UserError` in its words, anything else as a defect."""
    if isinstance(error, UserError):
        show_error(parent, error)
    else:
        show_defect(parent, error)


def ask(
    parent: QWidget | None, title: str, text: str, yes: str, no: str, *, danger: bool = False
) -> bool:
    """Ask one question; True for `yes`. Escape and closing mean `no`, which has the focus.

    danger: `yes` cannot be undone, and looks like it.
    """
    box = Message(parent, "help", "info_mark", title)
    box.add_text(text)
    refuse = SecondaryButton(no)
    agree = DangerButton(yes) if danger else PrimaryButton(yes)
    box.add_button(agree, accepts=True)
    box.add_button(refuse, accepts=False)
    refuse.setFocus()
    return _run(box)


def _add_close(box: Message) -> None:
    close = PrimaryButton("Close")
    close.setDefault(True)
    box.add_button(close, accepts=False)
    close.setFocus()


def _run(box: Message) -> bool:
    try:
        return box.exec() == int(QDialog.DialogCode.Accepted)
    finally:
        box.deleteLater()

"""Choose whom to trust: a connection file, and the seven words to compare."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.errors import InputError, UserError
from sync.connect import connect, read_connection, show_fingerprint, trusts_another
from sync.protocol.connection import Connection
from ui.file_choice import choose_file
from ui.messages import ask, show_failure
from ui.session import Session
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.fields import Field
from ui.widgets.rows import in_a_row

_LARGEST_FILE = 1_000_000


class ConnectForm(QWidget):
    """A path, typed or chosen, and a button. connected: this program trusts the file's service."""

    connected = Signal()

    def __init__(self, session: Session, *others: QWidget) -> None:
        """others: buttons that stand beside the main one."""
        super().__init__()
        self._session = session
        self._path = QLineEdit()
        self._path.setMaximumWidth(640)
        self._path.returnPressed.connect(self._connect)
        self._field = Field(
            "Connection file",
            self._path,
            "Your agency or the research team gave it to you, on a stick or by mail. "
            "It is called connection.json.",
        )
        choose = SecondaryButton("Choose a file")
        choose.clicked.connect(self._choose)
        do_connect = PrimaryButton("Connect")
        do_connect.clicked.connect(self._connect)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._field)
        column.addWidget(in_a_row(do_connect, choose, *others))
        self.setFocusProxy(self._path)

    def clear(self) -> None:
        """No path and no sentence."""
        self._path.clear()
        self._field.show_error(None)

    def error(self) -> str:
        """What is said at the field."""
        return self._field.error()

    def _choose(self) -> None:
        path = choose_file(self, "Choose a file", "Connection files (*.json);;All files (*)")
        if path:
            self._path.setText(path)
            self._connect()

    def _connect(self) -> None:
        """Small local files, so that no task is needed."""
        try:
            raw = _read(self._path.text().strip())
            if not self._agrees(raw):
                return
            connect(self._session.home, raw, self._session.words, consent=True)
        except UserError as error:
            self._field.show_error(error.sentence())
            self._field.focus_editor()
            return
        except Exception as error:  # noqa: BLE001  (a defect, shown as its code)
            show_failure(self, error)
            return
        self._field.show_error(None)
        self._session.forget_archive()
        self._session.connection_changed.emit()
        self._session.archive_changed.emit()
        self.connected.emit()

    def _agrees(self, raw: bytes) -> bool:
        """Whether the person wants this one; asked only if it is another than before."""
        offered, pinned = read_connection(raw), self._session.connection()
        if pinned is None or not trusts_another(pinned, offered):
            return True
        return ask(
            self,
            "This program already trusts another service",
            f"Trusted now:\n{self._describe(pinned)}\n\nIn the file:\n{self._describe(offered)}\n\n"
            "Change over only if you were told of the change and the seven words are the same "
            "as those that the research team publishes.",
            yes="Trust the new one",
            no="Keep the present one",
        )

    def _describe(self, connection: Connection) -> str:
        return f"{connection.name}: {show_fingerprint(connection, self._session.words)}"


def _read(path: str) -> bytes:
    if not path:
        raise InputError("Choose the connection file first.")
    try:
        with Path(path).expanduser().open("rb") as file:
            raw = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError, RuntimeError):
        raise InputError(
            "This file cannot be read.", "", "Check the name, and that the stick is still in."
        ) from None
    if len(raw) > _LARGEST_FILE:
        raise InputError("This is not a connection file: it is too large.")
    return raw

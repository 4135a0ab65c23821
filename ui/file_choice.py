"""Choosing a file without leaving a trace of where it lay.

Qt's dialog writes the folder and the files it has shown into settings of its own, those of the
systems keep such lists too. So Qt's is used, and what it wrote is taken out again at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QDir, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

_ORGANISATION, _GROUP = "QtProject", "FileDialog"  # as QFileDialogPrivate::saveSettings has them


def choose_file(parent: QWidget, title: str, kinds: str) -> str:
    """The path of a file that a person chose, or an empty text.

    kinds: such as "Connection files (*.json);;All files (*)".
    """
    with _settings_kept():
        path, _kind = QFileDialog.getOpenFileName(
            parent, title, QDir.homePath(), kinds, options=QFileDialog.Option.DontUseNativeDialog
        )
    return path


def choose_new_file(parent: QWidget, title: str, name: str) -> str:
    """The path of a file that is to be written, or an empty text. name: what it is called first."""
    with _settings_kept():
        path, _kind = QFileDialog.getSaveFileName(
            parent,
            title,
            QDir.home().filePath(name),
            options=QFileDialog.Option.DontUseNativeDialog,
        )
    return path


def choose_folder(parent: QWidget, title: str) -> str:
    """The path of a folder that a person chose, or an empty text."""
    with _settings_kept():
        return QFileDialog.getExistingDirectory(
            parent, title, QDir.homePath(), QFileDialog.Option.DontUseNativeDialog
        )


@contextmanager
def _settings_kept() -> Iterator[None]:
    """Afterwards the dialog's settings are those of before; other programs use them too."""
    before = _read()
    try:
        yield
    finally:
        settings = _open()
        settings.remove("")
        for name, value in before.items():
            settings.setValue(name, value)
        settings.endGroup()
        settings.sync()


def _read() -> dict[str, object]:
    settings = _open()
    return {name: settings.value(name) for name in settings.allKeys()}


def _open() -> QSettings:
    settings = QSettings(QSettings.Scope.UserScope, _ORGANISATION)
    settings.setFallbacksEnabled(False)
    settings.beginGroup(_GROUP)
    return settings

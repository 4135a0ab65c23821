"""Choosing a file leaves no path behind, and what other programs have there stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.file_choice import choose_file


@pytest.fixture
def settings_folder(tmp_path: Path) -> Iterator[Path]:
    """Where Qt keeps the settings of a user, for this test."""
    format_, scope = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    before = Path(QSettings(scope, "QtProject").fileName()).parent
    folder = tmp_path / "settings"
    QSettings.setPath(format_, scope, str(folder))
    yield folder
    QSettings.setPath(format_, scope, str(before))


@pytest.mark.skipif("sys.platform != 'linux'", reason="elsewhere they are no files")
def test_no_path_is_remembered(
    qtbot: QtBot, tmp_path: Path, settings_folder: Path, qapp: QApplication
) -> None:
    others = QSettings(QSettings.Scope.UserScope, "QtProject")
    others.setValue("FileDialog/lastVisited", "file:///elsewhere")
    others.sync()
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "connection.json").write_text("{}")
    page = QWidget()
    qtbot.addWidget(page)
    page.show()

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.findChildren(QLineEdit)[0].setText(str(stick / "connection.json"))
        dialog.accept()

    QTimer.singleShot(100, choose)
    assert choose_file(page, "Choose a file", "All files (*)") == str(stick / "connection.json")
    kept = "".join(file.read_text() for file in settings_folder.rglob("*") if file.is_file())
    assert "stick" not in kept
    assert "file:///elsewhere" in kept

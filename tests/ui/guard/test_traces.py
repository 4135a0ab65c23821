"""What locking, copying and wrong passphrases write anywhere holds no content."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.paths import Home
from tests.ui.guard.locked import STORY, editor, enter, wizard
from tests.ui.opened import make_vault, opened
from tests.ui.pages.officer import write_draft

CANARY = "xylotomousquagga"


def test_no_file_that_was_written_holds_a_word_of_it(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    home = Home(tmp_path / "home-of-it")
    make_vault(home)
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        it.window.show_place("wizard", write_draft(it.session))
        it.settle()
        wizard(it).editor.choose_field(STORY)
        edit = editor(it)
        QTest.keyClicks(edit, CANARY)
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        it.window.lock()
        it.settle()
        enter(it, CANARY)  # a wrong passphrase that is a word of the story
        enter(it)
    files = [Path(top) / name for top, _folders, names in os.walk(tmp_path) for name in names]
    assert any(each.name == "vault.db" for each in files)
    needles = [CANARY.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be")]
    holding = [each.name for each in files if any(n in each.read_bytes() for n in needles)]
    assert holding == []

"""What holds for every test of the window: no screen, our theme, no noise, nothing left behind."""

import gc
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.apply import apply_theme
from ui.theme.tokens import Scheme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What the offscreen platform says of itself; it says nothing about the program.
_OF_THE_PLATFORM = ("This plugin does not support",)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The one application, in the light theme."""
    apply_theme(qapp, Scheme.LIGHT)
    return qapp


@pytest.fixture
def allowed_qt_messages() -> list[str]:
    """Parts of the Qt messages that a test expects: `allowed_qt_messages.append("…")`."""
    return []


@pytest.fixture(autouse=True)
def _quiet_qt(allowed_qt_messages: list[str]) -> Iterator[None]:
    """Any message of Qt fails the test, unless the test allowed it."""
    said: list[str] = []

    def note(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        said.append(text)

    before = qInstallMessageHandler(note)
    yield
    qInstallMessageHandler(before)
    allowed = (*_OF_THE_PLATFORM, *allowed_qt_messages)
    unexpected = [text for text in said if not any(part in text for part in allowed)]
    if unexpected:
        pytest.fail("unexpected Qt messages: " + "; ".join(unexpected))


@pytest.fixture(autouse=True)
def _no_windows_left(qapp: QApplication) -> Iterator[None]:
    """A window that is still there after the test fails it."""
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    left = _find_left(before)
    if left:
        gc.collect()
        left = _find_left(before)
    names = [type(widget).__name__ for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    del left
    _delete_later_now()
    if names:
        pytest.fail("windows left behind: " + ", ".join(names))


def _find_left(before: set[int]) -> list[QWidget]:
    _delete_later_now()
    return [widget for widget in QApplication.topLevelWidgets() if id(widget) not in before]


def _delete_later_now() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

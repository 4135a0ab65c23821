"""What holds for every page: each control has a name, and Tab goes round without a trap."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QRadioButton, QWidget

_MORE_STEPS = 60


def focusable(widget: QWidget) -> list[QWidget]:
    """The controls inside that Tab can reach now, in no order."""
    return [
        each
        for each in widget.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus.value
        and each.focusProxy() is None
    ]


def unnamed(widget: QWidget) -> list[str]:
    """The controls inside that a screen reader has no name for."""
    nameless = []
    for each in focusable(widget):
        if not QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name).strip():
            nameless.append(f"{type(each).__name__} in {type(each.parent()).__name__}")
    return nameless


def walk(window: QWidget, *, back: bool = False) -> list[QWidget]:
    """Press Tab until the first control comes again; the controls in that order.

    Fails if it does not come again: then the focus is trapped somewhere.
    """
    window.activateWindow()
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    QTest.keyClick(_focused(window), key)
    first = _focused(window)
    seen = [first]
    for _ in range(len(focusable(window)) + _MORE_STEPS):
        QTest.keyClick(_focused(window), key)
        now = _focused(window)
        if now is first:
            return seen
        assert now is not seen[-1], f"Tab does not leave {_describe(now)}"
        seen.append(now)
    raise AssertionError(f"Tab does not come back to {_describe(first)}")


def check_keyboard(window: QWidget) -> None:
    """Every control has a name and is reached by Tab, and Shift and Tab goes the same way back."""
    assert unnamed(window) == []
    forth, back = walk(window), walk(window, back=True)
    missed = [each for each in focusable(window) if each not in forth and not _is_radio(each)]
    assert [_describe(each) for each in missed] == []
    assert set(map(id, forth)) == set(map(id, back))


def _is_radio(widget: QWidget) -> bool:
    """Of radio buttons only one is reached by Tab; the arrow keys reach the others."""
    return isinstance(widget, QRadioButton)


def _focused(window: QWidget) -> QWidget:
    return QApplication.focusWidget() or window


def _describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"

"""The one style sheet, made from the tokens. Widgets choose their look by `role` and `kind`.

A control's border grows by as much as its margin shrinks when it has the focus, so that the
ring lies outside and nothing moves.
"""

from string import Template

from ui.theme import tokens as sizes
from ui.theme.tokens import Tokens

_KINDS = ("info", "success", "warning", "error", "leaves", "stays")

_TEXT = """
QToolTip { background: $card; color: $ink; border: 1px solid $control; padding: 6px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${TITLE}px; font-weight: 700; color: $ink; }
QLabel[role="section"] { font-size: ${SECTION}px; font-weight: 700; color: $ink; }
QLabel[role="label"] { font-size: ${LABEL}px; font-weight: 600; color: $ink; }
QLabel[role="strong"] { font-size: ${BODY}px; font-weight: 600; color: $ink; }
QLabel[role="body"] { font-size: ${BODY}px; color: $ink; }
QLabel[role="reading"] { font-size: ${READING}px; color: $ink; }
QLabel[role="help"] { font-size: ${BODY}px; color: $secondary; }
QLabel[role="chip"] { font-size: ${CAPTION}px; font-weight: 600; color: $ink; }
QLabel[role="caption"] { font-size: ${CAPTION}px; color: $secondary; }
QLabel[role="error"] { font-size: ${BODY}px; font-weight: 600; color: $error_text; }
QLabel:disabled { color: $on_disabled; }
"""

_BUTTONS = """
QPushButton[role] {
    min-height: 44px; padding: 0 20px; border-radius: ${CORNER}px;
    font-size: ${BODY}px; font-weight: 600;
}
QPushButton[role="primary"] {
    background: $primary; color: $on_primary; border: 0; margin: 3px;
}
QPushButton[role="primary"]:hover { background: $primary_hover; }
QPushButton[role="primary"]:pressed { background: $primary_pressed; }
QPushButton[role="danger"] { background: $danger; color: $on_danger; border: 0; margin: 3px; }
QPushButton[role="danger"]:hover { background: $danger_hover; }
QPushButton[role="danger"]:pressed { background: $danger_pressed; }
QPushButton[role="secondary"] {
    background: $card; color: $primary; border: 2px solid $primary; margin: 3px; min-height: 40px;
    padding: 0 18px;
}
QPushButton[role="secondary"]:hover { background: $hover; border-color: $primary_hover; }
QPushButton[role="secondary"]:pressed { background: $chosen; border-color: $primary_pressed; }
QPushButton[role="quiet"] {
    background: transparent; color: $primary; border: 0; margin: 3px; padding: 0 12px;
}
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:pressed { background: $chosen; }
QPushButton[role]:focus { margin: 0; border: 3px solid $ring; border-radius: 6px; }
QPushButton[role="secondary"]:focus { margin: 2px; }
QPushButton[role="primary"]:disabled, QPushButton[role="danger"]:disabled {
    background: $disabled; color: $on_disabled;
}
QPushButton[role="secondary"]:disabled {
    background: transparent; color: $on_disabled; border-color: $disabled;
}
QPushButton[role="quiet"]:disabled { color: $on_disabled; }
"""

_INPUTS = """
QLineEdit, QPlainTextEdit, QListWidget[role="options"], QSpinBox, QComboBox {
    background: $card; color: $ink; border: 1px solid $control; margin: 2px;
    border-radius: ${CORNER}px; font-size: ${BODY}px;
    selection-background-color: $primary; selection-color: $on_primary;
    placeholder-text-color: $secondary;
}
QLineEdit, QSpinBox, QComboBox { min-height: 42px; padding: 0 10px; }
QLineEdit { lineedit-password-character: 8226; }
QPlainTextEdit { padding: 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QListWidget[role="options"]:focus, QSpinBox:focus,
QComboBox:focus { border: 3px solid $ring; margin: 0; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QComboBox:disabled {
    background: $disabled; color: $on_disabled;
}
QLineEdit[fault="true"], QPlainTextEdit[fault="true"] {
    border: 2px solid $error_text; margin: 1px;
}
QLineEdit[fault="true"]:focus, QPlainTextEdit[fault="true"]:focus {
    border: 3px solid $ring; margin: 0;
}
QListWidget[role="options"] { outline: 0; }
QListWidget[role="options"]::item { min-height: 44px; padding: 0 10px; color: $ink; }
QListWidget[role="options"]::item:hover { background: $hover; }
QListWidget[role="options"]::item:selected { background: $chosen; color: $ink; }
QComboBox QAbstractItemView {
    background: $card; color: $ink; selection-background-color: $chosen; selection-color: $ink;
}
QComboBox::drop-down { border: 0; width: 28px; }
"""

_FRAMES = """
QFrame[role="card"] {
    background: $card; border: 1px solid $line; border-radius: ${CORNER}px;
}
QFrame[role="rule"] { background: $line; border: 0; max-height: 1px; min-height: 1px; }
QScrollArea[role="page"] { background: transparent; border: 3px solid transparent; }
QScrollArea[role="page"]:focus { border: 3px solid $ring; }
QWidget[role="plain"] { background: transparent; }
QDialog { background: $card; }
QProgressBar {
    background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px;
}
QProgressBar::chunk { background: $primary; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $control; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_RAIL = """
QFrame[role="rail"] { background: $card; border: 0; border-right: 1px solid $line; }
QToolButton[role="rail"] {
    background: transparent; color: $secondary; border: 3px solid transparent;
    border-radius: 6px; min-width: 78px; min-height: 56px; font-size: ${CAPTION}px;
    font-weight: 600; padding: 2px;
}
QToolButton[role="rail"]:hover { background: $hover; }
QToolButton[role="rail"]:checked { background: $chosen; color: $primary; }
QToolButton[role="rail"]:disabled { color: $on_disabled; }
QToolButton[role="rail"]:focus { border-color: $ring; }
QToolButton[role="eye"] {
    background: transparent; border: 3px solid transparent; border-radius: 6px;
    min-width: 38px; min-height: 38px; padding: 0;
}
QToolButton[role="eye"]:hover { background: $hover; }
QToolButton[role="eye"]:focus { border-color: $ring; }
QTabBar[role="tabs"]::tab {
    background: transparent; color: $secondary; font-size: ${BODY}px; font-weight: 600;
    padding: 0 14px; min-height: 38px; border: 3px solid transparent; border-radius: 6px;
    margin-right: 8px;
}
QTabBar[role="tabs"]::tab:hover { background: $hover; }
QTabBar[role="tabs"]::tab:selected { background: $chosen; color: $primary; }
QTabBar[role="tabs"]::tab:selected:focus { border-color: $ring; }
QFrame[role="status"] { background: $card; border: 0; border-top: 1px solid $line; }
"""

_LISTS = """
QListView[role="rows"] {
    background: $card; color: $ink; border: 1px solid $line; margin: 2px;
    border-radius: ${CORNER}px; outline: 0;
}
QListView[role="rows"]:focus { border: 3px solid $ring; margin: 0; }
QFrame[role="pane"] {
    background: $card; border: 1px solid $line; margin: 2px; border-radius: ${CORNER}px;
}
QTextEdit[role="reading"] {
    background: transparent; color: $ink; border: 0; font-size: ${READING}px;
    selection-background-color: $primary; selection-color: $on_primary;
}
QPushButton[role="chosen"] {
    background: $chosen; color: $ink; border: 1px solid $primary; border-radius: 17px;
    margin: 2px; min-height: 32px; padding: 0 12px; font-weight: 400;
}
QPushButton[role="suggested"] {
    background: $card; color: $primary; border: 1px dashed $primary; border-radius: 19px;
    margin: 2px; min-height: 36px; padding: 0 12px; font-weight: 400;
}
QPushButton[role="suggested"]:hover { background: $hover; }
QPushButton[role="suggested"]:focus { border: 3px solid $ring; margin: 0; border-radius: 21px; }
QPushButton[role="chosen"]:hover { background: $hover; }
QPushButton[role="chosen"]:focus { border-radius: 19px; }
"""

_MARKED = """
QTextEdit[role="marked"] {
    background: $card; color: $ink; border: 1px solid $line; margin: 2px;
    border-radius: ${CORNER}px; font-size: ${BODY}px;
    selection-background-color: $primary; selection-color: $on_primary;
}
QTextEdit[role="marked"]:focus { border: 3px solid $ring; margin: 0; }
QTableView[role="list"] {
    background: $card; color: $ink; border: 1px solid $line; margin: 2px;
    border-radius: ${CORNER}px; font-size: ${BODY}px; outline: 0;
    selection-background-color: $chosen; selection-color: $ink;
}
QTableView[role="list"]:focus { border: 3px solid $ring; margin: 0; }
QTableView[role="list"]::item { padding: 0 8px; border: 0; }
QTableView[role="list"]::item:selected { background: $chosen; color: $ink; }
QTableView[role="list"] QHeaderView { background: $card; border: 0; }
QTableView[role="list"] QHeaderView::section {
    background: $card; color: $secondary; border: 0; border-bottom: 1px solid $line;
    padding: 4px 8px; font-size: ${CAPTION}px;
}
QMenu { background: $card; color: $ink; border: 1px solid $control; padding: 4px; }
QMenu::item { padding: 8px 20px; font-size: ${BODY}px; }
QMenu::item:selected { background: $chosen; color: $ink; }
QFrame[role="bar"] { background: $card; border: 0; border-top: 1px solid $line; }
"""

_KIND = """
QFrame[role="banner"][kind="$kind"] {
    background: $tint; border: 0; border-left: 6px solid $strip;
    border-top-right-radius: ${CORNER}px; border-bottom-right-radius: ${CORNER}px;
}
QFrame[role="chip"][kind="$kind"] { background: $tint; border: 0; border-radius: 12px; }
"""


def make_style_sheet(tokens: Tokens) -> str:
    """The style sheet of the whole program in the colours of one scheme."""
    values = {name: getattr(sizes, name) for name in ("CAPTION", "BODY", "LABEL", "READING")}
    values |= {name: getattr(sizes, name) for name in ("SECTION", "TITLE", "CORNER")}
    values |= {name: tokens.colour(name) for name in Tokens._fields}
    kinds = "".join(
        Template(_KIND).substitute(
            values,
            kind=kind,
            tint=tokens.colour(f"{kind}_tint"),
            strip=tokens.colour(f"{kind}_strip"),
        )
        for kind in _KINDS
    )
    return (
        Template(_TEXT + _BUTTONS + _INPUTS + _FRAMES + _RAIL + _LISTS + _MARKED).substitute(values)
        + kinds
    )

"""Controls side by side, from the left."""

from PySide6.QtWidgets import QHBoxLayout, QWidget


def in_a_row(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """The widgets in a line, each as wide as it wants to be."""
    row = QWidget()
    row.setProperty("role", "plain")
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return row

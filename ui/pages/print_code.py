"""A recovery code on paper."""

from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

# It does not say what it opens: whoever finds it has to know.
_PAGE = (
    "<p>{code}</p><p>Keep this where nobody else looks. Whoever has it, and the file that it "
    "belongs to, needs no passphrase.</p>"
)


def print_code(parent: QWidget, code: str) -> bool:
    """Ask for a printer and print; whether it was printed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("Page")  # a print server lists it
    dialog = QPrintDialog(printer, parent)
    try:
        if dialog.exec() != int(QPrintDialog.DialogCode.Accepted):
            return False
    finally:
        dialog.deleteLater()
    draw_code(printer, code)
    return True


def draw_code(printer: QPrinter, code: str) -> None:
    """Print the page."""
    document = QTextDocument()
    document.setDefaultFont(QFont("Public Sans", 16))
    document.setHtml(_PAGE.format(code=code))
    document.print_(printer)

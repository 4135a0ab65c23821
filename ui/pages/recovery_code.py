"""A recovery code, shown once."""

from PySide6.QtCore import Signal

from ui.session import Session
from ui.widgets.buttons import PrimaryButton, QuietButton, SecondaryButton
from ui.widgets.cards import Banner
from ui.widgets.code_card import CodeCard
from ui.widgets.code_line import CodeLine
from ui.widgets.fields import Field
from ui.widgets.heading import Prose
from ui.widgets.page import Page
from ui.widgets.rows import in_a_row


class RecoveryCodePage(Page):
    """Shows a code that was just made, and asks for its last group: is it written down?"""

    navigate = Signal(str, object)

    def __init__(self, session: Session) -> None:
        super().__init__("Your recovery code")
        self._code = ""
        self._banner = Banner("warning", "", "")
        self._card = CodeCard("The recovery code")
        self._line = CodeLine()
        self._line.setPlaceholderText("")
        self._line.setMaximumWidth(160)
        self._line.returnPressed.connect(self._check)
        self._field = Field("Type the last group, from your paper", self._line)
        self._done = PrimaryButton("I have written it down")
        self._done.clicked.connect(self._check)
        self._print = SecondaryButton("Print it")
        self._print.clicked.connect(self._print_it)
        self._skip = QuietButton("Go on without it")
        self._skip.clicked.connect(self._leave)
        self._note = Prose(
            "A print passes through the printer's memory, and often through a server of your "
            "agency. Handwriting does not.",
            role="help",
        )
        for part in (
            *(self._banner, self._card, self._field),
            *(in_a_row(self._done, self._print, self._skip), self._note),
        ):
            self.body.addWidget(part)
        session.locked.connect(self.clear)

    def open(self, argument: object) -> None:
        """argument: the code as it is written; anything else shows that it was shown already."""
        self.clear()
        if isinstance(argument, str) and argument:
            self._code = argument
            self._banner.set_content(
                "warning",
                "It is shown only now. Paper in a locker opens the vault.",
                "Whoever finds this code and gets at this computer needs no passphrase. Keep it "
                "at home, not here. Lost, it can be replaced in Settings.",
            )
            self._show(is_there=True)
            self._card.show_code(argument)
            self._line.setFocus()

    def clear(self) -> None:
        """Forget the code."""
        self._code = ""
        self._card.show_code("")
        self._line.clear()
        self._field.show_error(None)
        self._banner.set_content(
            "info", "The code is not shown again", "Make a new one in Settings if you need it."
        )
        self._show(is_there=False)

    def _show(self, *, is_there: bool) -> None:
        for part in (self._card, self._field, self._print, self._skip, self._note):
            part.setVisible(is_there)
        self._done.set_text("I have written it down" if is_there else "To my reports")

    def _check(self) -> None:
        last = self._code.rpartition("-")[2]
        typed = "".join(self._line.text().split()).upper()
        if typed != last:
            self._field.show_error(
                "This is not the last group. Compare it with your paper."
                if typed
                else "Type the last four characters here, from your paper."
            )
            self._field.focus_editor()
            return
        self._leave()

    def _print_it(self) -> None:
        # Here: it loads the system's printing, which hardly anybody needs.
        from ui.pages.print_code import print_code  # noqa: PLC0415

        print_code(self, self._code)

    def _leave(self) -> None:
        self.clear()
        self.navigate.emit("reports", None)

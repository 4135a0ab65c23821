"""`./run bench typing`: from key to repaint in a story of 20,000 characters.

The real wizard page with a real vault, whose autosave goes on while somebody types, and in the
same run a bare QPlainTextEdit as its peer. Keys come at fixed moments, 30 a second; the time
counts from the moment a key was due, so that work in the background counts if it delays one.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

from app.domain.answer_reading import parse_answers
from app.domain.form import FieldId
from app.paths import Home
from app.store.keys import Cost
from app.store.vault import Vault
from app.use_cases import write_report
from ui.cli.parts import read_form, read_words
from ui.session import Session
from ui.theme.apply import apply_theme
from ui.theme.tokens import Scheme
from ui.wizard.page import WizardPage

_TARGET_MS = 16.0
_LENGTH = 20_000
_KEYS = 450
_INTERVAL_S = 1 / 30
_GIVE_UP_S = 5.0
_SENTENCE = "He reached under the seat and we both stepped back behind the engine block. "
_PARAGRAPHS = ((_SENTENCE * 8).strip() + "\n\n") * 40
_GATE = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
}


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from key to repaint, sorted."""

    values: list[float]

    def at(self, part: float) -> float:
        """The time that this part of the keys did not exceed."""
        return self.values[min(int(part * len(self.values)), len(self.values) - 1)]

    def describe(self) -> str:
        """One line."""
        return (
            f"p50 {self.at(0.5):5.1f} ms   p95 {self.at(0.95):5.1f} ms   max {self.at(1):5.1f} ms"
        )


class _Paints(QObject):
    """Counts the repaints of what it watches."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() == QEvent.Type.Paint
        return False


def type_keys(edit: QPlainTextEdit, place: QTextCursor.MoveOperation) -> Times:
    """Type at the start or the end of what stands in the editor."""
    edit.setFocus()
    edit.moveCursor(place)
    edit.ensureCursorVisible()
    QTest.qWait(400)
    paints = _Paints()
    edit.viewport().installEventFilter(paints)
    times = []
    start = time.perf_counter()
    for number in range(_KEYS):
        due = start + number * _INTERVAL_S
        while time.perf_counter() < due:
            QApplication.processEvents()
            time.sleep(0.0005)
        before = paints.count
        QTest.keyClick(edit, Qt.Key.Key_A if number % 6 else Qt.Key.Key_Space)
        while paints.count == before:
            QApplication.processEvents()
            if time.perf_counter() - due > _GIVE_UP_S:
                raise RuntimeError("a key was not followed by a repaint")
        times.append((time.perf_counter() - due) * 1000)
    edit.viewport().removeEventFilter(paints)
    return Times(sorted(times))


def show(widget: WizardPage | QPlainTextEdit) -> QMainWindow:
    """A window of the size of a common screen."""
    window = QMainWindow()
    window.setCentralWidget(widget)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    return window


def measure_bare(place: QTextCursor.MoveOperation) -> Times:
    """The peer: nothing but Qt's own editor."""
    edit = QPlainTextEdit()
    window = show(edit)
    edit.setPlainText(_PARAGRAPHS[: _LENGTH - _KEYS])
    times = type_keys(edit, place)
    window.close()
    return times


def measure_wizard(session: Session, place: QTextCursor.MoveOperation) -> Times:
    """The story in the wizard, saved while it is typed."""
    story = FieldId("what_happened")
    raw = {**_GATE, str(story): _PARAGRAPHS[: _LENGTH - _KEYS]}
    answers, notes = parse_answers(session.form, raw)
    draft_id = write_report.start(session.drafts, session.form, session.labels, answers, notes)
    page = WizardPage(session)
    window = show(page)
    page.open(draft_id)
    form = page.editor.form
    question = form.view(form.current).question(story)
    if question is None:
        raise RuntimeError("the story is not on the screen")
    times = type_keys(question.findChildren(QPlainTextEdit)[0], place)
    page.flush()
    kept = write_report.load(session.drafts, session.form, draft_id).answers[story]
    if kept == answers[story]:
        raise RuntimeError("nothing was saved while it was typed")
    window.close()
    return times


def main() -> int:
    """Print the times; 1 if the wizard's 95th percentile is above the target."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if isinstance(app, QApplication):
        apply_theme(app, Scheme.LIGHT)
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        home = Home.from_environment({"NEARMISS_HOME": str(Path(folder))})
        Vault.create(home.vault_folder("bench"), "words", Cost(8192, 1, 1)).close()
        session = Session(home, *read_form(), read_words())
        session.unlock("bench", "words")
        print(f"{_KEYS} keys into a story of {_LENGTH:,} characters, 30 keys a second")
        for name, place in (
            ("at its end", QTextCursor.MoveOperation.End),
            ("at its start", QTextCursor.MoveOperation.Start),
        ):
            wizard = measure_wizard(session, place)
            worst = max(worst, wizard.at(0.95))
            print(f"  {name:<13} the wizard          {wizard.describe()}")
            print(f"  {'':<13} bare QPlainTextEdit {measure_bare(place).describe()}")
        session.close()
    print(f"target: p95 at most {_TARGET_MS:.0f} ms; {'met' if worst <= _TARGET_MS else 'MISSED'}")
    return int(worst > _TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())

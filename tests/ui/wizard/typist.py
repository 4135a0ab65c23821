"""Types into the story of a new report without ever pausing, until somebody ends the process.

Arguments: the folder of the data, its vault's passphrase, a file that gets a line for each key:
the time since boot in seconds and how many characters stand in the field.
"""

import os
import sys
import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from app.domain.answer_reading import parse_answers
from app.domain.form import FieldId
from app.paths import Home
from app.use_cases import write_report
from ui.cli.parts import read_form, read_words
from ui.session import Session
from ui.theme.apply import make_application
from ui.wizard.page import WizardPage

STORY = FieldId("what_happened")
GATE = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
}


def main(folder: str, passphrase: str, log: str) -> None:
    """Never returns."""
    make_application("reports")
    session = Session(Home(Path(folder)), *read_form(), read_words())
    session.unlock("first", passphrase)
    answers, notes = parse_answers(session.form, GATE)
    draft_id = write_report.start(session.drafts, session.form, session.labels, answers, notes)
    window, page = QMainWindow(), WizardPage(session)
    window.setCentralWidget(page)
    window.show()
    page.open(draft_id)
    page.editor.show_answer_of(STORY)
    QTest.qWait(500)
    edit = page.editor.form.long_text(STORY)
    if edit is None:
        raise RuntimeError("the story cannot be seen")
    edit.setFocus()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    while True:
        QTest.keyClicks(edit, "a")
        os.write(out, f"{time.monotonic()} {edit.count()}\n".encode())
        QTest.qWait(25)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A window with an open vault, cheap to open, and the wizard in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow

from app.domain.answer_reading import parse_answers
from app.paths import Home
from app.store.keys import Cost
from app.store.vault import Vault
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from resources.read import read_bytes
from ui.cli.parts import read_form, read_words
from ui.session import Session
from ui.wizard.page import WizardPage

GATE = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
}


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    """An unlocked session."""
    home = Home.from_environment({"NEARMISS_HOME": str(tmp_path)})
    Vault.create(home.vault_folder("first"), "words", Cost(8192, 1, 1)).close()
    made = Session(home, *read_form(), read_words())
    made.unlock("first", "words")
    yield made
    made.close()


@pytest.fixture
def page(session: Session) -> Iterator[WizardPage]:
    """The wizard in a window of the size of a common screen."""
    window = QMainWindow()
    made = WizardPage(session)
    window.setCentralWidget(made)
    window.resize(1270, 734)
    window.show()
    window.activateWindow()
    yield made
    made.open(None)
    window.close()
    window.deleteLater()


@pytest.fixture
def sample() -> dict[str, object]:
    """The answers of the invented report, private notes included."""
    found: dict[str, object] = json.loads(read_bytes("sample/first_report.json"))["answers"]
    return found


@pytest.fixture
def sample_draft(session: Session, sample: dict[str, object]) -> DraftId:
    """The invented report as a draft in the vault."""
    return keep_draft(session, sample)


@pytest.fixture
def gate_draft(session: Session) -> DraftId:
    """A draft with nothing but the gate answered."""
    return keep_draft(session, GATE)


def keep_draft(session: Session, raw: dict[str, object] | dict[str, str]) -> DraftId:
    """Keep a draft with these answers."""
    answers, notes = parse_answers(session.form, raw)
    return write_report.start(session.drafts, session.form, session.labels, answers, notes)

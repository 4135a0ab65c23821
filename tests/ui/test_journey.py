"""The whole way of a report in the window, by keyboard alone, with a real service process."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.form import ReportField
from app.paths import Home
from tests.service.running import RunningService, run_command, start_service
from tests.ui.keyboard import Keyboard
from tests.ui.opened import PASSPHRASE, Opened, opened
from ui.pages.outbox import OutboxPage
from ui.pages.reading import ReadingView
from ui.pages.receipt import ReceiptPage
from ui.wizard.page import WizardPage

ROOT = Path(__file__).parents[2]
STORY = (
    "Officer Dana Whitlock and I stopped a car in front of 1418 Harlow Avenue. I sent the driver "
    "back to his seat because of the rain and turned away. She shouted, and I saw the pistol in "
    "his lap. He put both hands on the wheel. Nobody was hurt."
)
CODES = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
    "time_block": "1801_2400",
    "state": "MO",
    "location_type": "13",
    "agency_type": "local_police",
    "activity_detail": "traffic_stop_minor",
    "officers_at_start": "2",
    "hazard": "gunfire",
    "actual_harm": "0",
    "potential_harm": "death_one",
    "contributing": "search_incomplete",
    "consent_publish": "yes",
    "consent_mailbox": "no",
}
TEXTS = {
    "what_happened": STORY,
    "lessons": "Nobody goes back into a car that has not been searched.",
    "event_year": "2026",
}


@dataclass(frozen=True, slots=True)
class Team:
    """A service that runs, and what the officers are handed."""

    service: RunningService
    connection: Path


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """A service with the sample reports published, and its connection file."""
    folder = tmp_path / "service"
    assert run_command("init", folder).returncode == 0
    service = start_service(folder, "--accept-unverified")
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, "utf-8")
    environment = {
        **os.environ,
        "NEARMISS_HOME": str(tmp_path / "desk"),
        "NEARMISS_PASSPHRASE_FILE": str(file),
    }

    def desk(*words: str) -> None:
        command = [sys.executable, "-m", "ui.cli.main", "desk", *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    try:
        card = str(folder / "service.public.json")
        desk("init", "--service", card, "--url", service.address, "--name", "Invented team")
        key = tmp_path / "desk" / "desk" / "desk.public.json"
        assert run_command("desk-key", "add", key, "--dir", folder).returncode == 0
        desk("import", "--format", "sample")
        desk("publish")
        desk("cosign", "--yes")
        desk("upload")
        yield Team(service, tmp_path / "desk" / "desk" / "connection.json")
    finally:
        service.stop()


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window at its first start."""
    with opened(qapp, qtbot, Home(tmp_path / "officer")) as it:
        yield it


@pytest.mark.e2e
def test_journey_by_keyboard_alone(it: Opened, team: Team) -> None:
    keys = Keyboard(it)
    _start_for_the_first_time(keys, team)
    _write(keys)
    _check_and_seal(keys)
    _keep_the_words(keys)
    _send(keys)
    _search(keys)
    _lock_and_unlock(keys)
    status = run_command("status", "--dir", team.service.folder).stdout
    assert dict(line.split(maxsplit=1) for line in status.splitlines())["waiting"] == "1"


@pytest.mark.e2e
def test_journey_under_a_display(tmp_path: Path) -> None:
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is not installed, so there is no display to try it under")
    read, write = os.pipe()
    command = [xvfb, "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with (tmp_path / "xvfb.log").open("wb") as log:
        server = subprocess.Popen(command, pass_fds=(write,), stdout=log, stderr=log)
    os.close(write)
    try:
        with os.fdopen(read) as numbers:
            display = numbers.readline().strip()
        environment = {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
        test = f"{Path(__file__).relative_to(ROOT)}::{test_journey_by_keyboard_alone.__name__}"
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:xdist",
                test,
            ],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.terminate()
        server.wait(30)
    if "no Qt platform plugin could be initialized" in done.stdout + done.stderr:
        pytest.skip("the libraries that Qt needs for a window are not installed")
    assert done.returncode == 0, done.stdout[-3000:]


def _start_for_the_first_time(keys: Keyboard, team: Team) -> None:
    keys.press(Qt.Key.Key_Space)  # Next has the focus
    keys.it.settle()
    assert keys.it.window.shown == "first-connect"
    keys.type(str(team.connection))
    keys.press(Qt.Key.Key_Return)
    keys.push("Next")
    assert keys.it.window.shown == "new-vault"
    keys.tab_to("Passphrase")
    keys.type(PASSPHRASE)
    keys.press(Qt.Key.Key_Return)
    keys.type(PASSPHRASE)
    keys.press(Qt.Key.Key_Return)
    keys.it.settle()
    assert keys.it.window.shown == "reports"
    keys.press(Qt.Key.Key_2, ctrl=True)
    keys.it.settle()
    keys.push("Update now")
    assert "archive as of" in keys.it.window.status_line.text()


def _write(keys: Keyboard) -> None:
    keys.press(Qt.Key.Key_1, ctrl=True)
    keys.it.settle()
    keys.push("Tell one")
    session, window = keys.it.session, keys.it.window
    page = window.page("wizard")
    assert isinstance(page, WizardPage)
    for _ in range(len(session.form.sections) + 1):  # and the private notes, which are optional
        if window.shown != "wizard":
            break
        current = page.editor.form.current
        for section in session.form.sections:
            for field in section.fields if section.id == current else ():
                _answer(keys, field)
        keys.press(Qt.Key.Key_Right, alt=True)
        keys.it.settle()
    assert keys.it.window.shown == "check"


def _answer(keys: Keyboard, field: ReportField) -> None:
    name = str(field.id)
    if name in CODES:
        code = next(each for each in field.shape.options if str(each) == CODES[name])
        keys.answer(name, keys.it.session.labels.option(field.id, code))
    elif name in TEXTS:
        keys.answer(name, TEXTS[name])


def _check_and_seal(keys: Keyboard) -> None:
    keys.push("Seal and queue")
    assert keys.it.window.shown == "receipt"


def _keep_the_words(keys: Keyboard) -> None:
    page = keys.it.window.page("receipt")
    assert isinstance(page, ReceiptPage)
    words = page.card.accessibleDescription().split()
    assert len(words) == 7
    keys.tab_to("Type the 2nd word")
    keys.type(words[1])
    keys.tab_to("Type the 5th word")
    keys.type(words[4])
    keys.push("I have written them down")
    assert keys.it.window.shown == "outbox"


def _send(keys: Keyboard) -> None:
    keys.push_and_agree("Send now", "Send it now")
    keys.it.settle()
    page = keys.it.window.page("outbox")
    assert isinstance(page, OutboxPage)
    assert keys.it.session.outbox.submissions() == ()
    assert keys.it.session.drafts.summaries() == ()


def _search(keys: Keyboard) -> None:
    keys.press(Qt.Key.Key_2, ctrl=True)
    keys.it.settle()
    assert keys.it.window.shown == "archive"
    keys.type("knife towel")
    keys.it.qtbot.wait(300)
    keys.it.settle()
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    keys.it.settle()
    found = keys.it.window.findChild(ReadingView)
    assert found is not None
    assert found.record is not None
    assert "knife" in found.record.texts["title"]


def _lock_and_unlock(keys: Keyboard) -> None:
    keys.press(Qt.Key.Key_L, ctrl=True)
    assert keys.it.window.shown == "door"
    keys.type("not this one")
    keys.press(Qt.Key.Key_Return)
    keys.it.settle()
    assert not keys.it.session.is_unlocked
    keys.type(PASSPHRASE)
    keys.press(Qt.Key.Key_Return)
    keys.it.settle()
    assert keys.it.window.shown == "archive"  # where it was locked

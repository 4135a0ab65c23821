"""Pictures of every page in both colours, made by the program itself without a screen.

    python -m ui.pictures HOME FOLDER

HOME is that of a demonstration: connected, with an archive, a draft and one report that waits.
Its passphrase comes from the file that NEARMISS_PASSPHRASE_FILE names.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QThreadPool
from PySide6.QtWidgets import QApplication

from app.domain.form import FieldId
from app.errors import InputError, SurroundingsError
from app.paths import Home, make_private_folder
from app.settings import Theme
from app.use_cases.write_report import DraftId, DraftState
from ui.cli.parts import DEFAULT_VAULT
from ui.cli.passphrase import read_passphrase
from ui.main import Program
from ui.session import Session
from ui.theme.apply import make_application
from ui.wizard.page import WizardPage

SIZE = (1366, 768)
_STORY = "what_happened"
_ANSWERS = "weather"
_SEARCH = "weapon"
_QUIET_S, _PATIENCE_S = 0.2, 30.0


@dataclass(frozen=True, slots=True)
class Drafts:
    """The two reports of the demonstration."""

    writing: DraftId
    waiting: DraftId


def take_pictures(folder: Path, home: Home, passphrase: str) -> list[Path]:
    """One PNG of 1366x768 for each page and colour scheme, named 01-welcome-light.png and so on.

    home: of a demonstration. A QApplication is there. Raises UserError.
    """
    make_private_folder(folder)
    album = _Album(folder)
    with tempfile.TemporaryDirectory(prefix="nearmiss-") as empty, _opened(Home(Path(empty))) as p:
        for name in ("reports", "first-connect", "new-vault"):
            p.window.show_place(name)
            album.take(p, {"reports": "welcome", "first-connect": "connect"}.get(name, name))
    with _opened(home) as program:
        album.take(program, "unlock")
        session = program.session
        if session is None:
            raise SurroundingsError("The window did not get ready in time.")
        session.unlock(DEFAULT_VAULT, passphrase)
        session.unlocked.emit()
        drafts = _find_drafts(session)
        for name, show in _list_pages(program, drafts):
            show()
            album.take(program, name)
    return album.taken


class _Album:
    """The pictures that were taken so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self.taken: list[Path] = []

    def take(self, program: Program, name: str) -> None:
        """The window as it is, in both schemes. Raises SurroundingsError."""
        self._number += 1
        _settle()
        for theme in (Theme.LIGHT, Theme.DARK):
            program.wish.choose(theme)
            _settle()
            path = self._folder / f"{self._number:02}-{name}-{theme.value}.png"
            if not program.window.grab().save(str(path)):
                raise SurroundingsError("A picture cannot be written.", "", "Look at the disk.")
            self.taken.append(path)
        program.wish.choose(Theme.LIGHT)


def _list_pages(program: Program, drafts: Drafts) -> Sequence[tuple[str, Callable[[], None]]]:
    window = program.window

    def show(place: str, argument: object = None) -> Callable[[], None]:
        return lambda: window.show_place(place, argument)

    return (
        ("reports", show("reports")),
        ("wizard-story", lambda: _show_question(program, drafts.writing, _STORY)),
        ("wizard-answers", lambda: _show_question(program, drafts.writing, _ANSWERS)),
        ("check", show("check", drafts.writing)),
        ("receipt", show("receipt", (drafts.waiting, None))),
        ("outbox", show("outbox")),
        ("archive", show("archive")),
        ("reading", lambda: _read_first(program)),
        ("settings", show("settings")),
        ("help-near-miss", show("help", "near-miss")),
        ("help-protection", show("help", "protection")),
    )


def _show_question(program: Program, draft_id: DraftId, field: str) -> None:
    program.window.show_place("wizard", draft_id)
    _settle()
    page = program.window.page("wizard")
    if isinstance(page, WizardPage):
        page.editor.show_answer_of(FieldId(field))


def _read_first(program: Program) -> None:
    session = program.session
    archive = session.archive() if session is not None else None
    if archive is None:
        raise InputError("The demonstration is not connected.")
    program.window.show_place("archive", int(archive.search(_SEARCH, {}, None, 1)[0].number))


def _find_drafts(session: Session) -> Drafts:
    found = {each.state: each.draft_id for each in session.drafts.summaries()}
    try:
        return Drafts(found[DraftState.WRITING], found[DraftState.QUEUED])
    except KeyError:
        raise InputError("This is not the home of a demonstration.") from None


@contextmanager
def _opened(home: Home) -> Iterator[Program]:
    """A window of the home, ready to be used; closed afterwards."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("pictures need a QApplication")
    program = Program(app, home)
    program.window.resize(*SIZE)
    program.window.show()
    program.window.activateWindow()
    try:
        until = time.monotonic() + _PATIENCE_S
        while program.session is None and time.monotonic() < until:
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        yield program
    finally:
        program.window.close()
        program.window.deleteLater()
        app.processEvents()


def _settle() -> None:
    """Let tasks end and the window rest."""
    until = time.monotonic() + _PATIENCE_S
    quiet_since = time.monotonic()
    while time.monotonic() < min(until, quiet_since + _QUIET_S):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if QThreadPool.globalInstance().activeThreadCount():
            quiet_since = time.monotonic()


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; prints nothing. Raises UserError, or SystemExit for wrong usage."""
    if len(arguments) != 2:
        raise SystemExit("usage: python -m ui.pictures HOME FOLDER")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    make_application("pictures")
    home, folder = (Path(each).absolute() for each in arguments)
    take_pictures(folder, Home(home), read_passphrase())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

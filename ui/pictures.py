"""Pictures of every page in both colours, made by the program itself without a screen.

    python -m ui.pictures HOME FOLDER

HOME is that of a demonstration: connected, with an archive, a draft and one report that waits.
Its passphrase comes from the file that NEARMISS_PASSPHRASE_FILE names.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.form import FieldId
from app.errors import InputError, SurroundingsError
from app.paths import Home, make_private_folder
from app.use_cases.write_report import DraftId, DraftState
from ui.album import Album, opened, settle
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
    album = Album(folder)
    with (
        tempfile.TemporaryDirectory(prefix="nearmiss-") as empty,
        opened(Home(Path(empty)), SIZE) as p,
    ):
        for name in ("reports", "first-connect", "new-vault"):
            p.window.show_place(name)
            album.take(p, {"reports": "welcome", "first-connect": "connect"}.get(name, name))
    with opened(home, SIZE) as program:
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
    settle()
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

"""What is open while an officer sits there, and the journal of it: `ledger` reads it."""

import json
import os
import random
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from app.errors import UserError
from app.paths import Home
from app.store.keys import FLOOR
from app.store.vault import KEY_NAME, VAULT_NAME
from app.use_cases import keep_safe
from app.use_cases.write_report import DraftId, DraftState
from ui.cli.parts import read_form, read_words
from ui.session import Session

VAULT = "desk"
PASSPHRASE = "seven lamps under water"

May = dict[str, tuple[str | None, ...]]
"""What fields may become; None takes one away. The first is what they are in the end."""


class Journal:
    """One line for each thing; each is with the system when it is said."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def say(self, **words: object) -> None:
        """Write a line."""
        line = json.dumps({**words, "at_s": time.monotonic()}) + "\n"
        os.write(self._handle, line.encode())

    def begin(self, name: str, draft: str | None, may: May, *, may_go: bool = False) -> None:
        """Something is done now."""
        self.say(begin=name, draft=draft, may=may, may_go=may_go)

    def done(self, draft: str, now: dict[str, str | None], *, gone: bool = False) -> None:
        """The program has said that it is done."""
        self.say(done=draft, now=now, gone=gone)


class Screen:
    """The program's session without its window."""

    def __init__(self, folder: Path, passphrase: str, journal: Journal, seed: int) -> None:
        self.home = Home(folder / "home")
        self.place = folder / "stick"
        self.passphrase = passphrase
        self.journal = journal
        self.chance = random.Random(seed)
        self.session = Session(self.home, *read_form(), read_words())

    def wait(self, ms: int) -> None:
        """Let the timers run."""
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def open(self) -> None:
        """Make the vault if there is none, and unlock it."""
        folder = self.home.vault_folder(VAULT)
        if not was_made(folder):
            self.journal.say(passphrases=[self.passphrase])
            safe = keep_safe.safe_for(self.home, VAULT)
            keep_safe.Vault.create(folder, self.passphrase, FLOOR, safe=safe).close()
            self.journal.say(vault=True)
        self.unlock()
        self.session.outbox.recover()

    def unlock(self) -> None:
        """As the window does."""
        self.journal.begin("unlock", None, {})
        self.session.unlock(VAULT, self.passphrase)
        self.journal.done("", {})

    def lock(self) -> None:
        """As the window does, with its backup."""
        self.journal.begin("lock", None, {})
        self.session.lock()
        self.journal.done("", {})
        trouble = self.session.backup_trouble
        assert trouble is None, trouble

    def ids(self, *states: DraftState) -> list[DraftId]:
        """The drafts in one of these states."""
        drafts = self.session.drafts
        found = [*drafts.summaries(), *drafts.summaries(discarded=True)]
        return sorted(each.draft_id for each in found if each.state in states)

    def pick(self, *states: DraftState) -> DraftId | None:
        """One of them; None if there is none."""
        found = self.ids(*states)
        return self.chance.choice(found) if found else None


def was_made(folder: Path) -> bool:
    """Whether there is a vault in the folder, or one whose making has only to be finished."""
    return (folder / KEY_NAME).exists() or (folder / VAULT_NAME).exists()


def first(may: May) -> dict[str, str | None]:
    """What the fields are when it is done."""
    return {field: values[0] for field, values in may.items()}


def to_text(value: object) -> str:
    """As the vault keeps an answer."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def complain(error: UserError) -> None:
    """Nothing here is a reason for not saving; whoever reads this takes it for a defect."""
    traceback.print_exception(error)

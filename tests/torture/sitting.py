"""An officer at the desk, without the window: opens a vault, types, decides, sends, locks, again.

The program's own session, answers and autosave under an event loop; only the widgets are not
there. Arguments: the folder with everything, the vault's passphrase, the journal, how many things
to do, the seed, a fault to plant.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from app.paths import make_private_folder
from app.progress import Silent
from app.store import engine
from app.store.backups import replace_keys
from app.store.keys import FLOOR
from app.store.kinds import FileKind
from app.store.vault import KEY_NAME
from app.use_cases import keep_copies, keep_safe
from tests.torture.pen import Pen
from tests.torture.reports import Reports
from tests.torture.screen import PASSPHRASE, VAULT, Journal, Screen
from ui.wizard import autosave

_SELDOM_MS = 5_000


class Planted(StrEnum):
    """A fault that the torture has to find. UNFLUSHED: a commit is acknowledged before the disk
    has it. EARLY: an answer is acknowledged before it is given to the vault. SELDOM: the autosave
    waits for five seconds.
    """

    NONE = "none"
    UNFLUSHED = "unflushed"
    EARLY = "early"
    SELDOM = "seldom"


class Sitting:
    """All that can be done, in an order by chance."""

    def __init__(self, screen: Screen, planted: Planted) -> None:
        self.screen = screen
        self.pen = Pen(screen, tells_early=planted is Planted.EARLY)
        self.reports = Reports(screen)

    def work(self, steps: int) -> None:
        """Do so many things."""
        ways: dict[Callable[[], None], int] = {
            self.pen.type_story: 8,
            self.pen.answer: 6,
            self.pen.begin_draft: 3,
            self.reports.duplicate: 2,
            self.reports.discard: 2,
            self.reports.bring_back: 2,
            self.reports.delete: 2,
            self.reports.approve: 4,
            self.reports.take_back: 2,
            self.reports.receive: 2,
            self.relock: 3,
            self.copy: 1,
            self.change_passphrase: 1,
        }
        self.screen.open()
        for way in self.screen.chance.choices(list(ways), list(ways.values()), k=steps):
            way()
        self.screen.lock()

    def relock(self) -> None:
        """Lock, with a backup, and unlock; sometimes the backup is put back meanwhile."""
        self.pen.autosave.flush()
        was_written = self.screen.session.vault.file.was_written
        self.screen.lock()
        if was_written and self.screen.chance.random() < 0.5:
            newest = keep_copies.list_own(self.screen.home)[0].backup.path
            self.screen.journal.begin("put back", None, {})
            keep_copies.put_back(self.screen.home, VAULT, newest, self.screen.passphrase, Silent())
            self.screen.journal.done("", {})
        self.screen.unlock()

    def copy(self) -> None:
        """To a stick."""
        make_private_folder(self.screen.place)
        self.screen.journal.begin("copy", None, {})
        self.screen.session.vault.copy_to(self.screen.place)
        self.screen.journal.done("", {})

    def change_passphrase(self) -> None:
        """As `keep_safe.change_passphrase` does, at the lowest cost that is accepted."""
        new = f"{PASSPHRASE} {self.screen.chance.randint(1, 99)}"
        folder = self.screen.home.vault_folder(VAULT)
        self.screen.journal.say(passphrases=[self.screen.passphrase, new])
        self.screen.journal.begin("passphrase", None, {})
        before = (folder / KEY_NAME).read_bytes()
        keep_safe.Vault.change_passphrase(folder, self.screen.passphrase, new, FLOOR)
        replace_keys(
            self.screen.home.backup_folder(VAULT), before, (folder / KEY_NAME).read_bytes()
        )
        self.screen.journal.done("", {})
        self.screen.passphrase = new
        self.screen.journal.say(passphrases=[new])


def plant(planted: Planted) -> None:
    """Break the program of this process."""
    if planted is Planted.UNFLUSHED:
        settings = engine._settings

        def unflushed(key: bytes, kind: FileKind) -> tuple[str, ...]:
            return settings(key, replace(kind, synchronous="OFF"))

        engine._settings = unflushed
    if planted is Planted.SELDOM:
        autosave._TYPED_MS = _SELDOM_MS


def main(words: Sequence[str]) -> int:
    """Returns when all is done, if nobody ends it before."""
    folder, passphrase, journal, steps, seed, planted = words
    plant(Planted(planted))
    application = QCoreApplication([])
    screen = Screen(Path(folder), passphrase, Journal(Path(journal)), int(seed))
    Sitting(screen, Planted(planted)).work(int(steps))
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What is open in this window, and the word that something of it has changed.

There is one Session, made by `ui.main` and handed to every page. Its blocking methods are
called inside a Task; the signals are emitted on the GUI thread, by whoever ran the Task.
"""

import threading
from collections.abc import Collection
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.form import Form
from app.domain.labels import Labels
from app.domain.spelling import Speller
from app.domain.suggestions import Cues
from app.errors import UserError
from app.paths import Home
from app.progress import Progress
from app.use_cases import keep_copies, keep_safe, write_report
from app.use_cases.move_vault import send_off
from app.use_cases.read_archive import ArchiveStore
from app.use_cases.read_mail import Receipts
from app.use_cases.write_report import Drafts
from sync import uploader
from sync.archive_update import last_update_utc, open_archive
from sync.connect import open_connection
from sync.exchange import Exchanged, Turn, exchange
from sync.protocol.connection import Connection
from sync.protocol.words import WordList
from sync.roster_file import RosterFile
from sync.scrub import Scrubber
from sync.withdrawing import WithdrawOld, find_withdraw_old
from ui.cli.parts import build_scrubber, read_cues, read_speller


class Session(QObject):
    """The open files of one person at this window.

    unlocked, locked: the vault. drafts_changed, outbox_changed, archive_changed,
    connection_changed: a page that shows such a thing reads it again.
    """

    unlocked = Signal()
    locked = Signal()
    drafts_changed = Signal()
    outbox_changed = Signal()
    archive_changed = Signal()
    connection_changed = Signal()

    def __init__(self, home: Home, form: Form, labels: Labels, words: WordList) -> None:
        super().__init__()
        self.home = home
        self.form = form
        self.labels = labels
        self.words = words
        self.roster = RosterFile(home.roster_file)
        self.vault_name = ""
        self._vault: keep_safe.Vault | None = None
        self._post: keep_safe.Post | None = None
        self._archive: ArchiveStore | None = None
        self.notices: tuple[keep_copies.Notice, ...] = ()
        self.backup_trouble: UserError | None = None
        self._scrubber: Scrubber | None = None
        self._scrubber_lock = threading.Lock()
        self._speller: Speller | None = None
        self._cues: Cues | None = None
        self._speller_lock = threading.Lock()
        self._archive_lock = threading.Lock()
        self._vault_lock = threading.Lock()

    @property
    def is_unlocked(self) -> bool:
        """Whether a vault is open."""
        return self._vault is not None

    @property
    def is_connected(self) -> bool:
        """Whether this program was told whom to trust."""
        return self.home.connection_file.exists()

    @property
    def vault(self) -> keep_safe.Vault:
        """The open vault. Raises RuntimeError while it is locked."""
        if self._vault is None:
            raise RuntimeError("the vault is locked")
        return self._vault

    @property
    def drafts(self) -> Drafts:
        """The drafts in the open vault. Raises RuntimeError while it is locked."""
        if self._vault is None:
            raise RuntimeError("the vault is locked")
        return Drafts(self._vault)

    @property
    def receipts(self) -> Receipts:
        """The receipts that the open vault keeps. Raises RuntimeError while it is locked."""
        return self.drafts.receipts

    @property
    def outbox(self) -> keep_safe.Outbox:
        """What waits to be sent. Raises RuntimeError while the vault is locked."""
        if self._post is None:
            raise RuntimeError("the vault is locked")
        return keep_safe.Outbox(self._post)

    @property
    def withdrawals(self) -> keep_safe.Withdrawals:
        """What is to be withdrawn. Raises RuntimeError while the vault is locked."""
        return keep_safe.Withdrawals(self.post)

    @property
    def post(self) -> keep_safe.Post:
        """The file of sealed things that wait. Raises RuntimeError while the vault is locked."""
        if self._post is None:
            raise RuntimeError("the vault is locked")
        return self._post

    def create_vault(self, name: str, passphrase: str, code: bytes | None = None) -> None:
        """Make a vault and open it (blocks for the key derivation). code: 16 bytes that open it,
        too. Raises UserError.
        """
        self._open(name, keep_safe.create_vault(self.home, name, passphrase, code))

    def unlock(self, name: str, passphrase: str) -> uploader.Settled:
        """Open a vault (blocks for the key derivation) and settle what was sent meanwhile.

        Raises UserError.
        """
        self._open(name, keep_safe.open_vault(self.home, name, passphrase))
        # Before what was sent is settled: that would make an outbox that is older look like one
        # that has been at work.
        self.notices = keep_copies.look_back(self.vault, self.post)
        settled = uploader.settle(self.drafts, self.outbox, self.withdraw_old())
        write_report.empty_discarded(self.drafts, datetime.now(UTC))
        return settled

    def withdraw_old(self) -> WithdrawOld | None:
        """What sees to reports that may have arrived, though they were taken back; None before
        the program is connected, and where the connection cannot be read: opening a vault must
        not fail for that.
        """
        return find_withdraw_old(self.home, self.post)

    def seal_away(self, raw: bytes) -> bytes:
        """What only the open vault can read again. Raises RuntimeError while it is locked."""
        if self._vault is None:
            raise RuntimeError("the vault is locked")
        return self._vault.seal_away(raw)

    def take_back(self, sealed: bytes) -> bytes | None:
        """What the open vault has sealed; None if another one has, or while it is locked."""
        return None if self._vault is None else self._vault.take_back(sealed)

    def lock(self) -> None:
        """Close vault and post; the archive stays open, since reading needs no passphrase."""
        with self._vault_lock:
            try:
                if self._vault is not None:
                    self._vault.close()
                    self.backup_trouble = None
            except keep_safe.BackupFailedError as error:
                self.backup_trouble = error  # told when the vault is open again
            finally:
                if self._post is not None:
                    self._post.close()
                self._vault = self._post = None
                self.vault_name = ""
                self.notices = ()

    def copies(self) -> tuple[str, ...]:
        """Where the officer has made copies of the open vault. Raises RuntimeError while locked."""
        if self._vault is None:
            raise RuntimeError("the vault is locked")
        return tuple(str(each.path) for each in self._vault.copies.all())

    def send_off(self, passphrase: str, code: bytes, target: Path, progress: Progress) -> None:
        """Write the open vault into a file for the computer that drew the code, and close it here
        (blocks). Raises as `move_vault.send_off`, RuntimeError while it is locked.
        """
        vault, post = self._vault, self.post
        if vault is None:
            raise RuntimeError("the vault is locked")
        send_off(self.home, vault, post, passphrase, code, target, self.lock, progress)

    def check_vault(self, progress: Progress) -> keep_copies.Checked:
        """Verify the open vault, its post and its backups (blocks). Raises DamagedError.

        Raises RuntimeError while it is locked.
        """
        return keep_copies.check(self.vault, self.post, progress)

    def copy_if_due(self) -> None:
        """See to the copy at a place that the person chose (blocks as long as that place does)."""
        vault = self._vault
        try:
            if vault is not None:  # not locked meanwhile
                vault.copy_if_due()
        except UserError as error:
            self.backup_trouble = keep_safe.BackupFailedError(error)

    def accept_older(self) -> None:
        """The person has read what was noticed; it is not said again. Raises UserError."""
        keep_copies.accept_older(self.vault, self.post)
        self.notices = ()

    def scrubber(self) -> Scrubber:
        """The scrubber; the first call builds it (some 0.1 s), on any thread."""
        with self._scrubber_lock:
            if self._scrubber is None:
                self._scrubber = build_scrubber()
            return self._scrubber

    def cues(self) -> Cues:
        """What suggests answers; the first call reads it, on any thread."""
        with self._speller_lock:
            if self._cues is None:
                self._cues = read_cues(self.form)
            return self._cues

    def speller(self) -> Speller:
        """The speller; the first call reads its lists (some 0.1 s), on any thread."""
        with self._speller_lock:
            if self._speller is None:
                self._speller = read_speller()
            return self._speller

    def connection(self) -> Connection | None:
        """Whom this program trusts, None before it is connected. Raises DamagedError."""
        return open_connection(self.home) if self.is_connected else None

    def archive(self) -> ArchiveStore | None:
        """The open offline archive, None before the program is connected. Raises UserError."""
        with self._archive_lock:
            if self._archive is None:
                connection = self.connection()
                if connection is None:
                    return None
                self._archive = open_archive(self.home, connection)
            return self._archive

    def sync(
        self,
        progress: Progress,
        *,
        at_once: bool = False,
        turn: Turn = Turn.EVERYTHING,
        wanted: Collection[bytes] = (),
    ) -> Exchanged:
        """Send what is due and fetch what is new (blocks). Raises UserError if not connected.

        wanted: as `exchange` has it. It may outlast the vault: whoever locks meanwhile does not
        stop it.
        """
        connection = open_connection(self.home)
        with ExitStack() as opened:
            with self._vault_lock:
                vault, name = self._vault, self.vault_name
            # Opened anew: locking closes the other one.
            posts = [opened.enter_context(keep_safe.open_post(self.home, name))] if vault else []
            found = exchange(
                self.home,
                connection,
                posts,
                datetime.now(UTC),
                progress,
                at_once=at_once,
                turn=turn,
                wanted=wanted,
            )
        self.settle(name)
        return found

    def settle(self, name: str) -> None:
        """Bring the vault of this name in step with what was sent, if it is open still."""
        with self._vault_lock:
            if self._vault is not None and self.vault_name == name:
                uploader.settle(self.drafts, self.outbox, self.withdraw_old())

    def synced_utc(self) -> datetime | None:
        """When the last exchange went well, None if none did yet."""
        return last_update_utc(self.home)

    def close(self) -> None:
        """Close everything, at the end of the program."""
        self.lock()
        self.forget_archive()

    def forget_archive(self) -> None:
        """Close the archive, so that it is opened anew after a change of the connection."""
        with self._archive_lock:
            if self._archive is not None:
                self._archive.close()
                self._archive = None

    def _open(self, name: str, vault: keep_safe.Vault) -> None:
        try:
            self._post = keep_safe.open_post(self.home, name)
        except UserError:
            vault.close()
            raise
        vault.copies_when_closed = False  # locking must not wait for a stick or a share
        self._vault, self.vault_name = vault, name

"""Opens everything after a kill or a power cut, as the program does, and says what is there."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from app.errors import UserError
from app.paths import Home
from app.progress import Silent
from app.store import copies
from app.store.drafts import Drafts, DraftState
from app.store.engine import open_as_it_is
from app.store.keys import FLOOR, WrongPassphraseError
from app.store.kinds import VAULT
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.tables.vault import DRAFTS
from app.store.vault import Vault
from app.store.vault_keys import open_key
from app.use_cases import keep_copies, keep_safe
from sync import uploader
from tests.torture.ledger import REPORT, STATE, TITLE, Fields, Found, Ledger
from tests.torture.reports import describe_report
from tests.torture.screen import VAULT as NAME
from tests.torture.screen import was_made


def look(folder: Path, ledger: Ledger) -> Found:
    """Open all of it, check every page, and read the drafts. folder: that of a sitting; it is
    changed as the program would change it, so hand over a copy.
    """
    found = Found()
    home = Home(folder / "home")
    try:
        if not ledger.has_vault and not was_made(home.vault_folder(NAME)):
            _make(home)
            return found
        with _opened(home, ledger, found) as vault, keep_safe.open_post(home, NAME) as post:
            vault.copies_when_closed = False
            notices = keep_copies.look_back(vault, post)
            found.troubles += [f"a notice without a reason: {each.title}" for each in notices]
            uploader.settle(Drafts(vault), Outbox(post))
            checked = keep_copies.check(vault, post, Silent())
            found.troubles += ["a backup is damaged" for _ in checked.damaged]
            found.drafts = _read(vault, post)
            _look_at_backups(vault, found, ledger)
            _look_at_copies(vault, folder / "stick", found)
    except UserError as error:
        found.troubles.append(f"a file does not open: {error.title}")
    return found


@contextlib.contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """The folder as it lies there, to be looked at."""
    with tempfile.TemporaryDirectory(prefix="nearmiss-look-") as name:
        target = Path(name) / "copy"
        shutil.copytree(folder, target)
        yield target


def _opened(home: Home, ledger: Ledger, found: Found) -> Vault:
    for passphrase in ledger.passphrases:
        with contextlib.suppress(WrongPassphraseError):
            vault = keep_safe.open_vault(home, NAME, passphrase)
            found.passphrase = passphrase
            return vault
    raise WrongPassphraseError


def _make(home: Home) -> None:
    """What was cut off while it was made can be made again."""
    Vault.create(home.vault_folder(NAME), "a new one", FLOOR).close()


def _read(vault: Vault, post: Post) -> dict[str, Fields]:
    drafts, outbox = Drafts(vault), Outbox(post)
    summaries = [*drafts.summaries(), *drafts.summaries(discarded=True)]
    reports = {each.draft_id: each.report_id for each in drafts.approvals()}
    found: dict[str, Fields] = {}
    for each in summaries:
        fields = {**drafts.answers(each.draft_id), **drafts.private_answers(each.draft_id)}
        fields |= {STATE: each.state, TITLE: each.title}
        if each.state is DraftState.QUEUED:
            report_id = reports[each.draft_id]
            words = drafts.receipt_words(each.draft_id)
            body = outbox.body(report_id)
            fields[REPORT] = describe_report(report_id, body, words)
        found[each.draft_id] = fields
    return found


def _look_at_backups(vault: Vault, found: Found, ledger: Ledger) -> None:
    for backup in vault.backups():
        key = _open_key(backup.key_file, ledger.passphrases)
        with contextlib.closing(open_as_it_is(backup.path, key, VAULT)) as file:
            with file.reading() as connection:
                ids = set(connection.execute(select(DRAFTS.c.id)).scalars())
            if ids & ledger.destroyed:
                found.troubles.append("a backup holds a draft that was destroyed")


def _open_key(file: Path, passphrases: tuple[str, ...]) -> bytes:
    for passphrase in passphrases:
        with contextlib.suppress(WrongPassphraseError):
            return open_key(file.read_bytes(), passphrase)
    raise WrongPassphraseError


def _look_at_copies(vault: Vault, stick: Path, found: Found) -> None:
    there = {each.name for each in stick.glob(f"*{copies.ENDING}")}
    for each in vault.copies.all():
        if each.path.name not in there:
            found.troubles.append("a copy that is listed is not there")
    for name in there:
        fresh = stick / f"{name}.opened"
        copies.unpack(stick / name, fresh)
        fresh.unlink()

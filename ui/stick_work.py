"""What the window does with a stick, where a computer has no network; each call blocks.

The post is opened anew each time: locking the vault closes the window's own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import InputError, UserError
from app.progress import Progress
from app.use_cases import keep_safe
from sync import carry
from sync.archive_update import import_archive, verified_keys
from sync.carry import CarriedIn, NotOursError
from sync.connect import open_connection
from sync.feed import Update
from sync.network import read_network
from sync.protocol.keys import Purpose
from sync.verified_officer import find_proofs
from ui.session import Session


@dataclass(frozen=True, slots=True)
class Passed:
    """count: files that went well. others: that belong to another computer. trouble: of the first
    that did not go well, in words, or empty.
    """

    count: int = 0
    others: int = 0
    trouble: str = ""


def write_out(session: Session, folder: str) -> Passed:
    """Write what waits in the open vault's post onto the stick. Raises UserError."""
    home, now = session.home, datetime.now(UTC)
    connection = open_connection(home)
    with keep_safe.open_post(home, session.vault_name) as post:
        waiting = sum(not row.state.is_final for row in keep_safe.Outbox(post).submissions())
        written = carry.carry_out(
            [post], connection, Path(folder), lambda own: find_proofs(home, connection, own, now)
        )
    left = waiting - len(written)
    if not left:
        return Passed(len(written))
    what = "One report stays" if left == 1 else f"{left} reports stay"
    return Passed(
        len(written),
        trouble=f"{what} here: there is no token yet to show that a verified officer sends it.",
    )


def pass_on(session: Session, folder: str, progress: Progress) -> Passed:
    """Send what others have written onto the stick; the answers lie beside it. Raises UserError."""
    network = read_network(session.home)
    files = carry.find_carried(Path(folder))

    def send(path: Path) -> bool:
        carry.carry_send(path, carry.read_carried(path), network)
        return True

    return _each(files, send, progress)


def take_in(session: Session, folder: str, progress: Progress) -> Passed:
    """Take the answers that came back for the open vault. Raises UserError."""
    home, name = session.home, session.vault_name
    connection = open_connection(home)
    keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    with keep_safe.open_post(home, name) as post:

        def take(path: Path) -> bool:
            found = carry.carry_in([post], connection, keys, path)
            return found is not CarriedIn.KNOWN

        passed = _each(carry.find_replies(Path(folder)), take, progress)
    session.settle(name)
    return passed


def bring_in(session: Session, folder: str, progress: Progress, *, allow_expired: bool) -> Update:
    """Read the archive from a stick. Raises ExpiredFeedError unless allowed, UserError."""
    connection = open_connection(session.home)
    return import_archive(
        session.home,
        connection,
        find_feed(Path(folder)),
        datetime.now(UTC),
        progress,
        allow_expired=allow_expired,
    )


def find_feed(folder: Path) -> Path:
    """Where on the stick the archive lies: there, or one folder down. Raises InputError."""
    places = [folder]
    if folder.is_dir():
        places += sorted(each for each in folder.iterdir() if each.is_dir())
    for place in places:
        if (place / "metadata").is_dir():
            return place
    raise InputError(
        "There is no archive in this folder.",
        "Nothing was changed.",
        'Choose the folder that was copied from the service; it holds one named "metadata".',
    )


def _each(files: Iterable[Path], work: Callable[[Path], bool], progress: Progress) -> Passed:
    """Each file by itself: one that fails does not stop the next."""
    count = others = 0
    trouble = ""
    found = list(files)
    for place, path in enumerate(found):
        progress.report(place, len(found))
        try:
            count += work(path)
        except NotOursError:
            others += 1
        except UserError as error:
            trouble = trouble or error.sentence()
    return Passed(count, others, trouble)

"""Mail that two analysts have published, on the computer of an officer, for tests of the pages."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.domain.form_file import load_form
from app.progress import Silent
from resources.read import read_form_files
from sync.archive_update import import_archive
from sync.desk.cosign import cosign, inspect
from sync.desk.custody import RingName, make_rings
from sync.desk.folder import DeskFeed
from sync.desk.publish import publish
from sync.desk.repository import create_repository
from sync.mail import keep_receipt
from sync.protocol.connection import Connection
from sync.protocol.envelope import Reply
from sync.protocol.letter import Letter, News, NewsWord, Question
from sync.protocol.mail import seal_mail
from sync.protocol.receipt import Receipt, make_receipt
from tests.ui.pages.officer import PUBLIC, TENANT, URL
from ui.session import Session

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")
TITLE = "Ladder at the warehouse"
QUESTION = Question(
    1, "2026-03", "How far was the second officer from the car?\nDid the radio work?", bytes(16)
)
NEWS = (
    News(2, "2026-03", NewsWord.SCREENED),
    News(3, "2026-05", NewsWord.PUBLISHED, 10_017),
    News(4, "2026-06", NewsWord.USED, 10_017, "The roll-call sheet on searches."),
)


def deliver(session: Session, letters: Sequence[Letter] = (QUESTION, *NEWS)) -> Receipt:
    """Connect the session to a team whose feed carries these letters; returns whom they are for."""
    receipt = make_receipt(WORDS, TENANT)
    today = datetime.now(UTC) - timedelta(minutes=1)
    feed, rings = DeskFeed(session.home.folder / "team"), make_rings(TENANT)
    root = create_repository(feed, rings, [PUBLIC], today)
    connection = Connection(TENANT, "A research team", URL, f"{URL}/feed", root, bytes(32))
    session.home.connection_file.write_bytes(connection.to_bytes())
    to = Reply(receipt.mail_tag, receipt.reply.public_bytes())
    records = [seal_mail(letter.to_bytes(), to, TENANT) for letter in letters]
    if records:
        form = load_form(*read_form_files())[0]
        publish(feed, connection, rings[RingName.LEAD], [], today, mail=records)
        digest = inspect(feed, connection, form, today).digest
        cosign(feed, connection, rings[RingName.SECOND], form, today, digest)
    import_archive(session.home, connection, feed.released, today, Silent(), allow_expired=False)
    return receipt


def keep(session: Session, receipt: Receipt) -> None:
    """Let the open vault keep the receipt."""
    session.receipts.keep(keep_receipt(receipt, TENANT, TITLE))

"""One exchange with the service: send what is due, then fetch what is new.

Sending comes first: fetching is the same for everyone, and would only delay it. What stands in
the way of the one does not stop the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.errors import DamagedError, UserError
from app.paths import Home
from app.progress import Progress
from app.use_cases.keep_safe import Outbox, Post
from sync.archive_update import update_archive, verified_keys
from sync.feed_keys import UnsignedKeysError
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.uploader import OtherServiceError, SendResult, claim_post, send_waiting


@dataclass(frozen=True, slots=True)
class Exchanged:
    """sent: of all posts together. archive: what was fetched, in words, or empty. trouble: what
    stood in the way, in words, or empty.
    """

    sent: SendResult
    archive: str
    trouble: str


def exchange(
    home: Home,
    connection: Connection,
    posts: Iterable[Post],
    now_utc: datetime,
    progress: Progress,
    *,
    at_once: bool = False,
) -> Exchanged:
    """Send from the posts and update the archive; needs no passphrase.

    at_once: send all that waits, whatever its time. Raises SendingError if another program
    sends from one of the posts just now, and what `send_waiting` raises.
    """
    sent = SendResult(0, 0, 0, 0, "")
    for post in posts:
        with post.only_sender():
            sent = _add(sent, _send(home, connection, post, now_utc, at_once=at_once))
    try:
        fetched = update_archive(home, connection, now_utc, progress).sentence()
    except UserError as error:  # what was sent has to be told all the same
        return Exchanged(sent, "", sent.trouble or error.sentence())
    return Exchanged(sent, fetched, sent.trouble)


def _send(
    home: Home, connection: Connection, post: Post, now_utc: datetime, *, at_once: bool
) -> SendResult:
    outbox = Outbox(post)
    try:
        claim_post(post, connection.tenant)
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    # A damaged archive is fetched anew, and so are keys that nobody signed.
    except (OtherServiceError, DamagedError, UnsignedKeysError) as error:
        left = sum(not row.state.is_final for row in outbox.submissions())
        return SendResult(0, 0, 0, left, error.sentence())
    return send_waiting(outbox, connection.service_url, keys, now_utc, at_once=at_once)


def _add(one: SendResult, other: SendResult) -> SendResult:
    return SendResult(
        one.received + other.received,
        one.held + other.held,
        one.refused + other.refused,
        one.left + other.left,
        one.trouble or other.trouble,
    )

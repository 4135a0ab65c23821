"""One exchange with the service: the issuer or intake if it is time, then what is new.

Sending comes before fetching, which is the same for everyone, and would only delay it. What
stands in the way of the one does not stop the other. Issuer and intake are never spoken to
shortly after one another, unless a person wants it at once.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.errors import DamagedError, UserError
from app.paths import Home
from app.progress import Progress
from app.use_cases.keep_safe import Outbox, Post
from sync.archive_update import update_archive, verified_keys
from sync.feed_keys import UnsignedKeysError
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.uploader import OtherServiceError, SendResult, claim_post, send_waiting
from sync.verified_officer import (
    Moment,
    find_proofs,
    note_sending,
    put_off_reports,
    speak_to_issuer,
)


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
    tokens_at_once: bool = False,
    chance: random.Random | None = None,
) -> Exchanged:
    """Send from the posts and update the archive; needs no passphrase.

    at_once: send all that waits, whatever its time. tokens_at_once: fetch tokens whatever
    their day, for a demonstration. chance: for tests. Raises SendingError if another program
    sends from one of the posts just now, and what `send_waiting` raises.
    """
    held = list(posts)
    moment = Moment(now_utc, chance or random.SystemRandom())
    trouble = speak_to_issuer(home, connection, held, moment, at_once=tokens_at_once)
    sent = SendResult(0, 0, 0, 0, trouble)
    for post in held:
        with post.only_sender():
            if not at_once:
                put_off_reports(held, post, now_utc)
            sent = _add(sent, _send(home, connection, post, moment, at_once=at_once))
    try:
        fetched = update_archive(home, connection, now_utc, progress).sentence()
    except UserError as error:  # what was sent has to be told all the same
        return Exchanged(sent, "", sent.trouble or error.sentence())
    return Exchanged(sent, fetched, sent.trouble)


def _send(
    home: Home, connection: Connection, post: Post, moment: Moment, *, at_once: bool
) -> SendResult:
    outbox = Outbox(post)
    try:
        claim_post(post, connection.tenant)
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    # A damaged archive is fetched anew, and so are keys that nobody signed.
    except (OtherServiceError, DamagedError, UnsignedKeysError) as error:
        left = sum(not row.state.is_final for row in outbox.submissions())
        return SendResult(0, 0, 0, left, error.sentence())
    proofs = find_proofs(home, connection, post, moment.now_utc)
    if proofs is not None and (at_once or outbox.due(moment.now_utc)):
        note_sending(post, moment)
    return send_waiting(
        outbox,
        connection.service_url,
        keys,
        moment.now_utc,
        read_network(home),
        at_once=at_once,
        proofs=proofs,
    )


def _add(one: SendResult, other: SendResult) -> SendResult:
    return SendResult(
        one.received + other.received,
        one.held + other.held,
        one.refused + other.refused,
        one.left + other.left,
        one.trouble or other.trouble,
    )

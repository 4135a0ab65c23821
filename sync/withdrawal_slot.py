"""When withdrawals leave: never with a report or shortly after one, or after the issuer.

A withdrawal beside a report would tell that both are of one person, and who takes a report back to
write it again would be seen to have done so.
"""

from collections.abc import Sequence

from app.errors import DamagedError
from app.paths import Home
from app.use_cases.keep_safe import Post, Withdrawals
from sync.archive_update import verified_keys
from sync.feed_keys import UnsignedKeysError
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.verified_officer import Moment, earliest_withdrawal, note_sending, note_withdrawal
from sync.withdrawing import WithdrawResult, put_off, send_withdrawals


def withdraw_in_slot(
    home: Home,
    connection: Connection,
    posts: Sequence[Post],
    moment: Moment,
    *,
    is_taken: bool,
    at_once: bool,
) -> WithdrawResult:
    """Send the withdrawals of all posts, or give them another time.

    is_taken: a report leaves in this slot. at_once: a person wants it now, whatever it tells.
    Raises SendingError if another program sends just now.
    """
    now_utc = moment.now_utc
    not_before = earliest_withdrawal(posts, now_utc)
    must_wait = is_taken or (not_before is not None and not_before > now_utc)
    found = WithdrawResult()
    for post in posts:
        with post.only_sender():
            Withdrawals(post).recover()  # what a crash left as being sent waits as well
            if must_wait and not at_once:
                put_off(post, connection.tenant, now_utc, not_before)
            found = _add(found, _send(home, connection, post, moment, at_once=at_once))
    return found


def _send(
    home: Home, connection: Connection, post: Post, moment: Moment, *, at_once: bool
) -> WithdrawResult:
    store = Withdrawals(post)
    left = len(store.waiting())
    if not left:
        return WithdrawResult()
    try:
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    # A damaged archive is fetched anew, and so are keys that nobody signed.
    except (DamagedError, UnsignedKeysError) as error:
        return WithdrawResult(left=left, trouble=error.sentence())
    if at_once or store.due(moment.now_utc, connection.tenant):
        note_sending(post, moment)
        note_withdrawal(post, moment)
    network = read_network(home)
    return send_withdrawals(post, connection, keys, moment.now_utc, network, at_once=at_once)


def _add(one: WithdrawResult, other: WithdrawResult) -> WithdrawResult:
    return WithdrawResult(
        one.withdrawn + other.withdrawn,
        one.absent + other.absent,
        one.left + other.left,
        one.trouble or other.trouble,
    )

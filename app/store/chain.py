"""A hash chain over what waits in the post: an older file in its place does not go unnoticed.

Each entry seals the one before, its own number, and a digest over the ids and hashes of all
that waited then. Number and link of the last entry are kept in two more places: a file outside
of the post's folder, which is written after every change, and the vault, when it is opened.

An entry outlasts the report that made it. Ids and hashes can be had from the service, and tried; so
each digest has a salt, and only the salt of the last entry is kept, which is as old as what waits.
"""

import hashlib
import secrets
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import Connection, case, delete, func, insert, literal, select
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.submission import SubmissionState
from app.errors import DamagedError
from app.store.tables.post import BODIES, CHAIN, SETTINGS, SUBMISSIONS, WITHDRAWALS

_OVER = tuple(state for state in SubmissionState if state.is_final)
_NOTHING = bytes(32)
_OF_NOTHING = hashlib.sha256().digest()
_SALT = "chain/salt"
_SALT_LENGTH = 32


class Head(NamedTuple):
    """The last entry. number: how many there were; 0 for none. link: 32 bytes."""

    number: int
    link: bytes


NO_HEAD = Head(0, b"")


class BrokenChainError(DamagedError):
    """What waits is not what this program wrote there last."""

    def __init__(self) -> None:
        super().__init__(
            "The outbox was changed by something other than this program.",
            "A submission in it was exchanged, removed or added, or the record of them was.",
            "Do not send from it. Put a copy of the vault's folder back from a backup, or ask "
            "for help.",
        )


def extend(connection: Connection) -> None:
    """Add an entry for what waits now; within the transaction that has changed it."""
    before = head(connection)
    if not _salt(connection):  # made without one by a migration: its digest can be tried
        connection.execute(delete(CHAIN).where(CHAIN.c.digest != _OF_NOTHING))
    salt = secrets.token_bytes(_SALT_LENGTH).hex()
    statement = insert_or_update(SETTINGS).values(name=_SALT, value=salt)
    connection.execute(statement.on_conflict_do_update(set_={"value": salt}))
    digest = _digest(connection)
    row = {"number": before.number + 1, "digest": digest, "link": _link(before, digest)}
    connection.execute(insert(CHAIN).values(row))


def head(connection: Connection) -> Head:
    """The last entry."""
    query = select(CHAIN.c.number, CHAIN.c.link).order_by(CHAIN.c.number.desc()).limit(1)
    found = connection.execute(query).one_or_none()
    return NO_HEAD if found is None else Head(found.number, bytes(found.link))


def holds(connection: Connection, known: Head) -> bool:
    """Whether this chain has gone through what was known of it.

    True, too, for what lies before the entries that are still kept.
    """
    if known.number < (connection.execute(select(func.min(CHAIN.c.number))).scalar() or 1):
        return True
    query = select(CHAIN.c.link).where(CHAIN.c.number == known.number)
    return connection.execute(query).scalar_one_or_none() == known.link


def verify(connection: Connection) -> Head:
    """Follow every link, and compare the last one and the bodies with what waits.

    Raises BrokenChainError.
    """
    entries = connection.execute(select(CHAIN).order_by(CHAIN.c.number)).all()
    if not entries:
        raise BrokenChainError
    if entries[0].number == 1 and entries[0].link != _link(Head(0, _NOTHING), entries[0].digest):
        raise BrokenChainError
    for before, entry in pairwise(entries):
        is_next = entry.number == before.number + 1
        if not is_next or entry.link != _link(Head(before.number, before.link), entry.digest):
            raise BrokenChainError
    if entries[-1].digest != _digest(connection):
        raise BrokenChainError
    both = select(SUBMISSIONS.c.body_hash, BODIES.c.body).join_from(
        SUBMISSIONS, BODIES, isouter=True
    )
    for body_hash, body in connection.execute(both):
        if not isinstance(body, bytes) or hashlib.sha256(body).digest() != body_hash:
            raise BrokenChainError
    return head(connection)


def prune(connection: Connection, up_to: int) -> None:
    """Forget the entries before this one: whoever would ask for them knows a later one."""
    connection.execute(delete(CHAIN).where(CHAIN.c.number < up_to))


def _digest(connection: Connection) -> bytes:
    state = case((SUBMISSIONS.c.state.in_(_OVER), SUBMISSIONS.c.state), else_=literal(""))
    waiting = select(SUBMISSIONS.c.report_id, SUBMISSIONS.c.body_hash, state)
    withdrawn = select(WITHDRAWALS.c.report_id, literal(b""), literal("withdrawal"))
    whole = hashlib.sha256(_salt(connection))
    for query in (
        waiting.order_by(SUBMISSIONS.c.report_id),
        withdrawn.order_by(WITHDRAWALS.c.report_id),
    ):
        for report_id, body_hash, word in connection.execute(query):
            whole.update(hashlib.sha256(report_id).digest())
            whole.update(hashlib.sha256(body_hash).digest())
            whole.update(hashlib.sha256(str(word).encode()).digest())
    return whole.digest()


def _salt(connection: Connection) -> bytes:
    """Of the last entry; empty for the one that a migration has made."""
    query = select(SETTINGS.c.value).where(SETTINGS.c.name == _SALT)
    return bytes.fromhex(connection.execute(query).scalar_one_or_none() or "")


def _link(before: Head, digest: bytes) -> bytes:
    number = (before.number + 1).to_bytes(8, "big")
    return hashlib.sha256((before.link or _NOTHING) + number + digest).digest()

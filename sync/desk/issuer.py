"""Vouching for the issuer: its key of a quarter and the number of officers, as signed targets."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.errors import DamagedError, InputError
from sync.desk.custody import Ring
from sync.desk.folder import DeskFeed, read_released
from sync.desk.repository import KeyFile, renew_targets
from sync.feed_verify import KEY_FOLDER
from sync.protocol import issuer_key, officer_count
from sync.protocol.connection import Connection
from sync.protocol.errors import MalformedError
from sync.protocol.issuer_key import IssuerKey, read_issuer_key
from sync.protocol.officer_count import OfficerCount, round_officers
from sync.protocol.quarters import quarter_of, quarters_later


def read_issuer_file(raw: bytes, tenant: str) -> IssuerKey:
    """The key in the operator's file. Raises DamagedError."""
    try:
        return read_issuer_key(raw, tenant)
    except MalformedError as error:
        raise DamagedError(
            "This is not an issuer key of this desk's service, or it is damaged.",
            f"What is wrong: {error}. Nothing was signed.",
            "Ask the operator for the file in issuer-keys.",
        ) from error


def publish_issuer_key(
    feed: DeskFeed,
    connection: Connection,
    targets_rings: Sequence[Ring],
    analyst: Ring,
    key: IssuerKey,
    officers: int | None,
    now: datetime,
) -> None:
    """Sign the key and, if it was told, the number of enrolled officers, rounded down.

    Keys and numbers of quarters whose tokens are taken no more are signed no more. Raises
    InputError for a second key of the same quarter: who has the one could be told from who has
    the other.
    """
    signed = _signed_keys(feed, connection)
    if any(each.quarter == key.quarter and each != key for each in signed.values()):
        raise InputError(
            f"There is a signed key for {key.quarter} already, and this is another one.",
            "Nothing was signed: with two keys, officers could be told from one another.",
            "Ask the operator which key is right. A wrong one ends with its quarter.",
        )
    more: list[KeyFile] = [key]
    if officers is not None:
        rounded = round_officers(officers)
        more.append(OfficerCount(connection.tenant, quarter_of(now), rounded))
    # Both have to be past it: a desk's clock that runs ahead must not take away a key in use.
    oldest = quarters_later(min(quarter_of(now), key.quarter), -1)
    old = _list_old(feed, connection, signed, oldest)
    renew_targets(feed, connection, targets_rings, analyst, now, more, old)


def _list_old(
    feed: DeskFeed, connection: Connection, signed: Mapping[str, IssuerKey], oldest: str
) -> list[str]:
    """The signed paths of issuer keys and numbers of officers before this quarter."""
    start = f"{KEY_FOLDER}{officer_count.PURPOSE}-"
    counts = [
        path
        for path in read_released(feed, connection).targets.signed.targets
        if path.startswith(start) and path.removeprefix(start).removesuffix(".json") < oldest
    ]
    return counts + [path for path, key in signed.items() if key.quarter < oldest]


def _signed_keys(feed: DeskFeed, connection: Connection) -> Mapping[str, IssuerKey]:
    start = f"{KEY_FOLDER}{issuer_key.PURPOSE}-"
    targets = read_released(feed, connection).targets.signed.targets
    return {
        path: read_issuer_file(feed.read_target(path, target), connection.tenant)
        for path, target in targets.items()
        if path.startswith(start)
    }

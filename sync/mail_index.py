"""The index of the mail: which packs of sealed records the feed carries.

The index is the target `mail/index.json`, and is not there before the first mail. Every client
fetches every pack that it does not have, whatever mail is in it: who asked for some of them only
would say which are theirs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError
from sync.protocol.mail import RECORD_LENGTH

FORMAT = "nearmiss-mail-index-1"
INDEX_TARGET = "mail/index.json"
KEPT_DAYS = 180
"""After so many days a record expires: the desk leaves its pack out, and clients forget it."""
PACK_LIMIT = 400
TOTAL_LIMIT = 64 * 1024 * 1024
"""Sanity, not policy: 16,384 records in half a year."""
SHARDS = "0123456789abcdef"
_DATE = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_SHA256_LENGTH = 32
_MEMBERS = ("format", "tenant", "sequence", "signed_on", "packs")
_PACK_MEMBERS = ("name", "hash", "length", "sequence", "shard", "signed_on")


@dataclass(frozen=True, slots=True)
class MailPack:
    """One pack in the index.

    sequence: of the index that brought it. shard: the first hexadecimal digit of all its tags,
    None if it holds all of a publication. sha256: of the file, hexadecimal. length: bytes.
    signed_on: "YYYY-MM-DD".
    """

    sequence: int
    shard: str | None
    sha256: str
    length: int
    signed_on: str

    @property
    def target(self) -> str:
        """The name of the target, such as "mail/12.pack" or "mail/12-a.pack"."""
        return f"mail/{self.sequence}{'' if self.shard is None else f'-{self.shard}'}.pack"

    def has_expired(self, today: str) -> bool:
        """Whether its records are older than they may become. today: "YYYY-MM-DD"."""
        last = date.fromisoformat(self.signed_on) + timedelta(days=KEPT_DAYS)
        return last < date.fromisoformat(today)

    def to_json(self) -> dict[str, object]:
        """As it stands in the index."""
        return {
            "name": self.target,
            "hash": self.sha256,
            "length": self.length,
            "sequence": self.sequence,
            "shard": self.shard,
            "signed_on": self.signed_on,
        }


@dataclass(frozen=True, slots=True)
class MailIndex:
    """What is there. sequence: counts publications of mail. signed_on: "YYYY-MM-DD" or empty."""

    tenant: str
    sequence: int = 0
    signed_on: str = ""
    packs: tuple[MailPack, ...] = ()

    def to_bytes(self) -> bytes:
        """The target's content."""
        return canonical.encode(
            {
                "format": FORMAT,
                "tenant": self.tenant,
                "sequence": self.sequence,
                "signed_on": self.signed_on,
                "packs": [pack.to_json() for pack in self.packs],
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes, *, tenant: str) -> "MailIndex":
        """Read the index of this tenant.

        Raises MalformedError for another tenant's, for figures beyond the limits, and for packs
        that are not in their order.
        """
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, *_MEMBERS)
        if message.get("tenant") != tenant:
            raise MalformedError("the mail belongs to another tenant")
        packs = message.get("packs")
        if not isinstance(packs, list) or len(packs) > PACK_LIMIT:
            raise MalformedError(f"the packs are no list of {PACK_LIMIT} or fewer")
        index = cls(
            tenant,
            canonical.number_of(message, "sequence"),
            _read_date(message),
            tuple(_read_pack(pack) for pack in packs),
        )
        _check_order(index)
        return index


def next_mail_index(index: MailIndex, made: Sequence[MailPack], signed_on: str) -> MailIndex:
    """The index after one more publication on this day; the same if nothing comes or goes.

    Which of the old packs stay follows from the index and the day alone, so that the second
    person can work out the same.
    """
    kept = tuple(pack for pack in index.packs if not pack.has_expired(signed_on))
    if not made and kept == index.packs:
        return index
    return MailIndex(index.tenant, index.sequence + 1, signed_on, (*kept, *made))


def exceeds_limits(index: MailIndex) -> bool:
    """Whether no client would take it."""
    total = sum(pack.length for pack in index.packs)
    return len(index.packs) > PACK_LIMIT or total > TOTAL_LIMIT


def _read_date(message: dict[str, Json]) -> str:
    text = canonical.text_of(message, "signed_on")
    if not _DATE.fullmatch(text):
        raise MalformedError("'signed_on' is not a date")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:  # such as the 31st of February
        raise MalformedError("'signed_on' is not a date") from error


def _read_pack(message: Json) -> MailPack:
    if not isinstance(message, dict):
        raise MalformedError("a pack is no object")
    canonical.expect_only(message, *_PACK_MEMBERS)
    shard = message.get("shard")
    if shard is not None and (not isinstance(shard, str) or shard not in tuple(SHARDS)):
        raise MalformedError("a part of the mail that there is not")
    pack = MailPack(
        canonical.number_of(message, "sequence"),
        shard,
        canonical.from_hex(message.get("hash"), _SHA256_LENGTH).hex(),
        canonical.number_of(message, "length"),
        _read_date(message),
    )
    if not pack.length or pack.length % RECORD_LENGTH:
        raise MalformedError("a pack that does not hold whole records")
    if message.get("name") != pack.target:
        raise MalformedError("a pack whose name is wrong")
    return pack


def _check_order(index: MailIndex) -> None:
    if not index.sequence:
        raise MalformedError("mail that nobody published")
    if exceeds_limits(index):
        raise MalformedError("more mail than there may be")
    for one, other in pairwise(index.packs):
        if one.sequence > other.sequence or one.signed_on > other.signed_on:
            raise MalformedError("the packs are not in their order")
        is_same = one.sequence == other.sequence
        if is_same and not (one.shard and other.shard and one.shard < other.shard):
            raise MalformedError("a part of the mail is there twice")
    last = index.packs[-1] if index.packs else None
    if last and (last.sequence > index.sequence or last.signed_on > index.signed_on):
        raise MalformedError("a pack that is newer than the index")
    if any(pack.sequence == 0 for pack in index.packs):
        raise MalformedError("publications of mail count from 1")

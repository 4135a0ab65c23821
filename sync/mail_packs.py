"""Packs of mail: sealed records one after the other, nothing around them.

They are neither compressed nor encrypted once more: what is sealed does not become smaller, and
only who has the words of a receipt can tell what a record is. In a pack the records stand in the
order of their tags, so that the order tells nothing of how they came about.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from sync.mail_index import SHARDS, MailPack
from sync.protocol.errors import MalformedError
from sync.protocol.mail import RECORD_LENGTH, read_tag

PACK_RECORDS = 2_000
"""A publication with more records than this (8 MB) comes in 16 parts, by the first digit."""


def write_mail_packs(
    records: Iterable[bytes], sequence: int, signed_on: str, most: int = PACK_RECORDS
) -> list[tuple[MailPack, bytes]]:
    """The packs of one publication with their content; none if there are no records.

    Raises MalformedError for a record that is none.
    """
    ordered = sorted(records, key=lambda record: (read_tag(record), record))
    if len(ordered) <= most:
        return [_make(ordered, sequence, None, signed_on)] if ordered else []
    parts = ((shard, [each for each in ordered if _shard_of(each) == shard]) for shard in SHARDS)
    return [_make(part, sequence, shard, signed_on) for shard, part in parts if part]


def read_mail_pack(content: bytes, pack: MailPack) -> tuple[tuple[bytes, bytes], ...]:
    """Tag and record of each, in their order.

    Raises MalformedError unless the content is what the index says: cut, exchanged, out of
    order, or with a record that belongs into another part.
    """
    if len(content) != pack.length or hashlib.sha256(content).hexdigest() != pack.sha256:
        raise MalformedError("not the pack that the index names")
    found = tuple((read_tag(record), record) for record in _cut(content))
    if list(found) != sorted(found):
        raise MalformedError("the records are not in their order")
    if len(set(found)) != len(found):
        raise MalformedError("a record is there twice")
    if pack.shard is not None and any(_shard_of(record) != pack.shard for _tag, record in found):
        raise MalformedError("a record under a wrong tag")
    return found


def _make(
    records: Sequence[bytes], sequence: int, shard: str | None, signed_on: str
) -> tuple[MailPack, bytes]:
    content = b"".join(records)
    sha256 = hashlib.sha256(content).hexdigest()
    return MailPack(sequence, shard, sha256, len(content), signed_on), content


def _cut(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), RECORD_LENGTH):
        yield content[start : start + RECORD_LENGTH]


def _shard_of(record: bytes) -> str:
    return read_tag(record).hex()[0]

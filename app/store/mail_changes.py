"""How mail is written into the archive's file, inside one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from app.store.tables.archive import MAIL, MAIL_PACKS


@dataclass(frozen=True, slots=True)
class ArrivedPack:
    """A verified pack. sha256: hexadecimal. signed_on: "YYYY-MM-DD". records: tag and record."""

    sha256: str
    signed_on: str
    records: Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class MailChange:
    """kept: the packs that stay, by hash; all others go. arrived: those that are new."""

    kept: Iterable[str]
    arrived: Sequence[ArrivedPack]


def write_mail(connection: Connection, change: MailChange) -> None:
    """Write what came and take out what went, inside a transaction of the archive."""
    kept = set(change.kept)
    here = set(connection.execute(select(MAIL_PACKS.c.sha256)).scalars())
    for sha256 in here - kept:
        connection.execute(delete(MAIL_PACKS).where(MAIL_PACKS.c.sha256 == sha256))
    for pack in change.arrived:
        if pack.sha256 in here & kept:
            continue
        row = {"sha256": pack.sha256, "signed_on": pack.signed_on}
        connection.execute(insert(MAIL_PACKS).values(row))
        rows = [
            {"pack": pack.sha256, "tag": tag, "place": place, "record": record}
            for place, (tag, record) in enumerate(pack.records)
        ]
        if rows:
            connection.execute(insert(MAIL), rows)

"""The mail of the feed in the archive's file: everybody's, sealed, found by tag on this computer.

It lies with the archive and not with a vault: it comes with it, in the same transaction, it is
the same for all, and nothing here tells which of it belongs to whom.
"""

from sqlalchemy import select

from app.store.archive import ArchiveStore
from app.store.tables.archive import MAIL, MAIL_PACKS


class Mail:
    """The mail in an open archive."""

    def __init__(self, archive: ArchiveStore) -> None:
        self._file = archive.file

    def held(self) -> frozenset[str]:
        """The hashes of the packs that are here."""
        with self._file.reading() as connection:
            return frozenset(connection.execute(select(MAIL_PACKS.c.sha256)).scalars())

    def records(self, tag: bytes, not_before: str = "") -> tuple[bytes, ...]:
        """The sealed records under a tag, of packs signed on that day ("YYYY-MM-DD") or later."""
        query = (
            select(MAIL.c.record)
            .join_from(MAIL, MAIL_PACKS)
            .where(MAIL.c.tag == tag, MAIL_PACKS.c.signed_on >= not_before)
            .order_by(MAIL_PACKS.c.signed_on, MAIL_PACKS.c.sha256, MAIL.c.place)
        )
        with self._file.reading() as connection:
            return tuple(connection.execute(query).scalars())

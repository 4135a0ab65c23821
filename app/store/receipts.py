"""Receipts that their owner keeps in the vault, and the answers to questions about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from app.errors import InputError
from app.store.tables.vault import DESTROYED, RECEIPTS, REPLIES
from app.store.vault import Vault


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """What one receipt's mail is found and opened with.

    report_id, mail_tag: 16 bytes. tenant: of the service that the report went to. title: what
    its author called it. words: seven, with blanks between. reply_seed: of the reply key.
    """

    report_id: bytes
    tenant: str
    title: str
    words: str = field(repr=False)
    mail_tag: bytes = field(repr=False)
    reply_seed: bytes = field(repr=False)


class StoredReply(NamedTuple):
    """An answer. draft: what is written so far; it goes once the service has signed for it.
    submission_id: as which it was sealed, None while it is written.
    """

    draft: str
    submission_id: bytes | None


class NoSuchReceiptError(InputError):
    """The vault does not keep a receipt for this report."""

    def __init__(self) -> None:
        super().__init__(
            "The words of this report are not kept in this vault.",
            hint="Read its messages with the seven words from your paper.",
        )


class Receipts:
    """The receipts in an open vault."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._file = vault.file

    def keep(self, receipt: KeptReceipt) -> None:
        """Keep it; one that is kept already stays as it is."""
        row = {
            "report_id": receipt.report_id,
            "tenant": receipt.tenant,
            "title": receipt.title,
            "words": receipt.words,
            "mail_tag": receipt.mail_tag,
            "reply_seed": receipt.reply_seed,
        }
        with self._file.writing() as connection:
            connection.execute(insert(RECEIPTS).values(row).on_conflict_do_nothing())

    def kept(self) -> tuple[KeptReceipt, ...]:
        """All of them, by title."""
        query = select(RECEIPTS).order_by(RECEIPTS.c.title, RECEIPTS.c.report_id)
        with self._file.reading() as connection:
            return tuple(KeptReceipt(*row) for row in connection.execute(query))

    def get(self, report_id: bytes) -> KeptReceipt:
        """The receipt of a report. Raises NoSuchReceiptError."""
        query = select(RECEIPTS).where(RECEIPTS.c.report_id == report_id)
        with self._file.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NoSuchReceiptError
        return KeptReceipt(*row)

    def forget(self, report_id: bytes) -> None:
        """Destroy it with all answers that belong to it, in free pages, log and copies too."""
        with self._file.writing() as connection:
            connection.execute(delete(RECEIPTS).where(RECEIPTS.c.report_id == report_id))
            row = {"id": report_id.hex()}
            connection.execute(insert(DESTROYED).values(row).on_conflict_do_nothing())
        self._vault.forget_deleted()

    def save_reply(self, report_id: bytes, turn: int, draft: str) -> None:
        """Keep what is written so far; what was sealed is left alone. When this returns, the disk
        has it.
        """
        row = {"report_id": report_id, "turn": turn, "draft": draft}
        statement = insert(REPLIES).values(row)
        with self._file.writing() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    set_={"draft": statement.excluded.draft},
                    where=REPLIES.c.submission_id.is_(None),
                )
            )

    def mark_sealed(self, report_id: bytes, turn: int, text: str, submission_id: bytes) -> None:
        """Note as which submission the answer waits in the post, and what it says."""
        row = {
            "report_id": report_id,
            "turn": turn,
            "draft": text,
            "submission_id": submission_id,
        }
        statement = insert(REPLIES).values(row)
        new = {"draft": statement.excluded.draft, "submission_id": submission_id}
        with self._file.writing() as connection:
            connection.execute(statement.on_conflict_do_update(set_=new))

    def replies(self, report_id: bytes) -> Mapping[int, StoredReply]:
        """The answers by the turn of the question, written or sealed."""
        query = select(REPLIES).where(REPLIES.c.report_id == report_id)
        with self._file.reading() as connection:
            rows = connection.execute(query).all()
        return {row.turn: StoredReply(row.draft, row.submission_id) for row in rows}

    def sealed_replies(self) -> frozenset[bytes]:
        """The ids of the submissions that are answers."""
        query = select(REPLIES.c.submission_id).where(REPLIES.c.submission_id.is_not(None))
        with self._file.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def settle_reply(self, submission_id: bytes, *, is_received: bool) -> None:
        """Received: its text goes. Refused or taken back: it can be written again.

        Nothing happens if no answer is that submission.
        """
        values = {"draft": ""} if is_received else {"submission_id": None}
        statement = update(REPLIES).where(REPLIES.c.submission_id == submission_id)
        with self._file.writing() as connection:
            connection.execute(statement.values(values))

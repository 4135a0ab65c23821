"""Reading mail: the sealed records that lie with the archive, opened with a receipt.

Everything happens on this computer. Which records are looked for leaves no trace in any request:
all of them were fetched before, by everyone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.plain_text import UnfitTextError, clean_text
from app.use_cases.read_archive import ArchiveStore
from app.use_cases.read_mail import KeptReceipt, Mail
from sync.feed_marks import Marks, trusted_time
from sync.mail_index import KEPT_DAYS
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import SealingKey
from sync.protocol.letter import Letter, News, NewsWord, Question, read_letter
from sync.protocol.mail import open_mail
from sync.protocol.receipt import Receipt


class Addressee(Protocol):
    """Whoever can open mail: a receipt, or what a vault keeps of one."""

    @property
    def report_id(self) -> bytes: ...

    @property
    def mail_tag(self) -> bytes: ...

    @property
    def reply(self) -> SealingKey: ...


@dataclass(frozen=True, slots=True)
class KeptAddressee:
    """A receipt from the vault, without the time that making it from its words takes."""

    kept: KeptReceipt

    @property
    def report_id(self) -> bytes:
        """Of the report, 16 bytes."""
        return self.kept.report_id

    @property
    def mail_tag(self) -> bytes:
        """What names its mail, 16 bytes."""
        return self.kept.mail_tag

    @property
    def reply(self) -> SealingKey:
        """What opens its mail."""
        return SealingKey(self.kept.reply_seed)


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """letters: in the order of writing. unreadable: how many lie under the tag and do not open."""

    letters: tuple[Letter, ...]
    unreadable: int

    @property
    def questions(self) -> tuple[Question, ...]:
        """The letters that ask something."""
        return tuple(each for each in self.letters if isinstance(each, Question))

    @property
    def published_as(self) -> int | None:
        """Under which number the report stands in the archive, as far as it was told."""
        for each in self.letters:
            if isinstance(each, News) and each.word is NewsWord.PUBLISHED:
                return each.number
        return None


def keep_receipt(receipt: Receipt, tenant: str, title: str) -> KeptReceipt:
    """What a vault keeps of a receipt."""
    return KeptReceipt(
        receipt.report_id,
        tenant,
        title,
        " ".join(receipt.words),
        receipt.mail_tag,
        receipt.reply.seed,
    )


def read_mail(
    archive: ArchiveStore, tenant: str, addressee: Addressee, now_utc: datetime
) -> OpenedMail:
    """Find and open the mail of one receipt. Expired records are passed over.

    now_utc: the system's clock. The later of it and the day that was last signed counts, so that
    a clock that is set back brings nothing back.
    """
    clock = trusted_time(now_utc, Marks(signed_on=archive.status().signed_on))
    oldest = (clock - timedelta(days=KEPT_DAYS)).date().isoformat()
    found: dict[int, Letter] = {}
    unreadable = 0
    for record in Mail(archive).records(addressee.mail_tag, oldest):
        try:
            letter = read_letter(open_mail(record, addressee.reply, tenant))
            if clean_text(letter.text, one_line=False) != letter.text:
                raise UnfitTextError("not as this program would have sent it")
        except (ProtocolError, UnfitTextError):
            unreadable += 1
            continue
        found.setdefault(letter.turn, letter)
    return OpenedMail(tuple(found[turn] for turn in sorted(found)), unreadable)


def describe_news(news: News) -> str:
    """The news in one sentence."""
    where = f" as number {news.number}" if news.number is not None else ""
    if news.word is NewsWord.SCREENED:
        return "Your report was read and belongs here."
    if news.word is NewsWord.PUBLISHED:
        return f"Your report is published{where}."
    return f"Your report, published{where}, was used." if where else "Your report was used."

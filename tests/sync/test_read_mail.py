"""Mail is read on this computer alone, with the words or with what a vault keeps of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.progress import Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from app.store.mail_changes import ArrivedPack, MailChange
from sync.mail import KeptAddressee, OpenedMail, describe_news, keep_receipt, read_mail
from sync.mail_index import KEPT_DAYS
from sync.protocol.envelope import Reply
from sync.protocol.keys import SealingKey
from sync.protocol.letter import Letter, News, NewsWord, Question
from sync.protocol.mail import read_tag, seal_mail
from sync.protocol.receipt import Receipt, make_receipt
from tests.golden.make_protocol import TENANT, WORDS

NOW = datetime(2026, 8, 2, 12, tzinfo=UTC)
QUESTION = Question(1, "2026-07", "How far?", bytes(16))
SCREENED = News(2, "2026-07", NewsWord.SCREENED)
PUBLISHED = News(3, "2026-08", NewsWord.PUBLISHED, 10_017)


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return make_receipt(WORDS, TENANT)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveStore]:
    with ArchiveStore.open_or_create(tmp_path / "archive.db", b"a" * 32) as opened:
        yield opened


def seal(receipt: Receipt, letter: Letter, tenant: str = TENANT) -> bytes:
    to = Reply(receipt.mail_tag, receipt.reply.public_bytes())
    return seal_mail(letter.to_bytes(), to, tenant)


def hold(archive: ArchiveStore, records: Sequence[bytes], signed_on: str = "2026-08-01") -> None:
    pack = ArrivedPack("0" * 64, signed_on, [(read_tag(each), each) for each in records])
    edition = Edition(1, signed_on, mail=MailChange([pack.sha256], [pack]))
    archive.apply([], edition, Silent())


def test_letters_come_in_the_order_of_writing(archive: ArchiveStore, receipt: Receipt) -> None:
    hold(archive, [seal(receipt, each) for each in (PUBLISHED, QUESTION, SCREENED)])
    opened = read_mail(archive, TENANT, receipt, NOW)
    assert opened == OpenedMail((QUESTION, SCREENED, PUBLISHED), 0)
    assert opened.questions == (QUESTION,)
    assert opened.published_as == 10_017


def test_what_a_vault_keeps_reads_the_same(archive: ArchiveStore, receipt: Receipt) -> None:
    hold(archive, [seal(receipt, QUESTION)])
    kept = KeptAddressee(keep_receipt(receipt, TENANT, "A lorry"))
    assert kept.report_id == receipt.report_id
    assert read_mail(archive, TENANT, kept, NOW) == read_mail(archive, TENANT, receipt, NOW)


def test_a_letter_that_came_twice_is_shown_once(archive: ArchiveStore, receipt: Receipt) -> None:
    hold(archive, [seal(receipt, QUESTION), seal(receipt, QUESTION)])
    assert read_mail(archive, TENANT, receipt, NOW).letters == (QUESTION,)


def test_what_does_not_open_is_counted_and_not_shown(
    archive: ArchiveStore, receipt: Receipt
) -> None:
    stranger = Reply(receipt.mail_tag, SealingKey.generate().public_bytes())
    moved = bytearray(seal(receipt, SCREENED))
    moved[100] ^= 1
    reordered = replace(QUESTION, turn=9, text="a\u202eb")
    records = [
        seal(receipt, QUESTION),
        seal_mail(QUESTION.to_bytes(), stranger, TENANT),
        seal(receipt, SCREENED, tenant="f" * 32),
        bytes(moved),
        seal(receipt, reordered),
        seal_mail(b"{}", Reply(receipt.mail_tag, receipt.reply.public_bytes()), TENANT),
    ]
    hold(archive, records)
    assert read_mail(archive, TENANT, receipt, NOW) == OpenedMail((QUESTION,), 5)


def test_expired_mail_is_passed_over_and_no_clock_brings_it_back(
    archive: ArchiveStore, receipt: Receipt
) -> None:
    hold(archive, [seal(receipt, QUESTION)])
    last_day = datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=KEPT_DAYS)
    assert read_mail(archive, TENANT, receipt, last_day).letters == (QUESTION,)
    assert read_mail(archive, TENANT, receipt, last_day + timedelta(days=1)).letters == ()
    pack = ArrivedPack("0" * 64, "2026-08-01", [])
    later = MailChange([pack.sha256], [])
    archive.apply([], Edition(2, "2027-03-01", mail=later), Silent())
    assert read_mail(archive, TENANT, receipt, datetime(2020, 1, 1, tzinfo=UTC)).letters == ()


def test_without_mail_there_is_none(archive: ArchiveStore, receipt: Receipt) -> None:
    assert read_mail(archive, TENANT, receipt, NOW) == OpenedMail((), 0)
    assert OpenedMail((), 0).published_as is None


def test_news_are_said_in_a_sentence() -> None:
    assert describe_news(PUBLISHED) == "Your report is published as number 10017."
    assert "was read" in describe_news(SCREENED)
    used = News(4, "2026-09", NewsWord.USED, None, "A sheet.")
    assert describe_news(used) == "Your report was used."
    assert "number 7, was used" in describe_news(replace(used, number=7))

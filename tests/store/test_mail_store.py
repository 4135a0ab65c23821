"""Everybody's mail lies with the archive, comes in its transaction, and is found by tag."""

from collections.abc import Iterable, Iterator

import pytest

from app.domain.archive import ArchiveNumber, Delete, Operation
from app.errors import UntrustedError
from app.progress import Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from app.store.mail import Mail
from app.store.mail_changes import ArrivedPack, MailChange

A, B = b"a" * 16, b"b" * 16
ONE = ArrivedPack("1" * 64, "2026-03-01", [(A, b"one"), (A, b"two"), (B, b"three")])
TWO = ArrivedPack("2" * 64, "2026-04-01", [(A, b"four")])


def take(
    archive: ArchiveStore, arrived: Iterable[ArrivedPack], *kept: ArrivedPack, sequence: int = 1
) -> None:
    packs = tuple(arrived)
    change = MailChange([each.sha256 for each in (*packs, *kept)], packs)
    archive.apply([], Edition(sequence, "2026-04-01", mail=change), Silent())


def test_records_are_found_by_tag_in_the_order_of_their_packs(archive: ArchiveStore) -> None:
    take(archive, [TWO, ONE])
    assert Mail(archive).records(A) == (b"one", b"two", b"four")
    assert Mail(archive).records(B) == (b"three",)
    assert Mail(archive).records(b"c" * 16) == ()
    assert Mail(archive).records(A, not_before="2026-03-02") == (b"four",)


def test_packs_come_and_go_as_the_feed_says(archive: ArchiveStore) -> None:
    take(archive, [ONE])
    assert Mail(archive).held() == {ONE.sha256}
    take(archive, [TWO], ONE)
    take(archive, [TWO], ONE)
    assert Mail(archive).held() == {ONE.sha256, TWO.sha256}
    take(archive, [], TWO)
    assert Mail(archive).records(A) == (b"four",)
    archive.replace_all([], Edition(2, "2026-04-01"), Silent())  # says nothing of mail
    assert Mail(archive).held() == {TWO.sha256}


def test_mail_of_an_older_edition_is_not_taken(archive: ArchiveStore) -> None:
    take(archive, [ONE], sequence=5)
    with pytest.raises(UntrustedError):
        take(archive, [TWO], sequence=4)
    assert Mail(archive).held() == {ONE.sha256}


def test_mail_and_records_come_together_or_not_at_all(archive: ArchiveStore) -> None:
    def broken() -> Iterator[Operation]:
        yield Delete(ArchiveNumber(1), 1)
        raise RuntimeError("cut off")

    change = MailChange([ONE.sha256], [ONE])
    with pytest.raises(RuntimeError):
        archive.apply(broken(), Edition(1, "2026-04-01", mail=change), Silent())
    assert Mail(archive).held() == frozenset()

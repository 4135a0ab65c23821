"""The chain over what waits: an older file, another file, and a changed one are noticed."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.submission import SubmissionState
from app.progress import Silent
from app.store.chain import NO_HEAD, BrokenChainError, Head
from app.store.outbox import BODY_LENGTH, Outbox
from app.store.post import Post
from app.store.withdrawals import SignedWithdrawal, Withdrawals
from app.store.witness import Witness

MOMENT = datetime(2026, 1, 31, 8, 15, tzinfo=UTC)
FIRST, SECOND = b"1" * 16, b"2" * 16


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "counters" / "first.outbox")


@pytest.fixture
def folder(tmp_path: Path, witness: Witness) -> Path:
    with Post.open_or_create(tmp_path / "post", witness) as post:
        Outbox(post).add(FIRST, bytes(BODY_LENGTH), MOMENT)
    return tmp_path / "post"


def _finish(post: Post) -> None:
    outbox = Outbox(post)
    outbox.move(FIRST, SubmissionState.SENDING)
    outbox.move(FIRST, SubmissionState.RECEIVED, status=201)


def _withdraw(post: Post) -> None:
    Withdrawals(post).add(FIRST, "ab" * 16, SignedWithdrawal(b"p", b"s"), MOMENT)


CHANGES: list[Callable[[Post], None]] = [
    lambda post: Outbox(post).add(SECOND, bytes(BODY_LENGTH), MOMENT),
    _finish,
    _withdraw,
]


def test_the_witness_knows_the_head_of_each_change(folder: Path, witness: Witness) -> None:
    for change in CHANGES:
        with Post.open_or_create(folder, witness) as post:
            before = post.head()
            change(post)
            assert post.head().number == before.number + 1
            assert witness.read() == post.head()
            assert not post.is_older_than_noted()
            post.check(Silent())


def test_a_try_that_settles_nothing_adds_no_entry(folder: Path, witness: Witness) -> None:
    with Post.open_or_create(folder, witness) as post:
        before, outbox = post.head(), Outbox(post)
        outbox.move(FIRST, SubmissionState.SENDING)
        outbox.move(FIRST, SubmissionState.QUEUED, status=503)
        outbox.recover()
        assert post.head() == before
        post.check(Silent())


@pytest.mark.parametrize("change", CHANGES)
def test_an_older_file_put_back_is_noticed(
    folder: Path, tmp_path: Path, witness: Witness, change: Callable[[Post], None]
) -> None:
    shutil.copytree(folder, tmp_path / "old")
    with Post.open_or_create(folder, witness) as post:
        change(post)
        known = post.head()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "old", folder)
    with Post.open_or_create(folder, witness) as post:
        assert post.is_older_than_noted()
        assert post.is_older_than(known)
        post.check(Silent())  # it is whole, only old
        Outbox(post).add(b"3" * 16, bytes(BODY_LENGTH), MOMENT)
        assert post.is_older_than(known)  # as many entries, and another one


def test_an_accepted_file_is_noticed_no_more(
    folder: Path, tmp_path: Path, witness: Witness
) -> None:
    witness.note(Head(40, b"x" * 32))
    with Post.open_or_create(folder, witness) as post:
        assert post.is_older_than_noted()
        post.accept()
        assert not post.is_older_than_noted()


def test_a_new_file_in_its_place_is_noticed(folder: Path, witness: Witness) -> None:
    shutil.rmtree(folder)
    with Post.open_or_create(folder, witness) as post:
        assert post.is_older_than_noted()


def test_a_witness_that_is_behind_or_gone_or_garbled_says_nothing(
    folder: Path, tmp_path: Path, witness: Witness
) -> None:
    path = tmp_path / "counters" / "first.outbox"
    before = witness.read()
    with Post.open_or_create(folder) as post:  # as if the disk was full for the witness
        Outbox(post).add(SECOND, bytes(BODY_LENGTH), MOMENT)
    assert witness.read() == before
    with Post.open_or_create(folder, witness) as post:
        assert not post.is_older_than_noted()
        assert witness.read() == post.head()
        for content in (b"", b"\xff\xfe", b"12", b"x y", b"1" * 5000):
            path.write_bytes(content)
            assert witness.read() == NO_HEAD
        path.unlink()
        assert not post.is_older_than_noted()


def test_forgotten_links_are_not_asked_for(folder: Path, witness: Witness) -> None:
    with Post.open_or_create(folder, witness) as post:
        first = post.head()
        for change in CHANGES:
            change(post)
        post.forget_links(post.head().number)
        post.check(Silent())
        assert not post.is_older_than_noted()
        assert not post.is_older_than(first)
        assert post.is_older_than(Head(post.head().number, b"y" * 32))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM submissions",
        "UPDATE submissions SET body_hash = zeroblob(32)",
        "UPDATE bodies SET body = CAST(zeroblob(65535) || 'x' AS BLOB)",
        "UPDATE bodies SET body = 'text'",
        "DELETE FROM bodies",
        "UPDATE submissions SET state = 'received'",
        "UPDATE chain SET link = zeroblob(32) WHERE number = 1",
        "UPDATE chain SET digest = zeroblob(32) WHERE number = 2",
        "DELETE FROM chain WHERE number = 2",
        "DELETE FROM chain",
        "DELETE FROM withdrawals",
    ],
)
def test_what_is_changed_past_the_program_is_found_by_the_check(
    folder: Path, witness: Witness, statement: str
) -> None:
    with Post.open_or_create(folder, witness) as post:
        _withdraw(post)
        post.check(Silent())
        with post.file.writing() as connection:
            connection.execute(text(statement))
        with pytest.raises(BrokenChainError, match="something other than this program"):
            post.check(Silent())


def _guess(*rows: tuple[bytes, bytes, str]) -> bytes:
    """What an entry over these holds, for whoever has ids and hashes from the service."""
    whole = hashlib.sha256()
    for report_id, body_hash, word in rows:
        for part in (report_id, body_hash, word.encode()):
            whole.update(hashlib.sha256(part).digest())
    return whole.digest()


def test_no_entry_tells_which_report_waited_to_whom_has_its_id_and_hash(tmp_path: Path) -> None:
    body_hash = hashlib.sha256(bytes(BODY_LENGTH)).digest()
    guesses = {_guess((FIRST, body_hash, word)) for word in ("", "received")}
    with Post.open_or_create(tmp_path / "post") as post:
        Outbox(post).add(FIRST, bytes(BODY_LENGTH), MOMENT)
        _finish(post)
        Outbox(post).forget(FIRST)
        with post.file.reading() as connection:
            digests = set(connection.execute(text("SELECT digest FROM chain")).scalars())
            salts = connection.execute(text("SELECT value FROM settings")).scalars().all()
        assert not digests & guesses
        assert len(salts) == 1  # of the last entry, over nothing
        post.check(Silent())


def test_entries_of_a_migration_which_have_no_salt_go_with_the_first_change(folder: Path) -> None:
    with Post.open_or_create(folder) as post:
        with post.file.writing() as connection:  # as if another version had made them
            connection.execute(text("DELETE FROM settings"))
        Outbox(post).add(SECOND, bytes(BODY_LENGTH), MOMENT)
        with post.file.reading() as connection:
            numbers = connection.execute(text("SELECT number FROM chain")).scalars().all()
        assert numbers == [1, 3]  # the first is over nothing

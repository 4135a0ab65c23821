"""No token is ever shown with two reports, whatever happens to the post."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.token import Account, AskedBatch, KeptToken, TokenCounts
from app.store.post import Post
from app.store.purse import MOST_FOR_A_REPORT, Purse
from app.store.tables.post import TOKENS

TENANT = "0" * 32
QUARTER, NEXT = "2026-Q3", "2026-Q4"
REPORT, OTHER = bytes(16), b"x" * 16


def _purse(folder: Path) -> Purse:
    return Purse(Post.open_or_create(folder / "vaults" / "first"), TENANT, folder / "counter")


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with Post.open_or_create(tmp_path / "vaults" / "first") as post:
        yield Purse(post, TENANT, tmp_path / "counter")


def _batch(quarter: str = QUARTER, first: int = 0) -> AskedBatch:
    numbers = range(first, first + 12)
    return AskedBatch(quarter, tuple(KeptToken(bytes([n]) * 32, b"asked") for n in numbers))


def _fill(purse: Purse, quarter: str = QUARTER, first: int = 0) -> None:
    batch = _batch(quarter, first)
    purse.ask(batch)
    purse.fill({each.nonce: b"own" + each.nonce for each in batch.tokens}, quarter)


def test_account_and_batch_are_there_after_opening_anew(tmp_path: Path) -> None:
    first = _purse(tmp_path)
    first.keep_account(Account(b"s" * 32, "card"))
    first.ask(_batch())
    again = _purse(tmp_path)
    account = again.account()
    assert account == Account(b"s" * 32, "card")
    assert account is not None
    assert not account.is_enrolled
    assert again.asked() == _batch()
    again.keep_account(Account(b"s" * 32, None))
    assert first.account() == Account(b"s" * 32, None)


def test_nothing_is_left_of_tokens_that_were_not_answered(purse: Purse) -> None:
    purse.ask(_batch())
    assert purse.counts({QUARTER}) == TokenCounts(0, 0)
    assert purse.take(REPORT, {QUARTER}) is None
    purse.drop_asked()
    assert purse.asked() is None


def test_the_same_token_comes_again_until_it_was_refused(purse: Purse) -> None:
    _fill(purse)
    first = purse.take(REPORT, {QUARTER})
    assert first is not None
    assert purse.take(REPORT, {QUARTER}) == first
    purse.note_refusal(first.nonce)
    second = purse.take(REPORT, {QUARTER})
    assert second not in {None, first}
    assert purse.counts({QUARTER}) == TokenCounts(10, 12)


def test_refusals_without_end_take_three_tokens_and_no_more(purse: Purse) -> None:
    _fill(purse)
    seen = set()
    for _ in range(20):
        token = purse.take(REPORT, {QUARTER})
        assert token is not None
        purse.note_refusal(token.nonce)
        seen.add(token.nonce)
    assert len(seen) == MOST_FOR_A_REPORT
    assert purse.counts({QUARTER}) == TokenCounts(12 - MOST_FOR_A_REPORT, 12)


def test_what_was_shown_is_emptied_when_its_report_waits_no_more(purse: Purse) -> None:
    _fill(purse)
    shown = purse.take(REPORT, {QUARTER})
    assert shown is not None
    purse.take(OTHER, {QUARTER})
    purse.settle([OTHER])
    with purse._file.reading() as connection:
        rows = connection.execute(TOKENS.select().where(TOKENS.c.state == "spent")).all()
    assert [(row.secret, row.report_id, len(row.nonce)) for row in rows] == [(b"", None, 32)]
    assert rows[0].nonce != shown.nonce  # the service keeps that one beside the report's id
    purse.settle([])
    assert purse.counts({QUARTER}) == TokenCounts(10, 12)


def test_tokens_count_in_their_quarters_and_go_with_a_later_batch(purse: Purse) -> None:
    _fill(purse)
    assert purse.take(REPORT, {NEXT}) is None
    assert purse.counts({NEXT}) == TokenCounts(0, 0)
    _fill(purse, NEXT, 100)
    assert purse.counts({QUARTER, NEXT}) == TokenCounts(12, 12)


def test_the_older_tokens_are_shown_first(purse: Purse) -> None:
    batch = _batch(NEXT)
    purse.ask(batch)
    purse.fill({each.nonce: b"new" for each in batch.tokens}, QUARTER)
    batch = _batch(QUARTER, 100)
    purse.ask(batch)
    purse.fill({each.nonce: b"old" for each in batch.tokens}, QUARTER)
    token = purse.take(REPORT, {QUARTER, NEXT})
    assert token is not None
    assert token.secret == b"old"


def test_a_post_from_a_backup_loses_its_unused_tokens(tmp_path: Path) -> None:
    folder = tmp_path / "vaults" / "first"
    with Post.open_or_create(folder) as post:
        purse = Purse(post, TENANT, tmp_path / "counter")
        _fill(purse)
        purse.take(REPORT, {QUARTER})
        assert not purse.discard_if_restored()
    shutil.copytree(folder, tmp_path / "backup")
    with Post.open_or_create(folder) as post:
        Purse(post, TENANT, tmp_path / "counter").take(OTHER, {QUARTER})
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    with Post.open_or_create(folder) as post:
        purse = Purse(post, TENANT, tmp_path / "counter")
        assert purse.discard_if_restored()
        assert purse.counts({QUARTER}).left == 0
        assert purse.take(REPORT, {QUARTER}) is not None  # bound to it before the backup
        assert purse.take(OTHER, {QUARTER}) is None
        assert not purse.discard_if_restored()


def test_a_lost_counter_and_a_crash_before_it_was_written_cost_nothing(
    tmp_path: Path, purse: Purse
) -> None:
    _fill(purse)
    purse.take(REPORT, {QUARTER})
    (tmp_path / "counter").unlink()
    assert not purse.discard_if_restored()
    assert purse.counts({QUARTER}).left == 11


class PurseMachine(RuleBasedStateMachine):
    """Reports come, are refused, received; the post is put back: never one token for two."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.vault = self.folder / "vaults" / "first"
        self.shown: dict[bytes, set[bytes]] = {}
        self.post = Post.open_or_create(self.vault)
        self.batches = 0
        self.has_backup = False

    @property
    def purse(self) -> Purse:
        return Purse(self.post, TENANT, self.folder / "counter")

    @rule()
    def fetch(self) -> None:
        if self.batches < 15 and self.purse.asked() is None:
            _fill(self.purse, QUARTER, 12 * self.batches)
            self.batches += 1

    @rule(report=st.integers(0, 6), is_refused=st.booleans())
    def send(self, report: int, is_refused: bool) -> None:
        can_take = self.purse.can_take([bytes([report]) * 16], {QUARTER})
        token = self.purse.take(bytes([report]) * 16, {QUARTER})
        assert can_take is (token is not None)
        if token is not None:
            self.shown.setdefault(token.nonce, set()).add(bytes([report]) * 16)
            if is_refused:
                self.purse.note_refusal(token.nonce)

    @rule(report=st.integers(0, 6))
    def receive(self, report: int) -> None:
        others = [bytes([each]) * 16 for each in range(7) if each != report]
        self.purse.settle(others)

    @rule()
    def back_up(self) -> None:
        self.post.close()
        shutil.rmtree(self.folder / "backup", ignore_errors=True)
        shutil.copytree(self.vault, self.folder / "backup")
        self.has_backup = True
        self.post = Post.open_or_create(self.vault)

    @rule()
    def restore(self) -> None:
        if self.has_backup:
            self.post.close()
            shutil.rmtree(self.vault)
            shutil.copytree(self.folder / "backup", self.vault)
            self.post = Post.open_or_create(self.vault)
            self.purse.discard_if_restored()

    @invariant()
    def no_token_links_two_reports(self) -> None:
        assert all(len(reports) == 1 for reports in self.shown.values())

    def teardown(self) -> None:
        self.post.close()
        shutil.rmtree(self.folder)


TestPurseMachine = PurseMachine.TestCase
# Every step waits for the disk.
TestPurseMachine.settings = settings(max_examples=6, stateful_step_count=25, deadline=None)

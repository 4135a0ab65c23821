"""A clock that is wrong by years breaks nothing, costs nothing, and makes nothing valid again.

The whole exchange of an enrolled program, with a real desk's signed feed. Without a network: the
issuer and intake answer here, and no newer feed can be fetched.
"""

import hashlib
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.token import Account
from app.errors import SurroundingsError
from app.paths import Home
from app.progress import Silent
from app.store.outbox import Outbox
from app.store.post import Post
from app.use_cases.keep_safe import Covers, Purse, open_purse
from sync import exchange as exchange_module
from sync import issuer_talk, uploader
from sync.archive_update import import_archive
from sync.client import HttpAnswer
from sync.covers import prepare_covers
from sync.desk.custody import TARGETS_RINGS
from sync.desk.issuer import publish_issuer_key
from sync.desk.repository import refresh
from sync.exchange import Exchanged, exchange
from sync.network import Network
from sync.officer_standing import describe_tokens, read_officer
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.token_batch import TokenBatch, join_answers
from sync.protocol.token_request import TokenResponse
from sync.silence import CHECK_DATE, is_date_doubtful
from sync.verified_officer import describe_officer
from tests.desk.feed_maker import Desk, make_desk
from tests.golden.make_protocol import ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FILE
from tests.protocol.issuers import ISSUER, signer

SIGNED = datetime(2026, 8, 1, 9, tzinfo=UTC)
NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
QUARTER = "2026-Q3"
WRONG = [1970, 2025, 2031, 9998]
REPORT = b"r" * 16


@dataclass
class Officer:
    """A program with a feed on a stick. fetches: how often tokens were asked for."""

    desk: Desk
    home: Home
    post: Post
    fetches: int = 0
    received: list[bytes] = field(default_factory=list)

    @property
    def purse(self) -> Purse:
        return open_purse(self.home, self.post, self.desk.connection.tenant)

    @property
    def planned(self) -> list[datetime]:
        covers = Covers(self.post, self.desk.connection.tenant)
        return [each.moment_utc for each in covers.planned()]

    def exchange(self, now: datetime) -> Exchanged:
        prepare_covers(self.home, self.desk.connection, self.post, now, random.Random(2))
        return exchange(
            self.home, self.desk.connection, [self.post], now, Silent(), chance=random.Random(1)
        )

    def told(self, now: datetime) -> str:
        return describe_officer(self.home, self.desk.connection, self.post, now)

    def told_at_length(self, now: datetime) -> str:
        return describe_tokens(read_officer(self.home, self.desk.connection, self.post, now))

    def ask(
        self, _method: str, _url: str, _network: Network, _headers: Mapping[str, str], body: bytes
    ) -> HttpAnswer:
        self.fetches += 1
        requests = TokenBatch.from_bytes(body).requests
        signed = [TokenResponse(signer().blind_sign(each.blinded)) for each in requests]
        return HttpAnswer(200, join_answers(signed), None)

    def submit(
        self, _url: str, report_id: bytes, body: bytes, _network: Network, **shown: str
    ) -> HttpAnswer:
        assert set(shown) == {"authorization", "proof"}
        self.received.append(report_id)
        body_hash = hashlib.sha256(body).digest()
        signed = acknowledge(ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FILE, report_id, body_hash)
        return HttpAnswer(201, signed.to_bytes(), None)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = make_desk(tmp_path_factory.mktemp("desk"), SIGNED)
    holders = [made.rings[name] for name in TARGETS_RINGS]
    key = IssuerKey(made.connection.tenant, QUARTER, ISSUER.modulus)
    publish_issuer_key(made.feed, made.connection, holders, made.lead, key, 260, SIGNED)
    return made


@pytest.fixture
def officer(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    home = Home(tmp_path)
    shutil.copytree(desk.feed.released, tmp_path / "stick")
    with Post.open_or_create(home.vault_folder("first")) as post:
        import_archive(
            home, desk.connection, tmp_path / "stick", SIGNED, Silent(), allow_expired=False
        )
        found = Officer(desk, home, post)
        found.purse.keep_account(Account(b"s" * 32, None))
        monkeypatch.setattr(issuer_talk, "ask", found.ask)
        monkeypatch.setattr(uploader, "submit", found.submit)
        monkeypatch.setattr(exchange_module, "update_archive", _no_network)
        monkeypatch.setattr(
            exchange_module, "verified_keys", lambda *_words: (ACKNOWLEDGEMENT_FILE,)
        )
        yield found


def _no_network(*_words: object) -> object:
    raise SurroundingsError("Nobody answers.")


@pytest.mark.parametrize("year", WRONG)
def test_what_was_had_before_is_there_when_the_date_is_right_again(
    officer: Officer, year: int
) -> None:
    officer.exchange(NOW)
    Outbox(officer.post).add(REPORT, bytes(65_536), NOW + timedelta(hours=5))
    planned = officer.planned
    assert len(planned) == 2
    wrong = NOW.replace(year=year)
    for hours in (0, 30):
        officer.exchange(wrong + timedelta(hours=hours))
        assert officer.told(wrong + timedelta(hours=hours))
    assert officer.fetches == 1
    assert officer.planned == planned
    for days in (33, 35, 37):  # later than any first report waits
        officer.exchange(NOW + timedelta(days=days))
    assert officer.received.count(REPORT) == 1
    assert officer.fetches == 1
    assert len(officer.received) - 1 + len(officer.planned) in {1, 2}
    left = officer.purse.counts({QUARTER}).left
    assert left == 12 - len(officer.received)
    assert officer.told(NOW) == f"verified, {left} of 12 left"


@pytest.mark.parametrize("year", WRONG)
def test_enrolled_under_a_wrong_date_it_works_once_the_date_is_right(
    officer: Officer, year: int
) -> None:
    wrong = NOW.replace(year=year)
    for hours in (0, 90):
        officer.exchange(wrong + timedelta(hours=hours))
    for days in (0, 2, 3, 29):
        officer.exchange(NOW + timedelta(days=days))
    assert officer.fetches == 1
    assert officer.purse.counts({QUARTER}).total == 12
    Outbox(officer.post).add(REPORT, bytes(65_536), NOW + timedelta(days=30))
    officer.exchange(NOW + timedelta(days=30))
    assert officer.received.count(REPORT) == 1


@pytest.mark.parametrize("year", [2028, 9998])
def test_a_date_far_ahead_is_said_where_the_tokens_are_told(officer: Officer, year: int) -> None:
    officer.exchange(NOW)
    assert CHECK_DATE in officer.told(NOW.replace(year=year))
    assert CHECK_DATE in officer.told_at_length(NOW.replace(year=year))


@pytest.mark.parametrize("year", [1970, 2025])
def test_a_date_far_behind_is_said_and_hides_no_token(officer: Officer, year: int) -> None:
    officer.exchange(NOW)
    wrong = NOW.replace(year=year)
    assert is_date_doubtful(None, SIGNED.date().isoformat(), wrong)
    assert officer.told(wrong) == "verified, 12 of 12 left"
    assert "12 of 12 tokens left" in officer.told_at_length(wrong)


@pytest.mark.parametrize("back", [0, 180, 365 * 20])
def test_what_has_run_out_by_something_signed_never_counts_again(
    officer: Officer, desk: Desk, tmp_path: Path, back: int
) -> None:
    officer.exchange(NOW)
    later = desk.at(Path(shutil.copytree(desk.feed.folder, tmp_path / "later")))
    after = datetime(2027, 1, 4, tzinfo=UTC)
    refresh(later.feed, desk.connection, desk.lead, after)
    import_archive(
        officer.home,
        desk.connection,
        later.feed.released,
        after,
        Silent(),
        allow_expired=True,
    )
    Outbox(officer.post).add(REPORT, bytes(65_536), NOW)
    now = after - timedelta(days=back)
    officer.exchange(now)
    officer.exchange(now + timedelta(days=1))
    assert officer.received == []
    assert officer.planned == []
    assert officer.purse.ready() == {}
    assert len(Outbox(officer.post).submissions()) == 1

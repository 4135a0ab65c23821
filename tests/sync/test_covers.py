"""Two covers a quarter, made and sent as reports are; what an officer has to say goes first."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.submission import SubmissionState
from app.domain.token import Account, AskedBatch, KeptToken
from app.paths import Home
from app.store.outbox import Outbox
from app.store.post import Post
from app.use_cases.keep_safe import Covers, Purse, open_purse
from sync import covers as covers_module
from sync import token_times, uploader
from sync.client import HttpAnswer
from sync.covers import draw_moments, is_cover_due, prepare_covers, seal_cover, tidy_covers
from sync.network import Network
from sync.network_errors import NetworkError
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.connection import Connection
from sync.protocol.cover import cover_content, is_cover
from sync.protocol.errors import MalformedError
from sync.protocol.quarters import accepted_quarters, quarter_of, quarter_start, quarters_later
from sync.protocol.seal import unseal
from sync.protocol.token import Token
from sync.protocol.token_proof import TokenProof, verify_proof
from sync.protocol.token_request import finalise, request_token
from sync.report_proof import ReportProofs
from sync.token_fetch import write_own
from tests.golden.make_protocol import (
    ACKNOWLEDGEMENT,
    ACKNOWLEDGEMENT_FILE,
    RESEARCH,
    RESEARCH_FILE,
    TENANT,
)
from tests.protocol.issuers import ISSUER, QUARTER, answer

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)
CONNECTION = Connection(TENANT, "A test", "http://127.0.0.1:9", "http://127.0.0.1:9", b"r", b"s")
BODY = bytes(65_536)
SIGNED = datetime(2026, 8, 1, tzinfo=UTC)


@dataclass
class Officer:
    """An enrolled program without a network. signed: the day on which the feed was signed."""

    home: Home
    post: Post
    signed: datetime = SIGNED
    statuses: list[int | None] = field(default_factory=list)
    shown: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)

    @property
    def purse(self) -> Purse:
        return open_purse(self.home, self.post, TENANT)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.post)

    @property
    def covers(self) -> Covers:
        return Covers(self.post, TENANT)

    def give_tokens(self, count: int) -> None:
        pending = [request_token(ISSUER) for _ in range(count)]
        asked = tuple(KeptToken(each.key.public_bytes(), each.to_bytes()) for each in pending)
        self.purse.ask(AskedBatch(QUARTER, asked))
        own = [finalise(each, answer(each), ISSUER) for each in pending]
        self.purse.fill({each.token.nonce: write_own(each) for each in own}, QUARTER)

    def clock(self, now: datetime) -> datetime:
        return max(now, self.signed)

    def look(self, now: datetime) -> None:
        prepare_covers(self.home, CONNECTION, self.post, now, random.Random(1))

    def send(self, now: datetime, *, at_once: bool = False) -> uploader.SendResult:
        """What an exchange does with this post."""
        tidy_covers(self.home, CONNECTION, self.post)
        proofs = ReportProofs(self.purse, TENANT, self.clock(now))
        sent = uploader.send_waiting(
            self.outbox,
            "http://x",
            [ACKNOWLEDGEMENT_FILE],
            now,
            Network(),
            at_once=at_once,
            proofs=proofs,
        )
        tidy_covers(self.home, CONNECTION, self.post)
        return sent

    def submit(
        self,
        _url: str,
        report_id: bytes,
        body: bytes,
        _network: Network,
        *,
        authorization: str | None = None,
        proof: str | None = None,
    ) -> HttpAnswer:
        """The service: a token and a proof with everything. Answers 201 if not told otherwise."""
        assert authorization is not None
        assert proof is not None
        token = Token.from_header(authorization)
        body_hash = hashlib.sha256(body).digest()
        verify_proof(TokenProof.from_header(proof), token, TENANT, report_id, body_hash)
        self.shown.append((report_id, body, token.nonce))
        status = self.statuses.pop(0) if self.statuses else 201
        if status is None:
            raise NetworkError("Nobody answers.")
        signed = acknowledge(ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FILE, report_id, body_hash)
        return HttpAnswer(status, signed.to_bytes() if status == 201 else b"", None)

    def shown_covers(self) -> list[bytes]:
        return [each[0] for each in self.shown if _is_cover(each[0], each[1])]


def _is_cover(report_id: bytes, body: bytes) -> bool:
    if body == BODY:
        return False
    return is_cover(unseal(body, RESEARCH, RESEARCH_FILE, report_id))


@pytest.fixture
def officer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    home = Home(tmp_path)
    with Post.open_or_create(home.vault_folder("first")) as post:
        found = Officer(home, post)
        monkeypatch.setattr(covers_module, "trusted_clock", lambda _h, _c, now: found.clock(now))
        monkeypatch.setattr(covers_module, "research_key", lambda _h, _c: RESEARCH_FILE)
        monkeypatch.setattr(uploader, "submit", found.submit)
        found.purse.keep_account(Account(b"s" * 32, None))
        yield found


@pytest.fixture
def enrolled(officer: Officer) -> Officer:
    officer.give_tokens(12)
    officer.look(NOW)
    return officer


def _last_moment(officer: Officer) -> datetime:
    return officer.covers.planned()[-1].moment_utc


def test_two_moments_are_drawn_with_the_tokens_and_kept(enrolled: Officer) -> None:
    drawn = enrolled.covers.planned()
    assert len(drawn) == 2
    for day in range(3):
        prepare_covers(
            enrolled.home, CONNECTION, enrolled.post, NOW + timedelta(hours=day), random.Random(9)
        )
    assert enrolled.covers.planned() == drawn


def test_without_card_or_without_tokens_there_are_none(officer: Officer) -> None:
    officer.look(NOW)
    assert officer.covers.planned() == ()
    officer.give_tokens(12)
    officer.purse.keep_account(Account(b"s" * 32, "CARD"))
    officer.look(NOW)
    assert officer.covers.planned() == ()


@pytest.fixture(scope="module")
def drawing_post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with Post.open_or_create(tmp_path_factory.mktemp("post")) as found:
        yield found


@settings(max_examples=60, deadline=None)
@given(
    day=st.integers(0, 181),
    seed=st.integers(0, 10_000),
    wait=st.integers(0, 5),
)
def test_moments_lie_where_reports_may_lie_too(
    drawing_post: Post, day: int, seed: int, wait: int
) -> None:
    clock = quarter_start(QUARTER) + timedelta(days=day)
    first = clock + timedelta(days=wait)
    token_times.put_moment(drawing_post, token_times.FIRST_REPORT, first)
    drawn = draw_moments(drawing_post, QUARTER, clock, random.Random(seed))
    assert len(drawn) == 2
    assert list(drawn) == sorted(drawn)
    last = quarter_start(quarters_later(QUARTER, 2)) - timedelta(days=7)
    for each in drawn:
        assert first - timedelta(minutes=1) <= each <= max(last, first)
        assert each <= first + timedelta(days=91)


def test_no_part_of_a_quarter_has_fewer_covers_than_another(tmp_path: Path) -> None:
    thirds = [0, 0, 0]
    with Post.open_or_create(tmp_path) as post:
        chance = random.Random(20_261_122)
        for quarter in (f"{year}-Q{n}" for year in range(2030, 2180) for n in range(1, 5)):
            fetched = quarter_start(quarter) + timedelta(days=chance.uniform(0, 28))
            for moment in draw_moments(post, quarter, fetched, chance):
                length = quarter_start(quarters_later(quarter_of(moment), 1)) - quarter_start(
                    quarter_of(moment)
                )
                done = (moment - quarter_start(quarter_of(moment))) / length
                thirds[int(done * 3)] += 1
    assert sum(thirds) == 1200
    assert all(340 < each < 460 for each in thirds), thirds


def test_at_its_moment_one_is_sealed_and_leaves_after_a_random_time(enrolled: Officer) -> None:
    first, second = (each.moment_utc for each in enrolled.covers.planned())
    assert not is_cover_due(enrolled.post, first - timedelta(minutes=1))
    enrolled.look(first - timedelta(minutes=1))
    assert enrolled.outbox.waiting() == ()
    assert is_cover_due(enrolled.post, first)
    enrolled.look(first)
    (row,) = enrolled.outbox.waiting()
    assert row.is_cover
    assert first <= row.not_before_utc <= first + timedelta(hours=18)
    assert first < second
    assert enrolled.send(row.not_before_utc - timedelta(seconds=1)).left == 0
    assert enrolled.shown == []
    sent = enrolled.send(row.not_before_utc)
    assert (sent.received, sent.left, sent.trouble) == (0, 0, "")
    assert enrolled.shown_covers() == [row.report_id]
    assert enrolled.outbox.covers() == ()
    assert enrolled.purse.counts({QUARTER}).left == 11


def test_restarts_and_crashes_neither_double_nor_lose_one(
    enrolled: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = _last_moment(enrolled)
    with monkeypatch.context() as patch:
        patch.setattr(covers_module, "seal_cover", _break)
        with pytest.raises(RuntimeError):
            enrolled.look(late)
    for _ in range(3):  # the window, the timer, the window anew
        enrolled.look(late)
    assert len(enrolled.outbox.waiting()) == 2
    enrolled.outbox.move(enrolled.outbox.waiting()[0].report_id, SubmissionState.SENDING)  # killed
    day = late + timedelta(days=1)
    enrolled.send(day)
    enrolled.look(day)
    enrolled.send(day, at_once=True)
    assert len(set(enrolled.shown_covers())) == len(enrolled.shown) == 2
    assert enrolled.purse.counts({QUARTER}).left == 10
    enrolled.look(day + timedelta(days=1))
    assert enrolled.outbox.waiting() == ()
    assert enrolled.covers.planned() == ()


def _break(_key: object) -> tuple[bytes, bytes]:
    raise RuntimeError("killed here")


def test_after_a_lost_answer_the_same_bytes_and_token_come_again(enrolled: Officer) -> None:
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    (row,) = enrolled.outbox.waiting()
    enrolled.statuses = [None]
    sent = enrolled.send(row.not_before_utc)
    assert "Nobody answers" in sent.trouble
    assert (sent.left, sent.held) == (0, 0)
    enrolled.send(row.not_before_utc, at_once=True)
    assert enrolled.shown[0] == enrolled.shown[1]
    assert enrolled.outbox.waiting() == ()


def test_what_stands_in_the_way_of_a_cover_is_told_without_a_report(enrolled: Officer) -> None:
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    enrolled.statuses = [302]
    sent = enrolled.send(NOW + timedelta(days=120), at_once=True)
    assert sent.trouble
    assert "report" not in sent.trouble
    assert "outbox" not in sent.trouble


def test_one_that_is_refused_as_a_report_is_tried_as_often_as_one(enrolled: Officer) -> None:
    """Neither more nor fewer tokens, and the same ends."""
    enrolled.outbox.add(b"r" * 16, BODY, NOW)
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    enrolled.statuses = [403] * 40
    for _ in range(8):
        enrolled.send(NOW, at_once=True)
    tries: dict[bytes, list[bytes]] = {}
    for report_id, _body, nonce in enrolled.shown:
        tries.setdefault(report_id, []).append(nonce)
    (one, other) = tries.values()
    assert len(one) == len(other)
    assert len(set(one)) == len(set(other)) == 3
    enrolled.statuses = [400] * 4
    enrolled.send(NOW, at_once=True)
    enrolled.send(NOW, at_once=True)
    assert enrolled.outbox.covers() == ()


@pytest.mark.parametrize(("tokens", "reports", "expected"), [(3, 2, 1), (3, 3, 0), (3, 5, 0)])
def test_what_the_officer_has_to_say_goes_first(
    officer: Officer, tokens: int, reports: int, expected: int
) -> None:
    officer.give_tokens(tokens)
    officer.look(NOW)
    late = _last_moment(officer)
    officer.look(late)
    assert len(officer.outbox.covers()) == 2
    for number in range(reports):
        officer.outbox.add(bytes([number]) * 16, BODY, late + timedelta(hours=1))
    officer.send(late, at_once=True)
    assert len(officer.shown_covers()) == expected
    assert len(officer.shown) == tokens
    assert officer.outbox.covers() == ()
    assert len(officer.outbox.submissions()) == reports


def test_none_is_sealed_while_the_tokens_only_do_for_the_reports(officer: Officer) -> None:
    officer.give_tokens(2)
    officer.look(NOW)
    late = _last_moment(officer)
    for number in range(2):
        officer.outbox.add(bytes([number]) * 16, BODY, late)
    officer.look(late)
    assert officer.outbox.covers() == ()
    assert len(officer.covers.planned()) == 2


def test_a_clock_that_is_years_ahead_loses_no_cover(enrolled: Officer) -> None:
    drawn = enrolled.covers.planned()
    for year in (2027, 2031, 2099):
        enrolled.look(NOW.replace(year=year))
        enrolled.send(NOW.replace(year=year))
    assert enrolled.covers.planned() == drawn
    enrolled.look(drawn[0].moment_utc)
    (row,) = enrolled.outbox.waiting()
    enrolled.send(NOW.replace(year=2031))  # held: no token counts by such a clock
    assert enrolled.shown == []
    enrolled.send(row.not_before_utc, at_once=True)
    assert enrolled.shown_covers() == [row.report_id]


@pytest.mark.parametrize("year", [1970, 1999, 2020])
def test_a_clock_that_is_years_behind_hurries_none(officer: Officer, year: int) -> None:
    officer.give_tokens(12)
    behind = NOW.replace(year=year)
    officer.look(behind)
    drawn = [each.moment_utc for each in officer.covers.planned()]
    assert len(drawn) == 2
    assert min(drawn) >= SIGNED
    officer.look(behind)
    assert officer.outbox.covers() == ()
    officer.signed = max(drawn) + timedelta(days=1)  # the feed goes on
    officer.look(behind)
    assert len(officer.outbox.covers()) == 2


def test_with_the_quarter_all_that_belongs_to_it_goes(enrolled: Officer) -> None:
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    assert len(enrolled.outbox.covers()) == 1
    enrolled.signed = quarter_start(quarters_later(QUARTER, 2))
    assert QUARTER not in accepted_quarters(quarter_of(enrolled.signed))
    enrolled.send(enrolled.signed)
    assert enrolled.shown == []
    assert enrolled.outbox.covers() == ()
    assert enrolled.covers.planned() == ()
    assert enrolled.purse.counts({QUARTER}).total == 0


def test_after_a_restore_none_is_sent_without_a_token(enrolled: Officer) -> None:
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    enrolled.home.counter_file("first").parent.mkdir(exist_ok=True)
    enrolled.home.counter_file("first").write_text("7", "ascii")
    assert enrolled.purse.discard_if_restored()
    enrolled.send(NOW + timedelta(days=60), at_once=True)
    assert enrolled.shown == []
    assert enrolled.outbox.covers() == ()


def test_after_a_change_of_the_connection_none_is_sent_to_the_wrong_service(
    enrolled: Officer,
) -> None:
    enrolled.look(enrolled.covers.planned()[0].moment_utc)
    other = Connection("f" * 32, "Another", "http://y", "http://y", b"r", b"s")
    uploader.claim_post(enrolled.post, TENANT)
    uploader.claim_post(enrolled.post, other.tenant)  # a cover does not stand in the way
    tidy_covers(enrolled.home, other, enrolled.post)
    assert enrolled.outbox.waiting() == ()


def test_a_cover_that_says_something_is_none() -> None:
    assert is_cover(cover_content())
    assert not is_cover(b'{"format":"nearmiss-report-1"}')
    with pytest.raises(MalformedError):
        is_cover(b'{"format":"nearmiss-cover-1","text":"x"}')
    with pytest.raises(MalformedError):
        is_cover(b"[]")


def test_two_covers_have_nothing_in_common() -> None:
    (one_id, one), (other_id, other) = seal_cover(RESEARCH_FILE), seal_cover(RESEARCH_FILE)
    assert one_id != other_id
    same = sum(left == right for left, right in zip(one, other, strict=True))
    assert same < 65_536 / 256 * 1.5

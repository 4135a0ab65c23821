"""One officer's computer: the program's own code by a clock that runs ahead to its next moment.

The loop is that of the program: it looks about once a minute, and exchanges when something may
leave or about a day has passed. Each computer asks the feed once over the network; on later days,
since the feed has nothing new, the same requests are written down again. All others are made.
"""

import os
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unittest import mock

from app.domain.submission import SubmissionState
from app.paths import Home
from app.progress import Progress, Silent
from app.use_cases.keep_safe import Outbox, Post, next_moment, open_post, open_purse
from sync import exchange as exchange_module
from sync.archive_update import last_update_utc, research_key, update_archive
from sync.connect import open_connection
from sync.covers import is_cover_due, prepare_covers
from sync.enrolment import EnrolmentState, enrol, read_card
from sync.exchange import Turn, exchange
from sync.feed import Update
from sync.issuer_talk import IssuerTalk
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.envelope import Envelope
from sync.protocol.keys import SigningKey
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import seal
from sync.schedule import day_after, draw_first_time, is_day_over, may_leave
from sync.token_fetch import is_fetch_due
from sync.uploader import claim_post
from sync.verified_officer import Moment, note_fetching
from tests.unlinkability.field import VAULT, Field
from tests.unlinkability.sight import Contact

# The time from a moment to the look that finds it is as long as this at most (ui/sync_loop.py).
_LOOK_S = 90
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """When an officer enrols and when the report is approved, which nobody but they decides."""

    enrols_utc: datetime
    writes_utc: datetime


class _Nothing:
    """What an update says that brought nothing."""

    def sentence(self) -> str:
        """Nothing."""
        return ""


class Machine:
    """before_exchange: called before the network is spoken to, for leaks. in_one_slot: a leak."""

    def __init__(
        self,
        field: Field,
        home: Home,
        day: Day,
        chance: random.Random,
        before_exchange: Callable[["Machine"], None],
        *,
        in_one_slot: bool = False,
    ) -> None:
        self.home = home
        self.connection = open_connection(home)
        self.chance = chance
        self.account = b""
        self.report = b""
        self.is_done = False
        self.contacts: list[Contact] = []
        self._post = open_post(home, VAULT)
        self._field = field
        self._day = day
        self._before_exchange = before_exchange
        self._in_one_slot = in_one_slot
        self._quiet: tuple[Contact, ...] = ()
        # What has passed before the round: the last fetch of the feed, on the day before.
        self._set_synced(day.enrols_utc - timedelta(seconds=chance.uniform(0, 86_400)))

    def next_look(self, now: datetime) -> datetime:
        """The first look after now at which something happens."""
        if not self.account:
            return self._day.enrols_utc
        moments = [row.not_before_utc for row in Outbox(self._post).waiting()]
        moments.append(next_moment(self._post) or _NEVER)
        if not self.report:
            moments.append(self._day.writes_utc)
        synced = last_update_utc(self.home)
        assert synced is not None
        moments.append(synced + timedelta(seconds=day_after(synced)))
        begins = max(now, min(moments))
        return begins + timedelta(seconds=self.chance.uniform(0, _LOOK_S))

    def look(self, now: datetime) -> None:
        """What the program does at this moment."""
        self._field.gate.now_s = now.timestamp()
        try:
            self._act(self._post, now)
        finally:
            self.contacts += self._field.gate.take()

    def close(self) -> None:
        """The computer is not needed any more."""
        self._post.close()

    def _act(self, post: Post, now: datetime) -> None:
        if not self.account:
            self._enrol(post, now)
            return
        if not self.report and now >= self._day.writes_utc:
            self._write(post, now)
        if is_cover_due(post, now):
            prepare_covers(self.home, self.connection, post, now, self.chance)
        rows = Outbox(post).waiting()
        synced = last_update_utc(self.home)
        is_over = is_day_over(synced, now, day_after(synced))
        if is_over or may_leave(rows, now):
            self._exchange(post, now, Turn.FETCHING if is_over else Turn.SENDING)
        self.is_done = bool(self.report) and self._is_received(post)

    def _enrol(self, post: Post, now: datetime) -> None:
        self._before_exchange(self)
        purse = open_purse(self.home, post, self.connection.tenant)
        network = read_network(self.home)
        url = self.connection.service_url
        talk = IssuerTalk(post, purse, url, network, now, self.chance)
        assert enrol(talk, read_card(self._field.card())).state is EnrolmentState.ENROLLED
        account = purse.account()
        assert account is not None
        self.account = SigningKey(account.seed).public_bytes()
        if self._in_one_slot:
            talk.plan_fetch(now + timedelta(days=100))

    def _write(self, post: Post, now: datetime) -> None:
        """Approve a report, as long as by chance."""
        report_id = secrets.token_bytes(ID_LENGTH)
        claim_post(post, self.connection.tenant)
        story = "Nobody was hurt. " * self.chance.randint(1, 1_000)
        content = Envelope("game", 1, {}, {"narrative": story}, None).to_bytes()
        key = research_key(self.home, self.connection)
        body = seal(content, key, report_id, secrets.token_bytes(32))
        Outbox(post).add(report_id, body, draw_first_time(now, self.chance))
        self.report = report_id

    def _exchange(self, post: Post, now: datetime, turn: Turn) -> None:
        at_once = self._in_one_slot and bool(self.report)
        if turn is Turn.FETCHING and self._quiet and not at_once and not is_fetch_due(post, now):
            self._before_exchange(self)
            note_fetching(post, Moment(now, self.chance))
            self._field.gate.repeat(self._quiet)
            self._set_synced(now)
            return
        self._before_exchange(self)
        with mock.patch.object(exchange_module, "update_archive", self._update):
            done = exchange(
                self.home,
                self.connection,
                [post],
                now,
                Silent(),
                at_once=at_once,
                tokens_at_once=at_once,
                turn=Turn.EVERYTHING if at_once else turn,
                chance=self.chance,
            )
        assert not done.trouble, done.trouble

    def _update(
        self, home: Home, connection: Connection, now: datetime, progress: Progress
    ) -> Update | _Nothing:
        """The first time over the network, then as then: the feed has nothing new."""
        gate = self._field.gate
        if self._quiet:
            gate.repeat(self._quiet)
            done: Update | _Nothing = _Nothing()
        else:
            begin = len(gate.contacts)
            done = update_archive(home, connection, now, progress)
            self._quiet = tuple(gate.contacts[begin:])
            assert self._quiet
        self._set_synced(now)
        return done

    def _is_received(self, post: Post) -> bool:
        states = {row.report_id: row.state for row in Outbox(post).submissions()}
        return states[self.report] is SubmissionState.RECEIVED

    def _set_synced(self, now: datetime) -> None:
        """The file's time is the system's clock's; here it is that of the game."""
        file = self.home.folder / "last-update"
        file.touch()
        os.utime(file, (now.timestamp(), now.timestamp()))

"""One computer with some officers, who enrol, queue reports and send them, by the program's code.

Its clock is the one that `exchange` is given: it runs ahead to the next moment that the program
has drawn for itself, so that days of waiting pass at once, and nothing of the waiting is changed.
After a kill it begins at the present again, like a clock that was set back.
"""

import hashlib
import random
import secrets
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.submission import SubmissionState
from app.paths import Home
from app.progress import Silent
from app.use_cases.keep_safe import Outbox, Post, open_purse
from sync import token_times
from sync.archive_update import research_key
from sync.connect import open_connection
from sync.enrolment import begin_enrolment, read_card
from sync.exchange import Turn, exchange
from sync.protocol.envelope import Envelope
from sync.protocol.quarters import accepted_quarters, quarter_of
from sync.protocol.seal import seal
from sync.schedule import draw_first_time
from sync.uploader import claim_post
from sync.verified_officer import CARD_REFUSED

REPORTS_OF_AN_OFFICER = 10
"""Of twelve tokens: two are for cover submissions."""
SERIAL = "serial"
_MOST_MARGIN_S = 3_600
# Each exchange opens and checks much; with one report at a time that would be most of the work.
_DUE_AT_ONCE = 12
# A report that takes longer by the computer's clock is one that will never arrive.
_LONGEST = timedelta(days=45)
_DAY = timedelta(days=1)

Note = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Officer:
    """card: what is typed to enrol. serials: the reports that are theirs to send."""

    vault: str
    card: str
    serials: Sequence[int]


def report_id(seed: int, serial: int) -> bytes:
    """The same at every start, so that a report is not queued twice after a kill."""
    return hashlib.sha256(f"{seed}/{serial}".encode()).digest()[:16]


class Station:
    """home: with connection and archive. queued, received: are told ids, each once."""

    def __init__(
        self,
        home: Home,
        officers: Sequence[Officer],
        seed: int,
        chance: random.Random,
        queued: Note,
        received: Note,
    ) -> None:
        self._home = home
        self._officers = officers
        self._seed = seed
        self._chance = chance
        self._queued = queued
        self._received = received
        self._connection = open_connection(home)
        self._key = research_key(home, self._connection)
        self._begun = self._now = datetime.now(UTC)
        self._fetched = self._now
        self._told: set[bytes] = set()

    def work(self) -> None:
        """Go on until all reports of all officers are final. Raises AssertionError if not."""
        with ExitStack() as stack:
            posts = [
                stack.enter_context(Post.open_or_create(self._home.vault_folder(each.vault)))
                for each in self._officers
            ]
            waiting = []
            for officer, post in zip(self._officers, posts, strict=True):
                self._enrol(officer, post)
                waiting += self._look_what_waits(officer, post)
            self._chance.shuffle(waiting)
            self._tell(posts)
            while waiting or not self._is_over(posts):
                # Some before there are tokens, and the others while those are being sent.
                count = 6 if all(self._has_tokens(post) for post in posts) else 1
                for each in waiting[:count]:
                    self._queue(*each)
                del waiting[:count]
                self._pass_time(posts)
                self._exchange(posts)
                self._tell(posts)

    def _exchange(self, posts: Sequence[Post]) -> None:
        """As the program's own loop does: a turn for the feed and the issuer once a day."""
        is_over = self._now - self._fetched > _DAY or not all(map(self._has_tokens, posts))
        turn = Turn.FETCHING if is_over else Turn.SENDING
        if is_over:
            self._fetched = self._now
        done = exchange(
            self._home,
            self._connection,
            posts,
            self._now,
            Silent(),
            turn=turn,
            chance=self._chance,
        )
        assert CARD_REFUSED not in done.trouble, "a card is used and its account is lost"

    def _look_what_waits(self, officer: Officer, post: Post) -> list[tuple[Post, int, bytes]]:
        """The reports that are still to be queued; after a kill some are in the post already."""
        known = {row.report_id for row in Outbox(post).submissions()}
        ids = {serial: report_id(self._seed, serial) for serial in officer.serials}
        for each in sorted(known & set(ids.values())):
            self._queued(each)
        return [(post, serial, name) for serial, name in ids.items() if name not in known]

    def _queue(self, post: Post, serial: int, name: bytes) -> None:
        claim_post(post, self._connection.tenant)
        content = Envelope("torture", 1, {SERIAL: serial}, self._story(), None).to_bytes()
        body = seal(content, self._key, name, secrets.token_bytes(32))
        Outbox(post).add(name, body, draw_first_time(self._now, self._chance))
        self._queued(name)

    def _enrol(self, officer: Officer, post: Post) -> None:
        purse = open_purse(self._home, post, self._connection.tenant)
        if purse.account() is None:
            begin_enrolment(purse, read_card(officer.card))

    def _story(self) -> dict[str, str]:
        return {"narrative": "Nobody was hurt. " * self._chance.randint(1, 1_000)}

    def _is_over(self, posts: Sequence[Post]) -> bool:
        return all(row.state.is_final for post in posts for row in Outbox(post).submissions())

    def _pass_time(self, posts: Sequence[Post]) -> None:
        """To a moment at which the program would do something, and a little further."""
        moments = []
        for post in posts:
            if self._has_tokens(post):
                rows = Outbox(post).submissions()
                moments += [row.not_before_utc for row in rows if not row.state.is_final]
            else:
                names = (token_times.FETCH, token_times.ISSUER)
                drawn = [token_times.moment_of(post, name, self._now) for name in names]
                moments.append(max([self._now, *(each for each in drawn if each is not None)]))
        margin = timedelta(seconds=self._chance.uniform(0, _MOST_MARGIN_S))
        self._now = max([self._now, *sorted(moments)[:_DUE_AT_ONCE]]) + margin
        assert self._now - self._begun < _LONGEST, "a report does not arrive, however long it waits"

    def _has_tokens(self, post: Post) -> bool:
        purse = open_purse(self._home, post, self._connection.tenant)
        return purse.counts(accepted_quarters(quarter_of(self._now))).total > 0

    def _tell(self, posts: Sequence[Post]) -> None:
        for post in posts:
            for row in Outbox(post).submissions():
                if row.state is SubmissionState.RECEIVED and row.report_id not in self._told:
                    self._told.add(row.report_id)
                    self._received(row.report_id)

"""One officer's post, one service, the wire between them, and what must hold of the three."""

import contextlib
import functools
import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from app.domain.submission import TRANSITIONS, SubmissionState, WithdrawalState
from app.store.post import Post
from sync.protocol.keys import PublicKeyFile
from sync.protocol.receipt import Receipt
from sync.protocol.token import HEADER as TOKEN_HEADER
from sync.protocol.token import Token
from tests.machine.client_side import ClientSide, make_report
from tests.machine.issuers import LAST_QUARTER, START, batch, issuer, quarter_name, true_time
from tests.machine.service_side import ServiceSide, found_service
from tests.machine.wire import Fault, Request, Wire

FINISHED = frozenset({SubmissionState.RECEIVED, SubmissionState.TAKEN_BACK})
"""Where something ends here; nothing that is queued deserves to be refused."""


@functools.cache
def template() -> Path:
    """A service and a post to be copied; both are made once."""
    folder = Path(tempfile.mkdtemp(prefix="machine-"))
    found_service(folder / "service")
    Post.open_or_create(folder / "post").close()
    return folder


@functools.cache
def reachable(state: SubmissionState) -> frozenset[SubmissionState]:
    """Where the table lets it come from there, in any number of steps."""
    found = {state}
    while more := {way for each in found for way in TRANSITIONS[each]} - found:
        found |= more
    return frozenset(found)


class World:
    """queued: all that were ever frozen: id → hash. acknowledged: what the client believes to be
    there. withdrawn: what the service has signed to be gone. now: the client's own clock.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="machine-"))
        shutil.copytree(template(), self._folder, dirs_exist_ok=True)
        self.quarter, self.now = 0, START
        self.service = ServiceSide(self._folder / "service", lambda: quarter_name(self.quarter))
        self.wire = Wire(self.service.answer)
        self.client = ClientSide(self._folder / "post", self.service.tenant, self.wire.url)
        self.receipts: list[Receipt] = []
        self.queued: dict[bytes, bytes] = {}
        self.acknowledged: set[bytes] = set()
        self.withdrawn: set[bytes] = set()
        self.states: dict[bytes, SubmissionState] = {}
        self._shown: defaultdict[bytes, set[bytes]] = defaultdict(set)
        self.fill()

    def close(self) -> None:
        """For good."""
        self.client.close()
        self.wire.close()
        self.service.close()
        shutil.rmtree(self._folder)

    @property
    def keys(self) -> Sequence[PublicKeyFile]:
        """Whose signature the client believes."""
        return [self.service.acknowledgement]

    @property
    def clock(self) -> datetime:
        """The later of the client's clock and of what was last signed."""
        return max(self.now, true_time(self.quarter))

    def begin_quarter(self, number: int) -> None:
        """The issuer has another key, and intake takes what it signs."""
        self.quarter = number
        self.service.accept(issuer(number, self.service.tenant)[0])

    def fill(self) -> None:
        """The client gets this quarter's batch of tokens; an exchange looks first for a restore."""
        self.client.purse.discard_if_restored()
        key, _signer = issuer(self.quarter, self.service.tenant)
        self.service.accept(key)
        self.client.fill(key, batch(self.quarter, self.service.tenant))

    def queue(self, hours: int) -> None:
        """A report is approved."""
        receipt, body = make_report(len(self.receipts))
        self.client.queue(receipt, body, self.now + timedelta(hours=hours))
        self.receipts.append(receipt)
        self.queued[receipt.report_id] = hashlib.sha256(body).digest()

    @contextlib.contextmanager
    def breaking(self, faults: Sequence[Fault], *, dies: bool) -> Iterator[None]:
        """What is sent meanwhile meets these faults; who dies does so at the last request."""
        looks: list[Path] = []
        if dies:
            self.wire.on_arrival = lambda _request: looks.append(self.client.look())
        self.wire.faults[:] = faults
        yield
        self.wire.faults.clear()
        self.wire.on_arrival = lambda _request: None
        if looks:
            # Of what it did after that nobody knows: it was dead.
            self.client.live_on(looks[-1])

    def restore_post(self, backup: Path) -> None:
        """What came after it is the vault's to offer again; the counter is not in it."""
        self.client.live_on(backup)
        self.states = self.client.states()
        kept = {None, SubmissionState.RECEIVED}
        self.acknowledged = {each for each in self.acknowledged if self.states.get(each) in kept}

    def restore_service(self, backup: Path) -> None:
        """What came after it is lost with it."""
        self.service.restore(backup)
        held = self.service.stored()
        self.acknowledged &= held.hashes.keys()
        self.withdrawn &= held.withdrawn

    def check(self) -> None:
        """What must hold after each step. Raises AssertionError."""
        assert not self.wire.troubles, self.wire.troubles
        self._follow_states()
        held = self.service.stored()
        for name, body_hash in held.hashes.items():
            assert self.queued[name] == body_hash, "stored, and never queued so"
        assert self.acknowledged <= held.hashes.keys(), "acknowledged, and missing"
        assert not held.withdrawn & held.bodies, "withdrawn, and there"
        self.withdrawn |= held.withdrawn
        assert self.withdrawn <= held.withdrawn, "withdrawn, and forgotten"
        for request in self.wire.take_seen():
            if request.method == "PUT":
                self._note_token(request)
        assert all(len(names) == 1 for names in self._shown.values()), "a token with two reports"
        for nonce, name in held.spent.items():
            assert self._shown[nonce] == {name}, "a token counted for another report"

    def _follow_states(self) -> None:
        """By the table only; a crash is in it, since `sending` may become `queued`."""
        now = self.client.states()
        for name, state in now.items():
            before = self.states.get(name, SubmissionState.QUEUED)
            assert state in reachable(before), (before, state)
            assert state is not SubmissionState.REFUSED
            if state is SubmissionState.RECEIVED and before is not state:
                self.acknowledged.add(name)
        for name in self.states.keys() - now.keys():
            assert self.states[name] in FINISHED, "gone before its end"
        self.states = now

    def _note_token(self, request: Request) -> None:
        token = Token.from_header(request.headers[TOKEN_HEADER.lower()])
        name = bytes.fromhex(request.path.rpartition("/")[2])
        self._shown[token.nonce].add(name)
        assert hashlib.sha256(request.body).digest() == self.queued[name], "sealed again"

    def finish(self) -> None:
        """Nothing is in the way any more: all that waits arrives, once. Raises AssertionError."""
        self.begin_quarter(LAST_QUARTER)
        self.now = true_time(self.quarter)
        self.fill()
        for _ in range(6):
            self.client.send(self.keys, self.now, self.clock, at_once=True)
            self.client.send_withdrawals(self.keys, self.now, at_once=True)
            self.now += timedelta(days=5)
        self.check()
        held = self.service.stored()
        # That what is `received` is there, `check` has seen, but for what a restore has lost.
        for state in self.client.states().values():
            assert state in FINISHED, state
        for name, found in self.client.withdrawal_states().items():
            assert found.is_final
            assert (
                found is WithdrawalState.ABSENT
                or name not in held.bodies
                or (name not in self.withdrawn)
            ), "said to be gone, and there"

"""Whatever is done to an outbox and a service, in any order: every report arrives exactly once.

A state machine in the sense of hypothesis: it draws steps (queue, send over a broken wire, kill,
restore from a backup, jump with the clock, rotate keys, take back, withdraw), runs them on the
program's own code with its real files, and looks after each step whether something holds that must
not. What it finds it makes as short as it can.

    pytest -n 0 tests/machine --hypothesis-profile=long

draws other steps each time, and many more of them.

A backup cannot know what came after it. So after the service's restore the reports that were
acknowledged since may be gone, and what was withdrawn since may be back; after the post's restore
what was queued since is the vault's to offer again. Nothing else is let off.
"""

from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.submission import TRANSITIONS, SubmissionState
from app.store.outbox import SubmissionMovedError
from sync.protocol.receipt import Receipt
from tests.machine.issuers import LAST_QUARTER, true_time
from tests.machine.wire import Fault
from tests.machine.world import FINISHED, World

MOST_REPORTS = 7
FAULTS = st.lists(st.sampled_from([Fault.LOST, *Fault]), max_size=4)
ANY = st.integers(0, MOST_REPORTS - 1)
# What fails is not made short here: that may take minutes.
SHORT = settings(
    max_examples=30,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
)
IS_LONG = settings.get_current_profile_name() == "long"


class ExactlyOnce(RuleBasedStateMachine):
    """The steps. Which report is meant is a number; there may be none yet."""

    @initialize()
    def begin(self) -> None:
        """Both sides anew, with a batch of tokens and two reports."""
        self.world = World()
        self.world.queue(0)
        self.world.queue(6)
        self.backups: dict[str, Path] = {}

    def choose(self, chosen: int) -> Receipt | None:
        """Of the reports that there are."""
        receipts = self.world.receipts
        return receipts[chosen % len(receipts)] if receipts else None

    @precondition(lambda self: len(self.world.receipts) < MOST_REPORTS)
    @rule(hours=st.integers(0, 18))
    def queue(self, hours: int) -> None:
        """A report is approved."""
        self.world.queue(hours)

    @rule(faults=FAULTS, at_once=st.booleans(), dies=st.booleans())
    def send(self, faults: list[Fault], at_once: bool, dies: bool) -> None:
        """What is due leaves, or all; the program may die while a request is on its way."""
        world = self.world
        with world.breaking(faults, dies=dies):
            world.client.send(world.keys, world.now, world.clock, at_once=at_once)

    @rule(chosen=ANY)
    def take_back(self, chosen: int) -> None:
        """Before it has left; what may have left all the same is withdrawn."""
        receipt = self.choose(chosen)
        row = None if receipt is None else self.world.client.rows().get(receipt.report_id)
        if receipt is None or row is None:
            return
        may_go = SubmissionState.TAKEN_BACK in TRANSITIONS[row.state]
        try:
            self.world.client.outbox.move(receipt.report_id, SubmissionState.TAKEN_BACK)
        except SubmissionMovedError:
            assert not may_go
            return
        assert may_go
        if row.tries:
            self.world.client.withdraw(receipt, self.world.now)

    @rule(chosen=ANY, leaves=st.booleans())
    def withdraw(self, chosen: int, leaves: bool) -> None:
        """With its words, wherever it is."""
        world, receipt = self.world, self.choose(chosen)
        if receipt is not None:
            world.client.withdraw(receipt, world.now)
        if leaves:
            world.client.send_withdrawals(world.keys, world.now, at_once=True)

    @rule(faults=FAULTS, at_once=st.booleans(), dies=st.booleans())
    def send_withdrawals(self, faults: list[Fault], at_once: bool, dies: bool) -> None:
        """In a slot of their own."""
        world = self.world
        with world.breaking(faults, dies=dies):
            world.client.send_withdrawals(world.keys, world.now, at_once=at_once)

    @rule(chosen=ANY)
    def forget(self, chosen: int) -> None:
        """As a vault does when it is opened after the end."""
        receipt = self.choose(chosen)
        if receipt is not None and self.world.states.get(receipt.report_id) in FINISHED:
            self.world.client.outbox.forget(receipt.report_id)

    @rule(hours=st.integers(1, 80))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.world.now = self.world.now + timedelta(hours=hours)

    @rule(years=st.integers(-6, 6))
    def jump(self, years: int) -> None:
        """Somebody sets the clock, or the computer loses it."""
        self.world.now = true_time(self.world.quarter) + timedelta(days=365 * years)

    @precondition(lambda self: self.world.quarter < LAST_QUARTER - 1)
    @rule(brings_tokens=st.booleans())
    def rotate(self, brings_tokens: bool) -> None:
        """The next quarter begins, with another key of the issuer."""
        self.world.begin_quarter(self.world.quarter + 1)
        self.world.now = self.world.clock
        if brings_tokens:
            self.world.fill()

    @rule()
    def kill_client(self) -> None:
        """Between two of its writes."""
        self.world.client.live_on(self.world.client.look())

    @rule()
    def kill_service(self) -> None:
        """Between two requests; after an answer that was lost it is as within one."""
        self.world.service.kill()

    @rule()
    def tidy(self) -> None:
        """Night at the service."""
        self.world.service.tidy()

    @rule(chosen=ANY)
    def confirm(self, chosen: int) -> None:
        """A desk has pulled it and confirms it: the service deletes the bytes."""
        receipt = self.choose(chosen)
        if receipt is not None:
            self.world.service.confirm(receipt.report_id)

    @rule()
    def back_up(self) -> None:
        """Both: a copy of the vault's folder, and the operator's command."""
        self.backups = {"post": self.world.client.look(), "service": self.world.service.back_up()}

    @precondition(lambda self: self.backups)
    @rule()
    def restore_post(self) -> None:
        """The copy is put back."""
        self.world.restore_post(self.backups["post"])

    @precondition(lambda self: len(self.world.receipts) < MOST_REPORTS)
    @rule(faults=FAULTS, of_post=st.booleans())
    def lose_a_day(self, faults: list[Fault], of_post: bool) -> None:
        """One more report leaves after the backup, which is then put back at one side."""
        world = self.world
        self.back_up()
        world.queue(0)
        with world.breaking(faults, dies=False):
            world.client.send(world.keys, world.now, world.clock, at_once=True)
        world.check()
        if of_post:
            self.restore_post()
        else:
            self.restore_service()

    @precondition(lambda self: self.backups)
    @rule()
    def restore_service(self) -> None:
        """With the operator's command."""
        self.world.restore_service(self.backups["service"])

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """After each step."""
        self.world.check()

    def teardown(self) -> None:
        """In the end all that waits arrives, once."""
        if hasattr(self, "world"):
            try:
                self.world.finish()
            finally:
                self.world.close()


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(
    settings.get_profile("long") if IS_LONG else SHORT,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)

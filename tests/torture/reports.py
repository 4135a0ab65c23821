"""What is done with whole reports: in the list, in the outbox."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from app.domain.submission import SubmissionState
from app.store.outbox import BODY_LENGTH
from app.use_cases import write_report
from app.use_cases.write_report import DraftId, DraftState
from sync import uploader
from sync.protocol.keys import SealingKey, SigningKey
from sync.protocol.receipt import Receipt
from tests.torture.ledger import REPORT, STATE, TITLE
from tests.torture.pen import MOST_DRAFTS
from tests.torture.screen import May, Screen, first, to_text

_LEAST_DRAFTS = 3


class Reports:
    """The reports of the open vault."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen

    def duplicate(self) -> None:
        """Of one that is being written."""
        found = self.screen.pick(DraftState.WRITING)
        if found is None or len(self.screen.ids(*DraftState)) >= MOST_DRAFTS:
            return
        drafts = self.screen.session.drafts
        fields = {**drafts.answers(found), **drafts.private_answers(found)}
        title = drafts.summary(found).title
        new = f"Copy of {title}" if title else ""
        may: May = {field: (value,) for field, value in fields.items()}
        may |= {STATE: (DraftState.WRITING,), TITLE: (new,)}
        if new:
            may["local_title"] = (to_text(new),)
        self.screen.journal.begin("duplicate", "", may)
        draft = write_report.duplicate(drafts, self.screen.session.form, found)
        self.screen.journal.done(draft, first(may))

    def discard(self) -> None:
        """Throw one away."""
        self._move(DraftState.WRITING, DraftState.DISCARDED, write_report.discard)

    def bring_back(self) -> None:
        """One that was thrown away."""
        self._move(
            DraftState.DISCARDED, DraftState.WRITING, lambda drafts, found: drafts.bring_back(found)
        )

    def delete(self) -> None:
        """Destroy one for good."""
        found = self.screen.pick(DraftState.DISCARDED, DraftState.WRITING)
        if found is None or len(self.screen.ids(*DraftState)) < _LEAST_DRAFTS:
            return
        self.screen.journal.begin("delete", found, {}, may_go=True)
        write_report.delete(self.screen.session.drafts, found)
        self.screen.journal.done(found, {}, gone=True)

    def _move(
        self,
        source: DraftState,
        to: DraftState,
        act: Callable[[write_report.Drafts, DraftId], None],
    ) -> None:
        found = self.screen.pick(source)
        if found is not None:
            self.screen.journal.begin(to, found, {STATE: (to,)})
            act(self.screen.session.drafts, found)
            self.screen.journal.done(found, {STATE: to})

    def approve(self) -> None:
        """Freeze one in the post; the bytes are any bytes, since nothing opens them here."""
        found = self.screen.pick(DraftState.WRITING)
        if found is None:
            return
        session = self.screen.session
        raw = [secrets.token_bytes(32) for _ in range(3)]
        receipt = Receipt(
            session.words.draw(),
            raw[0][:16],
            SigningKey(raw[1]),
            raw[2][:16],
            SealingKey(raw[1]),
        )
        body = secrets.token_bytes(BODY_LENGTH)
        value = describe_report(receipt.report_id, body, " ".join(receipt.words))
        may: May = {
            STATE: (DraftState.QUEUED, DraftState.WRITING),
            REPORT: (value,),
        }
        self.screen.journal.begin("approve", found, may)
        uploader.approve(
            found,
            body,
            receipt,
            drafts=session.drafts,
            outbox=session.outbox,
            not_before_utc=datetime.now(UTC),
            content=b"sealed",
        )
        self.screen.journal.done(found, first(may))

    def take_back(self) -> None:
        """One that waits."""
        queued = {each.draft_id: each.report_id for each in self.screen.session.drafts.approvals()}
        found = self.screen.pick(DraftState.QUEUED)
        if found is None:
            return
        may: May = {STATE: (DraftState.WRITING,), REPORT: (None,)}
        self.screen.journal.begin("take back", found, may)
        uploader.take_back(self.screen.session.drafts, self.screen.session.outbox, queued[found])
        self.screen.journal.done(found, first(may))

    def receive(self) -> None:
        """As if the service had signed for it."""
        queued = {each.draft_id: each.report_id for each in self.screen.session.drafts.approvals()}
        found = self.screen.pick(DraftState.QUEUED)
        if found is None:
            return
        outbox = self.screen.session.outbox
        self.screen.journal.begin("receive", found, {}, may_go=True)
        outbox.move(queued[found], SubmissionState.SENDING)
        outbox.move(queued[found], SubmissionState.RECEIVED, status=201)
        uploader.settle(self.screen.session.drafts, outbox)
        self.screen.journal.done(found, {}, gone=True)


def describe_report(report_id: bytes, body: bytes, words: str) -> str:
    """What must be found again of an approved report."""
    return f"{report_id.hex()} {hashlib.sha256(body).hexdigest()} {words}"

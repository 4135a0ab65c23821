"""A real post with its purse, which can be killed at any moment and put back from a backup."""

import hashlib
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.domain.submission import Submission, SubmissionState, WithdrawalState
from app.domain.token import AskedBatch, KeptToken
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.purse import Purse
from app.store.withdrawals import Withdrawals
from sync.network import Network
from sync.protocol.connection import Connection
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import PublicKeyFile, SealingKey, SigningKey
from sync.protocol.quarters import quarters_later
from sync.protocol.receipt import Receipt
from sync.protocol.seal import BODY_LENGTH
from sync.protocol.token_request import OwnToken
from sync.report_proof import ReportProofs
from sync.token_fetch import write_own
from sync.uploader import SendResult, claim_post, send_waiting
from sync.withdrawing import WithdrawResult, queue_withdrawal, send_withdrawals


def make_report(number: int) -> tuple[Receipt, bytes]:
    """A receipt without the time that making it takes, and bytes that only look sealed."""
    seed = hashlib.sha256(f"report {number}".encode()).digest()
    receipt = Receipt((), seed[:16], SigningKey(seed), seed[16:], SealingKey(seed * 3))
    start = b"NMR1" + b"research" + receipt.withdrawal_hash
    return receipt, start + hashlib.shake_256(seed).digest(BODY_LENGTH - len(start))


class ClientSide:
    """folder: of the first life; every other has a folder beside it."""

    def __init__(self, folder: Path, tenant: str, url: str) -> None:
        self._first = folder
        self._counter = folder.with_name("counter")
        self._lives = 0
        self._connection = Connection(tenant, "A test", url, url, b"root", bytes(32))
        self._open(folder)

    def _open(self, folder: Path) -> None:
        self.folder = folder
        self.post = Post.open_or_create(folder)
        self.outbox = Outbox(self.post)
        self.withdrawals = Withdrawals(self.post)
        self.purse = Purse(self.post, self._connection.tenant, self._counter)

    def close(self) -> None:
        """For good."""
        self.post.close()

    def look(self) -> Path:
        """A copy of what is on the disk just now."""
        self._lives += 1
        target = self._first.with_name(f"post-{self._lives}")
        shutil.copytree(self.folder, target)
        return target

    def live_on(self, found: Path) -> None:
        """All that is in memory is gone, and the disk holds what is in this folder."""
        self.post.close()
        self._lives += 1
        target = self._first.with_name(f"post-{self._lives}")
        shutil.copytree(found, target)
        self._open(target)

    def queue(self, receipt: Receipt, body: bytes, not_before: datetime) -> None:
        """As an approval does."""
        claim_post(self.post, self._connection.tenant)
        self.outbox.add(receipt.report_id, body, not_before)

    def fill(self, key: IssuerKey, own: Sequence[OwnToken]) -> None:
        """A batch of tokens has come, as `sync.token_fetch` keeps it."""
        self.purse.ask(AskedBatch(key.quarter, tuple(KeptToken(_nonce(e), b"") for e in own)))
        secrets = {_nonce(each): write_own(each) for each in own}
        self.purse.fill(secrets, quarters_later(key.quarter, -1))

    def send(
        self, keys: Sequence[PublicKeyFile], now: datetime, clock: datetime, *, at_once: bool
    ) -> SendResult:
        """What an exchange does with this post. clock: the time that is trusted."""
        self.purse.discard_if_restored()
        claim_post(self.post, self._connection.tenant)
        with self.post.only_sender():
            return send_waiting(
                self.outbox,
                self._connection.service_url,
                keys,
                now,
                Network(),
                at_once=at_once,
                proofs=ReportProofs(self.purse, self._connection.tenant, clock),
            )

    def withdraw(self, receipt: Receipt, now: datetime) -> None:
        """Ask for it to be taken back."""
        queue_withdrawal(self.post, receipt, self._connection.tenant, now)

    def send_withdrawals(
        self, keys: Sequence[PublicKeyFile], now: datetime, *, at_once: bool
    ) -> WithdrawResult:
        """In a slot of their own."""
        with self.post.only_sender():
            return send_withdrawals(
                self.post, self._connection, keys, now, Network(), at_once=at_once
            )

    def rows(self) -> dict[bytes, Submission]:
        """The outbox."""
        return {row.report_id: row for row in self.outbox.submissions()}

    def states(self) -> dict[bytes, SubmissionState]:
        """Where each submission is."""
        return {name: row.state for name, row in self.rows().items()}

    def withdrawal_states(self) -> dict[bytes, WithdrawalState]:
        """Where each withdrawal is."""
        return {each.report_id: each.state for each in self.withdrawals.all()}


def _nonce(own: OwnToken) -> bytes:
    return own.token.nonce

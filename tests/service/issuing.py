"""A verified officer's side of a real service: enrols, gets tokens, shows them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from service.accepted_keys import read_key_file
from sync.protocol import enrolment, token_batch
from sync.protocol.card import Card
from sync.protocol.enrolment import Enrolment
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import SigningKey
from sync.protocol.token_batch import sign_batch, split_answers
from sync.protocol.token_proof import prove_possession
from sync.protocol.token_request import OwnToken, PendingToken, finalise, request_token
from tests.service.running import SEALED, Answer, RunningService, run_command


def make_cards(folder: Path, count: int) -> list[Card]:
    """Cards that the operator has made for the service in this folder."""
    places = iter(range(1_000))
    file = next(f for place in places if not (f := folder.parent / f"cards-{place}").exists())
    made = run_command("cards", "--count", str(count), "--text", file, "--dir", folder)
    assert made.returncode == 0, made.stderr
    return [Card.from_text(line) for line in file.read_text().splitlines()]


def public_keys(folder: Path, tenant: str) -> list[IssuerKey]:
    """The public issuer keys of the service in this folder, by quarter."""
    keys = [read_key_file(path, tenant) for path in (folder / "issuer-keys").iterdir()]
    return sorted(keys, key=lambda key: key.quarter)


@dataclass
class Officer:
    """An account and the batch that it asks for."""

    running: RunningService
    key: SigningKey = field(default_factory=SigningKey.generate)
    pending: list[PendingToken] = field(default_factory=list)

    @property
    def tenant(self) -> str:
        """Of the service."""
        return self.running.card.tenant

    @property
    def issuer(self) -> IssuerKey:
        """The key of this quarter: the oldest that a new service has."""
        return public_keys(self.running.folder, self.tenant)[0]

    def enrol(self, card: Card) -> Answer:
        """Use a card."""
        asked = Enrolment(card, self.key.public_bytes())
        headers = {"Content-Type": enrolment.MEDIA_TYPE}
        return self.running.ask("POST", enrolment.PATH, asked.to_bytes(), headers)

    def ask(self, *, again: bool = False) -> Answer:
        """Ask for a batch, a new one or the same again."""
        if not again:
            self.pending = [request_token(self.issuer) for _ in range(12)]
        requests = [each.request for each in self.pending]
        return self.send(sign_batch(self.key, self.tenant, requests).to_bytes())

    def send(self, batch: bytes) -> Answer:
        """Send the bytes of a batch."""
        headers = {"Content-Type": token_batch.REQUEST_MEDIA_TYPE}
        return self.running.ask("POST", token_batch.PATH, batch, headers)

    def finish(self, answer: Answer) -> list[OwnToken]:
        """The tokens of an answer, each verified."""
        pairs = zip(self.pending, split_answers(answer.body), strict=True)
        return [finalise(pending, response, self.issuer) for pending, response in pairs]

    def submit(self, report_id: str, body: bytes, token: OwnToken) -> Answer:
        """Submit a report with a token."""
        headers = SEALED | show(token, self.tenant, report_id, body)
        return self.running.ask("PUT", f"/v1/reports/{report_id}", body, headers)


def show(token: OwnToken, tenant: str, report_id: str, body: bytes) -> dict[str, str]:
    """The two headers that show a token with a report."""
    digest = hashlib.sha256(body).digest()
    proof = prove_possession(token.key, tenant, bytes.fromhex(report_id), digest)
    return {"Authorization": token.token.to_header(), "NearMiss-Proof": proof.to_header()}

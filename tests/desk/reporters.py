"""Cases of invented reporters, who can be written to or not, for the tests of the desk's mail."""

import secrets
from dataclasses import dataclass

from app.domain.case import CaseId, CaseState
from app.store.cases import CaseStore
from sync.protocol import canonical
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.keys import SealingKey
from sync.protocol.letter import Letter, read_letter
from sync.protocol.mail import open_mail, read_tag


@dataclass(frozen=True)
class Reporter:
    """Somebody with a receipt, without the time that deriving it takes."""

    tenant: str
    report_id: bytes
    mail_tag: bytes
    reply: SealingKey

    @classmethod
    def invent(cls, tenant: str) -> "Reporter":
        made = (secrets.token_bytes(16), secrets.token_bytes(16), SealingKey.generate())
        return cls(tenant, *made)

    def as_reply(self) -> Reply:
        """Where letters to them go."""
        return Reply(self.mail_tag, self.reply.public_bytes())

    def report_to(self, cases: CaseStore, *, wants_mail: bool = True) -> CaseId:
        """A case of theirs at the desk."""
        reply = self.as_reply() if wants_mail else None
        envelope = Envelope("form", 1, {}, {"title": "A gate"}, reply)
        return cases.add(self.report_id, "2026-01", canonical.decode(envelope.to_bytes()))

    def read(self, *records: bytes) -> list[Letter]:
        """Those of the records that are theirs, opened."""
        mine = [each for each in records if read_tag(each) == self.mail_tag]
        return [read_letter(open_mail(each, self.reply, self.tenant)) for each in mine]


def release(cases: CaseStore, case_id: CaseId) -> None:
    """Code and approve a case, without looking."""
    cases.move(case_id, CaseState.CODED)
    cases.move(case_id, CaseState.APPROVED)

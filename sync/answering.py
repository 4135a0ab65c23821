"""Answering a question: looked at as a report is, sealed as a report is, sent as a report is.

On the wire nothing tells an answer from a report: an id by chance, the same size, a random time.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.plain_text import UnfitTextError, clean_text
from app.domain.report import Finding, apply_findings
from app.errors import InputError
from app.use_cases.keep_safe import Outbox, Post
from app.use_cases.read_mail import Receipts
from sync.protocol.answer import Answer
from sync.protocol.keys import PublicKeyFile
from sync.protocol.letter import Question
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import seal
from sync.scrub import NOBODY_LISTED, Doubt, Identities, Roster, Scrubber
from sync.uploader import claim_post, first_time

ANSWER_LIMIT = 8_000
"""Characters: in any script they fit into the one size that leaves."""
_FIELD = "answer"
_HASH_LENGTH = 32


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """An answer with what was found in it. text: as written. doubts: why every word has to be
    read by a person.
    """

    text: str = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)
    doubts: tuple[Doubt, ...]

    @property
    def leaves(self) -> str:
        """What leaves, word for word."""
        return apply_findings(self.text, self.findings)

    def with_all_masked(self) -> "ReviewedAnswer":
        """The same, with what is only possible masked too."""
        return replace(self, findings=tuple(replace(each, masked=True) for each in self.findings))


def review_answer(text: str, scrubber: Scrubber, roster: Roster = NOBODY_LISTED) -> ReviewedAnswer:
    """Find identifiers in an answer. Raises InputError for one that is empty or too long.

    roster: the agency's list of names.
    """
    try:
        clean = clean_text(text, one_line=False)
    except UnfitTextError as error:
        raise InputError(f"This text cannot be sent: {error}.", "Nothing was sealed.") from error
    if not clean:
        raise InputError("The answer is empty.", "Nothing was sealed.")
    if len(clean) > ANSWER_LIMIT:
        raise InputError(
            f"The answer has {len(clean):,} characters; {ANSWER_LIMIT:,} is the most.",
            "Nothing was sealed.",
            "Shorten it.",
        )
    found = scrubber.scrub({_FIELD: clean}, Identities(roster=roster))
    return ReviewedAnswer(clean, found.findings[_FIELD], found.doubts)


def seal_answer(
    report_id: bytes, question: Question, text: str, key: PublicKeyFile
) -> tuple[bytes, bytes]:
    """The exact bytes that leave, and the id that they have: nobody can tell it from a report's."""
    content = Answer(report_id, question.turn, question.ticket, text).to_bytes()
    submission_id = secrets.token_bytes(ID_LENGTH)
    # In the place of a withdrawal key's hash: an answer cannot be withdrawn, and must not show it.
    return submission_id, seal(content, key, submission_id, secrets.token_bytes(_HASH_LENGTH))


def queue_answer(
    post: Post,
    receipts: Receipts | None,
    tenant: str,
    report_id: bytes,
    question: Question,
    text: str,
    key: PublicKeyFile,
    now_utc: datetime,
) -> bytes:
    """Freeze the answer in the post; it leaves as a report would. Returns its id.

    receipts: of the vault, if it keeps the receipt, so that it knows what was answered. A crash
    before that is noted leaves a question that seems open: answering twice does no harm.
    Raises OtherServiceError, UserError.
    """
    claim_post(post, tenant)
    submission_id, body = seal_answer(report_id, question, text, key)
    Outbox(post).add(submission_id, body, first_time(now_utc))
    if receipts is not None:
        receipts.mark_sealed(report_id, question.turn, text, submission_id)
    return submission_id


def open_questions(
    questions: tuple[Question, ...], answered: Mapping[int, object]
) -> tuple[Question, ...]:
    """Those that were not answered from this vault yet."""
    return tuple(each for each in questions if each.turn not in answered)

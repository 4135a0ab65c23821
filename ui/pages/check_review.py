"""What the check page works with: a draft looked at, and the way from there to the outbox.

Both functions block and run inside a Task.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.answers import ReportAnswers
from app.errors import InputError, UserError
from app.use_cases import write_report
from app.use_cases.write_report import DraftId, DraftState, StoredReport
from sync import uploader
from sync.archive_update import research_key
from sync.connect import open_connection, show_fingerprint
from sync.decisions import Decisions, begin, check_decided, decide_on
from sync.kept_decisions import read_kept, recall
from sync.outgoing import Reviewed, leave, review
from sync.protocol.receipt import make_receipt
from ui.models.answer_rows import AnswerRow, count_not_asked, list_answers
from ui.pages.check_saver import keep_decisions
from ui.session import Session


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why it cannot be sealed now, what to do, and the place where that is done."""

    reason: str
    advice: str
    place: str
    action: str


@dataclass(frozen=True, slots=True)
class Opener:
    """Who alone can open it: the name that the connection gives itself, and its seven words."""

    name: str
    words: str
    root: bytes


@dataclass(frozen=True, slots=True, repr=False)
class OpenReview:
    """A draft as it was looked at. notes: how many private notes stay here.

    is_sealed: it waits in the outbox already and cannot be changed.
    """

    draft_id: DraftId
    is_sealed: bool
    answers: ReportAnswers
    reviewed: Reviewed
    decisions: Decisions
    rows: tuple[AnswerRow, ...]
    not_asked: int
    notes: int
    opener: Opener | None
    obstacle: Obstacle | None


def read_review(session: Session, draft_id: DraftId, earlier: Decisions | None) -> OpenReview:
    """Scrub a draft anew and put the decisions made so far back in.

    earlier: those of this window, whose texts are known even where they changed since; without
    them those of the vault. Raises UserError.
    """
    drafts = session.drafts
    stored = write_report.load(drafts, session.form, draft_id)
    obstacle = _find_obstacle(session, stored)
    answers = stored.answers
    if obstacle is None:
        try:
            answers = write_report.finish(session.form, stored.answers)
        except InputError as error:
            obstacle = Obstacle(error.title, error.hint, "wizard", "Back to the form")
    roster = session.roster.read()
    scrubber = session.scrubber()
    reviewed = review(session.form, answers, stored.notes, scrubber, roster)
    fresh, originals = begin(reviewed), drafts.scrub_map(draft_id)
    earlier = earlier or read_kept(fresh, drafts.decisions(draft_id))
    opener, gap = _find_opener(session)
    return OpenReview(
        draft_id=draft_id,
        is_sealed=stored.summary.state is not DraftState.WRITING,
        answers=answers,
        reviewed=reviewed,
        decisions=recall(fresh, earlier, originals, scrubber.lexicon),
        rows=list_answers(session.form, session.labels, answers, reviewed.coarse),
        not_asked=count_not_asked(reviewed.coarse),
        notes=len(stored.notes),
        opener=opener,
        obstacle=obstacle or gap,
    )


def seal(session: Session, shown: OpenReview, decisions: Decisions) -> tuple[str, ...]:
    """Seal exactly what was shown and put it into the outbox; returns the receipt's words.

    Raises InputError if something is to decide, the draft or the connection is not the one
    that was shown any more, or the report is too long.
    """
    check_decided(decisions)
    drafts, form = session.drafts, session.form
    stored = write_report.load(drafts, form, shown.draft_id)
    write_report.pass_gate(form, session.labels, stored.answers)
    answers = write_report.finish(form, stored.answers)
    connection = open_connection(session.home)
    if (
        answers != shown.answers
        or shown.opener is None
        or (connection.root, connection.name) != (shown.opener.root, shown.opener.name)
    ):
        raise InputError(
            "The draft or the connection was changed meanwhile.",
            "Nothing was sealed: only what you have read may leave.",
            "Look at the report once more, then seal it.",
        )
    key = research_key(session.home, connection)
    report = leave(form, decide_on(shown.reviewed, decisions))
    receipt = make_receipt(session.words.draw(), connection.tenant)
    content = uploader.write_content(form, report, receipt)
    body = uploader.seal_content(content, receipt, key)
    keep_decisions(drafts, shown.draft_id, decisions)
    uploader.claim_post(session.post, connection.tenant)
    uploader.approve(
        shown.draft_id,
        body,
        receipt,
        drafts=drafts,
        outbox=session.outbox,
        not_before_utc=uploader.first_time(datetime.now(UTC)),
        content=content,
    )
    return receipt.words


def _find_obstacle(session: Session, stored: StoredReport) -> Obstacle | None:
    if stored.summary.state is not DraftState.WRITING:
        return Obstacle(
            "This report is sealed already.",
            "Take it back in the outbox if you want to change it.",
            "outbox",
            "Open the outbox",
        )
    try:
        write_report.pass_gate(session.form, session.labels, stored.answers)
    except InputError as error:
        return Obstacle(error.title, error.hint, "wizard", "Back to the form")
    return None


def _find_opener(session: Session) -> tuple[Opener | None, Obstacle | None]:
    connection = session.connection()
    if connection is None:
        return None, Obstacle(
            "This program is not connected to a service yet.",
            "Connect it with the file from your agency. The draft is safe in the vault.",
            "settings",
            "Open settings",
        )
    words = show_fingerprint(connection, session.words)
    opener = Opener(connection.name, words, connection.root)
    try:
        research_key(session.home, connection)
    except UserError as error:
        return opener, Obstacle(
            error.title, "Sync once to fetch it. The draft is safe.", "outbox", "Open the outbox"
        )
    return opener, None

"""What the page about the next requests reads and writes; all of it blocks, inside of a Task."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import InputError
from app.use_cases.write_report import DraftId
from sync.connect import open_connection
from sync.decisions import check_decided, decide_on
from sync.dry_run import DryRun, read_dry_run, try_sealing, write_dry_run
from sync.leaving import NextRequest, list_next, write_fetch
from sync.network import read_network
from sync.outgoing import leave
from ui.cli.parts import write_file
from ui.models.draft_title import name_draft
from ui.models.submission_rows import say_time
from ui.pages.check_review import read_review
from ui.session import Session

_WITHDRAWAL = "A withdrawal"
_ANSWER = "An answer to a question"
_UNTITLED = "A report without a title"


@dataclass(frozen=True, slots=True, repr=False)
class ShownRequest:
    """title: the officer's own. when: in words, for today. request: as it is sent.

    draft_id: of a report that is not approved yet; empty for what waits.
    """

    title: str
    when: str
    request: NextRequest
    draft_id: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Leaving:
    """waiting: what waits, or the one draft that was asked for. fetch: of a file of the archive."""

    waiting: tuple[ShownRequest, ...]
    fetch: NextRequest


def read_leaving(session: Session, draft_id: str) -> Leaving:
    """What waits; for a draft's id, what would leave of that. Raises UserError."""
    connection, now_utc = open_connection(session.home), datetime.now(UTC)
    fetch = write_fetch(connection, read_network(session.home))
    drafts = session.drafts
    titles = {each.draft_id: name_draft(session, each) for each in drafts.summaries()}
    if draft_id:
        title = titles.get(DraftId(draft_id)) or _UNTITLED
        request = _try(session, draft_id).request
        when = "It is not approved. After that it waits for a random time, 18 hours at the most"
        moment = request.not_before_utc
        when += "." if moment is None else f", and not before {say_time(moment, now_utc)}."
        return Leaving((ShownRequest(title, when, request, draft_id),), fetch)
    named = {each.report_id: each.draft_id for each in drafts.approvals()}

    def show(request: NextRequest) -> ShownRequest:
        title = _WITHDRAWAL if request.is_withdrawal else _ANSWER
        if request.report_id in named and not request.is_withdrawal:
            title = titles.get(named[request.report_id]) or _UNTITLED
        return ShownRequest(title, _say_when(request, now_utc), request)

    found = list_next(session.home, connection, session.post, now_utc)
    return Leaving(tuple(map(show, found)), fetch)


def read_dry(session: Session, shown: ShownRequest) -> DryRun:
    """The same with what is in the seal. Raises UserError."""
    if shown.draft_id:
        return _try(session, shown.draft_id)
    return read_dry_run(
        session.home,
        open_connection(session.home),
        session.vault,
        session.post,
        shown.request.report_id,
        session.words,
        datetime.now(UTC),
    )


def write_counsel_file(session: Session, shown: ShownRequest, path: str) -> str:
    """Write the file; returns its path. Raises UserError."""
    write_file(Path(path), write_dry_run(read_dry(session, shown), datetime.now(UTC)))
    return path


def _try(session: Session, draft_id: str) -> DryRun:
    """As it would be sealed with the decisions made so far."""
    review = read_review(session, DraftId(draft_id), None)
    if review.obstacle is not None:
        raise InputError(review.obstacle.reason, hint=review.obstacle.advice)
    check_decided(review.decisions)
    report = leave(session.form, decide_on(review.reviewed, review.decisions))
    connection = open_connection(session.home)
    home, post, now_utc = session.home, session.post, datetime.now(UTC)
    return try_sealing(home, connection, post, session.form, report, session.words, now_utc)


def _say_when(request: NextRequest, now_utc: datetime) -> str:
    moment = request.not_before_utc
    when = "It leaves with the next sync."
    if moment is not None and moment > now_utc:
        when = f"Not before {say_time(moment, now_utc)}; then with the next sync."
    return f"{when} {request.obstacle}".strip()

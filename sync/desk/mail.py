"""Writing to the person who reported, and hearing from them, without knowing who that is.

A letter is sealed once, when it is written, to the reply key that came inside the sealed report.
It then waits for the next publication. What comes back is an answer that names the case and
shows the question's ticket; nothing else is taken for one.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tuf.api.metadata import Targets

from app.domain.case import CaseState
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import InputError
from app.store.cases import Case, CaseMovedError
from app.store.letters import LetterId, Letters, StoredReply
from app.use_cases.review_case import CaseId, CaseStore, WithdrawnCases
from sync.desk.folder import DeskFeed
from sync.desk.mail_feed import released_records
from sync.protocol import canonical
from sync.protocol.answer import Answer
from sync.protocol.canonical import Json
from sync.protocol.envelope import Reply, read_reply
from sync.protocol.errors import MalformedError, TooLargeError
from sync.protocol.letter import (
    TICKET_LENGTH,
    Letter,
    News,
    NewsWord,
    Question,
    check_news,
    read_letter,
)
from sync.protocol.mail import CONTENT_LIMIT, seal_mail

# Nobody is asked about a report that is not read any further.
_CLOSED = frozenset({CaseState.REJECTED, CaseState.WITHDRAWN})


class NoReplyWantedError(InputError):
    """The report came without a key that mail could be sealed to."""

    def __init__(self) -> None:
        super().__init__(
            "The person who sent this report wants no questions and no news.",
            "It came without a key that a letter could be sealed to. Nothing was written.",
            "Work with what was sent.",
        )


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """A letter of a case, whether the released feed has carried it, and what was answered."""

    letter: Letter
    is_published: bool
    replies: tuple[StoredReply, ...]


def ask(cases: CaseStore, tenant: str, case_id: CaseId, text: str, now: datetime) -> LetterId:
    """Seal a question to the reporter; it goes out with the next publication.

    Raises NoReplyWantedError, InputError for a text that is empty, too long or not plain,
    CaseMovedError, NoSuchCaseError.
    """
    question = _clean(text)
    if not question:
        raise InputError("The question is empty.", "Nothing was written.")
    ticket = secrets.token_bytes(TICKET_LENGTH)
    month = f"{now:%Y-%m}"
    return _write(
        cases, tenant, case_id, lambda turn: Question(turn, month, question, ticket), _CLOSED
    )


def tell(
    cases: CaseStore,
    tenant: str,
    case_id: CaseId,
    word: NewsWord,
    month: str,
    number: int | None = None,
    text: str = "",
) -> LetterId:
    """Seal news to the reporter; it goes out with the next publication.

    month: "YYYY-MM". Raises as `ask`, and InputError for news that say too little.
    """
    clean = _clean(text)
    try:
        check_news(News(1, month, word, number, clean))
    except MalformedError as error:
        raise InputError(
            f"This news is not complete: {error}.",
            "Nothing was written.",
            'Say where a report was used with --text; "published" needs a published case.',
        ) from error
    withdrawn = frozenset({CaseState.WITHDRAWN})
    return _write(
        cases, tenant, case_id, lambda turn: News(turn, month, word, number, clean), withdrawn
    )


def tell_published(
    cases: CaseStore, tenant: str, case_id: CaseId, number: int, month: str
) -> LetterId | None:
    """Let the reporter know under which number, once; None if they know or want no mail."""
    if _reply_of(cases.get(case_id)) is None:
        return None
    letters = (each.letter for each in list_letters(cases, case_id))
    if any(isinstance(each, News) and _says(each, number) for each in letters):
        return None
    return tell(cases, tenant, case_id, NewsWord.PUBLISHED, month, number)


def list_letters(cases: CaseStore, case_id: CaseId) -> tuple[CaseLetter, ...]:
    """What was written about a case and what was answered, in the order of writing."""
    letters = Letters(cases)
    replies = letters.replies(case_id)
    return tuple(
        CaseLetter(
            read_letter(canonical.encode(dict(each.content))),
            each.is_published,
            tuple(reply for reply in replies if reply.turn == each.letter_id.turn),
        )
        for each in letters.of_case(case_id)
    )


def count_answers(cases: CaseStore) -> dict[CaseId, int]:
    """How many answers have come to each case that has some."""
    return Letters(cases).reply_counts()


def take_answer(cases: CaseStore, submission_id: bytes, month: str, answer: Answer) -> bool:
    """Keep an answer with its case; False for one that nobody with the words has written.

    For a report that was withdrawn meanwhile it is dropped, whoever wrote it and whatever it says;
    also where no case of the report was ever made here.
    """
    letters = Letters(cases)
    case_id = letters.find_case(answer.report_id)
    if case_id is None:
        return WithdrawnCases(cases).is_remembered(answer.report_id)
    if cases.get(case_id).state is CaseState.WITHDRAWN:
        return True
    if not _is_plain(answer.text):
        return False
    for each in list_letters(cases, case_id):
        if (
            isinstance(each.letter, Question)
            and each.letter.turn == answer.turn
            and hmac.compare_digest(each.letter.ticket, answer.ticket)
        ):
            letters.add_reply(submission_id, LetterId(case_id, answer.turn), month, answer.text)
            return True
    return False


def waiting_records(cases: CaseStore) -> tuple[bytes, ...]:
    """The sealed records that the next publication carries."""
    return tuple(each.record for each in Letters(cases).waiting())


def settle_mail(feed: DeskFeed, archive: Targets, tenant: str, cases: CaseStore) -> bool:
    """Mark the letters that the released feed carries. Returns whether there were some."""
    letters = Letters(cases)
    waiting = {each.record: each.letter_id for each in letters.waiting()}
    found = []
    for record in released_records(feed, archive, tenant) if waiting else ():
        if record in waiting:
            found.append(waiting.pop(record))
        if not waiting:
            break
    letters.mark_published(found)
    return bool(found)


def _write(
    cases: CaseStore,
    tenant: str,
    case_id: CaseId,
    make: Callable[[int], Letter],
    closed: frozenset[CaseState],
) -> LetterId:
    case = cases.get(case_id)
    if case.state in closed:
        raise CaseMovedError(case.state)
    reply = _reply_of(case)
    if reply is None:
        raise NoReplyWantedError

    def write(turn: int) -> tuple[dict[str, Json], bytes]:
        content = make(turn).to_bytes()
        try:
            return canonical.decode(content), seal_mail(content, reply, tenant)
        except TooLargeError as error:
            raise InputError(
                f"The text is too long by {len(content) - CONTENT_LIMIT} bytes.",
                "All mail has the same size, so that its size tells nothing. Nothing was written.",
                "Shorten it, or ask in two letters.",
            ) from error

    return Letters(cases).add(case_id, write)


def _reply_of(case: Case) -> Reply | None:
    reply = canonical.decode(canonical.encode({"reply": case.envelope.get("reply")}))["reply"]
    return None if reply is None else read_reply(reply)


def _says(news: News, number: int) -> bool:
    return news.word is NewsWord.PUBLISHED and news.number == number


def _clean(text: str) -> str:
    try:
        return clean_text(text, one_line=False)
    except UnfitTextError as error:
        raise InputError(f"This text cannot be sent: {error}.", "Nothing was written.") from error


def _is_plain(text: str) -> bool:
    try:
        return clean_text(text, one_line=False) == text
    except UnfitTextError:
        return False

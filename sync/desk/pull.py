"""Fetch sealed reports, open them here, keep them, and only then let the service delete them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.domain.answer_reading import answers_from_json
from app.domain.answers import CoarseAnswers
from app.domain.form import FieldId, FieldType, Form, Leaves, ReportField
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import SurroundingsError, UserError
from app.progress import Progress
from app.use_cases.review_case import CaseStore, WithdrawnCases
from sync.desk.custody import Ring
from sync.desk.mail import take_answer
from sync.desk.service import NoLongerThereError, ServiceAtDesk
from sync.protocol import canonical
from sync.protocol.answer import Answer, is_answer
from sync.protocol.cover import is_cover
from sync.protocol.envelope import Envelope
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import BODY_LENGTH, read_header, unseal

_QUEUE_FORMAT = "nearmiss-desk-queue-1"
_CONFIRM_FORMAT = "nearmiss-desk-confirm-1"
_QUEUE_PATH = "/v1/desk/reports"
_PAGE_LENGTH = 10_000
"""The service lists so many at once; fewer are the last page."""
_PAGE_LIMIT = 4 * 1024 * 1024
_HASH_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed report at the service. month: "YYYY-MM", all that is known of its arrival."""

    report_id: bytes
    body_hash: bytes
    month: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """opened: kept as cases here. unreadable: left at the service, since nobody could say
    whether a key is missing, somebody sends junk, or the bytes were damaged there. answers:
    kept with the cases that were asked about. covers: dropped, since they say nothing.
    """

    opened: int
    unreadable: int
    answers: int = 0
    covers: int = 0


class Cover:
    """What is inside the seal of a cover submission: nothing."""


def pull(
    service: ServiceAtDesk,
    cases: CaseStore,
    form: Form,
    back_up: Callable[[], None],
    progress: Progress,
) -> Pulled:
    """Bring all that waits to the desk. Breaking off at any point loses nothing.

    What could not be opened is remembered, and is not fetched again before there is another
    key or form to try. back_up: makes a verified copy of the cases; the service is told only
    afterwards that they are safe.
    Raises UserError; what was kept until then is kept, and is not fetched twice as two cases.
    """
    waiting = list_waiting(service)
    known = cases.unreadable()
    untried = [each for each in waiting if known.get(each.report_id) != _note(each, service, form)]
    opened: list[Waiting] = []
    answers = covers = 0
    for done, each in enumerate(untried):
        progress.report(done, len(untried))
        path = f"{_QUEUE_PATH}/{each.report_id.hex()}"
        try:
            body = service.request("GET", path, limit=BODY_LENGTH)
        except NoLongerThereError:
            waiting.remove(each)
            continue
        found = open_body(body, each, service.ring, form)
        if not _keep(cases, each, found, body):
            cases.note_unreadable(each.report_id, _note(each, service, form))
            continue
        opened.append(each)
        answers += isinstance(found, Answer)
        covers += isinstance(found, Cover)
    left = {each.report_id for each in waiting} - {each.report_id for each in opened}
    cases.forget_unreadable(known.keys() - left)
    if opened:
        back_up()
        _confirm(service, opened)
    return Pulled(len(opened) - answers - covers, len(left), answers, covers)


def list_unreadable(service: ServiceAtDesk, cases: CaseStore, form: Form) -> list[Waiting]:
    """What waits at the service and could not be opened with the keys and the form of now.

    Raises UserError.
    """
    known = cases.unreadable()
    return [
        each
        for each in list_waiting(service)
        if known.get(each.report_id) == _note(each, service, form)
    ]


def discard(service: ServiceAtDesk, cases: CaseStore, unreadable: Sequence[Waiting]) -> None:
    """Let the service delete these for ever. Raises UserError."""
    _confirm(service, unreadable)
    cases.forget_unreadable(each.report_id for each in unreadable)


def list_waiting(service: ServiceAtDesk) -> list[Waiting]:
    """The whole queue, by id, page by page. Raises UserError."""
    found: list[Waiting] = []
    path = _QUEUE_PATH
    while True:
        page = _read_queue(service.request("GET", path, limit=_PAGE_LIMIT), found[-1:])
        found += page
        if len(page) < _PAGE_LENGTH:
            return found
        path = f"{_QUEUE_PATH}/after/{found[-1].report_id.hex()}"


def _note(waiting: Waiting, service: ServiceAtDesk, form: Form) -> str:
    """Which bytes were tried, with which keys, on which form."""
    keys = sorted(public.key_id.hex() for _key, public in service.ring.research_keys())
    tried = f"{form.id} {form.version} {' '.join(keys)}"
    return f"{waiting.body_hash.hex()} {hashlib.sha256(tried.encode()).hexdigest()[:16]}"


def _keep(
    cases: CaseStore, waiting: Waiting, found: Envelope | Answer | Cover | None, body: bytes
) -> bool:
    """Make a case of a report, or add an answer to its case; False if it is neither.

    A cover is confirmed with the others, so that the service cannot tell it from them; and what
    has been withdrawn before, which a service that comes from a backup offers again.
    """
    if isinstance(found, Cover):
        return True
    if isinstance(found, Answer):
        return take_answer(cases, waiting.report_id, waiting.month, found)
    if found is None:
        return False
    key_hash = read_header(body).withdrawal_hash
    if not WithdrawnCases(cases).was_withdrawn(waiting.report_id, key_hash):
        envelope = canonical.decode(found.to_bytes())
        cases.add(waiting.report_id, waiting.month, envelope, key_hash)
    return True


def open_body(
    body: bytes, waiting: Waiting, ring: Ring, form: Form
) -> Envelope | Answer | Cover | None:
    """What is inside the seal; None if it cannot be opened or does not fit to the form."""
    if hashlib.sha256(body).digest() != waiting.body_hash:
        return None  # damaged at the service, perhaps for good: it must not hold up the others
    try:
        header = read_header(body)
        for key, public in ring.research_keys():
            if public.key_id == header.key_id:
                content = unseal(body, key, public, waiting.report_id)
                if is_cover(content):
                    return Cover()
                if is_answer(content):
                    return Answer.from_bytes(content)
                return _check_form(Envelope.from_bytes(content), form)
    except (ProtocolError, UserError, UnfitTextError):
        return None  # counted as unreadable: anyone can seal junk to a public key
    return None


def _check_form(envelope: Envelope, form: Form) -> Envelope:
    if (envelope.form, envelope.form_version) != (form.id, form.version):
        raise MalformedError("a report on another form")
    answers_from_json(CoarseAnswers, form, envelope.codes)
    for name, text in envelope.texts.items():
        field = form.by_id.get(FieldId(name))
        if not isinstance(field, ReportField) or field.leaves is not Leaves.SCRUBBED:
            raise MalformedError("a text in a field that holds none")
        if clean_text(text, one_line=field.type is FieldType.TEXT) != text:
            raise MalformedError("a text that this program would not have sent")
    return envelope


def _read_queue(raw: bytes, last: Sequence[Waiting]) -> list[Waiting]:
    """One page. last: what came before it, which it has to go on from."""
    try:
        message = canonical.decode(raw)
        canonical.expect_format(message, _QUEUE_FORMAT)
        page = list(_read_rows(message.get("reports")))
        ids = [each.report_id for each in (*last, *page)]
        if any(one >= other for one, other in pairwise(ids)):
            raise MalformedError("the reports are not in their order")
        return page
    except MalformedError as error:
        raise SurroundingsError(
            "The service did not answer as expected.",
            "Nothing was changed.",
            "Check that its version fits to this program, then try again.",
        ) from error


def _read_rows(rows: canonical.Json) -> Iterator[Waiting]:
    if not isinstance(rows, list):
        raise MalformedError("no list of reports")
    for row in rows:
        if not isinstance(row, dict):
            raise MalformedError("a report is no object")
        yield Waiting(
            canonical.from_hex(row.get("id"), ID_LENGTH),
            canonical.from_hex(row.get("hash"), _HASH_LENGTH),
            canonical.month_of(row, "month"),
        )


def _confirm(service: ServiceAtDesk, reports: Sequence[Waiting]) -> None:
    for start in range(0, len(reports), _PAGE_LENGTH):
        rows = [
            {"id": each.report_id.hex(), "hash": each.body_hash.hex()}
            for each in reports[start : start + _PAGE_LENGTH]
        ]
        message = canonical.encode({"format": _CONFIRM_FORMAT, "reports": rows})
        service.request("POST", "/v1/desk/confirm", message)

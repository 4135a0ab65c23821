"""Fetch sealed reports, open them here, keep them, and only then let the service delete them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.answer_reading import answers_from_json
from app.domain.answers import CoarseAnswers
from app.domain.form import FieldId, FieldType, Form, Leaves, ReportField
from app.domain.plain_text import UnfitTextError, clean_text
from app.errors import SurroundingsError, UserError
from app.paths import make_private_folder
from app.progress import Progress
from app.use_cases.review_case import CaseStore
from sync.desk.custody import Ring
from sync.desk.service import ServiceAtDesk
from sync.protocol import canonical
from sync.protocol.envelope import Envelope
from sync.protocol.errors import MalformedError, ProtocolError
from sync.protocol.receipt import ID_LENGTH
from sync.protocol.seal import BODY_LENGTH, read_header, unseal

_QUEUE_FORMAT = "nearmiss-desk-queue-1"
_CONFIRM_FORMAT = "nearmiss-desk-confirm-1"
_QUEUE_LIMIT = 16 * 1024 * 1024
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
    whether a key is missing, somebody sends junk, or the bytes were damaged there.
    """

    opened: int
    unreadable: int


def pull(
    service: ServiceAtDesk,
    cases: CaseStore,
    cases_key: bytes,
    backup: Path,
    form: Form,
    progress: Progress,
) -> Pulled:
    """Bring all that waits to the desk. Breaking off at any point loses nothing.

    Raises UserError; what was kept until then is kept, and is not fetched twice as two cases.
    """
    waiting = _read_queue(service.request("GET", "/v1/desk/reports", limit=_QUEUE_LIMIT))
    opened: list[Waiting] = []
    for done, each in enumerate(waiting):
        progress.report(done, len(waiting))
        path = f"/v1/desk/reports/{each.report_id.hex()}"
        body = service.request("GET", path, limit=BODY_LENGTH)
        envelope = _open(body, each, service.ring, form)
        if envelope is not None:
            cases.add(each.report_id, each.month, canonical.decode(envelope.to_bytes()))
            opened.append(each)
    if opened:
        make_private_folder(backup.parent)
        cases.backup(backup, cases_key, progress)
        service.request("POST", "/v1/desk/confirm", _confirmation(opened))
    return Pulled(len(opened), len(waiting) - len(opened))


def _open(body: bytes, waiting: Waiting, ring: Ring, form: Form) -> Envelope | None:
    """What is inside the seal; None if it cannot be opened or is no answer to the form."""
    if hashlib.sha256(body).digest() != waiting.body_hash:
        return None  # damaged at the service, perhaps for good: it must not hold up the others
    try:
        header = read_header(body)
        for key, public in ring.research_keys():
            if public.key_id == header.key_id:
                content = unseal(body, key, public, waiting.report_id)
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


def _read_queue(raw: bytes) -> list[Waiting]:
    try:
        message = canonical.decode(raw)
        canonical.expect_format(message, _QUEUE_FORMAT)
        return list(_read_rows(message.get("reports")))
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


def _confirmation(opened: list[Waiting]) -> bytes:
    reports = [{"id": each.report_id.hex(), "hash": each.body_hash.hex()} for each in opened]
    return canonical.encode({"format": _CONFIRM_FORMAT, "reports": reports})

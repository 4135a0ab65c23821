"""What the self-test looks at. Each check uses one part as the program does, with invented text.

home: an empty folder of its own for each check, deleted by the caller.
"""

import json
import secrets
from datetime import UTC, datetime

from app.domain.answer_reading import answers_to_json, parse_answers
from app.domain.archive import ArchiveNumber, Put, Record
from app.errors import SurroundingsError
from app.paths import Home
from app.progress import Silent
from app.use_cases import keep_safe, write_report
from app.use_cases.read_archive import read_record, search_archive
from resources.read import list_names, read_bytes
from sync.archive_update import import_archive, open_archive
from sync.desk.cosign import cosign, inspect
from sync.desk.custody import RingName, make_research_key, make_rings
from sync.desk.folder import DeskFeed
from sync.desk.publish import publish
from sync.desk.repository import create_repository
from sync.protocol.connection import Connection, new_tenant
from sync.protocol.envelope import Envelope
from sync.protocol.receipt import make_receipt
from sync.protocol.seal import BODY_LENGTH, seal, unseal
from ui.cli.parts import build_scrubber, read_cues, read_form, read_speller, read_words

PACKAGED_FOLDERS = ("fonts", "form", "icons", "lists", "sample", "scrub", "spelling", "wire")
_VAULT = "self-test"
_SENTENCE = "Officer Dana Whitlock (badge 2217) called (314) 555-0142 from 1418 Harlow Avenue."
_NAMING = ("Whitlock", "2217", "555-0142", "1418 Harlow")
_RECORD = Record(
    number=ArchiveNumber(1),
    revision=1,
    shelf="near-miss",
    codes={"event_year": 2026},
    texts={"title": "A dog in the yard", "what_happened": "It was behind the gate."},
    marks=("invented",),
)


class SelfTestError(SurroundingsError):
    """A part of the program did not do what it is for."""

    def __init__(self, title: str) -> None:
        super().__init__(
            title,
            "This installation cannot be relied on. Your own data was not touched.",
            "Install the program again; if this happens once more, tell those who gave it to you.",
        )


def check_packaged_files(_home: Home) -> None:
    """The form and the words make sense, and no packaged folder is missing or empty."""
    form, _ = read_form()
    read_cues(form)
    read_words()
    read_speller()
    for folder in PACKAGED_FOLDERS:
        names = list_names(folder)
        if not names or not all(read_bytes(f"{folder}/{name}") for name in names):
            raise SelfTestError(f"The program's folder of {folder} is incomplete.")


def check_vault(home: Home) -> None:
    """A draft that was saved in a vault is the same after closing and opening it."""
    form, labels = read_form()
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    answers, notes = parse_answers(form, raw, this_year=datetime.now(UTC).year)
    passphrase = secrets.token_urlsafe(24)
    with keep_safe.create_vault(home, _VAULT, passphrase) as vault:
        draft = write_report.start(write_report.Drafts(vault), form, labels, answers, notes)
    with keep_safe.open_vault(home, _VAULT, passphrase) as vault:
        stored = write_report.load(write_report.Drafts(vault), form, draft)
    keep_safe.check_vault(home, _VAULT, passphrase, Silent())
    if answers_to_json(form, stored.answers) != answers_to_json(form, answers):
        raise SelfTestError("The vault did not give back the draft that was saved in it.")


def check_scrubber(_home: Home) -> None:
    """The model loads, the identifiers in a sentence are masked, the rest of it stays."""
    result = build_scrubber().scrub({"story": _SENTENCE})
    if result.doubts:
        raise SelfTestError("The scrubber's model is missing, damaged or cannot be loaded.")
    scrubbed = result.findings["story"]
    found = " ".join(_SENTENCE[each.span.start : each.span.end] for each in scrubbed)
    if not all(word in found for word in _NAMING) or "called" in found:
        raise SelfTestError("The scrubber did not find the identifiers in a sentence.")


def check_seal(_home: Home) -> None:
    """A sealed report has the one size, does not show its text, and opens with the key."""
    tenant = new_tenant()
    private, public = make_research_key(tenant, "2026-01", "2026-12")
    receipt = make_receipt(read_words().draw(), tenant)
    sent = Envelope("near-miss-report", 1, {}, {"what_happened": _SENTENCE}, None)
    body = seal(sent.to_bytes(), public, receipt.report_id, receipt.withdrawal_hash)
    opened = Envelope.from_bytes(unseal(body, private, public, receipt.report_id))
    if opened != sent or len(body) != BODY_LENGTH or _NAMING[0].encode() in body:
        raise SelfTestError("A report was not sealed as it has to be.")


def check_archive(home: Home) -> None:
    """A record that two analysts signed is fetched, verified, and found by its words."""
    now = datetime.now(UTC)
    feed = DeskFeed(home.folder / "desk")
    connection = _publish_record(feed, now)
    reader = Home(home.folder / "reader")
    import_archive(reader, connection, feed.released, now, Silent(), allow_expired=False)
    with open_archive(reader, connection) as archive:
        hits = search_archive(archive, "gate yard")
        found = read_record(archive, _RECORD.number)
    if [hit.number for hit in hits] != [_RECORD.number] or found != _RECORD:
        raise SelfTestError("The archive did not give back the record that was put into it.")


def _publish_record(feed: DeskFeed, now: datetime) -> Connection:
    tenant = new_tenant()
    rings = make_rings(tenant)
    private, public = make_research_key(tenant, f"{now:%Y-%m}", f"{now:%Y-%m}")
    rings[RingName.LEAD] = rings[RingName.LEAD].with_key(private, public)
    root = create_repository(feed, rings, [public], now)
    url = "https://service.invalid"
    secret = secrets.token_bytes(32)
    connection = Connection(tenant, "Self-test", url, f"{url}/feed", root, secret)
    publish(feed, connection, rings[RingName.LEAD], [Put(_RECORD)], now)
    form, _labels = read_form()
    digest = inspect(feed, connection, form, now).digest
    cosign(feed, connection, rings[RingName.SECOND], form, now, digest)
    return connection

"""Writes tests/golden/records anew: `python -m tests.golden.make_records`.

One example of every record that is not a message of sync.protocol: what a person writes, what
becomes of it, what stands in the archive. Everything is invented; a second run changes
nothing. A pack's bytes depend on the version of the compressor, so a stored one that still
opens stays.
"""

import base64
import json
from pathlib import Path

from app.domain.answer_reading import answers_to_json, parse_answers
from app.domain.archive import ArchiveNumber, CodeValue, Delete, Operation, Put, Record
from app.domain.case import CaseId, CaseState
from app.domain.form_file import load_form
from app.domain.navigation import complete_with_not_asked
from app.store.cases import Case
from app.store.records import record_to_json
from app.use_cases.review_case import make_record
from resources.read import read_form_files
from sync.feed_index import Index, PackEntry
from sync.generalise import generalise
from sync.pack_lines import write_operation
from sync.packs import DamagedPackError, Pack, PackFigures, PackKey, PackKind, read_pack, write_pack
from sync.protocol import canonical
from tests.golden.make_protocol import ARCHIVE_SECRET, TENANT

FOLDER = Path(__file__).resolve().parent / "records"
PACK_FILE = "base-3.pack.base64"
FORM, LABELS = load_form(*read_form_files())
NUMBER = ArchiveNumber(10_017)
ANSWERS: dict[str, object] = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
    "title": "A door that was not locked",
    "what_happened": "We cleared the hall twice. The third door stood open a hand's width, and "
    "nobody of us had said aloud that it was checked.\r\n\r\nA man with a knife came out of it.",
    "lessons": "Say aloud which doors are checked.",
    "event_year": 2026,
    "event_month": "03",
    "time_block": {"special": "unknown"},
    "light": "1",
    "state": "MO",
    "location_type": {"special": "declined"},
    "weather": ["10", "1"],
    "agency_type": "sheriff",
    "age_band": "30_34",
    "activity_detail": "building_search",
    "officers_at_start": "3",
    "hazard": "edged_weapon",
    "people_count": "0",
    "equip_kind": ["none"],
    "actual_harm": "0",
    "potential_harm": "death_one",
    "contributing": ["search_incomplete"],
    "policy_state": "unclear",
    "consent_publish": "yes",
    "consent_mailbox": "no",
    "local_title": "The hall",
    "local_exact_datetime": "2026-03-09 14:30",
    "local_people": ["Invented Person", "Another One"],
}
CODED: dict[str, CodeValue] = {
    "screen1": "in_scope",
    "alert": "none",
    "coded_event": ["building_search"],
    "location_type": {"special": "deidentified"},
}
WRITTEN = {"synopsis": "A third door was taken for checked.", "lessons_edit": "Say it aloud."}
SISTER = Record(
    ArchiveNumber(10_018),
    2,
    "sister-systems",
    {"event_year": 2012, "light": {"special": "unknown"}},
    {"title": "Smoke in the cabin", "what_happened": "\u201cSmoke\u201d \u2013 twice.\nNo fire."},
    ("invented",),
)


def make_case() -> Case:
    """The report at the desk, with the desk's codes and words beside it."""
    answers, _notes = parse_answers(FORM, ANSWERS, this_year=2026)
    coarse = generalise(FORM, complete_with_not_asked(FORM, answers))
    texts = {name: str(ANSWERS[name]) for name in ("title", "lessons")}
    texts["what_happened"] = str(ANSWERS["what_happened"]).replace("\r\n", "\n")
    return Case(
        CaseId("0" * 16),
        bytes(16),
        "2026-03",
        CaseState.APPROVED,
        {"codes": answers_to_json(FORM, coarse), "texts": texts},
        CODED,
        WRITTEN,
    )


def make_operations() -> list[Operation]:
    """A new record, a changed one of another shelf, a retraction."""
    return [Put(make_record(FORM, make_case(), NUMBER)), Put(SISTER), Delete(ArchiveNumber(9), 3)]


def make_index(base: PackFigures) -> Index:
    """A base, and a delta to each of the next two sequences."""
    deltas = tuple(
        PackEntry(PackKind.DELTA, last - 1, last, PackFigures(f"{last:064x}", 400, 900, 2))
        for last in (4, 5)
    )
    return Index(TENANT, 5, "2026-07-31", PackEntry(PackKind.BASE, 0, 3, base), deltas)


def build(pack: Pack) -> dict[str, bytes]:
    """Every file of the folder but the README, by name."""
    answers, notes = parse_answers(FORM, ANSWERS, this_year=2026)
    case = make_case()
    feed = [{"path": "metadata/timestamp.json", "hash": "0f" * 32, "length": 470}]
    return {
        "answers.json": _indent(ANSWERS),
        "answers-kept.json": _indent(
            {"report": answers_to_json(FORM, answers), "private": answers_to_json(FORM, notes)}
        ),
        "coarse.json": _indent(case.envelope["codes"]),
        "record.json": record_to_json(make_record(FORM, case, NUMBER)).encode(),
        "operations.jsonl": b"".join(map(write_operation, make_operations())),
        PACK_FILE: base64.encodebytes(pack.content),
        "index.json": make_index(pack.figures).to_bytes(),
        "desk-nonce.json": canonical.encode({"nonce": "000102030405060708090a0b0c0d0e0f"}),
        "desk-confirmed.json": canonical.encode({"confirmed": 1}),
        "feed-listing.json": canonical.encode({"format": "nearmiss-feed-listing-1", "files": feed}),
    }


def pack_key() -> PackKey:
    """Of the invented connection."""
    return PackKey.derive(ARCHIVE_SECRET, TENANT, PackKind.BASE)


def stored_pack() -> Pack | None:
    """The pack in the folder, if it still opens and holds the same."""
    if not (FOLDER / PACK_FILE).exists():
        return None
    content = base64.b64decode((FOLDER / PACK_FILE).read_bytes())
    figures = Index.from_bytes((FOLDER / "index.json").read_bytes(), tenant=TENANT).packs[0].figures
    try:
        is_same = list(read_pack(content, figures, pack_key())) == make_operations()
    except DamagedPackError:
        return None
    return Pack(content, figures) if is_same else None


def main() -> None:
    """Write the folder."""
    pack = stored_pack() or write_pack(make_operations(), pack_key())
    for name, content in build(pack).items():
        (FOLDER / name).write_bytes(content)


def _indent(message: object) -> bytes:
    return json.dumps(message, indent=1, ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    main()

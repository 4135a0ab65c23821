"""The stored example of every record is still written the same and read the same."""

import base64
import json

import pytest

from app.domain.answer_reading import answers_from_json, parse_answers
from app.domain.answers import CoarseAnswers, PrivateNotes, ReportAnswers
from app.store.records import record_from_json, record_to_json
from service.answers import ConfirmedAnswer, ListingAnswer, NonceAnswer
from sync.desk.upload import RemoteFile, read_listing
from sync.feed_index import Index, choose_packs
from sync.pack_lines import read_operation, write_operation
from sync.packs import read_pack
from sync.protocol import canonical
from tests.golden import make_records as golden
from tests.golden.make_protocol import TENANT

FORM = golden.FORM


def read(name: str) -> bytes:
    return (golden.FOLDER / name).read_bytes()


def test_the_recipe_writes_every_file_byte_for_byte() -> None:
    pack = golden.stored_pack()
    assert pack is not None, "the stored pack does not open any more, or holds something else"
    built = golden.build(pack)
    assert {path.name for path in golden.FOLDER.iterdir()} == {*built, "README.md"}
    assert {name: read(name) for name in built} == built


def test_answers_of_a_person_are_kept_as_stored() -> None:
    answers, notes = parse_answers(FORM, json.loads(read("answers.json")), this_year=2026)
    kept = json.loads(read("answers-kept.json"))
    assert answers_from_json(ReportAnswers, FORM, kept["report"]) == answers
    assert answers_from_json(PrivateNotes, FORM, kept["private"]) == notes
    assert len(kept["private"]) == 3


def test_what_leaves_is_coarse_and_holds_no_private_note() -> None:
    raw = json.loads(read("coarse.json"))
    answers_from_json(CoarseAnswers, FORM, raw)
    assert (raw["state"], raw["event_month"]) == ("west_north_central", "q1")
    assert not any(name.startswith("local_") for name in raw)
    assert raw["location_type"] == {"special": "declined"}
    assert raw["time_block"] == {"special": "unknown"}
    assert raw["weapon_where"] == {"special": "not_asked"}


def test_record_holds_nothing_that_is_not_published_yet() -> None:
    record = record_from_json(read("record.json").decode())
    assert record_to_json(record).encode() == read("record.json")
    assert not {"state", "event_month", "age_band", "policy_state", "screen1"} & set(record.codes)
    assert record.codes["location_type"] == {"special": "deidentified"}


def test_lines_and_pack_hold_the_same_operations() -> None:
    lines = read("operations.jsonl").splitlines(keepends=True)
    operations = [read_operation(line) for line in lines]
    assert operations == golden.make_operations()
    assert [write_operation(each) for each in operations] == lines
    index = Index.from_bytes(read("index.json"), tenant=TENANT)
    content = base64.b64decode(read(golden.PACK_FILE))
    assert list(read_pack(content, index.packs[0].figures, golden.pack_key())) == operations


def test_index_leads_from_nothing_and_from_the_base_to_the_newest() -> None:
    index = Index.from_bytes(read("index.json"), tenant=TENANT)
    assert index.to_bytes() == read("index.json")
    assert [pack.sequence for pack in choose_packs(index, held=0).packs] == [3, 4, 5]
    assert [pack.sequence for pack in choose_packs(index, held=4).packs] == [5]


def test_answers_of_the_service_to_a_desk_are_read() -> None:
    listing = read_listing(read("feed-listing.json"))
    assert listing == {"metadata/timestamp.json": RemoteFile("0f" * 32, 470)}
    assert canonical.from_hex(canonical.decode(read("desk-nonce.json"))["nonce"], 16)
    assert canonical.number_of(canonical.decode(read("desk-confirmed.json")), "confirmed") == 1


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("feed-listing.json", ListingAnswer),
        ("desk-nonce.json", NonceAnswer),
        ("desk-confirmed.json", ConfirmedAnswer),
    ],
)
def test_answers_of_the_service_are_as_it_describes_them(
    name: str, model: type[ListingAnswer | NonceAnswer | ConfirmedAnswer]
) -> None:
    found = model.model_validate_json(read(name), strict=True)
    assert json.loads(found.model_dump_json()) == json.loads(read(name))

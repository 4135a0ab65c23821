"""What the second reader's program refuses before anyone is asked to sign it."""

import io
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.domain.archive import ArchiveNumber, CodeValue, Record
from app.use_cases.import_reports import read_imported
from resources.read import read_bytes
from sync.desk.cosign import UnsoundPublicationError, inspect
from sync.desk.publish import publish
from sync.desk.record_check import find_unfit
from sync.desk.shelve import read_sample
from tests.desk.feed_maker import FORM, NOW, Desk, make_desk, put

RECORD = put(1).record
SISTER = replace(RECORD, shelf="asrs")


def test_a_record_of_the_form_is_fit() -> None:
    assert find_unfit(FORM, RECORD) is None
    withheld: Mapping[str, CodeValue] = {"lessons": {"special": "deidentified"}}
    assert find_unfit(FORM, replace(RECORD, codes=withheld)) is None


def test_every_record_of_the_sample_is_fit() -> None:
    for report in read_sample(FORM, read_bytes("sample/near_misses.json")):
        record = replace(RECORD, codes=report.codes, texts=report.texts)
        assert find_unfit(FORM, record) is None


def test_what_an_import_makes_is_fit_for_its_own_shelf_only() -> None:
    line = {
        "source": "asrs",
        "id": "17",
        "date": "202401",
        "time_block": "ZZZ",
        "light": "",
        "human_factors": "Fatigue; Distraction",
        "text": "One line.\nAnother line.",
        "synopsis": "A line.\nAnother.",
    }
    (report,) = read_imported(FORM, io.BytesIO(json.dumps(line).encode()))
    record = Record(ArchiveNumber(1), 1, "asrs", report.codes, report.texts)
    assert find_unfit(FORM, record) is None
    assert find_unfit(FORM, replace(record, shelf="near-miss")) is not None


@pytest.mark.parametrize(
    ("codes", "texts"),
    [
        ({"local_people": ["a name"]}, {}),
        ({"consent_publish": "yes"}, {}),
        ({"nothing": "1"}, {}),
        ({"light": "a name"}, {}),
        ({"light": ["1"]}, {}),
        ({"event_year": 10**9}, {}),
        ({"title": "a name"}, {}),
        ({"lessons": "a name"}, {}),
        ({"synopsis": "a name"}, {}),
        ({"\x1b[2J": "1"}, {}),
        ({}, {"local_title": "a name"}),
        ({}, {"event_year": "2026"}),
        ({}, {"deid_second": "a name"}),
        ({}, {"title": "\x1b[2J steers"}),
        ({}, {"title": "reads \u202ebackwards"}),
        ({}, {"what_happened": "\x9b2J"}),
        ({}, {"Dana Whitlock": "x"}),
    ],
    ids=str,
)
def test_what_the_form_does_not_publish_is_named(
    codes: dict[str, CodeValue], texts: dict[str, str]
) -> None:
    for record in (RECORD, SISTER):
        told = find_unfit(FORM, replace(record, codes=codes, texts=texts))
        assert told is not None
        assert told.isprintable()


@pytest.mark.parametrize(
    "record",
    [
        replace(RECORD, texts={"source": "ASRS 17"}),
        replace(RECORD, texts={"title": "two\nlines"}),
        replace(RECORD, shelf="Near\nmiss"),
        replace(RECORD, marks=("Dana Whitlock",)),
    ],
)
def test_a_near_miss_of_ours_holds_nothing_else(record: Record) -> None:
    assert find_unfit(FORM, record) is not None


def test_nobody_is_asked_to_sign_an_unfit_record(desk: Desk) -> None:
    bad = replace(put(7), record=replace(RECORD, texts={"local_title": "a name"}))
    publish(desk.feed, desk.connection, desk.lead, [put(8), bad], NOW)
    with pytest.raises(UnsoundPublicationError, match="local_title"):
        inspect(desk.feed, desk.connection, FORM, NOW)


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk"))

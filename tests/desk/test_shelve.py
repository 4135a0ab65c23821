"""What is put onto a shelf, and that importing a file twice adds nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import InputError
from app.store.cases import CaseStore
from app.store.publications import Publications
from app.use_cases.import_reports import ImportedReport
from resources.read import read_bytes
from sync.desk.shelve import Shelved, read_sample, shelve
from tests.desk.feed_maker import FORM

SAMPLE = read_bytes("sample/near_misses.json")


@pytest.fixture
def publications(tmp_path: Path) -> Iterator[Publications]:
    with CaseStore.open_or_create(tmp_path / "cases.db", bytes(32)) as cases:
        yield Publications(cases)


def _report(number: int) -> ImportedReport:
    return ImportedReport({}, {"source": f"ASRS {number}", "what_happened": "It was close."})


def test_what_is_on_the_shelf_already_is_skipped(publications: Publications) -> None:
    assert shelve(publications, [_report(1), _report(2), _report(1)], "asrs") == Shelved(2, 1)
    assert shelve(publications, [_report(2), _report(3)], "asrs") == Shelved(1, 1)
    assert shelve(publications, [_report(1)], "safenet") == Shelved(1, 0)
    assert len(publications.records()) == 4


def test_the_sample_is_put_there_once(publications: Publications) -> None:
    assert shelve(publications, read_sample(FORM, SAMPLE), "near-miss") == Shelved(15, 0)
    assert shelve(publications, read_sample(FORM, SAMPLE), "near-miss") == Shelved(0, 15)


@pytest.mark.parametrize("shelf", ["", "a b", "../x", "x" * 41, "-x", "ASRS", "asrs\n", "\u0661"])
def test_a_shelf_has_a_plain_name(publications: Publications, shelf: str) -> None:
    with pytest.raises(InputError, match="name of a shelf"):
        shelve(publications, [_report(1)], shelf)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"reports": {}}',
        b'{"reports": [1]}',
        b'{"reports": [{"answers": {}}]}',
        b'{"reports": [{"answers": [], "coding": {}}]}',
        b'{"reports": [{"answers": {"light": {"special": []}}, "coding": {}}]}',
        b'{"reports": [{"answers": {"nothing": "1"}, "coding": {}}]}',
        b'{"reports": [{"answers": {}, "coding": {"hfacs": {}}}]}',
    ],
    ids=lambda raw: repr(raw[:60]),
)
def test_a_file_that_is_no_sample_is_said(publications: Publications, raw: bytes) -> None:
    with pytest.raises(InputError):
        shelve(publications, read_sample(FORM, raw), "near-miss")
    assert publications.records() == []


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, "x" * 100, [["x"]]])
def test_no_value_of_a_sample_breaks_the_import(value: object) -> None:
    for name in ("light", "title", "event_year", "weather", "event_month"):
        raw = json.dumps({"reports": [{"answers": {name: value}, "coding": {}}]})
        try:
            list(read_sample(FORM, raw.encode()))
        except InputError as error:
            assert error.title  # noqa: PT017  (either way is right)

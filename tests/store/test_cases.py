"""The desk's cases and what is published of them."""

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import pytest
from sqlalchemy import event

from app.domain.archive import ArchiveNumber, Delete, Put, Record
from app.domain.case import CASE_TRANSITIONS, CaseId, CaseState, CaseSummary
from app.errors import DamagedError
from app.progress import Silent
from app.store.cases import CaseMovedError, CaseStore, NoSuchCaseError
from app.store.engine import StoreFile
from app.store.publications import NoSuchRecordError, Publications, revised

ID = bytes(range(16))
KEY = b"c" * 32
WAYS: dict[CaseState, list[CaseState]] = {
    CaseState.RECEIVED: [],
    CaseState.CODED: [CaseState.CODED],
    CaseState.APPROVED: [CaseState.CODED, CaseState.APPROVED],
    CaseState.PUBLISHED: [CaseState.CODED, CaseState.APPROVED, CaseState.PUBLISHED],
    CaseState.REJECTED: [CaseState.REJECTED],
    CaseState.STATISTICS_ONLY: [CaseState.STATISTICS_ONLY],
    CaseState.WITHDRAWN: [CaseState.WITHDRAWN],
}


def _record(number: int, revision: int = 1) -> Record:
    return Record(ArchiveNumber(number), revision, "near-miss", {"light": "dark"}, {"title": "T"})


@pytest.fixture
def case_id(cases: CaseStore) -> CaseId:
    return cases.add(ID, "2026-03", {"form": "f", "answers": {"story": "x"}})


@pytest.fixture
def publications(cases: CaseStore) -> Publications:
    return Publications(cases)


def test_a_report_becomes_one_case_however_often_it_comes(cases: CaseStore) -> None:
    first = cases.add(ID, "2026-03", {"a": 1})
    assert cases.add(ID, "2026-04", {"a": 2}) == first
    assert cases.summaries() == (CaseSummary(first, "2026-03", CaseState.RECEIVED),)
    assert cases.get(first).envelope == {"a": 1}
    assert cases.get(first).report_id == ID
    assert ID.hex()[:16] != first


def test_codes_and_texts_are_set_and_taken_away(cases: CaseStore, case_id: CaseId) -> None:
    cases.set_code(case_id, "light", "dark")
    cases.set_code(case_id, "hazards", ["dog"])
    cases.set_code(case_id, "light", None)
    cases.set_text(case_id, "title", "Ice")
    cases.set_text(case_id, "synopsis", "A car slid.")
    cases.set_text(case_id, "synopsis", None)
    case = cases.get(case_id)
    assert (case.codes, case.texts) == ({"hazards": ["dog"]}, {"title": "Ice"})


def test_an_approved_case_is_not_edited(cases: CaseStore, case_id: CaseId) -> None:
    for state in WAYS[CaseState.APPROVED]:
        cases.move(case_id, state)
    with pytest.raises(CaseMovedError, match="'approved'"):
        cases.set_code(case_id, "light", "dark")
    with pytest.raises(CaseMovedError):
        cases.set_text(case_id, "title", "x")


@pytest.mark.parametrize(("source", "to"), list(product(CaseState, CaseState)))
def test_only_the_named_ways_are_open(
    cases: CaseStore, case_id: CaseId, source: CaseState, to: CaseState
) -> None:
    for state in WAYS[source]:
        cases.move(case_id, state)
    if to in CASE_TRANSITIONS[source]:
        cases.move(case_id, to)
        assert [each.case_id for each in cases.summaries(to)] == [case_id]
    else:
        with pytest.raises(CaseMovedError):
            cases.move(case_id, to)
        assert cases.get(case_id).state is source


def test_a_case_that_is_not_there_is_said(cases: CaseStore) -> None:
    with pytest.raises(NoSuchCaseError):
        cases.get(CaseId("0"))
    with pytest.raises(NoSuchCaseError):
        cases.move(CaseId("0"), CaseState.CODED)


def test_only_what_is_withdrawn_stays_as_it_is() -> None:
    assert [state for state in CaseState if state.is_final] == [CaseState.WITHDRAWN]
    assert all(
        CaseState.WITHDRAWN in CASE_TRANSITIONS[state] for state in CaseState if not state.is_final
    )


def test_settings_are_kept(cases: CaseStore) -> None:
    assert cases.setting("a") is None
    cases.put_setting("a", "1")
    cases.put_setting("a", "2")
    assert cases.setting("a") == "2"


def test_a_backup_is_whole_and_encrypted(cases: CaseStore, case_id: CaseId, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    cases.backup(target, KEY, Silent())
    assert b"story" not in target.read_bytes()
    with CaseStore.open_or_create(target, KEY) as copy:
        assert copy.get(case_id) == cases.get(case_id)


def test_numbers_rise_with_gaps_and_are_given_out_once(publications: Publications) -> None:
    given = publications.next_numbers(50) + publications.next_numbers(50)
    steps = {after - before for before, after in pairwise(given)}
    assert min(steps) >= 1
    assert len(steps) > 3


def test_what_waits_is_the_next_delta(publications: Publications) -> None:
    publications.put([_record(2), _record(1)])
    first = publications.waiting()
    assert first == [Put(_record(1)), Put(_record(2))]
    publications.put([_record(2, 2)])
    publications.mark_published(1, first)
    assert publications.waiting() == [Put(_record(2, 2))]
    assert publications.get(ArchiveNumber(2)) == _record(2, 2)
    assert publications.counts() == {"near-miss": 2}


def test_a_retraction_is_published_and_leaves_no_text(
    publications: Publications, cases: CaseStore, case_id: CaseId
) -> None:
    publications.put([_record(1)], case_id)
    publications.mark_published(1, publications.waiting())
    assert publications.of_case(case_id) == _record(1)
    publications.retract(ArchiveNumber(1))
    assert publications.waiting() == [Delete(ArchiveNumber(1), 2)]
    assert publications.records() == []
    assert publications.of_case(case_id) is None
    for ask in (publications.retract, publications.get):
        with pytest.raises(NoSuchRecordError):
            ask(ArchiveNumber(1))


def test_a_revision_only_rises(publications: Publications) -> None:
    publications.put([_record(1, 2)])
    with pytest.raises(ValueError, match="not higher"):
        publications.put([_record(3), _record(1, 2)])
    assert publications.records() == [_record(1, 2)]
    publications.put([])
    assert revised(_record(1)) == replace(_record(1), revision=2)


def test_a_backup_that_is_not_whole_leaves_the_former_one(
    cases: CaseStore, case_id: CaseId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "backup" / "cases.db"
    target.parent.mkdir()
    cases.backup(target, KEY, Silent())
    former = target.read_bytes()
    cases.add(b"2" * 16, "2026-04", {})
    copy = StoreFile.copy_to

    def damage(file: StoreFile, place: Path) -> None:
        copy(file, place)
        raw = bytearray(place.read_bytes())
        raw[-100] ^= 1
        place.write_bytes(raw)

    monkeypatch.setattr(StoreFile, "copy_to", damage)
    with pytest.raises(DamagedError):
        cases.backup(target, KEY, Silent())
    assert target.read_bytes() == former
    assert [place.name for place in target.parent.iterdir()] == ["cases.db"]


def test_unreadable_reports_are_remembered_until_they_are_forgotten(cases: CaseStore) -> None:
    cases.put_setting("unreadable", "not one of them")
    for name in (b"1" * 16, b"2" * 16):
        cases.note_unreadable(name, "note")
    cases.note_unreadable(b"2" * 16, "another")
    cases.forget_unreadable([b"1" * 16, b"3" * 16])
    cases.forget_unreadable([])
    assert cases.unreadable() == {b"2" * 16: "another"}


def test_however_many_records_are_put_no_statement_binds_too_many_values(
    publications: Publications, cases: CaseStore
) -> None:
    bound: list[int] = []

    def count(*told: object) -> None:
        if not told[-1] and isinstance(told[3], tuple | dict):
            bound.append(len(told[3]))

    event.listen(cases.file._writers, "before_cursor_execute", count)
    publications.put([_record(number) for number in range(2_000)])
    assert max(bound) <= 1_000
    with pytest.raises(ValueError, match="higher"):
        publications.put([_record(number) for number in range(3_000, 1_990, -1)])


def test_what_is_on_a_shelf_is_known_by_its_source(publications: Publications) -> None:
    known = replace(_record(1), shelf="asrs", texts={"source": "ASRS 1", "title": "a"})
    silent = replace(_record(2), shelf="asrs", texts={"title": "b"})
    gone = replace(known, number=ArchiveNumber(3), texts={"source": "ASRS 3"})
    elsewhere = replace(known, number=ArchiveNumber(4), shelf="safenet")
    publications.put([known, silent, gone, elsewhere])
    publications.retract(ArchiveNumber(3))
    assert publications.sources("asrs") == {"ASRS 1"}
    assert publications.without_source("asrs") == [silent]

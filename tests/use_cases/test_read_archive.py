"""What a reader asks of the archive."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.archive import ArchiveNumber, Put, Record
from app.domain.form import Form
from app.errors import InputError
from app.progress import Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from app.use_cases.read_archive import (
    FACET_FIELDS,
    SHELF,
    Question,
    find_reports,
    find_similar,
    lesson_points,
    open_archive,
    read_record,
)


def record(number: int, hazard: str, shelf: str = "near-miss") -> Record:
    codes = {"hazard": hazard, "light": "1"}
    return Record(ArchiveNumber(number), 1, shelf, codes, {"title": f"A dog {number}"})


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveStore]:
    with open_archive(tmp_path / "archive" / "a.db", bytes(32)) as opened:
        records = [record(1, "animal"), record(2, "animal"), record(3, "gunfire", "sisters")]
        opened.apply([Put(each) for each in records], Edition(1, "2026-03-01"), Silent())
        yield opened


def test_every_filter_is_a_coded_field_of_the_form(form: Form) -> None:
    assert set(FACET_FIELDS) - {SHELF} <= {str(field.id) for field in form.report_fields()}


def test_a_question_is_changed_one_field_at_a_time() -> None:
    asked = Question("dog", {"light": "1"}).with_code(SHELF, "sisters").with_code("light", "4")
    assert asked == Question("dog", {"light": "4", SHELF: "sisters"})
    assert asked.codes == {"light": "4"}
    assert asked.without("light").without("hazard") == Question("dog", {SHELF: "sisters"})


def test_results_come_with_counts_over_all_of_them(archive: ArchiveStore) -> None:
    found = find_reports(archive, Question("dog", {"hazard": "animal"}), limit=1)
    assert len(found.hits) == 1
    assert found.facets.total == 2
    assert found.facets.counts["hazard"] == {"animal": 2, "gunfire": 1}
    shelved = find_reports(archive, Question("", {SHELF: "sisters"}))
    assert [hit.number for hit in shelved.hits] == [3]
    assert shelved.facets.total == 1


def test_more_like_this_leaves_the_report_itself_out(archive: ArchiveStore) -> None:
    found = find_similar(archive, read_record(archive, ArchiveNumber(1)))
    assert [hit.number for hit in found] == [2]


def test_a_report_that_is_not_there_is_told_of(archive: ArchiveStore) -> None:
    with pytest.raises(InputError, match="no report 99"):
        read_record(archive, ArchiveNumber(99))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("", ()),
        ("One line", ("One line",)),
        ("- Search first\n\n2. Then talk\n\u2022 Wait", ("Search first", "Then talk", "Wait")),
        ("Search at every handover. Say it aloud!", ("Search at every handover.", "Say it aloud!")),
        ("Ask Sgt. Ferraro about No. 5 first.", ("Ask Sgt. Ferraro about No. 5 first.",)),
    ],
)
def test_lessons_are_a_list(text: str, points: tuple[str, ...]) -> None:
    assert lesson_points(text) == points

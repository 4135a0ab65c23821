"""Counts over a search, and reports that are alike."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.archive import ArchiveNumber, CodeValue, Delete, Operation, Put, Record
from app.progress import Silent
from app.store.archive import ArchiveStore
from app.store.archive_changes import Edition
from app.store.facets import SHELF, Facets
from app.store.records import code_words

FIELDS = (SHELF, "light", "hazard", "factors")
LIGHTS = ("day", "dark", None)


def record(
    number: int, light: str | None = "dark", factors: tuple[str, ...] = (), words: str = "A stop."
) -> Record:
    codes: dict[str, CodeValue] = {
        "light": {"special": "unknown"} if light is None else light,
        "hazard": "gun" if number % 3 else "dog",
    }
    if factors:
        codes["factors"] = list(factors)
    shelf = "sister-systems" if number % 2 else "near-miss"
    return Record(ArchiveNumber(number), 1, shelf, codes, {"title": f"T{number}", "body": words})


def fill(archive: ArchiveStore, *records: Record, sequence: int = 1) -> None:
    operations: list[Operation] = [Put(each) for each in records]
    archive.apply(operations, Edition(sequence, "2026-03-01"), Silent())


def all_facets(archive: ArchiveStore, words: str = "", **where: str) -> Facets:
    return archive.facets(words, where, None, FIELDS)


def test_an_empty_archive_counts_nothing(archive: ArchiveStore) -> None:
    assert all_facets(archive) == Facets(0, {field: {} for field in FIELDS})
    assert all_facets(archive, "dog", light="dark").total == 0


def test_every_code_of_several_is_counted_and_special_values_apart(archive: ArchiveStore) -> None:
    fill(archive, record(2, "day", ("tired", "alone")), record(3, None, ("tired",)), record(4))
    found = all_facets(archive)
    assert found.total == 3
    assert found.counts == {
        SHELF: {"near-miss": 2, "sister-systems": 1},
        "light": {"dark": 1, "day": 1, "special:unknown": 1},
        "hazard": {"gun": 2, "dog": 1},
        "factors": {"alone": 1, "tired": 2},
    }


def test_a_field_leaves_its_own_filter_out_and_obeys_the_others(archive: ArchiveStore) -> None:
    fill(archive, *(record(number, LIGHTS[number % 2]) for number in range(1, 13)))
    found = all_facets(archive, light="dark", hazard="dog")
    assert found.total == 2  # 3 and 9 are odd and can be divided by three
    assert found.counts["light"] == {"dark": 2, "day": 2}
    assert found.counts["hazard"] == {"dog": 2, "gun": 4}
    assert found.counts[SHELF] == {"sister-systems": 2}
    shelved = archive.facets("", {}, "near-miss", FIELDS)
    assert shelved.counts[SHELF] == {"near-miss": 6, "sister-systems": 6}
    assert shelved.counts["light"] == {"day": 6}


def test_words_narrow_all_counts(archive: ArchiveStore) -> None:
    fill(archive, record(1, words="A river."), record(2, words="A road."), record(3, "day"))
    assert all_facets(archive, "river").counts["hazard"] == {"gun": 1}
    assert all_facets(archive, "!!!").total == 0
    assert all_facets(archive, "riv").total == 1


def test_an_unknown_code_or_field_counts_nothing_and_fails_nothing(archive: ArchiveStore) -> None:
    fill(archive, record(1), record(2))
    found = archive.facets("", {"light": "purple"}, None, ("light", "no such field"))
    assert found == Facets(0, {"light": {"dark": 2}, "no such field": {}})
    assert archive.facets("", {"no": "such"}, None, ("light",)).counts == {"light": {}}


def test_counts_follow_every_change_of_the_archive(archive: ArchiveStore) -> None:
    fill(archive, record(1), record(2))
    assert all_facets(archive).total == 2
    fill(archive, record(2**40, "day"))  # the same sequence; a number far away
    assert all_facets(archive).counts["light"] == {"dark": 2, "day": 1}
    archive.apply([Delete(ArchiveNumber(1), 1)], Edition(2, "2026-03-02"), Silent())
    assert all_facets(archive).counts["light"] == {"dark": 1, "day": 1}


def test_counts_follow_what_another_program_applies(archive: ArchiveStore) -> None:
    fill(archive, record(1), record(2))
    assert all_facets(archive).total == 2
    with ArchiveStore.open_or_create(archive.file.path, b"a" * 32) as other:
        fill(other, record(3), sequence=2)
    assert all_facets(archive).total == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    lights=st.lists(st.sampled_from(LIGHTS), min_size=1, max_size=12),
    chosen=st.dictionaries(
        st.sampled_from(["light", "hazard"]),
        st.sampled_from(["day", "dark", "special:unknown", "gun", "dog"]),
    ),
)
def test_counts_are_those_of_looking_at_every_record(
    archive: ArchiveStore, lights: list[str | None], chosen: dict[str, str]
) -> None:
    records = [record(number, light) for number, light in enumerate(lights, 1)]
    operations = [Put(each) for each in records]
    archive.replace_all(operations, Edition(1, "2026-03-01"), Silent())

    def fits(each: Record, but: str = "") -> bool:
        return all(
            code in code_words(each.codes[name]) for name, code in chosen.items() if name != but
        )

    found = archive.facets("", chosen, None, ("light", "hazard"))
    assert found.total == sum(fits(each) for each in records)
    assert found.total == len(archive.search("", chosen))
    for field in ("light", "hazard"):
        near = [code_words(each.codes[field])[0] for each in records if fits(each, field)]
        assert found.counts[field] == Counter(near)


def test_similar_are_those_that_share_most_the_newest_first(archive: ArchiveStore) -> None:
    mine = record(3, "dark", ("tired", "alone"))
    fill(
        archive,
        mine,
        record(4, "day", ("tired", "alone")),
        record(5, "day", ("tired",)),
        record(7, "day", ("tired",)),
        record(8, "dark", ("lost",)),
    )
    found = [hit.number for hit in archive.similar(mine, ("hazard", "factors"), 3)]
    assert found == [4, 7, 5]
    assert archive.similar(mine, ("factors",), 1)[0].codes["factors"] == ["tired", "alone"]


def test_a_special_value_makes_nothing_alike(archive: ArchiveStore) -> None:
    fill(archive, record(1, None), record(2, None))
    assert archive.similar(record(1, None), ("light", "factors"), 3) == ()


def test_pages_of_results_hold_each_report_once(archive: ArchiveStore) -> None:
    fill(archive, *(record(number, words="One word.") for number in range(1, 23)))
    for words in ("", "word"):
        pages = [archive.search(words, limit=10, offset=offset) for offset in (0, 10, 20, 30)]
        assert [len(page) for page in pages] == [10, 10, 2, 0]
        numbers = [hit.number for page in pages for hit in page]
        assert sorted(numbers) == list(range(1, 23))


def test_a_beginning_that_the_title_says_is_not_said_again(archive: ArchiveStore) -> None:
    texts = {"title": "A dog came out ...", "synopsis": "A dog came out of the yard.", "x": "More."}
    fill(archive, Record(ArchiveNumber(1), 1, "near-miss", {}, texts))
    assert archive.search("")[0].snippet == "… of the yard.\nMore."


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_similar_reports_than_wanted(archive: ArchiveStore, limit: int) -> None:
    fill(archive, *(record(number, factors=("tired",)) for number in range(1, 9)))
    assert len(archive.similar(record(1, factors=("tired",)), ("factors",), limit)) == limit

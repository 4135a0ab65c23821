"""The archive: applied whole or not at all, and searched."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.archive import (
    ArchiveNumber,
    ArchiveStatus,
    CodeValue,
    Delete,
    Operation,
    Put,
    Record,
)
from app.errors import UntrustedError
from app.progress import Cancelled, Silent
from app.store import search
from app.store.archive import ArchiveStore
from app.store.archive_changes import CHUNK, Edition, SignedKey
from app.store.failures import DamagedFileError
from app.store.records import join_texts, record_from_json, record_to_json, split_texts
from app.store.search import full_text_query


def record(number: int, revision: int = 1, text: str = "A traffic stop.", **more: str) -> Record:
    texts = {"title": f"Report {number}", "what_happened": text, "lessons": "Keep distance."}
    codes: dict[str, CodeValue] = {
        "light": more.get("light", "dark"),
        "year": 2025,
        "hazards": ["dog", "traffic"],
        "weather": {"special": "unknown"},
    }
    return Record(
        ArchiveNumber(number),
        revision,
        more.get("shelf", "near-miss"),
        codes,
        texts,
        ("invented",),
    )


def apply(archive: ArchiveStore, *operations: Operation, sequence: int = 1) -> None:
    archive.apply(operations, Edition(sequence, "2026-03-01"), Silent())


def numbers(archive: ArchiveStore, words: str, where: Mapping[str, str] | None = None) -> set[int]:
    return {hit.number for hit in archive.search(words, where)}


def test_a_record_comes_back_as_it_was(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7)))
    assert archive.get(ArchiveNumber(7)) == record(7)
    assert archive.get(ArchiveNumber(8)) is None
    assert list(archive.records()) == [record(7)]
    assert list(archive.records("sisters")) == []


def test_an_empty_archive_says_so(archive: ArchiveStore) -> None:
    assert archive.status() == ArchiveStatus(0, "", 0)
    assert archive.search("x") == archive.search("") == ()


def test_only_a_higher_revision_takes_the_place(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7, 2, "The dog bit.")))
    apply(archive, Put(record(7, 1, "An old text.")), Put(record(7, 2, "The same revision.")))
    assert numbers(archive, "dog") == {7}
    apply(archive, Put(record(7, 3, "The cat fled.")))
    assert numbers(archive, "dog") == set()
    assert numbers(archive, "cat") == {7}
    archive.check(Silent())


def test_a_retracted_record_is_gone_and_does_not_come_back(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7, 2)), Put(record(8)))
    apply(archive, Delete(ArchiveNumber(7), 1))
    assert archive.get(ArchiveNumber(7)) is not None
    apply(archive, Delete(ArchiveNumber(7), 3), Put(record(7, 3)))
    apply(archive, Put(record(7, 2)))
    assert archive.get(ArchiveNumber(7)) is None
    assert numbers(archive, "traffic") == {8}
    assert numbers(archive, "", {"light": "dark"}) == {8}
    apply(archive, Put(record(7, 4)))
    assert archive.get(ArchiveNumber(7)) == record(7, 4)
    archive.check(Silent())


def test_the_same_number_several_times_in_one_delta(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7, 1)), Put(record(7, 2)), Delete(ArchiveNumber(7), 3))
    apply(archive, Put(record(9, 1)), Delete(ArchiveNumber(9), 2), Put(record(9, 3)))
    assert [each.revision for each in archive.records()] == [3]
    archive.check(Silent())


def test_a_base_takes_the_place_of_everything(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7)), Put(record(8)), Delete(ArchiveNumber(9), 5))
    operations = [Put(record(8, 1, "A river.")), Put(record(9, 1, "A river."))]
    archive.replace_all(operations, Edition(2, "2026-04-01"), Silent())
    assert [each.number for each in archive.records()] == [8, 9]
    assert numbers(archive, "river") == {8, 9}
    assert numbers(archive, "traffic") == set()
    assert archive.status() == ArchiveStatus(2, "2026-04-01", 2)
    archive.check(Silent())


def _broken_off() -> Iterator[Operation]:
    for number in range(CHUNK + 1):
        yield Put(record(number, 9, "A flood."))
    raise RuntimeError("cut off")


@pytest.mark.parametrize("way", ["apply", "replace_all"])
def test_what_breaks_off_changes_nothing(archive: ArchiveStore, way: str) -> None:
    apply(archive, Put(record(7)))
    with pytest.raises(RuntimeError):
        getattr(archive, way)(_broken_off(), Edition(2, "2026-04-01"), Silent())
    assert archive.status() == ArchiveStatus(1, "2026-03-01", 1)
    assert numbers(archive, "flood") == set()
    assert numbers(archive, "traffic") == {7}
    archive.check(Silent())


def test_progress_is_told_and_can_cancel(archive: ArchiveStore) -> None:
    told: list[tuple[int, int]] = []

    class Listening:
        def report(self, done: int, total: int) -> None:
            told.append((done, total))
            if done > CHUNK:
                raise Cancelled

    operations = [Put(record(number)) for number in range(CHUNK + 5)]
    with pytest.raises(Cancelled):
        archive.apply(operations, Edition(1, "2026-03-01"), Listening(), total=len(operations))
    assert told == [(CHUNK, CHUNK + 5), (CHUNK + 5, CHUNK + 5)]
    assert archive.status().records == 0


def test_nothing_below_the_high_water_mark(archive: ArchiveStore) -> None:
    apply(archive, Put(record(7)), sequence=5)
    with pytest.raises(UntrustedError, match="older than the archive"):
        apply(archive, Put(record(8)), sequence=4)
    assert archive.high_water() == 5
    assert archive.status().records == 1


def test_keys_are_replaced_as_a_set_and_marks_kept(archive: ArchiveStore) -> None:
    one, two = SignedKey("research", "b", b"1"), SignedKey("research", "a", b"2")
    other = SignedKey("acknowledgement", "c", b"3")
    edition = Edition(1, "2026-03-01", [one, two, other], {"root": "3"})
    archive.apply([], edition, Silent())
    archive.apply([], Edition(2, "2026-03-08", None, {"targets": "4"}), Silent())
    assert archive.signed_keys("research") == (two, one)
    assert archive.marks() == {
        "root": "3",
        "targets": "4",
        "sequence": "2",
        "signed_on": "2026-03-08",
    }
    archive.apply([], Edition(3, "2026-03-15", []), Silent())
    assert archive.signed_keys("research") == ()


def test_codes_filter(archive: ArchiveStore) -> None:
    apply(archive, Put(record(1)), Put(record(2, light="day")), Put(record(3, shelf="fire")))
    assert numbers(archive, "traffic", {"light": "dark"}) == {1, 3}
    assert numbers(archive, "", {"light": "day"}) == {2}
    assert numbers(archive, "", {"hazards": "dog", "year": "2025"}) == {1, 2, 3}
    assert numbers(archive, "", {"weather": "special:unknown"}) == {1, 2, 3}
    assert numbers(archive, "", {"weather": "unknown"}) == set()
    assert {hit.number for hit in archive.search("traffic", shelf="fire")} == {3}
    assert {hit.number for hit in archive.search("", shelf="fire")} == {3}


def test_words_phrases_and_beginnings(archive: ArchiveStore) -> None:
    apply(
        archive,
        Put(record(1, 1, "Two vehicles pursued a Café owner.")),
        Put(record(2, 1, "The owner of the car waited.")),
    )
    assert numbers(archive, "vehicle") == {1}
    assert numbers(archive, "CAFE owner") == {1}
    assert numbers(archive, "own") == {1, 2}
    assert numbers(archive, "own waited") == set()
    assert numbers(archive, '"owner of the car"') == {2}
    assert numbers(archive, '"car owner"') == set()
    assert numbers(archive, '"owner') == {1, 2}
    assert numbers(archive, "distance") == {1, 2}
    assert numbers(archive, "!!!") == set()


def test_a_snippet_marks_what_was_found(archive: ArchiveStore) -> None:
    apply(archive, Put(record(1, 1, "word " * 100 + "the taser failed " + "word " * 100)))
    (hit,) = archive.search("taser")
    assert "\x02taser\x03 failed" in hit.snippet
    assert len(hit.snippet) < 300
    assert (hit.title, hit.shelf) == ("Report 1", "near-miss")


def test_a_word_in_the_title_comes_first(archive: ArchiveStore) -> None:
    texts = {"title": "Ice on the bridge", "what_happened": "A car slid."}
    bridge = Record(ArchiveNumber(1), 1, "near-miss", {}, texts)
    apply(archive, Put(bridge), Put(record(2, 1, "We crossed the bridge.")))
    assert [hit.number for hit in archive.search("bridge")] == [1, 2]


def test_a_common_word_gives_the_newest(
    archive: ArchiveStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(archive, *(Put(record(number, 1, "stop " * (9 - number))) for number in range(1, 9)))
    assert archive.search("stop", limit=1)[0].number == 1
    monkeypatch.setattr(search, "RANKED_AT_MOST", 3)
    assert [hit.number for hit in archive.search("stop", limit=2)] == [8, 7]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    words=st.text(max_size=40)
    | st.text(alphabet="\"*^():-+{}ab\0'AND NEAR OR,\\é\u0301\ud800½", max_size=30)
)
def test_whatever_is_typed_is_a_question(archive: ArchiveStore, words: str) -> None:
    for hit in archive.search(words):
        assert hit.number > 0


def test_more_words_than_anyone_types_are_cut() -> None:
    assert (full_text_query("a " * 5000) or "").count("AND") < 100


@given(st.dictionaries(st.sampled_from(["title", "a", "b", "c"]), st.text(max_size=20)))
def test_texts_are_put_together_again(texts: dict[str, str]) -> None:
    assert join_texts(*split_texts(texts)) == texts


def test_a_record_survives_as_json() -> None:
    assert record_from_json(record_to_json(record(5))) == record(5)


def test_a_damaged_archive_is_said_discarded_and_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    ArchiveStore.open_or_create(path, b"a" * 32).close()
    with pytest.raises(DamagedFileError) as raised:
        ArchiveStore.open_or_create(path, b"b" * 32)
    assert "Update the archive again" in raised.value.hint
    ArchiveStore.discard(path)
    ArchiveStore.open_or_create(path, b"b" * 32).close()

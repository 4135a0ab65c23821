"""All real reports of sister systems: imported, published, fetched, searched, and how fast."""

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.journey import Done, Stage

COUNT = 4_236
SHELF = "sister-systems"
TOO_LONG_S = 60.0


class Times:
    """How long each step took; printed at the end (pytest -s shows it)."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


@pytest.fixture(scope="module")
def times() -> Iterator[Times]:
    found = Times()
    yield found
    print(f"\n{COUNT:,} real reports over real processes")
    for name, seconds in found.seconds.items():
        print(f"  {name:<34} {seconds:6.2f} s")


@pytest.fixture(scope="module")
def published(empty_stage: Stage, corpus: Path, times: Times) -> Stage:
    """A client that holds the whole corpus, fetched from the service."""
    stage = empty_stage
    stage.found_service_and_desk()
    file = str(corpus / "real_near_misses.jsonl")
    with times.step("import into the desk"):
        done = stage.desk("import", file, "--format", "jsonl", "--shelf", SHELF)
    assert done.out.startswith(f"{COUNT} reports wait")
    with times.step("pack and sign (publish)"):
        row = stage.desk("publish", "--json").row()
    assert (row["puts"], row["deletes"]) == (COUNT, 0)
    with times.step("check and sign again (cosign)"):
        stage.desk("cosign", "--yes")
    with stage.serving():
        with times.step("upload to the service"):
            stage.desk("upload")
        stage.connect("reader")
        with times.step("fetch, verify, apply, index"):
            row = stage.client("reader", "archive", "update", "--json").row()
    assert (row["state"], row["operations"]) == ("new", COUNT)
    return stage


@pytest.fixture(scope="module")
def titles(published: Stage) -> dict[int, str]:
    return {
        row["number"]: row["title"]
        for row in search(published, "", "--limit", str(2 * COUNT)).rows()
    }


def search(stage: Stage, *words: str) -> Done:
    return stage.client("reader", "archive", "search", *words, "--json")


def test_every_report_is_in_the_offline_archive(titles: dict[int, str]) -> None:
    assert len(titles) == COUNT
    assert all(title.strip() for title in titles.values())


def test_words_codes_and_shelf_find(published: Stage, corpus: Path, times: Times) -> None:
    lines = (corpus / "real_near_misses.jsonl").read_text("utf-8").splitlines()
    most = ("--limit", str(COUNT))
    with times.step("search: a rare word"):
        rare = search(published, "handcuffs", *most).rows()
    with times.step("search: a common word, newest 20"):
        common = search(published, "officer").rows()
    with times.step("search: a phrase and a code"):
        dusk = search(published, '"police"', "--where", "light=5", *most).rows()
    unknown = search(published, '"police"', "--where", "light=special:unknown", *most).rows()
    removed = search(published, "", "--where", "light=special:deidentified", *most).rows()
    assert len(common) == 20
    having_it = [line for line in lines if re.search(r"\bhandcuffs\b", line, re.IGNORECASE)]
    assert 0 < len(having_it) <= len(rare) < COUNT
    last = json.loads(lines[-1])["id"]
    assert len(search(published, f'"{last}"').rows()) == 1
    groups = [{row["number"] for row in rows} for rows in (dusk, unknown, removed)]
    assert len(groups[0]) * len(groups[1])
    assert not groups[0] & groups[1]
    assert not groups[1] & groups[2]
    assert search(published, "", "--shelf", "near-miss").out == ""
    assert {row["shelf"] for row in common} == {SHELF}


def test_report_is_read_whole_and_as_plain_text(published: Stage, titles: dict[int, str]) -> None:
    number = str(min(titles))
    record = published.client("reader", "archive", "show", number, "--json").row()
    assert record["revision"] == 1
    assert record["shelf"] == SHELF
    assert len(record["texts"]["what_happened"]) > 100
    assert record["texts"]["source"].split()[0].isupper()
    shown = published.client("reader", "archive", "show", number).out
    assert record["texts"]["what_happened"].splitlines()[0] in shown


def test_stick_brings_the_same(published: Stage, times: Times, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(published.desk_folder / "feed", stick)
    published.connect("offline")
    with times.step("the same from a stick"):
        row = published.client("offline", "archive", "import", str(stick), "--json").row()
    assert row["operations"] == COUNT


def test_it_took_no_longer_than_a_person_waits(times: Times) -> None:
    assert sum(times.seconds.values()) < TOO_LONG_S

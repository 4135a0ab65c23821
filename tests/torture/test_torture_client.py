"""Kills and power cuts at their smallest, and that what they are there to notice is noticed."""

import json
import os
import random
from pathlib import Path

import pytest

from app.paths import Home, make_private_folder
from tests.torture.client import cut_at_random, find_strace, kill_at_random, record
from tests.torture.disk import SECTOR, DiskOrder, cut_power
from tests.torture.ledger import STATE, STORY, Fields, Found, Ledger
from tests.torture.sitting import Planted
from tests.torture.trace import Reader, Trace, UnknownCallError

SEED = int(os.environ.get("NEARMISS_TEST_SEED", "20261122"))
KILLS, CUTS, STEPS, LONGEST_S = 6, 12, 8, 2.0
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
needs_strace = pytest.mark.skipif(
    find_strace() is None, reason="strace is not installed (Debian: apt-get install strace)"
)


@pytest.mark.e2e
@needs_fork
def test_killed_at_random_moments_it_has_all_that_it_said_is_kept(tmp_path: Path) -> None:
    tally = kill_at_random(tmp_path, KILLS, SEED, lanes=2, longest_s=LONGEST_S)
    print("\n".join(tally.rows("kill -9")))
    assert not tally.faults
    assert (tally.of, tally.acknowledged > 0) == (KILLS, True)


@pytest.mark.e2e
@needs_fork
def test_answers_that_are_acknowledged_before_they_are_kept_are_noticed(tmp_path: Path) -> None:
    tally = kill_at_random(tmp_path, 3, SEED, planted=Planted.EARLY, longest_s=LONGEST_S)
    assert tally.faults


@pytest.mark.e2e
@needs_strace
def test_whatever_the_disk_had_not_written_yet_nothing_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    trace = record(tmp_path / "trace", STEPS, SEED)
    tally = cut_at_random(tmp_path, trace, CUTS, SEED)
    print("\n".join(tally.rows("power cuts")))
    assert not tally.faults
    assert (tally.of, tally.acknowledged > 0) == (CUTS, True)


@pytest.mark.e2e
@needs_strace
def test_a_commit_that_is_acknowledged_before_it_is_flushed_is_noticed(tmp_path: Path) -> None:
    trace = record(tmp_path / "trace", 4, SEED, Planted.UNFLUSHED)
    assert cut_at_random(tmp_path, trace, 10, SEED).faults


# --- the disk that is made from a trace


def _hex(text: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in text.encode()) + '"'


def _trace(tmp_path: Path, *lines: str) -> Trace:
    file = tmp_path / "lines"
    numbered = [line.replace("@", f"{tmp_path}/data/") for line in lines]
    file.write_text("".join(f"7     {_as_hex(line)}\n" for line in numbered))
    return Reader(tmp_path / "data", tmp_path / "journal").read(file)


def _as_hex(line: str) -> str:
    parts = line.split('"')
    return "".join(_hex(part) if number % 2 else part for number, part in enumerate(parts))


def _outcomes(tmp_path: Path, trace: Trace, order: DiskOrder) -> set[tuple[str, ...]]:
    chance, found = random.Random(SEED), set()
    for number in range(200):
        target = tmp_path / f"{order}-{number}"
        cut_power(trace, trace.length + 1, target, order, chance)
        found.add(tuple(f"{each.name}:{each.read_text()}" for each in sorted(target.iterdir())))
    return found


NEW = (
    'openat(-100, "@a", O_RDWR|O_CREAT, 0600) = 3',
    'pwrite64(3, "old", 3, 0)                = 3',
    "fsync(3)                                = 0",
)
FOLDER = ('openat(-100, "@", O_RDONLY) = 4', "fsync(4)                  = 0")


def test_what_was_flushed_is_there_and_what_was_not_may_be(tmp_path: Path) -> None:
    trace = _trace(tmp_path, *NEW, *FOLDER, 'pwrite64(3, "new", 3, 0) = 3')
    for order in DiskOrder:
        assert _outcomes(tmp_path, trace, order) == {("a:old",), ("a:new",)}


def test_a_name_that_was_not_flushed_lasts_only_where_changes_keep_their_order(
    tmp_path: Path,
) -> None:
    trace = _trace(tmp_path, *NEW)
    assert _outcomes(tmp_path, trace, DiskOrder.IN_ORDER) == {("a:old",)}
    assert _outcomes(tmp_path, trace, DiskOrder.ANY_ORDER) == {("a:old",), ()}


def test_a_rename_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    renamed = ('rename("@b", "@a")           = 0',)
    second = ('openat(-100, "@b", O_WRONLY|O_CREAT|O_EXCL, 0600) = 5', 'write(5, "new", 3) = 3')
    trace = _trace(tmp_path, *NEW, *second, "fsync(5) = 0", *FOLDER, *renamed)
    assert _outcomes(tmp_path, trace, DiskOrder.IN_ORDER) == {("a:old", "b:new"), ("a:new",)}


def test_a_write_is_torn_between_sectors(tmp_path: Path) -> None:
    long = "n" * (3 * SECTOR)
    old = (NEW[0], f'pwrite64(3, "{"o" * len(long)}", {len(long)}, 0) = {len(long)}', NEW[2])
    trace = _trace(tmp_path, *old, *FOLDER, f'pwrite64(3, "{long}", {len(long)}, 0) = {len(long)}')
    found = {each[0][2::SECTOR] for each in _outcomes(tmp_path, trace, DiskOrder.IN_ORDER)}
    assert {"ooo", "noo", "ono", "nnn"} <= found


def test_a_call_that_the_model_does_not_know_is_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(UnknownCallError):
        _trace(tmp_path, *NEW, "fallocate(3, 0, 0, 4096) = 0")


# --- the ledger


def _line(**words: object) -> bytes:
    return json.dumps({"at_s": 1.0, **words}).encode()


def _ledger(*lines: bytes) -> Ledger:
    return Ledger(passphrases=("x",), has_vault=True).read(
        [_line(done="d", now={STATE: "writing", "light": '"1"'}, gone=False), *lines]
    )


def _found(**fields: str) -> Found:
    drafts: dict[str, Fields] = {"d": {STATE: "writing", "light": '"1"', **fields}}
    return Found("x", drafts)


def test_what_is_as_it_was_said_is_no_fault() -> None:
    assert _ledger().compare(_found()) == []


def test_what_is_lost_or_changed_or_there_again_is_noticed() -> None:
    gone = _line(done="d", now={}, gone=True)
    assert _ledger().compare(Found("x")) == ["a draft is lost"]
    assert _ledger().compare(_found(light='"2"')) == ["light is not what was kept"]
    assert _ledger().compare(_found(area='"x"')) == ["area is not what was kept"]
    assert _ledger(gone).compare(_found()) == ["a draft that was destroyed is there again"]
    assert "from nowhere" in _ledger().compare(Found("x", {**_found().drafts, "e": {}}))[0]


def test_only_what_was_being_done_may_be_half_done() -> None:
    begun = _line(begin="save", draft="d", may={"light": ['"2"']}, may_go=False)
    new = _line(begin="begin", draft="", may={STATE: ["writing"], "light": ['"1"']}, may_go=False)
    for value in ('"1"', '"2"'):
        assert _ledger(begun).compare(_found(light=value)) == []
    assert _ledger(begun).compare(_found(light='"3"')) == ["light is not what was kept"]
    both = {**_found().drafts, "e": {STATE: "writing", "light": '"1"'}}
    assert _ledger(new).compare(Found("x", both)) == []
    del both["e"]["light"]
    assert _ledger(new).compare(Found("x", both)) == ["light is not what was kept"]


def test_what_was_typed_long_ago_and_is_missing_is_noticed() -> None:
    story = _line(done="d", now={STORY: '"abc"'}, gone=False)
    typed = [_line(typed=["d", count], at_s=float(count)) for count in (3, 4, 5, 6)]
    assert _ledger(story, *typed).compare(_found(**{STORY: '"abc"'})) == []
    late = [*typed, _line(typed=["d", 7], at_s=7.0)]
    (fault,) = _ledger(story, *late).compare(_found(**{STORY: '"abc"'}))
    assert fault == "what was typed 3.00 s ago is missing"


# --- what the power cuts have found


def test_the_name_of_a_new_folder_is_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    monkeypatch.setattr("app.paths.flush_folder", flushed.append)
    make_private_folder(Home(tmp_path).vault_folder("desk"))
    assert flushed == [tmp_path, tmp_path / "vaults"]

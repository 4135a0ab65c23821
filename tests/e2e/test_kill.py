"""kill -9 at random: nothing acknowledged is lost, nothing arrives twice."""

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.store.drafts import DraftId, Drafts
from app.store.vault import Vault
from sync.desk.home import DeskHome
from tests.e2e.forks import CLIENT
from tests.e2e.journey import PASSPHRASE, Stage, Started, first_answers
from tests.e2e.killing import (
    WHO,
    Kill,
    Pace,
    Victim,
    find_faults,
    ids_at_service,
    kill_service,
    marks_at_desk,
    measure,
    stamp,
)

SEED = int(os.environ.get("NEARMISS_TEST_SEED", "20260307"))
KILLS = 4  # that land, of each of six kinds
TRIES = 40
INTAKE_S = 0.03  # what two reports take, about


@pytest.fixture(scope="module")
def victim(empty_stage: Stage) -> Victim:
    empty_stage.found_service_and_desk()
    empty_stage.connect(WHO)
    empty_stage.import_feed(WHO)
    empty_stage.make_passphrases_cheap()
    victim = Victim(empty_stage, random.Random(SEED))
    victim.make_vault()
    return victim


@pytest.fixture(scope="module")
def after_kills(victim: Victim) -> Victim:
    """The officer after all kills, with everything sent that was ever approved."""
    began = time.monotonic()
    service = victim.stage.start_service()
    victim.stage.desk("upload")
    kill_client(victim)
    service = kill_services(victim, service)
    kill_desk(victim)
    while victim.acknowledged:
        victim.approve()
    row = victim.send().row()
    assert (row["left"], row["trouble"]) == (0, "")
    victim.tidy()
    victim.stage.desk("pull")
    os.kill(service.process_id, signal.SIGTERM)
    assert victim.stage.end(service).err == ""
    print(f"\nseed {SEED}, {dict(victim.landed)}, {dict(victim.outcomes)}")
    print(f"{len(victim.sealed)} reports in {time.monotonic() - began:.1f} s")
    return victim


def kill_client(victim: Victim) -> None:
    """In drafting, approving, uploading and in tidying up, each after its pace was measured."""
    answers = victim.stage.give("measured.json", first_answers(event_year=2025))
    pace = measure_own(victim, "report", "new", "--answers", answers, "--json")
    repeat(victim, "draft", pace, victim.draft)

    def fill_and_approve(kill: Kill) -> None:
        fill(victim)
        victim.approve(kill)

    pace = Pace(pace.whole_s * 2, pace.after_write_s * 2)  # it scrubs and seals besides
    repeat(victim, "approve", pace, fill_and_approve)

    def fill_and_send(kill: Kill) -> None:
        seal_two(victim)
        victim.send(kill)

    seal_two(victim)
    pace = measure_own(victim, "sync", "--now", "--json")
    repeat(victim, "send", pace, fill_and_send)

    def send_and_tidy(kill: Kill) -> None:
        send_one(victim)
        victim.tidy(kill)

    send_one(victim)
    pace = measure_own(victim, "report", "list", "--json")
    repeat(victim, "tidy", pace, send_and_tidy)


def kill_services(victim: Victim, service: Started) -> Started:
    """In intake, while the client sends two reports. Returns the service that runs at last."""
    stage = victim.stage

    def send_and_kill(kill: Kill) -> None:
        nonlocal service
        seal_two(victim)
        client = stage.start(CLIENT, WHO, "sync", "--now", "--json")
        armed = Kill(kill.delay_s, is_armed=True)
        done = kill_service(stage, service, client, armed, victim.folder)
        service = stage.start_service()
        victim.look()
        assert victim.received <= set(ids_at_service(stage.service_folder / "intake.sqlite"))
        received = int(done.row()["received"])
        victim.landed["service"] += received < 2
        victim.outcomes[f"{received} of 2 received when the service died"] += 1

    repeat(victim, "service", Pace(INTAKE_S, INTAKE_S), send_and_kill)
    return service


def kill_desk(victim: Victim) -> None:
    """In pulling: between fetching, keeping, copying and telling the service to delete."""
    stage, folder = victim.stage, victim.stage.desk_folder
    send_one(victim)
    pace, _ = measure(stage, folder, lambda: stage.start(CLIENT, "desk", "desk", "pull"))

    def send_and_pull(kill: Kill) -> None:
        send_one(victim)
        before = stamp(folder)
        started = stage.start(CLIENT, "desk", "desk", "pull")
        kill.wait(folder, before)
        victim.landed["pull"] += stage.end(started, kill=True).code == -signal.SIGKILL

    repeat(victim, "pull", pace, send_and_pull)


def measure_own(victim: Victim, *words: str) -> Pace:
    """How long a command of the officer takes."""
    stage = victim.stage
    pace, _ = measure(stage, victim.folder, lambda: stage.start(CLIENT, WHO, *words))
    victim.look()
    return pace


def send_one(victim: Victim) -> None:
    """See that one report more has arrived at the service."""
    fill(victim)
    victim.approve()
    victim.send()


def seal_two(victim: Victim) -> None:
    """See that two reports wait to be sent."""
    while len(victim.sealed) - len(victim.received) < 2:
        fill(victim)
        victim.approve()


def fill(victim: Victim) -> None:
    """See that there is a draft to approve."""
    if not victim.acknowledged:
        victim.draft()


def repeat(victim: Victim, step: str, pace: Pace, act: Callable[[Kill], None]) -> None:
    """Kill until enough have landed; one that came too late does not count."""
    for _ in range(TRIES):
        before = victim.landed[step]
        if before >= KILLS:
            return
        act(pace.draw(victim.chance))
        if victim.landed[step] == before:
            pace = pace.shorter()
    pytest.fail(f"only {victim.landed[step]} kills landed in {step}, seed {SEED}")


def test_enough_kills_landed(after_kills: Victim) -> None:
    assert {*after_kills.landed} == {*("draft", "approve", "send", "tidy", "service", "pull")}
    assert min(after_kills.landed.values()) >= KILLS


def test_every_approved_report_is_at_service_and_desk_exactly_once(after_kills: Victim) -> None:
    stage = after_kills.stage
    at_service = ids_at_service(stage.service_folder / "intake.sqlite")
    assert len(at_service) == len(after_kills.sealed) == stage.reports_at_service()
    assert find_faults(after_kills.sealed, at_service, desk_marks(stage)) == []


def test_nothing_is_left_of_what_was_received(after_kills: Victim) -> None:
    seen = after_kills.look()
    assert (seen.sealed_as, seen.states) == ({}, {})
    assert not set(seen.marks.values()) & set(after_kills.sealed.values())


def test_the_files_are_whole(after_kills: Victim) -> None:
    assert "is whole" in after_kills.stage.client(WHO, "vault", "check").out
    with closing(sqlite3.connect(after_kills.stage.service_folder / "intake.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_loss_and_duplicate_at_the_service_would_be_noticed(
    after_kills: Victim, tmp_path: Path
) -> None:
    marks = desk_marks(after_kills.stage)
    for statement, fault in (
        ("DELETE FROM report WHERE id = (SELECT min(id) FROM report)", "never reached the service"),
        (
            (
                "INSERT INTO report SELECT randomblob(16), hash, month, body, withdrawal"
                " FROM report LIMIT 1"
            ),
            "nobody approved",
        ),
    ):
        copy = shutil.copyfile(
            after_kills.stage.service_folder / "intake.sqlite", tmp_path / "copy.sqlite"
        )
        with closing(sqlite3.connect(copy)) as database:
            database.execute(statement)
            database.commit()
        (found,) = find_faults(after_kills.sealed, ids_at_service(copy), marks)
        assert fault in found
    at_service = list(after_kills.sealed)
    assert "twice" in find_faults(after_kills.sealed, at_service, [*marks, marks[0]])[0]
    assert "the desk" in find_faults(after_kills.sealed, at_service, marks[1:])[0]


def test_lost_draft_would_be_noticed(after_kills: Victim) -> None:
    after_kills.draft()
    (draft_id,) = after_kills.acknowledged
    with Vault.open(after_kills.folder, PASSPHRASE) as vault:
        Drafts(vault).destroy(DraftId(draft_id))
    with pytest.raises(AssertionError, match="acknowledged is lost"):
        after_kills.look()


def desk_marks(stage: Stage) -> list[int]:
    """What has arrived in the end."""
    cases, _key = DeskHome(stage.desk_folder).open_cases(PASSPHRASE)
    with cases:
        return marks_at_desk(cases)

"""Only verified officers can submit, over real processes, also when these are killed."""

import functools
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from app.store.post import Post
from app.store.tables.post import COVERS
from app.store.times import to_text
from tests.e2e.forks import CLIENT, SERVICE
from tests.e2e.journey import Done, Stage, Started, first_answers
from tests.e2e.killing import ids_at_service

SEED = int(os.environ.get("NEARMISS_TEST_SEED", "20261122"))
LANDED = 3  # kills that end something, of each kind
TRIES = 15
_LONGEST_S = 0.3


class Verified:
    """A stage whose service takes no report without a token, and its cards."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.chance = random.Random(SEED)
        self.officers = 0
        self.service: Started | None = None
        self.longest_s: dict[str, float] = {}

    def start(self) -> None:
        """Start the service without an unverified lane."""
        folder = str(self.stage.service_folder)
        running = self.stage.start(
            SERVICE, "operator", "serve", folder, "--port", str(self.stage.port)
        )
        deadline = time.monotonic() + 60
        while b"listening on" not in running.stdout_file.read_bytes():
            assert time.monotonic() < deadline, running.stderr_file.read_text("utf-8")
            time.sleep(0.01)
        self.service = running

    def stop(self, number: int = signal.SIGTERM) -> Done:
        """End the service."""
        assert self.service is not None
        os.kill(self.service.process_id, number)
        return self.stage.end(self.service)

    def cards(self, count: int) -> Path:
        """A file with fresh cards."""
        file = self.stage.folder / "given" / f"cards-{self.chance.random()}"
        words = ("cards", "--count", str(count), "--text", str(file))
        self.stage.service(*words, "--dir", str(self.stage.service_folder))
        return file

    def new_officer(self) -> str:
        """Somebody who is connected and has a vault, and is not enrolled."""
        self.officers += 1
        who = f"officer-{self.officers}"
        shutil.copytree(self.stage.home("officer"), self.stage.home(who))
        return who

    def enrolled_officer(self, *, has_tokens: bool) -> str:
        """Somebody who has used a card."""
        who = self.new_officer()
        self.stage.client(who, "enrol", "--card-file", str(self.cards(1)))
        if has_tokens:
            self.stage.client(who, "sync", "--tokens-now")
        return who

    def seal(self, who: str) -> str:
        """Approve a report; returns the id."""
        answers = self.stage.give("answers.json", first_answers())
        made = self.stage.client(who, "report", "new", "--answers", answers, "--json")
        self.stage.client(who, "report", "approve", made.row()["id"], "--mask-findings")
        (row,) = [
            each
            for each in self.stage.client(who, "outbox", "list", "--json").rows()
            if each["state"] == "queued"
        ]
        return str(row["id"])

    def state(self, who: str) -> str:
        """What the program tells of its officer."""
        return str(self.stage.client(who, "enrol", "--status", "--json").row()["state"])

    def count(self, database: str, query: str) -> int:
        """One number from a database of the service, read without it."""
        with closing(sqlite3.connect(self.stage.service_folder / database)) as connection:
            return int(connection.execute(query).fetchone()[0])

    def let_covers_be_due(self, who: str) -> None:
        """Let the days pass until both covers of this quarter are to be made."""
        with Post.open_or_create(self.stage.home(who) / "vaults" / "first") as post:
            drawn = (COVERS.c.moment_utc.is_not(None), to_text(datetime.now(UTC)))
            with post.file.writing() as connection:
                changed = update(COVERS).where(drawn[0]).values(moment_utc=drawn[1])
                assert connection.execute(changed).rowcount == 2

    def kill_at_random(self, kind: str, step: Callable[[], Started]) -> bool:
        """Start a command and kill it; whether that ended something. Earlier if it did not."""
        longest_s = self.longest_s.setdefault(kind, _LONGEST_S)
        started = step()
        time.sleep(self.chance.uniform(0, longest_s))
        has_landed = self.stage.end(started, kill=True).code == -signal.SIGKILL
        if not has_landed:
            self.longest_s[kind] = longest_s * 0.6
        return has_landed


@pytest.fixture(scope="module")
def verified(empty_stage: Stage) -> Iterator[Verified]:
    stage = empty_stage
    stage.found_service_and_desk()
    (key,) = (stage.service_folder / "issuer-keys").iterdir()
    stage.desk("issuer-key", str(key), "--officers", "137")
    stage.connect("officer")
    stage.import_feed("officer")
    stage.client("officer", "vault", "create")
    stage.make_passphrases_cheap()
    found = Verified(stage)
    found.start()
    stage.desk("upload")
    yield found
    done = found.stop()
    assert (done.code, done.err) == (0, "")


def test_a_report_goes_the_whole_way_with_a_token(verified: Verified) -> None:
    stage = verified.stage
    who = verified.new_officer()
    card = verified.cards(1).read_bytes()
    told = stage.client(who, "enrol", "--card-file", "-", stdin=card).out
    assert "Verified, tokens come within days." in told
    assert "At least 100 officers" in told
    stage.client(who, "sync", "--tokens-now")
    assert verified.state(who) == "verified, 12 of 12 left"
    verified.seal(who)
    assert stage.client(who, "sync", "--json").row()["left"] == 1  # three days at least
    assert stage.client(who, "sync", "--now", "--json").row()["received"] == 1
    assert verified.state(who) == "verified, 11 of 12 left"
    assert "11 of 12" in stage.client(who, "outbox", "list").out
    assert stage.desk("pull", "--json").row()["opened"] == 1


def test_without_a_card_or_without_tokens_a_report_is_held(verified: Verified) -> None:
    stage = verified.stage
    before = verified.count("intake.sqlite", "SELECT count(*) FROM report")
    for who in (verified.new_officer(), verified.enrolled_officer(has_tokens=False)):
        verified.seal(who)
        done = stage.client(who, "sync", "--now")
        assert "1 held" in done.out
        assert "Nothing is lost" in done.out
    assert verified.count("intake.sqlite", "SELECT count(*) FROM report") == before
    stage.client(who, "sync", "--tokens-now")
    assert stage.client(who, "sync", "--now", "--json").row()["received"] == 1


def test_a_used_card_and_a_mistyped_one_are_refused(verified: Verified) -> None:
    stage, cards = verified.stage, verified.cards(1)
    stage.client(verified.new_officer(), "enrol", "--card-file", str(cards))
    who = verified.new_officer()
    done = stage.try_client(who, "enrol", "--card-file", str(cards))
    assert done.code == 1
    assert "used before" in done.err
    done = stage.try_client(who, "enrol", "--card-file", "-", stdin=b"ABCD-EFGH")
    assert (done.code, done.out) == (1, "")
    assert verified.state(who) == "not enrolled"


def test_machines_take_cards_from_one_file_until_there_is_none(verified: Verified) -> None:
    stage, cards = verified.stage, verified.cards(3)
    for _ in range(3):
        stage.client(verified.new_officer(), "enrol", "--cards", str(cards))
    done = stage.try_client(verified.new_officer(), "enrol", "--cards", str(cards))
    assert "No card of this file is unused" in done.err


def test_without_the_service_the_card_waits_and_sync_enrols(verified: Verified) -> None:
    stage, who = verified.stage, verified.new_officer()
    cards = verified.cards(1)
    verified.stop()
    done = stage.try_client(who, "enrol", "--card-file", str(cards))
    assert done.code == 1
    assert verified.state(who) == "enrolment not confirmed yet"
    verified.start()
    stage.client(who, "sync", "--tokens-now")
    assert verified.state(who) == "verified, 12 of 12 left"


def test_a_post_from_a_backup_loses_its_tokens(verified: Verified) -> None:
    stage, who = verified.stage, verified.enrolled_officer(has_tokens=True)
    folder = stage.home(who) / "vaults" / "first"
    shutil.copytree(folder, stage.home(who) / "backup")
    verified.seal(who)
    stage.client(who, "sync", "--now")
    shutil.rmtree(folder)
    (stage.home(who) / "backup").rename(folder)
    done = stage.try_client(who, "sync", "--now")
    assert "comes from a backup" in done.err
    assert verified.state(who) != "verified, 12 of 12 left"
    verified.seal(who)
    assert "1 held" in stage.try_client(who, "sync", "--now").out


def test_what_is_carried_on_a_stick_shows_the_same_token(verified: Verified) -> None:
    stage, who = verified.stage, verified.enrolled_officer(has_tokens=True)
    report_id = verified.seal(who)
    stick = stage.folder / "given" / f"stick-{who}"
    stick.mkdir()
    stage.client(who, "carry", "out", str(stick))
    (file,) = stick.iterdir()
    stage.client("officer", "carry", "send", str(file))
    assert stage.client(who, "sync", "--now", "--json").row()["received"] == 1
    assert verified.state(who) == "verified, 11 of 12 left"
    at_service = [each.hex() for each in ids_at_service(stage.service_folder / "intake.sqlite")]
    assert at_service.count(report_id) == 1


def test_killed_while_enrolling_one_card_makes_one_account(verified: Verified) -> None:
    stage, landed = verified.stage, 0
    accounts = verified.count("issuer/issuer.sqlite", "SELECT count(*) FROM account")
    made = 0
    for _ in range(TRIES):
        who, cards = verified.new_officer(), str(verified.cards(1))
        made += 1
        step = functools.partial(stage.start, CLIENT, who, "enrol", "--card-file", cards)
        landed += verified.kill_at_random("enrol", step)
        stage.try_client(who, "sync")
        if verified.state(who) == "not enrolled":
            stage.client(who, "enrol", "--card-file", cards)
        assert verified.state(who).startswith("verified")
        if landed >= LANDED:
            break
    assert landed
    after = verified.count("issuer/issuer.sqlite", "SELECT count(*) FROM account")
    assert after - accounts == made


def test_killed_while_fetching_every_batch_is_had_once_and_whole(verified: Verified) -> None:
    stage, landed = verified.stage, 0
    for place in range(TRIES):
        who = verified.enrolled_officer(has_tokens=False)
        if place % 3 == 2:  # the service this time
            started = stage.start(CLIENT, who, "sync", "--tokens-now")
            time.sleep(verified.chance.uniform(0.1, 0.6))
            verified.stop(signal.SIGKILL)
            stage.end(started)
            verified.start()
            landed += 1
        else:
            step = functools.partial(stage.start, CLIENT, who, "sync", "--tokens-now")
            landed += verified.kill_at_random("fetch", step)
        stage.client(who, "sync", "--tokens-now")
        assert verified.state(who) == "verified, 12 of 12 left"
        if landed >= LANDED:
            break
    assert landed


def test_killed_while_uploading_every_report_arrives_once_for_one_token(
    verified: Verified,
) -> None:
    stage, landed = verified.stage, 0
    who = verified.enrolled_officer(has_tokens=True)
    spent = verified.count("intake.sqlite", "SELECT count(*) FROM spent_token")
    sealed = []
    for _ in range(8):
        sealed.append(verified.seal(who))
        step = functools.partial(stage.start, CLIENT, who, "sync", "--now")
        landed += verified.kill_at_random("upload", step)
        stage.client(who, "sync", "--now")
        if landed >= LANDED:
            break
    assert landed
    assert verified.state(who) == f"verified, {12 - len(sealed)} of 12 left"
    after = verified.count("intake.sqlite", "SELECT count(*) FROM spent_token")
    assert after - spent == len(sealed)
    at_service = [each.hex() for each in ids_at_service(stage.service_folder / "intake.sqlite")]
    assert [at_service.count(each) for each in sealed] == [1] * len(sealed)


def test_covers_arrive_once_each_through_kills_and_nobody_is_told_of_them(
    verified: Verified,
) -> None:
    stage, landed = verified.stage, 0
    who = verified.enrolled_officer(has_tokens=True)
    counts = ("SELECT count(*) FROM report", "SELECT count(*) FROM spent_token")
    before = [verified.count("intake.sqlite", each) for each in counts]
    verified.let_covers_be_due(who)
    told = []
    for place in range(TRIES):
        words = ("sync", "--if-due") if place % 2 else ("sync", "--now")
        step = functools.partial(stage.start, CLIENT, who, *words)
        landed += verified.kill_at_random("cover", step)
        if landed >= LANDED:
            break
    assert landed
    for _ in range(3):
        told.append(stage.client(who, "outbox", "list").out)
        told.append(stage.client(who, "sync", "--now").out)
    told.append(stage.client(who, "outbox", "list", "--json").out)
    after = [verified.count("intake.sqlite", each) for each in counts]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 2]
    assert verified.state(who) == "verified, 10 of 12 left"
    nothing = {"", "0 sent and confirmed, 0 held, 0 refused, 0 left in the outbox."}
    assert {each.partition("\n")[0] for each in told} == nothing | {"Nothing waits."}
    cases = len(stage.desk("list", "--json").rows())
    pulled = stage.desk("pull", "--json").row()
    assert pulled["covers"] == 2
    assert len(stage.desk("list", "--json").rows()) == cases + int(str(pulled["opened"]))
    assert stage.desk("pull", "--json").row() == {
        **dict.fromkeys(pulled, 0),
        "unreadable": pulled["unreadable"],
    }

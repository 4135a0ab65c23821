"""Who asked leaves no trace, on the whole way of a verified officer: not the computer's name, its
address, the account's name or the program's in any file of service and desk, nor in what they
printed; not the card, nor its officer's report, in what the issuer keeps.
"""

import os
import platform
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.protocol.card import Card
from tests.e2e.canary import files_in, find_words
from tests.e2e.forks import SERVICE
from tests.e2e.journey import Stage, Started, first_answers, leave_notices_out

PERSON, COMPUTER, AGENT = "kanarienvogel", "wachtstube-nordost-7", "NearMiss/1"
WHO = "officer"


@dataclass
class Trail:
    """What was done. second: a report that came shortly before the service was killed."""

    stage: Stage
    card: str
    report: str
    second: str

    @property
    def service(self) -> list[Path]:
        """All that the service wrote, its backup too."""
        return [self.stage.service_folder, self.stage.folder / "backup"]


def _serve(stage: Stage) -> Started:
    folder = str(stage.service_folder)
    running = stage.start(SERVICE, "operator", "serve", folder, "--port", str(stage.port))
    while b"listening on" not in running.stdout_file.read_bytes():
        assert stage.forks.poll(running.process_id) is None, running.stderr_file.read_text()
    return running


def _report(stage: Stage) -> str:
    given = stage.give("answers.json", first_answers())
    draft = str(stage.client(WHO, "report", "new", "--answers", given, "--json").row()["id"])
    stage.client(WHO, "report", "approve", draft, "--mask-findings")
    rows = stage.client(WHO, "outbox", "list", "--json").rows()
    (name,) = (str(each["id"]) for each in rows if each["state"] == "queued")
    return name


@pytest.fixture(scope="module")
def trail(empty_stage: Stage) -> Trail:
    """Killed while it served, so that its write-ahead log is looked through too."""
    stage = empty_stage
    stage.more = {
        **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), PERSON),
        **dict.fromkeys(("HOSTNAME", "COMPUTERNAME", "HOST"), COMPUTER),
    }
    stage.found_service_and_desk()
    (key,) = (stage.service_folder / "issuer-keys").iterdir()
    stage.desk("issuer-key", str(key), "--officers", "137")
    stage.connect(WHO)
    stage.import_feed(WHO)
    stage.client(WHO, "vault", "create")
    stage.make_passphrases_cheap()
    cards = stage.folder / "given" / "cards"
    words = ("cards", "--count", "2", "--text", str(cards), "--dir", str(stage.service_folder))
    stage.service(*words)
    card = cards.read_text().splitlines()[0]
    _serve_and_speak(stage, card)
    report = _report(stage)
    running = _serve(stage)
    stage.client(WHO, "sync", "--now")
    stage.desk("pull")
    backup = stage.folder / "backup"
    backup.mkdir()
    stage.service("backup", str(backup / "one"), "--dir", str(stage.service_folder))
    second = _report(stage)
    stage.client(WHO, "sync", "--now")
    assert stage.end(running, kill=True).code == -signal.SIGKILL
    return Trail(stage, card, report, second)


def _serve_and_speak(stage: Stage, card: str) -> None:
    running = _serve(stage)
    stage.desk("upload")
    stage.client(WHO, "enrol", "--card-file", "-", stdin=card.encode())
    stage.client(WHO, "sync", "--tokens-now")
    os.kill(running.process_id, signal.SIGTERM)
    done = stage.end(running)
    assert (done.code, done.err) == (0, "")


def test_nobody_is_named_in_any_file_of_service_desk_or_officer(trail: Trail) -> None:
    homes = trail.stage.folder / "homes"
    words = [PERSON, COMPUTER, AGENT]
    if len(platform.node()) >= len("workstation"):  # a short name is in other words too
        words.append(platform.node())
    folders = [*trail.service, homes, trail.stage.folder / "tmp", trail.stage.folder / "output"]
    assert len(list(files_in(folders))) > 60
    assert find_words(folders, words) == {}


def test_no_address_lies_at_the_service(trail: Trail) -> None:
    assert find_words(trail.service, ["127.0.0.1", "localhost"]) == {}


def test_a_log_that_was_left_by_a_kill_was_looked_through(trail: Trail) -> None:
    """The search finds what may be there."""
    log = trail.stage.service_folder / "intake.sqlite-wal"
    assert bytes.fromhex(trail.second) in log.read_bytes()
    assert bytes.fromhex(trail.report) in (trail.stage.folder / "backup" / "one").read_bytes()


def test_the_issuer_knows_neither_the_report_nor_any_more_the_card(trail: Trail) -> None:
    issuer = trail.stage.service_folder / "issuer"
    for path in files_in([issuer]):
        content = path.read_bytes()
        for report in (trail.report, trail.second):
            assert bytes.fromhex(report) not in content
    used = Card.from_text(trail.card).text
    assert find_words([*trail.service, trail.stage.folder / "homes"], [used]) == {}


def test_nothing_was_printed_about_anybody(trail: Trail) -> None:
    for path in (trail.stage.folder / "output").glob("*-serve.out"):
        assert path.read_text("utf-8") == f"listening on {trail.stage.url}\n"
    for path in (trail.stage.folder / "output").glob("*.err"):
        assert leave_notices_out(path.read_text("utf-8")) == ""

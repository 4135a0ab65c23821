"""A report is withdrawn by its words alone, once for ever, and every desk hears of it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.protocol import canonical
from sync.protocol.acknowledgement import Acknowledgement
from sync.protocol.keys import SigningKey
from sync.protocol.seal import BODY_LENGTH
from sync.protocol.withdrawal import (
    LENGTH,
    MEDIA_TYPE,
    Withdrawal,
    check_withdrawal,
    is_withdrawn,
    withdraw,
)
from tests.service.running import SEALED, Answer, Desk, RunningService, run_command, stored

ON_BOTH_DATABASES = True
TYPE = {"Content-Type": MEDIA_TYPE}


@dataclass
class Reporter:
    """Who holds the words of one report."""

    running: RunningService
    key: SigningKey = field(default_factory=SigningKey.generate)
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    body: bytes = b""

    def __post_init__(self) -> None:
        key_hash = hashlib.sha256(self.key.public_bytes()).digest()
        header = b"NMR1research" + key_hash
        self.body = header + secrets.token_bytes(BODY_LENGTH - len(header))

    def report(self) -> Answer:
        return self.running.put(self.id, self.body)

    def asked(self, key: SigningKey | None = None) -> Withdrawal:
        tenant = self.running.card.tenant
        return withdraw(key or self.key, tenant, bytes.fromhex(self.id))

    def withdraw(self, key: SigningKey | None = None) -> Answer:
        return self.send(self.asked(key).to_bytes())

    def send(self, body: bytes) -> Answer:
        return self.running.ask("DELETE", f"/v1/reports/{self.id}", body, TYPE)

    def says_withdrawn(self, answer: Answer, key: SigningKey | None = None) -> bool:
        """What the service has signed; it has to have signed something."""
        keys = [self.running.card.acknowledgement]
        signed = Acknowledgement.from_bytes(answer.body)
        return is_withdrawn(signed, keys, bytes.fromhex(self.id), self.asked(key).key_hash)


@pytest.fixture
def reporter(running_service: RunningService) -> Reporter:
    found = Reporter(running_service)
    assert found.report().status == 201
    return found


def test_the_bytes_go_and_no_retry_brings_them_back(reporter: Reporter) -> None:
    body_hash, month, body = stored(reporter.running.folder)[reporter.id]
    assert body == reporter.body
    for _ in range(2):
        answer = reporter.withdraw()
        assert answer.status == 200
        assert reporter.says_withdrawn(answer)
        assert reporter.report().status == 200
        assert stored(reporter.running.folder)[reporter.id] == (body_hash, month, None)
    other = b"NMR1" + secrets.token_bytes(BODY_LENGTH - 4)
    assert reporter.running.ask("PUT", f"/v1/reports/{reporter.id}", other, SEALED).status == 409


def test_no_token_is_needed_where_reports_need_one(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder)
    reporter = Reporter(running)
    assert reporter.report().status == 401
    answer = reporter.withdraw()
    assert (answer.status, reporter.says_withdrawn(answer)) == (404, False)


def test_the_wrong_key_hears_what_an_unknown_id_hears(reporter: Reporter) -> None:
    wrong = SigningKey.generate()
    answer = reporter.withdraw(wrong)
    unknown = Reporter(reporter.running).withdraw()
    assert answer.status == unknown.status == 404
    assert not reporter.says_withdrawn(answer, wrong)
    assert len(answer.body) == len(unknown.body)
    assert answer.headers.keys() == unknown.headers.keys()
    assert stored(reporter.running.folder)[reporter.id][2] == reporter.body


def test_who_asks_for_nothing_leaves_nothing(running_service: RunningService) -> None:
    before = stored(running_service.folder)
    reporter = Reporter(running_service)
    assert reporter.withdraw().status == 404
    assert stored(running_service.folder) == before
    # It may come after all: a word of today is none about tomorrow.
    assert reporter.report().status == 201
    assert reporter.withdraw().status == 200


def test_a_signature_for_another_report_or_service_is_refused(reporter: Reporter) -> None:
    other = Reporter(reporter.running, reporter.key)
    elsewhere = withdraw(reporter.key, "f" * 32, bytes.fromhex(reporter.id))
    public = Withdrawal(reporter.asked().public, bytes(64))
    for each in (other.asked(), elsewhere, public):
        assert reporter.send(each.to_bytes()).status == 403
    assert stored(reporter.running.folder)[reporter.id][2] == reporter.body


@pytest.mark.parametrize("length", [0, 100, LENGTH - 1, LENGTH + 1])
def test_what_is_no_withdrawal_is_refused(reporter: Reporter, length: int) -> None:
    body = reporter.asked().to_bytes().ljust(LENGTH + 1, b"\0")[:length]
    assert reporter.send(body).status == (413 if length > LENGTH else 400)
    answer = reporter.running.ask("DELETE", f"/v1/reports/{reporter.id}", body, SEALED)
    assert (answer.status, answer.headers["accept"]) == (415, MEDIA_TYPE)
    assert stored(reporter.running.folder)[reporter.id][2] == reporter.body


def list_for(desk: Desk) -> list[dict[str, str]]:
    """The whole list that this desk is told, page by page as a desk would ask."""
    message = desk.ask("GET", "/v1/desk/withdrawn").json()
    assert message["format"] == "nearmiss-desk-withdrawn-1"
    rows = message["withdrawn"]
    assert isinstance(rows, list)
    return rows


def confirm(desk: Desk, *ids: str) -> object:
    message = {"format": "nearmiss-desk-withdrawn-confirm-1", "ids": list(ids)}
    body = canonical.encode(message)
    return desk.ask("POST", "/v1/desk/withdrawn/confirm", body).json()["confirmed"]


def test_after_a_desk_has_confirmed_it_the_words_still_count(
    reporter: Reporter, desk: Desk
) -> None:
    rows = [{"id": reporter.id, "hash": hashlib.sha256(reporter.body).hexdigest()}]
    confirmed = canonical.encode({"format": "nearmiss-desk-confirm-1", "reports": rows})
    desk.ask("POST", "/v1/desk/confirm", confirmed)
    assert stored(reporter.running.folder)[reporter.id][2] is None
    assert reporter.withdraw(SigningKey.generate()).status == 404
    assert reporter.withdraw().status == 200
    assert reporter.id in {row["id"] for row in list_for(desk)}


def test_each_desk_is_told_until_it_has_confirmed(reporter: Reporter, desk: Desk) -> None:
    other = Desk(reporter.running)
    other.register()
    assert reporter.withdraw().status == 200
    row = next(row for row in list_for(desk) if row["id"] == reporter.id)
    signed = Withdrawal(bytes.fromhex(row["public"]), bytes.fromhex(row["signature"]))
    check_withdrawal(signed, reporter.running.card.tenant, bytes.fromhex(row["id"]))
    assert signed == reporter.asked()
    assert (confirm(desk, reporter.id, "0" * 32), confirm(desk, reporter.id)) == (1, 1)
    assert reporter.id not in {row["id"] for row in list_for(desk)}
    assert reporter.id in {row["id"] for row in list_for(other)}
    ids = [row["id"] for row in list_for(other)]
    assert ids == sorted(ids)
    after = other.ask("GET", f"/v1/desk/withdrawn/after/{ids[-1]}").json()["withdrawn"]
    assert after == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"format":"nearmiss-desk-withdrawn-confirm-1","ids":["x"]}']
)
def test_what_is_no_confirmation_is_refused(desk: Desk, body: bytes) -> None:
    assert desk.ask("POST", "/v1/desk/withdrawn/confirm", body).status == 400


def test_tidy_backup_and_restore_keep_it(
    service_folder: Path,
    start: Callable[..., RunningService],
    new_address: Callable[[], tuple[str, ...]],
) -> None:
    running = start(service_folder, "--accept-unverified")
    reporter, waiting = Reporter(running), Reporter(running)
    for each in (reporter, waiting):
        each.report()
    reporter.withdraw()
    desk = Desk(running)
    desk.register()
    told = Reporter(running)
    told.report()
    told.withdraw()
    confirm(desk, told.id)
    assert run_command("tidy", "--dir", service_folder).returncode == 0
    backup = service_folder.parent / "backup"
    assert run_command("backup", backup, "--dir", service_folder).returncode == 0
    assert running.stop() == 0
    assert reporter.body[100:140] not in backup.read_bytes()
    folder = service_folder.parent / "restored"
    made = run_command("restore", backup, folder, *new_address())
    assert made.returncode == 0, made.stderr
    again = start(folder, "--accept-unverified")
    reporter.running = waiting.running = desk.running = again
    assert reporter.report().status == 200
    assert stored(folder)[reporter.id][2] is None
    assert [row["id"] for row in list_for(desk)] == [reporter.id]
    assert waiting.withdraw().status == 200
    status = run_command("status", "--dir", folder).stdout.splitlines()
    assert "withdrawn  3" in status
    assert again.stop() == 0
    assert again.stderr_file.read_text() == ""

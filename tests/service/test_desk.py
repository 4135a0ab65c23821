import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from service.database.tables import desk_key, report
from sync.protocol import canonical
from sync.protocol.desk_request import HEADER, DeskProof, prove
from sync.protocol.keys import SigningKey
from tests.service.running import Desk, RunningService, make_body, transaction

ON_BOTH_DATABASES = True
QUEUE = "/v1/desk/reports"
CONFIRM = "/v1/desk/confirm"


@pytest.fixture(scope="module")
def queue(running_service: RunningService) -> dict[str, bytes]:
    """Three reports that nobody confirms."""
    reports = {secrets.token_hex(16): make_body() for _ in range(3)}
    for report_id, body in reports.items():
        assert running_service.put(report_id, body).status == 201
    return reports


def confirmation(reports: dict[str, bytes]) -> bytes:
    pairs = [
        {"id": name, "hash": hashlib.sha256(body).hexdigest()} for name, body in reports.items()
    ]
    return canonical.encode({"format": "nearmiss-desk-confirm-1", "reports": pairs})


def listed(desk: Desk) -> dict[str, str]:
    answer = desk.ask("GET", QUEUE)
    assert answer.status == 200
    message = answer.json()
    assert message["format"] == "nearmiss-desk-queue-1"
    reports = message["reports"]
    assert isinstance(reports, list)
    ids = [each["id"] for each in reports]
    assert ids == sorted(ids)
    assert all(set(each) == {"id", "hash", "month"} for each in reports)
    return {each["id"]: each["hash"] for each in reports}


def test_desk_pulls_what_was_submitted(desk: Desk, queue: dict[str, bytes]) -> None:
    found = listed(desk)
    for report_id, body in queue.items():
        assert found[report_id] == hashlib.sha256(body).hexdigest()
        answer = desk.ask("GET", f"{QUEUE}/{report_id}")
        assert (answer.status, answer.body) == (200, body)
        assert answer.headers["content-type"] == "application/octet-stream"


def test_unknown_report_and_malformed_id_are_refused(desk: Desk) -> None:
    assert desk.ask("GET", f"{QUEUE}/{secrets.token_hex(16)}").status == 404
    assert desk.ask("GET", f"{QUEUE}/x").status == 400


def test_confirmed_report_leaves_no_bytes(desk: Desk) -> None:
    running = desk.running
    report_id, body = secrets.token_hex(16), make_body()
    running.put(report_id, body)
    for _ in range(2):
        assert desk.ask("POST", CONFIRM, confirmation({report_id: body})).json() == {"confirmed": 1}
    assert report_id not in listed(desk)
    assert desk.ask("GET", f"{QUEUE}/{report_id}").status == 404
    assert body[100:160] not in everything(running.folder)
    # The id stays, so that a late repeat does not bring it back.
    assert running.put(report_id, body).status == 200
    assert running.put(report_id, make_body()).status == 409
    assert report_id not in listed(desk)


def test_confirmation_with_another_hash_changes_nothing(
    desk: Desk, queue: dict[str, bytes]
) -> None:
    wrong = confirmation(dict.fromkeys([*queue, secrets.token_hex(16)], b"other bytes"))
    assert desk.ask("POST", CONFIRM, wrong).json() == {"confirmed": 0}
    assert queue.keys() <= listed(desk).keys()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"format":"nearmiss-desk-confirm-1"}',
        b'{"format":"nearmiss-desk-confirm-1","reports":[1]}',
        b'{"format":"nearmiss-desk-confirm-1","reports":[{"id":"00","hash":"00"}]}',
        b'{"format":"another","reports":[]}',
    ],
)
def test_malformed_confirmation_is_refused(desk: Desk, body: bytes) -> None:
    assert desk.ask("POST", CONFIRM, body).status == 400


def test_too_large_confirmation_is_refused(desk: Desk) -> None:
    proof = prove(desk.key, desk.public, "POST", CONFIRM, b"", desk.nonce())
    headers = {HEADER: proof.to_header(), "Content-Length": str(4 * 1024 * 1024 + 1)}
    assert desk.running.ask("POST", CONFIRM, headers=headers).status == 413


def test_nonce_is_good_for_one_request(desk: Desk) -> None:
    proof = prove(desk.key, desk.public, "GET", QUEUE, b"", desk.nonce())
    headers = {HEADER: proof.to_header()}
    assert desk.running.ask("GET", QUEUE, headers=headers).status == 200
    assert desk.running.ask("GET", QUEUE, headers=headers).status == 401


def forgeries(desk: Desk) -> Iterator[str]:
    key, public, nonce = desk.key, desk.public, desk.nonce()
    yield ""
    yield "x.y.z"
    yield prove(key, public, "GET", QUEUE, b"", secrets.token_bytes(16)).to_header()
    yield prove(key, public, "POST", QUEUE, b"", nonce).to_header()
    yield prove(key, public, "GET", f"{QUEUE}/00", b"", nonce).to_header()
    yield prove(key, public, "GET", QUEUE, b"body", nonce).to_header()
    stranger = Desk(desk.running)
    yield prove(stranger.key, stranger.public, "GET", QUEUE, b"", nonce).to_header()
    yield prove(stranger.key, public, "GET", QUEUE, b"", nonce).to_header()
    fitting = prove(key, public, "GET", QUEUE, b"", nonce)
    yield DeskProof(fitting.key_id, desk.nonce(), fitting.signature).to_header()


def test_no_forged_proof_is_accepted(desk: Desk) -> None:
    for header in forgeries(desk):
        answer = desk.running.ask("GET", QUEUE, headers={HEADER: header})
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == HEADER


def test_forged_request_does_not_use_up_the_nonce(desk: Desk) -> None:
    nonce = desk.nonce()
    forged = prove(SigningKey.generate(), desk.public, "GET", QUEUE, b"", nonce).to_header()
    assert desk.running.ask("GET", QUEUE, headers={HEADER: forged}).status == 401
    fitting = prove(desk.key, desk.public, "GET", QUEUE, b"", nonce).to_header()
    assert desk.running.ask("GET", QUEUE, headers={HEADER: fitting}).status == 200


def test_key_whose_period_is_over_is_refused(desk: Desk) -> None:
    former = Desk(desk.running, last_month="2020-02")
    with transaction(desk.running.folder) as connection:
        row = {"id": former.public.key_id, "file": former.public.to_bytes()}
        connection.execute(insert(desk_key), row)
    assert former.ask("GET", QUEUE).status == 401


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_long_queue_is_listed_page_by_page_and_the_last_is_shorter(desk: Desk) -> None:
    ids = [number.to_bytes(16) for number in range(1, 10_003)]
    others = {"hash": bytes(32), "month": "2026-03", "body": b"x"}
    with transaction(desk.running.folder) as connection:
        connection.execute(insert(report), [{"id": each, **others} for each in ids])
    try:
        first = list(listed(desk))
        assert first == [each.hex() for each in ids[:10_000]]
        more = desk.ask("GET", f"{QUEUE}/after/{first[-1]}").json()["reports"]
        assert isinstance(more, list)
        assert [each["id"] for each in more][:2] == [each.hex() for each in ids[10_000:]]
        assert len(more) < 10_000
        assert desk.ask("GET", f"{QUEUE}/after/{'f' * 32}").json()["reports"] == []
    finally:
        with transaction(desk.running.folder) as connection:
            connection.execute(delete(report).where(report.c.body == b"x"))


def test_the_place_from_which_a_page_goes_on_is_signed(desk: Desk) -> None:
    proof = prove(desk.key, desk.public, "GET", f"{QUEUE}/after/{'0' * 32}", b"", desk.nonce())
    headers = {HEADER: proof.to_header()}
    other = desk.running.ask("GET", f"{QUEUE}/after/{'1' * 32}", headers=headers)
    assert other.status == 401
    assert desk.ask("GET", f"{QUEUE}/after/x").status == 400

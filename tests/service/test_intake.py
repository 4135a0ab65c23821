import hashlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.months import this_month
from sync.protocol.acknowledgement import Acknowledgement, check_acknowledgement
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from tests.service.running import SEALED, Answer, RunningService, make_body, stored

ON_BOTH_DATABASES = True


def new_id() -> str:
    return secrets.token_hex(16)


def check_signed(answer: Answer, running: RunningService, report_id: str, body: bytes) -> None:
    signed = Acknowledgement.from_bytes(answer.body)
    body_hash = hashlib.sha256(body).digest()
    check_acknowledgement(
        signed, [running.card.acknowledgement], bytes.fromhex(report_id), body_hash
    )


def test_new_report_is_stored_and_acknowledged(running_service: RunningService) -> None:
    report_id, body = new_id(), make_body()
    answer = running_service.put(report_id, body)
    assert answer.status == 201
    check_signed(answer, running_service, report_id, body)
    found = stored(running_service.folder)[report_id]
    assert found == (hashlib.sha256(body).digest(), this_month(), body)


def test_repeat_is_acknowledged_again(running_service: RunningService) -> None:
    report_id, body = new_id(), make_body()
    assert running_service.put(report_id, body).status == 201
    again = running_service.put(report_id, body)
    assert again.status == 200
    check_signed(again, running_service, report_id, body)


def test_other_bytes_under_a_taken_id_are_refused(running_service: RunningService) -> None:
    report_id, body = new_id(), make_body()
    running_service.put(report_id, body)
    assert running_service.put(report_id, make_body()).status == 409
    assert stored(running_service.folder)[report_id][2] == body


@pytest.mark.parametrize("bad", ["", "00", "A" * 32, "g" * 32, "0" * 33, "0" * 31 + "%0a"])
def test_malformed_id_is_refused(running_service: RunningService, bad: str) -> None:
    assert running_service.put(bad, make_body()).status == (400 if bad else 404)


@pytest.mark.parametrize("length", [0, 1, BODY_LENGTH - 1])
def test_body_of_another_size_is_refused(running_service: RunningService, length: int) -> None:
    assert running_service.put(new_id(), make_body()[:length]).status == 400


@pytest.mark.parametrize("length", [BODY_LENGTH + 1, 5_000_000])
def test_larger_body_is_refused(running_service: RunningService, length: int) -> None:
    connection = running_service.connect()
    connection.putrequest("PUT", f"/v1/reports/{new_id()}")
    connection.putheader("Content-Type", MEDIA_TYPE)
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    # Refused by its announced length: nothing of it has been sent.
    assert connection.getresponse().status == 413
    connection.close()


def test_endless_body_is_refused_before_its_end(running_service: RunningService) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(17):
            yield b"x" * 4096

    report_id = new_id()
    connection = running_service.connect()
    connection.putrequest("PUT", f"/v1/reports/{report_id}")
    connection.putheader("Content-Type", MEDIA_TYPE)
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    for piece in endless():
        connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
    # The closing chunk is never sent.
    assert connection.getresponse().status == 413
    connection.close()
    assert report_id not in stored(running_service.folder)


def test_chunked_body_of_the_right_size_is_stored(running_service: RunningService) -> None:
    body = make_body()
    pieces = (body[start : start + 9_999] for start in range(0, len(body), 9_999))
    answer = running_service.ask("PUT", f"/v1/reports/{new_id()}", pieces, SEALED)
    assert answer.status == 201


@pytest.mark.parametrize("media_type", ["", "application/json", MEDIA_TYPE.replace("v1", "v2")])
def test_other_media_type_is_told_the_accepted_one(
    running_service: RunningService, media_type: str
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = running_service.ask("PUT", f"/v1/reports/{new_id()}", make_body(), headers)
    assert answer.status == 415
    assert answer.headers["accept"] == MEDIA_TYPE


def test_other_body_version_is_told_the_accepted_type(running_service: RunningService) -> None:
    answer = running_service.put(new_id(), b"NMR2" + make_body()[4:])
    assert answer.status == 415
    assert answer.headers["accept"] == MEDIA_TYPE


def test_no_key_is_a_reason_to_refuse(running_service: RunningService) -> None:
    assert running_service.put(new_id(), make_body(key_id=secrets.token_bytes(8))).status == 201


def test_token_that_cannot_be_checked_is_refused(running_service: RunningService) -> None:
    headers = {**SEALED, "Authorization": "PrivateToken token=AAAA"}
    report_id = new_id()
    answer = running_service.ask("PUT", f"/v1/reports/{report_id}", make_body(), headers)
    assert answer.status == 401
    assert report_id not in stored(running_service.folder)


def test_answers_carry_these_headers_and_no_others(running_service: RunningService) -> None:
    answer = running_service.put(new_id(), make_body())
    assert set(answer.headers) == {"content-type", "content-length", "cache-control"}


def test_nothing_is_said_without_a_token_while_the_lane_is_closed(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder)
    for path in (new_id(), "malformed"):
        for headers in ({}, SEALED, {**SEALED, "Authorization": "PrivateToken token=AAAA"}):
            for body in (b"", b"x", make_body(), b"x" * (BODY_LENGTH + 1)):
                answer = running.ask("PUT", f"/v1/reports/{path}", body, headers)
                assert answer.status == 401
                assert answer.headers["www-authenticate"] == "PrivateToken"
    assert stored(running.folder) == {}

"""Reports on a stick: out, up from another machine, and the acknowledgement back in."""

import hashlib
import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.submission import SubmissionState
from app.errors import DamagedError, InputError, UntrustedError
from app.store.outbox import Outbox
from app.store.post import Post, SendingError
from sync.carry import (
    CarriedIn,
    NotAcceptedError,
    carry_in,
    carry_out,
    carry_send,
    read_carried,
)
from sync.network import Network
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.carry import Carried, CarryReply
from sync.protocol.connection import Connection
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from sync.protocol.token import TOKEN_LENGTH, TOKEN_TYPE, Token
from sync.protocol.token_proof import TokenProof
from sync.uploader import OtherServiceError
from tests.sync.servers import Server, read_request

TENANT = "0" * 32
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = bytes(65_536)
IDS = [bytes([number]) * 16 for number in range(1, 4)]
KEY = SigningKey(b"k" * 32)
KEY_FILE = PublicKeyFile(TENANT, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", KEY.public_bytes())
OTHER_KEY = SigningKey(b"o" * 32)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with Post.open_or_create(tmp_path / "post") as opened:
        for number in IDS:
            Outbox(opened).add(number, BODY, NOW)
        yield opened


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def requests() -> list[bytes]:
    return []


@pytest.fixture
def start(requests: list[bytes]) -> Iterator[Callable[..., str]]:
    servers: list[Server] = []

    def run(status: int = 201, key: SigningKey = KEY, text: bytes | None = None) -> str:
        def serve(connection: socket.socket) -> None:
            request = read_request(connection)
            requests.append(request)
            head, _, body = request.partition(b"\r\n\r\n")
            report_id = bytes.fromhex(head.split(b" ")[1][-32:].decode())
            signed = acknowledge(key, KEY_FILE, report_id, hashlib.sha256(body).digest())
            answer = signed.to_bytes() if text is None else text
            connection.sendall(
                b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                % (status, len(answer), answer)
            )

        servers.append(Server(serve))
        return f"http://127.0.0.1:{servers[-1].port}"

    yield run
    for server in servers:
        server.close()


def _connect(url: str, tenant: str = TENANT) -> Connection:
    return Connection(tenant, "Invented", url, url, b"{}", bytes(32))


def _states(post: Post) -> set[SubmissionState]:
    return {row.state for row in Outbox(post).submissions()}


def test_a_report_goes_the_whole_way_by_hand(
    post: Post, stick: Path, start: Callable[..., str], requests: list[bytes]
) -> None:
    connection = _connect(start())
    written = carry_out([post], connection, stick)
    assert len(written) == 3
    assert _states(post) == {SubmissionState.QUEUED}
    replies = [carry_send(path, read_carried(path), Network()) for path in written]
    assert {request[-65_536:] for request in requests} == {BODY}
    assert b"Authorization" not in requests[0]
    for reply in replies:
        assert carry_in([post], connection, [KEY_FILE], reply) is CarriedIn.RECEIVED
    assert _states(post) == {SubmissionState.RECEIVED}
    assert carry_in([post], connection, [KEY_FILE], replies[0]) is CarriedIn.KNOWN


def test_a_file_carries_the_frozen_bytes_and_id_under_a_name_that_tells_nothing(
    post: Post, stick: Path
) -> None:
    written = carry_out([post], _connect("https://service.example"), stick)
    found = {read_carried(path).report_id for path in written}
    assert found == set(IDS)
    for path in written:
        assert read_carried(path).body == BODY
        assert not any(number.hex()[:4] in path.name for number in IDS)


def test_carrying_out_twice_makes_other_files_with_the_same_content(
    post: Post, stick: Path
) -> None:
    connection = _connect("https://service.example")
    first = carry_out([post], connection, stick)
    second = carry_out([post], connection, stick)
    assert not set(first) & set(second)
    assert {path.read_bytes() for path in first} == {path.read_bytes() for path in second}


def test_what_was_carried_counts_as_tried_so_that_taking_it_back_withdraws_it(
    post: Post, stick: Path
) -> None:
    outbox = Outbox(post)
    outbox.move(IDS[1], SubmissionState.SENDING)
    outbox.move(IDS[1], SubmissionState.HELD, status=401)
    before = {row.report_id: row for row in outbox.submissions()}
    carry_out([post], _connect("https://service.example"), stick)
    for row in outbox.submissions():
        assert row.tries == before[row.report_id].tries + 1
        assert (row.state, row.last_status) == (
            before[row.report_id].state,
            before[row.report_id].last_status,
        )


def test_nothing_is_carried_while_another_program_sends(post: Post, stick: Path) -> None:
    with post.only_sender(), pytest.raises(SendingError):
        carry_out([post], _connect("https://service.example"), stick)
    assert not list(stick.iterdir())


def test_what_is_done_is_not_carried(post: Post, stick: Path) -> None:
    outbox = Outbox(post)
    outbox.move(IDS[0], SubmissionState.TAKEN_BACK)
    outbox.move(IDS[1], SubmissionState.SENDING)
    outbox.move(IDS[1], SubmissionState.HELD, status=401)
    written = carry_out([post], _connect("https://service.example"), stick)
    assert {read_carried(path).report_id for path in written} == set(IDS[1:])


def test_what_was_sealed_for_another_service_is_not_carried_to_this_one(
    post: Post, stick: Path
) -> None:
    carry_out([post], _connect("https://one.example"), stick)
    with pytest.raises(OtherServiceError):
        carry_out([post], _connect("https://two.example", "1" * 32), stick)


def test_without_the_folder_nothing_is_made(post: Post, stick: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        carry_out([post], _connect("https://service.example"), stick / "none")
    assert not (stick / "none").exists()


def test_a_token_rides_along_in_the_two_headers(
    stick: Path, start: Callable[..., str], requests: list[bytes]
) -> None:
    token = Token.from_bytes(TOKEN_TYPE + bytes(TOKEN_LENGTH - len(TOKEN_TYPE)))
    proof = TokenProof(bytes(64))
    path = stick / "carried.json"
    path.write_bytes(Carried(TENANT, start(), IDS[0], BODY, token, proof).to_bytes())
    carry_send(path, read_carried(path), Network())
    assert f"\r\nAuthorization: {token.to_header()}\r\n".encode() in requests[0]
    assert f"\r\nNearMiss-Proof: {proof.to_header()}\r\n".encode() in requests[0]


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "verified officer"), (403, "verified officer"), (409, "does not take"), (503, "now")],
)
def test_a_refusal_leaves_no_reply(
    post: Post, stick: Path, start: Callable[..., str], status: int, words: str
) -> None:
    path = carry_out([post], _connect(start(status)), stick)[0]
    with pytest.raises(NotAcceptedError, match=words):
        carry_send(path, read_carried(path), Network())
    assert not list(stick.glob("*-reply.json"))


def test_a_page_that_is_no_acknowledgement_is_not_taken_for_one(
    post: Post, stick: Path, start: Callable[..., str]
) -> None:
    path = carry_out([post], _connect(start(200, text=b"<html>sign in</html>")), stick)[0]
    with pytest.raises(NotAcceptedError, match="did not sign"):
        carry_send(path, read_carried(path), Network())


def test_an_acknowledgement_of_another_key_is_refused(
    post: Post, stick: Path, start: Callable[..., str]
) -> None:
    connection = _connect(start(key=OTHER_KEY))
    path = carry_out([post], connection, stick)[0]
    reply = carry_send(path, read_carried(path), Network())
    with pytest.raises(UntrustedError):
        carry_in([post], connection, [KEY_FILE], reply)
    assert _states(post) == {SubmissionState.QUEUED}


def test_an_acknowledgement_for_other_bytes_is_refused(post: Post, stick: Path) -> None:
    signed = acknowledge(KEY, KEY_FILE, IDS[0], hashlib.sha256(b"other bytes").digest())
    reply = stick / "reply.json"
    reply.write_bytes(CarryReply(TENANT, IDS[0], signed).to_bytes())
    with pytest.raises(UntrustedError):
        carry_in([post], _connect("https://service.example"), [KEY_FILE], reply)


def test_an_acknowledgement_for_nothing_here_changes_nothing(post: Post, stick: Path) -> None:
    signed = acknowledge(KEY, KEY_FILE, bytes(16), hashlib.sha256(BODY).digest())
    reply = stick / "reply.json"
    reply.write_bytes(CarryReply(TENANT, bytes(16), signed).to_bytes())
    with pytest.raises(InputError, match="belongs to no report"):
        carry_in([post], _connect("https://service.example"), [KEY_FILE], reply)
    assert _states(post) == {SubmissionState.QUEUED}


def test_one_that_was_taken_back_and_arrived_is_said(
    post: Post, stick: Path, start: Callable[..., str]
) -> None:
    connection = _connect(start())
    path = carry_out([post], connection, stick)[0]
    reply = carry_send(path, read_carried(path), Network())
    Outbox(post).move(read_carried(path).report_id, SubmissionState.TAKEN_BACK)
    assert carry_in([post], connection, [KEY_FILE], reply) is CarriedIn.LATE


def test_one_that_was_being_sent_when_the_program_died_is_received(
    post: Post, stick: Path, start: Callable[..., str]
) -> None:
    connection = _connect(start())
    for path in carry_out([post], connection, stick):
        Outbox(post).move(read_carried(path).report_id, SubmissionState.SENDING)
        reply = carry_send(path, read_carried(path), Network())
        assert carry_in([post], connection, [KEY_FILE], reply) is CarriedIn.RECEIVED


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_damaged_file_is_said_in_one_way(post: Post, stick: Path, content: bytes) -> None:
    path = stick / "broken.json"
    path.write_bytes(content)
    with pytest.raises(DamagedError):
        read_carried(path)
    with pytest.raises(DamagedError):
        carry_in([post], _connect("https://service.example"), [KEY_FILE], path)


def test_the_file_names_no_time_and_no_person(post: Post, stick: Path) -> None:
    path = carry_out([post], _connect("https://service.example"), stick)[0]
    assert json.loads(path.read_bytes()).keys() == {
        "format",
        "tenant",
        "service_url",
        "id",
        "body",
        "token",
        "proof",
    }

"""Whatever arrives gets an answer that the protocol knows, and nothing of it is kept."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from service import intake
from service.application import make_application
from service.database.commits import Database, run_now
from service.database.desk import count
from service.database.engine import open_engine
from service.database.schema import migrate
from service.folder import new_service
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE
from sync.protocol.withdrawal import LENGTH as WITHDRAWAL_LENGTH
from sync.protocol.withdrawal import MEDIA_TYPE as WITHDRAWAL_TYPE

Headers = list[tuple[bytes, bytes]]


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder: Path = tmp_path_factory.mktemp("service")
    service = new_service(folder, None)
    engine = open_engine(service.database)
    migrate(engine)
    yield make_application(service, Database(engine), accepts_unverified=True)
    counts = run_now(engine, count)
    engine.dispose()
    assert counts.waiting == 0


def call(application: FastAPI, method: str, path: bytes, headers: Headers, body: bytes) -> int:
    """The status of one request, given to the application without a server."""
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.decode("latin-1"),
        "raw_path": path,
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "state": {},
    }
    asyncio.run(application(scope, receive, send))
    (status,) = statuses
    return status


# h11 lets only such paths and header values through.
path_bytes = st.text(st.characters(min_codepoint=33, max_codepoint=126)).map(str.encode)
values = st.text(st.characters(min_codepoint=32, max_codepoint=255)).map(
    lambda text: text.strip().encode("latin-1")
)
ids = st.one_of(path_bytes, st.binary(min_size=16, max_size=16).map(lambda raw: raw.hex().encode()))


@settings(deadline=None, max_examples=60)
@given(
    report_id=ids,
    media_type=st.one_of(st.just(MEDIA_TYPE.encode()), values),
    body=st.one_of(
        st.binary(max_size=200),
        st.binary(min_size=8, max_size=8).map(lambda raw: raw * (BODY_LENGTH // 8)),
        st.binary(min_size=8, max_size=8).map(lambda raw: raw * (BODY_LENGTH // 8) + b"x"),
    ).filter(lambda body: not (body.startswith(b"NMR1") and len(body) == BODY_LENGTH)),
)
def test_garbage_for_intake_is_refused(
    application: FastAPI, report_id: bytes, media_type: bytes, body: bytes
) -> None:
    headers = [(b"content-type", media_type)]
    status = call(application, "PUT", b"/v1/reports/" + report_id, headers, body)
    assert status in {400, 404, 413, 415}


@settings(deadline=None, max_examples=60)
@given(
    route=st.sampled_from(
        [
            ("GET", b"/v1/desk/reports"),
            ("GET", b"/v1/desk/reports/00"),
            ("GET", b"/v1/desk/reports/after/00"),
            ("POST", b"/v1/desk/confirm"),
            ("GET", b"/v1/desk/withdrawn"),
            ("GET", b"/v1/desk/withdrawn/after/00"),
            ("POST", b"/v1/desk/withdrawn/confirm"),
            ("GET", b"/v1/desk/feed"),
            ("PUT", b"/v1/desk/feed/targets/a"),
        ]
    ),
    proof=st.one_of(
        values,
        st.tuples(
            st.binary(min_size=8, max_size=8),
            st.binary(min_size=16, max_size=16),
            st.binary(min_size=64, max_size=64),
        ).map(lambda parts: b".".join(part.hex().encode() for part in parts)),
    ),
    body=st.binary(max_size=200),
)
def test_garbage_for_the_desk_is_not_signed(
    application: FastAPI, route: tuple[str, bytes], proof: bytes, body: bytes
) -> None:
    assert call(application, *route, [(b"nearmiss-desk", proof)], body) == 401


@settings(deadline=None, max_examples=60)
@given(path=path_bytes)
def test_garbage_for_the_feed_is_not_found(application: FastAPI, path: bytes) -> None:
    assert call(application, "GET", b"/feed/" + path, [], b"") == 404


def test_mistake_of_ours_is_logged_without_what_it_says(
    application: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    allowed_logs: list[str],
) -> None:
    def fail() -> str:
        raise RuntimeError("canary")

    allowed_logs.append("mistake: RuntimeError")
    monkeypatch.setattr(intake, "this_month", fail)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"user-agent", b"canary")]
    body = b"NMR1" + b"canary" * (BODY_LENGTH // 6)
    # The server hears of it too; there its own log is off.
    with pytest.raises(RuntimeError):
        call(application, "PUT", b"/v1/reports/" + b"0" * 32, headers, body)
    (record,) = [each for each in caplog.records if each.name.startswith("service")]
    assert record.getMessage().startswith("mistake: RuntimeError at test_service_garbage.py:")
    assert "canary" not in record.getMessage()
    assert record.exc_info is None


def test_description_names_every_answer(application: FastAPI) -> None:
    paths = application.openapi()["paths"]
    assert set(paths) == {
        "/v1/reports/{report_id}",
        "/v1/desk/nonce",
        "/v1/desk/withdrawn",
        "/v1/desk/withdrawn/after/{report_id}",
        "/v1/desk/withdrawn/confirm",
        "/v1/desk/reports",
        "/v1/desk/reports/after/{report_id}",
        "/v1/desk/reports/{report_id}",
        "/v1/desk/confirm",
        "/v1/desk/feed",
        "/v1/desk/feed/{path}",
        "/feed/{path}",
    }
    submit = paths["/v1/reports/{report_id}"]["put"]
    assert set(submit["responses"]) == {
        *("200", "201", "400", "401", "403", "409", "413", "415", "503"),
    }
    assert set(submit["requestBody"]["content"]) == {MEDIA_TYPE}
    withdraw = paths["/v1/reports/{report_id}"]["delete"]
    assert set(withdraw["responses"]) == {"200", "400", "403", "404", "413", "415", "503"}
    assert set(withdraw["requestBody"]["content"]) == {WITHDRAWAL_TYPE}


@settings(deadline=None, max_examples=60)
@given(
    report_id=ids,
    media_type=st.one_of(st.just(WITHDRAWAL_TYPE.encode()), values),
    body=st.one_of(
        st.binary(max_size=200),
        st.binary(max_size=200).map(lambda raw: raw.ljust(WITHDRAWAL_LENGTH, b"\0")),
        st.binary(min_size=96, max_size=96).map(
            lambda raw: (b"NMW1" + raw).ljust(WITHDRAWAL_LENGTH, b"\0")
        ),
        st.binary(max_size=9).map(lambda raw: b"NMW1".ljust(WITHDRAWAL_LENGTH, b"\0") + raw),
    ),
)
def test_garbage_withdraws_nothing(
    application: FastAPI, report_id: bytes, media_type: bytes, body: bytes
) -> None:
    headers = [(b"content-type", media_type)]
    status = call(application, "DELETE", b"/v1/reports/" + report_id, headers, body)
    assert status in {400, 403, 404, 413, 415}

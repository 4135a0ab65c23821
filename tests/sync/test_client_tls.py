"""Certificates, sessions and clocks, against real servers with certificates of the test."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync import client
from sync.client import HttpFeed, NetworkError
from sync.network import Network
from sync.network_errors import CertificateDateError
from sync.public_roots import find_private_issuer
from tests.sync.servers import OK, Authority, Server, serve_encrypted

REPORT_ID = bytes(16)
SESSION_TICKET, PRE_SHARED_KEY = 35, 41


def _url(server: Server) -> str:
    return f"https://localhost:{server.port}"


def test_an_authority_of_the_bundle_is_trusted_and_one_that_is_not_in_it_is_not(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    requests: list[bytes] = []
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), requests, []))
    answer = client.submit(_url(server), REPORT_ID, b"x", Network("", str(authority.bundle)))
    assert answer.status == 201
    other = Authority.make(tmp_path, "Somebody Else")
    for network in (Network(), Network("", str(other.bundle))):
        with pytest.raises(NetworkError, match="not secure"):
            client.submit(_url(server), REPORT_ID, b"x", network)
    assert len(requests) == 1


def test_a_certificate_for_another_name_is_refused(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    requests: list[bytes] = []
    server = start(serve_encrypted(authority.serve(tmp_path, "other.example"), requests, []))
    with pytest.raises(NetworkError, match="not secure"):
        client.submit(_url(server), REPORT_ID, b"x", Network("", str(authority.bundle)))
    assert requests == []


@pytest.mark.parametrize(("days", "words"), [((5, 9), "valid yet"), ((-9, -5), "valid any more")])
def test_a_certificate_of_another_time_asks_to_check_the_date(
    authority: Authority,
    start: Callable[..., Server],
    tmp_path: Path,
    days: tuple[int, int],
    words: str,
) -> None:
    context = authority.serve(tmp_path, "localhost", days)
    server = start(serve_encrypted(context, [], []))
    with pytest.raises(CertificateDateError, match=words) as caught:
        client.submit(_url(server), REPORT_ID, b"x", Network("", str(authority.bundle)))
    assert "Check this computer's date" in caught.value.hint


def test_a_server_with_old_tls_only_is_refused(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    context = authority.serve(tmp_path, "localhost")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = start(serve_encrypted(context, [], []))
    with pytest.raises(NetworkError, match="not secure"):
        client.submit(_url(server), REPORT_ID, b"x", Network("", str(authority.bundle)))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_no_session_is_ever_taken_up_again(
    authority: Authority,
    start: Callable[..., Server],
    tmp_path: Path,
    version: ssl.TLSVersion,
) -> None:
    context = authority.serve(tmp_path, "localhost")
    context.minimum_version = context.maximum_version = version
    resumed: list[bool] = []
    server = start(serve_encrypted(context, [], resumed))
    network = Network("", str(authority.bundle))
    for _ in range(3):
        client.submit(_url(server), REPORT_ID, b"x", network)
    with HttpFeed(_url(server), network) as feed:
        for _ in range(2):
            with suppress(NetworkError):  # 201 is no answer for a file; the session counts
                list(feed.read("metadata/timestamp.json", 10))
    assert resumed == [False] * 5
    assert context.session_stats()["hits"] == 0


def test_the_first_words_of_tls_offer_no_ticket_and_differ_each_time(
    start: Callable[..., Server],
) -> None:
    hellos: list[bytes] = []
    server = start(lambda connection: hellos.append(connection.recv(65_536)))
    for _ in range(2):
        with pytest.raises(NetworkError):
            client.submit(_url(server), REPORT_ID, b"x", Network())
    for hello in hellos:
        assert not {SESSION_TICKET, PRE_SHARED_KEY} & _read_extensions(hello)
    assert hellos[0][11:76] != hellos[1][11:76]  # random and session id


def _read_extensions(hello: bytes) -> set[int]:
    """The numbers of a ClientHello's extensions (RFC 8446, section 4.1.2)."""
    place = 5 + 4 + 2 + 32
    place += 1 + hello[place]
    place += 2 + int.from_bytes(hello[place : place + 2], "big")
    place += 1 + hello[place]
    place += 2
    found = set()
    while place < len(hello):
        found.add(int.from_bytes(hello[place : place + 2], "big"))
        place += 4 + int.from_bytes(hello[place + 2 : place + 4], "big")
    return found


def test_keys_are_not_written_where_the_environment_asks_for_it(
    authority: Authority,
    start: Callable[..., Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), [], []))
    client.submit(_url(server), REPORT_ID, b"x", Network("", str(authority.bundle)))
    assert not log.exists()


def test_a_bundle_that_is_gone_stops_everything(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), [], []))
    with pytest.raises(NetworkError, match="extra certificates"):
        client.submit(_url(server), REPORT_ID, b"x", Network("", str(tmp_path / "none.pem")))


def test_an_authority_that_is_not_public_is_named(
    authority: Authority, start: Callable[..., Server], tmp_path: Path
) -> None:
    answer = OK.replace(b"201 Created", b"200 OK")
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), [], [], answer))
    with HttpFeed(_url(server), Network("", str(authority.bundle))) as feed:
        assert feed.private_issuer == ""
        assert b"".join(feed.read("index.json", 10)) == b"{}"
        assert feed.private_issuer == "Invented Agency"


def test_what_cannot_be_read_counts_as_not_public() -> None:
    assert find_private_issuer([], "a.example", datetime.now(UTC))
    assert find_private_issuer([b"no certificate"], "a.example", datetime.now(UTC))


def test_a_chain_of_a_public_authority_is_told_from_one_of_the_agency(
    authority: Authority,
    start: Callable[..., Server],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the authority of the test were on the public list, and as it is."""
    server = start(serve_encrypted(authority.serve(tmp_path, "localhost"), [], []))
    network = Network("", str(authority.bundle))
    monkeypatch.setattr("certifi.where", lambda: str(authority.bundle))
    with HttpFeed(_url(server), network) as feed:
        with pytest.raises(NetworkError):
            list(feed.read("index.json", 10))
        assert feed.private_issuer == ""

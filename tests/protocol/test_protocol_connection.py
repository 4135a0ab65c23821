from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import canonical
from sync.protocol.connection import Connection, ServiceCard, check_url, new_tenant
from sync.protocol.errors import MalformedError
from tests.golden import make_protocol as golden
from tests.protocol.damage import any_form, assert_reads_or_refuses

CONNECTION = golden.CONNECTION
CARD = ServiceCard(golden.TENANT, golden.ACKNOWLEDGEMENT_FILE)


def test_both_files_survive_the_trip() -> None:
    assert Connection.from_bytes(CONNECTION.to_bytes()) == CONNECTION
    assert ServiceCard.from_bytes(CARD.to_bytes()) == CARD


@given(any_form(CONNECTION.to_bytes()))
def test_any_bytes_are_a_connection_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(Connection.from_bytes, raw)


@given(any_form(CARD.to_bytes()))
def test_any_bytes_are_a_service_card_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(ServiceCard.from_bytes, raw)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=80))
def test_any_name_that_can_be_seen_is_allowed(name: str) -> None:
    named = replace(CONNECTION, name=name)
    assert Connection.from_bytes(named.to_bytes()) == named


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " Team",
        "Team ",
        "x" * 81,
        "Team\n",
        "Te\x00am",
        "\u202eTeam",
        "Te\u2067am",
        "Te\u200bam",
        "Te\u00adam",
        "\ufeffTeam",
        "Te\u2028am",
        "Te\u00a0am",
        "Te\u061cam",
    ],
    ids=ascii,
)
def test_a_name_that_could_deceive_the_eye_is_refused(name: str) -> None:
    with pytest.raises(MalformedError, match="name"):
        Connection.from_bytes(replace(CONNECTION, name=name).to_bytes())


@pytest.mark.parametrize(
    "other",
    [
        {"tenant": "A" * 32},
        {"tenant": "0" * 30},
        {"tenant": "é" * 32},
        {"root": b""},
        {"archive_secret": bytes(31)},
        {"archive_secret": bytes(33)},
        {"service_url": "http://service.example"},
        {"feed_url": "https://user@feed.example"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_connection_with_one_bad_part_is_refused(other: dict[str, str]) -> None:
    changed = replace(CONNECTION, **other)  # type: ignore[arg-type]
    with pytest.raises(MalformedError):
        Connection.from_bytes(changed.to_bytes())


def test_a_card_takes_only_an_acknowledgement_key_of_its_own_tenant() -> None:
    for key in (golden.DESK_FILE, replace(golden.ACKNOWLEDGEMENT_FILE, tenant="f" * 32)):
        with pytest.raises(MalformedError, match="another"):
            ServiceCard.from_bytes(ServiceCard(golden.TENANT, key).to_bytes())


@pytest.mark.parametrize("good", [CONNECTION, CARD], ids=["connection", "card"])
def test_an_unknown_member_is_refused(good: Connection | ServiceCard) -> None:
    raw = canonical.encode(canonical.decode(good.to_bytes()) | {"mirror": "x"})
    with pytest.raises(MalformedError, match="unknown"):
        type(good).from_bytes(raw)


@pytest.mark.parametrize("depth", [14, 400, 900, 940, 960, 980, 100_000])
def test_a_deeply_nested_card_is_refused_and_no_accident(depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    with pytest.raises(MalformedError):
        ServiceCard.from_bytes(CARD.to_bytes().replace(b'"nearmiss-key-1"', nested))


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://service.example", "https://service.example"),
        ("https://service.example/", "https://service.example"),
        ("https://service.example:8443/a/b//", "https://service.example:8443/a/b"),
        ("https://10.0.0.1/near%20miss", "https://10.0.0.1/near%20miss"),
        ("https://[2001:db8::1]:444", "https://[2001:db8::1]:444"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_https_or_this_machine(url: str, read: str) -> None:
    assert check_url(url) == read
    assert check_url(read) == read


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https:///path",
        "service.example",
        "ftp://service.example",
        "file:///etc/passwd",
        "http://service.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://evil.example#@localhost",
        "http://evil.example\\@localhost",
        "https://user:word@service.example",
        "https://@service.example",
        "https://service.example?",
        "https://service.example?a=b",
        "https://service.example#",
        "https://service.example:0",
        "https://service.example:",
        "https://service.example:65536",
        "https://service.example:1:2",
        "https://serv\nice.example",
        "https://service.example\n",
        "https://service.example/\t",
        " https://service.example",
        "https://service.example/a b",
        "https://service.example\\path",
        "https://s\u0435rvice.example",
        "https://service.example/\u202e",
        "https://service.example:\u0664",
        "https://%73ervice.example",
        "https://[::1",
        "https://[::g]",
        "https://[1]",
    ],
    ids=ascii,
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(MalformedError):
        check_url(url)


@given(st.text() | st.text("htps:/[]@?#.1a\\%\n", max_size=20).map("https://".__add__))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        read = check_url(url)
    except MalformedError:
        return
    assert check_url(read) == read
    assert read.isascii()
    assert "@" not in read


def test_tenants_are_drawn_by_chance() -> None:
    one, other = new_tenant(), new_tenant()
    assert one != other
    assert canonical.from_hex(one, 16)


def test_what_is_printed_of_a_connection_holds_no_secret() -> None:
    assert repr(CONNECTION) == f"Connection(tenant='{golden.TENANT}')"

"""Whom the program trusts is pinned, and changes only when a person has agreed."""

from pathlib import Path

import pytest

from app.errors import DamagedError, InputError, UntrustedError
from app.paths import Home
from resources.read import read_bytes
from sync.connect import archive_key, connect, open_connection, show_fingerprint
from sync.protocol.connection import Connection
from sync.protocol.words import WordList

WORDS = WordList.from_bytes(read_bytes("wire/eff_long_words.txt"))
FIRST = Connection("a" * 32, "First", "https://a.example", "https://a.example/f", b"r1", bytes(32))
OTHER = Connection("b" * 32, "Other", "https://b.example", "https://b.example/f", b"r2", bytes(32))
MOVED = Connection("a" * 32, "First", "https://c.example", "https://c.example/f", b"r1", bytes(32))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_before_the_first_connection_the_next_step_is_said(home: Home) -> None:
    with pytest.raises(InputError, match="not connected") as caught:
        open_connection(home)
    assert "nearmiss connect" in caught.value.hint


def test_the_first_connection_is_pinned(home: Home) -> None:
    connect(home, FIRST.to_bytes(), WORDS)
    assert open_connection(home) == FIRST


def test_another_root_needs_consent_and_both_fingerprints_are_shown(home: Home) -> None:
    connect(home, FIRST.to_bytes(), WORDS)
    with pytest.raises(UntrustedError) as caught:
        connect(home, OTHER.to_bytes(), WORDS)
    assert show_fingerprint(FIRST, WORDS) in caught.value.text
    assert show_fingerprint(OTHER, WORDS) in caught.value.text
    assert open_connection(home) == FIRST
    connect(home, OTHER.to_bytes(), WORDS, consent=True)
    assert open_connection(home) == OTHER


def test_a_new_address_of_the_same_root_needs_consent_too(home: Home) -> None:
    connect(home, FIRST.to_bytes(), WORDS)
    with pytest.raises(UntrustedError) as caught:
        connect(home, MOVED.to_bytes(), WORDS)
    assert "https://a.example" in caught.value.text
    assert "https://c.example" in caught.value.text
    assert open_connection(home) == FIRST
    connect(home, MOVED.to_bytes(), WORDS, consent=True)
    assert open_connection(home).service_url == "https://c.example"


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff", FIRST.to_bytes()[:-1]])
def test_a_file_that_is_no_connection_is_refused_and_changes_nothing(
    home: Home, raw: bytes
) -> None:
    connect(home, FIRST.to_bytes(), WORDS)
    with pytest.raises(DamagedError, match="not a connection file"):
        connect(home, raw, WORDS)
    assert open_connection(home) == FIRST


def test_each_tenant_has_an_archive_key_of_its_own() -> None:
    assert archive_key(FIRST) != archive_key(OTHER)
    assert archive_key(FIRST) == archive_key(MOVED)

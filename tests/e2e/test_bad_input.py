"""Whatever goes wrong, the command line says one clear sentence, and nothing saved is lost."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.paths import Home
from app.use_cases.keep_safe import open_vault
from sync.protocol.connection import Connection
from tests.e2e.journey import PASSPHRASE, Stage, first_answers
from tests.e2e.refusals import (
    KEPT,
    SEALED,
    answering,
    check_nothing_lost,
    check_refusal,
    http,
    refuse,
    remove_draft,
)


@pytest.fixture(autouse=True)
def _nothing_is_lost(ready: Stage) -> Iterator[None]:
    """After each test, with the passphrase and the connection put right again."""
    connection = ready.home("officer") / "connection.json"
    trusted = connection.read_bytes()
    yield
    ready.give("passphrase", PASSPHRASE)
    connection.write_bytes(trusted)
    ready.largest_file, ready.keeps_rights = 0, True
    check_nothing_lost(ready)


# Vault and passphrase


@pytest.mark.parametrize("passphrase", ["not the right one", "x", "\U0001f600" * 50])
def test_wrong_passphrase(ready: Stage, passphrase: str) -> None:
    ready.give("passphrase", passphrase)
    assert "passphrase is not the right one" in refuse(ready, "report", "list")


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00"])
def test_passphrase_file_that_holds_none(ready: Stage, content: bytes) -> None:
    ready.give("passphrase", content)
    assert "NEARMISS_PASSPHRASE_FILE" in refuse(ready, "report", "list")


def test_passphrase_file_that_is_not_there(ready: Stage) -> None:
    (ready.folder / "given" / "passphrase").unlink()
    assert "NEARMISS_PASSPHRASE_FILE" in refuse(ready, "report", "list")


def test_nobody_to_ask_for_a_passphrase(ready: Stage) -> None:
    ready.more = {"NEARMISS_PASSPHRASE_FILE": ""}
    try:
        assert "nobody to ask" in refuse(ready, "report", "list")
    finally:
        ready.more = {}


def test_short_passphrase_makes_no_vault(ready: Stage) -> None:
    ready.give("passphrase", "short")
    assert "at least 8" in refuse(ready, "vault", "create", "--vault", "other")
    assert not (ready.home("officer") / "vaults" / "other").exists()


@pytest.mark.parametrize("name", ["other", "../first", "", "con", "a b", "x" * 33])
def test_vault_that_is_not_there_or_cannot_be(ready: Stage, name: str) -> None:
    sentence = refuse(ready, "report", "list", "--vault", name)
    assert "no vault here" in sentence or "cannot be the name of a vault" in sentence
    assert [path.name for path in (ready.home("officer") / "vaults").iterdir()] == ["first"]


def test_vault_is_not_made_twice(ready: Stage) -> None:
    assert "already a vault" in refuse(ready, "vault", "create")


def test_vault_that_is_open_elsewhere(ready: Stage) -> None:
    with open_vault(Home(ready.home("officer")), "first", PASSPHRASE):
        for words in (("report", "list"), ("vault", "check")):
            assert "open in another window" in refuse(ready, *words)
        assert ready.client("officer", "outbox", "list", "--json").row()["state"] == "queued"


@pytest.mark.parametrize("name", ["vault.key", "vault.db", "post.key", "post.db"])
@pytest.mark.parametrize("damage", ["garbled", "empty", "gone"])
def test_damaged_file_is_said_and_left_as_it_is(ready: Stage, name: str, damage: str) -> None:
    path = ready.home("officer") / "vaults" / "first" / name
    copy = ready.folder / "given" / name
    path.replace(copy)
    broken = {"garbled": os.urandom(8192), "empty": b"", "gone": None}[damage]
    if broken is not None:
        path.write_bytes(broken)
    try:
        if (name, damage) == ("post.db", "gone"):
            # It holds nothing readable and can be lost with a wiped machine; a new one is made.
            return
        sentence = refuse(ready, "report", "list")
        assert "damaged" in sentence or "no vault here" in sentence
        assert not path.exists() if broken is None else path.read_bytes() == broken
    finally:
        copy.replace(path)


# Connection


def read_own(stage: Stage) -> Connection:
    return Connection.from_bytes((stage.desk_folder / "connection.json").read_bytes())


@pytest.mark.parametrize("content", [b"", b"{}", b"garbage", b"\xff" * 100, b'{"format":1}', None])
def test_broken_connection_file_is_not_trusted(ready: Stage, content: bytes | None) -> None:
    pinned = ready.home("officer") / "connection.json"
    before = pinned.read_bytes()
    raw = before[: len(before) // 2] if content is None else content
    file = ready.give("connection.json", raw)
    assert "not a connection file" in refuse(ready, "connect", file)
    assert pinned.read_bytes() == before
    pinned.write_bytes(raw)
    for words in (("archive", "update"), ("sync", "--now"), ("archive", "search", "x")):
        assert "not a connection file" in refuse(ready, *words)


def test_another_connection_needs_consent(ready: Stage) -> None:
    pinned = ready.home("officer") / "connection.json"
    before = pinned.read_bytes()
    own = replace(read_own(ready), name="Others")
    for other in (replace(own, tenant="0" * 32), replace(own, root=b"{}")):
        file = ready.give("connection.json", other.to_bytes())
        sentence = refuse(ready, "connect", file)
        assert "Trusted: Invented team, " in sentence
        assert "Offered: Others, " in sentence
        assert pinned.read_bytes() == before
        ready.client("officer", "connect", file, "--replace")
        assert pinned.read_bytes() != before
        pinned.write_bytes(before)


def test_without_a_connection_each_command_says_what_to_do(ready: Stage) -> None:
    for words in (
        ("archive", "update"),
        ("archive", "search", "x"),
        ("archive", "show", "1"),
        ("sync",),
    ):
        assert "nearmiss connect FILE" in refuse(ready, *words, who="stranger")


# Service and feed


@pytest.mark.parametrize(
    "answer",
    [
        http("200 OK", b"<html>Please sign in</html>"),
        http("201 Created", b'{"format":"nearmiss-acknowledgement-1"}'),
        http("302 Found", b"", "Location: http://127.0.0.1:1/\r\n"),
        http("500 Oops", b"\xff" * 1000),
        http("200 OK", b"x" * 200_000),
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort",
        b"\x00\x01\x02 not http\r\n\r\n",
        b"",
    ],
    ids=["html", "no signature", "redirect", "500", "far too long", "cut", "not http", "silence"],
)
def test_nonsense_from_the_service_sends_and_destroys_nothing(ready: Stage, answer: bytes) -> None:
    with answering(answer) as url:
        astray = replace(read_own(ready), service_url=url, feed_url=f"{url}/feed")
        (ready.home("officer") / "connection.json").write_bytes(astray.to_bytes())
        done = ready.try_client("officer", "sync", "--now")
        check_refusal(ready, done)
        assert done.out.startswith("0 sent and confirmed, 0 held, 0 refused, 1 left")
        refuse(ready, "archive", "update")


def test_service_that_is_down(ready: Stage) -> None:
    done = ready.try_client("officer", "sync", "--now")
    assert done.code == 1
    assert "0 sent and confirmed, 0 held, 0 refused, 1 left in the outbox." in done.out
    assert "cannot be reached" in done.out + done.err
    assert "cannot be reached" in refuse(ready, "archive", "update")


@pytest.mark.parametrize("folder", ["empty", "others", "gone"])
def test_stick_that_holds_no_archive(ready: Stage, tmp_path: Path, folder: str) -> None:
    stick = tmp_path / folder
    if folder != "gone":
        stick.mkdir()
    if folder == "others":
        (stick / "holiday.jpg").write_bytes(b"\xff\xd8")
    refuse(ready, "archive", "import", str(stick))


def test_stick_with_a_garbled_file_changes_nothing(ready: Stage, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(ready.desk_folder / "feed", stick)
    for name in ("timestamp.json", "1.snapshot.json", "1.archive.json"):
        (stick / "metadata" / name).write_bytes(b"{}")
        ready.connect("visitor")
        refuse(ready, "archive", "import", str(stick), who="visitor")


@pytest.fixture(scope="module")
def filled(ready: Stage) -> Stage:
    """The same with the sample in the officer's archive."""
    ready.desk("import", "--format", "sample")
    ready.release()
    ready.import_feed("officer")
    return ready


def test_damaged_archive_is_said_and_then_renewed(filled: Stage) -> None:
    (path,) = (filled.home("officer") / "archive").glob("*.db")
    whole = path.read_bytes()
    for broken in (os.urandom(len(whole)), whole[:1000], b"", whole[:20_000] + b"\0" * 5000):
        path.write_bytes(broken)
        sentence = refuse(filled, "archive", "search", "door")
        assert "damaged" in sentence
        filled.import_feed("officer")
        assert filled.client("officer", "archive", "search", "", "--limit", "99", "--json").rows()


@pytest.mark.parametrize("query", ['"', "AND OR NOT (", "*", "a:b -c ^d", "\x00", "'; --", "🚓"])
def test_any_query_is_a_question(filled: Stage, query: str) -> None:
    done = filled.try_client("officer", "archive", "search", query.replace("\x00", "\x01"))
    assert (done.code, done.err) == (0, "")


def test_filter_that_the_form_does_not_have(ready: Stage) -> None:
    for condition in ("hazzard=gunfire", "=x", "", "gunfire"):
        assert "no field" in refuse(ready, "archive", "search", "", "--where", condition)


# The computer


def test_read_only_home(ready: Stage) -> None:
    folders = [ready.home("officer"), *ready.home("officer").rglob("*")]
    modes = {path: path.stat().st_mode for path in folders}
    answers = ready.give("answers.json", first_answers())
    ready.keeps_rights = False
    for path in folders:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        for words in (
            ("report", "new", "--answers", answers),
            ("vault", "create", "--vault", "other"),
            ("connect", str(ready.desk_folder / "connection.json")),
        ):
            assert "may not write" in refuse(ready, *words)
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


def test_home_that_is_a_file(ready: Stage) -> None:
    ready.more = {"NEARMISS_HOME": ready.give("file", "a file")}
    try:
        for words in (("vault", "create"), ("report", "list"), ("archive", "update")):
            refuse(ready, *words)
    finally:
        ready.more = {}


@pytest.mark.parametrize("room", [4_096, 40_960, 49_152])
def test_full_disk(ready: Stage, room: int) -> None:
    answers = ready.give("answers.json", first_answers(what_happened="It was close. " * 1400))
    ready.largest_file = room
    sentence = refuse(ready, "report", "new", "--answers", answers)
    assert "disk" in sentence
    ready.largest_file = 0
    listed = ready.client("officer", "report", "list", "--json").rows()
    for row in listed:
        if row["title"] not in {KEPT, SEALED}:
            assert (
                ready.client("officer", "report", "show", row["id"], "--json").row()["answers"]
                == {}
            )
            remove_draft(ready, row["id"])

import hashlib
import os
import re
import secrets
import string
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feed import PATH_PATTERN, FeedFolder, read_feed_path
from tests.service.running import Desk, RunningService

ALLOWED = frozenset(string.ascii_letters + string.digits + "._-")
WRONG_PATHS = [
    "",
    "metadata",
    "metadata/",
    "targets/../metadata/root.json",
    "targets/./a",
    "targets//a",
    "targets/.hidden",
    "targets/a.",
    "targets/a b",
    "targets/a\\b",
    "targets/a\x00b",
    "targets/é",
    "targets/a\n",
    "targets/1/2/3/4",
    "elsewhere/a",
    "/targets/a",
    "targets/" + "a" * 200,
]


@pytest.mark.parametrize("path", WRONG_PATHS)
def test_wrong_path_is_none(path: str) -> None:
    assert read_feed_path(path) is None


@pytest.mark.parametrize("path", ["metadata/1.root.json", "targets/archive/0/ab.base_1-2.zst"])
def test_right_path_is_split(path: str) -> None:
    assert read_feed_path(path) == tuple(path.split("/"))


pieces = st.sampled_from(
    ["metadata", "targets", "..", ".", "/", "\\", "a", "%2e", "\0", "C:", "é", "~", " "]
)


@given(st.text("am/.- \n", max_size=9))
def test_described_pattern_says_the_same(text: str) -> None:
    for path in (text, f"targets/{text}", f"metadata/a/{text}", f"targets/{'a' * 126}{text}"):
        assert (re.fullmatch(PATH_PATTERN, path) is None) is (read_feed_path(path) is None)


@given(st.lists(pieces).map("".join) | st.text())
def test_accepted_path_stays_in_the_folder(text: str) -> None:
    segments = read_feed_path(text)
    if segments is None:
        return
    assert segments[0] in {"metadata", "targets"}
    assert 2 <= len(segments) <= 4
    assert set("".join(segments)) <= ALLOWED
    assert not any(each.startswith(".") or each.endswith(".") for each in segments)
    root = Path("/feed")
    assert root.joinpath(*segments).resolve().is_relative_to(root)


def test_desk_uploads_and_anyone_reads(desk: Desk) -> None:
    content = secrets.token_bytes(700_000)
    path = "targets/archive/0.base"
    for each in (b"first", content):
        assert desk.ask("PUT", f"/v1/desk/feed/{path}", each).status == 204
    answer = desk.running.ask("GET", f"/feed/{path}")
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["content-length"] == str(len(content))
    assert not {"etag", "set-cookie", "last-modified", "server", "date"} & answer.headers.keys()
    message = desk.ask("GET", "/v1/desk/feed").json()
    assert message["format"] == "nearmiss-feed-listing-1"
    files = message["files"]
    assert isinstance(files, list)
    expected = {"path": path, "hash": hashlib.sha256(content).hexdigest(), "length": len(content)}
    assert expected in files
    names = [each.name for each in (desk.running.folder / "feed").rglob("*") if each.is_file()]
    assert not any(name.startswith(".") for name in names)


def test_nobody_uploads_without_a_signature(desk: Desk) -> None:
    answer = desk.running.ask("PUT", "/v1/desk/feed/targets/planted", b"planted")
    assert answer.status == 401
    assert desk.running.ask("GET", "/feed/targets/planted").status == 404


@pytest.mark.parametrize(
    "path", ["elsewhere/a", "targets/%2e%2e/%2e%2e/service.json", "targets/.a"]
)
def test_upload_to_a_wrong_path_is_refused(desk: Desk, path: str) -> None:
    assert desk.ask("PUT", f"/v1/desk/feed/{path}", b"x").status == 400


def test_upload_below_a_file_is_refused(desk: Desk) -> None:
    assert desk.ask("PUT", "/v1/desk/feed/targets/taken", b"x").status == 204
    assert desk.ask("PUT", "/v1/desk/feed/targets/taken/below", b"x").status == 409
    assert desk.ask("PUT", "/v1/desk/feed/targets/folder/a", b"x").status == 204
    assert desk.ask("PUT", "/v1/desk/feed/targets/folder", b"x").status == 409


def test_too_large_file_is_refused_unread(desk: Desk) -> None:
    path = "/v1/desk/feed/targets/large"
    from sync.protocol.desk_request import HEADER, prove

    proof = prove(desk.key, desk.public, "PUT", path, b"", desk.nonce())
    headers = {HEADER: proof.to_header(), "Content-Length": str(64 * 1024 * 1024 + 1)}
    assert desk.running.ask("PUT", path, headers=headers).status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/feed/",
        "/feed/targets",
        "/feed/targets/",
        "/feed/../service.json",
        "/feed/targets/../../service.json",
        "/feed/targets/%2e%2e/%2e%2e/service.json",
        "/feed/targets/..%2f..%2fservice.json",
        "/feed//etc/passwd",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/",
    ],
)
def test_nothing_else_is_served(running_service: RunningService, path: str) -> None:
    assert running_service.ask("GET", path).status == 404


def test_leftovers_of_a_crash_are_removed(tmp_path: Path) -> None:
    feed = FeedFolder(tmp_path)
    feed.write(("targets", "a"), b"a")
    half = tmp_path / "targets" / ".incoming-0123"
    half.write_bytes(b"half")
    assert [each.path for each in feed.list_files()] == ["targets/a"]
    feed.clean()
    # Another worker may be writing it now.
    assert half.exists()
    long_ago = time.time() - 7_200
    os.utime(half, (long_ago, long_ago))
    feed.clean()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "targets"]

"""The post: opened without a passphrase, by several programs."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.errors import DamagedError
from app.store.failures import DamagedFileError, MissingFileError
from app.store.post import Post, SendingError


def test_it_opens_again_with_what_was_kept(tmp_path: Path) -> None:
    with Post.open_or_create(tmp_path) as post:
        assert post.setting("account") is None
        post.put_setting("account", "one")
        post.put_setting("account", "two")
        post.raise_mark("feed", 7)
    with Post.open_or_create(tmp_path) as post:
        assert post.setting("account") == "two"
        assert post.mark("feed") == 7


def test_a_mark_never_goes_down(post: Post) -> None:
    assert post.mark("feed") == 0
    for value in (3, 9, 4):
        post.raise_mark("feed", value)
    assert post.mark("feed") == 9


def test_two_programs_may_have_it_open(tmp_path: Path) -> None:
    with Post.open_or_create(tmp_path) as one, Post.open_or_create(tmp_path) as two:
        one.raise_mark("feed", 1)
        two.raise_mark("feed", 2)
        assert one.mark("feed") == 2


def test_while_one_sends_the_other_is_told_so(tmp_path: Path) -> None:
    with Post.open_or_create(tmp_path) as one, Post.open_or_create(tmp_path) as two:
        with one.only_sender(), pytest.raises(SendingError), two.only_sender():
            pytest.fail("both send")
        with two.only_sender():
            pass


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed there")
def test_a_post_that_went_away_while_it_was_open_neither_sends_nor_leaves_a_folder(
    tmp_path: Path,
) -> None:
    with Post.open_or_create(tmp_path / "post") as post:
        (tmp_path / "post").rename(tmp_path / "moved")
        with pytest.raises(MissingFileError), post.only_sender():
            pytest.fail("it sends")
    assert not (tmp_path / "post").exists()


def test_two_that_find_nothing_make_one(tmp_path: Path) -> None:
    def work(number: int) -> None:
        with Post.open_or_create(tmp_path / "new") as post:
            post.put_setting(str(number), "x")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with Post.open_or_create(tmp_path / "new") as post:
        assert [post.setting(str(number)) for number in range(4)] == ["x"] * 4


@pytest.mark.skipif(os.name == "nt", reason="permissions are another thing there")
def test_key_and_file_are_private(tmp_path: Path) -> None:
    Post.open_or_create(tmp_path).close()
    for name in ("post.key", "post.db"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [None, b"", b"12", b"\xff" * 32, b"0" * 66])
def test_a_missing_or_damaged_key_is_said_and_not_replaced(
    tmp_path: Path, content: bytes | None
) -> None:
    Post.open_or_create(tmp_path).close()
    key = tmp_path / "post.key"
    key.unlink()
    if content is not None:
        key.write_bytes(content)
    with pytest.raises(DamagedError, match="key of the outbox"):
        Post.open_or_create(tmp_path)
    assert key.exists() is (content is not None)


def test_the_key_of_another_post_is_said(tmp_path: Path) -> None:
    for name in ("a", "b"):
        Post.open_or_create(tmp_path / name).close()
    (tmp_path / "a" / "post.key").write_bytes((tmp_path / "b" / "post.key").read_bytes())
    with pytest.raises(DamagedFileError, match="outbox is damaged"):
        Post.open_or_create(tmp_path / "a")


def test_a_creation_cut_off_after_the_key_is_finished(tmp_path: Path) -> None:
    Post.open_or_create(tmp_path).close()
    (tmp_path / "post.db").unlink()
    key = (tmp_path / "post.key").read_bytes()
    Post.open_or_create(tmp_path).close()
    assert (tmp_path / "post.key").read_bytes() == key

"""A vault goes to another computer: whole, once, and only one of the two is live."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest

from app.domain.token import AskedBatch, KeptToken
from app.domain.typed_code import CodeKind, read_code
from app.errors import SurroundingsError, UserError
from app.paths import Home, NotWritableError
from app.progress import Silent
from app.store.drafts import Drafts
from app.store.keys import FLOOR, WrongPassphraseError
from app.store.move_file import (
    MAGIC,
    DamagedMoveFileError,
    NewerMoveFileError,
    NotAMoveFileError,
    read_move_file,
    write_move_file,
)
from app.store.post import Post
from app.store.vault import Vault
from app.use_cases import keep_safe, move_vault
from app.use_cases.move_vault import NameTakenError, NotPreparedError, TargetThereError

PASSPHRASE = "seven plain words"
STORY = "the ladder slipped"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """A computer with a vault that has a draft, a sealed report, two tokens and a bound one."""
    home = Home(tmp_path / "old")
    folder = home.vault_folder("first")
    with Vault.create(folder, PASSPHRASE, FLOOR) as vault:
        drafts = Drafts(vault)
        drafts.save_answer(drafts.create("form", 1), "story", json.dumps(STORY))
    with Post.open_or_create(folder) as post:
        keep_safe.Outbox(post).add(bytes(16), bytes(65_536), NOW)
        purse = keep_safe.open_purse(home, post, "tenant")
        tokens = tuple(KeptToken(bytes([each]) * 32, b"secret") for each in range(3))
        purse.ask(AskedBatch("2026-Q1", tokens))
        purse.fill({each.nonce: b"full" for each in tokens}, "2025-Q4")
        assert purse.take(bytes(16), ["2026-Q1"]) is not None
    return home


@pytest.fixture
def new(tmp_path: Path) -> Home:
    """A computer that waits for a vault."""
    home = Home(tmp_path / "new")
    move_vault.expect_vault(home)
    return home


def code_of(home: Home) -> bytes:
    return read_code(move_vault.expected_code(home), CodeKind.MOVE)


def send(home: Home, code: bytes, target: Path, name: str = "first") -> None:
    vault, post = keep_safe.open_vault(home, name, PASSPHRASE), keep_safe.open_post(home, name)

    def close() -> None:
        vault.close()
        post.close()

    try:
        move_vault.send_off(home, vault, post, PASSPHRASE, code, target, close, Silent())
    finally:
        close()


def ready(home: Home, name: str = "first") -> int:
    with keep_safe.open_post(home, name) as post:
        return sum(keep_safe.open_purse(home, post, "tenant").ready().values())


def stories(home: Home, name: str = "first") -> list[str]:
    with keep_safe.open_vault(home, name, PASSPHRASE) as vault:
        drafts = Drafts(vault)
        found = (drafts.answers(each.draft_id) for each in drafts.summaries())
        return [json.loads(each["story"]) for each in found]


def test_vault_and_post_arrive_whole_and_the_old_one_is_laid_aside(
    old: Home, new: Home, tmp_path: Path
) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    assert old.vault_names() == ()
    assert move_vault.moved_names(old) == ("first",)
    aside = {each.name for each in (old.folder / "moved" / "first").iterdir()}
    assert {"vault.db", "vault.key", "post.db", "post.key"} <= aside
    assert not any("moving" in each for each in aside)
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert stories(new) == [STORY]
    assert ready(new) == 2
    with keep_safe.open_post(new, "first") as post:
        assert keep_safe.Outbox(post).body(bytes(16)) == bytes(65_536)
        assert not keep_safe.open_purse(new, post, "tenant").discard_if_restored()
    assert new.counter_file("first").read_text() == "1"
    assert not (new.folder / "arriving").exists()


def test_nothing_readable_and_no_key_lies_in_the_file(old: Home, new: Home, tmp_path: Path) -> None:
    post_key = (old.vault_folder("first") / "post.key").read_bytes().strip()
    send(old, code_of(new), tmp_path / "stick.nmm")
    raw = (tmp_path / "stick.nmm").read_bytes()
    for secret in (STORY.encode(), post_key, bytes.fromhex(post_key.decode()), b"SQLite"):
        assert secret not in raw
    if hasattr((tmp_path / "stick.nmm").stat(), "st_mode"):
        assert (tmp_path / "stick.nmm").stat().st_mode & 0o077 == 0


def test_the_file_opens_once(old: Home, new: Home, tmp_path: Path) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    with pytest.raises(NotPreparedError):
        move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "second", Silent())
    move_vault.expect_vault(new)  # another code
    with pytest.raises(DamagedMoveFileError):
        move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "second", Silent())
    assert new.vault_names() == ("first",)


def test_another_computer_cannot_open_it(old: Home, new: Home, tmp_path: Path) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    third = Home(tmp_path / "third")
    move_vault.expect_vault(third)
    with pytest.raises(DamagedMoveFileError):
        move_vault.take_in(third, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert third.vault_names() == ()
    assert not (third.folder / "arriving").exists()


def test_no_token_is_ever_in_two_live_vaults(old: Home, new: Home, tmp_path: Path) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert move_vault.use_again(old, "first") == "first"
    assert (ready(old), ready(new)) == (0, 2)
    assert stories(old) == [STORY]
    with keep_safe.open_post(old, "first") as post:
        # One that is bound to a report may be in both: it is shown with that report only.
        purse = keep_safe.open_purse(old, post, "tenant")
        assert purse.take(bytes(16), ["2026-Q1"]) is not None
        assert purse.take(b"another report id"[:16], ["2026-Q1"]) is None


def test_copy_of_the_folder_that_is_put_back_has_no_unused_token(
    old: Home, new: Home, tmp_path: Path
) -> None:
    copytree(old.vault_folder("first"), tmp_path / "backup")
    send(old, code_of(new), tmp_path / "stick.nmm")
    copytree(tmp_path / "backup", old.vault_folder("first"))
    with keep_safe.open_post(old, "first") as post:
        purse = keep_safe.open_purse(old, post, "tenant")
        assert purse.discard_if_restored()
    assert ready(old) == 0


def test_vault_that_is_used_again_is_not_taken_for_a_copy(
    old: Home, new: Home, tmp_path: Path
) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    move_vault.use_again(old, "first")
    with keep_safe.open_post(old, "first") as post:
        assert not keep_safe.open_purse(old, post, "tenant").discard_if_restored()


def test_counter_goes_with_what_was_laid_aside(old: Home, new: Home, tmp_path: Path) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    assert old.counter_file("first").read_text() == "2"
    move_vault.erase_moved(old, "first")
    assert not old.counter_file("first").exists()


def test_wrong_passphrase_changes_nothing_here(old: Home, new: Home, tmp_path: Path) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    with pytest.raises(WrongPassphraseError):
        move_vault.take_in(new, tmp_path / "stick.nmm", "wrong", "first", Silent())
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())


def test_wrong_passphrase_moves_nothing_away(old: Home, new: Home, tmp_path: Path) -> None:
    with (
        keep_safe.open_vault(old, "first", PASSPHRASE) as vault,
        keep_safe.open_post(old, "first") as post,
    ):
        target = tmp_path / "stick.nmm"
        code = code_of(new)
        with pytest.raises(WrongPassphraseError):
            move_vault.send_off(old, vault, post, "no", code, target, lambda: None, Silent())
    assert not (tmp_path / "stick.nmm").exists()
    assert ready(old) == 2


def test_a_file_that_is_there_is_not_replaced(old: Home, new: Home, tmp_path: Path) -> None:
    (tmp_path / "stick.nmm").write_text("mine")
    with pytest.raises(TargetThereError):
        send(old, code_of(new), tmp_path / "stick.nmm")
    assert (tmp_path / "stick.nmm").read_text() == "mine"
    assert old.vault_names() == ("first",)


def test_name_that_is_taken_is_said(old: Home, new: Home, tmp_path: Path) -> None:
    Vault.create(new.vault_folder("first"), PASSPHRASE, FLOOR).close()
    send(old, code_of(new), tmp_path / "stick.nmm")
    with pytest.raises(NameTakenError):
        move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "desk-2", Silent())
    assert stories(new, "desk-2") == [STORY]


def test_backups_of_a_lost_vault_are_not_taken_for_traces_of_the_one_that_comes(
    old: Home, new: Home, tmp_path: Path
) -> None:
    for home in (new, old):
        (home.folder / "backups" / "first" / "0123").mkdir(parents=True)
        (home.folder / "backups" / "first" / "0123" / "copy.db").write_text("a last hope")
    last = new.folder / "backups" / "first" / "0123" / "copy.db"
    send(old, code_of(new), tmp_path / "stick.nmm")
    with pytest.raises(NameTakenError):
        move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert last.exists()
    (old.folder / "backups" / "first").mkdir()  # of one that was made and lost since
    assert move_vault.use_again(old, "first") == "first-2"
    assert old.backup_names() == ("first",)


def test_a_vault_that_cannot_be_put_in_its_place_can_be_taken_in_again(
    old: Home, new: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    code = code_of(new)
    with monkeypatch.context() as patched:

        def fail(path: Path, target: Path) -> Path:
            raise PermissionError(13, "somebody looks at it")

        patched.setattr(Path, "rename", fail)
        with pytest.raises(NotWritableError):
            move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert new.vault_names() == ()
    assert not (new.folder / "arriving").exists()
    assert code_of(new) == code
    move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert stories(new) == [STORY]


def test_stick_that_is_pulled_out_leaves_the_vault_in_its_place(
    old: Home, new: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename: Callable[[Path, Path], Path] = Path.rename

    def fail(path: Path, target: Path) -> Path:
        if Path(target).name == "stick.nmm":
            raise PermissionError(13, "gone")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(NotWritableError):
        send(old, code_of(new), tmp_path / "stick.nmm")
    assert stories(old) == [STORY]
    assert ready(old) == 0  # rather none than the same twice
    assert [each.name for each in tmp_path.iterdir() if "stick" in each.name] == []


def test_no_room_on_the_stick_leaves_everything_as_it_was(
    old: Home, new: Home, tmp_path: Path
) -> None:
    with pytest.raises(SurroundingsError):
        send(old, code_of(new), tmp_path / "no-such-folder" / "stick.nmm")
    assert (stories(old), ready(old)) == ([STORY], 2)
    left = {each.name for each in old.vault_folder("first").iterdir()}
    assert not any(each.startswith(".moving") for each in left)


@pytest.mark.parametrize("place", [0.001, 0.3, 0.6, 0.999])
def test_flipped_byte_is_found_anywhere(old: Home, new: Home, tmp_path: Path, place: float) -> None:
    send(old, code_of(new), tmp_path / "stick.nmm")
    raw = bytearray((tmp_path / "stick.nmm").read_bytes())
    raw[int(len(raw) * place)] ^= 1
    (tmp_path / "stick.nmm").write_bytes(raw)
    with pytest.raises(UserError):
        move_vault.take_in(new, tmp_path / "stick.nmm", PASSPHRASE, "first", Silent())
    assert new.vault_names() == ()


def _write(tmp_path: Path, files: dict[str, bytes]) -> Path:
    paths: dict[str, Path] = {}
    for name, content in files.items():
        paths[name] = tmp_path / f"{len(paths)}.part"
        paths[name].write_bytes(content)
    write_move_file(tmp_path / "f", b"key file", b"k" * 32, b"c" * 16, paths, Silent())
    return tmp_path / "f"


def _read(path: Path, folder: Path | None) -> bytes:
    return read_move_file(path, lambda _raw: b"k" * 32, b"c" * 16, folder, Silent())


@pytest.mark.parametrize("size", [0, 1, (1 << 20) - 200, 1 << 20, (3 << 20) + 17])
def test_files_of_any_length_come_out_as_they_went_in(tmp_path: Path, size: int) -> None:
    path = _write(tmp_path, {"a.db": b"x" * size, "b.db": b"end"})
    (tmp_path / "out").mkdir()
    assert _read(path, tmp_path / "out") == b"key file"
    assert (tmp_path / "out" / "a.db").read_bytes() == b"x" * size
    assert (tmp_path / "out" / "b.db").read_bytes() == b"end"


@pytest.mark.parametrize("cut", [1, 16, 1 << 20, (1 << 20) + 16, 2 * ((1 << 20) + 16)])
def test_file_that_was_cut_short_or_grew_is_refused(tmp_path: Path, cut: int) -> None:
    path = _write(tmp_path, {"a.db": b"x" * (3 << 20)})
    raw = path.read_bytes()
    for changed in (raw[:-cut], raw + b"\0" * cut, raw + raw[-cut:]):
        path.write_bytes(changed)
        with pytest.raises(DamagedMoveFileError):
            _read(path, None)


def test_pieces_in_another_order_are_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, {"a.db": b"x" * (3 << 20)})
    raw, step = path.read_bytes(), (1 << 20) + 16
    start = raw.index(b"}") + 1
    mixed = raw[:start] + raw[start + step : start + 2 * step] + raw[start : start + step]
    path.write_bytes(mixed + raw[start + 2 * step :])
    with pytest.raises(DamagedMoveFileError):
        _read(path, None)


@pytest.mark.parametrize("name", ["../a.db", "/a.db", "a", "..", "A.DB", "con.", "a.db/b.db"])
def test_file_with_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = _write(tmp_path, {name: b"x"})
    (tmp_path / "out").mkdir()
    with pytest.raises(DamagedMoveFileError):
        _read(path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"PK\3\4 a zip file of some length",
        MAGIC,
        MAGIC + b"\0\0\0\2{}",
        MAGIC + b"\xff\xff\xff\xff",
        MAGIC + b"\0\0\0\x10" + b"[" * 16,
        MAGIC + b'\0\0\0\x19{"key": 3, "salt": "AAAA"}',
    ],
)
def test_something_else_is_called_something_else(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "f").write_bytes(raw)
    with pytest.raises(NotAMoveFileError):
        _read(tmp_path / "f", None)


def test_a_later_format_is_named(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"nearmiss-move-2\n" + bytes(60))
    with pytest.raises(NewerMoveFileError):
        _read(tmp_path / "f", None)

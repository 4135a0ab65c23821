"""Destroying one report, erasing everything, and moving to another computer, in the window."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.domain.submission import SubmissionState
from app.paths import Home
from app.use_cases import keep_safe, move_vault
from app.use_cases.destroy import destroy_now
from sync import uploader
from sync.protocol.receipt import make_receipt
from tests.store.decrypted import decrypt_all, post_key, vault_key
from tests.ui.every_page import WORDS, _wait_in_outbox, press
from tests.ui.opened import PASSPHRASE, Opened, make_vault, opened
from tests.ui.pages.officer import TENANT, write_draft
from ui.pages import destroy
from ui.pages.erase import ErasePage
from ui.pages.move import MovePage
from ui.pages.outbox import SubmissionCard
from ui.pages.reports import describe_settled

CANARY = "canariensis"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    make_vault(home)
    return home


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, home: Home) -> Iterator[Opened]:
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        yield it


def seen(page: QWidget) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


def test_destroying_leaves_nothing_in_any_page_of_any_file(
    it: Opened, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft_id = write_draft(it.session, f" {CANARY}", local_title=CANARY)
    it.window.lock()  # which makes a backup
    it.settle()
    it.unlock()
    key = vault_key(home.vault_folder("first"), PASSPHRASE)
    assert CANARY.encode() in decrypt_all(home.folder / "backups", key)
    asked: list[object] = []

    def agree(*given: object, **_named: object) -> bool:
        asked.append(given[1])
        return True

    monkeypatch.setattr(destroy, "ask", agree)
    it.window.show_place("destroy", draft_id)
    it.settle()
    assert CANARY in seen(it.window.page("destroy"))
    press(it, "Destroy it now")
    it.settle()
    assert asked == ["Destroy it now?"]
    assert it.window.shown == "reports"
    assert CANARY.encode() not in decrypt_all(home.folder, key)
    assert it.session.drafts.summaries() == ()


def test_acknowledged_report_is_left_in_no_page_of_any_file(it: Opened, home: Home) -> None:
    draft_id = write_draft(it.session, f" {CANARY}", local_title=CANARY)
    it.session.drafts.save_scrub_map(draft_id, {"[NAME-1]": CANARY})
    uploader.approve(
        draft_id,
        bytes(65_536),
        make_receipt(WORDS, TENANT),
        drafts=it.session.drafts,
        outbox=it.session.outbox,
        not_before_utc=datetime.now(UTC),
    )
    it.window.lock()  # which makes a backup
    it.settle()
    it.unlock()
    key = vault_key(home.vault_folder("first"), PASSPHRASE)
    before = decrypt_all(home.folder / "backups", key)
    assert CANARY.encode() in before
    assert " ".join(WORDS).encode() in before
    (row,) = it.session.outbox.submissions()
    folder = home.vault_folder("first")
    assert row.report_id in decrypt_all(folder, post_key(folder))
    it.session.outbox.move(row.report_id, SubmissionState.SENDING)
    it.session.outbox.move(row.report_id, SubmissionState.RECEIVED)
    uploader.settle(it.session.drafts, it.session.outbox)
    left = decrypt_all(home.folder, key)
    assert CANARY.encode() not in left
    assert " ".join(WORDS).encode() not in left
    assert row.report_id not in left
    assert row.report_id not in decrypt_all(folder, post_key(folder))


def test_what_is_sealed_still_leaves_and_its_card_says_what_is_gone(it: Opened) -> None:
    draft_id = _wait_in_outbox(it)
    it.window.show_place("destroy", draft_id)
    it.settle()
    assert "leaves all the same" in seen(it.window.page("destroy"))
    destroy_now(it.session.drafts, draft_id)
    it.window.show_place("outbox")
    it.settle()
    (card,) = it.window.page("outbox").findChildren(SubmissionCard)
    assert card.row.is_destroyed
    assert card.take_back.text() == "Stop it"
    assert not card.words.isVisible()
    assert not card.destroy_now.isVisible()


@pytest.mark.parametrize(
    ("state", "lost"), [(SubmissionState.REFUSED, 1), (SubmissionState.RECEIVED, 0)]
)
def test_refusal_of_a_report_that_was_destroyed_is_told(
    it: Opened, state: SubmissionState, lost: int
) -> None:
    destroy_now(it.session.drafts, _wait_in_outbox(it))
    (row,) = it.session.outbox.submissions()
    it.session.outbox.move(row.report_id, SubmissionState.SENDING)
    it.session.outbox.move(row.report_id, state)
    settled = uploader.settle(it.session.drafts, it.session.outbox)
    assert settled.lost == lost
    assert ("not accepted" in describe_settled(settled)) is bool(lost)
    assert it.session.outbox.submissions() == ()


def test_erasing_takes_the_typed_name_and_leaves_nothing(it: Opened, home: Home) -> None:
    _wait_in_outbox(it)
    it.window.show_place("erase")
    it.settle()
    page = it.window.page("erase")
    assert isinstance(page, ErasePage)
    assert "1 sealed report waits" in seen(page)
    press(it, "Erase it for good")
    assert "Type “first”" in page.error()
    line = next(each for each in page.findChildren(QLineEdit) if each.isVisible())
    line.setText("first")
    press(it, "Erase it for good")
    it.settle()
    assert home.vault_names() == ()
    assert not it.session.is_unlocked
    assert [each for each in home.folder.rglob("*") if each.name.split(".")[0] == "first"] == []


def test_vault_moves_from_one_window_to_another(
    it: Opened, home: Home, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    write_draft(it.session, local_title="Ladder")
    new = Home(tmp_path / "new")
    it.window.show_place("move")
    page = it.window.page("move")
    assert isinstance(page, MovePage)
    press(it, "Write the file")
    assert "not the code" in page.send.errors()[0]
    page.send.code.setText(move_vault.expect_vault(new))
    page.send.passphrase._line.setText("wrong")
    page.send.write_to(tmp_path / "moved.nmm")
    it.settle()
    assert "not the right one" in page.send.errors()[1]
    assert it.session.vault_name == "first"
    page.send.passphrase._line.setText(PASSPHRASE)
    page.send.write_to(tmp_path / "moved.nmm")
    it.settle()
    assert (home.vault_names(), move_vault.moved_names(home)) == ((), ("first",))
    assert "was read back" in seen(page)
    assert it.session.vault_name == ""
    assert it.window.place("reports") is None  # nothing of the vault stays in the window
    with opened(qapp, qtbot, new) as other:
        other.window.show_place("move")
        arriving = other.window.page("move")
        assert isinstance(arriving, MovePage)
        arriving.arrive.passphrase._line.setText("wrong")
        arriving.arrive.open_file(tmp_path / "moved.nmm")
        other.settle()
        assert "not the right one" in arriving.arrive.error()
        arriving.arrive.passphrase._line.setText(PASSPHRASE)
        arriving.arrive.open_file(tmp_path / "moved.nmm")
        other.settle()
        assert other.window.shown == "reports"
        assert [each.title for each in other.session.drafts.summaries()] == ["Ladder"]
    with keep_safe.open_vault(new, "first", PASSPHRASE) as vault:
        assert vault.backups()
        assert not vault.is_older_than_noted()


def test_the_page_begins_at_its_top(it: Opened, home: Home) -> None:
    move_vault.expect_vault(home)
    (home.folder / "moved" / "desk-2").mkdir(parents=True)
    it.window.resize(1280, 800)
    it.window.show_place("move")
    it.settle()
    bar = it.window.page("move").findChildren(QScrollArea)[0].verticalScrollBar()
    assert bar.maximum() > 0
    assert bar.value() == 0


def test_what_was_laid_aside_is_used_again_or_erased(
    it: Opened, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.folder / "moved" / "desk-2").mkdir(parents=True)
    (home.folder / "moved" / "desk-3").mkdir(parents=True)
    monkeypatch.setattr("ui.pages.move_aside.ask", lambda *_args, **_named: True)
    it.window.show_place("move")
    it.settle()
    press(it, "Use it here again")
    it.settle()
    assert home.vault_names() == ("desk-2", "first")
    press(it, "Erase it")
    it.settle()
    assert move_vault.moved_names(home) == ()
    assert not it.window.page("move").aside.isVisible()  # type: ignore[attr-defined]

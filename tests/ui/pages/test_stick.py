"""Reports leave on a stick and what the service signed comes back; the archive comes on one too."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import InputError, SurroundingsError
from app.use_cases.write_report import DraftId
from sync import carry, uploader
from sync.carry import find_carried, find_replies
from sync.desk.folder import DeskFeed
from sync.feed import ExpiredFeedError, Update
from sync.protocol.receipt import make_receipt
from tests.ui.accessibility import check_keyboard, unnamed
from tests.ui.pages.officer import TENANT, connect, open_session, write_draft
from ui.pages import archive_stick, stick_card
from ui.pages.archive_stick import BringInButton
from ui.pages.outbox import OutboxPage
from ui.session import Session
from ui.stick_work import find_feed
from ui.widgets.bars import ProgressStrip

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path / "home") as found:
        connect(found)
        yield found


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is chosen whenever one is asked for, by somebody who agrees."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for module in (stick_card, archive_stick):
        monkeypatch.setattr(module, "choose_folder", lambda *_words: str(folder))
        monkeypatch.setattr(module, "ask", lambda *_words: True)
    return folder


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> OutboxPage:
    made = OutboxPage(session)
    qtbot.addWidget(made)
    made.resize(980, 640)
    made.show()
    return made


def seal(session: Session) -> DraftId:
    made = write_draft(session)
    uploader.approve(
        made,
        bytes(65_536),
        make_receipt(WORDS, TENANT),
        drafts=session.drafts,
        outbox=session.outbox,
        not_before_utc=datetime.now(UTC) + timedelta(hours=30),
    )
    return made


def open_page(page: OutboxPage, qtbot: QtBot) -> None:
    page.open(None)
    qtbot.waitUntil(lambda: len(page.cards) == 1)


def make_button(session: Session, qtbot: QtBot) -> BringInButton:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    made = BringInButton(session, strip)
    qtbot.addWidget(made)
    return made


def told(page: OutboxPage, qtbot: QtBot) -> str:
    news = page.stick.news
    qtbot.waitUntil(lambda: news.isVisibleTo(page), timeout=10_000)
    return f"{news.accessibleName()} {news.accessibleDescription()}"


def test_nothing_is_offered_while_nothing_waits(page: OutboxPage, qtbot: QtBot) -> None:
    open_page(page, qtbot)
    assert not page.stick.out.isEnabled()
    assert page.stick.back.isEnabled()
    assert unnamed(page) == []
    check_keyboard(page)


def test_what_waits_is_written_and_goes_on_waiting(
    page: OutboxPage, session: Session, stick: Path, qtbot: QtBot
) -> None:
    seal(session)
    open_page(page, qtbot)
    page.stick.out.click()
    assert told(page, qtbot).startswith("One report is on the stick")
    assert len(find_carried(stick)) == 1
    assert [row.state.is_final for row in session.outbox.submissions()] == [False]


def test_nothing_is_written_unless_it_is_wanted(
    page: OutboxPage,
    session: Session,
    stick: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stick_card, "ask", lambda *_words: False)
    seal(session)
    open_page(page, qtbot)
    page.stick.out.click()
    assert list(stick.iterdir()) == []


def test_a_stick_without_what_is_looked_for_is_said_to_be_one(
    page: OutboxPage, stick: Path, qtbot: QtBot
) -> None:
    open_page(page, qtbot)
    page.stick.back.click()
    assert told(page, qtbot).startswith("Nothing has come back on this stick")
    page.stick.on.click()
    qtbot.waitUntil(lambda: page.stick.news.accessibleName() == "Nothing was passed on")


def test_one_that_fails_does_not_stop_the_next(
    session: Session, page: OutboxPage, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(session)
    open_page(page, qtbot)
    page.stick.out.click()
    assert told(page, qtbot)
    (written,) = find_carried(stick)
    shutil.copy(written, stick / "carry-0000.json")
    sent: list[str] = []

    def send(path: Path, *_words: object) -> Path:
        sent.append(path.name)
        if path.name == "carry-0000.json":
            raise SurroundingsError("The service cannot take it just now.")
        return path

    monkeypatch.setattr(carry, "carry_send", send)
    page.stick.on.click()
    qtbot.waitUntil(lambda: page.stick.news.accessibleName() == "One report is passed on")
    assert sent == ["carry-0000.json", written.name]
    assert "cannot take it just now" in page.stick.news.accessibleDescription()


def test_what_has_an_answer_is_not_passed_on_again(tmp_path: Path) -> None:
    for name in ("carry-1.json", "carry-1-reply.json", "carry-2.json", "letter.json"):
        (tmp_path / name).write_bytes(b"{}")
    assert [each.name for each in find_carried(tmp_path)] == ["carry-2.json"]
    assert [each.name for each in find_replies(tmp_path)] == ["carry-1-reply.json"]


def test_the_archive_is_found_on_a_stick_or_one_folder_down(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        find_feed(tmp_path)
    (tmp_path / "feed" / "metadata").mkdir(parents=True)
    assert find_feed(tmp_path) == tmp_path / "feed"
    assert find_feed(tmp_path / "feed") == tmp_path / "feed"


def test_the_archive_is_brought_in(session: Session, stick: Path, qtbot: QtBot) -> None:
    shutil.copytree(DeskFeed(session.home.folder / "team").released, stick / "feed")
    button = make_button(session, qtbot)
    with qtbot.waitSignal(button.brought, timeout=10_000) as found:
        button.click()
    assert isinstance(found.args[0], Update)


@pytest.mark.parametrize("agrees", [False, True])
def test_an_old_copy_is_brought_in_only_by_somebody_who_knows(
    session: Session, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, agrees: bool
) -> None:
    asked: list[str] = []

    def ask(_parent: object, *texts: str) -> bool:
        asked.append(" ".join(texts))
        return agrees

    def bring_in(*_words: object, allow_expired: bool) -> str:
        if not allow_expired:
            raise ExpiredFeedError("2025-01-02")
        return "read"

    monkeypatch.setattr(archive_stick, "ask", ask)
    monkeypatch.setattr(archive_stick, "bring_in", bring_in)
    button = make_button(session, qtbot)
    brought: list[object] = []
    button.brought.connect(brought.append)
    button.click()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert "2025-01-02" in asked[0]
    if agrees:
        qtbot.waitUntil(lambda: brought == ["read"])
    assert len(brought) == agrees

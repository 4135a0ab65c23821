"""Reports, settings and help, in a window with an open vault."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QTabBar
from pytestqt.qtbot import QtBot

from app.domain.submission import SubmissionState
from app.paths import Home
from app.settings import Theme, read_settings
from app.use_cases.write_report import DraftId
from sync.uploader import Settled
from tests.ui.opened import Opened, make_vault, opened
from tests.ui.pages.officer import write_draft
from ui.pages.help_texts import NEAR_MISS, PROTECTION
from ui.pages.reports import ReportsPage, describe_settled, read_rows
from ui.pages.settings import SettingsPage
from ui.widgets.choice_rows import TickRow
from ui.widgets.heading import PlainLabel
from ui.widgets.radio_choice import RadioChoice
from ui.widgets.states import StateChip

RECEIVED = "1 report was received by the service and destroyed here."
A, B, C = DraftId("a"), DraftId("b"), DraftId("c")


@pytest.fixture
def it(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """A window with an open, empty vault."""
    home = Home(tmp_path / "home")
    make_vault(home)
    with opened(qapp, qtbot, home) as it:
        it.unlock()
        yield it


def texts(it: Opened, place: str) -> str:
    """All that a page says, of what can be seen."""
    labels = it.window.page(place).findChildren(PlainLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def button(it: Opened, place: str, name: str) -> QPushButton:
    """The button of this accessible name."""
    buttons = it.window.page(place).findChildren(QPushButton)
    return next(each for each in buttons if each.accessibleName() == name and each.isVisible())


def add_draft(it: Opened, title: str, state: SubmissionState | None) -> None:
    """A draft, and what it became."""
    drafts, outbox = it.session.drafts, it.session.outbox
    draft_id = drafts.create(it.session.form.id, it.session.form.version, title)
    if state is not None:
        report_id = title.encode().ljust(16, b".")
        drafts.begin_approval(draft_id, report_id, "a b c d e f g")
        outbox.add(report_id, bytes(65_536), datetime.now(UTC))
        drafts.mark_queued(draft_id)
        if state is not SubmissionState.QUEUED:
            outbox.move(report_id, SubmissionState.SENDING)
            outbox.move(report_id, state)


def test_empty_list_says_what_a_near_miss_is_and_offers_to_tell_one(it: Opened) -> None:
    assert "A near miss is an event" in texts(it, "reports")
    button(it, "reports", "Tell one").click()
    assert it.window.shown == "wizard"


def test_rows_have_a_state_in_words_and_one_action(it: Opened) -> None:
    add_draft(it, "", None)
    add_draft(it, "ladder", SubmissionState.QUEUED)
    add_draft(it, "doorway", SubmissionState.HELD)
    it.session.drafts_changed.emit()
    it.settle()
    page = it.window.page("reports")
    chips = {chip.word() for chip in page.findChildren(StateChip) if chip.isVisible()}
    assert chips == {"Draft", "Waiting", "Held"}
    assert "Untitled draft" in texts(it, "reports")
    assert [row.state for row in read_rows(it.session)].count(None) == 1
    button(it, "reports", "Open outbox: ladder").click()
    assert it.window.shown == "outbox"
    it.window.show_place("reports")
    it.settle()
    button(it, "reports", "Continue: Untitled draft").click()
    assert it.window.shown == "wizard"


@pytest.mark.parametrize(
    ("settled", "text"),
    [
        (Settled((), ()), ""),
        (Settled((A,), ()), RECEIVED),
        (Settled((A, B), ()), "2 reports were received by the service and destroyed here."),
        (
            Settled((A,), (B,)),
            f"{RECEIVED} 1 report was not accepted and can be written again below.",
        ),
    ],
)
def test_what_became_of_reports_is_told(it: Opened, settled: Settled, text: str) -> None:
    assert describe_settled(settled) == text
    page = it.window.page("reports")
    assert isinstance(page, ReportsPage)
    page.open(settled)
    assert text in texts(it, "reports")
    it.settle()


def test_theme_is_changed_at_once_and_kept(it: Opened) -> None:
    it.window.show_place("settings")
    choice = it.window.page("settings").findChild(RadioChoice)
    assert choice is not None
    try:
        it.program.wish.choose(Theme.DARK)
        assert choice.value() == ("dark",)
        assert read_settings(it.session.home).theme is Theme.DARK
        choice.set_value(("light",))
        choice.changed.emit()
        assert it.program.wish.theme is Theme.LIGHT
    finally:
        it.program.wish.choose(Theme.LIGHT)


def test_underlines_are_switched_off_and_that_is_kept(it: Opened) -> None:
    it.window.show_place("settings")
    row = it.window.page("settings").findChild(TickRow)
    assert row is not None
    assert row.isChecked()
    row.click()
    assert not read_settings(it.session.home).underlines
    it.window.show_place("settings")
    assert not row.isChecked()


def test_folder_is_named_only_when_asked(it: Opened) -> None:
    it.window.show_place("settings")
    folder = str(it.session.home.folder)
    assert folder not in texts(it, "settings")
    button(it, "settings", "Show the folder").click()
    assert folder in texts(it, "settings")
    button(it, "settings", "Hide the folder").click()
    assert folder not in texts(it, "settings")


def test_whole_vault_is_said_to_be_whole(it: Opened) -> None:
    it.window.show_place("settings")
    button(it, "settings", "Check the vault").click()
    it.settle()
    assert "The vault is whole" in texts(it, "settings")


def test_vault_card_is_hidden_while_locked(it: Opened) -> None:
    it.window.lock()
    it.window.show_place("settings")
    it.settle()
    assert isinstance(it.window.page("settings"), SettingsPage)
    assert "Vault" not in texts(it, "settings").split("\n")[0]
    assert "Change the passphrase" not in [
        each.accessibleName()
        for each in it.window.page("settings").findChildren(QPushButton)
        if each.isVisible()
    ]


def test_help_has_three_pages_and_opens_the_one_that_is_asked_for(it: Opened) -> None:
    it.window.show_place("help", "protection")
    tabs = it.window.page("help").findChild(QTabBar)
    assert tabs is not None
    assert (tabs.count(), tabs.currentIndex()) == (3, 1)
    assert "What is not protected" in texts(it, "help")
    tabs.setCurrentIndex(0)
    assert "What is not protected" not in texts(it, "help")


@pytest.mark.parametrize("topic", [NEAR_MISS, PROTECTION], ids=lambda topic: topic.title)
def test_help_promises_nothing_that_nobody_can_keep(topic: object) -> None:
    said = str(topic).lower()
    for promise in (
        "anonymous",
        "certified",
        "validated",
        "impossible",
        "guarantee",
        "untraceable",
    ):
        assert promise not in said
    assert "immunity" not in said or "no immunity" in said


def test_a_draft_without_a_name_of_its_own_is_called_after_its_story(it: Opened) -> None:
    write_draft(it.session, local_title=None)
    it.session.drafts_changed.emit()
    it.settle()
    assert "Whitlock and I missed a pistol under the seat" in texts(it, "reports")

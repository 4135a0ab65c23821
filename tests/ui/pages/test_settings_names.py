"""The names of the agency in the settings, and in what looks at a report."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.form import FieldId
from tests.ui.accessibility import unnamed
from tests.ui.pages.officer import open_session, use_rules, write_draft
from ui.pages import settings_names
from ui.pages.check_review import read_review
from ui.pages.settings_names import NamesCard
from ui.session import Session

STORY = FieldId("what_happened")


@pytest.fixture
def session(tmp_path: Path, qapp: QApplication) -> Iterator[Session]:
    with open_session(tmp_path / "home") as found:
        use_rules(found)
        yield found


@pytest.fixture
def card(session: Session, qtbot: QtBot) -> NamesCard:
    made = NamesCard(session)
    qtbot.addWidget(made)
    made.show()
    made.read()
    qtbot.waitUntil(lambda: made._count.text() == "No list of names is kept.")
    return made


def choose(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(settings_names, "choose_file", lambda *_words: str(path))


def test_a_file_is_chosen_counted_and_forgotten(
    card: NamesCard,
    session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not card._forget.isVisible()
    (tmp_path / "names").write_text("Dale Wrenfield\nKwame Ozmar\n")
    choose(monkeypatch, tmp_path / "names")
    card._choose.click()
    qtbot.waitUntil(lambda: card._count.text() == "2 names are known.")
    assert session.home.roster_file.exists()
    card._forget.click()
    assert card._count.text() == "No list of names is kept."
    assert not card._forget.isVisible()
    assert not session.home.roster_file.exists()


def test_a_broken_file_is_said_and_the_earlier_list_stays(
    card: NamesCard,
    session: Session,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.roster.keep(b"Dale Wrenfield")
    (tmp_path / "bad").write_bytes(b"\xff")
    choose(monkeypatch, tmp_path / "bad")
    card._choose.click()
    qtbot.waitUntil(lambda: "not written in UTF-8" in card._news.accessibleName())
    choose(monkeypatch, tmp_path / "missing")
    card._choose.click()
    qtbot.waitUntil(lambda: "cannot be read" in card._news.accessibleName())
    assert card._news.isVisible()
    assert session.roster.read().people == 1


def test_nothing_happens_without_a_choice(
    card: NamesCard, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "")
    card._choose.click()
    assert not session.home.roster_file.exists()


def test_a_kept_list_that_was_broken_can_be_forgotten(
    card: NamesCard, session: Session, qtbot: QtBot
) -> None:
    session.home.roster_file.write_bytes(b"\xff")
    card.read()
    qtbot.waitUntil(card._news.isVisible)
    assert card._forget.isVisible()
    assert card._count.text() == "The list of names cannot be used."
    card._forget.click()
    assert not card._news.isVisible()
    assert session.roster.read().people == 0


def test_everything_has_a_name_and_is_reached_by_keyboard(
    card: NamesCard, session: Session, qtbot: QtBot
) -> None:
    session.roster.keep(b"Dale Wrenfield")
    card.read()
    qtbot.waitUntil(card._forget.isVisible)
    assert card._count.text() == "1 name is known."
    assert unnamed(card) == []


def test_the_check_before_sealing_uses_the_list(session: Session) -> None:
    draft_id = write_draft(session, " Then zorblat fell.")
    session.roster.keep(b"Quenby Zorblat")
    review = read_review(session, draft_id, None)
    text = review.reviewed.exact[STORY]
    found = {
        text[each.span.start : each.span.end]
        for each in review.reviewed.findings[STORY]
        if each.masked
    }
    assert "zorblat" in found

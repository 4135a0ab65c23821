"""What is said before the first word of a story, and by whom."""

from pytestqt.qtbot import QtBot

from app.agency_words import NOTICE_TITLE
from app.domain.answer_reading import parse_answers
from app.domain.form import SectionId
from app.policy import PeerSupport, Policy
from app.use_cases import write_report
from ui.session import Session
from ui.widgets.agency_words import PeerSupportCard, make_notice
from ui.widgets.cards import Banner
from ui.widgets.heading import PlainLabel
from ui.wizard.page import WizardPage


def _notices(page: WizardPage, section: str) -> list[Banner]:
    page.editor.show_section(SectionId(section))
    view = page.editor.form.view(SectionId(section))
    return [each for each in view.findChildren(Banner) if each.accessibleName() == NOTICE_TITLE]


def test_it_stands_above_the_story_and_nowhere_else(
    session: Session, page: WizardPage, sample: dict[str, object]
) -> None:
    answers, notes = parse_answers(session.form, sample)
    page.open(write_report.start(session.drafts, session.form, session.labels, answers, notes))
    (notice,) = _notices(page, "story")
    assert "representative" in notice.accessibleDescription()
    assert not notice.isHidden()
    assert _notices(page, "when") == []


def test_an_agencys_words_stand_below_the_programs_sentence(qtbot: QtBot) -> None:
    banner = make_notice(Policy(notice="Call the association first: 555 0100."))
    qtbot.addWidget(banner)
    assert banner.accessibleName() == NOTICE_TITLE
    assert banner.accessibleDescription() == "Call the association first: 555 0100."


def test_the_numbers_of_the_policy_are_shown(qtbot: QtBot) -> None:
    card = PeerSupportCard(Policy(peer_support=(PeerSupport("Peer team", "555 0100"),)))
    qtbot.addWidget(card)
    texts = [each.text() for each in card.findChildren(PlainLabel)]
    assert "Peer team" in texts
    assert "555 0100" in texts
    assert not any("988" in each for each in texts)

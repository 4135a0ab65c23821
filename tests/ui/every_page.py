"""Every page of the window in every state that a person can bring it into."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QRadioButton

from app.domain.archive import ArchiveNumber, Put, Record
from app.domain.form import SectionId
from app.progress import Silent
from app.store.archive_changes import Edition
from app.use_cases.write_report import DraftId
from sync import uploader
from sync.protocol.receipt import make_receipt
from sync.scrub import Doubt
from tests.ui.opened import PASSPHRASE, Opened
from tests.ui.pages.mail_bag import NEWS, QUESTION, deliver, keep
from tests.ui.pages.officer import TENANT, connect, use_rules, write_draft
from ui.cli.parts import read_form
from ui.pages.archive_search import SearchBox
from ui.pages.mail_words import MailWordsPage
from ui.pages.messages import MessagesPage
from ui.wizard.page import WizardPage
from ui.wizard.steps import PRIVATE

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")
UNSURE = " It was a Tuesday as always. Zuni was there; zuni ran."  # leaves something to decide


class Before(Enum):
    """What was done before: nothing yet, a vault was made, it was opened."""

    NOTHING = auto()
    VAULT = auto()
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class State:
    """How to bring a window from `before` to a page."""

    before: Before
    show: Callable[[Opened], None]


def press(it: Opened, text: str) -> None:
    """Press the button with this text that can be seen."""
    it.settle()
    for button in it.window.findChildren(QPushButton):
        if button.text() == text and button.isVisible():
            button.click()
            it.settle()
            return
    raise AssertionError(f"there is no button {text!r}")


def _place(name: str, argument: object = None) -> Callable[[Opened], None]:
    return lambda it: it.window.show_place(name, argument)


def _wrong_passphrase(it: Opened) -> None:
    it.window.show_place("reports")
    it.settle()
    focused = it.window.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, f"not {PASSPHRASE}")
    QTest.keyClick(focused, Qt.Key.Key_Return)


def _no_file(it: Opened) -> None:
    it.window.show_place("first-connect")
    press(it, "Connect")


def _too_short(it: Opened) -> None:
    it.window.show_place("new-vault")
    press(it, "Make the vault")


def _wait_in_outbox(it: Opened) -> DraftId:
    session = it.session
    draft_id = write_draft(session)
    uploader.approve(
        draft_id,
        bytes(65_536),
        make_receipt(WORDS, TENANT),
        drafts=session.drafts,
        outbox=session.outbox,
        not_before_utc=datetime.now(UTC) + timedelta(hours=30),
    )
    return draft_id


def _filled_reports(it: Opened) -> None:
    _wait_in_outbox(it)
    write_draft(it.session, local_title="Ladder at the warehouse")
    it.window.show_place("reports")


def _wizard(it: Opened) -> WizardPage:
    it.window.show_place("wizard", write_draft(it.session))
    it.settle()
    return _shown_wizard(it)


def _shown_wizard(it: Opened) -> WizardPage:
    page = it.window.page("wizard")
    assert isinstance(page, WizardPage)
    return page


def _section(section: SectionId) -> Callable[[Opened], None]:
    return lambda it: _wizard(it).editor.show_section(section)


def _error_summary(it: Opened) -> None:
    it.window.show_place("wizard")
    press(it, "Next")


def _stop_at_the_gate(it: Opened) -> None:
    it.window.show_place("wizard")
    it.settle()
    gate = _shown_wizard(it).editor.form.view(SectionId("gate"))
    serious = next(each for each in gate.questions() if each.field.id == "gate_serious")
    next(each for each in serious.findChildren(QRadioButton) if each.text() == "Yes").click()
    press(it, "Next")


def _refused_draft(it: Opened) -> None:
    it.window.show_place("wizard", _wait_in_outbox(it))


def _check(it: Opened) -> None:
    connect(it.session)
    use_rules(it.session)
    it.window.show_place("check", write_draft(it.session, UNSURE))


def _check_doubted(it: Opened) -> None:
    connect(it.session)
    use_rules(it.session, *Doubt)
    it.window.show_place("check", write_draft(it.session, UNSURE))


def _check_unconnected(it: Opened) -> None:
    it.window.show_place("check", write_draft(it.session))


def _receipt(it: Opened) -> None:
    it.window.show_place("receipt", (_wait_in_outbox(it), WORDS))


def _receipt_faults(it: Opened) -> None:
    _receipt(it)
    press(it, "I have written them down")


def _outbox(it: Opened) -> None:
    _wait_in_outbox(it)
    it.window.show_place("outbox")


def _connected(name: str) -> Callable[[Opened], None]:
    def show(it: Opened) -> None:
        connect(it.session)
        it.window.show_place(name)

    return show


def _fill_archive(it: Opened) -> None:
    connect(it.session)
    archive = it.session.archive()
    assert archive is not None
    reports = [
        Put(
            Record(
                ArchiveNumber(number),
                1,
                "near-miss",
                {"hazard": "animal" if number % 2 else "gunfire", "light": "1", "event_year": 2024},
                {
                    "title": f"Close call {number} on a road that has a rather long name",
                    "what_happened": "It was on the road, late in the shift. " * 30,
                    "synopsis": "An invented report.",
                    "lessons": "Search again at every handover.",
                },
            )
        )
        for number in range(1, 30)
    ]
    archive.apply(reports, Edition(2, "2026-03-01"), Silent())


def _archive(it: Opened) -> None:
    _fill_archive(it)
    it.window.show_place("archive")


def _reading(it: Opened) -> None:
    _fill_archive(it)
    it.window.show_place("archive", 7)


def _nothing_found(it: Opened) -> None:
    _archive(it)
    it.settle()
    box = it.window.findChildren(SearchBox)[0]
    QTest.keyClicks(box, "zzz")
    QTest.keyClick(box, Qt.Key.Key_Return)


def _reports_with_mail(it: Opened) -> None:
    keep(it.session, deliver(it.session))
    it.window.show_place("reports")


def _messages(it: Opened) -> MessagesPage:
    receipt = deliver(it.session)
    keep(it.session, receipt)
    it.window.show_place("messages", receipt.report_id)
    it.settle()
    page = it.window.page("messages")
    assert isinstance(page, MessagesPage)
    return page


def _no_messages(it: Opened) -> None:
    receipt = deliver(it.session, ())
    keep(it.session, receipt)
    it.window.show_place("messages", receipt.report_id)


def _look_at_answer(it: Opened) -> None:
    use_rules(it.session, *Doubt)
    (box,) = _messages(it).letters.boxes
    box.editor.set_value(f"About ten steps.{UNSURE} Officer Whitlock saw it.")
    press(it, "See what leaves")


def _answer_sealed(it: Opened) -> None:
    use_rules(it.session)
    (box,) = _messages(it).letters.boxes
    box.editor.set_value("About ten steps.")
    press(it, "See what leaves")
    press(it, "Seal and queue the answer")


def _mail_words(typed: str) -> Callable[[Opened], None]:
    def show(it: Opened) -> None:
        deliver(it.session, (QUESTION, *NEWS))
        it.window.show_place("mail")
        it.settle()
        page = it.window.page("mail")
        assert isinstance(page, MailWordsPage)
        page.line.setText(typed)
        press(it, "Read")

    return show


def _settings_form(button: str) -> Callable[[Opened], None]:
    def show(it: Opened) -> None:
        it.window.show_place("settings")
        press(it, button)

    return show


def _list_states() -> Mapping[str, State]:
    form, _labels = read_form()
    sections = [*(section.id for section in form.sections), PRIVATE]
    return {
        "welcome": State(Before.NOTHING, _place("reports")),
        "connect": State(Before.NOTHING, _place("first-connect")),
        "connect without a file": State(Before.NOTHING, _no_file),
        "new vault": State(Before.NOTHING, _place("new-vault")),
        "new vault with faults": State(Before.NOTHING, _too_short),
        "archive without a connection": State(Before.NOTHING, _place("archive")),
        "unlock": State(Before.VAULT, _place("reports")),
        "unlock refused": State(Before.VAULT, _wrong_passphrase),
        "settings while locked": State(Before.VAULT, _place("settings")),
        "reports empty": State(Before.OPEN, _place("reports")),
        "reports filled": State(Before.OPEN, _filled_reports),
        **{f"wizard {section}": State(Before.OPEN, _section(section)) for section in sections},
        "wizard new": State(Before.OPEN, _place("wizard")),
        "wizard error summary": State(Before.OPEN, _error_summary),
        "wizard stop page": State(Before.OPEN, _stop_at_the_gate),
        "wizard refused": State(Before.OPEN, _refused_draft),
        "check with findings to decide": State(Before.OPEN, _check),
        "check with doubts": State(Before.OPEN, _check_doubted),
        "check without a connection": State(Before.OPEN, _check_unconnected),
        "receipt": State(Before.OPEN, _receipt),
        "receipt with faults": State(Before.OPEN, _receipt_faults),
        "outbox empty": State(Before.OPEN, _place("outbox")),
        "outbox waiting": State(Before.OPEN, _outbox),
        "reports with a question": State(Before.OPEN, _reports_with_mail),
        "messages": State(Before.OPEN, lambda it: _messages(it).setFocus()),
        "messages none": State(Before.OPEN, _no_messages),
        "messages answer looked at": State(Before.OPEN, _look_at_answer),
        "messages answered": State(Before.OPEN, _answer_sealed),
        "mail by words": State(Before.VAULT, _place("mail")),
        "mail by words read": State(Before.OPEN, _mail_words(" ".join(WORDS))),
        "mail by words while locked": State(Before.VAULT, _mail_words(" ".join(WORDS))),
        "mail by words with faults": State(Before.OPEN, _mail_words("abacus zzz")),
        "archive empty": State(Before.OPEN, _connected("archive")),
        "archive filled": State(Before.OPEN, _archive),
        "archive reading": State(Before.OPEN, _reading),
        "archive nothing found": State(Before.OPEN, _nothing_found),
        "settings": State(Before.OPEN, _connected("settings")),
        "settings passphrase": State(Before.OPEN, _settings_form("Change the passphrase")),
        "settings connection": State(Before.OPEN, _settings_form("Use a connection file")),
        "help near miss": State(Before.OPEN, _place("help", "near-miss")),
        "help protection": State(Before.OPEN, _place("help", "protection")),
    }


STATES = _list_states()

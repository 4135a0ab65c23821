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
from app.domain.submission import WithdrawalState
from app.domain.typed_code import CodeKind, write_code
from app.paths import DiskFullError
from app.progress import Silent
from app.store.archive_changes import Edition
from app.store.safekeeping import BackupFailedError
from app.surroundings import Danger
from app.use_cases import write_report
from app.use_cases.destroy import destroy_now
from app.use_cases.keep_copies import OLDER_OUTBOX, OLDER_VAULT
from app.use_cases.move_vault import expect_vault
from app.use_cases.write_report import DraftId
from sync import uploader
from sync.protocol.receipt import make_receipt
from sync.scrub import Doubt
from sync.withdrawing import queue_withdrawal
from tests.ui.opened import PASSPHRASE, Opened
from tests.ui.pages.enrolled import enrol
from tests.ui.pages.mail_bag import NEWS, QUESTION, deliver, keep
from tests.ui.pages.officer import TENANT, connect, use_rules, write_draft
from ui.cli.parts import read_form
from ui.pages.archive_search import SearchBox
from ui.pages.mail_words import MailWordsPage
from ui.pages.messages import MessagesPage
from ui.unlock.new_vault import NewVaultPage
from ui.wizard.page import WizardPage
from ui.wizard.steps import PRIVATE

WORDS = ("skittle", "constrict", "spotter", "refueling", "unwelcome", "qualify", "flatten")
CODE = write_code(bytes(range(16)), CodeKind.RECOVERY)
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


def _withdrawn(state: WithdrawalState | None, place: str) -> Callable[[Opened], None]:
    """A kept receipt whose report is being withdrawn, and how far that is."""

    def show(it: Opened) -> None:
        receipt = deliver(it.session, NEWS)
        keep(it.session, receipt)
        if state is not None:
            queue_withdrawal(it.session.post, receipt, TENANT, datetime.now(UTC))
        if state is not None and state.is_final:
            for each in (WithdrawalState.SENDING, state):
                it.session.withdrawals.move(receipt.report_id, each)
        it.window.show_place(place, receipt.report_id)

    return show


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


def _settings_enrolled(it: Opened) -> None:
    connect(it.session)
    enrol(it.session, spent=3)
    it.window.show_place("settings")


def _settings_wrong_card(it: Opened) -> None:
    connect(it.session)
    it.window.show_place("settings")
    press(it, "Use this card")


def _settings_form(button: str) -> Callable[[Opened], None]:
    def show(it: Opened) -> None:
        it.window.show_place("settings")
        press(it, button)

    return show


def _make_backup(it: Opened) -> None:
    """A session that wrote something, and ended."""
    it.unlock()
    write_draft(it.session, local_title="Ladder at the warehouse")
    it.window.lock()
    it.settle()


def _restore(it: Opened) -> None:
    _make_backup(it)
    it.window.show_place("restore")


def _restore_refused(it: Opened) -> None:
    _restore(it)
    press(it, "Put it back")


def _older_files(it: Opened) -> None:
    it.session.notices = (OLDER_VAULT, OLDER_OUTBOX)
    it.session.backup_trouble = BackupFailedError(DiskFullError())
    it.window.show_place("reports")


def _discarded(it: Opened) -> None:
    for name in ("Ladder at the warehouse", "Dog behind the door"):
        write_report.discard(it.session.drafts, write_draft(it.session, local_title=name))
    it.window.show_place("discarded")


def _draft_file(it: Opened) -> None:
    it.window.show_place("draft-file", write_draft(it.session))


def _settings_copies(it: Opened) -> None:
    place = it.session.home.folder / "stick"
    place.mkdir()
    write_draft(it.session)
    for _ in range(2):
        it.session.vault.copy_to(place)
    it.session.vault.copies.choose(place)
    it.window.show_place("settings")


def _new_vault_drawn(it: Opened) -> None:
    it.window.show_place("new-vault")
    press(it, "Make one from words")


def _recover_refused(it: Opened) -> None:
    it.window.show_place("recover")
    press(it, "Set it and open the vault")


def _destroy(it: Opened) -> None:
    it.window.show_place("destroy", write_draft(it.session))


def _destroy_waiting(it: Opened) -> None:
    it.window.show_place("destroy", _wait_in_outbox(it))


def _destroyed_waits(it: Opened) -> None:
    destroy_now(it.session.drafts, _wait_in_outbox(it))
    it.window.show_place("outbox")


def _erase_waiting(it: Opened) -> None:
    _wait_in_outbox(it)
    it.window.show_place("erase")
    press(it, "Erase it for good")


def _move_expected(it: Opened) -> None:
    expect_vault(it.session.home)
    (it.session.home.folder / "moved" / "desk-2").mkdir(parents=True)
    it.window.show_place("move")


def _leaves(it: Opened) -> None:
    connect(it.session)
    queue_withdrawal(it.session.post, make_receipt(WORDS, TENANT), TENANT, datetime.now(UTC))
    _wait_in_outbox(it)
    it.window.show_place("leaves")


def _leaves_of_draft(it: Opened) -> None:
    connect(it.session)
    use_rules(it.session)
    it.window.show_place("leaves", write_draft(it.session))
    press(it, "Show what is in the seal")


def _dangerous_place(it: Opened) -> None:
    it.window.show_place("new-vault")
    it.settle()
    page = it.window.page("new-vault")
    assert isinstance(page, NewVaultPage)
    page.dangers.show_dangers(tuple(Danger))


def _list_states() -> Mapping[str, State]:
    form, _labels = read_form()
    sections = [*(section.id for section in form.sections), PRIVATE]
    return {
        "welcome": State(Before.NOTHING, _place("reports")),
        "connect": State(Before.NOTHING, _place("first-connect")),
        "connect without a file": State(Before.NOTHING, _no_file),
        "new vault": State(Before.NOTHING, _place("new-vault")),
        "new vault at dangerous places": State(Before.NOTHING, _dangerous_place),
        "what leaves": State(Before.OPEN, _leaves),
        "what leaves of a draft": State(Before.OPEN, _leaves_of_draft),
        "what leaves without a connection": State(Before.OPEN, _place("leaves")),
        "new vault with faults": State(Before.NOTHING, _too_short),
        "archive without a connection": State(Before.NOTHING, _place("archive")),
        "unlock": State(Before.VAULT, _place("reports")),
        "unlock refused": State(Before.VAULT, _wrong_passphrase),
        "restore without a backup": State(Before.VAULT, _place("restore")),
        "restore": State(Before.VAULT, _restore),
        "restore refused": State(Before.VAULT, _restore_refused),
        "reports with older files": State(Before.OPEN, _older_files),
        "discarded": State(Before.OPEN, _discarded),
        "discarded none": State(Before.OPEN, _place("discarded")),
        "draft file to write": State(Before.OPEN, _draft_file),
        "draft file to read": State(Before.OPEN, _place("draft-file")),
        "settings with copies": State(Before.OPEN, _settings_copies),
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
        "outbox withdrawal": State(Before.OPEN, _withdrawn(WithdrawalState.WAITING, "outbox")),
        "messages withdrawn": State(Before.OPEN, _withdrawn(WithdrawalState.WITHDRAWN, "messages")),
        "messages not there": State(Before.OPEN, _withdrawn(WithdrawalState.ABSENT, "messages")),
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
        "settings enrolled": State(Before.OPEN, _settings_enrolled),
        "settings no card": State(Before.OPEN, _settings_wrong_card),
        "settings passphrase": State(Before.OPEN, _settings_form("Change the passphrase")),
        "settings connection": State(Before.OPEN, _settings_form("Use a connection file")),
        "settings recovery code": State(Before.OPEN, _settings_form("Make a recovery code")),
        "new vault drawn": State(Before.NOTHING, _new_vault_drawn),
        "recover": State(Before.VAULT, _place("recover")),
        "recover refused": State(Before.VAULT, _recover_refused),
        "recovery code": State(Before.OPEN, _place("recovery-code", CODE)),
        "recovery code gone": State(Before.OPEN, _place("recovery-code")),
        "destroy": State(Before.OPEN, _destroy),
        "destroy waiting": State(Before.OPEN, _destroy_waiting),
        "outbox destroyed": State(Before.OPEN, _destroyed_waits),
        "erase": State(Before.OPEN, _erase_waiting),
        "erase while locked": State(Before.VAULT, _place("erase")),
        "move": State(Before.OPEN, _place("move")),
        "move expected": State(Before.VAULT, _move_expected),
        "help lost": State(Before.OPEN, _place("help", "lost")),
        "help near miss": State(Before.OPEN, _place("help", "near-miss")),
        "help protection": State(Before.OPEN, _place("help", "protection")),
    }


STATES = _list_states()

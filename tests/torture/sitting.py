"""An officer at the desk, without the window: opens a vault, types, decides, sends, locks, again.

The program's own session, answers and autosave under an event loop; only the widgets are not
there. Arguments: the folder with everything, the vault's passphrase, the journal, how many things
to do, the seed, a fault to plant. The journal is as `ledger` reads it.
"""

import hashlib
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer

from app.domain.answer_reading import answer_to_json
from app.domain.form import FieldId, FieldType
from app.domain.submission import SubmissionState
from app.paths import Home
from app.progress import Silent
from app.store import engine
from app.store.backups import replace_keys
from app.store.keys import FLOOR
from app.store.kinds import FileKind
from app.store.outbox import BODY_LENGTH
from app.store.vault import KEY_NAME
from app.use_cases import keep_copies, keep_safe, write_report
from app.use_cases.write_report import DraftId, DraftState
from sync import uploader
from sync.protocol.keys import SealingKey, SigningKey
from sync.protocol.receipt import Receipt
from tests.torture.ledger import REPORT, STATE, STORY, TITLE
from ui.cli.parts import read_form, read_words
from ui.session import Session
from ui.wizard.autosave import Autosave
from ui.wizard.writing import Writing

VAULT = "desk"
PASSPHRASE = "seven lamps under water"
GATE = {
    "report_kind": "near_miss",
    "gate_serious": "no",
    "gate_open_case": "no",
    "reporter_role": "involved",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_KEY_MS = 25
_TELL_MS = 300  # as `ui.widgets.text`
_MOST_KEYS = 140
_MOST_DRAFTS = 6
_LATE_MS = 1_500

May = dict[str, tuple[str | None, ...]]


class Planted(StrEnum):
    """A fault that the torture has to find. UNFLUSHED: a commit is acknowledged before the disk
    has it. EARLY: an answer is acknowledged before it is given to the vault. SELDOM: the autosave
    waits for five seconds.
    """

    NONE = "none"
    UNFLUSHED = "unflushed"
    EARLY = "early"
    SELDOM = "seldom"


class Journal:
    """One line for each thing; each is with the system when it is said."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def say(self, **words: object) -> None:
        """Write a line."""
        line = json.dumps({**words, "at_s": time.monotonic()}) + "\n"
        os.write(self._handle, line.encode())

    def begin(self, name: str, draft: str | None, may: May, *, may_go: bool = False) -> None:
        """Something is done now."""
        self.say(begin=name, draft=draft, may=may, may_go=may_go)

    def done(self, draft: str, now: dict[str, str | None], *, gone: bool = False) -> None:
        """The program has said that it is done."""
        self.say(done=draft, now=now, gone=gone)


class Sitting:
    """What is on the screen, and what can be done with it."""

    def __init__(
        self, folder: Path, passphrase: str, journal: Journal, seed: int, planted: Planted
    ) -> None:
        self.home = Home(folder / "home")
        self.place = folder / "stick"
        self.passphrase = passphrase
        self.journal = journal
        self.chance = random.Random(seed)
        self.planted = planted
        self.session = Session(self.home, *read_form(), read_words())
        self.writing = Writing(self.session)
        self.story = ""
        self._is_told = False
        self._owner = QObject()
        self.autosave = Autosave(self._owner, self.save)

    def wait(self, ms: int) -> None:
        """Let the timers run."""
        loop = QEventLoop()
        QTimer.singleShot(ms, loop.quit)
        loop.exec()

    def open(self) -> None:
        """Make the vault if there is none, and unlock it."""
        folder = self.home.vault_folder(VAULT)
        if not folder.exists() or not any(folder.glob("vault.*")) or not self._has_key():
            self.journal.say(passphrases=[self.passphrase])
            safe = keep_safe.safe_for(self.home, VAULT)
            keep_safe.Vault.create(folder, self.passphrase, FLOOR, safe=safe).close()
            self.journal.say(vault=True)
        self.unlock()
        self.session.outbox.recover()

    def unlock(self) -> None:
        """As the window does."""
        self.journal.begin("unlock", None, {})
        self.session.unlock(VAULT, self.passphrase)
        self.journal.done("", {})

    def lock(self) -> None:
        """As the window does, with its backup."""
        self.journal.begin("lock", None, {})
        self.session.lock()
        self.journal.done("", {})
        trouble = self.session.backup_trouble
        assert trouble is None, trouble

    def ids(self, *states: DraftState) -> list[DraftId]:
        """The drafts in one of these states."""
        drafts = self.session.drafts
        found = [*drafts.summaries(), *drafts.summaries(discarded=True)]
        return sorted(each.draft_id for each in found if each.state in states)

    def pick(self, *states: DraftState) -> DraftId | None:
        """One of them; None if there is none."""
        found = self.ids(*states)
        return self.chance.choice(found) if found else None

    # --- writing

    def begin_draft(self) -> None:
        """Pass the gate."""
        if len(self.ids(*DraftState)) >= _MOST_DRAFTS:
            return self.delete()
        self.writing, self.story = Writing(self.session), ""
        for field, value in GATE.items():
            self.writing.put(FieldId(field), value)
        may: May = {field: (json.dumps(value),) for field, value in GATE.items()}
        may |= {STATE: (DraftState.WRITING,), TITLE: ("",)}
        self.journal.begin("begin", "", may)
        self.writing.begin()
        self.journal.done(str(self.writing.draft_id), _first(may))
        return None

    def open_draft(self) -> bool:
        """Show one that is being written; begin one if there is none."""
        found = self.pick(DraftState.WRITING)
        if found is None:
            self.begin_draft()
            return self.writing.draft_id is not None
        self.writing = Writing(self.session)
        self.writing.load(found)
        kept = self.writing.answer(FieldId(STORY))
        self.story = getattr(kept, "text", "")
        return True

    def type_story(self) -> None:
        """Type for a while, then leave the field."""
        if not self.open_draft():
            return
        for _ in range(self.chance.randint(20, _MOST_KEYS)):
            self.story += _LETTERS[len(self.story) % len(_LETTERS)]
            self.journal.say(typed=[self.writing.draft_id, len(self.story)])
            if not self._is_told:
                self._is_told = True
                QTimer.singleShot(_TELL_MS, self._tell)
            self.wait(_KEY_MS)
        self.autosave.flush()
        if self.chance.random() < 0.2:
            self.story = self.story[:40]  # so that it does not only grow
            self.autosave.flush()

    def answer(self) -> None:
        """A section: a few choices, each kept at once, a year, and what the list shows."""
        if not self.open_draft():
            return
        fields = [
            field
            for field in self.session.form.report_fields()
            if field.type is FieldType.CHOICE and field.id not in GATE
        ]
        for field in self.chance.sample(fields, 4):
            code = self.chance.choice(field.shape.options)
            self.writing.put(field.id, code)
            self.autosave.flush()
            self.wait(10)
        self.writing.put(FieldId("event_year"), self.chance.randint(2015, 2025))
        self.writing.put(FieldId("local_title"), f"Report {self.chance.randint(1, 999)}")
        self.autosave.flush()

    def save(self) -> None:
        """What the autosave calls."""
        writing, draft = self.writing, str(self.writing.draft_id)
        writing.put(FieldId(STORY), self.story)
        waiting = writing.unsaved()
        if not waiting:
            return
        may: May = {}
        for field in waiting:
            answer = writing.answer(field)
            value = None if answer is None else _text(answer_to_json(writing.form.field(field), answer))
            may[field] = (value,)
            if field == "local_title":
                may[TITLE] = (getattr(answer, "text", ""),)
        self.journal.begin("save", draft, may)
        if self.planted is Planted.EARLY:
            QTimer.singleShot(_LATE_MS, writing.save)
        else:
            writing.save()
        self.journal.done(draft, _first(may))

    def _tell(self) -> None:
        self._is_told = False
        self.autosave.note_typed()

    # --- the list of reports

    def duplicate(self) -> None:
        """Of one that is being written."""
        found = self.pick(DraftState.WRITING)
        if found is None or len(self.ids(*DraftState)) >= _MOST_DRAFTS:
            return
        drafts = self.session.drafts
        fields = {**drafts.answers(found), **drafts.private_answers(found)}
        title = drafts.summary(found).title
        new = f"Copy of {title}" if title else ""
        may: May = {field: (value,) for field, value in fields.items()}
        may |= {STATE: (DraftState.WRITING,), TITLE: (new,)}
        if new:
            may["local_title"] = (_text(new),)
        self.journal.begin("duplicate", "", may)
        draft = write_report.duplicate(drafts, self.session.form, found)
        self.journal.done(draft, _first(may))

    def discard(self) -> None:
        """Throw one away."""
        self._move(DraftState.WRITING, DraftState.DISCARDED, write_report.discard)

    def bring_back(self) -> None:
        """One that was thrown away."""
        self._move(
            DraftState.DISCARDED, DraftState.WRITING, lambda drafts, found: drafts.bring_back(found)
        )

    def delete(self) -> None:
        """Destroy one for good."""
        found = self.pick(DraftState.DISCARDED, DraftState.WRITING)
        if found is None or len(self.ids(*DraftState)) < 3:
            return
        self.journal.begin("delete", found, {}, may_go=True)
        write_report.delete(self.session.drafts, found)
        self.journal.done(found, {}, gone=True)

    def _move(
        self,
        source: DraftState,
        to: DraftState,
        act: Callable[[write_report.Drafts, DraftId], None],
    ) -> None:
        found = self.pick(source)
        if found is not None:
            self.journal.begin(to, found, {STATE: (to,)})
            act(self.session.drafts, found)
            self.journal.done(found, {STATE: to})

    # --- the outbox

    def approve(self) -> None:
        """Freeze one in the post; the bytes are any bytes, since nothing opens them here."""
        found = self.pick(DraftState.WRITING)
        if found is None:
            return
        session = self.session
        words = session.words.draw(7) if hasattr(session.words, "draw") else ()
        raw = [secrets.token_bytes(32) for _ in range(3)]
        receipt = Receipt(
            tuple(words) or tuple(each.hex() for each in raw),
            raw[0][:16],
            SigningKey(raw[1]),
            raw[2][:16],
            SealingKey(raw[1]),
        )
        body = secrets.token_bytes(BODY_LENGTH)
        value = describe_report(receipt.report_id, body, " ".join(receipt.words))
        may: May = {
            STATE: (DraftState.QUEUED, DraftState.WRITING),
            REPORT: (value,),
        }
        self.journal.begin("approve", found, may)
        uploader.approve(
            found,
            body,
            receipt,
            drafts=session.drafts,
            outbox=session.outbox,
            not_before_utc=datetime.now(UTC),
            content=b"sealed",
        )
        self.journal.done(found, _first(may))

    def take_back(self) -> None:
        """One that waits."""
        queued = {each.draft_id: each.report_id for each in self.session.drafts.approvals()}
        found = self.pick(DraftState.QUEUED)
        if found is None:
            return
        may: May = {STATE: (DraftState.WRITING,), REPORT: (None,)}
        self.journal.begin("take back", found, may)
        uploader.take_back(self.session.drafts, self.session.outbox, queued[found])
        self.journal.done(found, _first(may))

    def receive(self) -> None:
        """As if the service had signed for it."""
        queued = {each.draft_id: each.report_id for each in self.session.drafts.approvals()}
        found = self.pick(DraftState.QUEUED)
        if found is None:
            return
        outbox = self.session.outbox
        self.journal.begin("receive", found, {}, may_go=True)
        outbox.move(queued[found], SubmissionState.SENDING)
        outbox.move(queued[found], SubmissionState.RECEIVED, status=201)
        uploader.settle(self.session.drafts, outbox)
        self.journal.done(found, {}, gone=True)

    # --- the vault

    def relock(self) -> None:
        """Lock, with a backup, and unlock; sometimes the backup is put back meanwhile."""
        self.autosave.flush()
        was_written = self.session.vault.file.was_written
        self.lock()
        if was_written and self.chance.random() < 0.5:
            newest = keep_copies.list_own(self.home)[0].backup.path
            self.journal.begin("put back", None, {})
            keep_copies.put_back(self.home, VAULT, newest, self.passphrase, Silent())
            self.journal.done("", {})
        self.unlock()

    def copy(self) -> None:
        """To a stick."""
        self.place.mkdir(exist_ok=True)
        self.journal.begin("copy", None, {})
        self.session.vault.copy_to(self.place)
        self.journal.done("", {})

    def change_passphrase(self) -> None:
        """As `keep_safe.change_passphrase` does, at the lowest cost that is accepted."""
        new = f"{PASSPHRASE} {self.chance.randint(1, 99)}"
        folder = self.home.vault_folder(VAULT)
        self.journal.say(passphrases=[self.passphrase, new])
        self.journal.begin("passphrase", None, {})
        before = (folder / KEY_NAME).read_bytes()
        keep_safe.Vault.change_passphrase(folder, self.passphrase, new, FLOOR)
        replace_keys(self.home.backup_folder(VAULT), before, (folder / KEY_NAME).read_bytes())
        self.journal.done("", {})
        self.passphrase = new
        self.journal.say(passphrases=[new])

    def work(self, steps: int) -> None:
        """Do so many things."""
        ways: dict[Callable[[], None], int] = {
            self.type_story: 8,
            self.answer: 6,
            self.begin_draft: 3,
            self.duplicate: 2,
            self.discard: 2,
            self.bring_back: 2,
            self.delete: 1,
            self.approve: 4,
            self.take_back: 2,
            self.receive: 2,
            self.relock: 3,
            self.copy: 1,
            self.change_passphrase: 1,
        }
        self.open()
        for way in self.chance.choices(list(ways), list(ways.values()), k=steps):
            way()
        self.lock()

    def _has_key(self) -> bool:
        folder = self.home.vault_folder(VAULT)
        return (folder / KEY_NAME).exists() or (folder / "vault.db").exists()


def describe_report(report_id: bytes, body: bytes, words: str) -> str:
    """What must be found again of an approved report."""
    return f"{report_id.hex()} {hashlib.sha256(body).hexdigest()} {words}"


def plant(planted: Planted) -> None:
    """Break the program of this process."""
    if planted is Planted.UNFLUSHED:
        settings = engine._settings

        def unflushed(key: bytes, kind: FileKind) -> tuple[str, ...]:
            return settings(key, replace(kind, synchronous="OFF"))

        engine._settings = unflushed
    if planted is Planted.SELDOM:
        from ui.wizard import autosave

        autosave._TYPED_MS = 5_000


def main(words: Sequence[str]) -> int:
    """Returns when all is done, if nobody ends it before."""
    folder, passphrase, journal, steps, seed, planted = words
    plant(Planted(planted))
    application = QCoreApplication([])
    sitting = Sitting(
        Path(folder), passphrase, Journal(Path(journal)), int(seed), Planted(planted)
    )
    sitting.work(int(steps))
    del application
    return 0


def _first(may: May) -> dict[str, str | None]:
    return {field: values[0] for field, values in may.items()}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

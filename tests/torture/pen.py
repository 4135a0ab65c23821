"""Writing: a draft is begun, a story typed without a pause, choices are made; all by autosave."""

import json

from PySide6.QtCore import QObject, QTimer

from app.domain.answer_reading import answer_to_json
from app.domain.form import FieldId, FieldType
from app.use_cases.write_report import DraftState
from tests.torture.ledger import STATE, STORY, TITLE
from tests.torture.screen import May, Screen, complain, first, to_text
from ui.wizard.autosave import Autosave
from ui.wizard.writing import Writing

MOST_DRAFTS = 6
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
_LATE_MS = 1_500


class Pen:
    """The report that is being written. tells_early: a planted fault, answers are acknowledged
    before the vault is given them.
    """

    def __init__(self, screen: Screen, *, tells_early: bool = False) -> None:
        self.screen = screen
        self._tells_early = tells_early
        self.writing = Writing(screen.session)
        self.story = ""
        self._is_told = False
        self._owner = QObject()
        self.autosave = Autosave(self._owner, self.save)
        self.autosave.failed.connect(complain)

    def begin_draft(self) -> None:
        """Pass the gate."""
        if len(self.screen.ids(*DraftState)) >= MOST_DRAFTS:
            return
        self.writing, self.story = Writing(self.screen.session), ""
        for field, value in GATE.items():
            self.writing.put(FieldId(field), value)
        may: May = {field: (json.dumps(value),) for field, value in GATE.items()}
        may |= {STATE: (DraftState.WRITING,), TITLE: ("",)}
        self.screen.journal.begin("begin", "", may)
        self.writing.begin()
        self.screen.journal.done(str(self.writing.draft_id), first(may))

    def open_draft(self) -> bool:
        """Show one that is being written; begin one if there is none."""
        found = self.screen.pick(DraftState.WRITING)
        if found is None:
            self.begin_draft()
            return self.writing.draft_id in self.screen.ids(DraftState.WRITING)
        self.writing = Writing(self.screen.session)
        self.writing.load(found)
        kept = self.writing.answer(FieldId(STORY))
        self.story = getattr(kept, "text", "")
        return True

    def type_story(self) -> None:
        """Type for a while, then leave the field."""
        if not self.open_draft():
            return
        for _ in range(self.screen.chance.randint(20, _MOST_KEYS)):
            self.story += _LETTERS[len(self.story) % len(_LETTERS)]
            self.screen.journal.say(typed=[self.writing.draft_id, len(self.story)])
            if not self._is_told:
                self._is_told = True
                QTimer.singleShot(_TELL_MS, self._tell)
            self.screen.wait(_KEY_MS)
        self.autosave.flush()
        if self.screen.chance.random() < 0.2:
            self.story = self.story[:40]  # so that it does not only grow
            self.screen.journal.say(typed=["", 0])
            self.autosave.flush()

    def answer(self) -> None:
        """A section: a few choices, each kept at once, a year, and what the list shows."""
        if not self.open_draft():
            return
        fields = [
            field
            for field in self.screen.session.form.report_fields()
            if field.type is FieldType.CHOICE and field.id not in GATE and not field.stops
        ]
        for field in self.screen.chance.sample(fields, 4):
            code = self.screen.chance.choice(field.shape.options)
            self.writing.put(field.id, code)
            self.autosave.flush()
            self.screen.wait(10)
        self.writing.put(FieldId("event_year"), self.screen.chance.randint(2015, 2025))
        self.writing.put(FieldId("local_title"), f"Report {self.screen.chance.randint(1, 999)}")
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
            asked = writing.form.field(field)
            may[field] = (None if answer is None else to_text(answer_to_json(asked, answer)),)
            if field == "local_title":
                may[TITLE] = (getattr(answer, "text", ""),)
        self.screen.journal.begin("save", draft, may)
        if self._tells_early:
            QTimer.singleShot(_LATE_MS, writing.save)
        else:
            writing.save()
        self.screen.journal.done(draft, first(may))

    def _tell(self) -> None:
        self._is_told = False
        self.autosave.note_typed()

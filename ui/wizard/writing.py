"""The report that is being written, as the window knows it: no widget, and no rule of its own.

What stands in an editor becomes an answer here, and an answer waits here until the vault has
it. An answer that ends the report is known to the window only: the vault never gets it.
"""

from datetime import datetime

from app.domain.answer_reading import read_answer
from app.domain.answers import Answer, Chosen, PrivateNotes, ReportAnswers
from app.domain.form import Code, FieldId, FieldType, PrivateField, ReportField, StopKey
from app.domain.navigation import Problem, check_complete, gate_stop
from app.errors import InputError
from app.use_cases import write_report
from app.use_cases.write_report import DraftId
from ui.session import Session
from ui.wizard.faults import explain_fault


class Writing:
    """Answers and notes of one draft. draft_id: None until the gate is passed.

    faults: for each field whose editor holds what cannot be kept, a sentence that says why.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.form = session.form
        self.labels = session.labels
        self.draft_id: DraftId | None = None
        self.answers = ReportAnswers(self.form)
        self.notes = PrivateNotes(self.form)
        self.faults: dict[FieldId, str] = {}
        self._waiting: dict[FieldId, Answer | None] = {}

    def load(self, draft_id: DraftId) -> write_report.DraftState:
        """Read a draft from the vault; says in which state it is. Raises UserError."""
        stored = write_report.load(self._session.drafts, self.form, draft_id)
        self.draft_id = draft_id
        self.answers, self.notes = stored.answers, stored.notes
        return stored.summary.state

    def answer(self, field_id: FieldId) -> Answer | None:
        """What is answered there, as far as it can be kept."""
        return self.answers.get(field_id) or self.notes.get(field_id)

    def codes(self, field_id: FieldId) -> tuple[Code, ...]:
        """The codes that are chosen there."""
        answer = self.answer(field_id)
        return answer.codes if isinstance(answer, Chosen) else ()

    def put(self, field_id: FieldId, raw: object) -> None:
        """Take what stands in an editor; what cannot be kept becomes a fault."""
        field = self.form.field(field_id)
        try:
            answer = read_answer(field, raw, this_year=datetime.now().astimezone().year)
        except InputError:
            self.faults[field_id] = explain_fault(field)
            return
        self.faults.pop(field_id, None)
        if answer == self.answer(field_id):
            return
        if isinstance(field, PrivateField):
            self.notes = self.notes.changed(self.form, {field_id: answer})
        else:
            self.answers = self.answers.changed(self.form, {field_id: answer})
        self._waiting[field_id] = None if _ends_report(field, answer) else answer

    @property
    def is_waiting(self) -> bool:
        """Whether the vault does not have everything yet. Before the gate nothing waits."""
        return self.draft_id is not None and bool(self._waiting)

    def unsaved(self) -> frozenset[FieldId]:
        """What the vault does not have as it stands here: not yet, or because it never gets it."""
        stopping = self.stopping_field()
        kept_back = [] if stopping is None else [stopping]
        return frozenset([*self._waiting, *self.faults, *kept_back])

    def begin(self) -> None:
        """Pass the gate and keep the draft.

        Raises StoppedAtGateError or InputError before anything is kept, UserError if the vault
        cannot take it.
        """
        self.draft_id = write_report.start(
            self._session.drafts, self.form, self.labels, self.answers, self.notes
        )
        self._waiting.clear()

    def save(self) -> None:
        """Put what waits into the vault. Raises UserError; what was not saved still waits."""
        if self.draft_id is None:
            return
        for field_id, answer in list(self._waiting.items()):
            write_report.save(self._session.drafts, self.form, self.draft_id, field_id, answer)
            del self._waiting[field_id]

    def stop(self) -> StopKey | None:
        """The first answer that ends the report."""
        return gate_stop(self.form, self.answers)

    def stopping_field(self) -> FieldId | None:
        """Where that answer was given."""
        for field in self.form.report_fields():
            if _ends_report(field, self.answers.get(field.id)):
                return field.id
        return None

    def problems(self) -> tuple[Problem, ...]:
        """What has to be mended before the report can be finished, in the order of the form."""
        missing = {each.field: each for each in check_complete(self.form, self.answers)}
        fields: list[ReportField | PrivateField] = [
            *self.form.report_fields(),
            *self.form.private,
        ]
        return tuple(
            Problem(field.id, field.label, self.faults[field.id])
            if field.id in self.faults
            else missing[field.id]
            for field in fields
            if field.id in self.faults or field.id in missing
        )


def _ends_report(field: object, answer: Answer | None) -> bool:
    return (
        isinstance(field, ReportField)
        and field.type is FieldType.CHOICE
        and isinstance(answer, Chosen)
        and any(code in field.stops for code in answer.codes)
    )

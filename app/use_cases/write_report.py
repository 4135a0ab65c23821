"""Write a report: from the gate to answers that are complete, all of it in the vault."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.answer_reading import (
    answer_to_json,
    answers_from_json,
    answers_to_json,
    parse_answers,
)
from app.domain.answers import Answer, PrivateNotes, ReportAnswers, Words
from app.domain.form import FieldId, Form, PrivateField, SectionId
from app.domain.labels import Labels
from app.domain.navigation import check_complete, complete_with_not_asked, gate_stop
from app.errors import InputError
from app.store.drafts import (
    AnswerChange,
    DraftApprovedError,
    DraftId,
    Drafts,
    DraftState,
    DraftSummary,
)

__all__ = [
    "KEPT_FOR",
    "DraftId",
    "DraftState",
    "DraftSummary",
    "Drafts",
    "StoppedAtGateError",
    "StoredReport",
    "as_finished",
    "change",
    "delete",
    "discard",
    "duplicate",
    "empty_discarded",
    "finish",
    "load",
    "pass_gate",
    "save",
    "start",
]
KEPT_FOR = timedelta(days=30)
"""For so long a draft that was discarded can be brought back."""
_NAME = FieldId("local_title")
_COPY_OF = "Copy of"
_GATE = SectionId("gate")


class StoppedAtGateError(InputError):
    """What happened belongs elsewhere. Nothing of it is kept: a kept draft can be demanded."""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A draft as it stands in the vault."""

    summary: DraftSummary
    answers: ReportAnswers
    notes: PrivateNotes


def start(
    drafts: Drafts, form: Form, labels: Labels, answers: ReportAnswers, notes: PrivateNotes
) -> DraftId:
    """Keep a new draft.

    Raises StoppedAtGateError before anything is kept, InputError if the gate is not answered.
    """
    pass_gate(form, labels, answers)
    named = notes.get(_NAME)
    title = named.text if isinstance(named, Words) else ""
    changes = [
        AnswerChange(field, _to_text(value), is_private)
        for collection, is_private in ((answers, False), (notes, True))
        for field, value in answers_to_json(form, collection).items()
    ]
    return drafts.create(form.id, form.version, title, changes)


def save(
    drafts: Drafts, form: Form, draft_id: DraftId, field_id: FieldId, answer: Answer | None
) -> None:
    """Keep one answer of a draft, or take it away (None). When this returns, the disk has it.

    Raises InputError for an answer that does not fit its field, a draft that is gone, or one
    that was approved.
    """
    field = form.field(field_id)
    is_private = isinstance(field, PrivateField)
    if answer is not None:
        (PrivateNotes if is_private else ReportAnswers)(form, {field_id: answer})
    value = None if answer is None else _to_text(answer_to_json(field, answer))
    drafts.save_answer(draft_id, field_id, value, is_private)
    if field_id == _NAME:
        drafts.set_title(draft_id, answer.text if isinstance(answer, Words) else "")


def change(
    drafts: Drafts,
    form: Form,
    labels: Labels,
    draft_id: DraftId,
    raw: Mapping[str, object],
    this_year: int,
) -> ReportAnswers:
    """Change answers as a person writes them, all or none; null, "" or [] takes one away.

    Returns the answers as they are then. Raises InputError as `parse_answers`, StoppedAtGateError
    before anything is kept, DraftApprovedError.
    """
    answers, notes = parse_answers(form, raw, this_year=this_year)
    stored = load(drafts, form, draft_id)
    after = stored.answers.changed(
        form, {field.id: answers.get(field.id) for field in form.report_fields() if field.id in raw}
    )
    pass_gate(form, labels, after)
    changes = []
    for name in raw:
        field = form.field(FieldId(name))
        answer = answers.get(field.id) or notes.get(field.id)
        value = None if answer is None else _to_text(answer_to_json(field, answer))
        changes.append(AnswerChange(name, value, isinstance(field, PrivateField)))
    drafts.save_answers(draft_id, changes)
    if _NAME in raw:
        named = notes.get(_NAME)
        drafts.set_title(draft_id, named.text if isinstance(named, Words) else "")
    return after


def discard(drafts: Drafts, draft_id: DraftId) -> None:
    """Throw a draft away; for `KEPT_FOR` it can be brought back.

    Raises NoSuchDraftError, DraftApprovedError for one that was approved.
    """
    drafts.discard(draft_id)


def delete(drafts: Drafts, draft_id: DraftId) -> None:
    """Destroy a draft for good, discarded before or not.

    Raises NoSuchDraftError, DraftApprovedError for one that was approved.
    """
    if drafts.summary(draft_id).state not in {DraftState.WRITING, DraftState.DISCARDED}:
        raise DraftApprovedError
    drafts.destroy(draft_id)


def empty_discarded(drafts: Drafts, now_utc: datetime) -> int:
    """Destroy what was discarded long enough ago, in free pages and copies too; how many."""
    over = [
        each.draft_id
        for each in drafts.summaries(discarded=True)
        if now_utc - each.changed_utc >= KEPT_FOR
    ]
    for draft_id in over:
        drafts.destroy(draft_id)
    return len(over)


def duplicate(drafts: Drafts, form: Form, draft_id: DraftId) -> DraftId:
    """A new draft with the same answers and notes, whatever became of the other.

    Decisions on findings are not taken over: each report is checked anew. Raises InputError as
    `load`.
    """
    stored = load(drafts, form, draft_id)
    title = f"{_COPY_OF} {stored.summary.title}".strip() if stored.summary.title else ""
    changes = [
        *(AnswerChange(field, value, False) for field, value in drafts.answers(draft_id).items()),
        *(
            AnswerChange(field, value, True)
            for field, value in drafts.private_answers(draft_id).items()
            if field != _NAME
        ),
    ]
    if title:
        title = title[: form.field(_NAME).shape.max_chars].strip()
        changes.append(AnswerChange(_NAME, _to_text(title), True))
    return drafts.create(form.id, form.version, title, changes)


def pass_gate(form: Form, labels: Labels, answers: ReportAnswers) -> None:
    """Raises StoppedAtGateError, or InputError if a question of the gate is not answered."""
    stop = gate_stop(form, answers)
    if stop is not None:
        text = labels.stop(stop)
        raise StoppedAtGateError(text.title, text.text, text.hint)
    gate = form.section(_GATE)
    open_questions = [field for field in gate.fields if field.required and field.id not in answers]
    if open_questions:
        raise InputError(
            "The first questions have to be answered before anything is kept.",
            " ".join(f'{field.id} ("{field.label}")' for field in open_questions),
            "Answer them, then try again.",
        )


def load(drafts: Drafts, form: Form, draft_id: DraftId) -> StoredReport:
    """Read a draft back. Raises InputError if there is none, or it is of another form."""
    summary = drafts.summary(draft_id)
    if (summary.form_id, summary.form_version) != (form.id, form.version):
        raise InputError(
            "This draft was written with another version of the form.",
            "It is still in the vault.",
            "Open it with the version of the program that it was written with.",
        )
    return StoredReport(
        summary,
        answers_from_json(ReportAnswers, form, _from_texts(drafts.answers(draft_id))),
        answers_from_json(PrivateNotes, form, _from_texts(drafts.private_answers(draft_id))),
    )


def finish(form: Form, answers: ReportAnswers) -> ReportAnswers:
    """The answers with every question that was not shown marked as not asked.

    Raises InputError that names all that is missing.
    """
    problems = check_complete(form, answers)
    if problems:
        raise InputError(
            "The report is not complete.",
            " ".join(f'{each.field} ("{each.label}"): {each.text}' for each in problems),
            "Answer what is missing, then try again.",
        )
    return complete_with_not_asked(form, answers)


def as_finished(form: Form, answers: ReportAnswers) -> ReportAnswers:
    """What would leave of answers that may still be incomplete: those to questions that are
    no longer shown are marked as not asked, as `finish` does.
    """
    return complete_with_not_asked(form, answers)


def _to_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _from_texts(values: Mapping[str, str]) -> dict[str, object]:
    return {field: json.loads(value) for field, value in values.items()}

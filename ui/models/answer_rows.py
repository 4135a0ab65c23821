"""Every answer beside what leaves of it."""

from dataclasses import dataclass

from app.domain.answer_reading import describe_answer
from app.domain.answers import CoarseAnswers, ReportAnswers, Special
from app.domain.form import Form, SpecialValue
from app.domain.labels import Labels


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """yours: the answer as given. leaves: what becomes of it. is_coarser: whether they differ."""

    section: str
    question: str
    yours: str
    leaves: str
    is_coarser: bool


def list_answers(
    form: Form, labels: Labels, answers: ReportAnswers, coarse: CoarseAnswers
) -> tuple[AnswerRow, ...]:
    """One row for each answer that leaves as a code, a year or a special value.

    Texts are not among them, nor are questions that were not asked; `count_not_asked` tells
    how many those are.
    """
    rows = []
    for section in form.sections:
        for field in section.fields:
            left = coarse.get(field.id)
            if left is None or left == Special(SpecialValue.NOT_ASKED):
                continue
            yours = describe_answer(labels, field, answers[field.id])
            leaves = describe_answer(labels, field, left)
            is_coarser = answers[field.id] != left
            title = labels.section(section.id)
            rows.append(AnswerRow(title, labels.field(field.id), yours, leaves, is_coarser))
    return tuple(rows)


def count_not_asked(coarse: CoarseAnswers) -> int:
    """How many questions leave as "not asked"."""
    return sum(answer == Special(SpecialValue.NOT_ASKED) for answer in coarse.values())

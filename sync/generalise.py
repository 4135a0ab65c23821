"""Exact answers to coarse answers, by the rules of the form, before anything leaves.

Texts are not touched here: they leave scrubbed, by another way.
"""

from app.domain.answer_values import Answer, Chosen, Special
from app.domain.answers import CoarseAnswers, ReportAnswers
from app.domain.form import FieldId, Form, Leaves, ReportField

__all__ = ["CoarseAnswers", "generalise"]


def generalise(form: Form, answers: ReportAnswers | CoarseAnswers) -> CoarseAnswers:
    """The codes, the year and the special values that leave.

    Each code is one of its field's `coarse_options`; coarse answers come out as they went in.
    Raises TypeError for any other collection, so that a private note cannot come this way
    past the type checker.
    """
    if type(answers) not in {ReportAnswers, CoarseAnswers}:
        raise TypeError("only a reporter's answers are generalised")
    coarse: dict[FieldId, Answer] = {}
    for field in form.report_fields():
        answer = answers.get(field.id)
        if answer is not None and (isinstance(answer, Special) or _leaves_as_code(field)):
            coarse[field.id] = _coarsen(field, answer)
    return CoarseAnswers(form, coarse)


def _leaves_as_code(field: ReportField) -> bool:
    return field.leaves is not Leaves.SCRUBBED


def _coarsen(field: ReportField, answer: Answer) -> Answer:
    if not isinstance(answer, Chosen):
        return answer
    return Chosen(tuple(dict.fromkeys(field.coarsen(code) for code in answer.codes)))

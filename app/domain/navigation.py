"""Which questions are asked, in which order, and what is still missing. Pure, without a window.

depth: how far a reporter wants to go; `Tier.BASIC` is the short path of 26 questions.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.answer_values import Answer, Chosen, Several, Special, Words
from app.domain.answers import CodingAnswers, ReportAnswers
from app.domain.form import (
    CodingField,
    Condition,
    FieldId,
    FieldType,
    Form,
    ReportField,
    Section,
    SectionId,
    SpecialValue,
    StopKey,
    Tier,
)


class SectionState(StrEnum):
    """How far a section is. One without a required question can stay NOT_STARTED."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is missing at a field before the report can be finished, and what to do."""

    field: FieldId
    label: str
    text: str


def gate_stop(form: Form, answers: ReportAnswers) -> StopKey | None:
    """The first answer that ends the report, by the key of its sentence; None if none does."""
    for field in form.report_fields():
        answer = answers.get(field.id)
        if isinstance(answer, Chosen):
            for code in answer.codes:
                if code in field.stops:
                    return field.stops[code]
    return None


def is_shown(form: Form, answers: ReportAnswers, field: ReportField) -> bool:
    """Whether the earlier answers lead to this question, at whatever depth."""
    section = form.section(field.section)
    return _holds(form, answers, section.show_if) and _holds(form, answers, field.show_if)


def visible_fields(
    form: Form,
    answers: ReportAnswers,
    section: SectionId | None = None,
    *,
    depth: Tier = Tier.OPTIONAL,
) -> tuple[ReportField, ...]:
    """The questions to ask, of one section or of all, in order.

    An answered question beyond the depth is still shown, so that nothing said is hidden.
    """
    return tuple(
        field
        for field in form.report_fields()
        if (section is None or field.section == section)
        and (depth.reaches(field.tier) or field.id in answers)
        and is_shown(form, answers, field)
    )


def visible_sections(
    form: Form, answers: ReportAnswers, *, depth: Tier = Tier.OPTIONAL
) -> tuple[Section, ...]:
    """The sections that have a question to ask, in order."""
    shown = {field.section for field in visible_fields(form, answers, depth=depth)}
    return tuple(section for section in form.sections if section.id in shown)


def next_section(
    form: Form, answers: ReportAnswers, current: SectionId, *, depth: Tier = Tier.OPTIONAL
) -> SectionId | None:
    """The section after this one; None after the last. Raises KeyError for an unknown one."""
    return _neighbor(form, answers, current, depth, step=1)


def previous_section(
    form: Form, answers: ReportAnswers, current: SectionId, *, depth: Tier = Tier.OPTIONAL
) -> SectionId | None:
    """The section before this one; None before the first. Raises KeyError for an unknown one."""
    return _neighbor(form, answers, current, depth, step=-1)


def section_state(
    form: Form, answers: ReportAnswers, section: SectionId, *, depth: Tier = Tier.OPTIONAL
) -> SectionState:
    """Complete once something is answered there and nothing required is missing."""
    fields = visible_fields(form, answers, section, depth=depth)
    if not any(field.id in answers for field in fields):
        return SectionState.NOT_STARTED
    if any(_find_problem(field, answers) for field in fields):
        return SectionState.IN_PROGRESS
    return SectionState.COMPLETE


def hidden_answers(form: Form, answers: ReportAnswers) -> tuple[FieldId, ...]:
    """Fields with an answer to which the other answers do not lead; it will not leave."""
    return tuple(
        field.id
        for field in form.report_fields()
        if field.id in answers
        and answers[field.id] != Special(SpecialValue.NOT_ASKED)
        and not is_shown(form, answers, field)
    )


def check_complete(form: Form, answers: ReportAnswers) -> tuple[Problem, ...]:
    """What is missing before the report can be finished, in the order of the form.

    Every required question that is shown needs an answer (a special value counts where it is
    offered), a text its least length, and a part must be contained in the whole. Answers that
    end the report are `gate_stop`'s concern.
    """
    problems = (_find_problem(field, answers) for field in visible_fields(form, answers))
    return tuple(problem for problem in problems if problem)


def check_coding_complete(form: Form, answers: CodingAnswers) -> tuple[Problem, ...]:
    """What the analysts still have to code; fields that the program fills are left out."""
    fields = (field for field in form.coding if not field.by_program)
    problems = (_find_coding_problem(field, answers.get(field.id)) for field in fields)
    return tuple(problem for problem in problems if problem)


def complete_with_not_asked(
    form: Form, answers: ReportAnswers, *, depth: Tier = Tier.OPTIONAL
) -> ReportAnswers:
    """The finished report: every question that was not shown is marked as not asked.

    An answer to a question that is no longer shown is replaced too. A question that was shown
    and left blank stays blank.
    """
    shown = {field.id for field in visible_fields(form, answers, depth=depth)}
    not_asked = Special(SpecialValue.NOT_ASKED)
    return answers.changed(
        form, {field.id: not_asked for field in form.report_fields() if field.id not in shown}
    )


def _neighbor(
    form: Form, answers: ReportAnswers, current: SectionId, depth: Tier, *, step: int
) -> SectionId | None:
    shown = {section.id for section in visible_sections(form, answers, depth=depth)}
    every = [section.id for section in form.sections]
    if current not in every:
        raise KeyError(current)
    rest = every[every.index(current) + 1 :] if step > 0 else every[: every.index(current)][::-1]
    return next((section for section in rest if section in shown), None)


def _holds(form: Form, answers: ReportAnswers, conditions: tuple[Condition, ...]) -> bool:
    return not conditions or any(_holds_one(form, answers, each) for each in conditions)


def _holds_one(form: Form, answers: ReportAnswers, condition: Condition) -> bool:
    """A question that is not shown fulfils nothing, whatever was answered there before."""
    answer = answers.get(condition.field)
    if not isinstance(answer, Chosen):
        return False
    if not is_shown(form, answers, form.report_field(condition.field)):
        return False
    chosen = set(answer.codes)
    fits = not condition.any_of or bool(chosen & set(condition.any_of))
    return fits and not chosen & set(condition.none_of)


def _find_problem(field: ReportField, answers: ReportAnswers) -> Problem | None:
    answer = answers.get(field.id)
    if answer is None or answer == Special(SpecialValue.NOT_ASKED):
        return Problem(field.id, field.label, "Please answer this.") if field.required else None
    least = field.shape.min_chars
    if isinstance(answer, Words) and len(answer.text) < least:
        text = f"Please write at least {least} characters; it has {len(answer.text)}."
        return Problem(field.id, field.label, text)
    whole_id = field.shape.subset_of
    if whole_id is not None and isinstance(answer, Chosen):
        whole = answers.get(whole_id)
        if not isinstance(whole, Chosen) or not set(answer.codes) <= set(whole.codes):
            text = "Please choose one of those that you chose above."
            return Problem(field.id, field.label, text)
    return None


def _find_coding_problem(field: CodingField, answer: Answer | None) -> Problem | None:
    if answer is None or answer == Several(()):
        return Problem(field.id, field.label, "Please code this.") if field.required else None
    if field.type is FieldType.CHECKLIST and isinstance(answer, Chosen):
        left = set(field.shape.options) - set(answer.codes)
        return Problem(field.id, field.label, "Please tick every item.") if left else None
    return None

"""The way through the form: its sections, then the private notes, which never leave."""

from dataclasses import dataclass

from app.domain.form import PrivateField, ReportField, SectionId, Tier
from app.domain.navigation import (
    SectionState,
    next_section,
    previous_section,
    section_state,
    visible_sections,
)
from ui.wizard.writing import Writing

PRIVATE = SectionId("local")  # under this name the labels have the title of the private notes


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the list at the side. state: None for the private notes.

    is_optional: nothing of it belongs to the short way.
    """

    section: SectionId
    title: str
    state: SectionState | None
    is_optional: bool

    def word(self) -> str:
        """The state in words."""
        if self.state is None:
            return "Stays on this computer"
        if self.state is SectionState.NOT_STARTED and self.is_optional:
            return "Optional"
        return {
            SectionState.NOT_STARTED: "Not started",
            SectionState.IN_PROGRESS: "In progress",
            SectionState.COMPLETE: "Complete",
        }[self.state]


def first_section(writing: Writing) -> SectionId:
    """The gate."""
    return writing.form.sections[0].id


def list_steps(writing: Writing) -> tuple[Step, ...]:
    """All steps to which the answers lead; before the gate is passed, the gate alone counts."""
    steps = [
        Step(
            section.id,
            writing.labels.section(section.id),
            _state(writing, section.id),
            all(field.tier is not Tier.BASIC for field in section.fields),
        )
        for section in visible_sections(writing.form, writing.answers)
    ]
    return (*steps, Step(PRIVATE, writing.labels.section(PRIVATE), None, is_optional=True))


def fields_of(writing: Writing, section: SectionId) -> tuple[ReportField | PrivateField, ...]:
    """All fields of a step, shown or not."""
    if section == PRIVATE:
        return writing.form.private
    return writing.form.section(section).fields


def section_of(field: ReportField | PrivateField) -> SectionId:
    """The step that asks this."""
    return PRIVATE if isinstance(field, PrivateField) else field.section


def step_after(writing: Writing, current: SectionId) -> SectionId | None:
    """Where Next leads: along the short way, and to what was answered beyond it.

    None where the report is checked: after the last section and from the private notes.
    """
    if current == PRIVATE:
        return None
    return next_section(writing.form, writing.answers, current, depth=Tier.BASIC)


def step_before(writing: Writing, current: SectionId) -> SectionId | None:
    """Where Back leads; None at the gate."""
    if current == PRIVATE:
        return visible_sections(writing.form, writing.answers, depth=Tier.BASIC)[-1].id
    return previous_section(writing.form, writing.answers, current, depth=Tier.BASIC)


def resume_at(writing: Writing) -> SectionId:
    """Where a draft is taken up again: at the first section that is not complete."""
    sections = visible_sections(writing.form, writing.answers, depth=Tier.BASIC)
    left = (each.id for each in sections if _state(writing, each.id) is not SectionState.COMPLETE)
    return next(left, sections[-1].id)


def _state(writing: Writing, section: SectionId) -> SectionState:
    state = section_state(writing.form, writing.answers, section)
    if any(field.id in writing.faults for field in writing.form.section(section).fields):
        return SectionState.IN_PROGRESS
    return state

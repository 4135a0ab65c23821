"""Which missing and faulty answers are pointed out now: not before somebody wants to go on."""

from collections.abc import Iterable

from app.domain.form import FieldId, PrivateField, ReportField, SectionId
from ui.wizard.error_summary import Missing
from ui.wizard.steps import section_of
from ui.wizard.writing import Writing


class Pointer:
    """Remembers which sections somebody wanted to finish, and which fields they have left."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self._checked: frozenset[SectionId] = frozenset()
        self._left: set[FieldId] = set()

    def check(self, sections: Iterable[SectionId]) -> None:
        """From now on all that is missing in these sections is pointed out."""
        self._checked = frozenset(sections)

    def leave(self, field_id: FieldId) -> None:
        """From now on a fault in this field is pointed out."""
        self._left.add(field_id)

    def errors(self) -> dict[FieldId, str]:
        """The sentence for each question that needs somebody, in the order of the form."""
        faults = self._writing.faults
        return {
            each.field: each.text
            for each in self._writing.problems()
            if self.section_of(each.field) in self._checked
            or (each.field in faults and (each.field in self._left or self._checked))
        }

    def missing(self) -> list[Missing]:
        """The same as lines of the summary; empty before somebody wanted to go on."""
        if not self._checked:
            return []
        labels = self._writing.labels
        return [
            Missing(field, labels.section(self.section_of(field)), labels.field(field))
            for field in self.errors()
        ]

    def section_of(self, field_id: FieldId) -> SectionId:
        """The step that asks this. Raises KeyError for a field that is not the reporter's."""
        field = self._writing.form.field(field_id)
        if not isinstance(field, ReportField | PrivateField):
            raise KeyError(field_id)
        return section_of(field)

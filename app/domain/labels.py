"""The words of the form in one language. Codes are stored, labels only shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.form import Code, FieldId, SectionId, SpecialValue, StopKey


@dataclass(frozen=True, slots=True)
class StopText:
    """Why the form ends here, that nothing is kept, and whom to ask."""

    title: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels, looked up by stable ids. Every method raises KeyError for an unknown id.

    options: for each field the labels of its codes, the coarse ones included.
    """

    language: str
    title: str
    fields: Mapping[FieldId, str]
    helps: Mapping[FieldId, str]
    options: Mapping[FieldId, Mapping[Code, str]]
    sections: Mapping[SectionId, str]
    section_helps: Mapping[SectionId, str]
    specials: Mapping[SpecialValue, str]
    stops: Mapping[StopKey, StopText]

    def field(self, field_id: FieldId) -> str:
        """The question."""
        return self.fields[field_id]

    def help(self, field_id: FieldId) -> str:
        """One or two sentences below the question, or an empty text."""
        if field_id not in self.fields:
            raise KeyError(field_id)
        return self.helps.get(field_id, "")

    def option(self, field_id: FieldId, code: Code) -> str:
        """The label of an exact or a coarse code of the field."""
        return self.options[field_id][code]

    def section(self, section_id: SectionId) -> str:
        """The title of a section; "local" and "coding" have one too."""
        return self.sections[section_id]

    def section_help(self, section_id: SectionId) -> str:
        """A sentence below the title, or an empty text."""
        if section_id not in self.sections:
            raise KeyError(section_id)
        return self.section_helps.get(section_id, "")

    def special(self, value: SpecialValue) -> str:
        """How a special value is shown."""
        return self.specials[value]

    def stop(self, key: StopKey) -> StopText:
        """What is said when an answer ends the report."""
        return self.stops[key]

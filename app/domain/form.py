"""The report form as values: what is asked, in which order, and what becomes of each answer.

The form is data (resources/form); `app.domain.form_file` reads it. Three kinds of field are
three classes, so that a private note cannot be handed to code that takes report answers:
`ReportField` may leave this computer, `PrivateField` never does, `CodingField` is the analysts'.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

from app.domain.report import Kind

FieldId = NewType("FieldId", str)
SectionId = NewType("SectionId", str)
Code = NewType("Code", str)
StopKey = NewType("StopKey", str)


class SpecialValue(StrEnum):
    """Four ways of having no answer, which are never mixed up."""

    UNKNOWN = "unknown"  # the reporter does not know
    DECLINED = "declined"  # the reporter chose not to say
    NOT_ASKED = "not_asked"  # the question was not shown
    DEIDENTIFIED = "deidentified"  # removed by the analysts to protect the reporter


class FieldType(StrEnum):
    """What an answer looks like.

    CHOICE one code, MULTI some codes, CHECKLIST codes that all have to be ticked in the end,
    TEXT one line, LONGTEXT paragraphs, TEXTS some single lines, YEAR and NUMBER whole numbers,
    MONTH "2026-03", DATE_TIME "2026-03-09 14:30" (local time, no zone).
    """

    CHOICE = "choice"
    MULTI = "multi"
    CHECKLIST = "checklist"
    TEXT = "text"
    LONGTEXT = "longtext"
    TEXTS = "texts"
    YEAR = "year"
    NUMBER = "number"
    MONTH = "month"
    DATE_TIME = "date_time"


CODED_TYPES = frozenset({FieldType.CHOICE, FieldType.MULTI, FieldType.CHECKLIST})
TEXT_TYPES = frozenset({FieldType.TEXT, FieldType.LONGTEXT})


class Tier(StrEnum):
    """How deep a reporter has to go to meet a question. Every required one is BASIC."""

    BASIC = "basic"
    STANDARD = "standard"
    OPTIONAL = "optional"

    def reaches(self, other: "Tier") -> bool:
        """Whether somebody who goes this deep meets questions of the other tier."""
        order = list(Tier)
        return order.index(other) <= order.index(self)


class Leaves(StrEnum):
    """How an answer leaves this computer. There is no "never": that is `PrivateField`."""

    AS_IS = "as_is"
    GENERALISED = "generalised"
    SCRUBBED = "scrubbed"


class Publish(StrEnum):
    """Whether an answer may stand in a published record."""

    YES = "yes"
    AFTER_REVIEW = "after_review"  # an analyst reads it first
    AFTER_K = "after_k"  # only where enough reports share it
    AGGREGATE_ONLY = "aggregate_only"  # only in counts over many reports
    NO = "no"


class Privacy(StrEnum):
    """What an answer could tell about the reporter."""

    DIRECT = "direct"
    QUASI = "quasi"
    SENSITIVE = "sensitive"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds if the field is answered with codes, one of `any_of` and none of `none_of`.

    An empty `any_of` asks for nothing. A special value or no answer never fulfils it.
    """

    field: FieldId
    any_of: tuple[Code, ...] = ()
    none_of: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of making answers coarser: codes that roll up, all others stay as they are."""

    name: str
    roll_up: Mapping[Code, Code]

    def apply(self, code: Code) -> Code:
        """The coarse code. Applying it twice changes nothing more."""
        return self.roll_up.get(code, code)


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer may be. Lengths count code points; None means no limit of its own.

    alone: codes that cannot be chosen together with others ("None").
    subset_of: the field whose answer must contain this one's.
    """

    options: tuple[Code, ...] = ()
    alone: tuple[Code, ...] = ()
    subset_of: FieldId | None = None
    max_choices: int | None = None
    min_chars: int = 0
    max_chars: int | None = None
    max_items: int | None = None
    min_value: int | None = None


@dataclass(frozen=True, slots=True)
class ReportField:
    """A question whose answer may leave this computer, in the way that `leaves` says.

    specials: the special values that a reporter is offered here.
    show_if: it is asked if one of these holds; if there are none, always.
    stops: answers that end the report, with the key of the sentence to show.
    """

    id: FieldId
    label: str
    type: FieldType
    required: bool
    shape: Shape
    section: SectionId
    tier: Tier
    specials: tuple[SpecialValue, ...]
    privacy: Privacy
    leaves: Leaves
    publish: Publish
    rule: Rule | None
    show_if: tuple[Condition, ...]
    stops: Mapping[Code, StopKey]

    @property
    def coarse_options(self) -> tuple[Code, ...]:
        """The codes that can leave, in the order of the options they come from."""
        return tuple(dict.fromkeys(self.coarsen(code) for code in self.shape.options))

    def coarsen(self, code: Code) -> Code:
        """What becomes of a code before it leaves."""
        return self.rule.apply(code) if self.rule else code


@dataclass(frozen=True, slots=True)
class PrivateField:
    """A memory aid that never leaves this computer.

    watch_as: what its words are when they turn up in a text; None if they identify nothing.
    """

    id: FieldId
    label: str
    type: FieldType
    required: bool
    shape: Shape
    watch_as: Kind | None


@dataclass(frozen=True, slots=True)
class CodingField:
    """A question to the analysts. `by_program`: the program fills it, not a person."""

    id: FieldId
    label: str
    type: FieldType
    required: bool
    shape: Shape
    publish: Publish
    by_program: bool


# For code that only reads or checks an answer, of whichever kind.
Field: TypeAlias = ReportField | PrivateField | CodingField


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that are shown together, if one of `show_if` holds or there are none."""

    id: SectionId
    fields: tuple[ReportField, ...]
    show_if: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the form."""

    id: str
    version: int
    sections: tuple[Section, ...]
    private: tuple[PrivateField, ...]
    coding: tuple[CodingField, ...]
    by_id: Mapping[FieldId, Field]

    def report_fields(self) -> Iterator[ReportField]:
        """All questions to the reporter, in the order of the form."""
        for section in self.sections:
            yield from section.fields

    def field(self, field_id: FieldId) -> Field:
        """The field of that name. Raises KeyError if the form has none."""
        return self.by_id[field_id]

    def report_field(self, field_id: FieldId) -> ReportField:
        """The reporter's field of that name. Raises KeyError if it is none of theirs."""
        field = self.by_id[field_id]
        if not isinstance(field, ReportField):
            raise KeyError(field_id)
        return field

    def section(self, section_id: SectionId) -> Section:
        """The section of that name. Raises KeyError if the form has none."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)


def publishable(form: Form, field: FieldId | ReportField | CodingField) -> bool:
    """Whether the answer may stand in a published record.

    `after_k` is False until records are checked for how many share them. A private field, or
    one that the form does not have, is never publishable.
    """
    found = form.by_id.get(field) if isinstance(field, str) else field
    if not isinstance(found, ReportField | CodingField):
        return False
    return found.publish in {Publish.YES, Publish.AFTER_REVIEW}

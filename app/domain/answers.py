"""Four collections of answers that cannot be taken for one another.

`ReportAnswers` may leave this computer, scrubbed and generalised; `CoarseAnswers` are what
is then left of the codes; `PrivateNotes` never leave; `CodingAnswers` are the analysts'. Each
checks at its making that every field is of its own kind, so that mixing them fails in the type
checker and, if a field was smuggled past it, at run time.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Self

from app.domain.answer_check import find_fault, refuse
from app.domain.answer_values import Answer, Chosen, Number, Several, Special, Words
from app.domain.form import Field, FieldId, Form, Leaves, ReportField
from app.errors import InputError

__all__ = [
    "Answer",
    "Chosen",
    "CoarseAnswers",
    "CodingAnswers",
    "Number",
    "PrivateNotes",
    "ReportAnswers",
    "Several",
    "Special",
    "Words",
]

_NONE: Mapping[FieldId, Answer] = MappingProxyType({})


class _Answers(Mapping[FieldId, Answer]):
    """Answers by field, in the order of the form; never changed once made.

    Raises InputError if a field is not of this collection's kind, or an answer does not fit.
    """

    __slots__ = ("_answers",)

    def __init__(self, form: Form, answers: Mapping[FieldId, Answer] = _NONE) -> None:
        found: dict[FieldId, Answer] = {}
        for field in self.fields_of(form):
            if field.id in answers:
                fault = self._find_fault(field, answers[field.id])
                if fault is not None:
                    raise refuse(field, fault)
                found[field.id] = answers[field.id]
        strange = [field_id for field_id in answers if field_id not in found]
        if strange:
            raise InputError(
                f"{type(self).__name__} cannot hold the field {strange[0]}.",
                "Private notes, report answers and coding are kept apart.",
            )
        self._answers: Mapping[FieldId, Answer] = MappingProxyType(found)

    @staticmethod
    @abstractmethod
    def fields_of(form: Form) -> Iterable[Field]:
        """The fields that this collection can hold."""

    def changed(self, form: Form, changes: Mapping[FieldId, Answer | None]) -> Self:
        """A copy with other answers; None takes an answer out."""
        answers: dict[FieldId, Answer] = dict(self._answers)
        for field_id, answer in changes.items():
            if answer is None:
                answers.pop(field_id, None)
            else:
                answers[field_id] = answer
        return type(self)(form, answers)

    def _find_fault(self, field: Field, answer: Answer) -> str | None:
        return find_fault(field, answer)

    def __getitem__(self, field_id: FieldId) -> Answer:
        return self._answers[field_id]

    def __iter__(self) -> Iterator[FieldId]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash((type(self), tuple(self._answers.items())))

    def __repr__(self) -> str:
        """Names the fields only: an answer must not reach a log through an exception."""
        return f"{type(self).__name__}({', '.join(self._answers)})"


class ReportAnswers(_Answers):
    """The reporter's exact answers, texts included."""

    __slots__ = ()

    @staticmethod
    def fields_of(form: Form) -> Iterable[Field]:
        return form.report_fields()


class PrivateNotes(_Answers):
    """Memory aids, which never leave this computer."""

    __slots__ = ()

    @staticmethod
    def fields_of(form: Form) -> Iterable[Field]:
        return form.private


class CodingAnswers(_Answers):
    """What the analysts add to a report."""

    __slots__ = ()

    @staticmethod
    def fields_of(form: Form) -> Iterable[Field]:
        return form.coding


class CoarseAnswers(_Answers):
    """What leaves of a reporter's answers besides the scrubbed texts: coarse codes, the year,
    and special values (of texts too). Made by `sync.generalise`, and read again at the desk.
    """

    __slots__ = ()

    @staticmethod
    def fields_of(form: Form) -> Iterable[Field]:
        return form.report_fields()

    def _find_fault(self, field: Field, answer: Answer) -> str | None:
        if not isinstance(field, ReportField) or isinstance(answer, Special):
            return find_fault(field, answer)
        if field.leaves is Leaves.SCRUBBED:
            return "a text is not a coarse answer"
        if isinstance(answer, Chosen) and field.rule is not None:
            if len(answer.codes) == 1 and answer.codes[0] in field.coarse_options:
                return None
            return "it is not a coarse answer"
        return find_fault(field, answer)

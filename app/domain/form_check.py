"""What must hold for every version of the form, whatever it asks."""

import re

from app.domain.form import (
    CODED_TYPES,
    TEXT_TYPES,
    Code,
    Condition,
    Field,
    FieldId,
    FieldType,
    Form,
    Leaves,
    ReportField,
    SpecialValue,
    Tier,
)

_FIELD_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}")


class FormFileError(ValueError):
    """The packaged form contradicts itself. The text names the field and the fault."""


def expect(holds: bool, fault: str) -> None:
    """Raises FormFileError with the fault unless it holds."""
    if not holds:
        raise FormFileError(fault)


def check_form(form: Form) -> None:
    """Raises FormFileError for the first fault found."""
    expect(form.version > 0, "versions count from 1")
    _check_conditions(form)
    for each in form.by_id.values():
        _check_shape(each)
        _check_subset(form, each)
    for field in form.report_fields():
        _check_report_field(field)


def _check_shape(field: Field) -> None:
    shape = field.shape
    what = f"{field.id}:"
    expect(_FIELD_ID.fullmatch(field.id) is not None, f"{what} not a field id")
    expect(len(set(shape.options)) == len(shape.options), f"{what} an option occurs twice")
    for code in shape.options:
        expect(_CODE.fullmatch(code) is not None, f"{what} {code!r} is not a code")
        expect(
            str(code) not in set(SpecialValue), f"{what} {code} is a special value, not an option"
        )
    expect((field.type in CODED_TYPES) == bool(shape.options), f"{what} choices have options")
    expect(set(shape.alone) <= set(shape.options), f"{what} `alone` names no option")
    has_limit = shape.max_chars is not None
    takes_text = field.type in TEXT_TYPES or field.type is FieldType.TEXTS
    expect(has_limit == takes_text, f"{what} texts, and only texts, have max_chars")
    expect(
        (field.type is FieldType.TEXTS) == (shape.max_items is not None),
        f"{what} lists of texts, and only they, have max_items",
    )
    many = field.type in {FieldType.MULTI, FieldType.CHECKLIST}
    expect(many or not (shape.alone or shape.max_choices), f"{what} only one can be chosen")


def _check_subset(form: Form, field: Field) -> None:
    if field.shape.subset_of is None:
        return
    whole = form.by_id.get(field.shape.subset_of)
    if whole is None or type(whole) is not type(field):
        raise FormFileError(f"{field.id}: subset_of names no field of its kind")
    expect(set(field.shape.options) <= set(whole.shape.options), f"{field.id}: not a subset")


def _check_report_field(field: ReportField) -> None:
    what = f"{field.id}:"
    offered = {SpecialValue.UNKNOWN, SpecialValue.DECLINED}
    expect(set(field.specials) <= offered, f"{what} a person is offered unknown and declined only")
    expect(not field.required or field.tier is Tier.BASIC, f"{what} required but not basic")
    expect(
        (field.leaves is Leaves.SCRUBBED) == (field.type in TEXT_TYPES),
        f"{what} free text, and only that, leaves scrubbed",
    )
    expect(
        (field.leaves is Leaves.GENERALISED) == (field.rule is not None),
        f"{what} a rule belongs to what leaves generalised",
    )
    left = {FieldType.CHOICE, FieldType.MULTI, FieldType.TEXT, FieldType.LONGTEXT, FieldType.YEAR}
    expect(field.type in left, f"{what} a {field.type} cannot leave")
    expect(set(field.stops) <= set(field.shape.options), f"{what} `stops` names no option")
    if field.rule is not None:
        expect(field.type is FieldType.CHOICE, f"{what} only a choice is generalised by a rule")
        options = set(field.shape.options)
        roll_up = field.rule.roll_up
        expect(set(roll_up) <= options, f"{what} its rule rolls up what is no option")
        expect(not set(roll_up.values()) & set(roll_up), f"{what} its rule does not come to rest")
        expect(not set(roll_up.values()) & options, f"{what} a coarse code is also an exact one")


def _check_conditions(form: Form) -> None:
    """A question depends only on earlier ones, so that the form can be walked in order."""
    earlier: dict[FieldId, tuple[Code, ...]] = {}
    for section in form.sections:
        expect(bool(section.fields), f"section {section.id} is empty")
        _check_known(section.show_if, earlier, section.id)
        for field in section.fields:
            _check_known(field.show_if, earlier, field.id)
            earlier[field.id] = field.shape.options


def _check_known(
    conditions: tuple[Condition, ...], earlier: dict[FieldId, tuple[Code, ...]], what: str
) -> None:
    for condition in conditions:
        expect(condition.field in earlier, f"{what} depends on {condition.field}, not yet asked")
        codes = {*condition.any_of, *condition.none_of}
        expect(bool(codes), f"{what}: an empty condition")
        expect(codes <= set(earlier[condition.field]), f"{what}: a condition names no option")

"""Reads the labels of one language and holds them against the form: none missing, none left."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from app.domain.form import (
    Code,
    Field,
    FieldId,
    Form,
    ReportField,
    SectionId,
    SpecialValue,
    StopKey,
)
from app.domain.form_check import expect
from app.domain.labels import Labels, StopText

_Key = TypeVar("_Key", bound=str)
_PRIVATE_AND_CODING = (SectionId("local"), SectionId("coding"))


def read_labels(words: Mapping[str, Any], form: Form, list_of: Mapping[FieldId, str]) -> Labels:
    """The labels of all fields, options, sections, special values and stops.

    words: a labels file as JSON gives it. list_of: the list that a field's options come from.
    Raises FormFileError if anything has no label, or a label belongs to nothing.
    """
    expect(words["form"] == form.id, "the labels belong to another form")
    expect(words["version"] == form.version, "the labels belong to another version of the form")
    sections = {SectionId(name): each for name, each in words["sections"].items()}
    expected = {*(section.id for section in form.sections), *_PRIVATE_AND_CODING}
    _expect_same(set(sections), expected, "sections")
    _expect_same(set(words["fields"]), set(form.by_id), "fields")
    _expect_same(set(words["specials"]), set(SpecialValue), "special values")
    stops = {key for field in form.report_fields() for key in field.stops.values()}
    _expect_same(set(words["stops"]), stops, "stops")
    _expect_same(set(words["lists"]), set(list_of.values()), "lists")
    rules = {field.rule.name for field in form.report_fields() if field.rule}
    _expect_same(set(words["rules"]), rules, "rules")
    fields = {FieldId(name): each for name, each in words["fields"].items()}
    return Labels(
        language=words["language"],
        title=words["title"],
        fields=MappingProxyType({name: each["label"] for name, each in fields.items()}),
        helps=_helps(fields),
        options=MappingProxyType(
            {
                name: _option_labels(field, words, list_of)
                for name, field in form.by_id.items()
                if field.shape.options
            }
        ),
        sections=MappingProxyType({name: each["title"] for name, each in sections.items()}),
        section_helps=_helps(sections),
        specials=MappingProxyType(
            {SpecialValue(name): label for name, label in words["specials"].items()}
        ),
        stops=MappingProxyType(
            {StopKey(key): StopText(**text) for key, text in words["stops"].items()}
        ),
    )


def _option_labels(
    field: Field,
    words: Mapping[str, Any],
    list_of: Mapping[FieldId, str],
) -> Mapping[Code, str]:
    if field.id in list_of:
        raw = words["lists"][list_of[field.id]]
    else:
        raw = words["fields"][field.id].get("options", {})
    _expect_same(set(raw), set(field.shape.options), f"options of {field.id}")
    labels = {code: raw[code] for code in field.shape.options}
    if isinstance(field, ReportField) and field.rule is not None:
        coarse = words["rules"][field.rule.name]
        new = set(field.coarse_options) - set(field.shape.options)
        _expect_same(set(coarse), {str(code) for code in new}, f"coarse options of {field.id}")
        labels |= {code: coarse[code] for code in field.coarse_options if code in new}
    expect(len(set(labels.values())) == len(labels), f"{field.id}: two options have one label")
    return MappingProxyType(labels)


def _helps(raw: Mapping[_Key, Any]) -> Mapping[_Key, str]:
    return MappingProxyType({name: each["help"] for name, each in raw.items() if "help" in each})


def _expect_same(found: set[Any], expected: set[Any], what: str) -> None:
    expect(found == expected, f"labels of {what} do not fit: {sorted(found ^ expected)}")

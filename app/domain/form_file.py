"""Reads the form's files and refuses one that contradicts itself.

The files are part of the program, so a fault in them is a defect, not somebody's mistake: it
raises FormFileError, which is not a `UserError`. Every key is known; an unknown one is a fault.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.domain.form import (
    Code,
    CodingField,
    Condition,
    Field,
    FieldId,
    FieldType,
    Form,
    Leaves,
    Privacy,
    PrivateField,
    Publish,
    ReportField,
    Rule,
    Section,
    SectionId,
    Shape,
    SpecialValue,
    StopKey,
    Tier,
)
from app.domain.form_check import FormFileError, check_form, expect
from app.domain.form_labels import read_labels
from app.domain.labels import Labels
from app.domain.report import Kind

_SHAPE_KEYS = {
    *("options", "alone", "subset_of", "max_choices"),
    *("min_chars", "max_chars", "max_items", "min_value"),
}
_COMMON_KEYS = {"id", "type", "required", "source"} | _SHAPE_KEYS
_REPORT_KEYS = {
    *("tier", "specials", "privacy", "leaves", "publish", "rule", "show_if", "stops"),
    *_COMMON_KEYS,
}
_PRIVATE_KEYS = {"leaves", "watch_as", *_COMMON_KEYS}
_CODING_KEYS = {"publish", "by_program", *_COMMON_KEYS}

# What json gives; a value of another type than expected fails at the next step.
_Json = dict[str, Any]


def load_form(structure: bytes, lists: Mapping[str, bytes], labels: bytes) -> tuple[Form, Labels]:
    """The form and its labels, from UTF-8 JSON.

    structure: form/report.json. lists: name of a code list → its file. labels: one language.
    Raises FormFileError if a file is not JSON, has an unknown key, names a code, list, rule or
    field that does not exist, or if a label is missing or left over.
    """
    words = _parse(labels, "the labels")
    reader = _FieldReader(
        lists={name: _read_list(name, content) for name, content in lists.items()},
        labels={name: each["label"] for name, each in words["fields"].items()},
    )
    form = _read_form(_parse(structure, "the form"), reader)
    check_form(form)
    unused = set(lists) - set(reader.list_of.values())
    expect(not unused, f"lists that no field uses: {sorted(unused)}")
    return form, read_labels(words, form, reader.list_of)


def _read_form(raw: _Json, reader: "_FieldReader") -> Form:
    _expect_keys(raw, {"id", "version", "note", "rules", "sections", "private", "coding"}, "form")
    reader.rules = {name: _read_rule(name, each) for name, each in raw["rules"].items()}
    sections = tuple(_read_section(each, reader) for each in raw["sections"])
    private = tuple(reader.read_private(each) for each in raw["private"]["fields"])
    coding = tuple(reader.read_coding(each) for each in raw["coding"]["fields"])
    reported = [field for section in sections for field in section.fields]
    everything: list[Field] = [*reported, *private, *coding]
    by_id = {field.id: field for field in everything}
    expect(len(by_id) == len(everything), "a field id occurs twice")
    return Form(
        id=raw["id"],
        version=raw["version"],
        sections=sections,
        private=private,
        coding=coding,
        by_id=MappingProxyType(by_id),
    )


class _FieldReader:
    """Turns the raw fields into fields, with the lists, labels and rules they refer to."""

    def __init__(self, lists: Mapping[str, tuple[Code, ...]], labels: Mapping[str, str]) -> None:
        self._lists = lists
        self._labels = labels
        self.rules: Mapping[str, Rule] = {}
        self.list_of: dict[FieldId, str] = {}

    def read_report(self, raw: _Json, section: SectionId) -> ReportField:
        _expect_keys(raw, _REPORT_KEYS, str(raw.get("id")))
        rule = raw.get("rule")
        expect(rule is None or rule in self.rules, f"{raw['id']}: no rule {rule}")
        return ReportField(
            id=FieldId(raw["id"]),
            label=self._label(raw),
            type=FieldType(raw["type"]),
            required=raw["required"],
            shape=self._shape(raw),
            section=section,
            tier=Tier(raw["tier"]),
            specials=tuple(SpecialValue(each) for each in raw["specials"]),
            privacy=Privacy(raw["privacy"]),
            leaves=Leaves(raw["leaves"]),
            publish=Publish(raw["publish"]),
            rule=self.rules[rule] if rule else None,
            show_if=_read_conditions(raw),
            stops=MappingProxyType(
                {Code(code): StopKey(key) for code, key in raw.get("stops", {}).items()}
            ),
        )

    def read_private(self, raw: _Json) -> PrivateField:
        _expect_keys(raw, _PRIVATE_KEYS, str(raw.get("id")))
        expect(raw["leaves"] == "never", f"{raw['id']}: a private field never leaves")
        return PrivateField(
            id=FieldId(raw["id"]),
            label=self._label(raw),
            type=FieldType(raw["type"]),
            required=raw["required"],
            shape=self._shape(raw),
            watch_as=Kind(raw["watch_as"]) if "watch_as" in raw else None,
        )

    def read_coding(self, raw: _Json) -> CodingField:
        _expect_keys(raw, _CODING_KEYS, str(raw.get("id")))
        return CodingField(
            id=FieldId(raw["id"]),
            label=self._label(raw),
            type=FieldType(raw["type"]),
            required=raw["required"],
            shape=self._shape(raw),
            publish=Publish(raw["publish"]),
            by_program=raw.get("by_program", False),
        )

    def _label(self, raw: _Json) -> str:
        expect(raw["id"] in self._labels, f"{raw['id']} has no label")
        return self._labels[raw["id"]]

    def _shape(self, raw: _Json) -> Shape:
        options = raw.get("options", [])
        if isinstance(options, str):
            expect(options in self._lists, f"{raw['id']}: no list {options}")
            self.list_of[FieldId(raw["id"])] = options
            options = self._lists[options]
        return Shape(
            options=tuple(Code(code) for code in options),
            alone=tuple(Code(code) for code in raw.get("alone", ())),
            subset_of=FieldId(raw["subset_of"]) if "subset_of" in raw else None,
            max_choices=raw.get("max_choices"),
            min_chars=raw.get("min_chars", 0),
            max_chars=raw.get("max_chars"),
            max_items=raw.get("max_items"),
            min_value=raw.get("min_value"),
        )


def _read_section(raw: _Json, reader: _FieldReader) -> Section:
    _expect_keys(raw, {"id", "fields", "show_if"}, str(raw.get("id")))
    section = SectionId(raw["id"])
    return Section(
        id=section,
        fields=tuple(reader.read_report(each, section) for each in raw["fields"]),
        show_if=_read_conditions(raw),
    )


def _read_conditions(raw: _Json) -> tuple[Condition, ...]:
    conditions = []
    for each in raw.get("show_if", ()):
        _expect_keys(each, {"field", "any_of", "none_of"}, f"show_if of {raw['id']}")
        conditions.append(
            Condition(
                field=FieldId(each["field"]),
                any_of=tuple(Code(code) for code in each.get("any_of", ())),
                none_of=tuple(Code(code) for code in each.get("none_of", ())),
            )
        )
    return tuple(conditions)


def _read_rule(name: str, raw: _Json) -> Rule:
    _expect_keys(raw, {"source", "roll_up"}, f"the rule {name}")
    roll_up = {Code(exact): Code(coarse) for exact, coarse in raw["roll_up"].items()}
    return Rule(name, MappingProxyType(roll_up))


def _read_list(name: str, content: bytes) -> tuple[Code, ...]:
    raw = _parse(content, f"the list {name}")
    _expect_keys(raw, {"id", "source", "note", "codes"}, f"the list {name}")
    expect(raw["id"] == name, f"the list {name} calls itself {raw['id']}")
    return tuple(Code(code) for code in raw["codes"])


def _expect_keys(raw: _Json, known: set[str], what: str) -> None:
    expect(set(raw) <= known, f"{what} has unknown keys: {sorted(set(raw) - known)}")


def _parse(content: bytes, what: str) -> _Json:
    try:
        value = json.loads(content)
    except ValueError as fault:
        raise FormFileError(f"{what} is not JSON") from fault
    expect(isinstance(value, dict), f"{what} is not a JSON object")
    found: _Json = value
    return found

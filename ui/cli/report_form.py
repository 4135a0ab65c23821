"""nearmiss report form [FIELD]: the questions, and what each accepts, codes with their meaning."""

import argparse

from app.domain.answer_check import describe_accepted
from app.domain.form import CodingField, FieldId, Form, PrivateField, ReportField
from app.domain.labels import Labels
from app.errors import InputError
from ui.cli.parts import print_json, read_form


def show_form(args: argparse.Namespace) -> int:
    """List all questions, or the answers that one of them accepts. Returns the exit code."""
    form, labels = read_form()
    if args.field is None:
        _list_questions(form, labels, as_json=args.json)
        return 0
    field = form.by_id.get(FieldId(args.field))
    if field is None:
        raise InputError(
            f'The form has no field "{args.field}".', hint="List them: nearmiss report form"
        )
    _show_question(labels, field, as_json=args.json)
    return 0


def _list_questions(form: Form, labels: Labels, *, as_json: bool) -> None:
    for section in form.sections:
        if not as_json:
            print(f"{labels.section(section.id)}")
        for field in section.fields:
            if as_json:
                print_json({"field": field.id, "label": field.label, "required": field.required})
            else:
                mark = "*" if field.required else " "
                print(f"  {mark} {field.id:<20} {field.label}")
    if not as_json:
        print("Private notes, which never leave")
        for note in form.private:
            print(f"    {note.id:<20} {note.label}")
        print("* has to be answered, if it is asked. Answers: nearmiss report form FIELD")


def _show_question(
    labels: Labels, field: ReportField | PrivateField | CodingField, *, as_json: bool
) -> None:
    options = {code: labels.option(field.id, code) for code in field.shape.options}
    specials = list(field.specials) if isinstance(field, ReportField) else []
    if as_json:
        found = {"field": field.id, "label": field.label, "options": options}
        print_json({**found, "specials": [each.value for each in specials]})
        return
    print(field.label)
    if not options:
        print(f"It accepts {describe_accepted(field)}.")
        return
    for code, label in options.items():
        print(f'  "{code}"  {label}')
    for each in specials:
        print(f'  {{"special": "{each.value}"}}  {labels.special(each)}')
    if field.type.value != "choice":
        print('Several are written as a list: ["...", "..."]')

"""nearmiss connect FILE; nearmiss archive update | import | search | show."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from app.domain.answer_reading import answer_from_json, describe_answer
from app.domain.archive import ArchiveNumber, CodeValue, Record
from app.domain.form import CodingField, Field, FieldId, Form, ReportField, SpecialValue
from app.domain.labels import Labels
from app.errors import InputError
from app.progress import Silent
from app.use_cases.read_archive import read_record, search_archive
from sync.archive_update import import_archive, open_archive, update_archive
from sync.connect import connect, open_connection, show_fingerprint
from sync.feed import Update
from ui.cli.parts import (
    Commands,
    add_json_option,
    find_home,
    print_json,
    read_file,
    read_form,
    read_words,
    show_plainly,
)

_FOUND_START, _FOUND_END = "\x02", "\x03"
_DEFAULT_LIMIT = 20
_NOT_ASKED = {"special": SpecialValue.NOT_ASKED.value}


def add_parser(commands: Commands) -> None:
    """Register the commands."""
    trust = commands.add_parser("connect", help="trust one service, by its connection file")
    trust.add_argument("file", metavar="FILE")
    trust.add_argument(
        "--replace",
        action="store_true",
        help="trust another one than before; compare the words first",
    )
    trust.set_defaults(run=_connect)
    parser = commands.add_parser("archive", help="fetch, search and read published reports")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    actions.add_parser("update", help="fetch what is new").set_defaults(run=_update)
    stick = actions.add_parser("import", help="the same from a folder or stick")
    stick.add_argument("folder", metavar="DIR")
    stick.add_argument("--accept-expired", action="store_true", help="import it although it is old")
    stick.set_defaults(run=_import)
    search = actions.add_parser("search", help="find reports by words and codes")
    search.add_argument("query", metavar="QUERY", help='words; "" for the newest reports')
    search.add_argument(
        "--where",
        metavar="FIELD=CODE",
        action="append",
        default=[],
        help="only with this code; FIELD=special:unknown for a special value",
    )
    search.add_argument("--shelf", metavar="NAME")
    search.add_argument("--limit", metavar="N", type=_count, default=_DEFAULT_LIMIT)
    search.set_defaults(run=_search)
    show = actions.add_parser("show", help="read one report")
    show.add_argument("number", metavar="NUMBER", type=_count)
    show.set_defaults(run=_show)
    for action in actions.choices.values():
        add_json_option(action)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:20]) < 2**53:
        raise argparse.ArgumentTypeError("it has to be a number above 0")
    return int(text)


def _connect(args: argparse.Namespace) -> int:
    words = read_words()
    pinned = connect(find_home(), read_file(args.file), words, consent=args.replace)
    print(f"Connected to {pinned.name}.")
    print(f"Its words are: {show_fingerprint(pinned, words)}")
    print("Compare them with the words that the research team publishes.")
    return 0


def _update(args: argparse.Namespace) -> int:
    home = find_home()
    found = update_archive(home, open_connection(home), datetime.now(UTC), Silent())
    return _report_update(args, found)


def _import(args: argparse.Namespace) -> int:
    home = find_home()
    folder = Path(args.folder)
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", hint="Check the name of the stick.")
    found = import_archive(
        home,
        open_connection(home),
        folder,
        datetime.now(UTC),
        Silent(),
        allow_expired=args.accept_expired,
    )
    return _report_update(args, found)


def _report_update(args: argparse.Namespace, found: Update) -> int:
    if args.json:
        print_json(
            {
                "state": found.state.value,
                "sequence": found.sequence,
                "signed_on": found.signed_on,
                "operations": found.operations,
            }
        )
    else:
        print(found.sentence())
    return 0


def _search(args: argparse.Namespace) -> int:
    home = find_home()
    form, _labels = read_form()
    where = dict(_read_condition(form, each) for each in args.where)
    with open_archive(home, open_connection(home)) as archive:
        hits = search_archive(archive, args.query, where, args.shelf, args.limit)
    for hit in hits:
        snippet = " ".join(hit.snippet.split())
        if args.json:
            print_json(
                {"number": hit.number, "shelf": hit.shelf, "title": hit.title, "snippet": snippet}
            )
        else:
            marked = snippet.replace(_FOUND_START, "*").replace(_FOUND_END, "*")
            title, found = show_plainly(hit.title), show_plainly(marked)
            print(f"{hit.number:>7}  {title}\n         {found}")
    if not hits and not args.json:
        print("Nothing was found. Try fewer or other words.")
    return 0


def _read_condition(form: Form, text: str) -> tuple[str, str]:
    field, _, code = text.partition("=")
    if FieldId(field) not in form.by_id:
        raise InputError(
            f'The form has no field "{field}".', hint="Write --where FIELD=CODE, both as codes."
        )
    known = form.by_id[FieldId(field)]
    codes = {*known.shape.options}
    if isinstance(known, ReportField):
        codes |= {*known.coarse_options}
    is_special = code.removeprefix("special:") in set(SpecialValue) and code.startswith("special:")
    if codes and code not in codes and not is_special:
        raise InputError(
            f'{field} ("{known.label}") has no code "{show_plainly(code[:40])}".',
            hint=f"List them: nearmiss report form {field}",
        )
    return field, code


def _show(args: argparse.Namespace) -> int:
    home = find_home()
    form, labels = read_form()
    with open_archive(home, open_connection(home)) as archive:
        record = read_record(archive, ArchiveNumber(args.number))
    if args.json:
        print_json(
            {
                "number": record.number,
                "revision": record.revision,
                "shelf": record.shelf,
                "codes": dict(record.codes),
                "texts": dict(record.texts),
                "marks": list(record.marks),
            }
        )
    else:
        _print_record(form, labels, record)
    return 0


def _print_record(form: Form, labels: Labels, record: Record) -> None:
    print(show_plainly(record.texts.get("title", f"Report {record.number}")))
    marks = show_plainly("".join(f", {each}" for each in (record.shelf, *record.marks)))
    print(f"Report {record.number}, revision {record.revision}{marks}\n")
    for field_id, text in record.texts.items():
        if field_id == "title":
            continue
        known = FieldId(field_id) in form.by_id
        name = show_plainly(field_id.replace("_", " ").capitalize())
        print(labels.field(FieldId(field_id)) if known else name)
        print("\n".join(f"  {line}" for line in show_plainly(text).split("\n")) + "\n")
    fields: list[ReportField | CodingField] = [*form.report_fields(), *form.coding]
    for field in fields:
        value = record.codes.get(field.id)
        # What was not asked is most of a short report, and tells a reader nothing.
        if value is not None and value != _NOT_ASKED:
            print(f"{field.label}: {_describe_code(labels, field, value)}")


def _describe_code(labels: Labels, field: Field, value: CodeValue) -> str:
    """In words; as it stands if it comes from a version of the form that is not this one."""
    try:
        return show_plainly(describe_answer(labels, field, answer_from_json(field, value)))
    except (InputError, KeyError):
        return show_plainly(json.dumps(value))

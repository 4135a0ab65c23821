"""nearmiss report duplicate | discard | undo | discarded | export | import."""

import argparse
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from app.errors import InputError
from app.use_cases import carry_draft, keep_safe, write_report
from app.use_cases.write_report import DraftId, Drafts
from ui.cli.parts import find_home, print_json, read_file, read_form, show_plainly, write_file
from ui.cli.passphrase import (
    FILE_ENVIRONMENT,
    choose_file_passphrase,
    read_file_passphrase,
    read_passphrase,
)

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_draft_actions(actions: Actions) -> None:
    """Register the actions of `nearmiss report`."""
    for name, run, text in (
        ("duplicate", _duplicate, "make a new draft with the same answers"),
        ("discard", _discard, "throw a draft away; for 30 days it can be brought back"),
        ("undo", _undo, "bring a draft back that was thrown away"),
        ("export", _export, "write a draft into an encrypted file with a passphrase of its own"),
    ):
        action = actions.add_parser(name, help=text, description=f"{text.capitalize()}.")
        action.add_argument("id", metavar="ID", help="of the draft, as the list shows it")
        action.set_defaults(run=run)
    actions.choices["export"].add_argument("file", metavar="FILE")
    actions.choices[
        "export"
    ].epilog = f"The passphrase may be in the file named by {FILE_ENVIRONMENT}."
    listing = actions.add_parser("discarded", help="list the drafts that were thrown away")
    listing.set_defaults(run=_list)
    taking = actions.add_parser("import", help="take in a draft from an encrypted file")
    taking.add_argument("file", metavar="FILE")
    taking.set_defaults(run=_import)


def _duplicate(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    with _opened(args) as drafts:
        copied = write_report.duplicate(drafts, form, DraftId(args.id))
    return _tell(args, copied, f"Draft {copied} is in the vault.")


def _discard(args: argparse.Namespace) -> int:
    with _opened(args) as drafts:
        write_report.discard(drafts, DraftId(args.id))
    days = write_report.KEPT_FOR.days
    undo = f"Within {days} days it comes back with: nearmiss report undo {show_plainly(args.id)}"
    return _tell(args, args.id, f"Draft {show_plainly(args.id)} is thrown away. {undo}")


def _undo(args: argparse.Namespace) -> int:
    with _opened(args) as drafts:
        drafts.bring_back(DraftId(args.id))
    return _tell(args, args.id, f"Draft {show_plainly(args.id)} is among the reports again.")


def _list(args: argparse.Namespace) -> int:
    with _opened(args) as drafts:
        found = drafts.summaries(discarded=True)
    for each in found:
        gone_utc = each.changed_utc + write_report.KEPT_FOR
        if args.json:
            print_json({"id": each.draft_id, "title": each.title, "gone_utc": str(gone_utc)})
        else:
            print(f"{each.draft_id}  gone on {gone_utc:%Y-%m-%d}  {each.title}")
    if not found and not args.json:
        print("No draft was thrown away in the last 30 days.")
    return 0


def _export(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    path = Path(args.file)
    if path.exists():
        raise InputError(
            "There is a file of this name already.", "It was not changed.", "Choose another name."
        )
    with _opened(args) as drafts:
        passphrase = choose_file_passphrase()
        raw = carry_draft.export_draft(drafts, form, DraftId(args.id), passphrase)
    write_file(path, raw)
    return _tell(
        args, args.id, f"The draft is in {show_plainly(str(path))}, under that passphrase."
    )


def _import(args: argparse.Namespace) -> int:
    form, labels = read_form()
    raw = read_file(args.file)
    with _opened(args) as drafts:
        passphrase = read_file_passphrase()
        draft_id = carry_draft.import_draft(drafts, form, labels, raw, passphrase)
    return _tell(args, draft_id, f"Draft {draft_id} is in the vault.")


@contextlib.contextmanager
def _opened(args: argparse.Namespace) -> Iterator[Drafts]:
    with keep_safe.open_vault(find_home(), args.vault, read_passphrase()) as vault:
        drafts = Drafts(vault)
        write_report.empty_discarded(drafts, datetime.now(UTC))
        yield drafts


def _tell(args: argparse.Namespace, draft_id: str, text: str) -> int:
    if args.json:
        print_json({"id": draft_id})
    else:
        print(text)
    return 0

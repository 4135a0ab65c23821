"""nearmiss destroy: destroy a report here at once."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from app.use_cases import keep_safe
from app.use_cases.destroy import destroy_now
from app.use_cases.write_report import DraftId, Drafts, DraftState
from ui.cli.confirm import add_confirm_option, confirm
from ui.cli.parts import (
    Commands,
    add_json_option,
    add_vault_option,
    find_home,
    print_json,
    show_plainly,
)
from ui.cli.passphrase import read_passphrase


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "destroy",
        help="destroy a report here at once, also one that waits to be sent",
        description="Destroy a report here at once: its answers, notes, findings and words, also "
        "in the automatic backups. What was sealed of it leaves as planned.",
    )
    parser.add_argument("id", metavar="ID", help="of the draft, as `nearmiss report list` shows it")
    add_confirm_option(parser, "the ID once more")
    add_vault_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=_destroy)


def _destroy(args: argparse.Namespace) -> int:
    with keep_safe.open_vault(find_home(), args.vault, read_passphrase()) as vault:
        drafts, draft_id = Drafts(vault), DraftId(args.id)
        question = "Nobody can bring it back, and there is no undo."
        if drafts.summary(draft_id).state is not DraftState.WRITING:
            question = (
                "It is sealed and waits. If the service does not take it, nothing is left to be "
                "written again. Its seven words go too, unless this vault keeps them."
            )
        confirm(args.id, args.confirm, question)
        waits = destroy_now(drafts, draft_id)
        copies = [each.path for each in vault.copies.all()]
    if args.json:
        print_json({"id": args.id, "waits": waits, "copies": [str(each) for each in copies]})
        return 0
    print(f"Draft {args.id} is destroyed here, in the automatic backups too.")
    if waits:
        print("What was sealed of it still waits in the outbox and leaves as planned.")
    say_copies(copies)
    return 0


def say_copies(copies: Iterable[Path]) -> None:
    """Copies at chosen places, which are never deleted unasked."""
    for number, each in enumerate(copies):
        if not number:
            print("Copies of this vault that you made may still hold it; delete them yourself:")
        print(f"  {show_plainly(str(each))}")

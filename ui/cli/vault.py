"""nearmiss vault create | change-passphrase; the other actions are in modules of their own."""

import argparse
import sys

from app.look_around import look_around
from app.surroundings import SENTENCES, find_dangers
from app.use_cases import keep_safe
from ui.cli.parts import Commands, add_vault_option, find_home
from ui.cli.passphrase import choose_passphrase, read_new_passphrase, read_passphrase
from ui.cli.vault_copies import add_copy_actions
from ui.cli.vault_move import add_move_actions
from ui.cli.vault_trust import add_trust_actions


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("vault", help="make, check or lock anew an encrypted vault")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, run, text in (
        ("create", _create, "make a vault for one person"),
        ("change-passphrase", _change, "lock it with another passphrase"),
    ):
        action = actions.add_parser(name, help=text, description=text.capitalize() + ".")
        add_vault_option(action)
        action.set_defaults(run=run)
    add_copy_actions(actions)
    add_trust_actions(actions)
    add_move_actions(actions)


def _create(args: argparse.Namespace) -> int:
    home = find_home()
    home.vault_folder(args.vault)  # a name that cannot be used is said before asking
    for danger in find_dangers(look_around(home)):
        print("{0.title} {0.text}".format(SENTENCES[danger]), file=sys.stderr)
    keep_safe.create_vault(home, args.vault, choose_passphrase()).close()
    keep_safe.open_post(home, args.vault).close()
    print(f"The vault '{args.vault}' is made.")
    print("Nobody can open it without its passphrase; if it is lost, so are the drafts.")
    return 0


def _change(args: argparse.Namespace) -> int:
    home = find_home()
    old = read_passphrase("Present passphrase: ")
    keep_safe.open_vault(home, args.vault, old).close()
    keep_safe.change_passphrase(home, args.vault, old, read_new_passphrase())
    print("The passphrase is changed.")
    return 0

"""nearmiss vault create | check | change-passphrase."""

import argparse

from app.progress import Silent
from app.use_cases import keep_safe
from ui.cli.parts import Commands, add_vault_option, find_home
from ui.cli.passphrase import choose_passphrase, read_new_passphrase, read_passphrase


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("vault", help="make, check or lock anew an encrypted vault")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    for name, run, text in (
        ("create", _create, "make a vault for one person"),
        ("check", _check, "verify every page of it"),
        ("change-passphrase", _change, "lock it with another passphrase"),
    ):
        action = actions.add_parser(name, help=text, description=text.capitalize() + ".")
        add_vault_option(action)
        action.set_defaults(run=run)


def _create(args: argparse.Namespace) -> int:
    home = find_home()
    home.vault_folder(args.vault)  # a name that cannot be used is said before asking
    keep_safe.create_vault(home, args.vault, choose_passphrase()).close()
    keep_safe.open_post(home, args.vault).close()
    print(f"The vault '{args.vault}' is made.")
    print("Nobody can open it without its passphrase; if it is lost, so are the drafts.")
    return 0


def _check(args: argparse.Namespace) -> int:
    keep_safe.check_vault(find_home(), args.vault, read_passphrase(), Silent())
    print(f"The vault '{args.vault}' is whole.")
    return 0


def _change(args: argparse.Namespace) -> int:
    home = find_home()
    old = read_passphrase("Present passphrase: ")
    keep_safe.open_vault(home, args.vault, old).close()
    keep_safe.change_passphrase(home, args.vault, old, read_new_passphrase())
    print("The passphrase is changed.")
    return 0

"""nearmiss vault expect | move-out | move-in | moved: a vault goes to another computer."""

import argparse
from pathlib import Path

from app.domain.typed_code import CodeKind, read_code
from app.errors import InputError
from app.progress import Silent
from app.use_cases import keep_safe, move_vault
from ui.cli.confirm import add_confirm_option, confirm
from ui.cli.parts import add_vault_option, find_home
from ui.cli.passphrase import read_passphrase, read_written_code
from ui.cli.vault_trust import Actions


def add_move_actions(actions: Actions) -> None:
    """Register the actions of `nearmiss vault`."""
    expect = actions.add_parser("expect", help="on the new computer: draw a code for the move")
    expect.set_defaults(run=_expect)
    out = actions.add_parser("move-out", help="on the old computer: write the file for that code")
    out.add_argument("file", metavar="FILE", type=Path, help="a new file, such as on a stick")
    out.set_defaults(run=_move_out)
    inwards = actions.add_parser("move-in", help="on the new computer: open the file, once")
    inwards.add_argument("file", metavar="FILE", type=Path, help="what the old computer wrote")
    inwards.set_defaults(run=_move_in)
    moved = actions.add_parser("moved", help="what was laid aside here after a move")
    moved.add_argument("--use-again", metavar="NAME", help="the file was lost; without its tokens")
    moved.add_argument("--erase", metavar="NAME", help="it has arrived")
    add_confirm_option(moved, "the NAME once more")
    moved.set_defaults(run=_moved)
    for each in (out, inwards):
        add_vault_option(each)


def _expect(_args: argparse.Namespace) -> int:
    print(move_vault.expect_vault(find_home()))
    print("Type this code on the old computer: nearmiss vault move-out FILE")
    print("The file that it writes opens here only, and once.")
    return 0


def _move_out(args: argparse.Namespace) -> int:
    home = find_home()
    passphrase = read_passphrase()
    code = read_code(read_written_code("Code of the new computer: "), CodeKind.MOVE)
    with (
        keep_safe.open_post(home, args.vault) as post,
        keep_safe.open_vault(home, args.vault, passphrase) as vault,
    ):

        def close() -> None:
            post.close()
            vault.close()

        move_vault.send_off(
            home, vault, post, passphrase, code, args.file.absolute(), close, Silent()
        )
    print("The file is written and was read back. The vault here is laid aside, and its tokens are")
    print("in the file only. Once it has arrived: nearmiss vault moved --erase NAME")
    return 0


def _move_in(args: argparse.Namespace) -> int:
    home = find_home()
    move_vault.take_in(home, args.file, read_passphrase(), args.vault, Silent())
    print(
        f"The vault '{args.vault}' is here and whole. The file opens nothing any more: delete it."
    )
    return 0


def _moved(args: argparse.Namespace) -> int:
    home = find_home()
    wanted = args.use_again or args.erase
    if wanted is None:
        for name in move_vault.moved_names(home):
            print(name)
        return 0
    if wanted not in move_vault.moved_names(home):
        raise InputError("No vault of this name was laid aside here.", hint="nearmiss vault moved")
    if args.use_again:
        print(f"The vault '{move_vault.use_again(home, wanted)}' is in its place again.")
        return 0
    confirm(wanted, args.confirm, "If it has not arrived on the other computer, it is lost.")
    move_vault.erase_moved(home, wanted)
    print(f"What was laid aside of '{wanted}' is destroyed.")
    return 0

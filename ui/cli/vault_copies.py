"""nearmiss vault check | backups | backup | copy-place | restore."""

import argparse
import sys
from pathlib import Path
from typing import TypeAlias

from app.errors import InputError
from app.progress import Progress, Silent
from app.use_cases import keep_copies, keep_safe
from app.use_cases.keep_copies import Backup, Notice
from ui.cli.parts import add_vault_option, find_home, show_plainly
from ui.cli.passphrase import read_passphrase

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_WHEN = "%Y-%m-%d %H:%M:%S UTC"


def add_copy_actions(actions: Actions) -> None:
    """Register the actions of `nearmiss vault`."""
    check = actions.add_parser(
        "check",
        help="verify every page of it",
        description="Verify every page of vault, outbox and backups, and the outbox's chain.",
    )
    check.add_argument(
        "--accept-older",
        action="store_true",
        help="take the files that are there for the right ones, although they are older",
    )
    check.set_defaults(run=_check)
    backups = actions.add_parser("backups", help="list its backups, and copies at chosen places")
    backups.set_defaults(run=_list)
    copy = actions.add_parser("copy", help="write an encrypted copy into a folder of your choice")
    copy.add_argument("folder", metavar="FOLDER")
    copy.add_argument(
        "--always", action="store_true", help="from now on once a day, when the folder is there"
    )
    copy.set_defaults(run=_copy)
    restore = actions.add_parser(
        "restore",
        help="put a backup in the vault's place",
        description="Put a backup, or a copy from a chosen place, in the vault's place. What was "
        "there is kept as a backup. The outbox is not touched.",
    )
    restore.add_argument(
        "source", metavar="FILE|TIME", help="a copy, or the time of a backup as the list shows it"
    )
    restore.set_defaults(run=_restore)
    for each in (check, backups, copy, restore):
        add_vault_option(each)


def _check(args: argparse.Namespace) -> int:
    home = find_home()
    passphrase = read_passphrase()
    with (
        keep_safe.open_vault(home, args.vault, passphrase) as vault,
        keep_safe.open_post(home, args.vault) as post,
    ):
        checked = keep_copies.check(vault, post, _meter())
        if args.accept_older:
            keep_copies.accept_older(vault, post)
    print(f"The vault '{args.vault}' is whole, and so is its outbox.")
    for each in checked.damaged:
        print(f"The backup of {_time(each)} is damaged. The others can be put back.")
    if args.accept_older:
        return 0
    say_notices(checked.notices)
    if checked.notices:
        print("When you have read this: nearmiss vault check --accept-older")
    return 1 if checked.damaged or checked.notices else 0


def _list(args: argparse.Namespace) -> int:
    home = find_home()
    with keep_safe.open_vault(home, args.vault, read_passphrase()) as vault:
        backups, copies, place = vault.backups(), vault.copies.all(), vault.copies.place()
    for each in backups:
        print(f"{_time(each)}  {each.size_bytes:>12,} bytes")
    if not backups:
        print("There is no backup yet; one is made when the vault is closed after a change.")
    for copy in copies:
        mark = "" if copy.is_there else "  (cannot be seen now)"
        print(f"{copy.made_utc:{_WHEN}}  {show_plainly(str(copy.path))}{mark}")
    if place is not None:
        print(f"Once a day a copy goes to: {show_plainly(str(place))}")
    if copies:
        print("Nothing is taken out of copies at places of your choice. Delete them yourself.")
    return 0


def _copy(args: argparse.Namespace) -> int:
    place = Path(args.folder).absolute()
    with keep_safe.open_vault(find_home(), args.vault, read_passphrase()) as vault:
        made = vault.copy_to(place)
        if args.always:
            vault.copies.choose(place)
    print(f"The copy is written: {show_plainly(str(made))}")
    print("The passphrase of today opens it, also if you change it later. It keeps what is in it,")
    print("also what you destroy here. Delete it when you do not need it any more.")
    return 0


def _restore(args: argparse.Namespace) -> int:
    home = find_home()
    source = _find(args.source, args.vault)
    keep_copies.put_back(home, args.vault, source, read_passphrase(), _meter())
    print("The backup is in the vault's place. What was there before is kept as a backup.")
    print("A report that is written in it may have been sent since: do not send it again.")
    return 0


def _find(named: str, vault: str) -> Path:
    for each in keep_copies.list_own(find_home()):
        if each.vault == vault and named in {_time(each.backup), _time(each.backup)[:19]}:
            return each.backup.path
    path = Path(named)
    if not path.is_file():
        raise InputError(
            "There is no such backup.",
            "Nothing was changed.",
            "List them with: nearmiss vault backups",
        )
    return path


def say_notices(notices: tuple[Notice, ...]) -> None:
    """To the standard error."""
    for each in notices:
        print(f"nearmiss: {each.title} {each.text} {each.hint}", file=sys.stderr)


def _time(backup: Backup) -> str:
    return f"{backup.made_utc:{_WHEN}}"


class _Meter:
    """How far the work is, on a terminal."""

    def report(self, done: int, total: int) -> None:
        """Never cancels: Control and C does."""
        if total:
            end = "\n" if done >= total else ""
            sys.stderr.write(f"\r{100 * done // total:3} % checked{end}")
            sys.stderr.flush()


def _meter() -> Progress:
    return _Meter() if sys.stderr is not None and sys.stderr.isatty() else Silent()

"""nearmiss vault words | recovery-code | recover | erase."""

import argparse
import contextlib
import secrets
from pathlib import Path
from typing import TypeAlias

from app.domain.typed_code import CodeKind, draw_secret, read_code, write_code
from app.errors import DamagedError
from app.use_cases import keep_safe
from app.use_cases.erase import erase_rest, erase_vault, is_alone
from ui.cli.confirm import add_confirm_option, confirm
from ui.cli.destroy import say_copies
from ui.cli.parts import add_vault_option, find_home, read_words
from ui.cli.passphrase import read_new_passphrase, read_passphrase, read_written_code

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
DRAWN_WORDS = 5
"""64.6 bits: even at a million guesses a second half of them take 450,000 years."""
_REMAINS = (
    "What this cannot reach: blocks that an SSD has set aside, backups that the system or the\n"
    "agency makes of this computer, memory and swap, copies and exports that you made elsewhere,\n"
    "paper, and what has left already (withdraw that with its seven words)."
)


def add_trust_actions(actions: Actions) -> None:
    """Register the actions of `nearmiss vault`."""
    words = actions.add_parser("words", help="draw a passphrase of five words")
    words.set_defaults(run=_words)
    code = actions.add_parser("recovery-code", help="make a recovery code, or take it away")
    code.add_argument("--remove", action="store_true", help="from now on none opens the vault")
    code.set_defaults(run=_recovery_code)
    recover = actions.add_parser("recover", help="set a new passphrase with the recovery code")
    recover.set_defaults(run=_recover)
    erase = actions.add_parser("erase", help="destroy a vault with everything that belongs to it")
    erase.add_argument(
        "--lost-passphrase", action="store_true", help="do not ask for it; nobody knows it"
    )
    erase.add_argument(
        "--everything",
        action="store_true",
        help="after the last vault also settings, archive, and whom this program trusts",
    )
    add_confirm_option(erase, "the vault's name")
    erase.set_defaults(run=_erase)
    for each in (code, recover, erase):
        add_vault_option(each)


def draw_passphrase(words: tuple[str, ...]) -> str:
    """Five words by chance, with blanks between. words: the 7,776 of the long list."""
    return " ".join(secrets.choice(words) for _ in range(DRAWN_WORDS))


def _words(_args: argparse.Namespace) -> int:
    print(draw_passphrase(read_words().words))
    return 0


def _recovery_code(args: argparse.Namespace) -> int:
    home = find_home()
    code = None if args.remove else draw_secret()
    keep_safe.change_recovery_code(home, args.vault, read_passphrase(), code)
    if code is None:
        print("No recovery code opens this vault any more. If the passphrase is lost, so is it.")
        return 0
    print(write_code(code, CodeKind.RECOVERY))
    print("This is shown once. Who finds it can open the vault, without the passphrase: paper in")
    print("a locker is a key in a locker. An earlier code opens nothing any more.")
    return 0


def _recover(args: argparse.Namespace) -> int:
    home = find_home()
    code = read_code(read_written_code("Recovery code: "), CodeKind.RECOVERY)
    keep_safe.recover_vault(home, args.vault, code, read_new_passphrase())
    print("The vault opens with the new passphrase. The recovery code stays as it is.")
    return 0


def _erase(args: argparse.Namespace) -> int:
    home = find_home()
    copies: list[Path] = []
    waits = 0
    # A damaged outbox can be destroyed like any other.
    with contextlib.suppress(DamagedError), keep_safe.open_post(home, args.vault) as post:
        waits = sum(not row.state.is_final for row in keep_safe.Outbox(post).submissions())
    if not args.lost_passphrase:
        with keep_safe.open_vault(home, args.vault, read_passphrase()) as vault:
            copies = [each.path for each in vault.copies.all()]
    question = "Drafts, notes, kept words, the card's account, tokens and backups are destroyed."
    if waits:
        question += f"\n{waits} sealed and waiting: they are destroyed too and never leave."
    confirm(args.vault, args.confirm, question)
    is_last = is_alone(home)
    erase_vault(home, args.vault)
    if args.everything and is_last:
        erase_rest(home)
    print(f"Nothing of the vault '{args.vault}' is left in the program's folder.")
    if args.everything and not is_last:
        print("Settings and archive stay: other vaults, or a desk, need them.")
    say_copies(copies)
    print(_REMAINS)
    return 0

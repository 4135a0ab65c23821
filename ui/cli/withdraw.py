"""nearmiss withdraw: take back a report that has left, with the seven words of its receipt."""

import argparse
import random
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from app.domain.submission import PendingWithdrawal, WithdrawalState
from app.errors import InputError, SurroundingsError
from app.paths import Home
from app.use_cases import keep_safe
from app.use_cases.write_report import Drafts
from sync.archive_update import verified_keys
from sync.connect import open_connection
from sync.network import read_network
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.protocol.receipt import Receipt, make_receipt
from sync.verified_officer import Moment
from sync.withdrawal_slot import withdraw_in_slot
from sync.withdrawing import WithdrawResult, queue_withdrawal, withdraw_at_once
from ui.cli.parts import Commands, add_json_option, add_vault_option, find_home, print_json
from ui.cli.passphrase import read_passphrase
from ui.cli.words import ask_words, refuse_words

CONSEQUENCES = (
    "The research team destroys what it holds of it, and takes it out of the archive if it "
    "stands there. What others have read, printed or told stays known. It cannot be undone."
)
_WORDS = {
    WithdrawalState.WAITING: "withdrawal waits",
    WithdrawalState.SENDING: "withdrawal is being sent",
    WithdrawalState.WITHDRAWN: "withdrawn; the service has signed for it",
    WithdrawalState.ABSENT: "nothing to withdraw: the service has no such report",
}


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "withdraw",
        help="take back a report that has left, with its seven words",
        description="The seven words are asked for, or read from standard input. "
        f"{CONSEQUENCES} One that still waits here is taken back with: nearmiss outbox take-back",
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--kept", metavar="ID", help="of the receipt that the vault keeps for it")
    parser.add_argument(
        "--now",
        action="store_true",
        help="send it at once instead of at a random time; also without a vault on this computer",
    )
    parser.add_argument("--yes", action="store_true", help="withdraw without asking")
    add_vault_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=_withdraw)


def list_withdrawals(rows: Iterable[PendingWithdrawal], *, as_json: bool) -> None:
    """Print where each is."""
    for row in rows:
        if as_json:
            print_json(
                {
                    "id": row.report_id.hex(),
                    "kind": "withdrawal",
                    "state": row.state.value,
                    "not_before_utc": row.not_before_utc.isoformat(),
                    "tries": row.tries,
                    "last_status": row.last_status,
                }
            )
        else:
            print(f"{row.report_id.hex()[:8]}  {_describe(row)}")


def say_withdrawn(found: WithdrawResult) -> None:
    """Print what one round of sending brought, if anything."""
    if found.withdrawn:
        print(f"{found.withdrawn} reports withdrawn; the service has signed for it.")
    if found.absent:
        print(f"{found.absent} reports to withdraw are not at the service, and were not before.")
    if found.left:
        print(f"{found.left} withdrawals wait.")


def _describe(row: PendingWithdrawal) -> str:
    if row.state is not WithdrawalState.WAITING:
        return _WORDS[row.state]
    text = f"withdrawal waits; leaves after {row.not_before_utc:%d %b %H:%M} UTC"
    if row.absences:
        return f"{text}; the service had no such report, and is asked once more"
    return text + (f", tried {row.tries} times" if row.tries else "")


def _withdraw(args: argparse.Namespace) -> int:
    refuse_words(args.words, "withdraw")
    home = find_home()
    connection = open_connection(home)
    has_vault = args.vault in home.vault_names()
    if not has_vault and not args.now:
        raise InputError(
            "There is no vault here in whose outbox a withdrawal could wait.",
            "Nothing was withdrawn.",
            "Send it at once: nearmiss withdraw --now",
        )
    receipt = ask_words(connection) if args.kept is None else _read_kept(args, home, connection)
    if has_vault:
        _refuse_waiting(home, args.vault, receipt)
    if not args.yes and not _agrees():
        raise InputError("Nothing was withdrawn.", hint="Withdraw without asking: --yes")
    if not has_vault:
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
        is_gone = withdraw_at_once(connection, receipt, keys, read_network(home))
        return _tell(args, WithdrawalState.WITHDRAWN if is_gone else WithdrawalState.ABSENT)
    return _tell(args, _queue(args, home, connection, receipt))


def _queue(
    args: argparse.Namespace, home: Home, connection: Connection, receipt: Receipt
) -> WithdrawalState:
    with keep_safe.open_post(home, args.vault) as post:
        now_utc = datetime.now(UTC)
        queue_withdrawal(post, receipt, connection.tenant, now_utc)
        if args.now:
            moment = Moment(now_utc, random.SystemRandom())
            done = withdraw_in_slot(home, connection, [post], moment, is_taken=False, at_once=True)
            if done.trouble:
                raise SurroundingsError(
                    "The withdrawal did not go through yet.",
                    f"{done.trouble} It waits in the outbox and is tried again.",
                )
        rows = {row.report_id: row for row in keep_safe.Withdrawals(post).all()}
    row = rows[receipt.report_id]
    return WithdrawalState.ABSENT if row.absences else row.state


def _read_kept(args: argparse.Namespace, home: Home, connection: Connection) -> Receipt:
    with keep_safe.open_vault(home, args.vault, read_passphrase()) as vault:
        kept = [
            each
            for each in Drafts(vault).receipts.kept()
            if each.tenant == connection.tenant
            and args.kept
            and each.report_id.hex().startswith(args.kept.lower())
        ]
    if len(kept) != 1:
        raise InputError(
            "The vault keeps no such receipt, or several.",
            hint="Write the first letters of one as they are listed: nearmiss mail --kept",
        )
    return make_receipt(tuple(kept[0].words.split()), connection.tenant)


def _refuse_waiting(home: Home, vault: str, receipt: Receipt) -> None:
    """What has not arrived yet is taken back instead: then nothing leaves."""
    with keep_safe.open_post(home, vault) as post:
        rows = keep_safe.Outbox(post).submissions()
    waiting = [row for row in rows if row.report_id == receipt.report_id]
    if waiting and not waiting[0].state.is_final:
        raise InputError(
            "This report still waits in the outbox here.",
            "Nothing was withdrawn.",
            f"Take it back: nearmiss outbox take-back {receipt.report_id.hex()[:8]}",
        )


def _agrees() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    print(f"{CONSEQUENCES}\nWithdraw this report? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _tell(args: argparse.Namespace, state: WithdrawalState) -> int:
    if args.json:
        print_json({"state": state.value})
    elif state is WithdrawalState.WITHDRAWN:
        print("The report is withdrawn; the service has signed for it. The research team hears of")
        print("it when it next asks for reports.")
    elif state is WithdrawalState.ABSENT:
        print("The service has no report under these words. Compare each word with your paper; if")
        print("the report left on a stick, it may not have arrived yet.")
    else:
        print("The withdrawal is signed. It waits in the outbox and leaves at a random time, with")
        print("a later sync. See: nearmiss outbox list")
    return 0

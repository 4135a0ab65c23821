"""nearmiss outbox list | show | take-back | forget; nearmiss sync."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from random import SystemRandom

from app.domain.submission import PendingWithdrawal, Submission, SubmissionState
from app.errors import InputError
from app.paths import Home
from app.progress import Silent
from app.use_cases import keep_safe
from app.use_cases.write_report import Drafts
from sync.archive_update import last_update_utc
from sync.connect import open_connection
from sync.covers import prepare_covers
from sync.exchange import Exchanged, Turn, exchange
from sync.inspection import describe_issuer, read_issuer
from sync.schedule import day_after, is_day_over, may_leave
from sync.uploader import take_back
from sync.verified_officer import TOKENS_COME, describe_officer, earliest_report
from sync.withdrawing import find_withdraw_old
from ui.cli.leaving import add_show
from ui.cli.parts import (
    Commands,
    add_json_option,
    add_vault_option,
    find_home,
    print_json,
    show_plainly,
)
from ui.cli.passphrase import read_passphrase
from ui.cli.timer import print_timer
from ui.cli.withdraw import list_withdrawals, say_withdrawn

_WORDS = {
    SubmissionState.QUEUED: "waits",
    SubmissionState.SENDING: "is being sent",
    SubmissionState.HELD: "held: the service wants proof of a verified officer",
    SubmissionState.RECEIVED: "received; the draft goes when the vault is next opened",
    SubmissionState.REFUSED: "refused; the draft is offered again",
    SubmissionState.TAKEN_BACK: "taken back",
}


def add_parser(commands: Commands) -> None:
    """Register the commands."""
    parser = commands.add_parser("outbox", help="what waits to be sent")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list what waits, with its state")
    listing.set_defaults(run=_list)
    add_show(actions)
    back = actions.add_parser("take-back", help="stop one that waits, and edit its draft again")
    back.set_defaults(run=_take_back)
    gone = actions.add_parser("forget", help="destroy the trace of a withdrawal that is over")
    gone.set_defaults(run=_forget)
    for each in (back, gone):
        each.add_argument("id", metavar="ID", help="as the list shows it")
    sending = commands.add_parser("sync", help="send what is due, fetch what is new")
    sending.add_argument(
        "--now",
        action="store_true",
        help="send all that waits at once; who watches the network learns that somebody "
        "reports just now",
    )
    sending.add_argument(
        "--tokens-now",
        action="store_true",
        help="fetch this quarter's tokens at once instead of on their day: for a demonstration",
    )
    sending.add_argument(
        "--if-due",
        action="store_true",
        help="only if something may leave, or about a day has passed: for the system's scheduler",
    )
    for kind, what in (("systemd", "systemd user units"), ("task", "a Windows task, as XML")):
        sending.add_argument(
            f"--print-{kind}",
            dest="print_timer",
            action="store_const",
            const=kind,
            help=f"print {what}, and do nothing else",
        )
    sending.set_defaults(run=_sync)
    sending.add_argument("--vault", metavar="NAME", help="only of this vault (default: of all)")
    for each in (listing, back, gone):
        add_vault_option(each)
    for each in (listing, back, gone, sending):
        add_json_option(each)


def _list(args: argparse.Namespace) -> int:
    home = find_home()
    with keep_safe.open_post(home, args.vault) as post:
        rows = keep_safe.Outbox(post).submissions()
        withdrawals = keep_safe.Withdrawals(post).all()
        officer = ""
        earliest = earliest_report([post], post, datetime.now(UTC))
        if home.connection_file.exists():
            officer = describe_officer(home, open_connection(home), post, datetime.now(UTC))
    for row in rows:
        if args.json:
            print_json(
                {
                    "id": row.report_id.hex(),
                    "state": row.state.value,
                    "not_before_utc": row.not_before_utc.isoformat(),
                    "tries": row.tries,
                    "last_status": row.last_status,
                }
            )
        else:
            print(f"{row.report_id.hex()[:8]}  {_describe(row, earliest, officer)}")
    list_withdrawals(withdrawals, as_json=args.json)
    if not rows and not withdrawals and not args.json:
        print("Nothing waits.")
    if officer and not args.json:
        print(f"{officer[:1].upper()}{officer[1:]}.")
    return 0


def _take_back(args: argparse.Namespace) -> int:
    """One that was tried without an answer may have arrived all the same; that is said."""
    home = find_home()
    with (
        keep_safe.open_vault(home, args.vault, read_passphrase()) as vault,
        keep_safe.open_post(home, args.vault) as post,
    ):
        outbox = keep_safe.Outbox(post)
        rows = [row for row in outbox.submissions() if row.report_id.hex().startswith(args.id)]
        if len(rows) != 1 or not args.id:
            raise InputError(
                "The outbox has no such submission, or several.",
                hint="List them, and write the first letters of one: nearmiss outbox list",
            )
        withdraw_old = find_withdraw_old(home, post)
        draft_id = take_back(Drafts(vault), outbox, rows[0].report_id, withdraw_old)
    if args.json:
        print_json({"draft": draft_id})
        return 0
    print(f"Taken back. Draft {draft_id} can be edited again.")
    if rows[0].tries:
        print("It was tried before without an answer, so it may have arrived all the same.")
        if withdraw_old is not None:
            print("If it has, it is withdrawn there: that leaves at a random time.")
    return 0


def _forget(args: argparse.Namespace) -> int:
    with keep_safe.open_post(find_home(), args.vault) as post:
        store = keep_safe.Withdrawals(post)
        over = [row for row in store.all() if row.state.is_final]
        found = [row for row in over if args.id and row.report_id.hex().startswith(args.id)]
        if len(found) != 1:
            raise InputError(
                "The outbox has no such withdrawal that is over, or several.",
                hint="List them, and write the first letters of one: nearmiss outbox list",
            )
        store.forget(found[0].report_id)
    if args.json:
        print_json({"report": found[0].report_id.hex()})
    else:
        print("Nothing here tells of this withdrawal any more.")
    return 0


def _describe(row: Submission, earliest: datetime | None = None, officer: str = "") -> str:
    if row.state is not SubmissionState.QUEUED:
        return _WORDS[row.state]
    tried = f", tried {row.tries} times" if row.tries else ""
    if officer == TOKENS_COME:
        return f"waits; leaves when this program has its tokens{tried}"
    not_before = row.not_before_utc if earliest is None else max(row.not_before_utc, earliest)
    return f"waits; leaves after {not_before:%d %b %H:%M} UTC{tried}"


def _say_more(home: Home) -> None:
    """Who vouches for the connection, if that is no public authority."""
    issuer = read_issuer(home)
    if issuer:
        print(show_plainly(describe_issuer(issuer)))


def _find_turn(home: Home, posts: Iterable[keep_safe.Post]) -> Turn | None:
    """What is due, if anything is."""
    now_utc, synced_utc = datetime.now(UTC), last_update_utc(home)
    if is_day_over(synced_utc, now_utc, day_after(synced_utc)):
        return Turn.FETCHING
    rows: list[Submission | PendingWithdrawal] = []
    for post in posts:
        rows += keep_safe.Outbox(post).waiting()
        rows += keep_safe.Withdrawals(post).waiting()
    return Turn.SENDING if may_leave(rows, now_utc) else None


def _sync(args: argparse.Namespace) -> int:
    """Of one vault, or of all: the system's scheduler need not know their names."""
    if args.print_timer:
        print_timer(args.print_timer)
        return 0
    home = find_home()
    connection = open_connection(home)
    names = home.vault_names() if args.vault is None else (args.vault,)
    with ExitStack() as stack:
        posts = [stack.enter_context(keep_safe.open_post(home, name)) for name in names]
        turn = Turn.EVERYTHING
        if args.if_due:
            for post in posts:
                prepare_covers(home, connection, post, datetime.now(UTC), SystemRandom())
            due = _find_turn(home, posts)
            if due is None:
                return 0
            turn = due
        found = exchange(
            home,
            connection,
            posts,
            datetime.now(UTC),
            Silent(),
            at_once=args.now,
            tokens_at_once=args.tokens_now,
            turn=turn,
        )
        officers = [describe_officer(home, connection, each, datetime.now(UTC)) for each in posts]
    _say_exchanged(home, found, as_json=args.json, officers=officers)
    return 1 if found.trouble else 0


def _say_held(officers: list[str]) -> None:
    """Why something is held, and what ends that."""
    if TOKENS_COME in officers:
        print("Held: it waits for this program's tokens, which come within days. Nothing is lost.")
        print("The first report leaves by itself 3 to 31 days after them.")
        return
    if any(officers):
        print("Held until this program has a token for it. Nothing is lost: it goes by itself,")
        print("and the tokens of a quarter come on a day by chance.")
        return
    print("Held: the service does not take reports without proof of a verified officer.")
    print("Nothing is lost. It goes by itself once there are tokens: those of the quarter")
    print("come on a day by chance. Without a card yet? Ask your agency: nearmiss enrol")


def _say_exchanged(home: Home, found: Exchanged, *, as_json: bool, officers: list[str]) -> None:
    sent, fetched, trouble = found.sent, found.archive, found.trouble
    if as_json:
        print_json(
            {
                "received": sent.received,
                "held": sent.held,
                "refused": sent.refused,
                "left": sent.left,
                "withdrawn": found.withdrawals.withdrawn,
                "withdrawals_left": found.withdrawals.left,
                "archive": fetched,
                "trouble": trouble,
            }
        )
    else:
        print(f"{sent.received} sent and confirmed, {sent.held} held, ", end="")
        print(f"{sent.refused} refused, {sent.left} left in the outbox.")
        if sent.held:
            _say_held(officers)
        say_withdrawn(found.withdrawals)
        print(fetched or "The archive is as before.")
        _say_more(home)
    if trouble:
        print(f"nearmiss: {trouble}", file=sys.stderr)

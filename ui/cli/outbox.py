"""nearmiss outbox list; nearmiss sync."""

import argparse
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime

from app.domain.submission import Submission, SubmissionState
from app.errors import InputError
from app.paths import Home
from app.progress import Silent
from app.use_cases import keep_safe
from app.use_cases.write_report import Drafts
from sync.archive_update import last_update_utc
from sync.connect import open_connection
from sync.exchange import exchange
from sync.inspection import describe_issuer, read_issuer
from sync.schedule import day_after, is_day_over, may_leave
from sync.uploader import take_back
from sync.verified_officer import describe_officer
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
    back = actions.add_parser("take-back", help="stop one that waits, and edit its draft again")
    back.add_argument("id", metavar="ID", help="as the list shows it")
    back.set_defaults(run=_take_back)
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
    for each in (listing, back):
        add_vault_option(each)
    for each in (listing, back, sending):
        add_json_option(each)


def _list(args: argparse.Namespace) -> int:
    home = find_home()
    with keep_safe.open_post(home, args.vault) as post:
        rows = keep_safe.Outbox(post).submissions()
        officer = ""
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
            print(f"{row.report_id.hex()[:8]}  {_describe(row)}")
    if not rows and not args.json:
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
        draft_id = take_back(Drafts(vault), outbox, rows[0].report_id)
    if args.json:
        print_json({"draft": draft_id})
        return 0
    print(f"Taken back. Draft {draft_id} can be edited again.")
    if rows[0].tries:
        print("It was tried before without an answer, so it may have arrived all the same.")
    return 0


def _describe(row: Submission) -> str:
    if row.state is not SubmissionState.QUEUED:
        return _WORDS[row.state]
    tried = f", tried {row.tries} times" if row.tries else ""
    return f"waits; leaves after {row.not_before_utc:%d %b %H:%M} UTC{tried}"


def _say_more(home: Home) -> None:
    """Who vouches for the connection, if that is no public authority."""
    issuer = read_issuer(home)
    if issuer:
        print(show_plainly(describe_issuer(issuer)))


def _is_due(home: Home, posts: Iterable[keep_safe.Post]) -> bool:
    now_utc, synced_utc = datetime.now(UTC), last_update_utc(home)
    rows = [row for post in posts for row in keep_safe.Outbox(post).submissions()]
    return may_leave(rows, now_utc) or is_day_over(synced_utc, now_utc, day_after(synced_utc))


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
        if args.if_due and not _is_due(home, posts):
            return 0
        found = exchange(
            home,
            connection,
            posts,
            datetime.now(UTC),
            Silent(),
            at_once=args.now,
            tokens_at_once=args.tokens_now,
        )
    sent, fetched, trouble = found.sent, found.archive, found.trouble
    if args.json:
        print_json(
            {
                "received": sent.received,
                "held": sent.held,
                "refused": sent.refused,
                "left": sent.left,
                "archive": fetched,
                "trouble": trouble,
            }
        )
    else:
        print(f"{sent.received} sent and confirmed, {sent.held} held, ", end="")
        print(f"{sent.refused} refused, {sent.left} left in the outbox.")
        if sent.held:
            print("Held: the service does not take reports without proof of a verified officer.")
            print("Nothing is lost. It goes by itself once there are tokens: those of the quarter")
            print("come on a day by chance. Without a card yet? Ask your agency: nearmiss enrol")
        print(fetched or "The archive is as before.")
        _say_more(home)
    if trouble:
        print(f"nearmiss: {trouble}", file=sys.stderr)
    return 1 if trouble else 0

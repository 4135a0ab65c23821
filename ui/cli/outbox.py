"""nearmiss outbox list; nearmiss sync."""

import argparse
import sys
from datetime import UTC, datetime

from app.domain.submission import Submission, SubmissionState
from app.errors import DamagedError, UserError
from app.paths import Home
from app.progress import Silent
from app.use_cases import keep_safe
from sync.archive_update import update_archive, verified_keys
from sync.connect import open_connection
from sync.feed_keys import UnsignedKeysError
from sync.protocol.connection import Connection
from sync.protocol.keys import Purpose
from sync.uploader import OtherServiceError, SendResult, claim_post, send_waiting
from ui.cli.parts import Commands, add_json_option, add_vault_option, find_home, print_json

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
    exchange = commands.add_parser("sync", help="send what is due, fetch what is new")
    exchange.add_argument(
        "--now",
        action="store_true",
        help="send all that waits at once; who watches the network learns that somebody "
        "reports just now",
    )
    exchange.set_defaults(run=_sync)
    for each in (listing, exchange):
        add_vault_option(each)
        add_json_option(each)


def _list(args: argparse.Namespace) -> int:
    with keep_safe.open_post(find_home(), args.vault) as post:
        rows = keep_safe.Outbox(post).submissions()
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
    return 0


def _describe(row: Submission) -> str:
    if row.state is not SubmissionState.QUEUED:
        return _WORDS[row.state]
    tried = f", tried {row.tries} times" if row.tries else ""
    return f"waits; leaves after {row.not_before_utc:%d %b %H:%M} UTC{tried}"


def _send(home: Home, connection: Connection, post: keep_safe.Post, *, at_once: bool) -> SendResult:
    """Send what is due. What stands in the way is told in the result: fetching goes on."""
    outbox = keep_safe.Outbox(post)
    now_utc = datetime.now(UTC)
    try:
        claim_post(post, connection.tenant)
        keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    # A damaged archive is fetched anew, and so are keys that nobody signed.
    except (OtherServiceError, DamagedError, UnsignedKeysError) as error:
        left = sum(not row.state.is_final for row in outbox.submissions())
        return SendResult(0, 0, 0, left, error.sentence())
    return send_waiting(outbox, connection.service_url, keys, now_utc, at_once=at_once)


def _sync(args: argparse.Namespace) -> int:
    """Send first: fetching is the same for everyone, and would only delay it."""
    home = find_home()
    connection = open_connection(home)
    sent = SendResult(0, 0, 0, 0, "")
    if home.vault_names():  # without a vault, somebody who only reads: nothing can wait
        with keep_safe.open_post(home, args.vault) as post, post.only_sender():
            sent = _send(home, connection, post, at_once=args.now)
    fetched, fetch_trouble = "", ""
    try:
        fetched = update_archive(home, connection, datetime.now(UTC), Silent()).sentence()
    except UserError as error:  # what was sent has to be told all the same
        fetch_trouble = error.sentence()
    trouble = sent.trouble or fetch_trouble
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
        print(f"{sent.received} received, {sent.held} held, {sent.refused} refused, ", end="")
        print(f"{sent.left} left in the outbox.")
        print(fetched or "The archive is as before.")
    if trouble:
        print(f"nearmiss: {trouble}", file=sys.stderr)
    return 1 if trouble else 0

"""nearmiss carry out FOLDER; carry send FILE…; carry in FILE…: reports on a stick."""

import argparse
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from app.errors import InputError, UserError
from app.paths import Home
from app.use_cases import keep_safe
from sync.archive_update import verified_keys
from sync.carry import CarriedIn, carry_in, carry_out, carry_send, read_carried
from sync.connect import open_connection
from sync.network import read_network
from sync.protocol.keys import Purpose
from sync.verified_officer import find_proofs
from ui.cli.parts import Commands, add_json_option, find_home, print_json, show_plainly

_TAKEN_IN = {
    CarriedIn.RECEIVED: "received; the draft goes when the vault is next opened",
    CarriedIn.KNOWN: "was known already",
    CarriedIn.LATE: "this report had been taken back, and has arrived all the same",
}


def add_parser(commands: Commands) -> None:
    """Register the commands."""
    parser = commands.add_parser("carry", help="reports out and acknowledgements in, on a stick")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    out = actions.add_parser(
        "out",
        help="write what waits into a folder, a file each",
        description="Write what waits into a folder, a file each. Nothing changes here: it still "
        "goes up by itself if it can, and a repeat is harmless.",
    )
    out.add_argument("folder", metavar="FOLDER")
    out.set_defaults(run=_out)
    send = actions.add_parser(
        "send",
        help="pass such files on, on any machine with a network",
        description="Pass such files on. Needs no vault and no connection file. The "
        "acknowledgement is written beside each file.",
    )
    send.set_defaults(run=_send)
    taking = actions.add_parser("in", help="take the acknowledgements that came back")
    taking.set_defaults(run=_in)
    for each in (send, taking):
        each.add_argument("files", metavar="FILE", nargs="+")
    for each in (out, taking):
        each.add_argument("--vault", metavar="NAME", help="only of this vault (default: of all)")
    for each in (out, send, taking):
        add_json_option(each)


def _open_posts(home: Home, stack: ExitStack, name: str | None) -> list[keep_safe.Post]:
    names = home.vault_names() if name is None else (name,)
    return [stack.enter_context(keep_safe.open_post(home, each)) for each in names]


def _out(args: argparse.Namespace) -> int:
    home = find_home()
    connection = open_connection(home)
    with ExitStack() as stack:
        now = datetime.now(UTC)
        written = carry_out(
            _open_posts(home, stack, args.vault),
            connection,
            Path(args.folder),
            lambda post: find_proofs(home, connection, post, now),
        )
    for path in written:
        if args.json:
            print_json({"file": str(path)})
        else:
            print(show_plainly(path.name))
    if not args.json and written:
        print("On a machine with a network: nearmiss carry send FILE. Bring the replies back.")
    elif not args.json:
        print("Nothing waits.")
    return 0


def _send(args: argparse.Namespace) -> int:
    """Each file by itself: one that fails does not stop the next."""
    network = read_network(find_home())
    failed = 0
    for name in args.files:
        path = Path(name)
        try:
            _expect_file(path)
            carried = read_carried(path)
            if not args.json:
                print(f"{show_plainly(path.name)} to {urlsplit(carried.service_url).netloc}")
            reply = carry_send(path, carried, network)
        except UserError as error:
            failed += 1
            print(f"nearmiss: {show_plainly(path.name)}: {error.sentence()}", file=sys.stderr)
            continue
        if args.json:
            print_json({"file": str(path), "reply": str(reply)})
        else:
            print(f"  taken; carry the reply back: {show_plainly(reply.name)}")
    return 1 if failed else 0


def _in(args: argparse.Namespace) -> int:
    home = find_home()
    connection = open_connection(home)
    keys = verified_keys(home, connection, Purpose.ACKNOWLEDGEMENT)
    failed = 0
    with ExitStack() as stack:
        posts = _open_posts(home, stack, args.vault)
        for name in args.files:
            path = Path(name)
            try:
                _expect_file(path)
                found = carry_in(posts, connection, keys, path)
            except UserError as error:
                failed += 1
                print(f"nearmiss: {show_plainly(path.name)}: {error.sentence()}", file=sys.stderr)
                continue
            if args.json:
                print_json({"file": str(path), "state": found.value})
            else:
                print(f"{show_plainly(path.name)}: {_TAKEN_IN[found]}.")
    return 1 if failed else 0


def _expect_file(path: Path) -> None:
    if not path.is_file():
        raise InputError("There is no such file.", hint="Check its name.")

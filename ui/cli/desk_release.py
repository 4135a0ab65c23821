"""nearmiss desk import | publish | cosign | upload: from the cases into the signed archive."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from app.domain.archive import NEAR_MISS_SHELF, Record, in_reading_order
from app.domain.form import Form
from app.errors import InputError
from app.progress import Silent
from app.use_cases.import_reports import read_imported
from app.use_cases.review_case import Publications
from resources.read import read_bytes
from sync.desk.cosign import Proposal, cosign, inspect
from sync.desk.custody import TARGETS_RINGS, RingName
from sync.desk.home import DeskHome
from sync.desk.issuer import publish_issuer_key, read_issuer_file
from sync.desk.release import prepare
from sync.desk.service import ServiceAtDesk
from sync.desk.shelve import Shelved, read_sample, shelve
from sync.desk.upload import plan_upload, read_listing, upload
from sync.network import read_network
from ui.cli.desk_parts import agrees, open_desk
from ui.cli.parts import Commands, find_home, print_json, read_file, read_form, show_plainly
from ui.cli.passphrase import read_passphrase

_LISTING_LIMIT = 16 * 1024 * 1024
_INVENTED = "invented"
_TITLES_SHOWN = 20


def add_actions(actions: Commands) -> None:
    """Register the actions of `nearmiss desk` that make the archive."""
    shelf = actions.add_parser("import", help="put public reports onto a shelf of the archive")
    shelf.add_argument("file", metavar="FILE", nargs="?", help="not needed for the sample")
    shelf.add_argument("--format", choices=("jsonl", "sample"), default="jsonl")
    shelf.add_argument("--shelf", metavar="NAME", help=f"sample: {NEAR_MISS_SHELF} if not named")
    shelf.set_defaults(run=_import)
    signing = actions.add_parser("cosign", help="look at what is prepared, sign, release")
    shown = "print the whole records; without a terminal, only that"
    signing.add_argument("--show", action="store_true", help=shown)
    signing.add_argument("--yes", action="store_true", help="sign without asking")
    signing.set_defaults(run=_cosign)
    issuer = actions.add_parser("issuer-key", help="sign the issuer's key of a quarter")
    issuer.add_argument("file", metavar="FILE", help="the operator's file from issuer-keys")
    issuer.add_argument(
        "--officers", metavar="N", type=int, help="how many are enrolled, as the operator says"
    )
    issuer.set_defaults(run=_sign_issuer_key)
    for name, run, text in (
        ("publish", _publish, "prepare a publication: the first signature"),
        ("upload", _upload, "bring the released feed to the service"),
    ):
        actions.add_parser(name, help=text).set_defaults(run=run)


def _import(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    is_sample = args.format == "sample"
    if not is_sample and args.file is None:
        raise InputError("Which file is to be imported?", hint="nearmiss desk import FILE")
    if not is_sample and args.shelf in {None, NEAR_MISS_SHELF}:
        raise InputError(
            "On which shelf are these reports to stand?",
            f"Only reports that were sent to this desk belong on '{NEAR_MISS_SHELF}'.",
            "Name the system that they are from, such as: --shelf asrs",
        )
    shelf = NEAR_MISS_SHELF if args.shelf is None else args.shelf
    with open_desk() as desk:
        desk.settle()
        done = _shelve(Publications(desk.cases), form, args.file, shelf, is_sample=is_sample)
    if args.json:
        print_json({"added": done.added, "skipped": done.skipped, "shelf": shelf})
        return 0
    print(f"{done.added} reports wait for the next publication on the shelf '{shelf}'.")
    if done.skipped:
        print(f"{done.skipped} were skipped: they are on this shelf already.")
    return 0


def _shelve(
    publications: Publications, form: Form, file: str | None, shelf: str, *, is_sample: bool
) -> Shelved:
    if is_sample or file is None:
        raw = read_file(file) if file else read_bytes("sample/near_misses.json")
        return shelve(publications, read_sample(form, raw), shelf, (_INVENTED,))
    try:
        with Path(file).open("rb") as lines:
            return shelve(publications, read_imported(form, lines), shelf)
    except OSError as error:
        raise InputError(f"The file {file} cannot be read: {error.strerror}.") from error


def _publish(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    now = datetime.now(UTC)
    with open_desk() as desk:
        ring = desk.home.open_ring(RingName.LEAD, desk.passphrase)
        connection = desk.home.connection()
        done = prepare(desk.home.feed, connection, ring, desk.cases, form, now, Silent())
        desk.back_up()
    if args.json:
        counts = {"puts": done.puts, "deletes": done.deletes, "letters": done.letters}
        print_json({"sequence": done.sequence, **counts})
    else:
        print(f"Publication {done.sequence} is prepared: {done.puts} added or changed, ", end="")
        letters = "1 letter" if done.letters == 1 else f"{done.letters} letters"
        print(f"{done.deletes} taken out, {letters} to reporters.")
        print("It needs the second signature: nearmiss desk cosign")
    return 0


def _cosign(args: argparse.Namespace) -> int:
    desk = DeskHome.of(find_home())
    connection = desk.connection()
    form, _labels = read_form()
    now = datetime.now(UTC)
    proposal = inspect(desk.feed, connection, form, now)
    _describe(proposal, sys.stderr if args.json else sys.stdout, is_whole=args.show)
    if args.show and not args.yes and not sys.stdin.isatty():
        return 0  # read through a pager or into a file: there is nobody to ask
    if not args.yes and not agrees("Sign it?"):
        raise InputError("Nothing was signed.", hint="Sign without asking: --yes")
    passphrase = read_passphrase("Passphrase of the second analyst: ")
    ring = desk.open_ring(RingName.SECOND, passphrase)
    cosign(desk.feed, connection, ring, form, now, proposal.digest)
    if args.json:
        counts = {"puts": proposal.puts, "deletes": proposal.deletes, "letters": proposal.letters}
        print_json({"sequence": proposal.sequence, **counts, "released": True})
    else:
        print("Signed and released.")
    return 0


def _describe(proposal: Proposal, to: TextIO, *, is_whole: bool) -> None:
    """What is to be signed. Its texts are from elsewhere: none may steer the terminal."""
    print(proposal.sentence(), file=to)
    if is_whole:
        for record in proposal.records:
            print(_write_out(record), file=to)
        for number in proposal.deleted:
            print(f"\nTaken out: number {number}", file=to)
        return
    for title in proposal.titles[:_TITLES_SHOWN]:
        print(f"  {show_plainly(' '.join(title.split()))}", file=to)
    if len(proposal.titles) > _TITLES_SHOWN:
        print(f"  and {len(proposal.titles) - _TITLES_SHOWN} more", file=to)
    print("The whole records: nearmiss desk cosign --show", file=to)


def _write_out(record: Record) -> str:
    """Everything that the record holds, for the terminal."""
    where = ", ".join((record.shelf, f"revision {record.revision}", *record.marks))
    lines = [f"\nNumber {record.number} ({where})"]
    for name, text in in_reading_order(record.texts).items():
        lines += [f"  {name}:", *(f"    {line}" for line in text.splitlines())]
    lines += [f"  {name}: {value}" for name, value in record.codes.items()]
    return show_plainly("\n".join(lines))


def _sign_issuer_key(args: argparse.Namespace) -> int:
    desk = DeskHome.of(find_home())
    connection = desk.connection()
    key = read_issuer_file(read_file(args.file), connection.tenant)
    passphrase = read_passphrase()
    analyst = desk.open_ring(RingName.LEAD, passphrase)
    holders = [desk.open_ring(name, passphrase) for name in TARGETS_RINGS]
    publish_issuer_key(
        desk.feed, connection, holders, analyst, key, args.officers, datetime.now(UTC)
    )
    if args.json:
        print_json({"quarter": key.quarter, "name": key.name})
    else:
        print(f"The issuer's key for {key.quarter} is signed. Next: nearmiss desk upload")
    return 0


def _upload(args: argparse.Namespace) -> int:
    with open_desk() as desk:
        ring = desk.home.open_ring(RingName.LEAD, desk.passphrase)
        service = ServiceAtDesk(desk.home.connection().service_url, ring, read_network(find_home()))
        desk.settle()
        local = desk.home.feed.released
    listing = read_listing(service.request("GET", "/v1/desk/feed", limit=_LISTING_LIMIT))
    plan = plan_upload(local, listing)

    def send(path: str, content: bytes) -> None:
        service.request("PUT", f"/v1/desk/feed/{path}", content)

    upload(local, plan, send)
    if args.json:
        print_json({"files": len(plan)})
    else:
        print(f"{len(plan)} files uploaded." if plan else "The service has everything already.")
    return 0

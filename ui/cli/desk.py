"""nearmiss desk init | pull | list | show | code | approve | publish | cosign | upload | import."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from app.domain.archive import NEAR_MISS_SHELF
from app.errors import InputError
from app.progress import Silent
from app.use_cases.import_reports import read_imported
from app.use_cases.review_case import (
    CaseId,
    CaseStore,
    Publications,
    approve_case,
    code_case,
)
from resources.read import read_bytes
from sync.connect import show_fingerprint
from sync.desk.cosign import cosign, inspect
from sync.desk.custody import RingName
from sync.desk.home import DeskHome, init_desk, read_card
from sync.desk.pull import pull
from sync.desk.release import prepare, settle_release
from sync.desk.service import ServiceAtDesk
from sync.desk.shelve import read_sample, shelve
from sync.desk.upload import plan_upload, read_listing, upload
from ui.cli.parts import (
    Commands,
    add_json_option,
    find_home,
    print_json,
    read_file,
    read_form,
    read_words,
)
from ui.cli.passphrase import choose_passphrase, read_passphrase

_LISTING_LIMIT = 16 * 1024 * 1024
_INVENTED = "invented"


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("desk", help="the analysts' part: open, code, publish")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    init = actions.add_parser("init", help="make all keys, the empty archive, connection.json")
    init.add_argument("--service", metavar="FILE", required=True, help="service.public.json")
    init.add_argument("--url", required=True, help="address of the service")
    init.add_argument("--feed-url", help="address of the feed (default: URL/feed)")
    init.add_argument("--name", default="LEO Near Miss", help="whom the officers will see")
    init.set_defaults(run=_init)
    code = _add_case_action(actions, "code", _code, "set codes and texts of a case")
    code.add_argument("--set", metavar="FIELD=CODE", action="append", default=[])
    code.add_argument(
        "--text", metavar="FIELD=FILE", action="append", default=[], help='"-": standard input'
    )
    _add_case_action(actions, "show", _show, "show a case")
    _add_case_action(actions, "approve", _approve, "release a coded case")
    shelf = actions.add_parser("import", help="put public reports onto a shelf of the archive")
    shelf.add_argument("file", metavar="FILE", nargs="?", help="not needed for the sample")
    shelf.add_argument("--format", choices=("jsonl", "sample"), default="jsonl")
    shelf.add_argument("--shelf", metavar="NAME", default=NEAR_MISS_SHELF)
    shelf.set_defaults(run=_import)
    signing = actions.add_parser("cosign", help="look at what is prepared, sign, release")
    signing.add_argument("--yes", action="store_true", help="sign without asking")
    signing.set_defaults(run=_cosign)
    for name, run, text in (
        ("pull", _pull, "fetch and open what has arrived"),
        ("list", _list, "list the cases"),
        ("publish", _publish, "prepare a publication: the first signature"),
        ("upload", _upload, "bring the released feed to the service"),
    ):
        actions.add_parser(name, help=text).set_defaults(run=run)
    for action in actions.choices.values():
        add_json_option(action)


def _add_case_action(
    actions: Commands, name: str, run: object, text: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=text)
    action.add_argument("id", metavar="ID")
    action.set_defaults(run=run)
    return action


def _init(args: argparse.Namespace) -> int:
    card = read_card(read_file(args.service))
    desk = DeskHome.of(find_home())
    passphrase = choose_passphrase()
    feed_url = args.feed_url or args.url.rstrip("/") + "/feed"
    connection = init_desk(desk, card, args.name, args.url, feed_url, passphrase, datetime.now(UTC))
    print(f"The desk is made in {desk.folder}.")
    print(f"For the clients:  {desk.connection_file}")
    print(f"For the operator: {desk.public_key_file}")
    print(f"Its words: {show_fingerprint(connection, read_words())}")
    print("All key rings lie on this one machine now, the second analyst's too. Move every ring")
    print(f"but 'lead' to the people and places that are to hold it: {desk.rings}")
    return 0


def _pull(args: argparse.Namespace) -> int:
    desk, passphrase = _find_desk()
    form, _labels = read_form()
    ring = desk.open_ring(RingName.LEAD, passphrase)
    service = ServiceAtDesk(desk.connection().service_url, ring)
    cases, key = desk.open_cases(passphrase)
    with cases:
        found = pull(service, cases, key, desk.backup_file, form, Silent())
    if args.json:
        print_json({"opened": found.opened, "unreadable": found.unreadable})
    else:
        print(f"{found.opened} opened, {found.unreadable} left at the service unopened.")
    return 0


def _list(args: argparse.Namespace) -> int:
    with _open_cases() as (_desk, cases):
        found = cases.summaries()
    for each in found:
        if args.json:
            print_json({"id": each.case_id, "month": each.month, "state": each.state.value})
        else:
            print(f"{each.case_id}  {each.month}  {each.state.value}")
    if not found and not args.json:
        print("There is no case here.")
    return 0


def _show(args: argparse.Namespace) -> int:
    with _open_cases() as (_desk, cases):
        case = cases.get(CaseId(args.id))
    message = {
        "id": case.case_id,
        "month": case.month,
        "state": case.state.value,
        "sent": {name: case.envelope.get(name) for name in ("form", "codes", "texts")},
        "codes": dict(case.codes),
        "texts": dict(case.texts),
    }
    if args.json:
        print_json(message)
        return 0
    print(f"Case {case.case_id}, {case.state.value}, arrived in {case.month}")
    for title, content in (
        ("Texts as sent", case.envelope.get("texts")),
        ("Codes as sent", case.envelope.get("codes")),
        ("Texts of the desk", case.texts),
        ("Codes of the desk", case.codes),
    ):
        print(f"\n{title}")
        if isinstance(content, dict):
            for name, value in content.items():
                print(f"  {name}: {value}")
    return 0


def _code(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    codes = {field: _read_value(value) for field, value in map(_split, args.set)}
    texts = {field: _read_text(path) for field, path in map(_split, args.text)}
    if not codes and not texts:
        raise InputError("There is nothing to set.", hint="Add --set FIELD=CODE or --text FIELD=-")
    with _open_cases() as (_desk, cases):
        code_case(cases, form, CaseId(args.id), codes, texts)
    print(f"Case {args.id} is coded: {', '.join([*codes, *texts])}.")
    return 0


def _split(pair: str) -> tuple[str, str]:
    field, sign, value = pair.partition("=")
    if not sign:
        raise InputError(f'"{pair}" is not written as FIELD=VALUE.')
    return field, value


def _read_value(value: str) -> object:
    """ "a,b" is several codes, "special:unknown" a special value, a number a number."""
    if value.startswith("special:"):
        return {"special": value.removeprefix("special:")}
    return value.split(",") if "," in value else value


def _read_text(path: str) -> str:
    try:
        return read_file(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("The text is not in UTF-8.", "Nothing was changed.") from error


def _approve(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    with _open_cases() as (_desk, cases):
        state = approve_case(cases, form, CaseId(args.id))
    print(f"Case {args.id} is {state.value.replace('_', ' ')}.")
    return 0


def _import(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    if args.format == "jsonl" and args.file is None:
        raise InputError("Which file is to be imported?", hint="nearmiss desk import FILE")
    with _open_cases() as (_desk, cases):
        publications = Publications(cases)
        if args.format == "sample":
            raw = read_file(args.file) if args.file else read_bytes("sample/near_misses.json")
            count = shelve(publications, read_sample(form, raw), args.shelf, (_INVENTED,))
        else:
            try:
                with Path(args.file).open("rb") as lines:
                    count = shelve(publications, read_imported(form, lines), args.shelf)
            except OSError as error:
                raise InputError(
                    f"The file {args.file} cannot be read: {error.strerror}."
                ) from error
    print(f"{count} reports wait for the next publication on the shelf '{args.shelf}'.")
    return 0


def _publish(args: argparse.Namespace) -> int:
    desk, passphrase = _find_desk()
    form, _labels = read_form()
    ring = desk.open_ring(RingName.LEAD, passphrase)
    cases, _key = desk.open_cases(passphrase)
    with cases:
        done = prepare(desk.feed, desk.connection(), ring, cases, form, datetime.now(UTC), Silent())
    if args.json:
        print_json({"sequence": done.sequence, "puts": done.puts, "deletes": done.deletes})
    else:
        print(f"Publication {done.sequence} is prepared: {done.puts} added or changed, ", end="")
        print(f"{done.deletes} taken out. It needs the second signature: nearmiss desk cosign")
    return 0


def _cosign(args: argparse.Namespace) -> int:
    desk = DeskHome.of(find_home())
    connection = desk.connection()
    now = datetime.now(UTC)
    proposal = inspect(desk.feed, connection, now)
    print(proposal.sentence())
    for title in proposal.titles[:20]:
        print(f"  {title}")
    if len(proposal.titles) > 20:
        print(f"  and {len(proposal.titles) - 20} more")
    if not args.yes and not _agrees():
        raise InputError("Nothing was signed.", hint="Sign without asking: --yes")
    passphrase = read_passphrase("Passphrase of the second analyst: ")
    ring = desk.open_ring(RingName.SECOND, passphrase)
    cosign(desk.feed, connection, ring, now, proposal.digest)
    print("Signed and released.")
    return 0


def _agrees() -> bool:
    return sys.stdin.isatty() and input("Sign it? [y/N] ").strip().lower() in {"y", "yes"}


def _upload(args: argparse.Namespace) -> int:
    desk, passphrase = _find_desk()
    ring = desk.open_ring(RingName.LEAD, passphrase)
    connection = desk.connection()
    service = ServiceAtDesk(connection.service_url, ring)
    cases, _key = desk.open_cases(passphrase)
    with cases:
        settle_release(desk.feed, connection, cases)
    local = desk.feed.released
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


def _find_desk() -> tuple[DeskHome, str]:
    desk = DeskHome.of(find_home())
    desk.connection()  # says at once if there is no desk here
    return desk, read_passphrase()


@contextmanager
def _open_cases() -> Iterator[tuple[DeskHome, CaseStore]]:
    desk, passphrase = _find_desk()
    cases, _key = desk.open_cases(passphrase)
    with cases:
        settle_release(desk.feed, desk.connection(), cases)
        yield desk, cases

"""nearmiss desk init | pull | discard | list | show | code | approve, and others' actions."""

import argparse
from datetime import UTC, datetime

from app.errors import InputError
from app.progress import Silent
from app.use_cases.review_case import Case, CaseId, approve_case, code_case
from sync.connect import show_fingerprint
from sync.desk.custody import RingName
from sync.desk.home import DeskHome, init_desk, read_card
from sync.desk.mail import CaseLetter, count_answers, list_letters
from sync.desk.pull import discard, list_unreadable, pull
from sync.desk.service import ServiceAtDesk
from sync.desk.withdrawn import TakenOut, take_withdrawn
from sync.network import read_network
from ui.cli import desk_mail, desk_release
from ui.cli.desk_parts import agrees, open_desk
from ui.cli.parts import (
    Commands,
    add_json_option,
    find_home,
    print_json,
    read_file,
    read_form,
    read_text_file,
    read_words,
    show_plainly,
)
from ui.cli.passphrase import choose_passphrase


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
    unwanted = actions.add_parser("discard", help="let the service delete what cannot be opened")
    unwanted.add_argument("--unreadable", action="store_true", required=True)
    unwanted.add_argument("--yes", action="store_true", help="delete without asking")
    unwanted.set_defaults(run=_discard)
    desk_release.add_actions(actions)
    desk_mail.add_actions(actions)
    for name, run, text in (
        ("pull", _pull, "fetch and open what has arrived"),
        ("list", _list, "list the cases"),
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
    words = show_fingerprint(connection, read_words())
    if args.json:
        files = {"connection": desk.connection_file, "public_key": desk.public_key_file}
        places = {"folder": desk.folder, **files, "rings": desk.rings}
        print_json({**{name: str(place) for name, place in places.items()}, "words": words})
        return 0
    print(f"The desk is made in {desk.folder}.")
    print(f"For the clients:  {desk.connection_file}")
    print(f"For the operator: {desk.public_key_file}")
    print(f"Its words: {words}")
    print("All key rings lie on this one machine now, the second analyst's too. Move every ring")
    print(f"but 'lead' to the people and places that are to hold it: {desk.rings}")
    print("Next: 1. the operator: nearmiss-service desk-key add desk.public.json --dir DIR")
    print("      2. nearmiss desk upload, so that clients can fetch the keys")
    print("      3. hand connection.json to the clients")
    return 0


def _pull(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    with open_desk() as desk:
        ring = desk.home.open_ring(RingName.LEAD, desk.passphrase)
        service = ServiceAtDesk(desk.home.connection().service_url, ring, read_network(find_home()))
        found = pull(service, desk.cases, form, desk.back_up, Silent())
        # Afterwards: what came just now may be among them.
        out = take_withdrawn(
            service, desk.cases, desk.home.feed, desk.home.connection(), desk.back_up
        )
    if args.json:
        counts = {"opened": found.opened, "unreadable": found.unreadable}
        gone = {"withdrawn": out.destroyed + out.retracted, "retracted": out.retracted}
        print_json({**counts, "answers": found.answers, "covers": found.covers, **gone})
        return 0
    print(f"{found.opened} opened, {found.unreadable} left at the service unopened.")
    if found.covers:
        print(f"{found.covers} cover submissions were dropped: they say nothing.")
    if found.answers:
        print(f"{found.answers} answers came; nearmiss desk show ID prints them with their case.")
    if found.unreadable:
        print("Once it is sure that no key is missing here: nearmiss desk discard --unreadable")
    _say_withdrawn(out)
    return 0


def _say_withdrawn(out: TakenOut) -> None:
    """What the reporters have taken back."""
    if out.destroyed + out.retracted:
        count = out.destroyed + out.retracted
        some = "1 report was" if count == 1 else f"{count} reports were"
        print(f"{some} withdrawn by those who sent them;")
        print("nothing readable of them is left here.")
    if out.retracted:
        print(f"{out.retracted} of them stand in the archive. Take them out soon:")
        print("nearmiss desk publish, cosign, upload")
    if out.was_prepared:
        print("What was prepared for publication was thrown away; prepare it again.")
    if out.unproven:
        print(f"{out.unproven} withdrawals do not fit to the case they name. Nothing was done;")
        print("tell the service's operator.")


def _discard(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    with open_desk() as desk:
        ring = desk.home.open_ring(RingName.LEAD, desk.passphrase)
        service = ServiceAtDesk(desk.home.connection().service_url, ring, read_network(find_home()))
        found = list_unreadable(service, desk.cases, form)
        question = (
            f"{len(found)} reports at the service cannot be opened with the keys of this ring. "
            "If a key is only missing here, officers' reports are among them. "
            "Let the service delete them for ever?"
        )
        if found and not args.yes and not agrees(question):
            raise InputError("Nothing was deleted.", hint="Delete without asking: --yes")
        discard(service, desk.cases, found)
    if args.json:
        print_json({"discarded": len(found)})
    elif found:
        print(f"{len(found)} reports that could not be opened are deleted at the service.")
    else:
        print("Nothing unreadable is known. What waits is tried by: nearmiss desk pull")
    return 0


def _list(args: argparse.Namespace) -> int:
    with open_desk() as desk:
        desk.settle()
        found = desk.cases.summaries()
        answers = count_answers(desk.cases)
    for each in found:
        count = answers.get(each.case_id, 0)
        if args.json:
            row = {"id": each.case_id, "month": each.month, "state": each.state.value}
            print_json({**row, "answers": count})
        else:
            more = f"  answers: {count}" if count else ""
            print(show_plainly(f"{each.case_id}  {each.month}  {each.state.value}{more}"))
    if not found and not args.json:
        print("There is no case here.")
    return 0


def _show(args: argparse.Namespace) -> int:
    with open_desk() as desk:
        desk.settle()
        case = desk.cases.get(CaseId(args.id))
        letters = list_letters(desk.cases, case.case_id)
    message = {
        "id": case.case_id,
        "month": case.month,
        "state": case.state.value,
        "sent": {name: case.envelope.get(name) for name in ("form", "codes", "texts")},
        "codes": dict(case.codes),
        "texts": dict(case.texts),
        "letters": desk_mail.letters_to_json(letters),
    }
    if args.json:
        print_json(message)
    else:
        _describe(case, letters)
    return 0


def _describe(case: Case, letters: tuple[CaseLetter, ...] = ()) -> None:
    """The case for the terminal, which none of its texts may steer."""
    print(show_plainly(f"Case {case.case_id}, {case.state.value}, arrived in {case.month}"))
    for title, content in (
        ("Texts as sent", case.envelope.get("texts")),
        ("Codes as sent", case.envelope.get("codes")),
        ("Texts of the desk", case.texts),
        ("Codes of the desk", case.codes),
    ):
        print(f"\n{title}")
        if isinstance(content, dict):
            for name, value in content.items():
                print(show_plainly(f"  {name}: {value}"))
    desk_mail.print_letters(letters)


def _code(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    codes: dict[str, object] = {}
    for field, value in map(_split, args.set):
        codes[field] = _join_values(codes.get(field), _read_value(value))
    texts = {field: read_text_file(path) for field, path in map(_split, args.text)}
    if not codes and not texts:
        raise InputError("There is nothing to set.", hint="Add --set FIELD=CODE or --text FIELD=-")
    with open_desk() as desk:
        desk.settle()
        code_case(desk.cases, form, CaseId(args.id), codes, texts)
    if args.json:
        print_json({"id": args.id, "set": [*codes, *texts]})
    else:
        told = [f"{field} = {value}" for field, value in codes.items()]
        print(f"Case {args.id} is coded: {show_plainly('; '.join([*told, *texts]))}.")
    return 0


def _join_values(before: object, value: object) -> object:
    """A field that is set twice has both codes."""
    if before is None:
        return value
    lists = [each if isinstance(each, list) else [each] for each in (before, value)]
    return lists[0] + lists[1]


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


def _approve(args: argparse.Namespace) -> int:
    form, _labels = read_form()
    with open_desk() as desk:
        desk.settle()
        state = approve_case(desk.cases, form, CaseId(args.id))
        desk.back_up()
    if args.json:
        print_json({"id": args.id, "state": state.value})
    else:
        print(f"Case {args.id} is {state.value.replace('_', ' ')}.")
    return 0

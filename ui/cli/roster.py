"""nearmiss roster set FILE | show | remove."""

import argparse

from sync.roster_file import RosterFile
from ui.cli.parts import Commands, add_json_option, find_home, print_json, read_file


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("roster", help="the names of your agency, found in every report")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    put = actions.add_parser("set", help="keep a list of names, in place of an earlier one")
    put.add_argument(
        "file",
        metavar="FILE",
        help='UTF-8, one person a line: "Last, First" or "First Last", then, after a semicolon or '
        'tab, badge and unit; "-" for standard input',
    )
    put.set_defaults(run=_set)
    actions.add_parser("show", help="how many names are known").set_defaults(run=_show)
    actions.add_parser("remove", help="forget the list").set_defaults(run=_remove)
    for action in actions.choices.values():
        add_json_option(action)


def count_people(people: int) -> str:
    """How many names are known, in words."""
    if not people:
        return "No list of names is kept."
    return "1 name is known." if people == 1 else f"{people:,} names are known."


def _set(args: argparse.Namespace) -> int:
    _say(args, _find().keep(read_file(args.file)).people)
    return 0


def _show(args: argparse.Namespace) -> int:
    _say(args, _find().read().people)
    return 0


def _remove(args: argparse.Namespace) -> int:
    _find().forget()
    _say(args, 0)
    return 0


def _find() -> RosterFile:
    return RosterFile(find_home().roster_file)


def _say(args: argparse.Namespace, people: int) -> None:
    if args.json:
        print_json({"people": people})
    else:
        print(count_people(people))

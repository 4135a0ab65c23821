"""nearmiss desk ask | tell: letters to the person who reported; and how a case shows them."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from app.errors import InputError
from app.use_cases.review_case import CaseId, Publications
from sync.desk.mail import CaseLetter, ask, tell
from sync.protocol.letter import Letter, NewsWord, Question
from ui.cli.desk_parts import OpenDesk, open_desk
from ui.cli.letters import letter_to_json, print_indented
from ui.cli.parts import Commands, print_json, read_text_file, show_plainly


def add_actions(actions: Commands) -> None:
    """Register the actions of `nearmiss desk` that write letters."""
    asking = actions.add_parser("ask", help="put a question to the person who reported")
    asking.add_argument("id", metavar="ID")
    asking.add_argument(
        "--text", metavar="FILE", default="-", help='UTF-8; "-" (default): standard input'
    )
    asking.set_defaults(run=_ask)
    telling = actions.add_parser("tell", help="tell the person who reported what became of it")
    telling.add_argument("id", metavar="ID")
    telling.add_argument("--news", choices=[word.value for word in NewsWord], required=True)
    telling.add_argument(
        "--text", metavar="FILE", help='where it was used, or a word more; "-": standard input'
    )
    telling.set_defaults(run=_tell)


def _ask(args: argparse.Namespace) -> int:
    if args.text == "-" and sys.stdin.isatty():
        print("Type the question, then end with Ctrl+D on a line of its own.", file=sys.stderr)
    text = read_text_file(args.text)
    with open_desk() as desk:
        desk.settle()
        written = ask(
            desk.cases, desk.home.connection().tenant, CaseId(args.id), text, datetime.now(UTC)
        )
        desk.back_up()
    return _say_written(args, written.turn)


def _tell(args: argparse.Namespace) -> int:
    text = "" if args.text is None else read_text_file(args.text)
    word, case_id = NewsWord(args.news), CaseId(args.id)
    with open_desk() as desk:
        desk.settle()
        number = None if word is NewsWord.SCREENED else _number_of(desk, case_id)
        if word is NewsWord.PUBLISHED and number is None:
            raise InputError(
                "This case is not in the archive.",
                "Nothing was written.",
                "Publish it first; its reporter is then told by itself.",
            )
        tenant, month = desk.home.connection().tenant, f"{datetime.now(UTC):%Y-%m}"
        written = tell(desk.cases, tenant, case_id, word, month, number, text)
        desk.back_up()
    return _say_written(args, written.turn)


def _number_of(desk: OpenDesk, case_id: CaseId) -> int | None:
    record = Publications(desk.cases).of_case(case_id)
    return None if record is None else int(record.number)


def _say_written(args: argparse.Namespace, turn: int) -> int:
    if args.json:
        print_json({"id": args.id, "turn": turn})
    else:
        print(f"Letter {turn} of this case is sealed. It goes out with the next publication:")
        print("nearmiss desk publish, cosign, upload")
    return 0


def letters_to_json(letters: Iterable[CaseLetter]) -> list[dict[str, object]]:
    """The letters of a case for another program; without tickets."""
    return [
        {
            **letter_to_json(each.letter),
            "is_published": each.is_published,
            "answers": [{"month": reply.month, "text": reply.text} for reply in each.replies],
        }
        for each in letters
    ]


def print_letters(letters: Iterable[CaseLetter]) -> None:
    """The letters of a case for the terminal, which none of their texts may steer."""
    for each in letters:
        letter = each.letter
        state = "" if each.is_published else ", not published yet"
        print(show_plainly(f"\n{_name(letter)} ({letter.month}{state})"))
        print_indented(letter.text)
        for reply in each.replies:
            print(show_plainly(f"  Answer ({reply.month})"))
            print_indented(reply.text, "    ")


def _name(letter: Letter) -> str:
    if isinstance(letter, Question):
        return f"Letter {letter.turn}, a question"
    number = "" if letter.number is None else f", number {letter.number}"
    return f"Letter {letter.turn}, news: {letter.word.value}{number}"

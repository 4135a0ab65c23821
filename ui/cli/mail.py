"""nearmiss mail: questions and news for a report, read with the seven words of its receipt."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from app.errors import InputError
from app.paths import Home
from app.use_cases import keep_safe
from app.use_cases.read_archive import ArchiveStore
from app.use_cases.read_mail import KeptReceipt, Receipts
from app.use_cases.write_report import Drafts
from sync import uploader
from sync.answering import ReviewedAnswer, queue_answer, review_answer
from sync.archive_update import open_archive, research_key
from sync.connect import open_connection
from sync.mail import Addressee, KeptAddressee, OpenedMail, describe_news, read_mail
from sync.protocol.connection import Connection
from sync.protocol.letter import Letter, Question
from sync.roster_file import RosterFile
from sync.withdrawing import find_withdraw_old
from ui.cli.letters import letter_to_json, print_indented
from ui.cli.parts import (
    Commands,
    add_json_option,
    add_vault_option,
    build_scrubber,
    find_home,
    print_json,
    read_text_file,
    show_plainly,
)
from ui.cli.passphrase import read_passphrase
from ui.cli.scrub import say_doubts
from ui.cli.words import ask_words, refuse_words


@dataclass(frozen=True, slots=True)
class _OpenVault:
    """An officer's open files."""

    receipts: Receipts
    post: keep_safe.Post


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "mail",
        help="read messages for a report with its seven words, and answer",
        description="The seven words are asked for, or read from standard input. Nothing is "
        "fetched: messages come with the archive, everybody's to everybody.",
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument(
        "--kept", action="store_true", help="of all receipts that the vault keeps, without words"
    )
    parser.add_argument("--forget", metavar="ID", help="destroy the words that the vault keeps")
    parser.add_argument("--answer", metavar="FILE", help="a UTF-8 file with the answer")
    parser.add_argument("--turn", metavar="N", type=int, help="which letter (default: the last)")
    parser.add_argument("--report", metavar="ID", help="with --kept: of this report only")
    parser.add_argument(
        "--mask-findings",
        action="store_true",
        help="needed to answer: every finding is masked, also those that are only possible",
    )
    parser.add_argument(
        "--read-in-full",
        action="store_true",
        help="say that you have read every word of the answer, where the finder is in doubt",
    )
    add_vault_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=_mail)


def _mail(args: argparse.Namespace) -> int:
    refuse_words(args.words, "mail")
    home = find_home()
    connection = open_connection(home)
    if args.forget is not None:
        return _forget(args, home)
    answer = None if args.answer is None else _review(args, home, read_text_file(args.answer))
    if args.kept:
        return _read_kept(args, home, connection, answer)
    receipt = ask_words(connection)
    with open_archive(home, connection) as archive:
        found = _read(archive, connection, receipt)
        signed_on = archive.status().signed_on
    if answer is None:
        _show(args, receipt, "", found)
        if not args.json and not found.letters:
            print(f"The archive on this computer is that of {signed_on or 'no day yet'}.")
            print("Check each word, and fetch what is new: nearmiss sync")
        return 0
    with _open_vault(args, home) as vault:
        _queue(args, home, connection, vault, receipt, found, answer)
    return 0


def _read_kept(
    args: argparse.Namespace, home: Home, connection: Connection, answer: ReviewedAnswer | None
) -> int:
    with _open_vault(args, home) as vault, open_archive(home, connection) as archive:
        kept = [each for each in vault.receipts.kept() if each.tenant == connection.tenant]
        if args.report is not None:
            kept = [_choose(kept, args.report)]
        if answer is not None:
            if len(kept) != 1:
                raise InputError("Which report is this the answer for?", hint="Name it: --report")
            addressee = KeptAddressee(kept[0])
            found = _read(archive, connection, addressee)
            _queue(args, home, connection, vault, addressee, found, answer)
            return 0
        for each in kept:
            addressee = KeptAddressee(each)
            _show(args, addressee, each.title, _read(archive, connection, addressee))
    if not kept and not args.json:
        print("This vault keeps no receipts.")
    return 0


def _forget(args: argparse.Namespace, home: Home) -> int:
    with _open_vault(args, home) as vault:
        chosen = _choose(vault.receipts.kept(), args.forget)
        vault.receipts.forget(chosen.report_id)
    if args.json:
        print_json({"report": chosen.report_id.hex()})
    else:
        print("The words of this report are destroyed here. Those on paper go on working.")
    return 0


def _choose(kept: Sequence[KeptReceipt], start: str) -> KeptReceipt:
    found = [each for each in kept if start and each.report_id.hex().startswith(start.lower())]
    if len(found) != 1:
        raise InputError(
            "The vault keeps no such receipt, or several.",
            hint="Write the first letters of one as they are listed: nearmiss mail --kept",
        )
    return found[0]


def _read(archive: ArchiveStore, connection: Connection, to: Addressee) -> OpenedMail:
    return read_mail(archive, connection.tenant, to, datetime.now(UTC))


def _review(args: argparse.Namespace, home: Home, text: str) -> ReviewedAnswer:
    """The answer as it would leave, or the reason why it does not."""
    if not args.mask_findings:
        raise InputError(
            "Here nobody decides about each finding.",
            "Nothing was sealed.",
            "Let all be masked: --mask-findings; or answer in the window.",
        )
    roster = RosterFile(home.roster_file).read()
    found = review_answer(text, build_scrubber(), roster).with_all_masked()
    say_doubts(found.doubts, sys.stderr)
    if found.doubts and not args.read_in_full:
        raise InputError(
            "Every word of the answer has to be read by you first.",
            "Nothing was sealed.",
            "Read it once more, then answer with --read-in-full.",
        )
    return found


def _queue(
    args: argparse.Namespace,
    home: Home,
    connection: Connection,
    vault: _OpenVault,
    to: Addressee,
    found: OpenedMail,
    answer: ReviewedAnswer,
) -> None:
    question = _choose_question(found, args.turn)
    is_kept = any(each.report_id == to.report_id for each in vault.receipts.kept())
    key = research_key(home, connection)
    queue_answer(
        vault.post,
        vault.receipts if is_kept else None,
        connection.tenant,
        to.report_id,
        question,
        answer.leaves,
        key,
        datetime.now(UTC),
    )
    if args.json:
        print_json({"turn": question.turn, "leaves": answer.leaves})
        return
    print("The answer is sealed. It waits in the outbox and leaves at a random time.")
    print("This is what leaves:\n")
    print_indented(answer.leaves)


def _choose_question(found: OpenedMail, turn: int | None) -> Question:
    fitting = [each for each in found.questions if turn in {None, each.turn}]
    if not fitting:
        raise InputError("There is no such question.", "Nothing was sealed.")
    return fitting[-1]


@contextmanager
def _open_vault(args: argparse.Namespace, home: Home) -> Iterator[_OpenVault]:
    """The vault and its post, brought in step with each other."""
    with (
        keep_safe.open_vault(home, args.vault, read_passphrase()) as vault,
        keep_safe.open_post(home, args.vault) as post,
    ):
        drafts = Drafts(vault)
        uploader.settle(drafts, keep_safe.Outbox(post), find_withdraw_old(home, post))
        yield _OpenVault(drafts.receipts, post)


def _show(args: argparse.Namespace, to: Addressee, title: str, found: OpenedMail) -> None:
    report = to.report_id.hex()
    if args.json:
        letters = [letter_to_json(each) for each in found.letters]
        row = {"report": report, "letters": letters, "unreadable": found.unreadable}
        print_json({**row, **({"title": title} if args.kept else {})})
        return
    print(show_plainly(f"Report {report[:8]}{f', {title}' if title else ''}"))
    for letter in found.letters:
        print(show_plainly(f"\n{_name(letter)} ({letter.month})"))
        print_indented(letter.text)
    if found.unreadable:
        print(f"\n{found.unreadable} under these words cannot be opened.")
    if not found.letters:
        print("No message is here for it.")


def _name(letter: Letter) -> str:
    if isinstance(letter, Question):
        return f"Letter {letter.turn}: a question"
    return f"Letter {letter.turn}: {describe_news(letter)}"

"""nearmiss report new | list | show | scrub | approve."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from app.agency_words import NOTICE_TITLE, PEER_TITLE, notice_text, peer_support
from app.domain.answer_reading import answers_to_json, describe_answer, parse_answers
from app.domain.answers import PrivateNotes, ReportAnswers
from app.domain.form import Form
from app.domain.labels import Labels
from app.domain.navigation import check_complete
from app.errors import InputError
from app.policy import read_policy
from app.use_cases import keep_safe, write_report
from app.use_cases.write_report import DraftId, Drafts, StoredReport
from sync import uploader
from sync.archive_update import research_key
from sync.connect import open_connection, show_fingerprint
from sync.decisions import begin, decide_on, is_open
from sync.dry_run import try_sealing
from sync.kept_decisions import read_kept, recall
from sync.mail import keep_receipt
from sync.outgoing import Reviewed, leave, review
from sync.protocol.receipt import make_receipt
from sync.roster_file import RosterFile
from sync.scrub import Roster
from sync.withdrawing import find_withdraw_old
from ui.cli.leaving import tell_written
from ui.cli.parts import (
    Commands,
    add_json_option,
    add_vault_option,
    build_scrubber,
    find_home,
    print_json,
    read_file,
    read_form,
    read_words,
)
from ui.cli.passphrase import read_passphrase
from ui.cli.report_drafts import add_draft_actions
from ui.cli.report_form import show_form
from ui.cli.scrub import describe_findings, say_doubts


@dataclass(frozen=True, slots=True)
class _Desk:
    """An officer's open files, the form and the agency's list of names."""

    drafts: Drafts
    post: keep_safe.Post
    outbox: keep_safe.Outbox
    form: Form
    labels: Labels
    roster: Roster


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("report", help="write, scrub and approve a report")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    new = actions.add_parser("new", help="keep a new draft in the vault")
    new.add_argument(
        "--answers",
        metavar="FILE",
        required=True,
        help='JSON {"field": value, ...} as the form defines them; "-" for standard input',
    )
    new.set_defaults(run=_new)
    edit = actions.add_parser("edit", help="change answers of a draft; null takes one away")
    edit.add_argument("id", metavar="ID", help="of the draft, as the list shows it")
    edit.add_argument("--answers", metavar="FILE", required=True, help="as for a new one")
    edit.set_defaults(run=_edit)
    listing = actions.add_parser("list", help="list the drafts in the vault")
    listing.set_defaults(run=_list)
    questions = actions.add_parser("form", help="list the questions, or the answers of one")
    questions.add_argument("field", metavar="FIELD", nargs="?", help="default: all questions")
    questions.set_defaults(run=show_form)
    for name, run, text in (
        ("show", _show, "show a draft, and what of it would leave"),
        ("scrub", _scrub, "find identifiers in its texts"),
        ("approve", _approve, "seal it and put it into the outbox"),
        ("dry-run", _dry_run, "write what approving would send into a file for a lawyer"),
        ("delete", _delete, "destroy a draft that was not approved"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("id", metavar="ID", help="of the draft, as the list shows it")
        action.set_defaults(run=run)
    _add_approve_options(actions.choices["approve"])
    actions.choices["dry-run"].add_argument("file", metavar="FILE", help="not encrypted")
    add_draft_actions(actions)
    for action in actions.choices.values():
        add_vault_option(action)
        add_json_option(action)


def _add_approve_options(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--mask-findings",
        action="store_true",
        required=True,
        help="mask every finding, also those that are only possible; has to be written "
        "out, since here nobody decides about each",
    )
    action.add_argument(
        "--read-in-full",
        action="store_true",
        help="say that you have read every word of every text, and that nothing in it "
        "tells who, where or when; needed where the finder could not do its work",
    )
    action.add_argument(
        "--keep-words",
        action="store_true",
        help="keep the words of the receipt in the vault, to read messages without them",
    )


def _new(args: argparse.Namespace) -> int:
    raw = _read_answers(args.answers)
    form, labels = read_form()
    answers, notes = parse_answers(form, raw, this_year=datetime.now(UTC).year)
    write_report.pass_gate(form, labels, answers)
    print(f"{NOTICE_TITLE} {notice_text(read_policy())}", file=sys.stderr)
    with _open_desk(args) as desk:
        draft_id = write_report.start(desk.drafts, form, labels, answers, notes)
    missing = [str(each.field) for each in check_complete(form, answers)]
    if args.json:
        print_json({"id": draft_id, "missing": missing})
    else:
        print(f"Draft {draft_id} is in the vault.")
        _say_missing(missing)
    return 0


def _edit(args: argparse.Namespace) -> int:
    raw = _read_answers(args.answers)
    with _open_desk(args) as desk:
        draft_id = DraftId(args.id)
        answers = write_report.change(
            desk.drafts, desk.form, desk.labels, draft_id, raw, datetime.now(UTC).year
        )
    missing = [str(each.field) for each in check_complete(desk.form, answers)]
    if args.json:
        print_json({"id": draft_id, "missing": missing})
    else:
        print(f"Draft {draft_id} is changed.")
        _say_missing(missing)
    return 0


def _say_missing(missing: list[str]) -> None:
    if missing:
        print(f"Before it can be approved, {len(missing)} answers are missing or too short:")
        print(f"  {', '.join(missing)}")
        print("What each accepts: nearmiss report form FIELD")


def _delete(args: argparse.Namespace) -> int:
    with _open_desk(args) as desk:
        write_report.delete(desk.drafts, DraftId(args.id))
    if args.json:
        print_json({"id": args.id})
    else:
        print(f"Draft {args.id} is destroyed.")
    return 0


def _list(args: argparse.Namespace) -> int:
    with _open_desk(args) as desk:
        found = desk.drafts.summaries()
    for each in found:
        if args.json:
            print_json({"id": each.draft_id, "title": each.title, "state": each.state.value})
        else:
            print(f"{each.draft_id}  {each.state.value:<10} {each.title}")
    if not found and not args.json:
        print("There is no draft in this vault.")
    return 0


def _show(args: argparse.Namespace) -> int:
    with _open_desk(args) as desk:
        stored, reviewed = _review(desk, DraftId(args.id))
        is_approved = stored.summary.state is not write_report.DraftState.WRITING
        words = desk.drafts.receipt_words(DraftId(args.id)) if is_approved else ""
    leaving = leave(desk.form, reviewed.with_all_masked())  # as `approve` seals it
    if args.json:
        print_json(
            {
                "id": args.id,
                "state": stored.summary.state.value,
                "receipt": words.split(),
                "answers": answers_to_json(desk.form, stored.answers),
                "private": answers_to_json(desk.form, stored.notes),
                "leaves": {
                    "codes": answers_to_json(desk.form, leaving.coarse),
                    "texts": dict(leaving.texts),
                },
            }
        )
        return 0
    print(f"Draft {args.id}, {stored.summary.state.value}")
    if words:
        print(f"Its receipt, until the service has confirmed it: {words}")
    print("\nStays on this computer")
    for field in desk.form.private:
        if field.id in stored.notes:
            print(f"  {field.label}: {describe_answer(desk.labels, field, stored.notes[field.id])}")
    print("\nLeaves this computer")
    for field_id, answer in leaving.coarse.items():
        question = desk.form.report_field(field_id)
        print(f"  {question.label}: {describe_answer(desk.labels, question, answer)}")
    for field_id, text in leaving.texts.items():
        print(f"\n  {desk.labels.field(field_id)}\n{_indent(text)}")
    return 0


def _scrub(args: argparse.Namespace) -> int:
    with _open_desk(args) as desk:
        _stored, reviewed = _review(desk, DraftId(args.id))
    for field_id, found in reviewed.findings.items():
        for finding in found:
            text = reviewed.exact[field_id][finding.span.start : finding.span.end]
            if args.json:
                print_json({"field": field_id, "text": text, **describe_findings((finding,))[0]})
            else:
                mark = "masked" if finding.masked else "left in"
                mark = "please look" if is_open(finding) and not finding.masked else mark
                print(f"{field_id:<14} {finding.replacement:<13} {mark:<12} {text!r}")
                print(f"{'':<14} {finding.reason}")
    has_leftovers = _print_leftovers(reviewed, as_json=args.json)
    if not any(reviewed.findings.values()) and not has_leftovers and not args.json:
        print("No identifier was found. Read the text once more yourself.")
    say_doubts(reviewed.doubts, sys.stderr)
    return 0


def _print_leftovers(reviewed: Reviewed, *, as_json: bool) -> bool:
    """The words that nothing explains and that no finding covers; False if there is none."""
    reason = "nothing explains it"
    is_any = False
    for field_id, text in reviewed.exact.items():
        for span in reviewed.scrub_map.leftovers[field_id]:
            if any(span.overlaps(each.span) for each in reviewed.findings[field_id]):
                continue
            is_any = True
            word = text[span.start : span.end]
            if as_json:
                place = {"field": field_id, "text": word, "start": span.start, "end": span.end}
                print_json({**place, "masked": False, "reason": reason, "source": "leftover"})
            else:
                print(f"{field_id:<14} {'':<13} {'please look':<12} {word!r}")
                print(f"{'':<14} {reason}")
    return is_any


def _approve(args: argparse.Namespace) -> int:
    home = find_home()
    connection = open_connection(home)
    key = research_key(home, connection)
    words = read_words()
    with _open_desk(args) as desk:
        draft_id = DraftId(args.id)
        uploader.claim_post(desk.post, connection.tenant)
        stored = write_report.load(desk.drafts, desk.form, draft_id)
        write_report.pass_gate(desk.form, desk.labels, stored.answers)
        answers = write_report.finish(desk.form, stored.answers)
        reviewed = _look(desk, draft_id, answers, stored.notes)
        _check_read(reviewed, args)
        report = leave(desk.form, reviewed.with_all_masked())
        receipt = make_receipt(words.draw(), connection.tenant)
        content = uploader.write_content(desk.form, report, receipt)
        body = uploader.seal_content(content, receipt, key)
        uploader.approve(
            draft_id,
            body,
            receipt,
            drafts=desk.drafts,
            outbox=desk.outbox,
            not_before_utc=uploader.first_time(datetime.now(UTC)),
            content=content,
        )
        if args.keep_words:
            title = stored.summary.title
            desk.drafts.receipts.keep(keep_receipt(receipt, connection.tenant, title))
    opener = f"{connection.name}, {show_fingerprint(connection, words)}"
    if args.json:
        print_json({"receipt": list(receipt.words), "can_be_opened_only_by": opener})
        return 0
    print(f"Sealed. It can be opened only by: {opener}")
    print("It waits in the outbox and leaves at a random time.")
    print("Write these seven words down. Nobody can recover them:\n")
    print("  " + " ".join(receipt.words))
    print(f"\n{PEER_TITLE}:")
    for each in peer_support(read_policy()):
        print(f"  {each.name}: {each.number}")
    return 0


def _dry_run(args: argparse.Namespace) -> int:
    """As `approve` would do it: with every finding masked."""
    home = find_home()
    connection = open_connection(home)
    with _open_desk(args) as desk:
        stored = write_report.load(desk.drafts, desk.form, DraftId(args.id))
        if stored.summary.state is not write_report.DraftState.WRITING:
            raise InputError(
                "This report is sealed already.", hint="Use: nearmiss outbox show ID --file FILE"
            )
        write_report.pass_gate(desk.form, desk.labels, stored.answers)
        answers = write_report.finish(desk.form, stored.answers)
        reviewed = _look(desk, DraftId(args.id), answers, stored.notes).with_all_masked()
        report = leave(desk.form, reviewed)
        dry = try_sealing(
            *(home, connection, desk.post, desk.form, report, read_words(), datetime.now(UTC))
        )
    tell_written(dry, args.file, as_json=args.json)
    return 0


def _check_read(reviewed: Reviewed, args: argparse.Namespace) -> None:
    """Raises InputError where every word has to be read and nobody has said that they did."""
    say_doubts(reviewed.doubts, sys.stderr)
    if reviewed.doubts and not args.read_in_full:
        raise InputError(
            "Every word has to be read by you first.",
            "Nothing was sealed.",
            f"Read what leaves (nearmiss report show {args.id}), then approve it with "
            "--read-in-full.",
        )


@contextmanager
def _open_desk(args: argparse.Namespace) -> Iterator[_Desk]:
    """The vault and post, brought in step with each other, and the form."""
    home = find_home()
    form, labels = read_form()
    with (
        keep_safe.open_vault(home, args.vault, read_passphrase()) as vault,
        keep_safe.open_post(home, args.vault) as post,
    ):
        drafts, outbox = Drafts(vault), keep_safe.Outbox(post)
        uploader.settle(drafts, outbox, find_withdraw_old(home, post))
        write_report.empty_discarded(drafts, datetime.now(UTC))
        yield _Desk(drafts, post, outbox, form, labels, RosterFile(home.roster_file).read())


def _review(desk: _Desk, draft_id: DraftId) -> tuple[StoredReport, Reviewed]:
    stored = write_report.load(desk.drafts, desk.form, draft_id)
    answers = write_report.as_finished(desk.form, stored.answers)
    return stored, _look(desk, draft_id, answers, stored.notes)


def _look(desk: _Desk, draft_id: DraftId, answers: ReportAnswers, notes: PrivateNotes) -> Reviewed:
    """What is found now, together with what the person has decided in the window before."""
    scrubber = build_scrubber()
    reviewed = review(desk.form, answers, notes, scrubber, desk.roster)
    fresh, originals = begin(reviewed), desk.drafts.scrub_map(draft_id)
    earlier = read_kept(fresh, desk.drafts.decisions(draft_id))
    return decide_on(reviewed, recall(fresh, earlier, originals, scrubber.lexicon))


def _read_answers(path: str) -> dict[str, object]:
    try:
        found = json.loads(read_file(path))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError(
            "The answers are not one JSON object in UTF-8.",
            "Nothing was kept.",
            'Write them as {"field": value, ...}.',
        )
    return found


def _indent(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())

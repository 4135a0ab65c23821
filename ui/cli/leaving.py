"""nearmiss outbox show; nearmiss report dry-run: exactly what leaves, before it does."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from app.errors import InputError
from app.use_cases import keep_safe
from sync.connect import open_connection
from sync.dry_run import DryRun, describe_way, read_dry_run, write_dry_run
from sync.leaving import NextRequest, list_next, write_fetch
from sync.network import read_network
from ui.cli.parts import (
    add_json_option,
    add_vault_option,
    find_home,
    print_json,
    read_words,
    show_plainly,
    write_file,
)
from ui.cli.passphrase import read_passphrase

Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_show(actions: Actions) -> None:
    """Register `nearmiss outbox show`."""
    showing = actions.add_parser(
        "show", help="print the exact next requests with their headers; sends nothing"
    )
    showing.add_argument("id", metavar="ID", nargs="?", help="only this one, as the list shows it")
    showing.add_argument(
        "--file",
        metavar="FILE",
        help="write a dry run of this one for a lawyer: plaintext, hashes, headers; not encrypted; "
        "asks for the passphrase",
    )
    showing.set_defaults(run=_show)
    add_vault_option(showing)
    add_json_option(showing)


def tell_written(dry: DryRun, path: str, *, as_json: bool) -> None:
    """Write the file and say what it is. Raises SurroundingsError."""
    write_file(Path(path), write_dry_run(dry, datetime.now(UTC)))
    if as_json:
        print_json({"file": path, "sha256": dry.request.body_hash, "is_trial": dry.is_trial})
        return
    print(f"Written: {path}. Nothing was sent.")
    print("It is not encrypted, and who has it and knows whose it is knows who wrote the report.")
    print("Give it to your lawyer by hand; delete it here afterwards.")


def _show(args: argparse.Namespace) -> int:
    home, now_utc = find_home(), datetime.now(UTC)
    connection = open_connection(home)
    with keep_safe.open_post(home, args.vault) as post:
        found = list_next(home, connection, post, now_utc)
        if args.id is not None:
            found = (_find(found, args.id),)
        if args.file is not None:
            if args.id is None:
                raise InputError("A file is about one submission.", hint="Add its ID.")
            with keep_safe.open_vault(home, args.vault, read_passphrase()) as vault:
                dry = read_dry_run(
                    *(home, connection, vault, post, found[0].report_id, read_words(), now_utc)
                )
            tell_written(dry, args.file, as_json=args.json)
            return 0
    if args.id is None:
        found = (*found, write_fetch(connection, read_network(home)))
    for each in found:
        _print(each, as_json=args.json)
    return 0


def _find(found: tuple[NextRequest, ...], start: str) -> NextRequest:
    fitting = [each for each in found if start and each.report_id.hex().startswith(start)]
    if len(fitting) != 1:
        raise InputError(
            "Nothing of this ID waits, or several do.",
            hint="List them, and write the first letters of one: nearmiss outbox list",
        )
    return fitting[0]


def _print(request: NextRequest, *, as_json: bool) -> None:
    when = request.not_before_utc
    if as_json:
        print_json(
            {
                "id": request.report_id.hex(),
                "not_before_utc": None if when is None else when.isoformat(),
                "head": request.head,
                "body_bytes": len(request.body),
                "body_sha256": request.body_hash,
                "host": request.host,
                "proxy": request.proxy,
                "obstacle": request.obstacle,
            }
        )
        return
    if when is None:
        print("About once a day, for everyone alike: new files of the archive, each asked for so:")
    else:
        what = "a withdrawal" if request.is_withdrawal else "a report or an answer"
        print(f"{request.report_id.hex()[:8]}: {what}, not before {when:%d %b %H:%M} UTC.")
    if request.obstacle:
        print(request.obstacle)
    print()
    for line in request.head:
        print(f"    {show_plainly(line)}")
    print()
    if request.body:
        print(f"Then {len(request.body):,} bytes, SHA-256 {request.body_hash}.")
    print(show_plainly(describe_way(request)))
    print()

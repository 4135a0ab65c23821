"""What the operator does with a service that is there: back it up, put it back, tidy, look.

Each command returns what is to be printed.
"""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service.backup import PARTS, find_addresses, make_backup
from service.database import desk as queries
from service.database.once import run_once
from service.database.server_settings import Setting, find_wrong_settings
from service.database.tidy import tidy_at
from service.errors import ServiceError
from service.folder import open_service
from service.restoring import restore_backup
from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.keys import KEY_ID_LENGTH, PublicKeyFile, Purpose

Tell = Callable[[argparse.Namespace], str]


def add_parsers(
    commands: Any, add_folder: Callable[..., None], tells: Callable[[Tell], Any]
) -> None:
    """Register the commands. tells: makes of a command one that prints what it returns."""
    backup = commands.add_parser("backup", help="write everything but the feed into one file")
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file, on another disk")
    add_folder(backup)
    backup.set_defaults(run=tells(_back_up))

    restore = commands.add_parser("restore", help="make a service from a backup")
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    restore.add_argument("--database", metavar="URL", help="an empty one; default: SQLite")
    restore.add_argument("--issuer-database", metavar="URL", help="the issuer's; default: SQLite")
    restore.set_defaults(run=tells(_restore))

    tidy = commands.add_parser("tidy", help="rewrite the rows, so that none tells when it came")
    add_folder(tidy)
    tidy.set_defaults(run=tells(_tidy))


def add_desk_key_parsers(
    actions: Any, add_folder: Callable[..., None], tells: Callable[[Tell], Any]
) -> None:
    """Register what is done with desk keys beside adding them."""
    listing = actions.add_parser("list", help="which desks are let in")
    add_folder(listing)
    listing.set_defaults(run=tells(_list_desk_keys))
    remove = actions.add_parser("remove", help="let a desk in no more, from now on")
    remove.add_argument("key_id", metavar="ID", type=_key_id, help="as 'list' says it")
    add_folder(remove)
    remove.set_defaults(run=tells(_remove_desk_key))


def describe_databases(folder: Path) -> Iterator[str]:
    """Lines for the status of a service: where it keeps what, and what is set wrongly there."""
    for part, address in find_addresses(folder):
        name = part.name.partition(".")[0]
        yield f"{name:<10} {address.partition(':')[0].partition('+')[0]}"
        for setting in run_once(address, find_wrong_settings, part.schema):
            yield f"{name:<10} {describe_setting(setting)}"


def describe_setting(setting: Setting) -> str:
    """One sentence for the operator."""
    return f"PostgreSQL has {setting.name} = {setting.value}: {setting.reason}"


def _back_up(options: argparse.Namespace) -> str:
    make_backup(options.folder, options.file)
    return f"{options.file} written; it holds the keys of the service: keep it closed"


def _restore(options: argparse.Namespace) -> str:
    intake, issuer = PARTS
    addresses = {intake.name: options.database, issuer.name: options.issuer_database}
    restore_backup(options.file, options.folder, addresses)
    return (
        "restored as it was at the backup; what came later is not there. "
        "Next: the desk uploads the feed: nearmiss desk upload"
    )


def _list_desk_keys(options: argparse.Namespace) -> str:
    service = open_service(options.folder)
    keys = [
        PublicKeyFile.from_bytes(file, tenant=service.tenant, purpose=Purpose.DESK)
        for file in run_once(service.database, queries.list_keys)
    ]
    lines = [f"{key.key_id.hex()}  {key.first_month} to {key.last_month}" for key in keys]
    return "\n".join(lines) or "none: no desk can pull"


def _remove_desk_key(options: argparse.Namespace) -> str:
    service = open_service(options.folder)
    if not run_once(service.database, queries.remove_key(options.key_id)):
        raise ServiceError("No such desk is let in; see 'nearmiss-service desk-key list'.")
    return f"desk key {options.key_id.hex()} removed"


def _key_id(text: str) -> bytes:
    try:
        return canonical.from_hex(text, KEY_ID_LENGTH)
    except MalformedError as error:
        raise argparse.ArgumentTypeError(f"an id has {2 * KEY_ID_LENGTH} digits") from error


def _tidy(options: argparse.Namespace) -> str:
    for part, address in find_addresses(options.folder):
        tidy_at(address, part.schema)
    return "tidied"

"""The command nearmiss-service: joins the parts, and turns errors into a sentence."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from starlette.types import ASGIApp

from service import operation
from service.application import make_application
from service.database import desk as queries
from service.database.commits import Database, run_now
from service.database.engine import open_engine
from service.database.schema import INTAKE, ISSUER, Schema, expect_current, migrate, refuse_used
from service.database.server_settings import check_server
from service.database.withdrawing import count_withdrawn
from service.desk_keys import read_desk_key
from service.errors import ServiceError, UnavailableError
from service.feed import FeedFolder
from service.folder import (
    CARD,
    Service,
    clear_folder,
    new_service,
    open_service,
    prepare_folder,
    write_service,
)
from service.issuer import commands as issuer_commands
from service.issuer.application import SideBySide, make_issuer_application
from service.issuer.home import open_issuer
from service.server import address_of, listen, run

FOLDER_VARIABLE = "NEARMISS_SERVICE_DIR"
_BOTH, _INTAKE, _ISSUER = "both", "intake", "issuer"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, or 1 with a sentence on stderr."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)
    try:
        code: int = options.run(options)
    except ServiceError as error:
        print(f"nearmiss-service: {error}", file=sys.stderr)
        return 1
    except UnavailableError:
        print(
            "nearmiss-service: The database is locked, full or away; try again in a minute.",
            file=sys.stderr,
        )
        return 1
    except OSError as error:
        print(f"nearmiss-service: The disk refuses: {error.strerror}.", file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nearmiss-service", description="The central service of LEO Near Miss."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="make a new service in a folder")
    init.add_argument("folder", metavar="DIR", type=Path)
    init.add_argument("--database", metavar="URL", help="an SQLAlchemy address; default: SQLite")
    init.add_argument("--issuer-database", metavar="URL", help="the issuer's own; default: SQLite")
    init.set_defaults(run=_init)

    serve = commands.add_parser("serve", help="run the service of a folder")
    serve.add_argument("folder", metavar="DIR", type=Path)
    serve.add_argument("--port", required=True, type=_port, help="0 takes a free one")
    serve.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    serve.add_argument(
        "--accept-unverified", action="store_true", help="take reports without a token"
    )
    serve.add_argument(
        "--part",
        choices=(_BOTH, _INTAKE, _ISSUER),
        default=_BOTH,
        help="which application this process runs; default: both, on one machine",
    )
    serve.set_defaults(run=_serve)

    status = commands.add_parser("status", help="how many reports there are")
    _add_folder(status)
    status.set_defaults(run=_status)

    keys = commands.add_parser("desk-key", help="say which desks may pull reports")
    actions = keys.add_subparsers(required=True, metavar="ACTION")
    add = actions.add_parser("add", help="let the desk in whose public key file this is")
    add.add_argument("file", metavar="FILE", type=Path)
    _add_folder(add)
    add.set_defaults(run=_add_desk_key)
    operation.add_desk_key_parsers(actions, _add_folder, _telling)
    issuer_commands.add_parsers(commands, _add_folder, _telling)
    operation.add_parsers(commands, _add_folder, _telling)
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dir",
        dest="folder",
        metavar="DIR",
        type=Path,
        default=Path(os.environ.get(FOLDER_VARIABLE) or "."),
        help=f"default: {FOLDER_VARIABLE}, else the current folder",
    )


def _telling(tell: issuer_commands.Tell) -> Callable[[argparse.Namespace], int]:
    """A command that prints what it returns."""

    def run_and_print(options: argparse.Namespace) -> int:
        print(tell(options))
        return 0

    return run_and_print


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port lies between 0 and 65535")
    return port


def _init(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    prepare_folder(folder)
    try:
        service = new_service(folder, options.database)
        _make_database(service)
        issuer_commands.found_issuer(service, options.issuer_database)
        write_service(service, options.database)
    except BaseException:
        clear_folder(folder)
        raise
    print(f"service {service.tenant} made; give {folder / CARD} to the desk")
    return 0


def _make_database(service: Service) -> None:
    engine = open_engine(service.database)
    try:
        refuse_used(engine)
        migrate(engine)
    finally:
        engine.dispose()


def _serve(options: argparse.Namespace) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    # Its messages hold objects, and so perhaps parts of requests.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        application = _join_parts(options, stack)
        with listen(options.host, options.port) as listener:
            address = address_of(listener)
            run(application, listener, lambda: print(f"listening on {address}", flush=True))
    return 0


def _join_parts(options: argparse.Namespace, stack: ExitStack) -> ASGIApp:
    """The application that was asked for. Raises ServiceError."""
    issuer = None if options.part == _INTAKE else _build_issuer(options.folder, stack)
    if options.part == _ISSUER:
        if issuer is None:
            raise ServiceError("There is no issuer in this folder; name the folder that holds it.")
        return issuer
    service = open_service(options.folder)
    FeedFolder(service.feed).clean()
    database = _open_database(service.database, INTAKE, stack)
    intake = make_application(service, database, accepts_unverified=options.accept_unverified)
    return intake if issuer is None else SideBySide(intake, issuer)


def _build_issuer(folder: Path, stack: ExitStack) -> ASGIApp | None:
    """None for a folder of before there was an issuer."""
    home = open_issuer(folder)
    if home is None:
        return None
    return make_issuer_application(home, _open_database(home.database, ISSUER, stack))


def _open_database(address: str, whose: Schema, stack: ExitStack) -> Database:
    engine = open_engine(address)
    stack.callback(engine.dispose)
    migrate(engine, whose)
    for setting in check_server(engine):
        logging.getLogger(__name__).warning(operation.describe_setting(setting))
    database = Database(engine)
    stack.callback(database.close)
    return database


def _status(options: argparse.Namespace) -> int:
    engine = open_engine(open_service(options.folder).database)
    try:
        expect_current(engine)
        counts = run_now(engine, queries.count)
        withdrawn = run_now(engine, count_withdrawn)
    finally:
        engine.dispose()
    print(f"waiting    {counts.waiting}")
    print(f"confirmed  {counts.confirmed}")
    print(f"withdrawn  {withdrawn}")
    for month, number in counts.by_month.items():
        print(f"{month}    {number}")
    print(f"desk keys  {counts.desk_keys or 'none: no desk can pull'}")
    for line in issuer_commands.describe_issuer(options.folder):
        print(line)
    for line in operation.describe_databases(options.folder):
        print(line)
    return 0


def _add_desk_key(options: argparse.Namespace) -> int:
    service = open_service(options.folder)
    key = read_desk_key(options.file, service.tenant)
    engine = open_engine(service.database)
    try:
        expect_current(engine)
        is_new = run_now(engine, queries.add_key(key.key_id, key.to_bytes()))
    finally:
        engine.dispose()
    print(f"desk key {key.key_id.hex()} {'added' if is_new else 'was there already'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

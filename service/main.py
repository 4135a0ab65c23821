"""The command nearmiss-service: joins the parts, and turns errors into a sentence."""

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from service.application import make_application
from service.database import desk as queries
from service.database.commits import Database, run_now
from service.database.engine import open_engine
from service.database.schema import expect_current, migrate, refuse_used
from service.desk_keys import read_desk_key
from service.errors import ServiceError, UnavailableError
from service.feed import FeedFolder
from service.folder import CARD, Service, new_service, open_service, prepare_folder, write_service
from service.server import address_of, listen, run

FOLDER_VARIABLE = "NEARMISS_SERVICE_DIR"


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
    init.set_defaults(run=_init)

    serve = commands.add_parser("serve", help="run the service of a folder")
    serve.add_argument("folder", metavar="DIR", type=Path)
    serve.add_argument("--port", required=True, type=_port, help="0 takes a free one")
    serve.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    serve.add_argument(
        "--accept-unverified", action="store_true", help="take reports without a token"
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
        write_service(service, options.database)
    except BaseException:
        # It was empty before, and half a service would be in the way of the next try.
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
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
    service = open_service(options.folder)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    # Its messages hold objects, and so perhaps parts of requests.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    engine = open_engine(service.database)
    try:
        migrate(engine)
        FeedFolder(service.feed).clean()
        database = Database(engine)
        application = make_application(
            service, database, accepts_unverified=options.accept_unverified
        )
        with listen(options.host, options.port) as listener:
            address = address_of(listener)
            run(application, listener, lambda: print(f"listening on {address}", flush=True))
        database.close()
    finally:
        engine.dispose()
    return 0


def _status(options: argparse.Namespace) -> int:
    engine = open_engine(open_service(options.folder).database)
    try:
        expect_current(engine)
        counts = run_now(engine, queries.count)
    finally:
        engine.dispose()
    print(f"waiting    {counts.waiting}")
    print(f"confirmed  {counts.confirmed}")
    for month, number in counts.by_month.items():
        print(f"{month}    {number}")
    print(f"desk keys  {counts.desk_keys or 'none: no desk can pull'}")
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
